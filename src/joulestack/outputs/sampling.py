"""From the solver's blocks to one value per node of the whole cell, by indices found once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack._compat import geometry_nodes
from joulestack.declarations import Shown
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.outputs.grid import VTK_ORDER, Floats, Grid, Ints


@dataclass(frozen=True)
class _Copy:
    """Where the values of one block go: values[nodes] = rows[dofs] + offset.

    A row has all components of a vector, and is a number for a scalar.
    """

    rows: Any
    nodes: Ints
    dofs: Ints


class Sampling:
    """Node values of this rank's cells.

    Attributes:
        grid: the cells that this rank owns.
    """

    def __init__(self, domain: Domain, fields: Mapping[str, Field]) -> None:
        """Number the nodes and find the dof of each, once.

        Args:
            domain: the meshed cell.
            fields: by key; those to sample.
        """
        mesh, tagged = domain.mesh, domain.tagged
        shape = mesh.topology.cell_name()
        order = list(VTK_ORDER.get(shape, range(domain.tdim + 1)))
        owned = domain.owned_cells
        corners = geometry_nodes(mesh)[:owned][:, order]
        region = domain.cell_region[:owned]
        keys = corners.astype(np.int64) + np.int64(len(mesh.geometry.x)) * region[:, None]
        unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        cell_of, corner_of = np.divmod(first, len(order))
        self._cells = cell_of.astype(np.int32)
        self._corners = np.array(order, dtype=np.int32)[corner_of]
        self.grid = Grid(
            points=mesh.geometry.x[unique % len(mesh.geometry.x)].astype(np.float64),
            cells=inverse.reshape(corners.shape).astype(np.int32),
            shape=shape,
            node_region=region[cell_of].astype(np.int32),
            cell_region=region.astype(np.int32),
            regions=tagged.regions,
            coordinates=tagged.coordinates,
            stacking_axis=tagged.stacking_axis,
        )
        self._copies = {key: list(self._find(f)) for key, f in fields.items()}

    def _find(self, field: Field) -> Iterable[_Copy]:
        for block in field.blocks:
            nodes = np.flatnonzero(np.isin(self.grid.node_region, [r.id for r in block.regions]))
            layout = block.space.dofmap.dof_layout
            corner_dof = np.array([layout.entity_dofs(0, i)[0] for i in range(self._count())])
            cells = block.cells(self._cells[nodes])
            dofs = block.space.dofmap.list[cells, corner_dof[self._corners[nodes]]]
            array = block.value.x.array
            rows = array.reshape(-1, block.size) if block.info.vector else array
            yield _Copy(rows, nodes.astype(np.int32), dofs.astype(np.int32))

    def _count(self) -> int:
        return self.grid.cells.shape[1]

    def values(self, key: str, offset: float = 0.0) -> Floats:
        """Present values of a scalar field at the nodes, nan where it does not exist.

        Args:
            key: of the field.
            offset: added everywhere (the temperature unknown counts from the start temperature).
        """
        return self.shown({}, key, Shown(key), offset)

    def shown(
        self, known: Mapping[str, Floats], key: str, shown: Shown, offset: float = 0.0
    ) -> Floats:
        """What a field or a local state shows at the nodes; vectors with three components.

        Args:
            known: values of that label in other regions, if any; nan elsewhere.
            key: of the field or state.
            shown: how.
            offset: as in `values`.
        """
        result = known.get(shown.label)
        for copy in self._copies[key]:
            values = shown.of(copy.rows[copy.dofs]) + offset
            if values.ndim > 1:
                values = np.pad(values, ((0, 0), (0, max(0, 3 - values.shape[1]))))
            if result is None:
                result = np.full((len(self.grid.points), *values.shape[1:]), np.nan)
            result[copy.nodes] = values
        return np.full(len(self.grid.points), np.nan) if result is None else result

    def of_function(self, function: Any) -> Floats:
        """Values at the nodes of a continuous function on the whole mesh."""
        layout = function.function_space.dofmap.dof_layout
        corner_dof = np.array([layout.entity_dofs(0, i)[0] for i in range(self._count())])
        dofs = function.function_space.dofmap.list[self._cells, corner_dof[self._corners]]
        return np.asarray(function.x.array[dofs], dtype=np.float64)


def wanted(names: Collection[str] | None, *known_as: str) -> bool:
    """Tell whether a selection (None: all) holds something, by any of its names."""
    return names is None or bool(set(known_as) & set(names))
