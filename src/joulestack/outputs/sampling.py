"""From the solver's blocks to one value per node of the whole cell, by indices found once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack._compat import geometry_nodes
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.outputs.grid import VTK_ORDER, Floats, Grid, Ints

CASE_NAMES = {"T": "temperature", "phi_s": "electronic_potential", "phi_e": "ionic_potential"}
"""How a case file calls a field."""
LITHIATION = "lithiation"
"""How a case file calls what is known of the particles."""


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
        """Present values of a field at the nodes, nan where it does not exist.

        Args:
            key: of the field.
            offset: added everywhere (the temperature unknown counts from the start temperature).
        """
        result = np.full(len(self.grid.points), np.nan)
        for copy in self._copies[key]:
            result[copy.nodes] = copy.rows[copy.dofs] + offset
        return result

    def lithiation(self, keys: Iterable[str]) -> tuple[Floats, Floats]:
        """Mean x and surface x of particles at the nodes, nan where there are none.

        Args:
            keys: of fields of particles that exist in different regions.
        """
        mean, surface = np.full((2, len(self.grid.points)), np.nan)
        for copy in (c for key in keys for c in self._copies[key]):
            modes = copy.rows[copy.dofs][:, :-1]  # the last component is the current density
            mean[copy.nodes] = modes[:, 0]
            surface[copy.nodes] = modes.sum(axis=1)
        return mean, surface

    def of_function(self, function: Any) -> Floats:
        """Values at the nodes of a continuous function on the whole mesh."""
        layout = function.function_space.dofmap.dof_layout
        corner_dof = np.array([layout.entity_dofs(0, i)[0] for i in range(self._count())])
        dofs = function.function_space.dofmap.list[self._cells, corner_dof[self._corners]]
        return np.asarray(function.x.array[dofs], dtype=np.float64)


def wanted(names: Collection[str] | None, key: str, label: str) -> bool:
    """Tell whether a selection (None: all) holds a field, by key, case name or label."""
    return names is None or bool({key, CASE_NAMES.get(key, key), label} & set(names))
