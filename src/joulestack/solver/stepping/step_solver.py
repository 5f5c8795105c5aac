"""One step in time: Newton's method for the state at its end, and what of a state the model shows.

The formulas are in `stepping/history.py`; `segment.py` says how long a step is to be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack import interruption
from joulestack.solver.control import Stop, Watched
from joulestack.solver.moving_end import MovingEnd
from joulestack.solver.problem import Linearised, Tangents
from joulestack.solver.solves import LAGGED, Solver
from joulestack.solver.stepping.history import History, Past, rate_weights
from joulestack.solver.stepping.step_errors import StepErrors

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Taken:
    """A step that Newton's method has solved.

    Attributes:
        past: its end.
        rate: of the unknowns there [1/s].
        step: times that the rate was taken from, its own first [s].
        defect: what the rate errs by [1/s]; None where nothing tells it.
    """

    past: Past
    rate: Array
    step: tuple[float, ...]
    defect: Array | None = None


class Failed(Exception):
    """No step short enough succeeds."""

    def __init__(self, reason: int) -> None:
        super().__init__(reason)
        self.reason = reason


class StepSolver:
    """Solves for the end of a step from a history, and puts states into the model.

    Attributes:
        solver: holds model and state.
        history: states of the last steps.
        reason: of PETSc, for the end of the last solve.
        cut: a step was given up, because somebody has asked for the end of the run.
    """

    def __init__(
        self,
        solver: Solver,
        history: History,
        start: float,
        end: float,
        watched: Sequence[Watched] = (),
    ) -> None:
        """Create what Newton's method needs; `close` must follow.

        Args:
            solver: holds model and state.
            history: that steps begin from.
            start, end: of the stretch in which the load does not jump [s].
            watched: scalars that steps resolve.
        """
        self.solver, self.history, self.reason, self.cut = solver, history, 0, False
        self._model, self._system = solver.model, solver.model.system
        margin = 1e-12 * max(end - start, abs(end))
        self._inside = start + margin, end - margin
        self._scalars = tuple(watched)
        self._between, self._seen = solver.x.duplicate(), solver.x.duplicate()
        self._offset = solver.x.duplicate()
        self._shift = 0.0
        self._evaluated = math.nan
        """Time of the last residual; its state is `_seen`."""
        self._settled = False
        """The matrix is that of a state between steps."""
        self._snes = PETSc.SNES().create(self._system.comm)
        self._snes.setFunction(self._residual, self._system.vector.duplicate())
        self._snes.setJacobian(self._jacobian, self._system.operator)
        settings = {} if self._system.points else LAGGED
        self._elimination = solver.configure(self._snes, settings, stepping=True)

    def close(self) -> None:
        """Give back what PETSc holds."""
        self.solver.forget_options()
        self.count_linear()
        self._snes.destroy()

    def count_linear(self) -> None:
        """Add the iterations that the points were eliminated in to those of the run."""
        if self._elimination is not None:
            self.solver.statistics.linear += self._elimination.iterations
            self._elimination.iterations = 0

    def begin(self, t: float) -> None:
        """Let the history begin with the state of the solver."""
        if any(w.flows for w in self._scalars):
            self.solver.evaluate()
        self.history.begin(Past(t, self.solver.x.array_r.copy(), self._values()))

    def attempt(
        self,
        t: float,
        guess: Array | None = None,
        futile: Callable[[Array], bool] | None = None,
    ) -> Taken | None:
        """Solve for the state at t; None if Newton's method fails.

        Args:
            t: end of the step [s].
            guess: of the unknowns there; None: what the history foretells.
            futile: as of `FieldwiseTest`.
        """
        history, solver = self.history, self.solver
        self.at(t)
        self._system.step = (t, *history.times[: history.order])
        self._shift, offset = history.rate(t)
        self._offset.array[:] = offset
        if guess is None:
            guess, _ = history.predicted(t, min(history.order + 1, len(history.past)))
        solver.x.array[:] = guess
        solver.test.futile = futile
        self._snes.solve(None, solver.x)
        solver.test.futile = None
        self._settled = False
        self.reason = int(self._snes.getConvergedReason())
        if self.reason <= 0 and solver.test.breakable and self._system.comm.size == 1:
            self.cut = bool(interruption.asked())
            interruption.check(orderly=True)
        solver.statistics.newton += self._snes.getIterationNumber()
        if self._elimination is None:
            solver.statistics.linear += self._snes.getLinearSolveIterations()
        if self.reason <= 0:
            return None
        x = solver.x.array_r.copy()
        rate = self._shift * x + offset
        if self._scalars:
            self.put(t, rate)
        past, defect = Past(t, x, self._values()), None
        if solver.errors and (found := history.errors(past, history.order, growing=True)):
            defect = self._shift * found[0]
        return Taken(past, rate, self._system.step, defect)

    # -- what PETSc calls ------------------------------------------------------

    def _residual(self, snes: PETSc.SNES, u: PETSc.Vec, F: PETSc.Vec) -> None:
        rate = self.solver.rate
        rate.array[:] = self._shift * u.array_r + self._offset.array_r
        self._system.residual(u, rate, F)
        self.solver.diagnosis.watch()
        u.copy(self._seen)
        self._evaluated = self._model.time

    def _jacobian(self, snes: PETSc.SNES, u: PETSc.Vec, J: PETSc.Mat, P: PETSc.Mat) -> None:
        self._system.jacobian(u, self.solver.rate, self._shift)

    # -- states in the model ---------------------------------------------------

    def at(self, t: float) -> None:
        """Set the load of a time; values right of a jump hold in the whole stretch."""
        first, last = self._inside
        inside = min(max(t, first), last)
        if inside != self._model.time:
            self._model.update(inside)

    def restore(self, taken: Taken) -> None:
        """Make the end of a step the state of the solver."""
        self._system.step = taken.step
        self.at(taken.past.t)
        if not np.array_equal(self.solver.x.array_r, taken.past.x):
            self.solver.x.array[:] = taken.past.x

    def put(self, t: float, rate: Array) -> None:
        """Leave values, rates and raw residuals of the solver's state in the model."""
        solver, system = self.solver, self._system
        solver.rate.array[:] = rate
        # Newton ends with the residual of the state that it found.
        if math.isclose(self._model.time, self._evaluated, rel_tol=1e-12) and self._seen.equal(
            solver.x
        ):
            system.read(solver.x, solver.rate)
        else:
            system.residual(solver.x, solver.rate, system.vector)
            self._evaluated = math.nan

    def look(self, flows: bool = False) -> None:
        """Put the values of the solver's state into the model, with its flows where asked."""
        self._look(self.solver.x, flows)

    def show(self, t: float, flows: bool = False) -> None:
        """Put the state of a time inside the last step into the model."""
        self.at(t)
        self._between.array[:] = self.history.between(t)
        self._look(self._between, flows)

    def settle(self) -> None:
        """Make the state that is shown consistent.

        Potentials bend sharply over a long step; lithium and temperature do not.
        """
        if self._system.points:
            self.solver.settle(self._between)
            self._evaluated, self._settled = math.nan, True

    def follow(self, errors: StepErrors, taken: Taken, corrected: bool = False) -> None:
        """Carry the error of the state on to the end of a step.

        Args:
            errors: follow it.
            taken: the step.
            corrected: the flows of the corrected state are wanted in the model.
        """
        self.restore(taken)
        evaluated, raw = self._evaluated, self._system.raw
        if self._settled:  # with a Jacobian of its own in the place of the step's
            self.solver.rate.array[:] = taken.rate
            shift = rate_weights(taken.step[0], taken.step[1:])[0]
            self._system.jacobian(self.solver.x, self.solver.rate, float(shift))
        errors.step(self._snes.getKSP(), taken.step, self.solver.x, taken.rate, taken.defect)
        if corrected:
            self._evaluated = math.nan
        else:  # the step's own, which nobody need take anew
            self._system.raw, self._evaluated = raw, evaluated

    def differentiate(self, tangents: Tangents, taken: Taken, met: tuple[Stop, ...]) -> None:
        """Let the derivatives of the run follow to the end of a step.

        Args:
            tangents: follow it.
            taken: the step.
            met: stops that it has reached.
        """
        self.restore(taken)
        solver, ksp = self.solver, self._snes.getKSP()
        # Newton's last one is that of the iterate before: corrections with it may not converge.
        solver.rate.array[:] = taken.rate
        shift = float(rate_weights(taken.step[0], taken.step[1:])[0])
        self._system.jacobian(solver.x, solver.rate, shift)
        states = [p.x for p in self.history.past[: len(taken.step)]]
        end = MovingEnd(solver, ksp, taken.step, states)
        tangents.step(Linearised(ksp, taken.step, states, self._model.time, met, end.velocity))
        self._evaluated, self._settled = math.nan, True
        self.restore(taken)

    def _look(self, x: PETSc.Vec, flows: bool) -> None:
        if flows:
            self._system.residual(x, None, self._system.vector)
            self._evaluated = math.nan
        else:
            self._system.read(x)

    def _values(self) -> Array:
        """Watched scalars of the state in the model."""
        return np.array([w.value() for w in self._scalars])
