"""Creep and strength of lithium against the tests of Masias 2019 and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.laws.solids.creep import PowerOfPressure, strain_rate, strength
from joulestack.laws.state import ROOM, State
from joulestack.materials import library

LITHIUM = library.load("lithium").properties
LAW = tuple(
    float(LITHIUM[f"creep_{name}"](ROOM))
    for name in ("rate", "stress", "exponent", "activation_energy")
)


def test_creep_of_masias() -> None:
    """doi:10.1007/s10853-018-2971-3, seven tests: minimum rates [1/s] at creep stresses [MPa]."""
    stress = np.array([0.2, 0.301, 0.396, 0.4, 0.4, 0.4, 0.6])
    rate = np.array([2e-7, 4.95e-6, 1.58e-5, 1.34e-5, 1.36e-5, 1.72e-5, 3.89e-4])
    found = strain_rate(stress * 1e6, ROOM_TEMPERATURE, *LAW)
    assert np.abs(np.log(found / rate)).max() < math.log(1.75)


def test_yield_strength_is_creep_at_the_rate_of_the_test() -> None:
    """Masias 2019: 0.73 to 0.81 MPa at 1.2e-3 1/s; softening of the library is that of creep."""
    assert 0.73 <= strength(1.2e-3, ROOM_TEMPERATURE, *LAW) / 1e6 <= 0.81
    for T in (253.15, 298.15, 333.15, 373.15):
        falls = strength(1.2e-3, T, *LAW) / strength(1.2e-3, ROOM_TEMPERATURE, *LAW)
        for name in ("yield_strength", "hardness"):
            own = LITHIUM[name](State(T=T)) / LITHIUM[name](ROOM)
            assert own == pytest.approx(falls, rel=1e-3)
        assert strain_rate(strength(1e-4, T, *LAW), T, *LAW) == pytest.approx(1e-4)


def test_power_of_pressure_is_level_above_what_was_measured() -> None:
    law = PowerOfPressure(2.0, 3e6, 1.9, 7e6, 37e3)
    heat = math.exp(37e3 / GAS_CONSTANT * (1 / ROOM_TEMPERATURE - 1 / 330.0))
    assert law(p=6e6, T=330.0) == pytest.approx(2 * 2**1.9 * heat)
    assert law(p=50e6, T=ROOM_TEMPERATURE) == law(p=7e6, T=ROOM_TEMPERATURE)
    assert law(p=0.0, T=ROOM_TEMPERATURE) == 0.0
    assert np.all(np.diff(law(p=np.linspace(0, 8e6, 50), T=300.0)) >= 0)
