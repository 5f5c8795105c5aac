"""Planes and lines through a snapshot, for pictures. Values stay apart in different regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joulestack.outputs.grid import Floats, Grid, Ints, Snapshot

Flags = npt.NDArray[np.bool_]

# Cells in VTK's order as simplices; hexahedra around the diagonal 0-6.
_SIMPLICES = {
    "interval": ((0, 1),),
    "triangle": ((0, 1, 2),),
    "quadrilateral": ((0, 1, 2), (0, 2, 3)),
    "tetrahedron": ((0, 1, 2, 3),),
    "hexahedron": (
        (0, 1, 2, 6), (0, 2, 3, 6), (0, 3, 7, 6), (0, 7, 4, 6), (0, 4, 5, 6), (0, 5, 1, 6),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Patch:
    """Segments, triangles or tetrahedra with values at their corners.

    Attributes:
        points: three columns [m].
        simplices: corners of each.
        region: id of each simplex.
        values: label -> value at each point.
    """

    points: Floats
    simplices: npt.NDArray[np.int64]
    region: Ints
    values: Mapping[str, Floats]


def patch(snapshot: Snapshot, chosen: Flags | None = None) -> Patch:
    """Cells (those chosen) as simplices."""
    grid = snapshot.grid
    cells = grid.cells if chosen is None else grid.cells[chosen]
    region = grid.cell_region if chosen is None else grid.cell_region[chosen]
    parts = _SIMPLICES[grid.shape]
    simplices = np.concatenate([cells[:, part] for part in parts]).astype(np.int64)
    return Patch(grid.points, simplices, np.tile(region, len(parts)), snapshot.nodes)


def plane(snapshot: Snapshot, axis: int, position: float) -> Patch:
    """What a plane normal to an axis meets.

    Args:
        snapshot: fields.
        axis: normal of the plane.
        position: on the axis [m].
    """
    grid = snapshot.grid
    above = grid.points[:, axis] >= position
    count = np.count_nonzero(above[grid.cells], axis=1)
    crossed: Flags = (count > 0) & (count < grid.cells.shape[1])
    return cut(patch(snapshot, crossed), axis, position)


def cut(whole: Patch, axis: int, position: float) -> Patch:
    """Cut simplices by a plane; the result has one dimension less.

    Points on the plane are those of cut edges, so neighbours in a region share them exactly.
    """
    distance = whole.points[:, axis] - position
    above = distance >= 0
    side = above[whole.simplices]
    count = side.sum(axis=1)
    width = whole.simplices.shape[1]
    pieces: list[npt.NDArray[np.int64]] = []
    regions: list[Ints] = []

    def add(edges: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]], rows: Flags) -> None:
        pieces.append(np.stack([np.stack(e, axis=1) for e in edges], axis=1))
        regions.append(whole.region[rows])

    # Simplices whose corners, sorted by side, are `low` below followed by the others above.
    for low in range(1, width):
        rows = count == width - low
        order = np.argsort(side[rows], axis=1, kind="stable")
        c = np.take_along_axis(whole.simplices[rows], order, axis=1)
        below, over = [c[:, i] for i in range(low)], [c[:, i] for i in range(low, width)]
        if low == 1 or len(over) == 1:
            add([(a, b) for a in below for b in over], rows)
        else:  # two on each side of a tetrahedron: a quadrilateral
            ring = [(below[i], over[j]) for i, j in ((0, 0), (0, 1), (1, 1), (1, 0))]
            add([ring[0], ring[1], ring[2]], rows)
            add([ring[0], ring[2], ring[3]], rows)
    edges = np.sort(np.concatenate(pieces).reshape(-1, 2), axis=1)
    keys, inverse = np.unique(
        edges[:, 0] * np.int64(len(whole.points)) + edges[:, 1], return_inverse=True
    )
    a, b = np.divmod(keys, np.int64(max(len(whole.points), 1)))
    t = distance[a] / (distance[a] - distance[b])

    def at(values: Floats) -> Floats:
        weight = t if values.ndim == 1 else t[:, None]
        return values[a] + weight * (values[b] - values[a])

    values = {k: at(v) for k, v in whole.values.items()}
    simplices = inverse.reshape(-1, width - 1)
    return Patch(at(whole.points), simplices, np.concatenate(regions), values)


def line(snapshot: Snapshot, through: Floats) -> Patch:
    """Segments of the line along the stacking axis.

    Args:
        snapshot: fields.
        through: a point on the line; its coordinate along the stacking axis does not matter.
    """
    grid = snapshot.grid
    others = [i for i in range(dimension(grid)) if i != grid.stacking_axis]
    result = plane(snapshot, others[0], through[others[0]]) if others else patch(snapshot)
    for axis in others[1:]:
        result = cut(result, axis, through[axis])
    return result


def dimension(grid: Grid) -> int:
    """Of the cells."""
    return {"interval": 1, "triangle": 2, "quadrilateral": 2}.get(grid.shape, 3)


def outline(shape: Patch) -> npt.NDArray[np.int64]:
    """Edges (point pairs) on the rim of a region, of triangles."""
    s = shape.simplices
    edges = np.sort(np.concatenate([s[:, [0, 1]], s[:, [1, 2]], s[:, [2, 0]]]), axis=1)
    keys = (edges[:, 0] * np.int64(len(shape.points)) + edges[:, 1]) * np.int64(
        shape.region.max(initial=0) + 1
    ) + np.tile(shape.region, 3)
    _, first, count = np.unique(keys, return_index=True, return_counts=True)
    return edges[first[count == 1]]
