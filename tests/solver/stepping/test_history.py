"""The formulas of the time stepper: exact where they must be, and of their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulestack.simulation.observe.integral import Integral
from joulestack.solver.stepping.history import (
    HIGHEST_ORDER,
    History,
    Past,
    error_share,
    rate_weights,
    value_weights,
)

ORDERS = range(1, HIGHEST_ORDER + 1)
STEPS = st.lists(st.floats(0.3, 3.0), min_size=HIGHEST_ORDER + 2, max_size=HIGHEST_ORDER + 2)


def times_of(steps: list[float]) -> list[float]:
    """Newest first, from zero backwards."""
    return [0.0, *(-np.cumsum(steps)).tolist()]


def polynomial(degree: int) -> np.polynomial.Polynomial:
    return np.polynomial.Polynomial(1.0 + np.arange(degree + 1) / 3.0)


@pytest.mark.parametrize("order", ORDERS)
@given(steps=STEPS)
def test_rates_of_polynomials_are_exact(order: int, steps: list[float]) -> None:
    t, *past = times_of(steps)
    p = polynomial(order)
    weights = rate_weights(t, past[:order])
    found = weights @ p(np.array([t, *past[:order]]))
    assert found == pytest.approx(p.deriv()(t), rel=1e-7, abs=1e-7)
    at = 0.5 * past[0]
    through = [t, *past[:order]]
    between = value_weights(at, through) @ p(np.array(through))
    assert between == pytest.approx(p(at), rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("order", ORDERS)
@given(steps=STEPS)
def test_the_error_of_a_step_by_its_closed_form(order: int, steps: list[float]) -> None:
    """x = t^(k+1) is integrated with an error that a step of order k is told exactly."""
    t, *past = times_of(steps)
    p = np.polynomial.Polynomial.basis(order + 1)
    weights = rate_weights(t, past[:order])
    before = np.array(past[:order])
    solved = (p.deriv()(t) - weights[1:] @ p(before)) / weights[0]
    predicted = value_weights(t, past[: order + 1]) @ p(np.array(past[: order + 1]))
    told = error_share(t, past[: order + 1]) * (p(t) - predicted)
    # The step misses the solution by the rate that its polynomial misses, over a_0.
    assert solved - p(t) == pytest.approx(told, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("order", ORDERS)
def test_order_in_time_with_steps_that_vary(order: int) -> None:
    """x' = -x + sin 3t by steps h, 1.5 h, h, ...; exact states to begin with."""

    def exact(t: float) -> float:
        return 1.3 * np.exp(-t) + (np.sin(3 * t) - 3 * np.cos(3 * t)) / 10

    def error(count: int) -> float:
        h = 1.0 / count
        history = History(order)
        history.begin(Past(-h * order, np.array([exact(-h * order)]), np.zeros(0)))
        for k in range(order - 1, -1, -1):
            history.add(Past(-h * k, np.array([exact(-h * k)]), np.zeros(0)))
        history.order = order
        while history.t < 1 - 1e-12:
            t = min(history.t + (h if len(history.past) % 2 else 1.5 * h), 1.0)
            a, before = history.rate(t)
            x = (np.sin(3 * t) - before) / (a + 1.0)
            history.add(Past(t, x, np.zeros(0)))
        return abs(float(history.past[0].x[0]) - exact(1.0))

    errors = [error(n) for n in (40, 80, 160)]
    slopes = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert slopes[-1] == pytest.approx(order, abs=0.25)


@pytest.mark.parametrize("order", ORDERS)
def test_integrals_balance_as_the_steps_do(order: int) -> None:
    """What is stored, integrated by the weights of the steps, is what the state has gained."""
    rng = np.random.default_rng(order)
    times = np.concatenate([[0.0], np.cumsum(rng.uniform(0.5, 1.5, 12))])
    state = rng.normal(size=len(times))
    integral = Integral()
    integral.add(0.0, np.zeros(1), None)
    for n in range(1, len(times)):
        step = times[n::-1][: min(order, n) + 1]
        rate = rate_weights(step[0], step[1:]) @ state[n::-1][: len(step)]
        integral.add(times[n], np.array([rate]), step.tolist())
    assert integral.value[0] == pytest.approx(state[-1] - state[0], abs=1e-9)


def test_records_that_are_no_steps_are_integrated_by_trapezoids() -> None:
    integral = Integral()
    for t in (0.0, 0.5, 2.0):
        integral.add(t, np.array([3.0 * t]), (t, t - 0.1) if t else None)
    assert integral.value[0] == pytest.approx(6.0, rel=1e-14)


@pytest.mark.parametrize("ratio", [0.03, 0.3, 1.0])
def test_error_beyond_a_kink_is_not_told_too_small(ratio: float) -> None:
    """x' = t before zero, 0 after it: a short step after long ones misses by all its curvature."""
    history = History(2)
    history.begin(Past(-2.0, np.array([2.0]), np.zeros(0)))
    for t in (-1.0, 0.0):
        history.add(Past(t, np.array([0.5 * t**2]), np.zeros(0)))
    history.order, history.kink = 2, 0.0
    a, before = history.rate(ratio)
    x = -before / a
    errors = history.errors(Past(ratio, x, np.zeros(0)), 2)
    assert errors is not None
    assert abs(x[0]) > 0.1 * ratio**2
    assert abs(x[0]) <= abs(errors[0][0]) <= 4.1 * abs(x[0])
