"""Electrodes of a case: kinetics of metals, where both electrodes of a cell start."""

from __future__ import annotations

from typing import Any

import pytest

from joulestack.case import Case
from tests.case.samples import SAMPLES

PAIR = ("negative electrode", "separator")
GRAPHITE = {
    "active": "graphite",
    "electrolyte": "separator",
    "mass_fractions": {"active": 0.6, "electrolyte": 0.4},
    "porosity": 0.12,
}


def metal(**kinetics: Any) -> Case:
    entry = {"between": list(PAIR), "kinetics": kinetics}
    return Case.from_dict(SAMPLES["pellet"]()).replace({"interfaces": [entry]})


def full_cell(thickness: str) -> Case:
    """Graphite against NMC811, both from one state of charge."""
    return Case.from_dict(SAMPLES["pellet"]()).replace(
        {
            "materials.anode": GRAPHITE,
            "materials.cathode.active": "NMC811",
            "materials.cathode.open_circuit_voltage": None,
            "cell.layers.negative electrode.material": "anode",
            "cell.layers.negative electrode.thickness": thickness,
            "cell.state_of_charge": 0.8,
        }
    )


def test_contact_area_scales_exchange_current_and_interphase() -> None:
    found = metal(
        exchange_current_density="1 mA/cm^2",
        film_resistance="4 ohm cm^2",
        activation_energy="40 kJ/mol",
        contact_area=0.8,
    ).contacts()[PAIR]
    law = found.kinetics
    assert law is not None
    assert law.law == "butler-volmer"
    assert law.exchange_current_density == pytest.approx(8.0)
    assert law.film_resistance == pytest.approx(5e-4)
    assert law.activation_energy == pytest.approx(4e4)
    assert law.transfer_coefficient == 0.5


def test_kinetics_stand_instead_of_the_measured_resistance() -> None:
    """The library's resistance of Li | Li6PS5Cl holds the kinetics: in series they count twice."""
    alone = metal(charge_transfer_resistance="10 ohm cm^2").contacts()[PAIR]
    assert alone.kinetics is not None
    assert alone.charge_transfer is None
    assert not {"charge_transfer"} & {*alone.assumed, *alone.defaults}
    case = metal(charge_transfer_resistance="10 ohm cm^2")
    series = case.replace({"interfaces.0.charge_transfer": "5 ohm cm^2"}).contacts()[PAIR]
    assert series.charge_transfer is not None


def test_a_full_cell_starts_balanced() -> None:
    """As much charge has left one electrode as has entered the other since it was assembled."""
    for thickness in ("50 um", "200 um"):  # graphite holds less, then more
        case = full_cell(thickness)
        moved, usable = [], []
        for layer in ("negative electrode", "cathode"):
            (p,) = case.media()[layer].particles
            volume = case.area * next(la.thickness for la in case.cell.layers if la.name == layer)
            assembled = p.window[1]
            moved.append(abs(p.start - assembled) * p.theoretical_capacity_density * volume)
            usable.append(p.usable_capacity_density * volume)
        assert moved[0] == pytest.approx(moved[1], rel=1e-12)
        assert moved[0] == pytest.approx(0.8 * min(usable), rel=1e-12)
        assert case.capacity == pytest.approx(min(usable))


def test_an_electrode_with_its_own_start_keeps_it() -> None:
    case = full_cell("200 um").replace({"materials.anode.stoichiometry": 0.5})
    assert case.media()["negative electrode"].particles[0].start == 0.5
    assert case.media()["cathode"].particles[0].state_of_charge == pytest.approx(0.8)


def test_time_is_optional_where_the_load_ends() -> None:
    table = SAMPLES["pouch"]()
    del table["time"]
    assert Case.from_dict(table).end_time == pytest.approx(600.0)
