"""The cell as ParaView sees it: plain arrays, a node for every vertex of every region.

A vertex on an interface has one node for each region that meets there, so a field may jump between
regions and is continuous within one. This costs far fewer nodes than one per vertex and cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from joulestack.mesh.coordinates import CoordinateSystem, shown_as
from joulestack.mesh.tagged import Region

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

PRESSURE = "Stack pressure [MPa]"
"""Label of the stack pressure, where it is a map."""


VTK_TYPE = {
    "point": 1,
    "interval": 3,
    "triangle": 5,
    "quadrilateral": 9,
    "tetrahedron": 10,
    "hexahedron": 12,
}
"""VTK's number of each cell shape."""

VTK_ORDER = {"quadrilateral": (0, 1, 3, 2), "hexahedron": (0, 1, 3, 2, 4, 5, 7, 6)}
"""Position of VTK's vertices among DOLFINx's, where they differ."""


@dataclass(frozen=True)
class Grid:
    """Mesh, regions and their names; the same at all times.

    Attributes:
        points: of the nodes, three columns [m]; a line has y = z = 0, a pellet is (r, z, 0).
        cells: nodes of each cell in VTK's order.
        shape: of the cells, a key of `VTK_TYPE`.
        node_region: region id of each node.
        cell_region: region id of each cell.
        regions: ordered by id.
        coordinates: name of what the columns of `points` mean.
        stacking_axis: column that runs through the layers.
        tag: what the ids count: regions, or the interfaces between them.
    """

    points: Floats
    cells: Ints
    shape: str
    node_region: Ints
    cell_region: Ints
    regions: tuple[Region, ...]
    coordinates: str
    stacking_axis: int
    tag: str = "Region"

    @property
    def system(self) -> CoordinateSystem:
        """What the columns of `points` mean."""
        return shown_as(self.coordinates)


@dataclass(frozen=True)
class Snapshot:
    """Fields at one time.

    Attributes:
        grid: where.
        time: [s].
        nodes: label with unit -> value at each node, nan where the field does not exist.
        cells: label with unit -> value in each cell.
    """

    grid: Grid
    time: float
    nodes: Mapping[str, Floats]
    cells: Mapping[str, Floats] = field(default_factory=dict)
