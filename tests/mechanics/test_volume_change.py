"""Volumes against lithium: the library's records, and what follows from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from joulestack.constants import FARADAY
from joulestack.errors import CaseError
from joulestack.laws.kinetics import ButlerVolmer
from joulestack.laws.particles import Particles
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.mechanics import volume_change


def particles(name: str, window: tuple[float, float] = (0.4, 0.95)) -> Particles:
    own = library.load(name).properties
    U = own["open_circuit_voltage"]
    return Particles(
        name,
        0.5,
        2e-6,
        1.0,
        5e4,
        U,
        None,
        U,
        0.9,
        window,
        ButlerVolmer(exchange_current_density=1, activation_energy=0),
    )


def test_lithium_is_485_um_per_mAh() -> None:
    """A number from memory and Xu 2019: M/(rho F); Deysher 2022 says about 5 um."""
    V = float(library.load("lithium").properties["partial_molar_volume"](State(T=298.15)))
    assert volume_change.lithium_thickness(36000.0, V) == pytest.approx(4.85e-6, rel=2e-3)
    assert pytest.approx(6.94e-3 / 534 / FARADAY, rel=2e-3) == V / FARADAY


def test_layered_oxides_breathe_against_each_other() -> None:
    """Deysher 2022: on charge LCO grows, NMC shrinks."""
    lco = volume_change.volume_law(particles("LiCoO2"))
    nmc = volume_change.volume_law(particles("NMC622"))
    assert lco(0.5) > lco(0.9)
    assert nmc(0.5) < nmc(0.9)
    assert lco(1.0) == pytest.approx(1.0)
    assert lco(0.5) == pytest.approx(1.018, abs=1e-3)  # Ai 2020
    full, charged = 0.90, 0.19  # the window of the library, -3.5 % (a number from memory)
    assert nmc(charged) / nmc(full) == pytest.approx(1 - 0.035, abs=1e-4)


def test_silicon_grows_fourfold() -> None:
    law = volume_change.volume_law(particles("silicon", (1.0, 0.0)))
    assert law(0.0) == pytest.approx(1.0)
    assert law(1.0) == pytest.approx(4.0)


def test_neutral_share_keeps_the_volume() -> None:
    lco = volume_change.volume_law(particles("LiCoO2"))
    nmc = volume_change.volume_law(particles("NMC622"))
    x, y = (0.95, 0.5), (0.9, 0.4)
    share = volume_change.neutral_share(lco, nmc, x, y)
    assert 0 < share < 1
    change = share * (lco(x[1]) - lco(x[0])) + (1 - share) * (nmc(y[1]) - nmc(y[0]))
    assert abs(change) < 1e-15


def test_stated_change_and_a_material_without_one() -> None:
    mine = volume_change.stated_change(particles("NMC622"), -0.02)
    assert mine(0.4) == pytest.approx(0.98)
    assert mine(np.array([0.4, 1.0])) == pytest.approx([0.98, 1.0])
    with pytest.raises(CaseError, match="volume_change"):
        volume_change.volume_law(replace(particles("NMC622"), name="carbon black"))
