"""Probes: temperature and potentials at points, for the time series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from dolfinx import geometry, graph
from mpi4py import MPI

from joulestack._compat import geometry_nodes
from joulestack.case.profiles import Probe
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.errors import CaseError, Problem
from joulestack.simulation.model import Model


class Probes:
    """Finds the cell of each probe once, and how its dofs weigh there.

    Attributes:
        columns: label with unit of every value measured.
    """

    def __init__(self, model: Model, probes: Sequence[Probe]) -> None:
        """Locate the probes.

        Raises:
            CaseError: a probe lies outside the mesh or its layer.
        """
        self.model = model
        self.columns: list[str] = []
        self._offsets: list[float] = []
        self._own: list[tuple[int, Block, npt.NDArray[np.int32], npt.NDArray[np.float64]]] = []
        """Column, block, dofs and weights of the values that this rank measures."""
        if not probes:
            return
        domain = model.domain
        boxes = _Boxes(domain)
        for probe in probes:
            point = self._point(probe)
            cells = [c for c in boxes.around(point) if self._inside(probe, c)]
            owner = domain.comm.allreduce(
                domain.comm.rank if cells else domain.comm.size, op=MPI.MIN
            )
            if owner == domain.comm.size:
                raise CaseError(
                    Problem(
                        f"probes.{probe.name}",
                        f"lies outside {f'layer {probe.layer!r}' if probe.layer else 'the cell'}",
                        "give a point inside it, or layer and position",
                    )
                )
            self._weigh(probe, point, cells[0] if owner == domain.comm.rank else -1, owner)

    def _weigh(self, probe: Probe, point: npt.NDArray[np.float64], cell: int, owner: int) -> None:
        """Add the columns of a probe; its owner gives `cell` and learns the weights."""
        keys: list[str] = []
        place = len(self.columns)
        for key, field in self.model.fields.items() if cell >= 0 else ():
            here = [(b, b.cells(np.array([cell], dtype=np.int32))) for b in field.blocks]
            for block, inside in here:
                if inside[0] >= 0:
                    nodes = block.space.dofmap.list[inside[0]]
                    weights = _weights(block, nodes, point, inside)
                    for k in range(block.size):
                        self._own.append((place + k, block, nodes * block.size + k, weights))
                    place += block.size
                    keys.append(key)
                    break
        for key in self.model.domain.comm.bcast(keys, root=owner):
            info = self.model.system.infos[key]
            count = 1 if info.components is None else info.components
            for k in range(count):
                axis = f" {k + 1}" if info.vector else ""
                self.columns.append(f"{probe.name} {info.name}{axis} [{info.unit}]")
                self._offsets.append(info.counts_from(self.model.setup))

    def _inside(self, probe: Probe, cell: int) -> bool:
        if probe.layer is None:
            return True
        region = self.model.domain.cell_region[cell]
        return any(r.id == region and r.layer == probe.layer for r in self.model.domain.regions)

    def _point(self, probe: Probe) -> npt.NDArray[np.float64]:
        """Coordinates of a probe, from its layer and position where no point is given."""
        tagged = self.model.setup.tagged
        if probe.point is not None:
            given = np.zeros(3)
            given[: len(probe.point)] = probe.point
            return given
        domain = self.model.domain
        region = next(r for r in domain.regions if r.layer == probe.layer)
        cells = domain.cells_of([region])
        x = domain.mesh.geometry.x[geometry_nodes(domain.mesh)[cells].ravel()]
        low = np.full(3, np.inf) if len(x) == 0 else x.min(axis=0)
        high = np.full(3, -np.inf) if len(x) == 0 else x.max(axis=0)
        domain.comm.Allreduce(MPI.IN_PLACE, low, op=MPI.MIN)
        domain.comm.Allreduce(MPI.IN_PLACE, high, op=MPI.MAX)
        point = 0.5 * (low + high)
        if tagged.system.radial:
            point[0] = low[0]
        axis = tagged.stacking_axis
        point[axis] = (
            low[axis] + (0.5 if probe.position is None else probe.position) * (high - low)[axis]
        )
        others = [i for i in range(domain.tdim) if i != axis]
        for i, value in zip(others, probe.at, strict=False):
            point[i] = value
        return point

    def measure(self) -> dict[str, float]:
        """Values at all probes."""
        values = np.zeros(len(self.columns))
        for column, block, dofs, weights in self._own:
            values[column] = weights @ block.value.x.array[dofs]
        comm = self.model.domain.comm
        if comm.size > 1 and self.columns:
            comm.Allreduce(MPI.IN_PLACE, values, op=MPI.SUM)
        return dict(zip(self.columns, map(float, values + self._offsets), strict=True))


class _Boxes:
    """Boxes around a rank's own cells: for the few points of probes quicker than a tree of them."""

    def __init__(self, domain: Domain) -> None:
        """Measure the cells."""
        self._mesh = domain.mesh
        x, nodes = domain.mesh.geometry.x, geometry_nodes(domain.mesh)[: domain.owned_cells]
        ends = [(x[:, k][nodes].min(axis=1), x[:, k][nodes].max(axis=1)) for k in range(3)]
        self._low, self._high = (np.stack(side) for side in zip(*ends, strict=True))

    def around(self, point: npt.NDArray[np.float64]) -> list[int]:
        """Cells that a point is in, or on the border of."""
        near = 1e-6 * (self._high - self._low)
        inside = (self._low - near <= point[:, None]) & (point[:, None] <= self._high + near)
        found = np.flatnonzero(inside.all(axis=0)).astype(np.int32)
        candidates = graph.adjacencylist(found, np.array([0, len(found)], dtype=np.int32))
        cells = geometry.compute_colliding_cells(self._mesh, candidates, point[None, :])
        return [int(c) for c in cells.links(0)]


def _weights(
    block: Block,
    nodes: npt.NDArray[np.int32],
    point: npt.NDArray[np.float64],
    cell: npt.NDArray[np.int32],
) -> npt.NDArray[np.float64]:
    """What a field is at a point of a cell when it is one at one of the cell's nodes, zero else."""
    # The field itself, for a while: creating another function would need all ranks.
    values = block.value.x.array.reshape(-1, block.size)
    present = values[nodes].copy()
    weights = np.zeros(len(nodes))
    for i, node in enumerate(nodes):
        values[nodes] = 0.0
        values[node] = 1.0
        weights[i] = block.value.eval(point[None, :], cell).flat[0]
    values[nodes] = present
    return weights
