"""The layers along a line through the cell, and an axis on which each of them can be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joulestack.mesh.tagged import Region
from joulestack.outputs.grid import Floats, Snapshot
from joulestack.outputs.plots.cuts import Patch, dimension, line


@dataclass(frozen=True)
class Run:
    """A stretch of one region on the line, from `start` to `end` [m]."""

    region: Region
    start: float
    end: float

    @property
    def thickness(self) -> float:
        """[m]."""
        return self.end - self.start


def centre(snapshot: Snapshot) -> Floats:
    """A point on the axis of a pellet, or in the middle of the face; off the mesh lines."""
    grid = snapshot.grid
    layers = [r.id for r in grid.regions if r.kind == "layer"]
    inside = np.isin(grid.node_region, layers)
    points = grid.points[inside] if inside.any() else grid.points
    low, high = points.min(axis=0), points.max(axis=0)
    shares = np.array([0.5000123, 0.5000077, 0.5])
    if grid.system.radial:
        shares[0] = 1e-7
    return low + shares * (high - low)


def through(snapshot: Snapshot, point: Floats | None = None) -> tuple[Patch, list[Run]]:
    """Segments along the stacking axis in order, and the layers that they cross.

    Args:
        snapshot: fields.
        point: on the line; None: `centre`.
    """
    found = line(snapshot, centre(snapshot) if point is None else point)
    axis = snapshot.grid.stacking_axis
    z = found.points[found.simplices, axis]
    flip = z[:, 0] > z[:, 1]
    simplices = np.where(flip[:, None], found.simplices[:, ::-1], found.simplices)
    z = found.points[simplices, axis]
    keep = z[:, 1] > z[:, 0]
    order = np.flatnonzero(keep)[np.argsort(z[keep].mean(axis=1), kind="stable")]
    ordered = Patch(found.points, simplices[order], found.region[order], found.values)
    z = z[order]
    regions = {r.id: r for r in snapshot.grid.regions}
    first = np.flatnonzero(np.diff(ordered.region, prepend=-1))
    last = np.append(first[1:], len(order)) - 1
    runs = [
        Run(regions[int(ordered.region[i])], float(z[i, 0]), float(z[j, 1]))
        for i, j in zip(first, last, strict=True)
    ]
    return ordered, runs


def planar(snapshot: Snapshot, runs: list[Run]) -> bool:
    """Tell whether layers are flat: each reaches only as far as it does on the line."""
    grid = snapshot.grid
    if dimension(grid) == 1:
        return True
    height = runs[-1].end - runs[0].start
    for run in runs:
        z = grid.points[grid.node_region == run.region.id, grid.stacking_axis]
        if abs(z.min() - run.start) + abs(z.max() - run.end) > 1e-6 * height:
            return False
    return True


class Stretch:
    """Piecewise linear axis: thin layers become wide enough to be seen.

    Attributes:
        edges: of the layers [m].
        places: of the edges on the stretched axis, from 0 to 1.
    """

    def __init__(self, edges: Floats, even: float = 0.35) -> None:
        """Choose the widths.

        Args:
            edges: of the layers, increasing [m].
            even: 1 keeps proportions, 0 makes all layers equal.
        """
        self.edges = np.asarray(edges, dtype=np.float64)
        width = np.diff(self.edges) ** even
        middle = float(np.median(width))
        width = np.clip(width, 0.6 * middle, 1.6 * middle)
        self.places = np.concatenate([[0.0], np.cumsum(width) / width.sum()])

    def __call__(self, z: Floats) -> Floats:
        """Place on the axis; continued beyond the ends."""
        u = np.interp(z, self.edges, self.places)
        for end, inner, beyond in ((0, 1, z < self.edges[0]), (-1, -2, z > self.edges[-1])):
            slope = (self.places[inner] - self.places[end]) / (self.edges[inner] - self.edges[end])
            u = np.where(beyond, self.places[end] + slope * (z - self.edges[end]), u)
        return u


def thin(runs: list[Run]) -> tuple[int, int] | None:
    """First and last of the thin layers between thick ones; None if all are alike."""
    height = runs[-1].end - runs[0].start
    found = [i for i, run in enumerate(runs) if run.thickness < 0.15 * height]
    if not found or (found[0] == 0 and found[-1] == len(runs) - 1):
        return None
    if runs[found[-1]].end - runs[found[0]].start > 0.5 * height:
        return None
    return found[0], found[-1]
