// Data of the page: arrays unpacked, numbers and axes for people, SVG by hand.

function bytes(text) {
  const raw = atob(text);
  const found = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) found[i] = raw.charCodeAt(i);
  return found.buffer;
}

const KINDS = { f4: Float32Array, f8: Float64Array, u4: Uint32Array };

function unpack(packed) {
  return new KINDS[packed.kind](bytes(packed.data));
}

// A field at several times: row(i) are its values at one, nan where it does not exist.
function unpackField(packed) {
  const codes = new Uint16Array(bytes(packed.data));
  const points = packed.shape[1];
  const rows = [];
  return {
    times: packed.shape[0],
    points,
    row(i) {
      if (!rows[i]) {
        const values = new Float32Array(points);
        for (let k = 0; k < points; k++) {
          const code = codes[i * points + k];
          values[k] = code > 65534 ? NaN : packed.low[i] + packed.step[i] * code;
        }
        rows[i] = values;
      }
      return rows[i];
    },
  };
}

// Index of the last entry that is not above x, in increasing numbers.
function below(numbers, x) {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

function nearest(numbers, x) {
  const i = below(numbers, x);
  return i + 1 < numbers.length && numbers[i + 1] - x < x - numbers[i] ? i + 1 : i;
}

// Value between records, linear; at a jump that of before; nan outside of them.
function interpolate(xs, ys, x) {
  const n = xs.length;
  if (!n || x < xs[0] - 1e-9 || x > xs[n - 1] * (1 + 1e-9) + 1e-9) return NaN;
  let i = below(xs, x);
  while (i > 0 && xs[i] >= x) i -= 1;
  if (i + 1 >= n || x <= xs[0]) return ys[Math.min(i, n - 1)];
  const part = Math.min(Math.max((x - xs[i]) / (xs[i + 1] - xs[i] || 1), 0), 1);
  return part === 1 ? ys[i + 1] : ys[i] + part * (ys[i + 1] - ys[i]);
}

function extent(values, low = Infinity, high = -Infinity) {
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high];
}

// A range with room around it; what varies by round-off alone is drawn as the constant it is.
function padded([low, high], part = 0.06) {
  if (!(low <= high)) return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= 1e-7 * size) return [low - 0.05 * size || -1, high + 0.05 * size || 1];
  return [low - part * (high - low), high + part * (high - low)];
}

function ticks(low, high, most) {
  const rough = (high - low) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= rough * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
    found.push(k * step);
  }
  return found;
}

// Labels of ticks, all with as many places as they need to differ.
function tickTexts(values) {
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : Math.abs(values[0]) || 1;
  const largest = Math.max(...values.map(Math.abs), step);
  if (largest >= 1e5 || largest < 1e-3) {
    return values.map((v) => (v === 0 ? "0" : scientific(v, 3)));
  }
  let places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (Math.abs(step * 10 ** places - Math.round(step * 10 ** places)) > 1e-6) places += 1;
  return values.map((v) => minus((Math.abs(v) < 1e-9 * step ? 0 : v).toFixed(places)));
}

const minus = (text) => text.replace("-", "\u2212");

const RAISED = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074",
  5: "\u2075", 6: "\u2076", 7: "\u2077", 8: "\u2078", 9: "\u2079" };

function scientific(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${minus(short)}\u00b710${[...String(+power)].map((c) => RAISED[c]).join("")}`;
}

function number(value, digits = 4) {
  if (!Number.isFinite(value)) return "\u2013";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return scientific(value, digits);
  return minus(String(+value.toPrecision(digits)));
}

function timeUnit(span) {
  if (span < 300) return [1, "s"];
  return span < 3 * 3600 ? [60, "min"] : [3600, "h"];
}

function duration(seconds) {
  const [divisor, unit] = seconds < 120 ? [1, "s"] : seconds < 7200 ? [60, "min"] : [3600, "h"];
  return `${number(seconds / divisor)} ${unit}`;
}

function length(metres) {
  if (Math.abs(metres) < 0.9995e-3) return `${number(metres * 1e6, 3)} \u00b5m`;
  return `${number(metres * 1e3, 4)} mm`;
}

// Units as they are set in print.
const pretty = (unit) =>
  unit.replace(/(cm|m|ohm)(\d)/g, (_, u, n) => u + RAISED[n]).replace("ohm", "\u03a9");

const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes = {}, parent = null, text = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

function html(name, attributes = {}, parent = null, text = null) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

// Labels moved apart until none overlap, each as near to its place as can be.
function spread(places, gap, low, high) {
  const groups = [];
  places.forEach((place, i) => {
    groups.push([place - gap * i, 1]);
    while (groups.length > 1 && groups[groups.length - 2][0] > groups[groups.length - 1][0]) {
      const [b, n] = groups.pop();
      const [a, m] = groups.pop();
      groups.push([(a * m + b * n) / (m + n), m + n]);
    }
  });
  const room = Math.max(high - low - gap * (places.length - 1), 0);
  return groups
    .flatMap(([v, n]) => Array(n).fill(v))
    .map((v, i) => Math.min(Math.max(v, low), low + room) + gap * i);
}

// Piecewise linear axis, continued beyond its ends.
function along(from, to, x) {
  const i = Math.min(Math.max(below(from, x), 0), from.length - 2);
  return to[i] + ((x - from[i]) / (from[i + 1] - from[i])) * (to[i + 1] - to[i]);
}
