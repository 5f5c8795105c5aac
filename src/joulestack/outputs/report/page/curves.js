// Which curves are drawn over time, from the columns that the results have.

const ZERO = 273.15;
const COLOURS = { hot: "var(--accent)", volt: "var(--second)", ink: "var(--ink)",
  soft: "var(--faint)", measured: "var(--good)" };

function curvesOf(page, entries, shift = (v) => v) {
  const found = [];
  page.runs.forEach((run, n) => {
    for (const [label, name, style] of entries) {
      const column = run.columns[label];
      if (!column || !column.some(Number.isFinite)) continue;
      found.push({ name: page.name(run) + name, x: run.clock, y: Array.from(column, shift),
        dash: page.runs.length > 1 ? DASHES[n] : style.dash, colour: style.colour,
        thin: style.thin });
    }
  });
  return found;
}

function measuredOf(page, quantity, shift = (v) => v) {
  return page.measured.filter((m) => m.quantity === quantity).map((m) => ({
    name: `measured (${m.file})`, points: true, colour: COLOURS.measured,
    x: Array.from(unpack(m.times)), y: Array.from(unpack(m.values), shift),
  }));
}

function chartsOf(page) {
  const specs = [];
  const celsius = (v) => v - ZERO;
  const temperature = [
    ...curvesOf(page, [
      ["Temperature max [K]", "hottest point", { colour: COLOURS.hot }],
      ["Temperature min [K]", "coldest point", { colour: COLOURS.hot, thin: true, dash: "2 2" }],
    ], celsius),
    ...measuredOf(page, "temperature", celsius),
  ];
  if (temperature.length) {
    specs.push({ title: "Temperature", label: "temperature (\u00b0C)", unit: "\u00b0C",
      curves: temperature, digits: 6 });
  }
  const voltage = [
    ...measuredOf(page, "voltage"),
    ...curvesOf(page, [
      ["Equilibrium voltage [V]", "equilibrium", { colour: COLOURS.ink, thin: true, dash: "5 3" }],
      ["Voltage [V]", "terminals", { colour: COLOURS.volt }],
    ].slice(page.runs.length > 1 ? 1 : 0)),
  ];
  if (voltage.length) {
    specs.push({ title: "Voltage", label: "voltage (V)", unit: "V", curves: voltage, digits: 5 });
  }
  const [amps, largest] = [page.runs.map((r) => r.columns["Current [A]"]).filter(Boolean), [0, 0]];
  amps.forEach((c) => (largest[1] = Math.max(largest[1], ...extent(c).map(Math.abs))));
  if (largest[1] > 0) {
    const [factor, unit] = largest[1] < 0.1 ? [1e3, "mA"] : [1, "A"];
    specs.push({ title: "Current", label: `discharge current (${unit})`, unit,
      curves: curvesOf(page, [["Current [A]", "discharge", { colour: COLOURS.ink }]],
        (v) => v * factor) });
  }
  specs.push(...others(page));
  specs.push(...stacks(page, "heat", "Heat by source", "heat", [[0.1, 1e3, "mW"], [Infinity, 1, "W"]]));
  specs.push(...stacks(page, "losses", "Where the voltage goes", "loss", [[Infinity, 1e3, "mV"]]));
  return specs;
}

const HUES = ["var(--second)", "var(--accent)", "#2a8a5f", "#b8741a", "#7a4f9a"];

// What some cells have: layers that are charged, a stack pressure that moves, unit cells.
function others(page) {
  const labels = [...new Set(page.runs.flatMap((r) => Object.keys(r.columns)))];
  const moves = (label) => page.runs.some((r) => {
    const [low, high] = extent(r.columns[label] || []);
    return high - low > 1e-3 * Math.max(Math.abs(low), Math.abs(high));
  });
  const named = (list, shorten) => list.filter(moves).map((label, i) =>
    [label, shorten(label), { colour: HUES[i % HUES.length], thin: list.length > 3 }]);
  const specs = [];
  const add = (title, label, unit, entries, shift) => {
    const curves = curvesOf(page, entries, shift);
    if (curves.length) specs.push({ title, label, unit, curves, digits: 5 });
  };
  const charged = labels.filter((l) => l.endsWith(" state of charge [-]"));
  add("State of charge", "state of charge", "", named(charged, (l) => l.split(" state of")[0]));
  add("Stack pressure", "stack pressure (MPa)", "MPa",
    named(labels.filter((l) => /^Stack pressure( min| max)? \[MPa\]$/.test(l)),
      (l) => l.replace(/^Stack pressure ?|\[MPa\]$/g, "").trim() || "mean"));
  for (const [what, unit, shift] of [["temperature", "K", (v) => v - ZERO], ["current", "A"]]) {
    const shown = unit === "K" ? "\u00b0C" : unit;
    add(`Unit cells: ${what}`, `${what} (${shown})`, shown,
      ["min", "mean", "max"].map((end, i) => [`Unit cells ${what} ${end} [${unit}]`, end,
        { colour: [COLOURS.volt, COLOURS.ink, COLOURS.hot][i] }]), shift);
  }
  return specs;
}

// A stack for each result, all to one scale.
function stacks(page, key, title, label, units) {
  const parts = page.runs.map((run) => run[key]
    .filter((e) => run.columns[e.column])
    .map((e) => ({ ...e, values: run.columns[e.column] })));
  const size = (p) => Math.max(...extent(p.values, 0, 0).map(Math.abs));
  const largest = Math.max(0, ...parts.flat().map(size));
  if (!largest) return [];
  const [, factor, unit] = units.find(([limit]) => largest < limit);
  const specs = parts.map((found, n) => {
    const run = page.runs[n];
    const kept = found.filter((p) => size(p) > 2e-3 * largest)
      .map((p) => ({ name: p.label, colour: p.colour, hatch: p.hatch,
        y: Array.from(p.values, (v) => factor * (v || 0)) }));
    const peak = (part) => Math.max(...extent(part.y, 0, 0).map(Math.abs));
    if (key === "heat") kept.sort((a, b) => peak(b) - peak(a));
    return { title: page.name(run) + title, label: `${label} (${unit})`, unit,
      stack: { x: run.clock, parts: kept } };
  }).filter((s) => s.stack.parts.length && s.stack.x.length > 1);
  if (specs.length > 1) {
    specs[0].first = true;
    const all = specs.map((s) => Chart.prototype.bounds.call({ spec: s }));
    const range = padded([Math.min(...all.map((b) => b[0])), Math.max(...all.map((b) => b[1]))]);
    specs.forEach((s) => (s.range = range));
  }
  return specs;
}

function columnSpec(page, label) {
  const [name, unit] = label.replace(/\]$/, "").split(" [");
  const curves = curvesOf(page, [[label, name, { colour: COLOURS.volt }]]);
  return { title: label, label: unit ? pretty(unit) : name, unit: unit === "-" ? "" : pretty(unit || ""),
    curves, digits: 6 };
}
