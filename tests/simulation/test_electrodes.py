"""Kinds of cells from case files: symmetric, Li-In, graphite, and a pellet against a line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.constants import FARADAY, GAS_CONSTANT
from joulestack.estimates import evaluate
from joulestack.outputs.result import Result

SEPARATOR = {"material": "Li6PS5Cl", "moulding_pressure": "370 MPa"}
CATHODE = {
    "active": "NMC811",
    "electrolyte": "separator",
    "mass_fractions": {"active": 0.7, "electrolyte": 0.3},
    "porosity": 0.14,
    "particle_radius": "2.5 um",
}
GRAPHITE = CATHODE | {"active": "graphite", "mass_fractions": {"active": 0.6, "electrolyte": 0.4}}
INDIUM = {
    "material": "lithium-indium",
    "overrides": {
        "density": "7.3 g/cm^3",
        "specific_heat_capacity": "0.23 J/(g K)",
        "thermal_conductivity": "80 W/(m K)",
        "electronic_conductivity": "1e7 S/m",
    },
}
I0 = 5.0
"""Exchange current density of lithium in these tests [A/m2]."""


def cell(*layers: tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    """A line of 1 cm2 cooled on both faces."""
    air = {"kind": "convection", "coefficient": "10 W/(m^2 K)", "ambient": "25 degC"}
    table = {
        "joulestack": 1,
        "cell": {
            "geometry": "line",
            "area": "1 cm^2",
            "stack_pressure": "50 MPa",
            "layers": [{"name": n, "material": m, "thickness": t} for n, m, t in layers],
        },
        "materials": {"separator": SEPARATOR},
        "thermal": {"faces": {"bottom": dict(air), "top": dict(air)}},
        "mesh": {"cells_per_layer": 6},
    }
    for key, value in changes.items():
        table[key] = table[key] | value if key in table else value
    return table


def on_separator(metal: str) -> dict[str, Any]:
    law = {"exchange_current_density": f"{I0} A/m^2"}
    return {"between": [metal, "separator"], "kinetics": law}


def run(table: dict[str, Any], folder: Path, charge: float = 1e-7) -> tuple[js.Case, Result]:
    case = js.Case.from_dict(table)
    result = js.run(case, output=folder, progress=False)
    assert result.summary["completed"]
    assert result.summary["charge_balance_relative"] < charge
    assert result.summary["power_balance_relative_max"] < 1e-6
    return case, result


def test_symmetric_cell(tmp_path: Path) -> None:
    """Li | SE | Li: no voltage without current, twice the overpotential and Ohm with it."""
    table = cell(
        ("left", "lithium", "50 um"),
        ("separator", "separator", "200 um"),
        ("right", "lithium", "50 um"),
        interfaces=[on_separator("left"), on_separator("right")],
        load={"steps": [{"current": "2 mA", "duration": "60 s"}, {"rest": True, "duration": 60}]},
    )
    case, result = run(table, tmp_path)
    figures = evaluate(case)
    assert figures.open_circuit_voltage == 0.0
    eta = 2 * GAS_CONSTANT * 298.15 / FARADAY * math.asinh(20.0 / (2 * I0))
    ohmic = 20.0 * sum(la.resistance for la in figures.layers)
    voltage = result["Voltage [V]"].entries
    assert voltage[0] == pytest.approx(-(ohmic + 2 * eta), rel=1e-6)
    assert figures.voltage == pytest.approx(voltage[0], rel=1e-6)
    assert abs(voltage[-1]) < 1e-6
    heat = result["Heat generated [W]"].entries
    current = result["Current [A]"].entries
    assert heat == pytest.approx(-current * voltage, rel=1e-6, abs=1e-12)


def test_lithium_indium_is_0_62_V_below(tmp_path: Path) -> None:
    layers = [("separator", "separator", "200 um"), ("cathode", "cathode", "60 um")]
    found = {}
    for metal, recipe in (("lithium", None), ("alloy", INDIUM)):
        table = cell(
            ("negative electrode", metal, "50 um"),
            *layers,
            cell={},
            materials={"cathode": CATHODE} | ({"alloy": recipe} if recipe else {}),
            interfaces=[on_separator("negative electrode")],
            load={"protocol": ["Discharge at C/2 for 1 min"]},
        )
        table["cell"]["state_of_charge"] = 0.8
        _, result = run(table, tmp_path / metal)
        found[metal] = result["Voltage [V]"].entries[0]
    assert found["lithium"] - found["alloy"] == pytest.approx(0.62, abs=1e-6)


@pytest.mark.parametrize("law", ["kinetics", "charge_transfer"])
def test_a_metal_electrode_has_the_heat_of_its_entropy(tmp_path: Path, law: str) -> None:
    """I T (dU/dT of In/InLi less that of NMC811) on discharge; the balances of `run` hold."""
    rule = {
        "kinetics": {"exchange_current_density": f"{I0} A/m^2"},
        "charge_transfer": {"law": "constant", "resistance": "10 ohm cm^2"},
    }
    on_alloy = {"between": ["negative electrode", "separator"], law: rule[law]}
    heat = {}
    for slope in ("0 V/K", "-0.24 mV/K"):
        recipe = INDIUM | {"overrides": INDIUM["overrides"] | {"entropic_coefficient": slope}}
        table = cell(
            ("negative electrode", "alloy", "50 um"),
            ("separator", "separator", "200 um"),
            ("cathode", "cathode", "60 um"),
            materials={"cathode": CATHODE, "alloy": recipe},
            interfaces=[on_alloy],
            load={"protocol": ["Discharge at C/2 for 1 min"]},
        )
        table["cell"]["state_of_charge"] = 0.8
        case, result = run(table, tmp_path / slope.split()[0])
        reversible = result["Heat reversible [W]"].entries
        assert evaluate(case).reversible == pytest.approx(reversible[0], rel=1e-5)
        heat[slope] = reversible[0]
        current = result["Current [A]"].entries[0]
    gained = heat["-0.24 mV/K"] - heat["0 V/K"]
    assert gained == pytest.approx(-0.24e-3 * 298.15 * current, rel=1e-5)


def test_graphite_against_nmc(tmp_path: Path) -> None:
    """Both electrodes from one state of charge; the figures foretell voltage and entropy's heat."""
    table = cell(
        ("negative collector", "copper", "10 um"),
        ("anode", "anode", "80 um"),
        ("separator", "separator", "30 um"),
        ("cathode", "cathode", "60 um"),
        ("positive collector", "aluminium", "15 um"),
        materials={"cathode": CATHODE, "anode": GRAPHITE},
        load={"protocol": ["Discharge at C/20 until 2.8 V", "Rest for 5 min"]},
    )
    table["cell"]["state_of_charge"] = 1.0
    table.setdefault("time", {})["potential_tolerance"] = "1e-9 V"  # the current is small
    case, result = run(table, tmp_path)
    figures = evaluate(case)
    voltage = result["Voltage [V]"].entries
    drop = figures.open_circuit_voltage - voltage[0]
    assert figures.open_circuit_voltage - figures.voltage == pytest.approx(drop, rel=0.1)
    assert figures.reversible == pytest.approx(result["Heat reversible [W]"].entries[0], rel=1e-6)
    assert voltage[voltage.argmin()] == pytest.approx(2.8, abs=1e-4)
    # Graphite limits, and is empty where its window says; faster, diffusion in NMC811 ends it.
    hours = result["Time [s]"].entries[voltage.argmin()] / 3600
    assert hours == pytest.approx(20.0, rel=0.05)


def test_pellet_is_a_line_where_nothing_depends_on_the_radius(tmp_path: Path) -> None:
    """The axis reacts like any other place, though r = 0 there."""
    table = cell(
        ("negative electrode", "lithium", "50 um"),
        ("separator", "separator", "200 um"),
        ("cathode", "cathode", "60 um"),
        materials={"cathode": CATHODE},
        interfaces=[on_separator("negative electrode")],
        load={"protocol": ["Discharge at 10 mA/cm2 for 2 min"]},
    )
    table["cell"]["state_of_charge"] = 0.6
    _, line = run(table, tmp_path / "line")
    del table["cell"]["area"]
    table["cell"] |= {"geometry": "pellet", "diameter": "10 mm"}
    table["mesh"]["in_plane"] = "1 mm"
    _, pellet = run(table, tmp_path / "pellet")
    for name in ("Voltage [V]", "Temperature max [K]", "Temperature min [K]"):
        a, b = line[name].entries, pellet[name].entries
        ends = np.array([a[0], a[-1]])
        assert np.array([b[0], b[-1]]) == pytest.approx(ends, rel=1e-6, abs=1e-6), name


def test_licoo2_without_carbon_works_until_it_is_full(tmp_path: Path) -> None:
    """Charged LiCoO2 is a metal: the lithiated insulator would end the discharge at once."""
    cathode = CATHODE | {
        "active": "LiCoO2",
        "mass_fractions": {"active": 0.75, "electrolyte": 0.25},
        "particle_radius": "3 um",
    }
    table = cell(
        ("negative electrode", "lithium", "50 um"),
        ("separator", "separator", "50 um"),
        ("cathode", "cathode", "80 um"),
        ("positive collector", "aluminium", "15 um"),
        materials={"cathode": cathode},
        interfaces=[on_separator("negative electrode")],
        load={"protocol": ["Discharge at C/2 until 3.0 V"]},
    )
    table["cell"]["state_of_charge"] = 1.0
    # Currents through nearly an insulator balance to 1.1e-7 where Newton's method is strict.
    table.setdefault("time", {})["potential_tolerance"] = "1e-7 V"
    case, result = run(table, tmp_path / "metal", charge=3e-7)
    hours = result["Time [s]"].entries[-1] / 3600
    assert 1.5 < hours < 2.0
    # It ends because electrons do not reach the last lithium.
    electrons = result["Heat Joule electronic [W]"].entries
    assert electrons[-1] > 1e3 * electrons[1]
    said = {name: status for name, _, status, _ in case.media()["cathode"].sources()}
    assert said["LiCoO2: electronic_conductivity"] == "unverified"

    cathode["overrides"] = {"electronic_conductivity": "5e-8 S/cm"}
    _, insulator = run(table, tmp_path / "insulator", charge=3e-7)
    assert insulator["Time [s]"].entries[-1] < 0.05 * result["Time [s]"].entries[-1]
