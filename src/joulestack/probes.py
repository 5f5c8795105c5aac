"""Probes: temperature and potentials at points, for the time series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from dolfinx import geometry
from mpi4py import MPI

from joulestack.case.profiles import Probe
from joulestack.errors import CaseError, Problem
from joulestack.model import Model

LABELS = {
    "T": "temperature [K]",
    "phi_s": "electronic potential [V]",
    "phi_e": "ionic potential [V]",
}


class Probes:
    """Finds the cell of each probe once; each measurement evaluates the blocks there."""

    def __init__(self, model: Model, probes: Sequence[Probe]) -> None:
        """Locate the probes.

        Raises:
            CaseError: a probe lies outside the mesh or its layer.
        """
        self.model = model
        self._found: list[tuple[Probe, npt.NDArray[np.float64], int]] = []
        if not probes:
            return
        domain = model.domain
        tree = geometry.bb_tree(domain.mesh, domain.tdim)
        for probe in probes:
            point = self._point(probe)
            candidates = geometry.compute_collisions_points(tree, point[None, :])
            cells = geometry.compute_colliding_cells(domain.mesh, candidates, point[None, :]).links(
                0
            )
            cells = [
                int(c) for c in cells if c < domain.owned_cells and self._inside(probe, int(c))
            ]
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
            self._found.append((probe, point, cells[0] if owner == domain.comm.rank else -1))

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
        x = domain.mesh.geometry.x[domain.mesh.geometry.dofmap[cells].ravel()]
        low = np.full(3, np.inf) if len(x) == 0 else x.min(axis=0)
        high = np.full(3, -np.inf) if len(x) == 0 else x.max(axis=0)
        domain.comm.Allreduce(MPI.IN_PLACE, low, op=MPI.MIN)
        domain.comm.Allreduce(MPI.IN_PLACE, high, op=MPI.MAX)
        point = 0.5 * (low + high)
        if tagged.coordinates == "axisymmetric":
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
        row: dict[str, float] = {}
        comm = self.model.domain.comm
        for probe, point, cell in self._found:
            values: dict[str, float] = {}
            if cell >= 0:
                for key, field in self.model.fields.items():
                    block = next(
                        (
                            b
                            for b in field.blocks
                            if b.cells(np.array([cell], dtype=np.int32))[0] >= 0
                        ),
                        None,
                    )
                    if block is None:
                        continue
                    inside = block.cells(np.array([cell], dtype=np.int32))
                    value = float(block.value.eval(point[None, :], inside).ravel()[0])
                    offset = self.model.setup.start_temperature if key == "T" else 0.0
                    values[f"{probe.name} {LABELS[key]}"] = value + offset
            for part in comm.allgather(values):
                row |= part
        return row
