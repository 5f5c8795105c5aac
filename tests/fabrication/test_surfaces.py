"""Charge transfer by pair and coating: measured electrodes are built and come out."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.constants import FARADAY, GAS_CONSTANT
from joulestack.errors import CaseError
from joulestack.fabrication.charge_transfer import KineticsRecipe
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.particles import specific_area
from joulestack.laws.state import ROOM, State
from joulestack.materials import library

MASS = 0.127
"""Of composite on the electrode's face, Kim 2025 [kg/m2]."""

COATED = {0.62: (47.5, 22.4), 0.72: (45.0, 18.2), 0.82: (40.0, 17.2)}
BARE = {0.62: (52.5, 453.4), 0.72: (57.5, 289.9), 0.82: (52.5, 382.4)}
"""Kim 2025, three electrodes at 30 degC: mass fraction of NMC811 -> thickness [um], resistance per
area of the electrode [ohm cm2]."""


def electrode(
    coating: str | None,
    active: float = 0.72,
    thickness: float = 45.0,
    electrolyte: str = "Li6PS5Cl",
    **more,
):
    given = {"state_of_charge": 0.5, "particle_radius": 2e-6, "electrolyte": Fabrication(
        electrolyte, **({"moulding_pressure": 250e6} if electrolyte == "Li6PS5Cl"
        else {"relative_density": 0.9, "overrides": {"specific_heat_capacity": 700.0}}),
    )} | more  # fmt: skip
    return fabricate(
        Composite(
            "NMC811",
            mass_fractions={"active": active, "electrolyte": 0.99 - active, "additive": 0.01},
            additive="VGCF",
            loading=active * MASS,
            thickness=thickness * 1e-6,
            coating=coating,
            **given,
        )
    )


def resistance(made, thickness: float, T: float) -> float:
    """Charge transfer per area of the electrode at x = 1/2 [ohm cm2]."""
    (p,) = made.particles
    area = specific_area(p.fraction, p.radius, p.contact_fraction) * thickness * 1e-6
    i0 = p.kinetics.exchange_current(T, 0.5)
    return 1e4 * GAS_CONSTANT * T / (FARADAY * i0 * area)


@pytest.mark.parametrize("active", COATED)
def test_coated_electrodes_of_kim(active: float) -> None:
    """One number on the particles makes all three compositions."""
    thickness, measured = COATED[active]
    made = electrode("LiNbO3", active, thickness)
    assert resistance(made, thickness, 303.15) == pytest.approx(measured, rel=0.08)


@pytest.mark.parametrize("active", BARE)
def test_bare_electrodes_of_kim(active: float) -> None:
    thickness, measured = BARE[active]
    made = electrode("none", active, thickness)
    assert resistance(made, thickness, 303.15) == pytest.approx(measured, rel=0.30)


@pytest.mark.parametrize(
    ("coating", "energy", "measured"),
    [("LiNbO3", 30.6, (22.4, 8.7, 7.6)), ("none", 40.6, (289.9, 139.6, 67.8))],
)
def test_activation_energy_of_kim(coating: str, energy: float, measured: tuple[float]) -> None:
    T = np.array([303.15, 318.15, 333.15])
    made = electrode(coating)
    ours = np.array([resistance(made, 45.0, t) for t in T])
    slope, theirs = (np.polyfit(1 / T, np.log(r), 1)[0] * 8.314e-3 for r in (ours, measured))
    assert slope == pytest.approx(energy, abs=0.3)
    assert theirs == pytest.approx(energy, abs=0.1)


def test_a_halide_needs_no_coating() -> None:
    """Yun 2023: 65.2 ohm cm2 on Li3InCl6, 342 on Li6PS5Cl, both bare and at 30 degC."""
    halide = electrode(None, electrolyte="Li3InCl6")
    assert resistance(halide, 45.0, 303.15) == pytest.approx(65.2, rel=0.02)
    sulfide = resistance(electrode("none"), 45.0, 303.15)
    assert sulfide == pytest.approx(342, rel=0.15)  # of another paper than its number


def test_what_is_not_said_is_as_laboratories_do() -> None:
    plain, coated = electrode(None), electrode("LiNbO3")
    assert plain.particles == coated.particles
    assert any('coating = "LiNbO3" or "none"' in r for r in plain.remarks)
    assert not any("coating" in r for r in coated.remarks)


def test_nothing_is_said_of_coatings_where_a_case_says_it_all() -> None:
    own = KineticsRecipe(charge_transfer_resistance=1e-3, activation_energy=3e4)
    assert not any("coat" in r for r in electrode(None, kinetics=own).remarks)
    half = electrode("none", kinetics=KineticsRecipe(charge_transfer_resistance=1e-3))
    assert half.particles[0].kinetics.activation_energy == pytest.approx(43.2e3)


def test_diffusion_on_a_sulfide() -> None:
    """Trevisanello 2021: 6e-12 cm2/s at x = 0.4; on a halide as the library has it."""
    at = State(T=298.15, x=0.4)
    own = library.load("NMC811").properties["diffusivity"](at)
    (sulfide,), (halide,) = electrode(None).particles, electrode(None, electrolyte="LIC").particles
    assert sulfide.diffusivity(at) == pytest.approx(6e-16, rel=0.01)
    assert halide.diffusivity(at) == pytest.approx(own)


@pytest.mark.parametrize(("coating", "more", "words"), [
    ("lead", {}, "LiNbO3"),
    ("LiNbO3", {"active": "graphite"}, "coating: has no effect"),
    ("LiNbO3", {"kinetics": KineticsRecipe(charge_transfer_resistance=1e-3,
                                           activation_energy=3e4)}, "says rate and activation"),
])  # fmt: skip
def test_coatings_without_effect(coating: str, more: dict, words: str) -> None:
    given = {"active": "NMC811"} | more
    made = fabricate(Composite(
        electrolyte=Fabrication("Li6PS5Cl", 370e6), porosity=0.15, state_of_charge=0.5,
        mass_fractions={"active": 0.7, "electrolyte": 0.3}, coating=coating, **given,
    ))  # fmt: skip
    with pytest.raises(CaseError, match=words):
        _ = made.charge_transfer


def test_crystals_hold_what_their_formula_says() -> None:
    """Sites of no oxide exceed one lithium per metal: F/M, 5 % for densities."""
    masses = {"NMC811": 97.28, "NMC83": 97.47, "NMC622": 96.93, "NMC532": 96.55,
              "NMC111": 96.46, "NCA": 96.08, "LiCoO2": 97.87}  # fmt: skip
    for name, M in masses.items():
        own = library.load(name).properties
        charge = FARADAY * own["maximum_concentration"](ROOM) / own["density"](ROOM) / 3600
        assert charge < 1.05 * FARADAY / M / 3.6, name


def test_creep_of_masias() -> None:
    """Seven minimum creep rates of lithium in tension, 26 degC, within the stated factor."""
    own = library.load("lithium").properties
    rate, stress, n, Ea = (
        float(own[f"creep_{k}"](ROOM)) for k in ("rate", "stress", "exponent", "activation_energy")
    )
    heat = np.exp(Ea / GAS_CONSTANT * (1 / 298.15 - 1 / 299.15))
    for sigma, measured in zip(
        (0.2, 0.301, 0.396, 0.4, 0.4, 0.4, 0.6),
        (2e-7, 4.95e-6, 1.58e-5, 1.34e-5, 1.36e-5, 1.72e-5, 3.89e-4),
        strict=True,
    ):
        ratio = rate * heat * (sigma * 1e6 / stress) ** n / measured
        assert 1 / own["creep_rate"].uncertainty.size < ratio < own["creep_rate"].uncertainty.size


def test_hardness_is_three_times_the_yield_strength() -> None:
    """Tabor: a metal that does not harden."""
    own = library.load("lithium").properties
    assert own["hardness"](ROOM) / own["yield_strength"](ROOM) == pytest.approx(3, rel=0.1)


def test_voids_of_schlenker() -> None:
    """Resistance of Li | Li6PS5Cl against lithium stripped, first points as the law has it."""
    stripped = np.array([0.1, 1.3, 2.6, 3.8, 5.1]) * 1e-6 / 6.94 * FARADAY / 0.16e-4  # C/m2
    R = np.array([1.5, 4.1, 5.9, 7.8, 8.8])
    Q = float(library.load("lithium").properties["void_capacity"](ROOM))
    law = np.exp((stripped - stripped[0]) / Q)
    assert law[-1] == pytest.approx(R[-1] / R[0], rel=0.15)
    assert np.all(np.abs(np.log(law / (R / R[0]))) < np.log(2.1))
