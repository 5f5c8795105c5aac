"""Where the regions of a stack lie through its thickness."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from joulestack._compat import geometry_nodes
from joulestack.discretisation.domain import Domain
from joulestack.errors import CaseError, Problem

Floats = npt.NDArray[np.float64]

AGREEMENT = 0.01
"""Part by which the layers of an imported mesh may differ from what the case states."""


class Levels:
    """Lower and upper end of every region of a layer, over all ranks.

    Attributes:
        ends: region id -> from where to where along the stacking axis [m].
    """

    def __init__(self, domain: Domain) -> None:
        """Measure; collective."""
        self._regions = [r for r in domain.regions if r.kind == "layer"]
        axis = domain.tagged.stacking_axis
        z: Floats = domain.mesh.geometry.x[geometry_nodes(domain.mesh), axis]
        found = np.full((2, len(self._regions)), np.inf)
        for n, region in enumerate(self._regions):
            cells = z[domain.cells_of([region])]
            if len(cells):
                found[:, n] = cells.min(), -cells.max()
        domain.comm.Allreduce(MPI.IN_PLACE, found, op=MPI.MIN)
        self.ends = {
            region.id: (float(low), -float(high))
            for region, (low, high) in zip(self._regions, found.T, strict=True)
        }

    def repeats(self, layer: str) -> int:
        """How many regions of a layer lie on top of each other; a tab lies beside its layer."""
        count, top = 0, -np.inf
        for low, high in sorted(self.ends[r.id] for r in self._regions if r.layer == layer):
            if low > top - 0.5 * (high - low):
                count += 1
            top = max(top, high)
        return count

    def check(self, thickness: Mapping[str, float]) -> None:
        """Layers are flat and as thick as the case says.

        Raises:
            CaseError: names each that is not.
        """
        problems = []
        for region in self._regions:
            stated = thickness.get(region.layer)
            low, high = self.ends[region.id]
            if stated is not None and abs(high - low - stated) > AGREEMENT * stated:
                problems.append(
                    Problem(
                        f"cell.layers.{region.layer}.thickness",
                        f"is {stated * 1e6:.4g} um, but in the mesh '{region.name}' reaches over "
                        f"{(high - low) * 1e6:.4g} um along the stack",
                        "state the thickness of the mesh; a fixture needs flat layers",
                    )
                )
        if problems:
            raise CaseError(problems)
