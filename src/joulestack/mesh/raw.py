"""A whole mesh as plain arrays, before DOLFINx distributes it.

Generators and readers both end here, so tags travel one way only, and the checks of a mesh work on
complete arrays on one rank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joulestack.mesh.tagged import Region

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Vertices of each facet, and vertices joined to each vertex by an edge, in DOLFINx's numbering.
CELL_FACETS: dict[str, tuple[tuple[int, ...], ...]] = {
    "interval": ((0,), (1,)),
    "triangle": ((1, 2), (0, 2), (0, 1)),
    "quadrilateral": ((0, 1), (0, 2), (1, 3), (2, 3)),
    "tetrahedron": ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)),
    "hexahedron": (
        (0, 1, 2, 3), (0, 1, 4, 5), (0, 2, 4, 6), (1, 3, 5, 7), (2, 3, 6, 7), (4, 5, 6, 7),
    ),
}  # fmt: skip
CELL_DIMENSION = {
    "interval": 1, "triangle": 2, "quadrilateral": 2, "tetrahedron": 3, "hexahedron": 3,
}  # fmt: skip


@dataclass(frozen=True)
class RawMesh:
    """Points, cells and tags of a whole mesh.

    Attributes:
        cell: "interval", "triangle", "quadrilateral", "tetrahedron" or "hexahedron".
        points: coordinates [m], shape (points, dimension); every point belongs to a cell.
        cells: vertices of each cell in DOLFINx's order, shape (cells, vertices per cell).
        cell_region: region id of each cell.
        facets: vertices of each named facet, sorted, shape (facets, vertices per facet).
        facet_face: face id of each named facet.
        regions: ordered by id.
        faces: name -> id.
        stacking_axis: coordinate through the layers.
        coordinates: name of the coordinate system (`coordinates.named`).
    """

    cell: str
    points: Floats
    cells: Integers
    cell_region: Integers
    facets: Integers
    facet_face: Integers
    regions: tuple[Region, ...]
    faces: dict[str, int]
    stacking_axis: int
    coordinates: str
