"""One stretch of the load, between two of its jumps: BDF whose steps and orders follow the error.

The formulas are in `stepping/history.py`; `stepping/pace.py` judges a step and plans the next one.
Here is what takes it (Newton's method through PETSc's SNES), writes what is due inside it and ends
at the first stop.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack.errors import ConvergenceError
from joulestack.solver.control import StepControl, Stop, Watched
from joulestack.solver.event_location import land, locate, nearest
from joulestack.solver.moving_end import MovingEnd
from joulestack.solver.problem import Linearised, Tangents
from joulestack.solver.solves import LAGGED, Solver
from joulestack.solver.stepping.error_norm import ErrorNorm
from joulestack.solver.stepping.history import (
    HIGHEST_ORDER,
    History,
    Past,
    combined,
    rate_weights,
    value_weights,
)
from joulestack.solver.stepping.pace import Pace
from joulestack.solver.stepping.step_errors import StepErrors

Array = npt.NDArray[np.float64]

AFTER_FAILURE = 0.25
"""Part of a step at which Newton's method failed that is tried next."""

SETTLED_ERROR = 0.25
"""A step's error changes from one iteration of Newton's method to the next by no more than so much
of what it is too large by: it stays too large."""

MOST_REJECTIONS = 40

LOOK_BACK = 0.1
"""Part of the last step over which the speed is taken at which a limit was approached."""

NEIGHBOURS = 3
"""States near a limit that a retaken step is guessed from."""


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


class Segment:
    """Steps from one jump of the load to the next. One use: `run`.

    Attributes:
        history: states of the last steps.
    """

    def __init__(
        self,
        solver: Solver,
        control: StepControl,
        start: float,
        end: float,
        on_step: Callable[[float], None],
        stops: Sequence[Stop],
        outputs: Sequence[float],
        on_output: Callable[[float], None],
        kinks: Sequence[float] = (),
        watched: Sequence[Watched] = (),
        marks: Collection[float] = (),
    ) -> None:
        """Prepare; the state of the solver is consistent at the start.

        Args:
            solver: holds model and state.
            control: bounds on the steps.
            start, end: [s].
            on_step, stops, outputs, on_output: as in `Stepper.advance`.
            kinks: times inside that steps land on [s].
            watched: scalars that steps resolve.
            marks: those of the kinks at which nothing bends: somebody wants a state there.
        """
        self.solver, self.model, self.system = solver, solver.model, solver.model.system
        self._control, self._start, self._end = control, start, end
        self._margin = 1e-12 * max(end - start, abs(end))
        self._landings = [*sorted(kinks), end]
        self._bends = {*self._landings}.difference(marks)
        self._on_step, self._on_output = on_step, on_output
        # Measured at the start of the segment: what is already past its limit cannot cross it.
        self._stops = [stop for stop in stops if stop.distance() > 0]
        self._scalars = tuple(watched)
        self._flows = any(stop.flows for stop in self._stops)
        self._pending = list(outputs)
        self._between, self._seen = solver.x.duplicate(), solver.x.duplicate()
        self._offset = solver.x.duplicate()
        self._shift = 0.0
        self._evaluated = math.nan
        """Time of the last residual; its state is `_seen`."""
        self.history = History(control.order or HIGHEST_ORDER)
        norm = ErrorNorm(self.system, solver.tolerances, watched)
        self._pace = Pace(self.history, norm, control, bool(self.system.points))
        self._shortest = 1e-12 * max(end - start, 1e-3)
        self._instant = 1e-10 * (end - start)
        """A transient that is over within this is not resolved: order one damps it."""
        self._reason = 0
        self._futile = 0.0
        """Error for which the last step was given up before Newton's method had ended, or zero."""
        self._stopped: tuple[Stop, ...] = ()
        self._settled = False
        """The matrix is that of a state between steps."""

    def run(self) -> tuple[Stop, ...]:
        """Step to the end or to the first stop; gives the stops reached.

        Raises:
            ConvergenceError: with the last good state left in the model.
        """
        solver = self.solver
        self._snes = self._newton()
        if any(w.flows for w in self._scalars):
            solver.evaluate()
        self.history.begin(Past(self._start, solver.x.array_r.copy(), self._values()))
        if solver.errors is not None:
            solver.errors.begin()
        if solver.tangents is not None:
            solver.tangents.begin(self._start)
        first = self._control.first or 1e-4 * (self._landings[0] - self._start)
        self._pace.next = min(first, 0.5 * (self._landings[0] - self._start))
        try:
            for taken in self._steps():
                self._accepted(taken)
                if self._stopped:
                    break
        except _Failed as failed:
            solver.x.array[:] = self.history.past[0].x
            self.system.read(solver.x)
            said = solver.diagnosis.explain("stepping in time", failed.reason)
            raise ConvergenceError(said) from None
        finally:
            solver.forget_options()
            if self._elimination is not None:
                solver.statistics.linear += self._elimination.iterations
            self._snes.destroy()
        return self._stopped

    # -- steps -----------------------------------------------------------------

    def _steps(self) -> Iterator[Taken]:
        """Steps that are good, one after another, to the end."""
        yield from self._first_two()
        while self.history.t < self._end - self._margin:
            yield self._step()

    def _first_two(self) -> Iterator[Taken]:
        """Two steps of order one: only the second can be judged, and the first with it."""
        history, h = self.history, self._pace.next
        start, tries = history.t, 0
        while True:
            t = self._fitted(start + h)
            first = self._attempt(t)
            if first is not None and t >= self._end - self._margin:
                yield first
                return
            if first is not None:
                history.add(first.past)
                second = self._attempt(self._fitted(t + (t - start)))
                error = math.inf if second is None else self._error(second)
                history.drop()
                good = error <= 1 or not self._control.adaptive or h < self._instant
                if second is not None and good:
                    break
                ratio = self._unsolved() if second is None else self._pace.shorter(error)
            else:
                ratio = self._unsolved()
            tries += 1
            h *= ratio
            self._reject(h, tries)
        assert second is not None
        # As long as the second one and bent alike, the first errs as it does.
        yield replace(first, defect=second.defect)
        if history.t >= self._end - self._margin or self._stopped:
            return
        if history.t == first.past.t:  # else the first was cut short
            self._pace.plan(second.past, error)
            yield second

    def _step(self) -> Taken:
        """One step, as long as its error allows."""
        history, h, tries = self.history, self._pace.next, 0
        while True:
            t = self._fitted(history.t + h)
            h = t - history.t
            taken = self._attempt(t)
            if taken is None:
                ratio = self._unsolved()
            else:
                error = self._error(taken)
                over = self._over(t)
                if error <= 1 or over or not self._control.adaptive:
                    self._pace.plan(taken.past, error)
                    return taken
                ratio = self._pace.shorter(error)
            tries += 1
            if tries > 2:
                history.order = 1
            h *= ratio
            self._reject(h, tries)

    def _over(self, t: float) -> bool:
        """Whether a step to t damps a transient that is not resolved."""
        return self.history.order == 1 and t - self._start < self._instant

    def _unsolved(self) -> float:
        """Ratio to a step that has no solution, of the one to try next."""
        return self._pace.shorter(self._futile) if self._futile else AFTER_FAILURE

    def _reject(self, h: float, tries: int) -> None:
        """Count a step that was not good.

        Raises:
            _Failed: there is no shorter one.
        """
        self.solver.statistics.rejected += 1
        if h < self._shortest or tries > MOST_REJECTIONS:
            raise _Failed(self._reason)

    def _fitted(self, t: float) -> float:
        """A step's end near t that leaves no sliver before the next landing."""
        now = self.history.t
        ahead = bisect_right(self._landings, now + self._margin)
        landing = next(iter(self._landings[ahead : ahead + 1]), self._end)
        if self._control.largest:
            t = min(t, now + self._control.largest)
        if t >= landing - max(self._margin, 1e-9 * (t - now)):
            return landing
        if self._control.adaptive and 2 * t - now > landing:
            return 0.5 * (now + landing)
        return t

    def _attempt(self, t: float, guess: Array | None = None) -> Taken | None:
        """Solve for the state at t; None if Newton's method fails."""
        history, solver = self.history, self.solver
        self._at(t)
        self.system.step = (t, *history.times[: history.order])
        self._shift, offset = history.rate(t)
        self._offset.array[:] = offset
        judged = guess is None and self._control.adaptive and not self._over(t)
        if guess is None:
            guess, _ = history.predicted(t, min(history.order + 1, len(history.past)))
        solver.x.array[:] = guess
        self._futile = 0.0
        if judged:
            solver.test.futile = self._watch(t)
        self._snes.solve(None, solver.x)
        solver.test.futile = None
        self._settled = False
        solver.statistics.newton += self._snes.getIterationNumber()
        if self._elimination is None:
            solver.statistics.linear += self._snes.getLinearSolveIterations()
        self._reason = int(self._snes.getConvergedReason())
        if self._reason <= 0:
            return None
        x = solver.x.array_r.copy()
        rate = self._shift * x + offset
        if self._scalars:
            self._put(t, rate)
        past, defect = Past(t, x, self._values()), None
        if solver.errors and (found := history.errors(past, history.order, growing=True)):
            defect = self._shift * found[0]
        return Taken(past, rate, self.system.step, defect)

    def _watch(self, t: float) -> Callable[[Array], bool]:
        """Tells after iterations of Newton's method whether the step to t is too inaccurate.

        Where particles fill up they are many, and the error is known after the first ones.
        """
        pace, last = self._pace, math.inf

        def futile(x: Array) -> bool:
            nonlocal last
            error, before = pace.of_unknowns(t, x), last
            last = error
            sure = error > 1 and abs(error - before) <= SETTLED_ERROR * (error - 1)
            self._futile = error if sure else 0.0
            return sure

        return futile

    def _error(self, taken: Taken) -> float:
        """Error of a step, relative to what is asked; none where nothing tells it."""
        return self._pace.error(taken.past) or 0.0

    # -- what PETSc calls ------------------------------------------------------

    def _newton(self) -> PETSc.SNES:
        """A SNES with the equations of a step."""
        snes = PETSc.SNES().create(self.system.comm)
        snes.setFunction(self._residual, self.system.vector.duplicate())
        snes.setJacobian(self._jacobian, self.system.operator)
        settings = {} if self.system.points else LAGGED
        self._elimination = self.solver.configure(snes, settings, stepping=True)
        return snes

    def _at(self, t: float) -> None:
        """Set the load of a time; values right of a jump hold in the whole segment."""
        inside = min(max(t, self._start + self._margin), self._end - self._margin)
        if inside != self.model.time:
            self.model.update(inside)

    def _residual(self, snes: PETSc.SNES, u: PETSc.Vec, F: PETSc.Vec) -> None:
        rate = self.solver.rate
        rate.array[:] = self._shift * u.array_r + self._offset.array_r
        self.system.residual(u, rate, F)
        self.solver.diagnosis.watch()
        u.copy(self._seen)
        self._evaluated = self.model.time

    def _jacobian(self, snes: PETSc.SNES, u: PETSc.Vec, J: PETSc.Mat, P: PETSc.Mat) -> None:
        self.system.jacobian(u, self.solver.rate, self._shift)

    # -- what a good step brings ---------------------------------------------------

    def _accepted(self, taken: Taken) -> None:
        """Record a step; write what is due inside it; shorten it where a stop is crossed."""
        solver, system, history = self.solver, self.system, self.history
        self._restore(taken)
        history.add(taken.past)
        if self._stops:
            self._look(solver.x)
            if nearest(self._stops) < 0:
                taken = self._land(taken)
        if solver.errors is not None:
            self._follow(solver.errors, taken)
        if solver.tangents is not None:
            self._differentiate(solver.tangents, taken)
        t = taken.past.t
        if t in self._bends:
            # Beyond a kink the error before tells little: as far as to here from the one before.
            longest = t - min(history.past[1].t, max(history.kink, self._start))
            self._pace.next = min(self._pace.next, longest)
            history.kink = t
        while self._pending and self._pending[0] < t:
            self._show(self._pending[0])
            if system.points:
                # Potentials bend sharply over a long step; lithium and temperature do not.
                solver.settle(self._between)
                self._evaluated, self._settled = math.nan, True
            self._on_output(self._pending.pop(0))
        self._restore(taken)
        self._put(t, taken.rate)
        self.model.accept()
        solver.diagnosis.clear()
        solver.unsettle()
        solver.statistics.steps += 1
        self._on_step(t)
        while self._pending and self._pending[0] <= t:
            self._on_output(self._pending.pop(0))  # of the very state that was recorded

    def _follow(self, errors: StepErrors, taken: Taken) -> None:
        """Carry the error of the state on to the end of a step; later where a stop is met late."""
        self._restore(taken)
        if self._settled:  # with a Jacobian of its own in the place of the step's
            self.solver.rate.array[:] = taken.rate
            shift = rate_weights(taken.step[0], taken.step[1:])[0]
            self.system.jacobian(self.solver.x, self.solver.rate, float(shift))
        errors.step(self._snes.getKSP(), taken.step, self.solver.x, taken.rate, taken.defect)
        self._evaluated = math.nan
        if not self._stopped:
            return
        wrong = nearest(self._stopped)
        self._put(taken.past.t, taken.rate)
        here, before = nearest(self._stopped), self.history.past[1].t
        back = LOOK_BACK * (taken.past.t - before)
        self._show(taken.past.t - back)
        falls = (nearest(self._stopped) - here) / back
        if falls > 0:
            errors.late((wrong - here) / falls, back, taken.rate)
        self._restore(taken)

    def _differentiate(self, tangents: Tangents, taken: Taken) -> None:
        """Let the derivatives of the run follow to the end of a step."""
        self._restore(taken)
        solver, ksp = self.solver, self._snes.getKSP()
        # Newton's last one is that of the iterate before: corrections with it may not converge.
        solver.rate.array[:] = taken.rate
        shift = float(rate_weights(taken.step[0], taken.step[1:])[0])
        self.system.jacobian(solver.x, solver.rate, shift)
        states = [p.x for p in self.history.past[: len(taken.step)]]
        end = MovingEnd(solver, ksp, taken.step, states)
        tangents.step(
            Linearised(ksp, taken.step, states, self.model.time, self._stopped, end.velocity)
        )
        self._evaluated, self._settled = math.nan, True
        self._restore(taken)

    def _restore(self, taken: Taken) -> None:
        """Make the end of a step the state of the solver."""
        self.system.step = taken.step
        self._at(taken.past.t)
        if not np.array_equal(self.solver.x.array_r, taken.past.x):
            self.solver.x.array[:] = taken.past.x

    def _put(self, t: float, rate: Array) -> None:
        """Leave values, rates and raw residuals of the solver's state in the model."""
        solver, system = self.solver, self.system
        solver.rate.array[:] = rate
        # Newton ends with the residual of the state that it found.
        if math.isclose(self.model.time, self._evaluated, rel_tol=1e-12) and self._seen.equal(
            solver.x
        ):
            system.read(solver.x, solver.rate)
        else:
            system.residual(solver.x, solver.rate, system.vector)
            self._evaluated = math.nan

    def _values(self) -> Array:
        """Watched scalars of the state in the model."""
        return np.array([w.value() for w in self._scalars])

    def _land(self, taken: Taken) -> Taken:
        """Take the last step again, so short that it ends where the first stop is reached.

        Interpolation inside the long step says about where; a secant over steps really taken says
        exactly.

        Returns:
            The step that stands in its place.
        """
        history = self.history
        before, end = history.past[1].t, taken.past.t
        known = [history.past[1], taken.past]

        def distance(t: float) -> float:
            self._show(t)
            return nearest(self._stops)

        def step_to(t: float) -> tuple[float, float]:
            nonlocal taken
            guess: Array | None
            guess = history.between(t) if len(known) <= 2 else _near(known, t)
            history.drop()
            for _ in range(MOST_REJECTIONS):
                again = self._attempt(t, guess)
                if again is not None:
                    break
                t, guess = before + AFTER_FAILURE * (t - before), None
            else:
                raise _Failed(self._reason)
            taken = again
            history.add(again.past)
            known.append(again.past)
            self._look(self.solver.x)
            return t, nearest(self._stops)

        around = [(t, distance(t)) for t in (before, end)]
        land(step_to, locate(distance, before, end), *around)
        self._stopped = tuple(s for s in self._stops if s.distance() <= 2 * s.tolerance)
        return taken

    def _show(self, t: float) -> None:
        """Put the state of a time inside the last step into the model."""
        self._at(t)
        self._between.array[:] = self.history.between(t)
        self._look(self._between)

    def _look(self, x: PETSc.Vec) -> None:
        """Put a state into the model, with its flows where a stop needs them."""
        if self._flows:
            self.system.residual(x, None, self.system.vector)
            self._evaluated = math.nan
        else:
            self.system.read(x)


class _Failed(Exception):
    """No step short enough succeeds."""

    def __init__(self, reason: int) -> None:
        super().__init__(reason)
        self.reason = reason


def _near(states: Sequence[Past], t: float) -> Array:
    """The polynomial through the states nearest to a time, at that time."""
    near = sorted(states, key=lambda state: abs(state.t - t))[:NEIGHBOURS]
    return combined(value_weights(t, [s.t for s in near]), (s.x for s in near))
