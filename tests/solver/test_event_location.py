"""Landing on a limit inside a step: near enough, not beyond, in few tries."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulestack.solver.event_location import land, locate


def landed(distance: Callable[[float], float], start: float, end: float) -> tuple[float, int]:
    """Distance where `land` ended, and how often it took the step."""
    taken: list[float] = []

    def step_to(t: float) -> tuple[float, float]:
        taken.append(t)
        return t, distance(t)

    land(step_to, 0.5 * (start + end), (start, distance(start)), (end, distance(end)))
    return distance(taken[-1]), len(taken)


@given(st.floats(0.02, 0.98), st.floats(0.3, 30), st.floats(10, 1e5))
def test_anywhere_along_any_bend(root: float, bend: float, scale: float) -> None:
    """Falling ever steeper or ever flatter, the limit anywhere."""
    found, tries = landed(lambda t: scale * (root**bend - t**bend) / root**bend, 0.0, 1.0)
    assert 0 <= found <= 1
    assert tries <= 30


def test_a_voltage_that_collapses_takes_few_steps() -> None:
    """1 mV/s and then 3 V in a moment, to 0.1 mV: a bracket alone would be halved 15 times."""

    def distance(t: float) -> float:
        volts = 0.05 - 1e-3 * t - 3.0 * np.exp(min(t - 60.0, 5.0))
        return float(volts / 1e-4)

    found, tries = landed(distance, 0.0, 70.0)
    assert 0 <= found <= 1
    assert tries <= 10


def test_a_step_cut_short_ends_the_search() -> None:
    calls: list[float] = []

    def step_to(t: float) -> tuple[float, float]:
        calls.append(t)
        return 0.1, 500.0

    land(step_to, 0.7, (0.0, 600.0), (1.0, -50.0))
    assert calls == [0.7]


def test_bisection_finds_the_last_moment_before() -> None:
    assert locate(lambda t: 1.0 - t, 0.0, 3.0) == pytest.approx(1.0, abs=1e-5)
