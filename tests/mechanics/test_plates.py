"""Pressure over a face against force and moment balances."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.mechanics.fixtures import Fixture
from joulestack.mechanics.plates import Tightening, spread

SIDE, COUNT, P0, C = 20e-3, 9, 5e6, 1e-14
FIXTURE = Fixture("spring", stiffness=2e11, compliance=C)


def face() -> tuple[np.ndarray, np.ndarray]:
    """Points and areas of a square whose corners count a quarter."""
    x = np.linspace(0, SIDE, COUNT)
    at = np.stack(np.meshgrid(x, x, indexing="ij"), axis=-1).reshape(-1, 2)
    w = np.ones(COUNT)
    w[[0, -1]] = 0.5
    return at, np.outer(w, w).ravel() * (SIDE / (COUNT - 1)) ** 2


@pytest.mark.parametrize("balance", ["points", "plate", "tilting plate"])
def test_even_growth_is_that_of_the_fixture(balance: str) -> None:
    at, areas = face()
    p = spread(balance, FIXTURE, np.full(len(at), 1e-6), np.full(len(at), P0), areas, at)
    assert p == pytest.approx(np.full(len(at), FIXTURE.pressure(1e-6, P0)), rel=1e-9)


def test_points_answer_for_themselves() -> None:
    at, areas = face()
    dh, p0 = 1e-6 * (1 + at[:, 0] / SIDE), P0 * (1 + 0.3 * at[:, 1] / SIDE)
    p = spread("points", FIXTURE, dh, p0, areas, at)
    assert p == pytest.approx(p0 + dh * FIXTURE.response, rel=1e-6)


def test_guided_plate_presses_on_what_has_grown() -> None:
    at, areas = face()
    dh = 1e-8 * at[:, 0] / SIDE
    p = spread("plate", FIXTURE, dh, np.full(len(at), P0), areas, at)
    assert (areas @ p) / areas.sum() == pytest.approx(FIXTURE.pressure(0.5e-8, P0), rel=1e-9)
    right, left = p[at[:, 0] == SIDE], p[at[:, 0] == 0]
    assert right - left == pytest.approx(np.full(COUNT, 1e-8 / C), rel=1e-3)


def test_tilting_plate_keeps_force_and_moments() -> None:
    """A wedge is followed without a word; a bump presses, and neither force nor moment changes."""
    at, areas = face()
    even = np.full(len(at), P0)
    wedge = 1e-7 * at[:, 0] / SIDE
    p = spread("tilting plate", FIXTURE, wedge, even, areas, at)
    assert np.ptp(p) < 1e-6 * P0
    bump = 2e-9 * np.exp(-((at - 0.3 * SIDE) ** 2).sum(axis=1) / (0.2 * SIDE) ** 2)
    p = spread("tilting plate", FIXTURE, bump, even, areas, at)
    assert np.ptp(p) > 0.01 * P0
    moments = areas @ ((p - P0)[:, None] * (at - 0.5 * SIDE))
    force = areas @ (p - P0)
    assert np.abs(moments) == pytest.approx(0, abs=1e-6 * P0 * areas.sum() * SIDE)
    mean = float(areas @ bump / areas.sum())
    assert force == pytest.approx((FIXTURE.pressure(mean, P0) - P0) * areas.sum(), rel=1e-6)


def test_points_that_let_go_leave_their_force_to_others() -> None:
    at, areas = face()
    dh = 2e-7 * (at[:, 0] / SIDE - 0.5)
    p = spread("plate", FIXTURE, dh, np.full(len(at), P0), areas, at)
    assert p.min() < 1e-3 * P0
    assert p.min() > 0
    assert (areas @ p) / areas.sum() == pytest.approx(P0, rel=1e-6)


@pytest.mark.parametrize("balance", ["points", "plate", "tilting plate"])
def test_tightened_to_a_mean(balance: str) -> None:
    """The mean is new at once; growth after it counts from there."""
    at, areas = face()
    weights = areas / areas.sum()
    before, map_ = 1e-8 * at[:, 0] / SIDE, P0 * (1 + 0.3 * at[:, 1] / SIDE)
    last = Tightening(8e6, before)
    p = spread(balance, FIXTURE, before, map_, areas, at, last)
    assert weights @ p == pytest.approx(8e6, rel=1e-6)
    more = spread(balance, FIXTURE, before + 2e-7, map_, areas, at, last)
    assert weights @ more == pytest.approx(8e6 + 2e-7 * FIXTURE.response, rel=1e-6)
    assert np.ptp(more - p) < 1e-3 * FIXTURE.response * 2e-7


def test_points_are_tightened_to_the_map_and_a_plate_moves_as_a_whole() -> None:
    at, areas = face()
    before, even = 1e-8 * at[:, 0] / SIDE, np.full(len(at), P0)
    last = Tightening(8e6, before)
    points = spread("points", FIXTURE, before, even, areas, at, last)
    assert points == pytest.approx(np.full(len(at), 8e6), rel=1e-6)
    loose = spread("plate", FIXTURE, before, even, areas, at)
    tight = spread("plate", FIXTURE, before, even, areas, at, last)
    assert np.ptp(tight - loose) < 1e-6 * P0
