"""Why a solve failed, in words: which field, where, what was tried and what to change."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from joulestack.laws.solids import voids
from joulestack.solver.newton import NewtonLog
from joulestack.solver.problem import CoupledProblem


class Diagnosis:
    """Watches the residuals of a model for the message of a failed solve."""

    def __init__(self, model: CoupledProblem, log: NewtonLog) -> None:
        """Watch `model`; `log` tells what Newton last did."""
        self.model, self.log = model, log
        self._lost: tuple[str, str] | None = None

    def clear(self) -> None:
        """Forget: the present state is good."""
        self._lost = None

    def explain(self, what: str, reason: int) -> str:
        """Say which field, where, what was tried and what to change."""
        log, system = self.log, self.model.system
        lost = min((p for p in system.comm.allgather(self._lost) if p), default=None)
        if lost is not None:
            worst, place = lost[0], f" in {lost[1]}: its residual is not a number"
        else:
            worst = log.worst or next(iter(system.fields))
            place = self._worst_place(worst)
        return (
            f"{what} failed at t = {self.model.time:.6g} s: field {worst} did not converge{place} "
            f"({log.iterations} Newton iterations, reason {reason}; residuals "
            + ", ".join(f"{k}: {v:.3g}" for k, v in log.residuals.items())
            + ")\n    -> look at that layer's properties and contact laws at the temperatures "
            'reached; a smaller current or first_step, or solver.linear = "direct", tells which'
        ) + "".join(f"\n    -> {said}" for said in self.hollow())

    def watch(self) -> None:
        """Remember where a residual first stopped being a number since the last good state.

        A potential rather than the heat it makes. PETSc retries smaller steps on its own, so at the
        end of the attempts nothing of this may be left to see.
        """
        system, domain = self.model.system, self.model.domain
        if self._lost is not None or system.finite:
            return
        for key in reversed(list(system.fields)):
            for block, raw in zip(system.blocks, system.raw, strict=True):
                for region in block.regions if block.info.key == key else ():
                    dofs = block.region_dofs(domain, [region])
                    if not np.isfinite(raw[dofs[dofs < block.owned]]).all():
                        self._lost = (key, region.name)
                        return

    def hollow(self) -> list[str]:
        """Contacts that voids have taken: such a cell may not give what it is asked for."""
        said = []
        for touching in self.model.terms.touching:
            block = touching.group.current
            assert block is not None
            depth = float(block.value.x.array.reshape(-1, block.size)[:, 0].max(initial=0.0))
            left = float(voids.contact(self.model.domain.comm.allreduce(depth, op=MPI.MAX)))
            if left < voids.SCARCE:
                names = " and ".join(i.name for i in touching.group.interfaces)
                said.append(f"voids have left {100 * left:.2g} % of the contact of {names}")
        return said

    def _worst_place(self, key: str) -> str:
        """Layer with the largest residual of a field."""
        system, domain = self.model.system, self.model.domain
        best = (0.0, "")
        for block, raw in zip(system.blocks, system.raw, strict=True):
            if block.info.key != key:
                continue
            for region in block.regions:
                dofs = block.region_dofs(domain, [region])
                values = np.abs(raw[dofs[dofs < block.owned]])
                if values.size:
                    largest = float(values.max())
                    best = max(best, (largest if np.isfinite(largest) else np.inf, region.name))
        best = max(domain.comm.allgather(best))
        return f" in {best[1]}" if best[1] else ""
