"""Steps that end where a stop is met: the one that crosses it is taken again, shorter.

Where inside a step that is, `event_location.py` finds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from joulestack.solver.control import Stop
from joulestack.solver.event_location import land, locate, nearest
from joulestack.solver.stepping.history import Past, combined, value_weights
from joulestack.solver.stepping.step_errors import StepErrors
from joulestack.solver.stepping.step_solver import Failed, StepSolver, Taken

Array = npt.NDArray[np.float64]

AFTER_FAILURE = 0.25
"""Part of a step at which Newton's method failed that is tried next."""

MOST_REJECTIONS = 40

LOOK_BACK = 0.1
"""Part of the last step over which the speed is taken at which a limit was approached."""

NEIGHBOURS = 3
"""States near a limit that a retaken step is guessed from."""


class Landing:
    """Watches the stops of a stretch.

    Attributes:
        met: stops that the last step has reached.
        flows: whether any of them asks for flows.
        watched: places, among the stops that were given, of those that count.
    """

    def __init__(
        self, steps: StepSolver, stops: Sequence[Stop], watched: list[int] | None = None
    ) -> None:
        """Look where the stretch begins: what is already past its limit cannot cross it.

        Args:
            steps: solves for them.
            stops: of the stretch.
            watched: which of them count, where a run goes on; None: look.
        """
        self._steps = steps
        if watched is None:
            watched = [n for n, stop in enumerate(stops) if stop.distance() > 0]
        self.watched = watched
        self._stops = [stops[n] for n in watched]
        self.flows = any(stop.flows for stop in self._stops)
        self.met: tuple[Stop, ...] = ()

    def shortened(self, taken: Taken) -> Taken:
        """The step just added to the history or, where it crosses a stop, the one up to there."""
        if self._stops:
            self._steps.look(self.flows)
            if nearest(self._stops) < 0:
                return self._land(taken)
        return taken

    def _land(self, taken: Taken) -> Taken:
        """Take the last step again, so short that it ends where the first stop is reached.

        Interpolation inside the long step says about where; a secant over steps really taken says
        exactly.
        """
        steps, history = self._steps, self._steps.history
        before, end = history.past[1].t, taken.past.t
        known = [history.past[1], taken.past]

        def distance(t: float) -> float:
            steps.show(t, self.flows)
            return nearest(self._stops)

        def step_to(t: float) -> tuple[float, float]:
            nonlocal taken
            guess: Array | None
            guess = history.between(t) if len(known) <= 2 else _near(known, t)
            history.drop()
            for _ in range(MOST_REJECTIONS):
                again = steps.attempt(t, guess)
                if again is not None:
                    break
                t, guess = before + AFTER_FAILURE * (t - before), None
            else:
                raise Failed(steps.reason)
            taken = again
            history.add(again.past)
            known.append(again.past)
            steps.look(self.flows)
            return t, nearest(self._stops)

        around = [(t, distance(t)) for t in (before, end)]
        land(step_to, locate(distance, before, end), *around)
        self.met = tuple(s for s in self._stops if s.distance() <= 2 * s.tolerance)
        return taken

    def follow(self, errors: StepErrors, taken: Taken) -> None:
        """Carry the error of the state on to the end of a step; later where a stop is met late."""
        steps = self._steps
        steps.follow(errors, taken, corrected=bool(self.met))
        if not self.met:
            return
        wrong = nearest(self.met)
        steps.restore(taken)
        steps.put(taken.past.t, taken.rate)
        here, before = nearest(self.met), steps.history.past[1].t
        back = LOOK_BACK * (taken.past.t - before)
        steps.show(taken.past.t - back, self.flows)
        falls = (nearest(self.met) - here) / back
        if falls > 0:
            errors.late((wrong - here) / falls, back, taken.rate)
        steps.restore(taken)


def _near(states: Sequence[Past], t: float) -> Array:
    """The polynomial through the states nearest to a time, at that time; of one time the last."""
    known = {state.t: state for state in states}.values()
    near = sorted(known, key=lambda state: abs(state.t - t))[:NEIGHBOURS]
    return combined(value_weights(t, [s.t for s in near]), (s.x for s in near))
