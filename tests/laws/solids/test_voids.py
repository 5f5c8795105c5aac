"""Law of voids: closing by creep against a sphere solved by quadrature, charges against scipy."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.solids import voids
from joulestack.laws.solids.voids import VoidLaw

LAW = VoidLaw(
    capacity=3.6e4, closing_rate=1e-4, reference_pressure=3e6, exponent=1.9, activation_energy=37e3
)


def test_closing_rises_with_pressure_and_temperature() -> None:
    assert voids.closing_rate(LAW, 3e6, ROOM_TEMPERATURE) == pytest.approx(1e-4)
    assert voids.closing_rate(LAW, 6e6, ROOM_TEMPERATURE) == pytest.approx(1e-4 * 2**1.9)
    assert voids.closing_rate(LAW, 0.0, ROOM_TEMPERATURE) == 0.0
    heat = math.exp(37e3 / GAS_CONSTANT * (1 / ROOM_TEMPERATURE - 1 / 330.0))
    assert voids.closing_rate(LAW, 3e6, 330.0) == pytest.approx(1e-4 * heat)


@pytest.mark.parametrize("j", [-50.0, -1e-9, 0.0, 1e-9, 50.0])
def test_contact_never_grows_beyond_the_face(j: float) -> None:
    """dw/dt > 0 at w = 0 whatever the current, and no more than the rounding at rest."""
    found = float(voids.growth(LAW, 0.0, j, 5e6, ROOM_TEMPERATURE))
    assert found > 0
    if j <= 0:
        assert found <= voids.CURRENT_ROUNDING / LAW.capacity


@pytest.mark.parametrize(("j", "pressure"), [(5.0, 1e6), (20.0, 3e6), (5.0, 0.0)])
def test_charge_until_a_share_is_left(j: float, pressure: float) -> None:
    """The closed form against the rate integrated by scipy."""
    charge = voids.stripped_until(LAW, j, pressure, 0.3)

    def reached(t: float, w: list[float]) -> float:
        return float(math.exp(-w[0]) - 0.3)

    reached.terminal = True  # type: ignore[attr-defined]
    solved = solve_ivp(
        lambda t, w: [voids.growth(LAW, w[0], j, pressure, ROOM_TEMPERATURE)],
        (0, 10 * charge / j), [0.0], events=reached, rtol=1e-10, atol=1e-12,
    )  # fmt: skip
    assert charge == pytest.approx(j * solved.t_events[0][0], rel=1e-6)


def test_below_what_is_left_in_the_long_run_nothing_is_reached() -> None:
    critical = voids.critical_current(LAW, 3e6)
    assert voids.lasting_contact(LAW, critical, 3e6) == pytest.approx(0.5)
    assert voids.stripped_until(LAW, critical, 3e6, 0.49) == math.inf
    assert math.isfinite(voids.stripped_until(LAW, critical, 3e6, 0.51))
    assert voids.lasting_contact(LAW, 1.0, 0.0) == 0.0


def test_measured_critical_current_comes_back() -> None:
    law = voids.from_critical_current(3.6e4, 2.0, 3e6, 1.9, 37e3)
    assert voids.critical_current(law, 3e6) == pytest.approx(2.0)
    assert voids.critical_current(replace(law, capacity=1e3), 3e6) != pytest.approx(2.0)


@pytest.mark.parametrize("n", [1.0, 3.0, 6.6])
def test_creep_closes_a_sphere(n: float) -> None:
    """The shrinking of a void in a body so large that its size does not matter, by quadrature.

    Incompressible radial flow u = -c/r^2 strains at 2 c/r^3; equilibrium d sigma_r/dr = 2 s/r.
    """
    rate, stress, pressure = 0.02, 2e6, 3e6

    def carried(c: float) -> float:
        def slope(x: float) -> float:  # x = ln r, radius 1 inside
            return 2 * stress * (2 * c * math.exp(-3 * x) / rate) ** (1 / n)

        return quad(slope, 0.0, 40.0 * n, limit=800, epsrel=1e-11)[0] - pressure

    c = brentq(carried, 1e-15, 1e6, xtol=1e-18, rtol=1e-12)
    law = voids.from_creep(3.6e4, rate, stress, n, 0.0)
    closing = float(voids.closing_rate(law, pressure, ROOM_TEMPERATURE))
    assert closing == pytest.approx(3 * c, rel=1e-6)
