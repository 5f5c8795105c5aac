"""One stretch of the load, between two of its jumps: BDF whose steps and orders follow the error.

The formulas are in `stepping/history.py`; `stepping/pace.py` judges a step and plans the next one.
`step_solver.py` solves for the end of a step, `landing.py` has it end at the first stop. Here is
how steps follow each other, and what is due when one is good.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from joulestack import interruption
from joulestack.errors import ConvergenceError
from joulestack.solver.control import StepControl, Stop, Watched
from joulestack.solver.solves import Solver
from joulestack.solver.stepping.error_norm import ErrorNorm
from joulestack.solver.stepping.history import HIGHEST_ORDER, History, Past
from joulestack.solver.stepping.landing import AFTER_FAILURE, MOST_REJECTIONS, Landing
from joulestack.solver.stepping.pace import Pace
from joulestack.solver.stepping.step_solver import Failed, StepSolver, Taken

Array = npt.NDArray[np.float64]

SETTLED_ERROR = 0.25
"""A step's error changes from one iteration of Newton's method to the next by no more than so much
of what it is too large by: it stays too large."""


@dataclass
class Going:
    """A segment between two of its steps: with the state, what its next ones follow from.

    Attributes:
        start, end: of the segment [s].
        history: states of the last steps, on this rank.
        next: length of the next step [s].
        watched: places, among the stops that it was given, of those that count.
        near: tolerance of the last of these, where a power is given; else nan.
    """

    REMEMBERS = ("start", "end", "history", "next", "watched", "near")

    start: float = 0.0
    end: float = 0.0
    history: History = field(default_factory=History)
    next: float = 0.0
    watched: list[int] = field(default_factory=list)
    near: float = math.nan


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
        near: float = math.nan,
        going: Going | None = None,
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
            near: tolerance of the last stop, where it is one that only the state tells.
            going: what it stood at when a run was cut off, with its state in the solver.
        """
        self.solver, self.model = solver, solver.model
        self._control, self._start, self._end = control, start, end
        self._margin = 1e-12 * max(end - start, abs(end))
        self._landings = [*sorted(kinks), end]
        self._bends = {*self._landings}.difference(marks)
        self._on_step, self._on_output = on_step, on_output
        self._pending = [t for t in outputs if going is None or t > going.history.t]
        self._near = near
        self._resumed, self._mark = going, going
        self._good: Taken | None = None
        """The last step that was recorded."""
        self.history = History(control.order or HIGHEST_ORDER)
        norm = ErrorNorm(self.model.system, solver.tolerances, watched)
        self._pace = Pace(self.history, norm, control, bool(self.model.system.points))
        self._solves = StepSolver(solver, self.history, start, end, watched)
        self._landing = Landing(self._solves, stops, None if going is None else going.watched)
        self._shortest = 1e-12 * max(end - start, 1e-3)
        self._instant = 1e-10 * (end - start)
        """A transient that is over within this is not resolved: order one damps it."""
        self._futile = 0.0
        """Error for which the last step was given up before Newton's method had ended, or zero."""

    def run(self) -> tuple[Stop, ...]:
        """Step to the end or to the first stop; gives the stops reached.

        Raises:
            ConvergenceError: with the last good state left in the model.
        """
        solver = self.solver
        start = self._begin() if self._resumed is None else self._resume(self._resumed)
        try:
            with interruption.held():
                for taken in self._steps():
                    self._accepted(taken)
                    if self._landing.met:
                        break
        except Failed as failed:
            solver.x.array[:] = self.history.past[0].x
            self._solves.look()
            said = solver.diagnosis.explain("stepping in time", failed.reason)
            raise ConvergenceError(said) from None
        except interruption.Interrupted as told:
            if told.orderly:
                self._back_to(start if self._good is None else self._good)
                if self._solves.cut:
                    solver.on_pause(self._mark)
            raise
        finally:
            solver.test.breakable = False
            self._solves.close()
        return self._landing.met

    def _begin(self) -> Past:
        """Start from the state of the solver."""
        solver = self.solver
        self._solves.begin(self._start)
        if solver.errors is not None:
            solver.errors.begin()
        if solver.tangents is not None:
            solver.tangents.begin(self._start)
        first = self._control.first or 1e-4 * (self._landings[0] - self._start)
        self._pace.next = min(first, 0.5 * (self._landings[0] - self._start))
        return self.history.past[0]

    def _resume(self, going: Going) -> Past:
        """Go on where a run was cut off."""
        history, known = self.history, going.history
        history.past, history.order = list(known.past), known.order
        history.since, history.kink = known.since, known.kink
        self._pace.next = going.next
        self._solves.at(history.t)
        self._solves.put(history.t, self.solver.rate.array_r.copy())
        return history.past[0]

    def _stands(self) -> Going:
        """What the next steps follow from."""
        self._solves.count_linear()
        history = replace(self.history, past=list(self.history.past))
        watched = self._landing.watched
        return Going(self._start, self._end, history, self._pace.next, watched, self._near)

    def _back_to(self, recorded: Taken | Past) -> None:
        """Put the state of the last record back into the model."""
        solves = self._solves
        if isinstance(recorded, Taken):
            solves.restore(recorded)
            solves.put(recorded.past.t, recorded.rate)
            return
        solves.at(recorded.t)
        self.solver.x.array[:] = recorded.x
        solves.look()

    # -- steps -----------------------------------------------------------------

    def _steps(self) -> Iterator[Taken]:
        """Steps that are good, one after another, to the end."""
        if self._resumed is None:
            yield from self._first_two()
        while self.history.t < self._end - self._margin:
            self._mark = self._stands()
            self.solver.pause(self._mark)
            self.solver.test.breakable = True
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
        if history.t >= self._end - self._margin or self._landing.met:
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
            Failed: there is no shorter one.
        """
        self.solver.statistics.rejected += 1
        if h < self._shortest or tries > MOST_REJECTIONS:
            raise Failed(self._solves.reason)

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

    def _attempt(self, t: float) -> Taken | None:
        """Solve for the state at t; None if Newton's method fails or gives up a step too long."""
        self._futile = 0.0
        judged = self._control.adaptive and not self._over(t)
        return self._solves.attempt(t, futile=self._watch(t) if judged else None)

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

    # -- what a good step brings ---------------------------------------------------

    def _accepted(self, taken: Taken) -> None:
        """Record a step; write what is due inside it; shorten it where a stop is crossed."""
        solver, solves, history = self.solver, self._solves, self.history
        solves.restore(taken)
        history.add(taken.past)
        taken = self._landing.shortened(taken)
        if solver.errors is not None:
            self._landing.follow(solver.errors, taken)
        if solver.tangents is not None:
            solves.differentiate(solver.tangents, taken, self._landing.met)
        t = taken.past.t
        if t in self._bends:
            # Beyond a kink the error before tells little: as far as to here from the one before.
            longest = t - min(history.past[1].t, max(history.kink, self._start))
            self._pace.next = min(self._pace.next, longest)
            history.kink = t
        while self._pending and self._pending[0] < t:
            solves.show(self._pending[0], self._landing.flows)
            solves.settle()
            self._on_output(self._pending.pop(0))
        solves.restore(taken)
        solves.put(t, taken.rate)
        self._good = taken
        self.model.accept()
        solver.diagnosis.clear()
        solver.unsettle()
        solver.statistics.steps += 1
        self._on_step(t)
        while self._pending and self._pending[0] <= t:
            self._on_output(self._pending.pop(0))  # of the very state that was recorded
