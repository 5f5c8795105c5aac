"""How far off the figures are that people look at, by what the time steps have erred."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from joulestack.constants import MILLIAMPERE_HOUR, WATT_HOUR
from joulestack.outputs import headline
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.integral import Integral
from joulestack.simulation.observe.observer import Observer
from joulestack.simulation.observe.sums import Floats
from joulestack.solver.stepping.history import (
    HIGHEST_ORDER,
    error_share,
    rate_weights,
    value_weights,
)

HEAT, VOLTAGE, CURRENT, HOTTEST = "Heat {} [W]", "Voltage [V]", "Current [A]", "Temperature max [K]"


NOTHING = 0.1
"""Part of the error of a voltage that is left at a limit of the voltage: what is not linear."""


class FigureErrors:
    """Compares each record with that of the corrected state (`solver/stepping/step_errors.py`).

    What is integrated errs by the error of what is integrated, and by the rule: an integral is an
    unknown like any other, stepped by the same formula.

    Attributes:
        slopes: at limits of the voltage that have ended a step: time [s] -> dV/dt [V/s] and that
            of the highest temperature [K/s], by column.
    """

    REMEMBERS = (
        "_late", "_approach", "_integral", "_past", "_wrong", "_peak", "_at_peak", "slopes",
    )  # fmt: skip

    def __init__(self, observer: Observer) -> None:
        """Nothing has been recorded."""
        self._observer = observer
        self._sources = [s.name for s in observer.model.terms.sources]
        self._seen: Row | None = None
        self._late = 0.0
        self._approach: tuple[float, Row] = (1.0, {})
        self._integral = Integral()
        self._past: list[tuple[float, Floats, Floats]] = []
        """Times, integrals and errors of these, newest first, since the load jumped."""
        self._wrong: Row = {}
        self._peak, self._at_peak = -math.inf, 0.0
        self.slopes: dict[float, Row] = {}

    def corrected(self) -> None:
        """Look at the corrected state, which is in the model."""
        self._seen = self._observer.glance()

    def late(self, seconds: float, back: float) -> None:
        """The record to come is that of a limit, which is met so much later in truth.

        Args:
            seconds: later [s].
            back: how long before the limit the state was that is in the model now [s].
        """
        self._late, self._approach = seconds, (back, self._observer.glance())

    def add(self, row: Row, step: Sequence[float] | None) -> None:
        """Take a record.

        Args:
            row: of the present state.
            step: as of `Integral.add`; None: the record is no end of a step.
        """
        t, rates = row["Time [s]"], self._rates(row)
        seen, self._seen = self._seen, None
        self._integral.add(t, rates, step)
        value = self._integral.value
        if step is None or seen is None:
            error = self._past[0][2] if self._past else np.zeros(len(value))
            self._past = [(t, value, error)]
        else:
            change = self._rates(seen) - rates
            self._past.insert(0, (t, value, self._carried(step, value, change)))
            del self._past[HIGHEST_ORDER + 2 :]
            wrong = {k: seen[k] - row[k] for k in (HOTTEST, VOLTAGE) if k in row}
            if self._late:
                self._postpone(row, rates, wrong)
            self._wrong = wrong
        if row[HOTTEST] > self._peak:
            self._peak, self._at_peak = row[HOTTEST], self._wrong.get(HOTTEST, 0.0)

    def _rates(self, row: Row) -> Floats:
        """What is integrated: charge and energy passed either way, heat by source."""
        current = row.get(CURRENT, 0.0)
        power = current * row.get(VOLTAGE, 0.0)
        return np.array(
            [abs(current), abs(power), *(row[HEAT.format(name)] for name in self._sources)]
        )

    def _carried(self, step: Sequence[float], value: Floats, change: Floats) -> Floats:
        """Errors of the integrals at the end of a step.

        Args:
            step: times of its formula.
            value: integrals there.
            change: what the rates err by.
        """
        weights, order = rate_weights(step[0], step[1:]), len(step) - 1
        wrong = change
        for weight, (_, _, error) in zip(weights[1:], self._past, strict=False):
            wrong = wrong - weight * error
        if len(self._past) > order:
            times = [t for t, _, _ in self._past[: order + 1]]
            foreseen = value_weights(step[0], times) @ [v for _, v, _ in self._past[: order + 1]]
            share = error_share(step[0], times)
            wrong = wrong - weights[0] * share * (value - foreseen)
        return np.asarray(wrong / weights[0])

    def _postpone(self, row: Row, rates: Floats, wrong: Row) -> None:
        """Go on with the true solution to the limit, which it meets later."""
        late, self._late = self._late, 0.0
        t, value, error = self._past[0]
        self._past[0] = t, value, error + late * rates
        back, before = self._approach
        slopes = {key: (row[key] - before[key]) / back for key in wrong}
        held = wrong.get(VOLTAGE, 0.0)
        for key, slope in slopes.items():
            wrong[key] += late * slope
        if held and abs(wrong[VOLTAGE]) <= NOTHING * abs(held):
            self.slopes[t] = slopes

    def figures(self, durations: Sequence[float] = ()) -> dict[str, float]:
        """Errors of the headline figures that the steps make: true less present value.

        Args:
            durations: errors of the durations of the protocol's steps [s].
        """
        found = {headline.LARGEST_RISE: self._at_peak}
        if VOLTAGE in self._wrong:
            found[headline.VOLTAGE] = self._wrong[VOLTAGE]
        found |= {headline.lasts(i): late for i, late in enumerate(durations)}
        if self._past:
            charge, energy, *heats = self._past[0][2]
            found[headline.CHARGE] = charge / MILLIAMPERE_HOUR
            found[headline.ENERGY] = energy / WATT_HOUR
            found |= {headline.heat(n): h for n, h in zip(self._sources, heats, strict=True)}
        return {name: float(error) for name, error in found.items()}
