// The cell drawn in layers, coloured by what is in them now: the picker of layers.

class CellDrawing {
  constructor(host, view) {
    this.view = view;
    this.run = view.runs[0];
    const box = html("fieldset", { style: "border:0;margin:0;padding:0" }, host);
    html("legend", { class: "hidden" }, box, "Layer that is shown");
    html("h3", { "aria-hidden": "true" }, box, "The cell in layers");
    const whole = html("label", { class: "whole" }, box);
    this.radios = new Map();
    this.radios.set(null, this.radio(whole));
    html("span", {}, whole, "whole cell");
    this.layers = [...this.run.layers].reverse();
    const gap = this.layers.length > 24 ? 20 : 25;
    this.height = Math.max(330, gap * this.layers.length);
    const scroll = html("div", this.height > 560 ? { class: "many" } : {}, box);
    this.box = html("div", { class: "layers", style: `height:${this.height}px` }, scroll);
    this.canvas = html("canvas", { width: 44, height: this.height, "aria-hidden": "true" }, this.box);
    this.over = svg("svg", { width: 70, height: this.height, "aria-hidden": "true" }, this.box);
    const middles = this.layers.map((l) => (1 - (l.places[0] + l.places[1]) / 2) * this.height);
    const places = spread(middles, gap, 12, this.height - 12);
    this.layers.forEach((layer, i) => {
      const [b, a] = layer.places.map((u) => (1 - u) * this.height);
      svg("path", { d: `M0 ${b}H44`, stroke: "var(--card)", "stroke-width": 1 }, this.over);
      svg("path", { class: "axis", d: `M46 ${middles[i]}L66 ${places[i]}` }, this.over);
      const label = html("label", { style: `top:${places[i]}px` }, this.box);
      this.radios.set(layer.name, this.radio(label, layer.name));
      html("span", { title: layer.name }, label, layer.name);
      html("small", {}, label, length(layer.end - layer.start));
      layer.span = [a, b];
    });
    this.frame = svg("rect", { x: 1, width: 42, fill: "none", stroke: "var(--ink)",
      "stroke-width": 2, rx: 2 }, this.over);
    const said = "Bottom: negative terminal. Not to scale; colours as in the map.";
    html("figcaption", {}, box, said);
  }

  radio(label, layer = null) {
    const made = html("input", { type: "radio", name: "layer" }, label);
    made.addEventListener("change", () => this.view.pick(layer));
    return made;
  }

  update(range) {
    const { run, view, height } = this;
    const radio = this.radios.get(view.layer) || this.radios.get(null);
    radio.checked = true;
    const chosen = this.layers.find((l) => l.name === view.layer);
    this.frame.setAttribute("visibility", chosen ? "visible" : "hidden");
    if (chosen) {
      this.frame.setAttribute("y", chosen.span[0]);
      this.frame.setAttribute("height", chosen.span[1] - chosen.span[0]);
    }
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(44, height);
    const pixels = new Uint32Array(image.data.buffer);
    const table = colourTable(mapOf(view.field));
    const row = run.profile.fields[view.field.label].row(run.state);
    const { edges, places } = run.stretch;
    for (let j = 0; j < height; j++) {
      const { a, b, share } = run.onLine(along(places, edges, 1 - (j + 0.5) / height));
      const value = row[a] + share * (row[b] - row[a]);
      const part = (value - range[0]) / (range[1] - range[0] || 1);
      const shade = Math.min(Math.max(Math.round(part * (SHADES - 1)), 0), SHADES - 1);
      pixels.fill(value === value ? table[shade] : 0x55999088, j * 44, (j + 1) * 44);
    }
    context.putImageData(image, 0, 0);
  }
}
