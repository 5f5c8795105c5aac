"""Particles of composite electrodes: what a recipe and the library say, and what they do not."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.constants import FARADAY, GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.errors import CaseError
from joulestack.materials import library
from joulestack.materials.extension import levelled, voltage
from joulestack.materials.fabrication import fabricate
from joulestack.materials.specification import Composite, Fabrication, Kinetics
from joulestack.materials.state import State

LPSCL = Fabrication("Li6PS5Cl", moulding_pressure=370e6)
SPLIT = {"active": 0.7, "electrolyte": 0.3}
ROOM = State(T=ROOM_TEMPERATURE)


def recipe(**changes):
    given = {"active": "NMC811", "electrolyte": LPSCL, "mass_fractions": SPLIT, "porosity": 0.15,
             "state_of_charge": 0.8}  # fmt: skip
    return Composite(**{**given, **changes})


def problems(**changes):
    medium = fabricate(recipe(**changes))
    assert medium.particles is None
    with pytest.raises(CaseError) as caught:
        _ = medium.charge_transfer
    assert tuple(caught.value.problems) == medium.particles_missing
    return str(caught.value)


def at(x, T=ROOM_TEMPERATURE):
    return State(T=T, x=x)


def test_a_recipe_with_a_state_of_charge_has_particles():
    medium = fabricate(recipe())
    (p,) = medium.particles
    assert p.name == "NMC811"
    assert p.fraction == pytest.approx(medium.fractions(ROOM)["active"])
    assert (p.radius, p.maximum_concentration) == (pytest.approx(5.22e-6), 63104.0)
    assert p.window == (0.27, 0.91)
    assert p.start == pytest.approx(0.91 - 0.8 * 0.64)
    assert p.state_of_charge == pytest.approx(0.8)
    assert p.kinetics.law == "butler-volmer"
    sites = FARADAY * 63104 * p.fraction
    assert medium.theoretical_capacity_density == pytest.approx(sites)
    assert medium.usable_capacity_density == pytest.approx(0.64 * sites)
    # The phases take x from there, too.
    assert medium.stoichiometry == {"active": p.start}


def test_placeholders_are_said():
    shown = {line[0]: line[2] for line in fabricate(recipe()).sources()}
    assert shown["composites: charge_transfer_resistance"] == "unverified"
    assert shown["composites: charge_transfer_activation_energy"] == "unverified"
    assert shown["NMC811: open_circuit_voltage"] == "primary-code"
    own = Kinetics(exchange_current_density=2.0, activation_energy=3e4, transfer_coefficient=0.4)
    (p,) = fabricate(recipe(kinetics=own)).particles
    assert p.kinetics.exchange_current_density == 2.0
    assert not any("composites" in line[0] for line in fabricate(recipe(kinetics=own)).sources())


def test_resistance_and_exchange_current_say_the_same():
    (given,) = fabricate(recipe(kinetics=Kinetics(charge_transfer_resistance=1e-3))).particles
    i0 = GAS_CONSTANT * ROOM_TEMPERATURE / FARADAY / 1e-3
    assert given.kinetics.exchange_current_density == pytest.approx(i0)
    (above,) = fabricate(recipe(charge_transfer_resistance=1e-3)).particles
    assert above.kinetics == given.kinetics


def test_linearised_start():
    medium = fabricate(recipe(kinetics=Kinetics(charge_transfer_resistance=1e-3,
                                                film_resistance=2e-4)))  # fmt: skip
    (p,), linear = medium.particles, medium.charge_transfer
    assert linear.resistance == pytest.approx(1.2e-3)
    assert linear.specific_area == pytest.approx(3 * p.fraction / p.radius)
    assert linear.open_circuit_voltage == pytest.approx(float(p.open_circuit_voltage(at(p.start))))


def test_a_constant_voltage_stays_linear():
    medium = fabricate(recipe(state_of_charge=None, open_circuit_voltage=3.8))
    assert medium.particles is None
    assert medium.particles_missing == ()
    assert medium.charge_transfer.open_circuit_voltage == 3.8
    assert medium.theoretical_capacity_density is None


@pytest.mark.parametrize(("changes", "words"), [
    ({"active": "NCA"}, "U\\(x\\) of NCA|has no specific_heat"),
    ({"state_of_charge": None, "kinetics": Kinetics()}, "state_of_charge: is missing"),
    ({"stoichiometry": 0.5}, "stoichiometry says it already"),
    ({"window": (0.5, 0.5)}, "window: 0.5 to 0.5 is impossible"),
    ({"kinetics": Kinetics("marcus")}, "reorganisation_energy: is missing"),
    ({"kinetics": Kinetics(reorganisation_energy=2e4)}, "has no effect on law"),
    ({"kinetics": Kinetics("linear", transfer_coefficient=0.5)}, "has no effect on law"),
    ({"kinetics": Kinetics("tafel")}, "butler-volmer, linear, marcus"),
    ({"kinetics": Kinetics(exchange_current_density=1.0, charge_transfer_resistance=1.0)},
     "keep one"),
    ({"kinetics": Kinetics(exchange_current_density=1.0), "charge_transfer_resistance": 1.0},
     "keep one"),
])  # fmt: skip
def test_what_is_missing_or_contradicts_itself(changes, words):
    import re

    try:
        text = problems(**changes)
    except CaseError as error:
        text = str(error)
    assert re.search(words, text), text


@pytest.mark.parametrize("name", ["kinetics", "state_of_charge", "window", "diffusivity"])
def test_no_effect_beside_a_constant_voltage(name):
    value = {"kinetics": Kinetics(), "window": (0.2, 0.9)}.get(name, 0.5)
    given = {"state_of_charge": None, "open_circuit_voltage": 3.8, name: value}
    with pytest.raises(CaseError, match=f"{name}: has no effect"):
        fabricate(recipe(**given))


def laws():
    for name in library.names():
        own = library.load(name).properties
        if "open_circuit_voltage" in own:
            yield name, own


@pytest.mark.parametrize(("name", "own"), laws())
def test_voltages_are_smooth_beyond_their_range(name, own):
    """C1 and finite on [-0.01, 1.01], itself inside, and falling outside what was measured."""
    law = own["open_circuit_voltage"]
    U = voltage(law)
    low, high = law.ranges.get("x", (0.0, 1.0))
    x = np.linspace(-0.01, 1.01, 200001)
    u = np.broadcast_to(U(at(x)), x.shape)
    assert np.all(np.isfinite(u))
    inside = (x >= low) & (x <= high)
    assert np.array_equal(u[inside], np.broadcast_to(law(at(x)), x.shape)[inside])
    beyond = np.diff(u)[((x[1:] <= low) | (x[:-1] >= high)) & ((x[1:] <= 0) | (x[:-1] >= 1))]
    assert np.all(beyond < 0), name
    for end in (low, high, 0.0, 1.0):
        h = 1e-7
        left, middle, right = (float(U(at(end + d))) for d in (-h, 0, h))
        jump = (right - middle) - (middle - left)
        assert abs(jump) < 1e-3 * abs(right - left) + 1e-9, (name, end)


@pytest.mark.parametrize(("name", "own"), laws())
def test_voltages_fall_with_lithium(name, own):
    """Between the ends of the window U never rises by more than the fit's own ripple (5 mV)."""
    ends = [float(own[n](ROOM)) for n in ("charged_stoichiometry", "discharged_stoichiometry")]
    x = np.linspace(min(ends), max(ends), 2001)
    u = np.broadcast_to(own["open_circuit_voltage"](at(x)), x.shape)
    assert np.max(u - np.minimum.accumulate(u)) < 5e-3


def test_slopes_and_diffusivities_level_off():
    own = library.load("NMC811").properties
    dU, D = levelled(own["entropic_coefficient"]), levelled(own["diffusivity"])
    x = np.linspace(-0.5, 1.5, 4001)
    assert np.all(D(at(x)) > 1e-17)
    assert np.max(np.abs(dU(at(x)))) < 1e-3
    assert dU(at(0.27)) == own["entropic_coefficient"](at(0.27))
    assert abs(D(at(1.5)) / D(at(1.02)) - 1) < 0.2
