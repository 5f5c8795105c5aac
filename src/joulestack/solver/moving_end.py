"""How the end of a step moves when its time is moved, by the formula of the step itself.

The end x of a step to t obeys F(x, sum a_j(t) x_j, t) = 0 with the states before held, so that

    J dx/dt = -dF/dt,    J = dF/dx + a_0 dF/dx',

dF/dt taken with x held. It differs from the rate by no more than the step errs by; with it the
derivative of a run that ends at a limit is that of its steps, not only of what they approach.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack.solver.control import Stop
from joulestack.solver.solves import Solver
from joulestack.solver.stepping.history import combined, rate_weights

Array = npt.NDArray[np.float64]

MOVED_BACK = 1e-4
"""Part of a step by which its end is moved back: beyond it the load may be another."""

ROUNDS_OF_END, LEFT_OF_END = 6, 1e-9
"""Of dx/dt, and what the last of them may be of it."""

BACKWARD = (1.5, -2.0, 0.5)
"""Weights of values now, one and two moves back, in the derivative: of second order."""


class MovingEnd:
    """The end of a step of a segment."""

    def __init__(
        self, solver: Solver, ksp: PETSc.KSP, times: Sequence[float], states: Sequence[Array]
    ) -> None:
        """Arguments as of `Linearised`; the model holds the time of the end."""
        self._solver, self._ksp = solver, ksp
        self._times, self._states = tuple(times), list(states)
        self._now = solver.model.time
        self._found: Array | None = None

    def velocity(self, stop: Stop | None = None) -> tuple[Array, float]:
        """dx/dt, and d/dt of a stop's distance; collective."""
        if self._found is None:
            self._found = self._velocity()
        slope = 0.0
        if stop is not None:
            for n, weight in enumerate(BACKWARD):
                self._put(self._states[0] - n * self._back * self._found, n)
                slope += weight * stop.distance() / self._back
            self._put(self._states[0], 0)
        return self._found, slope

    @property
    def _back(self) -> float:
        return MOVED_BACK * (self._times[0] - self._times[1])

    def _velocity(self) -> Array:
        """Corrected until the residual stays zero along it: the matrix may leave something out."""
        system = self._solver.model.system
        right, solution = system.vector.duplicate(), system.vector.duplicate()
        found, x, before = np.zeros_like(self._states[0]), self._states[0], math.inf
        for _ in range(ROUNDS_OF_END):
            total = np.zeros_like(x)
            for n, weight in enumerate(BACKWARD):
                total -= weight / self._back * self._put(x - n * self._back * found, n)
            right.array[:] = total
            self._ksp.solve(right, solution)
            found = found + solution.array_r
            change = solution.norm()
            solution.array[:] = found
            size = solution.norm()
            if change <= LEFT_OF_END * size or change > 0.5 * before:
                break
            before = change
        self._put(x, 0)
        return found

    def _put(self, x: Array, moves: int) -> Array:
        """Put a state of the step ending so many moves earlier into the model; its residual."""
        solver, model = self._solver, self._solver.model
        t = self._times[0] - moves * self._back
        model.update(self._now - moves * self._back)
        model.system.step = (t, *self._times[1:])
        rate = combined(rate_weights(t, self._times[1:]), [x, *self._states[1:]])
        work, rates = solver.x.duplicate(), solver.x.duplicate()
        work.array[:], rates.array[:] = x, rate
        out = model.system.vector.duplicate()
        model.system.residual(work, rates, out)
        return np.array(out.array_r)
