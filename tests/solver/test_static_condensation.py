"""The linear solve with local unknowns eliminated, after a solve that failed."""

from __future__ import annotations

import numpy as np
from petsc4py import PETSc

from joulestack.solver.static_condensation import StaticCondensation
from tests.verification.half_cell import half_cell
from tests.verification.harness import Run


def test_a_solve_that_failed_does_not_fail_the_next_ones() -> None:
    """PETSc keeps why a preconditioner failed; a shorter time step has to be able to succeed."""
    run = Run(half_cell(None, lambda t: 0.0, modes=3))
    run.begin()
    system = run.model.system
    outer = PETSc.KSP().create(system.comm)
    outer.setOperators(system.operator)
    solver = StaticCondensation(system)
    solver.inner.setType("preonly")
    solver.inner.getPC().setType("lu")
    solver.attach(outer)
    b, x = system.vector.duplicate(), system.vector.duplicate()

    def solved(entry: float) -> bool:
        system.jacobian(run.stepper.x, None, 1.0)
        b.array[:] = entry
        outer.solve(b, x)
        return int(outer.getConvergedReason()) > 0 and bool(np.isfinite(x.array_r).all())

    assert solved(1.0)
    assert not solved(np.nan)
    assert solved(1.0)
    # The failure of an inner solve is told, and forgotten with the next matrix.
    outer.getPC().setFailedReason(PETSc.PC.FailedReason.SUBPC_ERROR)
    assert solved(1.0)
