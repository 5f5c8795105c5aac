"""How long the next step may be, and of which order: by the errors of the last one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from joulestack.solver.control import StepControl
from joulestack.solver.stepping.error_norm import ErrorNorm
from joulestack.solver.stepping.history import History, Past

Array = npt.NDArray[np.float64]

SAFETY = 0.9
"""Part of the step that its error allows."""

CAUTIOUS = 0.8
"""The same where particles fill up suddenly."""

SHORTEST_RATIO = 0.1
LONGEST_RATIO = {1: 3.0, 2: 3.0}
LONGEST_RATIO_HIGH = 2.0
"""Of a step to the one before, by order: high orders are unstable where steps grow too fast."""

RELUCTANT = 0.9
"""A higher order has to allow a step this much longer."""


class Pace:
    """Judges steps against what is asked and plans the next one.

    Attributes:
        next: length of the next step [s].
    """

    def __init__(
        self, history: History, norm: ErrorNorm, control: StepControl, sudden: bool
    ) -> None:
        """Nothing is planned yet.

        Args:
            history: of the steps taken; its order is planned too.
            norm: size of an error.
            control: bounds on the steps.
            sudden: something may be full or empty suddenly.
        """
        self._history, self._norm, self._control = history, norm, control
        self._safety = CAUTIOUS if sudden else SAFETY
        self.next = 0.0

    def error(self, new: Past, order: int | None = None) -> float | None:
        """Error of a step, relative to what is asked; None where nothing tells it.

        Args:
            new: its end.
            order: that it might have had; None: its own.
        """
        errors = self._history.errors(new, order or self._history.order)
        return None if errors is None else self._norm(errors, new.x, self._history.past[0].x)

    def of_unknowns(self, t: float, x: Array) -> float:
        """Error of a step to t that ends at unknowns x, what is watched left out; zero: unknown."""
        history = self._history
        if len(history.past) < history.order + 1:
            return 0.0
        _, watched = history.predicted(t, history.order + 1)
        return self.error(Past(t, x, watched)) or 0.0

    def shorter(self, error: float) -> float:
        """Ratio to a step that was too inaccurate, of the one to try next."""
        return min(max(self._ratio(error, self._history.order), SHORTEST_RATIO), 0.9)

    def plan(self, new: Past, error: float) -> None:
        """Choose length and order of the next step, by the errors at neighbouring orders.

        Args:
            new: end of a good step that is not in the history yet.
            error: of it.
        """
        history = self._history
        h, order = new.t - history.t, history.order
        if not self._control.adaptive:
            history.order = min(order + (history.since >= order), history.highest)
            history.since = 0 if history.order > order else history.since
            self.next = self._control.largest or h
            return
        ratios = {order: self._ratio(error, order)}
        for other in (order - 1, order + 1):
            if other < 1 or (other > order and history.since < order):
                continue
            size = self.error(new, other)
            if size is not None:
                ratios[other] = self._ratio(size, other) * (RELUCTANT if other > order else 1.0)
        best = max(ratios, key=ratios.__getitem__)
        if best != order:
            history.order, history.since = best, 0
        most = LONGEST_RATIO.get(best, LONGEST_RATIO_HIGH)
        self.next = h * min(max(ratios[best], SHORTEST_RATIO), most)

    def _ratio(self, error: float, order: int) -> float:
        return float(self._safety * max(error, 1e-12) ** (-1.0 / (order + 1)))
