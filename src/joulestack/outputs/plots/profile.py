"""profile.png: temperature, potentials and lithiation through the layers, with their jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.declarations import RISE, lithiation_labels
from joulestack.outputs.grid import Floats, Snapshot
from joulestack.outputs.plots import maps, style
from joulestack.outputs.plots.cuts import Patch
from joulestack.outputs.plots.stack import Run, Stretch, through

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAP = 0.17
"""Between slanting labels [inch]."""
POTENTIALS = (
    ("Electronic potential [V]", "electronic", style.ELECTRONIC),
    ("Ionic potential [V]", "ionic", style.IONIC),
)


def draw(snapshot: Snapshot, title: str = "", potentials: bool = True) -> Figure:
    """Temperature rise, potentials and lithiation on an axis where each layer has room.

    Args:
        snapshot: fields.
        title: of the case.
        potentials: False leaves them and the lithiation out.
    """
    with style.applied():
        path, runs = through(snapshot)
        stretch = Stretch(np.array([runs[0].start, *(r.end for r in runs)]))
        panels = [k for k in POTENTIALS if potentials and _exists(path, k[0])]
        apart = len(panels) == 2 and _apart(path)
        particles = _populations(path) if potentials else []
        rows = 1 + (2 if apart else min(len(panels), 1)) + bool(particles)
        figure = style.figure(7.4, 1.5 + 1.75 * rows)
        axes = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
        parts = (title, snapshot.grid.system.place, f"t = {style.duration(snapshot.time)}")
        figure.suptitle(", ".join(p for p in parts if p), x=0.01, ha="left", fontsize=9.5)
        for a in axes:
            _shade(a, runs, stretch)
        _curve(axes[0], path, RISE, stretch, style.TEMPERATURE)
        axes[0].set_ylabel("temperature rise (K)")
        _mark(axes[0], path, stretch)
        for i, (label, name, colour) in enumerate(panels):
            a = axes[1 + (i if apart else 0)]
            _curve(a, path, label, stretch, colour, name)
            a.set_ylabel(f"{name} potential (V)" if apart or len(panels) == 1 else "potential (V)")
        if len(panels) == 2 and not apart:
            _legend(axes[1], 2)
        if particles:
            _lithiation(axes[-1], path, particles, stretch)
        figure.align_ylabels(list(axes))
        _name(figure, axes[0], axes[-1], runs, stretch)
        return figure


def _exists(path: Patch, label: str) -> bool:
    return label in path.values and bool(np.isfinite(path.values[label][path.simplices]).any())


def _populations(path: Patch) -> list[tuple[str, str]]:
    """Labels of mean and surface lithiation of each population on the line."""
    found: list[tuple[str, str]] = []
    while _exists(path, lithiation_labels(len(found))[0]):
        found.append(lithiation_labels(len(found)))
    return found


def _lithiation(axes: Any, path: Patch, particles: list[tuple[str, str]], stretch: Stretch) -> None:
    """Mean and surface of each population, in the electrodes alone."""
    for n, (mean, surface) in enumerate(particles):
        number = f" {n + 1}" if len(particles) > 1 else ""
        colour = style.POPULATIONS[n % len(style.POPULATIONS)]
        _curve(axes, path, mean, stretch, colour, f"mean{number}")
        _curve(axes, path, surface, stretch, colour, f"surface{number}", (0, (3, 1.5)))
    values = np.array([path.values[key][path.simplices] for pair in particles for key in pair])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    pad = 0.08 * (high - low) or 0.01
    axes.set_ylim(low - pad, high + pad)
    axes.set_ylabel("lithiation x (-)")
    _legend(axes, 2 * len(particles))


def _legend(axes: Any, columns: int) -> None:
    """Above the panel: where the curves are depends on where the electrodes are."""
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), ncols=columns, borderpad=0.2)


def _apart(path: Patch) -> bool:
    """Tell whether one potential would be flat beside the other."""
    spans = []
    for label, _, _ in POTENTIALS:
        values = path.values[label][path.simplices]
        spans.append((float(np.nanmin(values)), float(np.nanmax(values))))
    whole = max(s[1] for s in spans) - min(s[0] for s in spans)
    return any(high - low < 0.15 * whole for low, high in spans)


def _curve(
    axes: Any,
    path: Patch,
    key: str,
    stretch: Stretch,
    colour: str,
    label: str = "",
    dashes: Any = "-",
) -> None:
    """Segments; joined within a region, broken between regions, jumps dotted."""
    from matplotlib.collections import LineCollection

    axis = _axis(path)
    u = stretch(path.points[path.simplices, axis])
    v = path.values[key][path.simplices]
    known = np.count_nonzero(np.isfinite(v), axis=1) == 2
    axes.add_collection(
        LineCollection(
            list(np.stack([u, v], axis=2)[known]), colors=colour, linewidths=1.7, label=label,
            linestyles=[dashes], capstyle="round" if dashes == "-" else None, zorder=3,
        )
    )  # fmt: skip
    border = np.flatnonzero((np.diff(path.region) != 0) & known[:-1] & known[1:])
    jumps = [((u[i, 1], v[i, 1]), (u[i + 1, 0], v[i + 1, 0])) for i in border]
    axes.add_collection(
        LineCollection(jumps, colors=colour, linewidths=1.0, linestyles=":", zorder=3)
    )
    low, high = float(np.nanmin(v)), float(np.nanmax(v))
    pad = 0.08 * (high - low) or 0.5 * max(abs(high), 1e-6) * 1e-3
    old = axes.get_ylim() if axes.collections[2:] and axes.get_autoscaley_on() is False else None
    axes.set_ylim(
        min(low - pad, old[0]) if old else low - pad, max(high + pad, old[1]) if old else high + pad
    )


def _axis(path: Patch) -> int:
    return int(np.argmax(np.ptp(path.points, axis=0)))


def _shade(axes: Any, runs: list[Run], stretch: Stretch) -> None:
    for i, run in enumerate(runs):
        a, b = stretch(np.array([run.start, run.end]))
        axes.axvspan(a, b, color=style.SHADES[i % 2], lw=0, zorder=0)
    for place in stretch.places:
        axes.axvline(place, color="white", lw=0.8, zorder=1)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.grid(axis="y", color="white", lw=0.8, zorder=1)
    axes.set_axisbelow(True)


def _mark(axes: Any, path: Patch, stretch: Stretch) -> None:
    """The hottest point of the line."""
    corners = path.simplices.ravel()
    best = corners[int(np.nanargmax(path.values[RISE][corners]))]
    rise = float(path.values[RISE][best])
    u = float(stretch(path.points[best, _axis(path)]))
    axes.plot([u], [rise], "o", ms=4.5, color=style.TEMPERATURE, zorder=5)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.12 * (high - low))
    axes.annotate(
        style.kelvins(rise), (u, rise), xytext=(0, 6), textcoords="offset points",
        ha="left" if u < 0.1 else "right" if u > 0.9 else "center", fontsize=8, zorder=6,
    )  # fmt: skip


def _name(figure: Any, top: Any, bottom: Any, runs: list[Run], stretch: Stretch) -> None:
    """Names above, thicknesses below; upright where they would not fit side by side."""
    width = figure.get_figwidth() - 1.0
    places = stretch.places
    middles = 0.5 * (places[:-1] + places[1:])
    room = np.diff(places) * width
    names = [r.region.name for r in runs]
    if not _fit(names, room):
        names = [style.folded(name) for name in names]
    wide = not _fit(names, room)
    if wide:
        names = [r.region.name for r in runs]
    every = max(1, int(np.ceil(GAP * len(runs) / width))) if wide else 1
    places = maps.spread(middles[::every] * width, GAP, 0.05, width) / width if wide else middles
    for place, name in zip(places, names[::every], strict=True):
        top.text(
            place, 1.03, name, transform=top.get_xaxis_transform(), fontsize=8,
            ha="left" if wide else "center", va="bottom", rotation=50 if wide else 0,
            rotation_mode="anchor",
        )  # fmt: skip
    wide = bool((room < 0.42).any())
    places = maps.spread(middles[::every] * width, GAP, 0.05, width) / width if wide else middles
    for place, run in zip(places, runs[::every], strict=True):
        bottom.text(
            place, -0.04, style.length(run.thickness), transform=bottom.get_xaxis_transform(),
            fontsize=7.5, color=style.FAINT, va="top", ha="right" if wide else "center",
            rotation=50 if wide else 0, rotation_mode="anchor",
        )  # fmt: skip


def _fit(names: list[str], room: Floats) -> bool:
    """Tell whether names fit into the widths [inch] of their layers."""
    needs = [0.065 * max(map(len, name.split("\n"))) for name in names]
    return all(need < width for need, width in zip(needs, room, strict=True))
