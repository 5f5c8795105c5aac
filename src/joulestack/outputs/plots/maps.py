"""A temperature map in one set of axes: colours, outlines, isotherms, names of layers, hot spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style
from joulestack.outputs.plots.cuts import Patch, outline
from joulestack.outputs.plots.stack import Run, Stretch


@dataclass(frozen=True)
class Scale:
    """Colours of all maps of a figure: temperature rise [K] from `low` to `high`."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> Scale:
        """From the values shown; never empty."""
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        if high - low < 1e-9:
            middle = 0.5 * (low + high)
            low, high = middle - 5e-10, middle + 5e-10
        return cls(low, high)

    def levels(self) -> Floats:
        """Of the isotherms."""
        return np.asarray(np.linspace(self.low, self.high, 9)[1:-1], dtype=np.float64)

    def shades(self) -> Floats:
        """Bounds of the colours; the ends lie a little outside."""
        shades: Floats = np.linspace(self.low, self.high, 129, dtype=np.float64)
        margin = 1e-3 * (self.high - self.low)
        shades[[0, -1]] += (-margin, margin)
        return shades


def draw(
    axes: Any,
    shape: Patch,
    values: Floats,
    horizontal: Floats,
    vertical: Floats,
    scale: Scale,
    mirror: bool = False,
) -> Any:
    """Fill axes with a map; returns what a colour bar needs.

    Args:
        axes: to draw in.
        shape: triangles.
        values: temperature rise at the points [K].
        horizontal, vertical: coordinates of the points in the axes.
        scale: of the colours.
        mirror: draw the other half too, about horizontal = 0.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.tri import Triangulation

    edges = outline(shape)
    drawn = None
    for sign in (1.0, -1.0) if mirror else (1.0,):
        x = sign * horizontal
        triangles = Triangulation(x, vertical, shape.simplices)
        shown = np.clip(values, scale.low, scale.high)
        drawn = axes.tricontourf(
            triangles, shown, levels=scale.shades(), cmap=style.colours(), vmin=scale.low,
            vmax=scale.high, antialiased=False,
        )  # fmt: skip
        axes.tricontour(
            triangles, values, levels=scale.levels(), colors="white", linewidths=0.4, alpha=0.45
        )
        # Every edge on the axis of a mirrored map is the seam, not an outline.
        seam = np.abs(horizontal[edges]).max(axis=1) < 1e-9 * np.abs(horizontal).max()
        rim = edges[~seam] if mirror else edges
        segments = np.stack([x[rim], vertical[rim]], axis=2)
        axes.add_collection(LineCollection(list(segments), colors="white", linewidths=0.8))
    axes.tick_params(length=3)
    axes.autoscale_view()
    return drawn


def hot_spot(axes: Any, x: float, y: float) -> None:
    """Mark the hottest point."""
    axes.plot([x], [y], "o", mfc="none", mec="white", ms=8, mew=2.4, clip_on=False, zorder=6)
    axes.plot([x], [y], "o", mfc="none", mec=style.INK, ms=8, mew=1.1, clip_on=False, zorder=7)


def inside(axes: Any, x: float, y: float, text: str, rotation: float = 0.0) -> None:
    """A name on the map, readable on every colour."""
    from matplotlib.patheffects import withStroke

    axes.text(
        x, y, text, ha="center", va="center", rotation=rotation, color="white", fontsize=8,
        path_effects=[withStroke(linewidth=1.8, foreground=style.INK, alpha=0.75)], zorder=5,
    )  # fmt: skip


def spread(places: Sequence[float], gap: float, low: float, high: float) -> npt.NDArray[Any]:
    """Move labels apart until none overlap, each as near to its place as possible.

    Args:
        places: wanted, increasing.
        gap: least distance between neighbours.
        low, high: bounds; given up where there is no room.
    """
    wanted = np.asarray(places, dtype=np.float64)
    steps = gap * np.arange(len(wanted))
    # Least squares under order: pool adjacent violators of places - steps.
    groups: list[list[float]] = []
    for value in wanted - steps:
        groups.append([value, 1.0])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            b, n = groups.pop()
            a, m = groups.pop()
            groups.append([(a * m + b * n) / (m + n), m + n])
    flat = np.concatenate([np.full(int(n), v) for v, n in groups]) if groups else wanted
    room = high - low - (steps[-1] if len(steps) else 0.0)
    return np.clip(flat, low, low + max(room, 0.0)) + steps


def name_layers(axes: Any, runs: Sequence[Run], stretch: Stretch, height: float) -> None:
    """Names and thicknesses at the right of axes whose vertical axis is stretched.

    Args:
        axes: with the vertical limits set.
        runs: layers, bottom first.
        stretch: of the vertical axis.
        height: of the axes [inch], as planned.
    """
    low, high = axes.get_ylim()
    middles, texts = [], []
    for run in runs:
        a, b = stretch(np.array([run.start, run.end]))
        a, b = max(a, low), min(b, high)
        if b > a:
            middles.append(0.5 * (a + b))
            texts.append((run.region.name, style.length(run.thickness)))
    room = int(height / 0.15)
    every = -(-len(texts) // room)
    middles, texts = middles[::every], texts[::every]
    leader = {"arrowstyle": "-", "color": style.FAINT, "lw": 0.6, "shrinkA": 1, "shrinkB": 0}
    gap = (high - low) / max(room, 1)
    places = spread(middles, gap, low + 0.5 * gap, high - 0.5 * gap)
    for middle, place, (name, thickness) in zip(middles, places, texts, strict=True):
        axes.annotate(
            f"{name}  {thickness}", xy=(1.0, middle), xycoords=("axes fraction", "data"),
            xytext=(1.045, place), textcoords=("axes fraction", "data"), va="center", ha="left",
            fontsize=8, annotation_clip=False,
            arrowprops=leader,
        )  # fmt: skip
