// Maps: triangles painted pixel by pixel on a canvas; what lies under a pixel is found once a
// window, so that moving the slider is one pass over the pixels.

// matplotlib's inferno and viridis, without their ends.
const ANCHORS = {
  inferno:
    "0a0722 130a33 1d0c45 290b55 360961 420a68 4e0d6c 59116e 65156e 70196e 7c1d6d 87216b 922567 " +
    "9e2a63 a92e5f b43359 bf3952 c93f4b d24743 db4f3b e35833 ea632a ef6e21 f47a18 f8860e fa9307 " +
    "fca008 fcae12 fbbc21 f9ca33 f6d847 f2e660 f2f27c",
  viridis:
    "470c5f 481769 482172 472b7a 463480 433d85 404688 3c4f8a 39578c 355f8d 31668e 2e6e8e 2b758e " +
    "287c8e 25838e 238a8d 20918c 1f988b 1fa088 21a785 27ae81 30b47b 3cbb75 49c16d 58c765 69cd5b " +
    "7bd250 8ed645 a1da38 b6de2b cae01f dee318 f1e51d",
};
const SHADES = 512;
const LEVELS = 8;
const colourTables = {};

function colourTable(name) {
  if (!colourTables[name]) {
    const anchors = ANCHORS[name].split(" ").map((h) => parseInt(h, 16));
    const table = new Uint32Array(2 * SHADES);
    for (let i = 0; i < SHADES; i++) {
      const x = (i / (SHADES - 1)) * (anchors.length - 1);
      const k = Math.min(Math.floor(x), anchors.length - 2);
      const parts = [16, 8, 0].map((shift) => {
        const a = (anchors[k] >> shift) & 255;
        const b = (anchors[k + 1] >> shift) & 255;
        return a + (x - k) * (b - a);
      });
      const word = ([r, g, b]) =>
        ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
      table[i] = word(parts);
      table[SHADES + i] = word(parts.map((p) => p + 0.38 * (255 - p))); // an isotherm's
    }
    colourTables[name] = table;
  }
  return colourTables[name];
}

const mapOf = (field) => ("celsius" in field ? "inferno" : "viridis");

function gradient(name) {
  return `linear-gradient(to right, ${ANCHORS[name].split(" ").map((h) => `#${h}`).join(", ")})`;
}

function valueText(field, value) {
  if (!Number.isFinite(value)) return `no ${field.name.toLowerCase()} here`;
  if ("celsius" in field) {
    const rise = `${value < 0 ? "" : "+"}${number(value, 4)} K`;
    return `${minus((field.celsius + value).toFixed(3))} \u00b0C (${rise})`;
  }
  return `${number(value, 5)}${field.unit === "-" ? "" : ` ${pretty(field.unit)}`}`;
}

// A mesh with its arrays unpacked, once.
class Mesh {
  constructor(table) {
    Object.assign(this, {
      axes: table.axes, mirror: table.mirror, names: table.names, stretch: table.stretch,
      x: unpack(table.x), y: unpack(table.y), triangles: unpack(table.triangles),
      regions: unpack(table.regions), rim: unpack(table.rim), fields: {},
    });
    for (const [label, packed] of Object.entries(table.fields)) {
      this.fields[label] = unpackField(packed);
    }
    [this.left, this.right] = extent(this.x);
    [this.bottom, this.top] = extent(this.y);
  }
}

// A window on a mesh: where its points are on the screen, and what is under each pixel.
class MeshScene {
  constructor(run, table) {
    this.run = run;
    this.name = table.name;
    this.layer = table.layer;
    this.true = table.true;
    this.mesh = run.meshes[table.mesh];
    const m = this.mesh;
    const [left, right, bottom, top] = table.window || [m.left, m.right, m.bottom, m.top];
    this.window = [m.mirror ? -right : left, right, bottom, top];
    // What colours span: the layer that is shown, without cold tabs beside it; else all of it.
    const counted = new Uint8Array(m.x.length);
    for (let t = 0; t < m.regions.length; t++) {
      if (this.layer && m.names[m.regions[t]] !== this.layer) continue;
      for (let c = 0; c < 3; c++) counted[m.triangles[3 * t + c]] = 1;
    }
    this.points = [];
    const slack = 1e-9 * (right - left + top - bottom);
    for (let i = 0; i < m.x.length; i++) {
      const inside = m.x[i] >= left - slack && m.x[i] <= right + slack;
      if (!counted[i] || !inside) continue;
      if (m.y[i] >= bottom - slack && m.y[i] <= top + slack) this.points.push(i);
    }
  }

  // Height over width of the window as it is drawn; null: as high as looks well.
  get ratio() {
    const [left, right, bottom, top] = this.window;
    return this.true ? (top - bottom) / (right - left) : null;
  }

  range(label, state) {
    const field = this.mesh.fields[label];
    let found = [Infinity, -Infinity];
    if (!field) return found;
    const states = state === null ? [...Array(field.times).keys()] : [state];
    for (const k of states) {
      const row = field.row(k);
      for (const i of this.points) {
        if (row[i] < found[0]) found[0] = row[i];
        if (row[i] > found[1]) found[1] = row[i];
      }
    }
    return found;
  }

  place(width, height) {
    const [left, right, bottom, top] = this.window;
    const s = this.true ? null : this.mesh.stretch;
    const up = s ? (y) => along(s.edges, s.places, y) : (y) => y;
    const [low, high] = [up(bottom), up(top)];
    this.toX = (x) => ((x - left) / (right - left)) * width;
    this.toY = (y) => height - ((up(y) - low) / (high - low)) * height;
  }

  // Which triangle is under each pixel, and where in it.
  raster(width, height) {
    this.place(width, height);
    const { triangles, x, y, mirror } = this.mesh;
    const n = x.length;
    const px = new Float64Array(n);
    const py = new Float64Array(n);
    const owner = new Int32Array(width * height).fill(-1);
    const second = new Float32Array(width * height);
    const third = new Float32Array(width * height);
    for (const sign of mirror ? [1, -1] : [1]) {
      for (let i = 0; i < n; i++) {
        px[i] = this.toX(sign * x[i]);
        py[i] = this.toY(y[i]);
      }
      for (let t = 0; t < triangles.length / 3; t++) {
        const [a, b, c] = [triangles[3 * t], triangles[3 * t + 1], triangles[3 * t + 2]];
        const [bx, by, cx, cy] = [px[b] - px[a], py[b] - py[a], px[c] - px[a], py[c] - py[a]];
        const area = bx * cy - by * cx;
        if (area === 0) continue;
        const x0 = Math.max(Math.floor(Math.min(px[a], px[b], px[c]) - 0.5), 0);
        const x1 = Math.min(Math.ceil(Math.max(px[a], px[b], px[c]) - 0.5), width - 1);
        const y0 = Math.max(Math.floor(Math.min(py[a], py[b], py[c]) - 0.5), 0);
        const y1 = Math.min(Math.ceil(Math.max(py[a], py[b], py[c]) - 0.5), height - 1);
        for (let j = y0; j <= y1; j++) {
          for (let i = x0; i <= x1; i++) {
            const dx = i + 0.5 - px[a];
            const dy = j + 0.5 - py[a];
            const u = (dx * cy - dy * cx) / area;
            const v = (bx * dy - by * dx) / area;
            if (u < -1e-6 || v < -1e-6 || u + v > 1 + 1e-6) continue;
            const p = j * width + i;
            owner[p] = t;
            second[p] = u;
            third[p] = v;
          }
        }
      }
    }
    Object.assign(this, { width, height, owner, second, third });
  }

  mix(row, p) {
    const t = this.owner[p];
    if (t < 0) return NaN;
    const T = this.mesh.triangles;
    const a = row[T[3 * t]];
    return a + this.second[p] * (row[T[3 * t + 1]] - a) + this.third[p] * (row[T[3 * t + 2]] - a);
  }

  paint(pixels, label, state, [low, high], table) {
    const { width, height, owner, mesh } = this;
    const row = mesh.fields[label].row(state);
    const scale = (SHADES - 1) / (high - low || 1);
    const regions = mesh.regions;
    const before = new Int16Array(width).fill(-1);
    for (let j = 0; j < height; j++) {
      let left = -1;
      let leftRegion = -1;
      for (let i = 0; i < width; i++) {
        const p = j * width + i;
        const value = this.mix(row, p);
        if (value !== value) {
          pixels[p] = 0;
          left = before[i] = -1;
          continue;
        }
        const shade = Math.min(Math.max(Math.round((value - low) * scale), 0), SHADES - 1);
        const level = Math.min((shade * LEVELS) >> 9, LEVELS - 1);
        const region = regions[owner[p]];
        const up = j > 0 && owner[p - width] >= 0 && regions[owner[p - width]] === region;
        const line =
          (left >= 0 && left !== level && leftRegion === region) ||
          (up && before[i] >= 0 && before[i] !== level);
        pixels[p] = table[line ? SHADES + shade : shade];
        left = before[i] = level;
        leftRegion = region;
      }
    }
  }

  look(i, j, label, state) {
    const p = Math.floor(j) * this.width + Math.floor(i);
    const t = this.owner[p];
    if (t === undefined || t < 0) return null;
    const m = this.mesh;
    const x = this.mix(m.x, p);
    const where = [`${m.axes[0]} = ${length(x)}`, `${m.axes[1]} = ${length(this.mix(m.y, p))}`];
    const name = m.names[m.regions[t]];
    return { value: this.mix(m.fields[label].row(state), p), where: [...where, name].join(", ") };
  }

  hottest(label, state) {
    const row = this.mesh.fields[label].row(state);
    let best = -1;
    for (const i of this.points) if (best < 0 || !(row[i] <= row[best])) best = i;
    return best < 0 || !Number.isFinite(row[best])
      ? null
      : [this.toX(this.mesh.x[best]), this.toY(this.mesh.y[best])];
  }
}

// Depth over time on the line through the layers: what changes where, at one glance.
class DepthScene {
  constructor(run, layer = null) {
    this.run = run;
    this.name = "depth over time";
    this.layer = layer;
    this.depth = true;
    this.ratio = null;
    const shown = run.layers.filter((l) => layer === null || l.name === layer);
    this.window = [shown[0].start, shown[shown.length - 1].end];
    this.shown = shown;
  }

  range(label, state) {
    const field = this.run.profile.fields[label];
    let found = [Infinity, -Infinity];
    if (!field) return found;
    const states = state === null ? [...Array(field.times).keys()] : [state];
    for (const k of states) {
      const row = field.row(k);
      this.run.profile.along.forEach((z, i) => {
        if (z < this.window[0] || z > this.window[1]) return;
        if (row[i] < found[0]) found[0] = row[i];
        if (row[i] > found[1]) found[1] = row[i];
      });
    }
    return found;
  }

  raster(width, height) {
    Object.assign(this, { width, height });
    const { edges, places } = this.run.stretch;
    const [low, high] = this.window.map((z) => along(edges, places, z));
    this.toY = (z) => height - ((along(edges, places, z) - low) / (high - low)) * height;
    const times = this.run.times;
    const span = times[times.length - 1] - times[0] || 1;
    this.toX = (t) => ((t - times[0]) / span) * width;
    this.timeAt = (i) => times[0] + (i / width) * span;
    this.depthAt = (j) => along(places, edges, low + ((height - j) / height) * (high - low));
    this.rows = [...Array(height).keys()].map((j) => this.run.onLine(this.depthAt(j + 0.5)));
  }

  column(i) {
    const times = this.run.times;
    const t = this.timeAt(i + 0.5);
    const k = Math.min(below(times, t), Math.max(times.length - 2, 0));
    const next = Math.min(k + 1, times.length - 1);
    return [k, next, next > k ? (t - times[k]) / (times[next] - times[k]) : 0];
  }

  at(field, [k, next, part], { a, b, share }) {
    const one = (row) => row[a] + share * (row[b] - row[a]);
    const first = one(field.row(k));
    return part ? first + part * (one(field.row(next)) - first) : first;
  }

  paint(pixels, label, state, [low, high], table) {
    const field = this.run.profile.fields[label];
    const scale = (SHADES - 1) / (high - low || 1);
    for (let i = 0; i < this.width; i++) {
      const column = this.column(i);
      for (let j = 0; j < this.height; j++) {
        const value = this.at(field, column, this.rows[j]);
        const shade = Math.min(Math.max(Math.round((value - low) * scale), 0), SHADES - 1);
        pixels[j * this.width + i] = value === value ? table[shade] : 0;
      }
    }
  }

  look(i, j, label) {
    if (i < 0 || j < 0 || i >= this.width || j >= this.height) return null;
    const row = this.rows[Math.floor(j)];
    const value = this.at(this.run.profile.fields[label], this.column(Math.floor(i)), row);
    const t = `t = ${duration(this.timeAt(i))}`;
    return { value, where: `${t}, depth ${length(this.depthAt(j))}, ${this.run.layers[row.run].name}` };
  }

  hottest() {
    return null;
  }
}
