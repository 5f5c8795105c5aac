"""layers.png: the temperature of every layer of a stack, in its own plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.declarations import RISE
from joulestack.mesh import Region
from joulestack.outputs.grid import Grid, Snapshot
from joulestack.outputs.plots import style
from joulestack.outputs.plots.cuts import Patch, dimension, plane
from joulestack.outputs.plots.maps import Scale
from joulestack.outputs.plots.temperature import colour_bar, headline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ASIDE = 1e-3
"""How far off the middle of a layer, where nodes may be, its plane lies: part of the thickness."""


def drawable(grid: Grid) -> bool:
    """Whether a cell in space has layers that occur repeatedly."""
    return dimension(grid) == 3 and any(len(found) > 1 for found in _rows(grid).values())


def draw(snapshot: Snapshot, title: str = "") -> Figure:
    """A row for each layer, from the bottom up; where it occurs, from left to right.

    Args:
        snapshot: with the temperature rise [K] and the temperature [K].
        title: of the case.
    """
    with style.applied():
        grid = snapshot.grid
        drawn: Any = None
        rows = list(reversed(_rows(grid).values()))
        shapes = {r.id: _plane(snapshot, r) for found in rows for r in found}
        scale = Scale.of(np.concatenate([shape.values[RISE] for shape in shapes.values()]))
        a, b = (i for i in range(3) if i != grid.stacking_axis)
        columns = max(map(len, rows))
        corners = np.concatenate([s.points[np.unique(s.simplices)] for s in shapes.values()])
        low, high = corners.min(axis=0), corners.max(axis=0)
        tall = float((high - low)[b] / (high - low)[a])
        wide = float(np.clip(8.6 / columns, 0.45, 1.0))
        height = float(np.clip(wide * tall, 0.3, 2.0)) + 0.12
        figure = style.figure(max(1.3 + columns * wide, 5.6), 1.2 + len(rows) * height)
        figure.set_layout_engine("constrained", w_pad=0.01, h_pad=0.01, wspace=0.0, hspace=0.0)
        figure.suptitle(headline(snapshot, title), x=0.01, ha="left", fontsize=9.5)
        axes = figure.subplots(len(rows), columns, sharex=True, sharey=True, squeeze=False)
        for line, found in zip(axes, rows, strict=True):
            for panel in line:
                panel.set_axis_off()
            for panel, region in zip(line, found, strict=False):
                shape = shapes[region.id]
                drawn = panel.tripcolor(
                    shape.points[:, a], shape.points[:, b], shape.simplices, shape.values[RISE],
                    shading="gouraud", cmap=style.colours(), vmin=scale.low, vmax=scale.high,
                    rasterized=True,
                )  # fmt: skip
                panel.set_aspect("equal")
                panel.set_xlim(low[a], high[a])
                panel.set_ylim(low[b], high[b])
                number = region.name.removeprefix(region.layer).strip()
                panel.set_title(number, loc="center", fontsize=6.5, pad=1.5)
            line[0].text(
                -0.15, 0.5, style.folded(found[0].layer), transform=line[0].transAxes, ha="right",
                va="center", fontsize=8,
            )  # fmt: skip
        colour_bar(figure, drawn, list(axes.ravel()))
        return figure


def _rows(grid: Grid) -> dict[str, list[Region]]:
    """Layers of the cell and where each occurs, both in the order of their numbers."""
    found: dict[str, list[Region]] = {}
    for region in grid.regions:
        if region.kind == "layer":
            found.setdefault(region.layer, []).append(region)
    return found


def _plane(snapshot: Snapshot, region: Region) -> Patch:
    """The middle of a layer, without the tabs and busbars that are as high."""
    grid, axis = snapshot.grid, snapshot.grid.stacking_axis
    heights = grid.points[grid.node_region == region.id, axis]
    low, high = float(heights.min()), float(heights.max())
    whole = plane(snapshot, axis, low + (0.5 + ASIDE) * (high - low))
    mine = whole.region == region.id
    return Patch(whole.points, whole.simplices[mine], whole.region[mine], whole.values)
