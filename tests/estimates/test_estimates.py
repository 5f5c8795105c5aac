"""Key figures against what can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.estimates import evaluate
from joulestack.estimates.electric import porous_resistance
from joulestack.estimates.reactions import overpotential
from joulestack.laws.kinetics import ButlerVolmer, thermal_voltage
from joulestack.laws.state import State
from tests.case.samples import HELD, SAMPLES

CASES = Path(__file__).parents[2] / "cases"


def test_porous_electrode_limits() -> None:
    L, s, e = 1e-4, 10.0, 0.1
    fast = porous_resistance(L, s, e, 1e14)
    assert fast == pytest.approx(L / (s + e), rel=0.05)
    slow = porous_resistance(L, s, e, 1e-3)
    assert slow == pytest.approx(1 / (1e-3 * L), rel=1e-6)
    middle = porous_resistance(L, s, e, 10.0)  # first terms of the series in nu
    assert middle == pytest.approx(1 / (10.0 * L) + L / 3 * (1 / s + 1 / e), rel=1e-6)


def test_porous_electrode_is_symmetric_and_continuous() -> None:
    assert porous_resistance(1e-4, 2, 3, 1e7) == pytest.approx(porous_resistance(1e-4, 3, 2, 1e7))
    g = (300 / 1e-4) ** 2 / (1 / 2 + 1 / 3)
    low, high = porous_resistance(1e-4, 2, 3, g * 0.999), porous_resistance(1e-4, 2, 3, g * 1.001)
    assert low == pytest.approx(high, rel=1e-3)


def test_heat_only_line() -> None:
    figures = evaluate(Case.from_dict(SAMPLES["line"]()))
    hot, cold = figures.layers
    assert figures.heat == pytest.approx(1e6 * 1e-3 * 1e-4)
    assert math.isnan(figures.voltage)
    assert figures.biot.keys() == {"top"}
    through = hot.thickness / hot.thermal_conductivity + cold.thickness / cold.thermal_conductivity
    assert figures.biot["top"] == pytest.approx(10 * through)


def test_steady_rise_of_a_slab() -> None:
    """One layer, both faces held: q L^2 / 8 k in the middle; the chain gives q L / (4 k / L)."""
    table = SAMPLES["line"]()
    table["cell"]["layers"] = table["cell"]["layers"][:1]
    table["thermal"]["faces"]["top"] = dict(HELD)
    figures = evaluate(Case.from_dict(table))
    k = figures.layers[0].thermal_conductivity
    assert figures.steady_rise == pytest.approx(1e6 * 1e-3 / (4 * k / 1e-3))


def test_no_way_out_for_the_heat() -> None:
    table = SAMPLES["pellet"]()
    table["thermal"]["faces"] = {}
    assert evaluate(Case.from_dict(table)).steady_rise == math.inf


def test_voltage_follows_resistance() -> None:
    case = Case.from_dict(SAMPLES["pellet"]())
    figures = evaluate(case)
    assert figures.open_circuit_voltage == pytest.approx(3.8)
    assert figures.voltage == pytest.approx(3.8 - 50 * figures.resistance)
    parts = sum(la.drop for la in figures.layers) + sum(c.drop for c in figures.contacts)
    assert parts == pytest.approx(50 * figures.resistance)
    assert figures.heat == pytest.approx(50**2 * figures.resistance * figures.area)
    held = evaluate(case.replace({"load.voltage": "3.5 V"}))
    assert held.current_density == pytest.approx(0.3 / figures.resistance)


def test_charging_heats_too() -> None:
    case = Case.from_dict(SAMPLES["pellet"]())
    charged = evaluate(case.replace({"load.current_density": "-5 mA/cm^2"}))
    assert charged.heat == pytest.approx(evaluate(case).heat)
    assert charged.voltage > charged.open_circuit_voltage


def test_repeated_cells() -> None:
    case = Case.from_dict(SAMPLES["pouch"]())
    one = evaluate(case.replace({"load": {"current": "-20 mA"}, "time.end": 60}))
    three = evaluate(
        case.replace({"load": {"current": "-60 mA"}, "time.end": 60, "cell.unit_cells": 3})
    )
    assert three.current_density == pytest.approx(one.current_density)
    assert three.heat == pytest.approx(3 * one.heat)
    assert three.cells > 2 * one.cells


@pytest.mark.parametrize(("alpha", "j"), [(0.5, 30.0), (0.3, 30.0), (0.3, -4.0)])
def test_overpotential_is_that_of_butler_volmer(alpha: float, j: float) -> None:
    law = ButlerVolmer(
        exchange_current_density=2.0, activation_energy=0.0, transfer_coefficient=alpha
    )
    s = 1 / thermal_voltage(310.0) * overpotential(law, 2.0, j, 310.0)
    assert 2.0 * (math.exp((1 - alpha) * s) - math.exp(-alpha * s)) == pytest.approx(j, rel=1e-9)
    film = replace(law, film_resistance=1e-3)
    more = overpotential(film, 2.0, j, 310.0) - overpotential(law, 2.0, j, 310.0)
    assert more == pytest.approx(1e-3 * j)


def test_kinetics_of_a_metal_in_series() -> None:
    """The drop of the interface is that of its law at this current, the heat is current by drop."""
    entry = {
        "between": ["negative electrode", "separator"],
        "kinetics": {"exchange_current_density": "1 mA/cm^2", "contact_area": 0.5},
    }
    figures = evaluate(Case.from_dict(SAMPLES["pellet"]()).replace({"interfaces": [entry]}))
    (met,) = [c for c in figures.contacts if c.transport == "kinetics"]
    assert met.drop == pytest.approx(2 * thermal_voltage(298.15) * math.asinh(50 / (2 * 5.0)))
    assert met.heat == pytest.approx(50 * met.drop)
    parts = sum(la.drop for la in figures.layers) + sum(c.drop for c in figures.contacts)
    assert figures.voltage == pytest.approx(3.8 - parts)


def test_particles_tell_capacity_start_and_entropy() -> None:
    table = SAMPLES["pellet"]()
    table["materials"]["cathode"] |= {"active": "NMC811"}
    del table["materials"]["cathode"]["open_circuit_voltage"]
    table["cell"]["state_of_charge"] = 0.5
    case = Case.from_dict(table).replace({"load": {"c_rate": "C/2"}})
    figures = evaluate(case)
    (cathode,) = figures.electrodes
    (p,) = case.media()["cathode"].particles
    assert cathode.stoichiometry == p.start == pytest.approx(0.59)
    assert cathode.usable == pytest.approx(cathode.theoretical * 0.64)
    assert figures.current == pytest.approx(0.5 * cathode.usable / 3600)
    state = State(T=298.15, x=p.start)
    assert figures.open_circuit_voltage == pytest.approx(float(p.open_circuit_voltage(state)))
    slope = float(p.entropic_coefficient(state))
    assert figures.reversible == pytest.approx(-figures.current * 298.15 * slope)
    low, high = figures.voltage_window
    assert low < figures.open_circuit_voltage < high
    assert math.isnan(figures.balance)
    held = evaluate(case.replace({"load.voltage": "3.5 V"}))
    drop = held.open_circuit_voltage - 3.5
    assert held.current_density * held.resistance == pytest.approx(drop, rel=1e-5)
    assert held.voltage == 3.5


def test_warns_of_ranges_sources_and_charge() -> None:
    case = Case.from_dict(SAMPLES["pellet"]()).replace({"time.end": "10 h"})
    text = "\n".join(evaluate(case).warnings)
    assert "without a source read" in text
    assert "more than the capacity" in text
    low = case.replace({"materials.separator.moulding_pressure": "5 MPa"})
    assert "the law is extrapolated" in "\n".join(evaluate(low).warnings)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_cases_are_valid(path: Path) -> None:
    case = Case.load(path)
    figures = evaluate(case)
    assert case.title != case.name
    assert path.read_text().startswith("# ")
    assert not any("more than the capacity" in w for w in figures.warnings)
    if case.cell.geometry != "mesh":
        # One never gets to its steady state, the other is warmed by an oven.
        hot = path.stem in ("cold_start", "oven")
        assert 0 < figures.steady_rise < (1000 if hot else 50)


def test_says_where_contacts_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    from joulestack.estimates.report import print_report

    case = Case.from_dict(SAMPLES["pellet"]())
    figures = evaluate(case)
    origins = {(c.between, c.transport): c.origin for c in figures.contacts}
    pair = ("negative electrode", "separator")
    assert origins[pair, "charge_transfer"] == "Doux2020, secondary, factor 2"
    assert origins[pair, "thermal"] == "no source, unverified, factor 3"
    assert origins[("separator", "cathode"), "thermal"] == "case"
    print_report(case, figures)
    said = capsys.readouterr().out
    assert "charge_transfer (Doux2020, secondary, factor 2)" in said
    assert "Perfect, for want of data: " in said
    assert "separator | cathode (ionic)" in said


def test_warns_of_a_mesh_coarser_than_the_reaction() -> None:
    case = Case.from_dict(SAMPLES["pellet"]()).replace({"mesh": {"layers": {"cathode": 2}}})
    assert any("the reaction happens within" in w for w in evaluate(case).warnings)
    fine = case.replace({"mesh.layers.cathode": 40})
    assert not any("the reaction happens within" in w for w in evaluate(fine).warnings)
