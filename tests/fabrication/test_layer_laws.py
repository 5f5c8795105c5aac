"""The menu of transport laws as a case chooses it: networks, packings, gas in narrow pores."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws import effective_media, loose_packings, percolation
from joulestack.laws.state import State

ROOM = State(T=300.0, p=50e6)
ARGON = 0.017837


def layer(pressure=100e6, overrides=None, **laws):
    return fabricate(Fabrication("Li6PS5Cl", pressure, overrides=overrides or {}, laws=laws))


def parts(medium):
    return float(medium.relative_density(ROOM)), float(medium.solid_conductivity(ROOM))


GEM = {"thermal_threshold": 0.2, "thermal_exponent": 1.6}


def test_network_with_and_without_gas():
    dry = layer(thermal_conductivity="general effective medium", overrides=GEM)
    phi, k = parts(dry)
    assert dry.thermal_conductivity(ROOM) == pytest.approx(k * ((phi - 0.2) / 0.8) ** 1.6)
    wet = layer(thermal_conductivity="general effective medium", pore_gas="argon", overrides=GEM)
    expected = percolation.general_effective_medium((phi, 1 - phi), (k, ARGON), 0.2, 1.6)
    assert wet.thermal_conductivity(ROOM) == pytest.approx(expected)
    assert wet.thermal_conductivity(ROOM) > dry.thermal_conductivity(ROOM)


def test_heat_and_charge_choose_their_laws_independently():
    default = layer()
    heat = layer(thermal_conductivity="general effective medium", overrides=GEM)
    assert heat.ionic_conductivity(ROOM) == default.ionic_conductivity(ROOM)
    ions = layer(ionic_conductivity="percolation",
                 overrides={"ionic_threshold": 0.25, "ionic_exponent": 2.0})  # fmt: skip
    assert ions.thermal_conductivity(ROOM) == default.thermal_conductivity(ROOM)
    phi, ref = parts(ions)[0], ions.reference_density
    assert ions.ionic_conductivity(ROOM) == pytest.approx(
        ions.ionic(ROOM, **ions.pressed(ROOM)) * ((phi - 0.25) / (ref - 0.25)) ** 2
    )


@pytest.mark.parametrize("law", effective_media.MIXTURES)
def test_mixtures_take_the_gas(law):
    medium = layer(thermal_conductivity=law, pore_gas="argon")
    phi, k = parts(medium)
    expected = effective_media.MIXTURES[law]((phi, 1 - phi), (k, ARGON))
    assert medium.thermal_conductivity(ROOM) == pytest.approx(expected, rel=1e-9)


def test_loose_packing():
    loose = layer(10e6, thermal_conductivity="Zehner-Bauer-Schluender", pore_gas="argon")
    phi, k = parts(loose)
    bed = loose_packings.zehner_bauer_schluender(phi, k, ARGON)
    assert loose.thermal_conductivity(ROOM) == pytest.approx(bed)
    spots = layer(10e6, thermal_conductivity="zehner-bauer-schluender",
                  overrides={"thermal_contact": 0.1})  # fmt: skip
    assert spots.thermal_conductivity(ROOM) == pytest.approx(0.1 * k * np.sqrt(phi))


def test_gas_in_narrow_pores_conducts_less():
    wide = layer(pore_gas="argon")
    narrow = layer(pore_gas="argon", overrides={"pore_size": 0.35e-6})
    dry = layer()
    assert narrow.pore_gas(ROOM) == pytest.approx(ARGON / 2)
    k = [float(m.thermal_conductivity(ROOM)) for m in (dry, narrow, wide)]
    assert k == sorted(k)
    assert k[0] < k[1] < k[2]
    assert ("unverified", "temperature jump") in {
        (status, note.split("; ")[-1].split(":")[0]) for _, _, status, note in narrow.sources()
    }


@pytest.mark.parametrize(
    ("laws", "overrides", "message"),
    [
        ({"thermal_conductivity": "general effective medium"}, {}, "thermal_threshold and"),
        ({"thermal_conductivity": "percolation"}, {"thermal_threshold": 0.2},
         "thermal_exponent: is missing"),
        ({"thermal_conductivity": "zehner-bauer-schluender"}, {}, 'laws.pore_gas = "argon"'),
        ({"thermal_conductivity": "phi/tau^2", "pore_gas": "argon"}, {},
         'has no effect on the law "phi/tau^2"'),
        ({"pore_gas": "air"}, {"pore_size": 1e-6}, "no temperature jump of air"),
        ({}, {"pore_size": 1e-6}, "pore_size"),
        ({"ionic_conductivity": "zehner-bauer-schluender"}, {}, "unknown law"),
        ({"thermal_conductivity": "general effective medium"},
         {**GEM, "thermal_threshold": 1.5}, "is impossible"),
    ],
)  # fmt: skip
def test_bad_choices(laws, overrides, message):
    with pytest.raises(CaseError) as caught:
        layer(overrides=overrides, **laws)
    assert message in str(caught.value)
    assert "->" in str(caught.value)
