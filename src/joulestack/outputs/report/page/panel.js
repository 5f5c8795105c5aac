// A map with its axes, names, colour bar and what is under the cursor.

class MapPanel {
  constructor(host, run, view, number) {
    this.run = run;
    this.view = view;
    this.number = number;
    const figure = html("figure", {}, host);
    this.figure = figure;
    if (view.runs.length > 1) html("h3", {}, figure, `${run.letter}: ${run.title}`);
    this.caption = html("figcaption", {}, figure);
    this.box = html("div", { class: "map" }, figure);
    this.canvas = html("canvas", { tabindex: "0", role: "img" }, this.box);
    this.over = svg("svg", { "aria-hidden": "true" }, this.box);
    this.readout = html("p", { class: "readout", "aria-live": "polite" }, figure);
    this.spot = null;
    this.canvas.addEventListener("pointermove", (e) => this.point(e.offsetX, e.offsetY));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("pointerdown", (e) => this.press(e.offsetX));
    this.canvas.addEventListener("keydown", (e) => this.key(e));
  }

  show(scene) {
    this.scene = scene;
    this.spot = null;
    this.caption.textContent = scene.name;
    this.layout();
  }

  layout() {
    const whole = Math.max(this.box.clientWidth, 260);
    const scene = this.scene;
    const names = scene.depth || !scene.true;
    const margin = { left: scene.depth || !names ? 50 : 14, right: names ? 132 : 14, top: 10 };
    if (names && scene.depth) margin.left = 14;
    let width = whole - margin.left - margin.right;
    let height = Math.min(Math.max(0.62 * width, 240), 380);
    if (scene.ratio !== null) {
      height = Math.min(scene.ratio * width, 430);
      if (height < 70) height = Math.max(height, 40);
      width = Math.min(width, height / scene.ratio);
    }
    [width, height] = [Math.round(width), Math.round(height)];
    const total = height + margin.top + 92;
    this.box.style.height = `${total}px`;
    for (const [key, value] of Object.entries({ width: whole, height: total })) {
      this.over.setAttribute(key, value);
    }
    const dense = Math.min(window.devicePixelRatio || 1, Math.sqrt(9e5 / (width * height)), 2);
    this.dense = Math.max(dense, 0.5);
    this.canvas.width = Math.max(Math.round(width * this.dense), 1);
    this.canvas.height = Math.max(Math.round(height * this.dense), 1);
    Object.assign(this.canvas.style, {
      left: `${margin.left}px`, top: `${margin.top}px`, width: `${width}px`, height: `${height}px`,
    });
    Object.assign(this, { width, height, margin });
    scene.raster(this.canvas.width, this.canvas.height);
    this.context = this.canvas.getContext("2d");
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.frame();
  }

  // What stays while time goes: outlines, axes, names.
  frame() {
    this.over.replaceChildren();
    const { margin, width, height, scene } = this;
    const at = { transform: `translate(${margin.left} ${margin.top})` };
    const still = svg("g", at, this.over);
    this.moving = svg("g", at, this.over);
    const clip = `clip-${this.number}`;
    const cut = svg("clipPath", { id: clip }, still);
    svg("rect", { width, height }, cut);
    if (scene.depth) this.depthFrame(still);
    else this.meshFrame(still, clip);
    const bar = svg("g", { transform: `translate(0 ${height + 52})` }, still);
    this.bar = bar;
    this.barWidth = Math.min(width, 420);
    const stops = ANCHORS[mapOf(this.view.field)].split(" ");
    const id = `bar-${this.number}`;
    const ramp = svg("linearGradient", { id }, still);
    stops.forEach((h, i) =>
      svg("stop", { offset: i / (stops.length - 1), "stop-color": `#${h}` }, ramp));
  }

  meshFrame(still, clip) {
    const { scene, dense } = this;
    const m = scene.mesh;
    let d = "";
    for (const sign of m.mirror ? [1, -1] : [1]) {
      for (let e = 0; e < m.rim.length; e += 2) {
        const [a, b] = [m.rim[e], m.rim[e + 1]];
        const place = (i) =>
          `${(scene.toX(sign * m.x[i]) / dense).toFixed(1)} ${(scene.toY(m.y[i]) / dense).toFixed(1)}`;
        d += `M${place(a)}L${place(b)}`;
      }
    }
    svg("path", { d, fill: "none", stroke: "#fff", "stroke-opacity": ".8", "stroke-width": ".9",
      "clip-path": `url(#${clip})` }, still);
    const [left, right, bottom, top] = scene.window;
    this.axis(still, left, right, m.axes[0], true);
    if (scene.true) {
      this.axis(still, bottom, top, m.axes[1], false);
      this.inside(still);
    } else if (m.stretch) {
      const shown = this.run.layers.filter((l) => l.end > bottom && l.start < top);
      this.beside(still, shown, (z) => scene.toY(Math.min(Math.max(z, bottom), top)) / dense);
    }
  }

  depthFrame(still) {
    const { scene, dense, width } = this;
    for (const layer of scene.shown.slice(1)) {
      const y = scene.toY(layer.start) / dense;
      svg("path", { d: `M0 ${y}H${width}`, stroke: "#fff", "stroke-opacity": ".8" }, still);
    }
    this.beside(still, scene.shown, (z) => scene.toY(z) / dense);
    const [t0, t1] = [this.run.times[0], this.run.times[this.run.times.length - 1]];
    const [divisor, unit] = timeUnit(t1 - t0);
    this.ruler(still, t0 / divisor, t1 / divisor, `time (${unit})`, true);
  }

  axis(parent, low, high, name, horizontal) {
    const fine = high - low < 2e-3;
    const factor = fine ? 1e6 : 1e3;
    this.ruler(parent, low * factor, high * factor, `${name} (${fine ? "\u00b5m" : "mm"})`,
      horizontal);
  }

  ruler(parent, low, high, label, horizontal) {
    const { width, height } = this;
    const size = horizontal ? width : height;
    const values = ticks(low, high, Math.max(size / (horizontal ? 70 : 38), 1.01));
    const texts = tickTexts(values);
    values.forEach((value, i) => {
      const place = ((value - low) / (high - low || 1)) * size;
      if (horizontal) {
        svg("path", { class: "axis", d: `M${place} ${height}v4` }, parent);
        svg("text", { x: place, y: height + 16, "text-anchor": "middle" }, parent, texts[i]);
      } else {
        svg("path", { class: "axis", d: `M0 ${height - place}h-4` }, parent);
        svg("text", { x: -7, y: height - place + 4, "text-anchor": "end" }, parent, texts[i]);
      }
    });
    if (horizontal) {
      svg("text", { x: width / 2, y: height + 32, "text-anchor": "middle" }, parent, label);
    } else {
      const turn = `translate(-38 ${height / 2}) rotate(-90)`;
      svg("text", { transform: turn, "text-anchor": "middle" }, parent, label);
    }
  }

  // Names at the right, with lines to their layers where these are close together.
  beside(parent, layers, toY) {
    const room = Math.max(Math.floor(this.height / 14), 1);
    const every = Math.ceil(layers.length / room);
    const shown = layers.filter((_, i) => i % every === 0).reverse();
    const middles = shown.map((l) => 0.5 * (toY(l.start) + toY(l.end)));
    const places = spread(middles, 14, 7, this.height - 7);
    shown.forEach((layer, i) => {
      const d = `M${this.width + 1} ${middles[i]}L${this.width + 11} ${places[i]}`;
      svg("path", { class: "axis", d }, parent);
      const name = layer.name.length > 19 ? `${layer.name.slice(0, 18)}\u2026` : layer.name;
      svg("text", { x: this.width + 14, y: places[i] + 4, class: "name" }, parent, name);
    });
  }

  // Names on regions that are large enough to hold them.
  inside(parent) {
    const { scene, dense } = this;
    const m = scene.mesh;
    const boxes = {};
    for (let t = 0; t < m.regions.length; t++) {
      const box = (boxes[m.regions[t]] ??= [Infinity, -Infinity, Infinity, -Infinity]);
      for (let c = 0; c < 3; c++) {
        const i = m.triangles[3 * t + c];
        box[0] = Math.min(box[0], m.x[i]);
        box[1] = Math.max(box[1], m.x[i]);
        box[2] = Math.min(box[2], m.y[i]);
        box[3] = Math.max(box[3], m.y[i]);
      }
    }
    for (const [id, box] of Object.entries(boxes)) {
      if (m.mirror && box[0] <= 1e-9 * box[1]) box[0] = -box[1];
      const [x0, x1] = [scene.toX(box[0]) / dense, scene.toX(box[1]) / dense];
      const [y1, y0] = [scene.toY(box[2]) / dense, scene.toY(box[3]) / dense];
      const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
      const p = Math.floor(y * dense) * scene.width + Math.floor(x * dense);
      const owner = scene.owner[p];
      if (owner === undefined || owner < 0 || String(m.regions[owner]) !== id) continue;
      const wide = 6.6 * m.names[id].length + 8;
      const upright = x1 - x0 < wide;
      if (upright ? x1 - x0 < 18 || y1 - y0 < wide : y1 - y0 < 18) continue;
      const turn = upright ? ` rotate(-90)` : "";
      svg("text", { transform: `translate(${x} ${y})${turn}`, class: "halo", dy: 4,
        "text-anchor": "middle" }, parent, m.names[id]);
    }
  }

  paint(range) {
    const { view, scene, run } = this;
    const state = run.state;
    scene.paint(this.pixels, view.field.label, state, range, colourTable(mapOf(view.field)));
    this.context.putImageData(this.image, 0, 0);
    this.legend(range);
    this.moving.replaceChildren();
    const hot = "celsius" in view.field && scene.hottest(view.field.label, state);
    if (hot) {
      const [x, y] = hot.map((v) => v / this.dense);
      for (const [stroke, w] of [["#fff", 3.4], ["#22262b", 1.4]]) {
        svg("circle", { cx: x, cy: y, r: 5, fill: "none", stroke, "stroke-width": w }, this.moving);
      }
    }
    if (scene.depth) {
      const x = Math.min(Math.max(scene.toX(view.time) / this.dense, 0), this.width);
      svg("path", { d: `M${x} 0V${this.height}`, stroke: "#fff", "stroke-width": 3,
        "stroke-opacity": ".7" }, this.moving);
      svg("path", { d: `M${x} 0V${this.height}`, stroke: "#22262b", "stroke-width": 1.2 },
        this.moving);
    }
    this.tell();
    const low = valueText(view.field, range[0]);
    this.canvas.setAttribute("aria-label",
      `${view.field.name}, ${scene.name}, ${duration(run.times[state])}: colours from ${low} to ` +
      `${valueText(view.field, range[1])}. Arrow keys move a cursor that reads values.`);
  }

  legend([low, high]) {
    const { bar, barWidth: width, view } = this;
    bar.replaceChildren();
    svg("rect", { width, height: 9, rx: 2, fill: `url(#bar-${this.number})` }, bar);
    const values = ticks(low, high, Math.max(width / 75, 2));
    const texts = tickTexts(values);
    values.forEach((value, i) => {
      const x = ((value - low) / (high - low || 1)) * width;
      svg("path", { class: "axis", d: `M${x} 9v4` }, bar);
      const anchor = x < 12 ? "start" : x > width - 12 ? "end" : "middle";
      svg("text", { x, y: 24, "text-anchor": anchor }, bar, texts[i]);
    });
    const label = "celsius" in view.field ? "temperature rise above start (K)"
      : view.field.name + (view.field.unit === "-" ? "" : ` (${pretty(view.field.unit)})`);
    svg("text", { x: 0, y: -6 }, bar, label);
  }

  point(x, y) {
    this.spot = x === null ? null : [x, y];
    this.tell();
  }

  press(x) {
    if (this.scene.depth) this.view.go(this.scene.timeAt(x * this.dense));
  }

  key(event) {
    const step = event.shiftKey ? 20 : 4;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step],
      ArrowDown: [0, step] };
    if (event.key === "Enter" && this.spot) this.press(this.spot[0]);
    if (!moves[event.key]) return;
    event.preventDefault();
    const [x, y] = this.spot || [this.width / 2, this.height / 2];
    const [dx, dy] = moves[event.key];
    this.point(Math.min(Math.max(x + dx, 0), this.width - 1),
      Math.min(Math.max(y + dy, 0), this.height - 1));
  }

  tell() {
    this.cross?.remove();
    const found = this.spot && this.scene.look(
      this.spot[0] * this.dense, this.spot[1] * this.dense, this.view.field.label, this.run.state);
    if (!found) {
      const keys = this.scene.depth ? "; a click goes to that moment" : "";
      this.readout.textContent = `Point at the map to read values${keys}.`;
      return;
    }
    this.readout.textContent = `${valueText(this.view.field, found.value)} at ${found.where}`;
    this.cross = svg("g", { stroke: "#fff", "stroke-opacity": ".9" }, this.moving);
    const [x, y] = this.spot;
    svg("path", { d: `M${x - 8} ${y}h16M${x} ${y - 8}v16` }, this.cross);
  }
}
