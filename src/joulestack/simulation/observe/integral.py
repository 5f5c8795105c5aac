"""Integrals in time with the weights of the steps that were taken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joulestack.simulation.observe.sums import Floats
from joulestack.solver.stepping.history import HIGHEST_ORDER, rate_weights


class Integral:
    """Of several rates, as the time stepper would integrate them.

    A BDF step from a_0 I + a_1 I_1 + ... = P makes heat and charge balance over a run as well as
    Newton's method balances them in a step; another rule would add an error of its own. Where the
    records are not those of the steps (a script that measures now and then) the rule is the
    trapezoidal one.

    Attributes:
        value: since the first record.
    """

    REMEMBERS = ("value", "_past", "_rates")

    def __init__(self) -> None:
        """Nothing has been recorded."""
        self.value: Floats = np.zeros(0)
        self._past: list[tuple[float, Floats]] = []
        """Times and values, newest first."""
        self._rates: Floats = np.zeros(0)

    def add(self, t: float, rates: Floats, step: Sequence[float] | None) -> None:
        """Integrate to time t.

        Args:
            t: [s].
            rates: at t, of everything that is integrated.
            step: times whose states the step to t took its rate from, t first; None at a start
                and after a jump of the load.
        """
        if not self._past:
            self.value = np.zeros(len(rates))
        else:
            self.value = self.until(t, rates, step)
        if step is None:
            self._past.clear()
        self._past.insert(0, (t, self.value))
        del self._past[HIGHEST_ORDER + 1 :]
        self._rates = np.array(rates, dtype=float)

    def until(self, t: float, rates: Floats, step: Sequence[float] | None) -> Floats:
        """Values at t, without noting them; arguments as of `add`."""
        known = [at for at, _ in self._past]
        if step and step[0] == t and list(step[1:]) == known[: len(step) - 1]:
            weights = rate_weights(t, step[1:])
            before = sum(w * v for w, (_, v) in zip(weights[1:], self._past, strict=False))
            return np.asarray((rates - before) / weights[0])
        last, value = self._past[0]
        return value + 0.5 * (t - last) * (rates + self._rates)
