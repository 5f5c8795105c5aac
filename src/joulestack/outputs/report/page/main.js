// The page: one moment, one field, one layer, and everything that follows them.

class Run {
  constructor(table, letter) {
    Object.assign(this, { title: table.title, name: table.name, letter, steps: table.steps,
      heat: table.heat, losses: table.losses });
    this.columns = {};
    for (const [label, packed] of Object.entries(table.series.columns)) {
      this.columns[label] = unpack(packed);
    }
    this.clock = this.columns["Time [s]"] || new Float64Array(0);
    this.mapped = Boolean(table.times);
    this.times = table.times || [];
    this.state = 0;
    if (!this.mapped) return;
    Object.assign(this, { hottest: table.hottest, layers: table.layers, fields: table.fields,
      written: table.written });
    this.meshes = table.meshes.map((m) => new Mesh(m));
    this.scenes = table.scenes.map((s) => new MeshScene(this, s));
    const ends = this.layers.map((l) => l.end);
    this.stretch = { edges: [this.layers[0].start, ...ends],
      places: [0, ...this.layers.map((l) => l.places[1])] };
    const z = unpack(table.profile.along);
    const fields = {};
    for (const [label, packed] of Object.entries(table.profile.fields)) {
      fields[label] = unpackField(packed);
    }
    this.profile = { along: z, lengths: table.profile.lengths, place: table.profile.place, fields,
      u: Array.from(z, (v) => along(this.stretch.edges, this.stretch.places, v)) };
    this.firsts = this.profile.lengths.map((_, i) =>
      this.profile.lengths.slice(0, i).reduce((a, b) => a + b, 0));
  }

  // The two points of the line that a depth lies between, within its layer.
  onLine(z) {
    const run = Math.min(below(this.stretch.edges, z), this.layers.length - 1);
    const first = this.firsts[run];
    const last = first + this.profile.lengths[run] - 1;
    let a = first;
    while (a < last - 1 && this.profile.along[a + 1] <= z) a += 1;
    const b = Math.min(a + 1, last);
    const [za, zb] = [this.profile.along[a], this.profile.along[b]];
    return { a, b, share: zb > za ? Math.min(Math.max((z - za) / (zb - za), 0), 1) : 0, run };
  }
}

class Page {
  constructor(data) {
    this.runs = data.runs.map((table, i) => new Run(table, "AB"[i]));
    this.measured = data.measured || [];
    this.mapped = this.runs.every((r) => r.mapped);
    const clocks = this.runs.flatMap((r) => [...r.clock.slice(0, 1), ...r.clock.slice(-1),
      ...r.times.slice(0, 1), ...r.times.slice(-1)]);
    [this.start, this.end] = clocks.length ? extent(clocks) : [0, 0];
    let moments = this.mapped ? this.runs.flatMap((r) => r.times) : [];
    if (!moments.length) {
      moments = [...Array(201).keys()].map((i) => this.start + (i / 200) * (this.end - this.start));
    }
    this.moments = [...new Set(moments)].sort((a, b) => a - b);
    this.time = this.mapped ? this.runs[0].times[this.runs[0].hottest] : this.end;
    this.layer = null;
    this.momentary = true;
    this.listeners = [];
    if (this.mapped) this.field = this.runs[0].fields[0];
    this.bar();
    if (this.mapped) this.cell();
    this.charts();
    this.go(this.time);
    let waiting = null;
    window.addEventListener("resize", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.rebuild(), 120);
    });
  }

  name(run) {
    return this.runs.length > 1 ? `${run.letter}: ` : "";
  }

  bar() {
    this.slider = document.getElementById("moment");
    this.slider.max = this.moments.length - 1;
    this.output = document.getElementById("moment-said");
    this.slider.addEventListener("input", () => this.go(this.moments[+this.slider.value]));
    const play = document.getElementById("play");
    play.addEventListener("click", () => {
      if (this.timer) return this.stop();
      if (+this.slider.value >= this.moments.length - 1) this.go(this.moments[0]);
      play.textContent = "\u275a\u275a pause";
      this.timer = setInterval(() => {
        const next = +this.slider.value + 1;
        if (next >= this.moments.length) this.stop();
        else this.go(this.moments[next]);
      }, Math.max(80, 6000 / this.moments.length));
    });
    const hottest = document.getElementById("hottest");
    hottest.hidden = !this.mapped;
    hottest.addEventListener("click", () => this.go(this.runs[0].times[this.runs[0].hottest]));
    for (const id of ["time-bar", "course"]) {
      document.getElementById(id).hidden = !(this.end > this.start); // steady
    }
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    document.getElementById("play").textContent = "\u25b6 play";
  }

  cell() {
    const host = document.getElementById("cell");
    host.hidden = false;
    this.drawing = new CellDrawing(document.getElementById("stack"), this);
    const fields = document.getElementById("field");
    const shared = this.runs[0].fields.filter((f) =>
      this.runs.every((r) => r.fields.some((g) => g.label === f.label)));
    shared.forEach((f, i) => html("option", { value: i }, fields, f.name));
    fields.addEventListener("change", () => {
      this.field = shared[+fields.value];
      this.rebuild();
    });
    this.scene = document.getElementById("scene");
    this.names = [...this.runs[0].scenes.map((s) => s.name), "depth over time"];
    this.names.forEach((n, i) => html("option", { value: i }, this.scene, n));
    const maps = document.getElementById("maps");
    this.panels = this.runs.map((run, i) => new MapPanel(maps, run, this, i));
    // Beside one result's map: all of its layers, where the map is to scale or one layer's plane.
    const beside = this.runs.length === 1 && this.runs[0].scenes.find((s) => !s.layer && !s.true);
    if (beside) {
      this.aside = new MapPanel(maps, this.runs[0], this, 1);
      this.beside = beside;
    }
    this.profile = new Profile(document.getElementById("profile"), this);
    this.scene.addEventListener("change", () => {
      const found = this.runs[0].scenes[+this.scene.value];
      this.layer = found ? found.layer : null;
      this.choose(+this.scene.value);
    });
    document.getElementById("steady").addEventListener("change", (e) => {
      this.momentary = !e.target.checked;
      this.update();
    });
    this.number = this.start_scene();
    this.choose(this.number);
  }

  // To scale a flat cell is a line: begin with what shows something.
  start_scene() {
    const { scenes } = this.runs[0];
    if (!scenes.length) return 0;
    const first = scenes[0];
    return first.ratio !== null && first.ratio < 0.12 && scenes.length > 1 ? 1 : 0;
  }

  pick(layer) {
    this.layer = layer;
    const { scenes } = this.runs[0];
    const found = scenes.findIndex((s) => s.layer === layer);
    const depth = this.names.length - 1;
    if (layer === null) this.choose(this.number === depth ? depth : Math.max(this.start_scene(), found));
    else this.choose(this.number === depth || found < 0 ? depth : found);
  }

  choose(number) {
    this.number = number;
    this.scene.value = number;
    const wanted = this.runs[0].scenes[number];
    if (this.aside) this.aside.figure.hidden = !wanted || !wanted.true;
    for (const panel of this.panels) {
      const { run } = panel;
      const known = wanted && (run.scenes.find((s) => s.name === wanted.name) ||
        run.scenes.find((s) => s.layer === wanted.layer && s.true === wanted.true));
      const layer = run.layers.some((l) => l.name === this.layer) ? this.layer : null;
      panel.show(known || new DepthScene(run, layer));
    }
    if (this.aside) {
      if (!this.aside.figure.hidden) this.aside.show(this.beside);
    }
    this.profile.build();
    this.update();
  }

  rebuild() {
    if (this.mapped) this.choose(this.number);
    this.curves.forEach((c) => c.build());
    this.update();
  }

  charts() {
    const host = document.getElementById("charts");
    this.curves = chartsOf(this).map((spec) => new Chart(host, this, spec));
    this.curves.forEach((c) => c.build()); // once all are there, and their widths known
    const any = document.getElementById("any");
    const labels = [...new Set(this.runs.flatMap((r) => Object.keys(r.columns)))]
      .filter((l) => l !== "Time [s]");
    labels.forEach((label) => html("option", {}, any, label));
    if (!labels.length) document.getElementById("course").hidden = true;
    else {
      const first = labels.find((l) => l.startsWith("Heat generated")) || labels[0];
      any.value = first;
      const own = document.getElementById("own");
      const chart = new Chart(own, this, columnSpec(this, first));
      chart.build();
      this.curves.push(chart);
      own.parentElement.addEventListener("toggle", () => chart.build());
      any.addEventListener("change", () => {
        chart.spec = columnSpec(this, any.value);
        chart.head.textContent = any.value;
        chart.build();
      });
    }
  }

  go(time) {
    this.time = Math.min(Math.max(time, this.start), this.end);
    this.slider.value = nearest(this.moments, this.time);
    for (const run of this.runs) if (run.mapped) run.state = nearest(run.times, this.time);
    this.update();
  }

  range(panel) {
    const state = this.momentary && !panel.scene.depth ? panel.run.state : null;
    return panel.scene.range(this.field.label, state);
  }

  update() {
    const states = this.runs.filter((r) => r.mapped).map((r) =>
      `${this.name(r)}map at ${duration(r.times[r.state])}`);
    this.output.replaceChildren(`t = ${duration(this.time)} `);
    html("small", {}, this.output, states.join(", "));
    this.slider.setAttribute("aria-valuetext", `t = ${duration(this.time)}`);
    if (this.panels) {
      const ranges = this.panels.map((p) => this.range(p));
      let range = [Math.min(...ranges.map((r) => r[0])), Math.max(...ranges.map((r) => r[1]))];
      if (!(range[0] <= range[1])) range = [0, 1];
      if (range[1] - range[0] < 1e-9 * Math.max(Math.abs(range[0]), 1e-3)) range = padded(range);
      this.panels.forEach((p) => p.paint(range));
      if (this.aside && !this.aside.figure.hidden) {
        const own = this.range(this.aside);
        const narrow = own[1] - own[0] < 0.5 * (range[1] - range[0]) && own[1] > own[0];
        this.aside.paint(narrow ? own : [Math.min(range[0], own[0]), Math.max(range[1], own[1])]);
      }
      this.drawing.update(range);
      this.profile.update();
    }
    (this.curves || []).forEach((c) => c.update());
  }
}

const data = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
document.getElementById("theme").addEventListener("click", () => {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
window.joulestack = new Page(data);
