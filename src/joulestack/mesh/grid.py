"""Structured grids with holes: an axis for each coordinate, a region id per cell, named facets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from joulestack.mesh.raw import Floats, RawMesh
from joulestack.mesh.tagged import Region

Mask = npt.NDArray[np.bool_]
Side = Literal[0, 1]


def index_of(axis: Floats, value: float) -> int:
    """Index of the breakpoint that stands at (nearest to) a coordinate."""
    return int(np.argmin(np.abs(axis - value)))


@dataclass
class Grid:
    """A box-shaped array of cells, some of them absent.

    Attributes:
        axes: breakpoints along each coordinate [m].
        region: region id of each cell, 0 where there is none; one array axis per coordinate.
        face: face id of each cell's outer facet, by (axis, side); side 0 looks down, 1 up.
    """

    axes: tuple[Floats, ...]
    region: npt.NDArray[np.int32]
    face: dict[tuple[int, int], npt.NDArray[np.int32]] = field(default_factory=dict)

    @classmethod
    def empty(cls, axes: tuple[Floats, ...]) -> Grid:
        """A grid without any cell."""
        return cls(axes, np.zeros([len(a) - 1 for a in axes], dtype=np.int32))

    def outer(self, axis: int, side: int) -> Mask:
        """Cells whose facet on that side has nothing beyond it."""
        present = np.moveaxis(self.region != 0, axis, 0)
        beyond = np.zeros_like(present)
        if side == 1:
            beyond[:-1] = present[1:]
        else:
            beyond[1:] = present[:-1]
        return np.moveaxis(present & ~beyond, 0, axis)

    def name_face(self, face_id: int, axis: int, side: int, where: Mask) -> None:
        """Give a face id to the outer facets on one side of the cells in `where`."""
        tags = self.face.setdefault((axis, side), np.zeros(self.region.shape, dtype=np.int32))
        tags[where & self.outer(axis, side)] = face_id

    @property
    def size(self) -> tuple[int, int]:
        """Number of cells and of vertices."""
        present = self.region != 0
        used = np.zeros([n + 1 for n in present.shape], dtype=bool)
        for corner in np.ndindex(*[2] * present.ndim):
            window = tuple(slice(c, c + n) for c, n in zip(corner, present.shape, strict=True))
            used[window] |= present
        return int(present.sum()), int(used.sum())


@dataclass(frozen=True)
class Layout:
    """A grid whose ids have names: all that there is to know before making arrays of it."""

    grid: Grid
    regions: tuple[Region, ...]
    faces: dict[str, int]
    stacking_axis: int
    coordinates: str

    def raw(self) -> RawMesh:
        """Arrays of the cells that are present, without unused points."""
        grid = self.grid
        dim = len(grid.axes)
        shape = np.array(grid.region.shape) + 1
        strides = np.array([int(np.prod(shape[a + 1 :])) for a in range(dim)])
        # Vertex v of a DOLFINx tensor cell stands at bit a of v along axis a.
        bits = (np.arange(2**dim)[:, None] >> np.arange(dim)) & 1
        offsets = bits @ strides

        present = grid.region != 0
        nodes = np.stack(np.nonzero(present), axis=1) @ strides
        cells = nodes[:, None] + offsets
        facets, ids = [np.zeros((0, 2 ** (dim - 1)), dtype=np.int64)], [np.zeros(0, np.int64)]
        for (axis, side), tags in grid.face.items():
            base = np.stack(np.nonzero(tags), axis=1) @ strides
            facets.append(np.sort(base[:, None] + offsets[bits[:, axis] == side], axis=1))
            ids.append(tags[tags != 0].astype(np.int64))

        used = np.zeros(int(np.prod(shape)), dtype=bool)
        used[cells] = True
        number = np.cumsum(used) - 1
        where = np.unravel_index(np.flatnonzero(used), tuple(shape))
        points = np.stack([a[i] for a, i in zip(grid.axes, where, strict=True)], axis=1)
        return RawMesh(
            cell=("interval", "quadrilateral", "hexahedron")[dim - 1],
            points=points,
            cells=number[cells],
            cell_region=grid.region[present].astype(np.int64),
            facets=number[np.concatenate(facets)],
            facet_face=np.concatenate(ids),
            regions=self.regions,
            faces=self.faces,
            stacking_axis=self.stacking_axis,
            coordinates=self.coordinates,
        )


def through_layers(
    axis: Floats, ends: Floats, names: Sequence[str], faces: tuple[str, str], coordinates: str
) -> Layout:
    """Intervals through layers that lie on one coordinate.

    Args:
        axis: breakpoints [m].
        ends: of the layers, among the breakpoints [m].
        names: of the layers.
        faces: names of the first and the last point.
        coordinates: name of the coordinate system.
    """
    grid = Grid.empty((axis,))
    for number, _ in enumerate(names, start=1):
        grid.region[index_of(axis, ends[number - 1]) : index_of(axis, ends[number])] = number
    everywhere = grid.region != 0
    for side in (0, 1):
        grid.name_face(side + 1, 0, side, everywhere)
    regions = tuple(Region(name, name, i) for i, name in enumerate(names, start=1))
    return Layout(grid, regions, {name: i for i, name in enumerate(faces, 1)}, 0, coordinates)
