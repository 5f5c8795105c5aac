"""Recipes with particles as a case file writes them."""

from __future__ import annotations

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from tests.case.samples import SAMPLES


def case(**recipe):
    table = SAMPLES["pellet"]()
    cathode = {
        k: v
        for k, v in table["materials"]["cathode"].items()
        if k not in ("open_circuit_voltage", "charge_transfer_resistance", "stoichiometry")
    }
    table["materials"]["cathode"] = {**cathode, **recipe}
    return Case.from_dict(table)


BLEND = [
    {"material": "NMC622", "share": "70 %", "particle_radius": "2 um"},
    {"material": "LiCoO2", "share": 0.3, "diffusivity": "1e-14 m^2/s",
     "kinetics": {"exchange_current_density": "0.2 mA/cm^2"}},
]  # fmt: skip


def test_a_blend_with_kinetics():
    made = case(
        active=BLEND,
        state_of_charge="80 %",
        window=[0.2, 0.9],
        kinetics={"law": "marcus", "charge_transfer_resistance": "20 ohm cm^2",
                  "reorganisation_energy": "20 kJ/mol", "film_resistance": "2 ohm cm^2",
                  "activation_energy": "30 kJ/mol"},
    )  # fmt: skip
    medium = made.media()["cathode"]
    nmc, lco = medium.particles
    assert (nmc.radius, nmc.window, lco.window) == (pytest.approx(2e-6), (0.2, 0.9), (0.2, 0.9))
    assert (nmc.kinetics.law, lco.kinetics.law) == ("marcus", "butler-volmer")
    assert nmc.kinetics.reorganisation_energy == pytest.approx(2e4)
    assert nmc.kinetics.film_resistance == pytest.approx(2e-4)
    assert nmc.kinetics.exchange_current_density == pytest.approx(0.025693 / 20e-4, rel=1e-4)
    assert lco.kinetics.exchange_current_density == pytest.approx(2.0)
    assert lco.diffusivity.form.value == pytest.approx(1e-14)
    thickness = next(la.thickness for la in made.cell.layers if la.name == "cathode")
    held = medium.usable_capacity_density * thickness * made.electrode_area
    assert made.capacity == pytest.approx(held)


@pytest.mark.parametrize(("recipe", "words"), [
    ({"state_of_charge": 0.5, "stoichiometry": 0.5}, "state_of_charge says it already"),
    ({"state_of_charge": "150 %"}, "at most 1"),
    ({"state_of_charge": 0.5, "kinetics": {"law": "tafel"}}, "butler-volmer"),
    ({"state_of_charge": 0.5, "kinetics": {"exchange_current_density": "-1 A/m^2"}}, "above 0"),
    ({"state_of_charge": 0.5, "diffusivity": "1e-14 m^2"}, "is an area"),
    ({"kinetics": {"film_resistance": "1 ohm cm^2"}}, "state_of_charge: is missing"),
    ({"active": [{"material": "NMC622"}], "state_of_charge": 0.5}, "share"),
    ({"active": [{"material": "NMC6222", "share": 1}], "state_of_charge": 0.5}, "NMC622"),
    ({"active": [], "state_of_charge": 0.5}, "is an empty blend"),
])  # fmt: skip
def test_wrong_recipes_name_themselves(recipe, words):
    with pytest.raises(CaseError, match=words):
        _ = case(**recipe)
