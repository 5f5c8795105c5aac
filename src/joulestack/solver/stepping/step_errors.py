"""What the steps taken so far have made wrong of the present state.

The true solution y leaves in the formula of a step only the error of its rate, d, which the states
of the last steps tell (`history.py`): F(y, a_0 y + a_1 y_1 + ... + d) = 0. With y = x + e that is,
but for squares of the error,

    J e = -F(x, x' + a_1 e_1 + a_2 e_2 + ... + d),    J = dF/dx + a_0 dF/dx',

e_1, e_2, ... being the errors at the times before: one solve with the matrix that Newton's method
has left, and one residual. What Newton's method leaves of F(x, x') is in it too.

Skeel, Thirteen ways to estimate global error, Numerische Mathematik 48 (1986) 1: solving for the
error by the linearised equation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack.solver.stepping.history import HIGHEST_ORDER, rate_weights
from joulestack.solver.system import BlockSystem

Array = npt.NDArray[np.float64]


class StepErrors:
    """Carries the error of the state from step to step.

    Attributes:
        error: true less present unknowns of this rank, as far as the steps have moved them; zero
            before the first step.
        seconds_late: how much later than the present one the true solution meets the limit that
            the steps since the last jump have ended at [s].
    """

    REMEMBERS = ("error", "_past", "seconds_late")

    def __init__(
        self,
        system: BlockSystem,
        corrected: Callable[[], None],
        shifted: Callable[[float, float], None],
    ) -> None:
        """No step has been taken.

        Args:
            system: that is solved.
            corrected: called after a step while the model holds the corrected state, its rates and
                its residual.
            shifted: called after it where a limit is met so much later [s], while the model holds
                the values of so much earlier [s].
        """
        self._system, self._corrected, self._shifted = system, corrected, shifted
        self._x = system.vector.duplicate()
        self._rate = system.vector.duplicate()
        self._right = system.vector.duplicate()
        self._solution = system.vector.duplicate()
        self.error: Array = np.zeros(self._x.getLocalSize())
        self._past: list[Array] = []
        self.seconds_late = 0.0

    def begin(self) -> None:
        """The load jumps: errors of the past go on, their rates do not."""
        self._past = [self.error]
        self.seconds_late = 0.0

    def step(
        self,
        ksp: PETSc.KSP,
        times: Sequence[float],
        x: PETSc.Vec,
        rate: Array,
        defect: Array | None,
    ) -> None:
        """Carry the error on over a step. Collective.

        Args:
            ksp: solves with the Jacobian of the step.
            times: that the rate was taken from, newest first [s].
            x: unknowns at its end.
            rate: of the unknowns there [1/s].
            defect: what it errs by; None: nothing tells it.
        """
        weights = rate_weights(times[0], times[1:])
        wrong = np.zeros_like(self.error) if defect is None else defect.copy()
        for weight, error in zip(weights[1:], self._past, strict=False):
            wrong += weight * error
        self._rate.array[:] = rate + wrong
        self._system.residual(x, self._rate, self._right)
        self._right.scale(-1.0)
        ksp.solve(self._right, self._solution)
        found = self._solution.array_r.copy()
        if ksp.getConvergedReason() < 0 or not np.isfinite(found).all():
            found = self._past[0]
        self._keep(found)
        self._x.array[:] = x.array_r + found
        self._rate.array[:] = rate + wrong + weights[0] * found
        self._system.residual(self._x, self._rate, self._right)
        self._corrected()

    def late(self, seconds: float, back: float, rate: Array) -> None:
        """The true solution meets a limit so much later than the present one.

        Args:
            seconds: later [s].
            back: how far back the state lies that is in the model now [s].
            rate: of the unknowns at the limit [1/s].
        """
        self.seconds_late = seconds
        self.error = self._past[0] = self.error + seconds * rate
        self._shifted(seconds, back)

    def _keep(self, error: Array) -> None:
        self.error = error
        self._past.insert(0, error)
        del self._past[HIGHEST_ORDER:]
