"""Contacts remember the highest pressure; rough surfaces carry heat and charge alike."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from joulestack.fabrication.contacts import LAWS, build, default_contact
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Contact, Fabrication
from joulestack.laws.state import State
from tests.fabrication.test_contact import EXAMPLES

LPSCL = fabricate(Fabrication("LPSCl", moulding_pressure=370e6))
STEEL = fabricate(Fabrication("steel"))
OF_PRESSURE = [name for name in EXAMPLES if "kept" in LAWS[name].parameters]


def resistance(law, p, highest=None):
    p = np.asarray(p, float)
    return law.resistance(State(T=298.15, p=p, p_max=highest))


def cell(law, p, highest=None):
    """Total resistance of Doux 2020's cell [ohm]: two interfaces and a pellet of 31 ohm."""
    return 31 + 2 * resistance(law, p, highest) * 1e4 / 1.267


def test_doux_2020_on_loading_and_after_25_mpa():
    """Doux 2020: 110 ohm at 5 MPa on loading, 50 ohm (12 ohm cm2) after 25 MPa."""
    known = default_contact("lithium", "Li6PS5Cl", "charge_transfer")
    law = build(known.spec, "charge_transfer")
    assert resistance(law, 5e6, 25e6) * 1e4 == pytest.approx(12, rel=0.01)
    assert cell(law, 5e6, 25e6) == pytest.approx(50, rel=0.01)
    # On loading the straight power law of Doux 2020 is 27 % below the point at 5 MPa.
    assert cell(law, 5e6) == pytest.approx(110, rel=0.30)
    assert cell(law, 10e6) == pytest.approx(50, rel=0.12)
    assert cell(law, 25e6) == pytest.approx(32, rel=0.12)


@pytest.mark.parametrize("name", OF_PRESSURE)
def test_memory(name):
    media = (STEEL, LPSCL)
    new = build(Contact(name, EXAMPLES[name]), "thermal", media)
    old = build(Contact(name, {**EXAMPLES[name], "kept": 0.6}), "thermal", media)
    p = np.logspace(4, 7, 50)
    up, down = resistance(old, p, p), resistance(old, p, np.full_like(p, 1e7))
    assert up == pytest.approx(resistance(new, p), rel=1e-12)
    assert np.all(down <= up * (1 + 1e-12))
    assert np.all(np.diff(down) <= 1e-12 * down[:-1])
    assert np.all(down[25:-1] < up[25:-1])  # all laws are inside their range there
    assert down[-1] == pytest.approx(up[-1])
    # What was pressed before the case is remembered like what was pressed in it.
    before = {**EXAMPLES[name], "kept": 0.6, "preload": 1e7}
    pressed = build(Contact(name, before), "thermal", media)
    assert resistance(pressed, p) == pytest.approx(down, rel=1e-12)
    half = build(Contact(name, {**EXAMPLES[name], "factor": 2.0}), "thermal", media)
    assert resistance(half, p) == pytest.approx(2 * resistance(new, p))
    assert np.isfinite(resistance(old, 0.0, 1e7))
    for q in (1e-3, 1.0, 1e3, 3e5, 1e6, 5e6):
        left, mid, right = (resistance(old, q * (1 + h), 1e7) for h in (-1e-5, 0.0, 1e-5))
        assert right - mid == pytest.approx(mid - left, rel=2e-3, abs=1e-9 * mid)


@pytest.mark.parametrize("transport", ["electronic", "ionic"])
@pytest.mark.parametrize("name", ["cooper-mikic-yovanovich", "mikic"])
def test_spots_carry_charge_as_they_carry_heat(name, transport):
    """Without gas and far above the softening the conductances stand as the conductivities."""
    block = SimpleNamespace(
        name="block", thermal_conductivity=lambda s: 2.0, electronic_conductivity=lambda s: 6.0,
        ionic_conductivity=lambda s: 6.0,
    )  # fmt: skip
    given = {"hardness": 1e9} if name != "mikic" else {"modulus": 20e9}
    heat = build(Contact(name, {**given, "gas_conductivity": 0.0}), "thermal", (block, block))
    charge = build(Contact(name, given), transport, (block, block))
    assert resistance(heat, 50e6) == pytest.approx(3 * resistance(charge, 50e6), rel=1e-6)
    assert 0 < resistance(charge, 0.0) < np.inf


def test_mikic_is_the_formula():
    """h = 1.55 k_s (m/s) (sqrt(2) p/(E' m))^0.94, 1/E' = sum (1 - nu^2)/E."""
    block = SimpleNamespace(name="block", thermal_conductivity=lambda s: 2.0)
    law = build(Contact("mikic", {"modulus": 20e9, "slope": 0.15, "roughness": 2e-6}), "thermal",
                (block, block))  # fmt: skip
    expected = 1.55 * 2.0 * 0.15 / 2e-6 * (2**0.5 * 50e6 / (20e9 * 0.15)) ** 0.94
    assert law.contact_conductance(State(T=300.0, p=50e6)) == pytest.approx(expected, rel=1e-4)


def test_modulus_of_the_library():
    law = build(Contact("mikic"), "thermal", (LPSCL, LPSCL))
    assert law.hardness == pytest.approx(22.1e9 / (1 - 0.37**2) / 2 * 0.1 / 2**0.5, rel=0.02)
