"""A step taken again, to another end: from the states that it ended in before."""

from __future__ import annotations

from petsc4py import PETSc

State = tuple[float, PETSc.Vec]
"""A time and the unknowns then."""

NEIGHBOURS = 3
"""States that a first guess is interpolated from."""


class Retakes:
    """Of the last step of a TS. Newton's method then needs one or two iterations in place of five.

    PETSc's own guess is extrapolated from the steps before, and a step that has to be taken again
    is one in which much has changed.
    """

    def __init__(self, ts: PETSc.TS, start: float, state: PETSc.Vec) -> None:
        """The step began at a time [s] in a state, and has been taken once."""
        self._ts, self._start = ts, start
        ends = ((start, state), (ts.getTime(), ts.getSolution()))
        self._taken: list[State] = [(t, x.copy()) for t, x in ends]
        self._guess, self._fresh = state.duplicate(), False
        # petsc4py cannot take a function away again: this one leaves later steps as they are.
        ts.getSNES().setInitialGuess(self._begin)

    def _begin(self, snes: PETSc.SNES, x: PETSc.Vec) -> None:
        """Once a step: what PETSc makes shorter, it begins with its own guess."""
        if self._fresh:
            self._guess.copy(x)
            self._fresh = False

    def to(self, t: float) -> float:
        """Take the step to a time [s], or as near as its accuracy allows; returns where it ended.

        Raises:
            PETSc.Error: it cannot be taken.
        """
        ts = self._ts
        if len(self._taken) > 2:
            interpolate(self._taken, t, self._guess)
        else:  # so far PETSc's polynomial knows more: it has the steps before, too
            ts.interpolate(t, self._guess)
        self._fresh = True
        ts.rollBack()
        ts.setTimeStep(t - self._start)
        ts.step()
        if ts.getConvergedReason() < 0:
            raise PETSc.Error(abs(int(ts.getConvergedReason())))
        reached = float(ts.getTime())
        self._taken.append((reached, ts.getSolution().copy()))
        return reached


def interpolate(states: list[State], t: float, x: PETSc.Vec) -> None:
    """The polynomial through the states nearest to a time, at that time, into `x`."""
    near = sorted(states, key=lambda state: abs(state[0] - t))[:NEIGHBOURS]
    x.set(0.0)
    for own, state in near:
        weight = 1.0
        for other, _ in near:
            if other != own:
                weight *= (t - other) / (own - other)
        x.axpy(weight, state)
