"""Contact laws: closed forms, limits at p = 0, defaults of pairs, bad input."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from joulestack.constants import GAS_CONSTANT
from joulestack.errors import CaseError
from joulestack.fabrication import contacts
from joulestack.fabrication.contacts import LAWS, build, default_contact
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Contact, Fabrication
from joulestack.laws.state import State
from joulestack.units import unit_factor


def at(p, T=298.15):
    return State(T=T, p=np.asarray(p, dtype=float))


STEEL = fabricate(Fabrication("steel"))
LPSCL = fabricate(Fabrication("LPSCl", moulding_pressure=370e6))
LITHIUM = fabricate(Fabrication("Li"))
MEDIA = (STEEL, LPSCL)

EXAMPLES = {
    "constant": {"resistance": 2e-5},
    "table": {"pressures": (1e6, 5e6, 25e6), "resistances": (0.03, 0.005, 0.0003)},
    "power": {"reference_resistance": 0.01, "reference_pressure": 1e6, "exponent": 0.5},
    "cooper-mikic-yovanovich": {},
    "mikic": {"modulus": 20e9},
    "pair-power": {"coefficient": 22810.0, "hardness": 2.5e9, "exponent": 0.35},
}


def test_examples_cover_all_laws():
    assert set(EXAMPLES) == set(LAWS)
    for info in LAWS.values():
        assert info.doc
        for parameter in info.parameters.values():
            for transport in info.transports:
                unit = parameter.unit_for(transport)
                assert unit == "1" or unit_factor(unit)
    assert LAWS["constant"].parameters["resistance"].unit_for("thermal") == "m^2 K/W"
    assert LAWS["constant"].parameters["conductance"].unit_for("ionic") == "S/m^2"


@pytest.mark.parametrize("name", EXAMPLES)
def test_finite_falling_and_smooth_down_to_zero(name):
    law = build(Contact(name, EXAMPLES[name]), "thermal", MEDIA)
    p = np.concatenate([[0.0], np.logspace(0, 9, 400)])
    R = np.broadcast_to(law.resistance(at(p)), p.shape)
    assert np.all(np.isfinite(R))
    assert np.all(R > 0)
    assert np.all(np.diff(R) <= 1e-15 * R[:-1])
    for q in (0.0, 1.0, 1e3, 1e6, 5e6, 25e6):
        h = max(1e-4 * q, 1e-4)
        left, mid, right = (float(np.asarray(law.resistance(at(max(v, 0.0)))))
                            for v in (q - h, q, q + h))  # fmt: skip
        slope = abs(right - mid) / h
        if q > 0:
            assert (right - mid) / h == pytest.approx((mid - left) / h, rel=2e-3, abs=1e-9 * mid)
        assert np.isfinite(slope)


def test_constant_and_conductance():
    assert build(Contact("constant", {"resistance": 2e-5}), "ionic").resistance(at(1e6)) == 2e-5
    law = build(Contact("constant", {"conductance": 5e4}), "thermal")
    assert law.resistance(at(1e6)) == pytest.approx(2e-5)


def test_table_goes_through_its_points_and_says_where_it_ends():
    law = build(Contact("table", EXAMPLES["table"]), "ionic")
    assert law.resistance(at([1e6, 5e6, 25e6])) == pytest.approx([0.03, 0.005, 0.0003])
    assert law.resistance(at(1e9)) == pytest.approx(0.0003)
    assert "above 25 MPa" in law.outside(at([1e6, 30e6]))[0]
    assert not law.outside(at([1e6, 20e6]))


def test_power_law_of_doux_2020():
    """Doux 2020: 381 ohm cm2 (p/MPa)^-1.55 between 1 and 20 MPa."""
    default = default_contact("Li6PS5Cl", "lithium", "charge_transfer")
    assert (default.source, default.status) == ("Doux2020", "secondary")
    assert default.uncertainty.of(1.0) == 1.0
    law = build(default.spec, "charge_transfer", (LITHIUM, LPSCL))
    p = np.array([1.0, 2.0, 5.0, 10.0, 20.0])
    assert law.resistance(at(p * 1e6)) * 1e4 == pytest.approx(381 * p**-1.55)
    # Doux 2020, +-30 % at high pressure, a fit over two decades.
    measured = {1: 297, 5: 50, 10: 12, 15: 5.7, 20: 2.5}
    for pressure, ohm in measured.items():
        assert law.resistance(at(pressure * 1e6)) * 1e4 == pytest.approx(ohm, rel=0.6)
    assert "below 1 MPa" in law.outside(at(0.0))[0]


def test_cmy_example_of_record_296():
    """SUS | LPSCl at 50 MPa: h_c = 7e3 and h_g = 7e3 W/(m2 K)."""
    law = build(default_contact("steel", "LPSCl", "thermal").spec, "thermal", MEDIA)
    assert law.contact_conductance(at(50e6)) == pytest.approx(7e3, rel=0.08)
    assert law.gap_conductance(at(50e6)) == pytest.approx(7e3, rel=0.08)
    assert law.resistance(at(0.0)) == pytest.approx(1 / law.gap_conductance(at(0.0)))
    # Far above the softening it is the formula of the paper.
    k0 = float(fabricate(Fabrication("steel")).thermal_conductivity(at(50e6)))
    k1 = float(LPSCL.solid_conductivity(at(50e6)))
    k_s = 2 * k0 * k1 / (k0 + k1)
    assert law.contact_conductance(at(50e6)) == pytest.approx(
        1.25 * k_s * 0.1 / 1e-6 * 0.05**0.95, rel=1e-6
    )
    assert law.hardness == 1e9
    soft = build(Contact("cooper-mikic-yovanovich"), "thermal", (LITHIUM, LPSCL))
    assert soft.hardness == 2.3e6  # three times the yield strength of Masias 2019


def test_warm_lithium_meets_the_other_side_more_closely():
    """Conductance ~ (p/H)^0.95, H softening with 37 kJ/mol over 6.56."""
    soft = build(Contact("cooper-mikic-yovanovich"), "thermal", (LITHIUM, LPSCL))
    warm = State(T=353.15, p=10e6)
    softened = math.exp(-5640 / GAS_CONSTANT * (1 / 298.15 - 1 / 353.15))
    assert soft.full_contact(warm) == pytest.approx(2.3e6 * softened)
    hard = replace(soft, hardness_law=None)
    closer = soft.contact_conductance(warm) / hard.contact_conductance(warm)
    assert closer == pytest.approx(softened**-0.95)
    assert soft.resistance(at(5e6)) == pytest.approx(hard.resistance(at(5e6)), rel=1e-12)


def medium(k, sigma):
    return SimpleNamespace(
        name="block", thermal_conductivity=lambda s: k, electronic_conductivity=lambda s: sigma
    )


def test_verification_problem_3():
    """C_T = 22810 k_h (p/H)^1.08 and C_E = 64 sigma_h (p/H)^0.35 at 3000 Pa."""
    media = (medium(15.0, 1.41867e6), medium(100.0, 73069.2))
    # The hardness that gives the thermal conductance must give the electrical one too.
    k_h = 2 * 15 * 100 / 115
    H = 3000 / (0.2420 / (22810 * k_h)) ** (1 / 1.08)
    thermal = build(Contact("pair-power", {"coefficient": 22810.0, "hardness": H,
                                           "exponent": 1.08}), "thermal", media)  # fmt: skip
    electric = build(Contact("pair-power", {"coefficient": 64.0, "hardness": H,
                                            "exponent": 0.35}), "electronic", media)  # fmt: skip
    assert 1 / thermal.resistance(at(3000.0)) == pytest.approx(0.2420, rel=1e-9)
    assert 1 / electric.resistance(at(3000.0)) == pytest.approx(75524.0, rel=1e-3)


def test_pairs_without_data_are_perfect_and_say_so():
    default = default_contact("copper", "PEEK", "thermal")
    assert default.spec is None
    assert "perfect" in default.note
    assert default_contact("a material of mine", "steel", "thermal").spec is None


def test_every_default_can_be_built():
    from joulestack.materials import library

    for table in library.pairs("_interfaces")["contacts"]:
        for a in table["between"][0]:
            for b in table["between"][1]:
                media = [
                    fabricate(Fabrication(
                        n, 200e6 if library.load(n).kind == "solid electrolyte" else None
                    )) for n in (a, b)
                ]  # fmt: skip
                spec = default_contact(b, a, table["transport"]).spec
                law = build(spec, table["transport"], media)
                assert law.resistance(at(10e6)) > 0


@pytest.mark.parametrize(
    ("law", "transport", "parameters", "message"),
    [
        ("powr", "thermal", {}, 'did you mean "power"'),
        ("power", "thermal", {"exponent": 1.0}, "reference_resistance: is missing"),
        ("power", "thermal", {**EXAMPLES["power"], "exponnent": 1.0}, '"exponent"'),
        ("power", "thermal", {**EXAMPLES["power"], "reference_pressure": 0.0}, "is impossible"),
        ("power", "thermal", {**EXAMPLES["power"], "lowest_pressure": 2e6,
                              "highest_pressure": 1e6}, "not below"),
        ("constant", "thermal", {"resistance": -1.0}, "is impossible"),
        ("constant", "thermal", {}, "either resistance or conductance"),
        ("constant", "thermal", {"resistance": 1.0, "conductance": 1.0}, "either"),
        ("table", "ionic", {"pressures": (1e6,), "resistances": (1.0,)}, "at least two"),
        ("table", "ionic", {"pressures": (2e6, 1e6), "resistances": (1.0, 2.0)}, "must increase"),
        ("table", "ionic", {"pressures": 1e6, "resistances": (1.0, 2.0)}, "list of values"),
        ("cooper-mikic-yovanovich", "charge_transfer", {}, "not for charge_transfer"),
        ("mikic", "thermal", {}, "modulus is missing"),
        ("power", "ionic", {**EXAMPLES["power"], "kept": 1.5}, "more than all"),
        ("power", "ionic", {**EXAMPLES["power"], "preload": 1e6}, "without kept"),
        ("constant", "ionic", {**EXAMPLES["constant"], "kept": 0.5}, 'unknown parameter'),
        ("power", "ionic", {**EXAMPLES["power"], "factor": 0.0}, "is impossible"),
        ("constant", "heat", {"resistance": 1.0}, "unknown transport"),
    ],
)  # fmt: skip
def test_bad_input(law, transport, parameters, message):
    with pytest.raises(CaseError) as caught:
        build(Contact(law, parameters), transport, MEDIA, where="interfaces[0].thermal")
    assert message in str(caught.value)
    assert "interfaces[0].thermal" in str(caught.value)


def test_media_are_needed_where_the_law_uses_them():
    with pytest.raises(CaseError, match="media of both sides"):
        build(Contact("cooper-mikic-yovanovich"), "thermal")
    hard = fabricate(Fabrication("copper"))
    with pytest.raises(CaseError, match="hardness is missing"):
        build(Contact("cooper-mikic-yovanovich"), "thermal", (hard, STEEL))
    assert contacts.LAWS["cooper-mikic-yovanovich"].parameters["roughness"].default == 1e-6
