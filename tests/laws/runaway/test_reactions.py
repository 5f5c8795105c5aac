"""Rates of reactions against their equations, and powers of a share where it ends."""

from __future__ import annotations

import math

import pytest

from joulestack.laws.runaway.reactions import COLDEST, Activated, Barrier, Reaction, power

R = 8.314462618
A, E, T = 1e10, 1e5, 450.0
K = A * math.exp(-E / (R * T))


def rate(c: float, **more: object) -> float:
    return float(Reaction("r", Activated(A, E), 100.0, 2e5, **more).consumption(c, T))  # type: ignore[arg-type]


def test_equations() -> None:
    assert rate(0.3) == pytest.approx(K * 0.3, rel=1e-14)
    assert rate(0.3, order=2.0, autocatalysis=1.0) == pytest.approx(K * 0.09 * 0.7, rel=1e-14)
    assert rate(0.3, order=1.5) == pytest.approx(K * 0.3**1.5, rel=1e-9)
    assert rate(0.3, order=0.0) == pytest.approx(K, rel=1e-9)
    slowed = rate(0.3, start=0.9, barrier=Barrier(0.05, 0.2))
    assert slowed == pytest.approx(K * 0.3 * math.exp(-(0.05 + 0.6) / 0.2), rel=1e-14)
    most = 0.2 * K
    assert rate(0.3, limit=Activated(most, 0.0)) == pytest.approx(0.3 * K / 6, rel=1e-12)
    assert Reaction("r", Activated(A, E), 100.0, 2e5).heat == 2e7


@pytest.mark.parametrize("n", [0.0, 0.5, 1.0, 1.5, 3.0])
def test_a_step_that_overshoots_comes_back(n: float) -> None:
    """Below zero nothing is consumed faster, and nothing is not a number."""
    assert power(-1e-3, n) < 0
    assert power(0.0, n) == 0
    assert power(1e-3, n) == pytest.approx(1e-3**n, rel=1e-6)


def test_trial_temperatures_stay_finite() -> None:
    assert Activated(A, E).at(-3.0) == Activated(A, E).at(COLDEST)
