"""Hard loads: each passes, within a number of steps that is bounded at the tolerances below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from joulestack.solver.stepper import Stop, Tolerances
from tests.verification.half_cell import half_cell, particles
from tests.verification.harness import Run

C = 35.0  # A/m2
ASKED = Tolerances(temperature=1e-4, lithiation=3e-4, potential=1e-9)


def passes(
    end: float,
    current: Callable[[float], float | None],
    jumps: Sequence[float] = (),
    start: float = 0.5,
    until: tuple[float, float] | None = None,
    **more: Any,
) -> Run:
    """Run; `until` is a voltage, reached from above (1.0) or below (-1.0)."""
    setup = half_cell([particles(start, dUdT=1e-4)], current, lumped=True, **more)
    run = Run(setup, tolerances=ASKED)
    stops = []
    if until is not None:
        sign, limit = until
        stops = [Stop("cut-off", lambda: sign * (run.observer.voltage() - limit), 1e-5)]
    met = run.advance(end, list(jumps), stops)
    assert bool(met) == bool(stops)
    statistics = run.stepper.statistics
    print(f"MEASURED robust {statistics}")
    return run


def bounded(run: Run, steps: int, newton: int) -> None:
    statistics = run.stepper.statistics
    assert statistics.steps <= steps
    assert statistics.newton <= newton


def test_from_rest_to_10C() -> None:
    bounded(passes(100.0, lambda t: 0.0 if t < 10 else 10 * C, [10.0]), 60, 250)


def test_reversal_at_5C() -> None:
    bounded(passes(200.0, lambda t: 5 * C if t < 100 else -5 * C, [100.0]), 70, 250)


def test_pulse_of_10C_and_rest() -> None:
    """A second at 10C, an hour of rest: the voltage comes back to that of the new mean."""
    run = passes(3601.0, lambda t: 10 * C if t < 1 else 0.0, [1.0])
    bounded(run, 80, 250)
    assert abs(run.row["Current [A]"]) < 1e-12


@pytest.mark.parametrize(("start", "rate", "limit"), [
    (0.985, 1.0, (1.0, 3.0)), (0.999, 0.2, (1.0, 3.0)),
    (0.01, -1.0, (-1.0, 4.9)), (0.002, -0.1, (-1.0, 4.8)),
])  # fmt: skip
def test_nearly_empty_and_nearly_full(
    start: float, rate: float, limit: tuple[float, float]
) -> None:
    """Into the wall: particles with hardly a site, or hardly an ion, left."""
    bounded(passes(3600.0, lambda t: rate * C, start=start, until=limit), 60, 300)


@pytest.mark.parametrize(("start", "held"), [(0.27, 3.6), (0.9, 4.3), (0.5, 3.0)])
def test_hold_far_from_equilibrium(start: float, held: float) -> None:
    """A voltage that is 0.7 V or so away from the cell's own, for ten minutes."""
    run = passes(600.0, lambda t: None, start=start, voltage=lambda t: held)
    bounded(run, 130, 500)
    assert run.row["Voltage [V]"] == pytest.approx(held, abs=1e-9)


def test_from_rest_to_full_discharge_at_5C() -> None:
    run = passes(2000.0, lambda t: 0.0 if t < 60 else 5 * C, [60.0], start=0.27, until=(1.0, 3.0))
    bounded(run, 90, 450)
