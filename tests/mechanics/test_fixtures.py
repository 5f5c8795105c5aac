"""Fixtures against their closed forms, with both limits and the loss of contact."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.mechanics.fixtures import TOUCH, Fixture, Stop, lost, pressing

P0 = 5e6


def test_constant_pressure_does_not_answer() -> None:
    assert Fixture("constant pressure").pressure(30e-6, P0) == pytest.approx(P0, rel=1e-7)


def test_spring_in_series_with_the_layers() -> None:
    """p = p0 + dh/(1/k + C): 20 N/mm on 1 cm2 is 2e8 Pa/m."""
    spring = Fixture("spring", stiffness=2e8, compliance=5e-15)
    assert spring.pressure(10e-6, P0) == pytest.approx(P0 + 10e-6 / (5e-9 + 5e-15), rel=1e-6)


def test_fixed_gap_limits() -> None:
    """A rigid frame leaves the layers alone to give; a soft frame holds the pressure."""
    C = 1e-3 / 20e9
    rigid = Fixture("fixed gap", stiffness=np.inf, compliance=C)
    assert rigid.pressure(1e-6, P0) == pytest.approx(P0 + 1e-6 / C, rel=1e-9)
    soft = Fixture("fixed gap", stiffness=1.0, compliance=C)
    assert soft.pressure(1e-6, P0) == pytest.approx(P0, rel=1e-7)
    stiff = Fixture("fixed gap", stiffness=1e20, compliance=C)
    assert stiff.pressure(1e-6, P0) == pytest.approx(rigid.pressure(1e-6, P0), rel=1e-6)


def test_stops_are_met_after_their_travel() -> None:
    """Before: spring alone. Beyond: both in parallel, in series with the layers."""
    k, k_stop, C, travel = 1e9, 1e12, 2e-13, 10e-6
    fixture = Fixture("spring", k, C, (Stop(travel, k_stop),))
    before = fixture.elastic(5e-6, P0)
    assert before == pytest.approx(P0 + k * 5e-6 / (1 + k * C), rel=1e-4)
    dh = 30e-6
    u = (dh + C * k_stop * travel) / (1 + C * (k + k_stop))
    assert fixture.elastic(dh, P0) == pytest.approx(P0 + k * u + k_stop * (u - travel), rel=1e-4)


def test_stops_leave_no_kink() -> None:
    """Slope changes by less than a few percent between neighbouring points."""
    fixture = Fixture("spring", 1e9, 2e-13, (Stop(10e-6, 1e11),))
    dh = np.linspace(8e-6, 12e-6, 8001)
    slope = np.diff(fixture.elastic(dh, P0)) / np.diff(dh)
    assert slope.max() > 50 * slope.min()
    assert np.abs(np.diff(slope)).max() < 0.01 * slope.max()


@pytest.mark.parametrize("p", [-1e9, -1e6, -1e3, 0.0, 1e3, 1e6, 1e9])
def test_pressing_is_above_zero_and_smooth(p: float) -> None:
    h = max(1e-3 * abs(p), 1.0)
    left, here, right = (pressing(v) for v in (p - h, p, p + h))
    assert 0 < left < here < right
    exact = 0.5 * (1 + p / np.sqrt(p * p + TOUCH**2))
    assert (right - left) / (2 * h) == pytest.approx(exact, rel=1e-3)


def test_pressing_leaves_a_held_stack_alone() -> None:
    assert pressing(P0) == pytest.approx(P0, rel=1e-7)
    assert pressing(-P0) < 1.0
    assert lost(-1.0)
    assert not lost(P0)


def test_reserve_is_the_shrinkage_that_loses_contact() -> None:
    spring = Fixture("spring", stiffness=2e11)
    assert spring.reserve(P0) == pytest.approx(25e-6)
    assert spring.elastic(-spring.reserve(P0), P0) == pytest.approx(0.0, abs=1e-6)
    assert Fixture("constant pressure").reserve(P0) == np.inf
