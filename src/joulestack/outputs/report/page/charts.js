// Curves over time and through the layers, drawn as SVG.

const DASHES = ["", "6 3"]; // of the first and the second result

class Chart {
  // spec: title, label (of the vertical axis), curves or stack, pick (only these times matter)
  constructor(host, view, spec) {
    this.view = view;
    this.spec = spec;
    const figure = html("figure", { class: "chart" }, host);
    if (spec.first) figure.style.gridColumnStart = 1;
    this.head = html("h3", {}, figure, spec.title);
    this.box = html("div", {}, figure);
    this.key = html("ul", { class: "key" }, figure);
    this.drag = false;
    this.box.addEventListener("pointerdown", (e) => {
      this.drag = true;
      this.move(e);
    });
    this.box.addEventListener("pointermove", (e) => this.drag && this.move(e));
    window.addEventListener("pointerup", () => (this.drag = false));
  }

  move(event) {
    const x = event.clientX - this.box.getBoundingClientRect().left - this.left;
    this.view.go(this.view.start + (x / this.width) * (this.view.end - this.view.start));
  }

  build() {
    const { view, spec } = this;
    const whole = Math.max(this.box.clientWidth, 260);
    const height = 168;
    this.left = 66;
    this.width = whole - this.left - 12;
    const top = 16;
    this.box.replaceChildren();
    this.root = svg("svg", { width: whole, height: height + top + 38, role: "img",
      "aria-label": spec.title }, this.box);
    const area = svg("g", { transform: `translate(${this.left} ${top})` }, this.root);
    const [divisor, unit] = timeUnit(view.end - view.start);
    const range = spec.range || padded(this.bounds());
    const toX = (t) => ((t - view.start) / (view.end - view.start || 1)) * this.width;
    const toY = (v) => height - ((v - range[0]) / (range[1] - range[0])) * height;
    Object.assign(this, { toX, toY, height, area });
    const values = ticks(range[0], range[1], 4);
    tickTexts(values).forEach((text, i) => {
      const y = toY(values[i]);
      svg("path", { class: "grid", d: `M0 ${y}H${this.width}` }, area);
      svg("text", { x: -6, y: y + 4, "text-anchor": "end" }, area, text);
    });
    const times = ticks(view.start / divisor, view.end / divisor, Math.max(this.width / 80, 2));
    tickTexts(times).forEach((text, i) => {
      const x = toX(times[i] * divisor);
      svg("path", { class: "axis", d: `M${x} ${height}v4` }, area);
      svg("text", { x, y: height + 17, "text-anchor": "middle" }, area, text);
    });
    svg("path", { class: "axis", d: `M0 ${height}H${this.width}` }, area);
    svg("text", { x: this.width / 2, y: height + 33, "text-anchor": "middle" }, area,
      `time (${unit})`);
    svg("text", { transform: `translate(-56 ${height / 2}) rotate(-90)`,
      "text-anchor": "middle" }, area, spec.label);
    if (view.runs.length === 1) this.steps(area);
    if (spec.stack) this.stack(area);
    else for (const curve of spec.curves) this.curve(area, curve);
    if (range[0] < 0 && range[1] > 0) svg("path", { class: "axis", d: `M0 ${toY(0)}H${this.width}` },
      area);
    this.cursor = svg("path", { class: "cursor" }, area);
    this.dots = svg("g", {}, area);
    this.keys();
    this.update();
  }

  steps(area) {
    const steps = this.view.runs[0].steps;
    if (steps.length < 2 || steps.length > 60) return;
    let last = -20;
    for (const step of steps) {
      const [a, b] = [this.toX(step.start_s), this.toX(step.end_s)];
      if (a > 0.5) svg("path", { class: "step", d: `M${a} 0V${this.height}` }, area);
      if ((a + b) / 2 - last > 18) {
        last = (a + b) / 2;
        const text = svg("text", { x: last, y: -4, "text-anchor": "middle" }, area, step.step);
        svg("title", {}, text, step.text);
      }
    }
  }

  bounds() {
    const { curves, stack } = this.spec;
    if (!stack) {
      return curves.reduce((found, c) => extent(c.y, ...found), [Infinity, -Infinity]);
    }
    let [low, high] = [0, 0];
    const n = stack.x.length;
    for (let i = 0; i < n; i++) {
      let [up, down] = [0, 0];
      for (const part of stack.parts) {
        if (part.y[i] > 0) up += part.y[i];
        else if (part.y[i] < 0) down += part.y[i];
      }
      if (up > high) high = up;
      if (down < low) low = down;
    }
    return [low, high];
  }

  curve(area, curve) {
    if (curve.points) {
      curve.x.forEach((t, i) => svg("circle", { cx: this.toX(t), cy: this.toY(curve.y[i]), r: 1.6,
        fill: curve.colour, "fill-opacity": ".65" }, area));
      return;
    }
    if (curve.x.length === 1) {
      svg("circle", { cx: this.toX(curve.x[0]), cy: this.toY(curve.y[0]), r: 3,
        fill: curve.colour }, area);
      return;
    }
    let d = "";
    let pen = false;
    for (let i = 0; i < curve.x.length; i++) {
      if (Number.isFinite(curve.y[i])) {
        d += `${pen ? "L" : "M"}${this.toX(curve.x[i]).toFixed(1)} ${this.toY(curve.y[i]).toFixed(1)}`;
      }
      pen = Number.isFinite(curve.y[i]);
    }
    svg("path", { d, fill: "none", stroke: curve.colour, "stroke-width": curve.thin ? 1.1 : 1.8,
      "stroke-dasharray": curve.dash || "", "stroke-linejoin": "round" }, area);
  }

  // What heats stacked upwards, what cools downwards.
  stack(area) {
    const { x, parts } = this.spec.stack;
    for (const sign of [1, -1]) {
      const base = new Float64Array(x.length);
      for (const part of parts) {
        const next = base.map((b, i) => b + (sign * part.y[i] > 0 ? part.y[i] : 0));
        if (next.every((v, i) => v === base[i])) continue;
        let d = "";
        for (let i = 0; i < x.length; i++) {
          d += `${i ? "L" : "M"}${this.toX(x[i]).toFixed(1)} ${this.toY(next[i]).toFixed(1)}`;
        }
        for (let i = x.length - 1; i >= 0; i--) {
          d += `L${this.toX(x[i]).toFixed(1)} ${this.toY(base[i]).toFixed(1)}`;
        }
        svg("path", { d: `${d}Z`, fill: part.colour, "fill-opacity": ".92" }, area);
        if (part.hatch) svg("path", { d: `${d}Z`, fill: "url(#hatch)" }, area);
        base.set(next);
      }
    }
  }

  keys() {
    const { curves, stack } = this.spec;
    this.key.replaceChildren();
    this.values = [];
    for (const entry of stack ? [...stack.parts].reverse() : curves) {
      const item = html("li", {}, this.key);
      const mark = svg("svg", { viewBox: "0 0 18 10", "aria-hidden": "true" }, item);
      if (stack) {
        svg("rect", { width: 18, height: 10, rx: 2, fill: entry.colour }, mark);
        if (entry.hatch) svg("rect", { width: 18, height: 10, fill: "url(#hatch)" }, mark);
      } else if (entry.points) {
        svg("circle", { cx: 9, cy: 5, r: 2.5, fill: entry.colour }, mark);
      } else {
        svg("path", { d: "M0 5H18", stroke: entry.colour, "stroke-width": 2,
          "stroke-dasharray": entry.dash || "" }, mark);
      }
      const text = html("span", {}, item, `${entry.name} `);
      this.values.push([entry, html("b", {}, text)]);
    }
  }

  update() {
    const { view, spec } = this;
    const x = this.toX(Math.min(Math.max(view.time, view.start), view.end));
    this.cursor.setAttribute("d", `M${x} 0V${this.height}`);
    this.dots.replaceChildren();
    const told = [];
    for (const [entry, host] of this.values) {
      const value = interpolate(spec.stack ? spec.stack.x : entry.x, entry.y, view.time);
      host.textContent = Number.isFinite(value) ? `${number(value, spec.digits || 4)} ${spec.unit}`
        : "\u2013";
      told.push(`${entry.name} ${host.textContent}`);
      if (!spec.stack && !entry.points && Number.isFinite(value)) {
        svg("circle", { cx: x, cy: this.toY(value), r: 3.2, fill: entry.colour }, this.dots);
      }
    }
    const when = `at t = ${duration(view.time)}`;
    this.root.setAttribute("aria-label", `${spec.title} over time; ${when}: ${told.join(", ")}`);
  }
}

// The line through the layers, on an axis where each layer has room.
class Profile {
  constructor(host, view) {
    this.view = view;
    const figure = html("figure", { class: "profile chart" }, host);
    this.title = html("h3", {}, figure);
    this.box = html("div", { tabindex: "0", role: "img" }, figure);
    this.readout = html("p", { class: "readout", "aria-live": "polite" }, figure);
    this.spot = null;
    this.box.addEventListener("pointermove", (e) => {
      const x = e.clientX - this.box.getBoundingClientRect().left - this.left;
      this.point(x / this.width);
    });
    this.box.addEventListener("pointerleave", () => this.point(null));
    this.box.addEventListener("keydown", (e) => {
      const step = { ArrowLeft: -0.01, ArrowRight: 0.01 }[e.key];
      if (!step) return;
      e.preventDefault();
      this.point(Math.min(Math.max((this.spot ?? 0.5) + step, 0), 1));
    });
  }

  build() {
    const { view } = this;
    const run = view.runs[0];
    const whole = Math.max(this.box.clientWidth, 260);
    const field = view.field;
    // A layer is marked among the others, and shown alone where these are many.
    const chosen = run.layers.filter((l) => l.name === view.layer);
    const layers = chosen.length && run.layers.length > 14 ? chosen : run.layers;
    const [u0, u1] = [layers[0].places[0], layers[layers.length - 1].places[1]];
    this.left = 66;
    const room = (whole - this.left - 12) / (u1 - u0);
    const turned = layers.slice(1).some((l, i) => {
      const apart = (l.places[0] + l.places[1] - layers[i].places[0] - layers[i].places[1]) / 2;
      return 3.1 * (l.name.length + layers[i].name.length) + 6 > room * apart;
    });
    this.width = whole - this.left - (turned ? 84 : 12);
    const longest = Math.max(...layers.map((l) => l.name.length));
    const top = turned ? Math.min(14 + 4.8 * longest, 110) : 20;
    const height = 190;
    const toX = (u) => ((u - u0) / (u1 - u0)) * this.width;
    Object.assign(this, { toX, height, u0, u1 });
    this.box.replaceChildren();
    const root = svg("svg", { width: whole, height: height + top + 26 }, this.box);
    const area = svg("g", { transform: `translate(${this.left} ${top})` }, root);
    const every = Math.ceil((20 * layers.length) / this.width);
    layers.forEach((layer, i) => {
      const [a, b] = layer.places.map(toX);
      if (i % 2) svg("rect", { class: "band", x: a, width: b - a, height }, area);
      if (layer.name === view.layer) {
        svg("rect", { class: "chosen", x: a, width: b - a, height }, area);
      }
      if (i % every) return;
      const middle = (a + b) / 2;
      const attributes = turned
        ? { transform: `translate(${middle + 3} -5) rotate(-38)`, class: "name" }
        : { x: middle, y: -7, "text-anchor": "middle", class: "name" };
      svg("text", attributes, area, layer.name);
      if (b - a > 44) {
        svg("text", { x: middle, y: height + 16, "text-anchor": "middle" }, area,
          length(layer.end - layer.start));
      }
    });
    this.grid = svg("g", {}, area);
    const unit = field.unit === "-" ? "" : ` (${pretty(field.unit)})`;
    svg("text", { transform: `translate(-56 ${height / 2}) rotate(-90)`, "text-anchor": "middle" },
      area, field.name.toLowerCase() + unit);
    const id = "clip-profile";
    svg("rect", { width: this.width, height: height + 2, y: -1 }, svg("clipPath", { id }, area));
    this.curves = svg("g", { "clip-path": `url(#${id})` }, area);
    this.mark = svg("path", { class: "cursor" }, area);
    const place = run.profile.place ? `, ${run.profile.place}` : "";
    this.title.textContent = `Through the layers${place}: ${field.name.toLowerCase()}`;
    this.update();
  }

  path(parent, run, state, attributes) {
    const field = run.profile.fields[this.view.field.label];
    if (!field) return;
    const row = field.row(state);
    let [d, jumps, i] = ["", "", 0];
    let last = null;
    for (const count of run.profile.lengths) {
      for (let k = 0; k < count; k++, i++) {
        if (!Number.isFinite(row[i])) {
          last = null;
          continue;
        }
        const here = `${this.toX(run.profile.u[i]).toFixed(1)} ${this.toY(row[i]).toFixed(1)}`;
        if (k === 0 && last) jumps += `M${last}L${here}`;
        d += `${k === 0 || !last ? "M" : "L"}${here}`;
        last = here;
      }
    }
    svg("path", { ...attributes, d, fill: "none" }, parent);
    svg("path", { ...attributes, d: jumps, fill: "none", "stroke-dasharray": "1.5 2.5",
      "stroke-width": 1 }, parent);
  }

  // The vertical axis is that of the moment: what differs between layers is to be seen.
  scale() {
    let range = [Infinity, -Infinity];
    for (const run of this.view.runs) {
      const row = run.profile.fields[this.view.field.label]?.row(run.state) || [];
      const inside = (u) => u >= this.u0 - 1e-9 && u <= this.u1 + 1e-9;
      range = extent(row.filter((_, i) => inside(run.profile.u[i])), ...range);
    }
    range = padded(range, 0.08);
    this.toY = (v) => this.height - ((v - range[0]) / (range[1] - range[0])) * this.height;
    this.grid.replaceChildren();
    const values = ticks(range[0], range[1], 5);
    tickTexts(values).forEach((text, i) => {
      const y = this.toY(values[i]);
      svg("path", { class: "grid", d: `M0 ${y}H${this.width}` }, this.grid);
      svg("text", { x: -6, y: y + 4, "text-anchor": "end" }, this.grid, text);
    });
  }

  update() {
    this.scale();
    this.curves.replaceChildren();
    this.view.runs.forEach((run, n) => this.path(this.curves, run, run.state, {
      stroke: "celsius" in this.view.field ? "var(--accent)" : "var(--second)",
      "stroke-width": 2, "stroke-dasharray": DASHES[n], "stroke-linejoin": "round",
    }));
    const label = this.view.runs.map((run) => `${this.view.name(run)}${duration(run.times[run.state])}`);
    this.box.setAttribute("aria-label", `${this.title.textContent}, ${label.join("; ")}. ` +
      "Left and right arrow keys read values.");
    this.point(this.spot);
  }

  point(spot) {
    this.spot = spot !== null && spot >= 0 && spot <= 1 ? spot : null;
    this.mark.setAttribute("d", this.spot === null ? "" :
      `M${this.spot * this.width} 0V${this.height}`);
    if (this.spot === null) {
      this.readout.textContent = "Point at the curve to read values.";
      return;
    }
    const u = this.u0 + this.spot * (this.u1 - this.u0);
    const told = this.view.runs.map((run) => {
      const z = along(run.stretch.places, run.stretch.edges, u);
      const { a, b, share, run: n } = run.onLine(z);
      const row = run.profile.fields[this.view.field.label]?.row(run.state);
      const value = row ? row[a] + share * (row[b] - row[a]) : NaN;
      return `${this.view.name(run)}${valueText(this.view.field, value)} at ${length(z)}, ` +
        run.layers[n].name;
    });
    this.readout.textContent = told.join("; ");
  }
}
