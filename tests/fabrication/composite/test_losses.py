"""What a pressed electrode loses: each law alone, all of them, none."""

from __future__ import annotations

from typing import Any

import pytest

from joulestack.constants import ROOM_TEMPERATURE
from joulestack.errors import CaseError
from joulestack.fabrication.composite.electrode import CompositeElectrode
from joulestack.fabrication.composite.losses import DEFAULTS, IDEAL, SLOTS
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import ActivePart, Composite, Fabrication
from joulestack.laws.grains.contact_patches import longer_way
from joulestack.laws.grains.coordination import connected, touching
from joulestack.laws.state import State

LPSCL = Fabrication("Li6PS5Cl", moulding_pressure=370e6)
AT = State(T=ROOM_TEMPERATURE, x=0.4)


def electrode(**changes: Any) -> CompositeElectrode:
    given: dict[str, Any] = {
        "active": "NMC811", "electrolyte": LPSCL, "porosity": 0.15, "particle_radius": 2e-6,
        "mass_fractions": {"active": 0.7, "electrolyte": 0.3}, "state_of_charge": 0.8,
    }  # fmt: skip
    made = fabricate(Composite(**{**given, **changes}))
    assert isinstance(made, CompositeElectrode)
    return made


def only(slot: str) -> CompositeElectrode:
    return electrode(laws={**IDEAL, slot: DEFAULTS[slot]})


def kept(made: CompositeElectrode) -> float:
    ideal = electrode(laws=IDEAL)
    return float(made.usable_capacity_density / ideal.usable_capacity_density)


def test_nothing_is_lost_where_nothing_is_asked() -> None:
    made = electrode(laws=IDEAL)
    (p,) = made.particles or ()
    assert p.way == 1
    assert p.fraction == pytest.approx(made.fractions(AT)["active"])
    assert len({round(q, 6) for q in list(made.capacities().values())[1:]}) == 1


def test_each_loss_alone() -> None:
    f = electrode().fractions(AT)
    own, other = touching(f["active"] / (f["active"] + f["electrolyte"]), 1.0)
    (p,) = only("diffusion").particles or ()
    assert p.way == pytest.approx(longer_way(0.35, other))
    assert kept(only("diffusion")) == pytest.approx(1)
    assert kept(only("electron_network")) == pytest.approx(connected(own))
    # Rosenbach 2023: 163 of 217 mAh/g come back, 88 % in liquids.
    assert kept(only("formation")) == pytest.approx(163 / 217 / 0.88, abs=0.01)


def test_single_crystals_on_a_sulfide_diffuse_as_measured() -> None:
    """6e-16 m2/s at x = 0.4 (Trevisanello 2021), from 2e-15 in a liquid and patches of contact.

    Predicted: neither the coverage (Minnmann 2024) nor the number of contacts was fitted to it.
    """
    (p,) = electrode().particles or ()
    assert float(p.diffusivity(AT)) == pytest.approx(2e-15, rel=0.01)
    assert 4e-16 < float(p.effective_diffusivity(AT)) < 9e-16


def test_carbon_joins_grains_and_makes_the_law_vain() -> None:
    mass = {"active": 0.7, "electrolyte": 0.27, "additive": 0.03}
    assert electrode(additive="VGCF", mass_fractions=mass).losses.connected == 1
    with pytest.raises(CaseError, match="carbon joins the grains"):
        electrode(additive="VGCF", mass_fractions=mass, laws={"electron_network": "coordination"})
    assert electrode(additive="VGCF", mass_fractions=mass, laws=IDEAL).losses.connected == 1


def test_finer_electrolyte_touches_in_more_patches() -> None:
    ways = [electrode(electrolyte_particle_size=d).losses.way for d in (8e-6, 4e-6, 1e-6)]
    assert ways == sorted(ways, reverse=True)
    assert electrode(contact_fraction=1.0).losses.way == 1
    assert electrode(contact_fraction=0.2).losses.way > electrode(contact_fraction=0.5).losses.way


def test_materials_of_a_blend_lose_their_own() -> None:
    blend = (ActivePart("NMC811", 0.5, 2e-6), ActivePart("LiCoO2", 0.5, 2e-6))
    made, ideal = electrode(active=blend), electrode(active=blend, laws=IDEAL)
    shares = [
        a.fraction / b.fraction
        for a, b in zip(made.particles or (), ideal.particles or (), strict=True)
    ]
    assert shares[0] / shares[1] == pytest.approx(0.85)  # nothing is known of LiCoO2


def test_what_is_left_falls_in_turn() -> None:
    steps = list(electrode().capacities().values())
    assert steps == sorted(steps, reverse=True)
    made = electrode()
    per_mass = made.usable_capacity_density / made.active_mass_density
    assert steps[-1] == pytest.approx(float(per_mass))


def test_losses_are_told_with_how_to_switch_them() -> None:
    (said,) = [r for r in electrode().remarks if "diffuses" in r]
    assert all(slot in said for slot in SLOTS)
    assert not any("diffuses" in r for r in electrode(laws=IDEAL).remarks)
