"""The interfaces as ParaView sees them: their facets, with nodes of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import basix
import numpy as np

from joulestack._compat import geometry_nodes
from joulestack.discretisation.domain import Domain, Interface
from joulestack.mesh.tagged import Region
from joulestack.outputs.grid import VTK_ORDER, Floats, Grid

INTERFACE = "Interface"
"""Name of the array of interface numbers."""
_FACETS = {
    "interval": "point",
    "triangle": "interval",
    "quadrilateral": "interval",
    "tetrahedron": "triangle",
    "hexahedron": "quadrilateral",
}


class Facets:
    """The facets of some interfaces that this rank owns.

    Attributes:
        grid: its regions are the interfaces, its cells their facets.
    """

    def __init__(self, domain: Domain, interfaces: Sequence[Interface]) -> None:
        """Number the nodes, once.

        Args:
            domain: the meshed cell.
            interfaces: in the order of the values that are to be written.
        """
        mesh, tagged = domain.mesh, domain.tagged
        shape = mesh.topology.cell_name()
        table, x = geometry_nodes(mesh), mesh.geometry.x
        kind = _FACETS[shape]
        corners = np.array(basix.topology(basix.CellType[shape])[domain.tdim - 1])
        corners = corners[:, list(VTK_ORDER.get(kind, range(corners.shape[1])))]
        rows = np.vstack([i.facets for i in interfaces])
        count = [len(i.facets) for i in interfaces]
        number = np.repeat(np.arange(1, len(interfaces) + 1), count)
        size = len(x)
        nodes = table[rows[:, 0][:, None], corners[rows[:, 1]]]
        keys = nodes.astype(np.int64) + np.int64(size) * number[:, None]
        unique, inverse = np.unique(keys, return_inverse=True)
        self.grid = Grid(
            points=x[unique % size].astype(np.float64),
            cells=inverse.reshape(nodes.shape).astype(np.int32),
            shape=kind,
            node_region=(unique // size).astype(np.int32),
            cell_region=number.astype(np.int32),
            regions=tuple(
                Region(i.name, " | ".join(i.layers), n, "interface")
                for n, i in enumerate(interfaces, 1)
            ),
            coordinates=tagged.coordinates,
            stacking_axis=tagged.stacking_axis,
            tag=INTERFACE,
        )

    def at_nodes(self, values: Floats) -> Floats:
        """Means over the facets around each node."""
        cells, size = self.grid.cells, len(self.grid.points)
        around = np.bincount(cells.ravel(), minlength=size)
        sums = np.bincount(cells.ravel(), np.repeat(values, cells.shape[1]), size)
        return np.asarray(sums / np.maximum(around, 1), dtype=np.float64)

    def columns(self, data: Mapping[str, Mapping[int, Floats]]) -> dict[str, Floats]:
        """Values by facet, nan where an interface has no such quantity.

        Args:
            data: label with unit -> number of the interface, from 0 -> values of its facets.
        """
        starts = np.searchsorted(self.grid.cell_region, np.arange(1, len(self.grid.regions) + 2))
        found: dict[str, Floats] = {}
        for label, parts in data.items():
            column = np.full(len(self.grid.cells), np.nan)
            for n, values in parts.items():
                column[starts[n] : starts[n + 1]] = values
            found[label] = column
        return found
