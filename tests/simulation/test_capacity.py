"""A real cell with particles, from case to results: lithiation, losses, protocol, capacities."""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.outputs.legend import of_manifest
from joulestack.outputs.plots import overpotentials
from joulestack.outputs.result import Result
from joulestack.simulation.judgement import judge

CELL: dict[str, Any] = {
    "joulestack": 1,
    "cell": {
        "geometry": "line",
        "area": "2 cm^2",
        "stack_pressure": "20 MPa",
        "start_temperature": "25 degC",
        "layers": [
            {"name": "lithium", "material": "lithium", "thickness": "20 um"},
            {"name": "separator", "material": "separator", "thickness": "30 um"},
            {"name": "cathode", "material": "cathode", "thickness": "60 um"},
            {"name": "collector", "material": "aluminium", "thickness": "15 um"},
        ],
    },
    "materials": {
        "separator": {"material": "Li6PS5Cl", "moulding_pressure": "370 MPa"},
        "cathode": {
            "active": [
                {"material": "NMC811", "share": 0.7, "particle_radius": "4 um"},
                {"material": "NMC811", "share": 0.3, "particle_radius": "1 um"},
            ],
            "electrolyte": "separator",
            "additive": "VGCF",
            "mass_fractions": {"active": 0.75, "electrolyte": 0.22, "additive": 0.03},
            "porosity": 0.12,
            "state_of_charge": 0.9,
            "contact_fraction": 0.5,
            # Of a liquid: what is counted here needs no electrode that its surfaces limit.
            "diffusivity": "2e-14 m^2/s",
            "maximum_concentration": "63104 mol/m^3",
            "kinetics": {
                "charge_transfer_resistance": "15 ohm cm^2",
                "activation_energy": "24 kJ/mol",
            },
        },
    },
    "load": {
        "protocol": [
            "Discharge at C/3 for 10 minutes",
            "Rest for 5 min",
            "Charge at C/2 for 5 min",
        ]
    },
    "thermal": {
        "faces": {
            "bottom": {
                "kind": "cooling plate",
                "temperature": "25 degC",
                "coefficient": "500 W/(m^2 K)",
            }
        }
    },
    "mesh": {"cells_per_layer": 4},
    "time": {},
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("session")
    return js.run(js.Case.from_dict(CELL, name="session"), folder / "out", progress=False)


def entries(result: Result, *names: str) -> list[Any]:
    return [result[name].entries for name in names]


def test_losses_add_up_to_what_is_between_the_voltages(result: Result) -> None:
    current, voltage, equilibrium, imbalance = entries(
        result, "Current [A]", "Voltage [V]", "Equilibrium voltage [V]", "Charge imbalance [A]"
    )
    table = {name: result[name].entries for name in result}
    found = overpotentials.losses(table, of_manifest(result.manifest))
    parts = {entry.label: values for entry, values in found.items()}
    assert set(parts) == {
        "ionic separator", "ionic cathode", "electronic", "kinetics", "film", "metal interface",
        "diffusion",
    }  # fmt: skip
    loaded = current != 0
    assert loaded.sum() > 20
    error = sum(parts.values()) - (equilibrium - voltage)
    # Newton leaves a part of the current out of balance, and with it as much of the voltage.
    allowed = 1e-9 + 0.5 * np.abs(imbalance[loaded] / current[loaded])
    assert (np.abs(error[loaded]) <= allowed).all()
    assert np.abs(error[current > 0]).max() < 1e-9
    assert all((v[~loaded] == 0).all() for v in parts.values())
    assert all((v[current > 0] >= -1e-12).all() for n, v in parts.items() if n != "diffusion")
    assert all((v[current < 0] <= 1e-12).all() for n, v in parts.items() if n != "diffusion")
    assert parts["diffusion"][current > 0].max() > 1e-3


def test_lithium_that_particles_gain_is_the_charge_that_passed(result: Result) -> None:
    assert result.summary["lithium_balance_relative"] < 1e-8
    passed, large, small = entries(
        result,
        "Capacity passed [mAh]",
        "cathode NMC811 lithiation mean [-]",
        "cathode NMC811 2 lithiation mean [-]",
    )
    sites = result.summary["capacity_mAh"]["theoretical"]
    gained = sites * (0.7 * (large - large[0]) + 0.3 * (small - small[0]))
    assert np.abs(gained - passed).max() < 1e-6 * passed.max()
    per_area = result["Capacity passed [mAh/cm2]"].entries
    assert per_area == pytest.approx(passed / 2.0)


def test_surfaces_run_ahead_of_the_mean(result: Result) -> None:
    names = [f"cathode NMC811 lithiation {k} [-]" for k in ("surface max", "mean", "surface min")]
    highest, mean, lowest = (result[n](600.0) for n in names)
    assert highest > mean > result[names[1]].entries[0]
    assert highest - lowest > 0.01  # the separator's side is ahead
    charge = result["cathode state of charge [-]"].entries
    assert charge[0] == pytest.approx(0.9)
    usable = result.summary["capacity_mAh"]["usable"]
    passed = result["Capacity passed [mAh]"].entries
    assert charge == pytest.approx(0.9 - passed / usable, abs=1e-6)


def test_protocol_as_a_table(result: Result) -> None:
    steps = result.protocol
    assert [s.text for s in steps] == CELL["load"]["protocol"]
    assert [(s.step, s.cycle, s.start, s.end) for s in steps] == [
        (1, 1, 0.0, 600.0), (2, 1, 600.0, 900.0), (3, 1, 900.0, 1200.0),
    ]  # fmt: skip
    nominal = result.summary["capacity_mAh"]["nominal"]
    assert [s.charge for s in steps] == pytest.approx([nominal / 18, 0.0, -nominal / 24])
    assert steps[0].energy == pytest.approx(steps[0].charge * 1e-3 * 4.1, rel=0.05)
    assert steps[-1].voltage == result["Voltage [V]"].entries[-1]
    assert {s.ended_by for s in steps} == {"duration"}
    assert result.summary["ended_by"] == "duration"
    lines = str(steps).splitlines()
    assert len(lines) == 4
    assert lines[2].endswith("duration")
    number = result["Step"].entries
    assert set(number) == {1.0, 2.0, 3.0}
    assert (np.diff(number) >= 0).all()
    assert set(result["Cycle"].entries) == {1.0}


def test_heat_by_layer_is_the_heat_by_source(result: Result) -> None:
    by_layer, by_source = result.summary["heat_by_layer_J"], result.summary["heat_J"]
    assert "charge transfer metal" in by_layer["lithium | separator"]
    assert set(by_layer["separator"]) == {"Joule ionic"}
    for source, joules in by_source.items():
        found = sum(sources.get(source, 0.0) for sources in by_layer.values())
        assert found == pytest.approx(joules, rel=1e-9, abs=1e-15), source


def test_lithiation_in_the_field_file(result: Result) -> None:
    snapshot = result.snapshot(600.0)
    cathode = next(r.id for r in snapshot.grid.regions if r.name == "cathode")
    inside = snapshot.grid.node_region == cathode
    for number, name in (("", "NMC811"), (" 2", "NMC811 2")):
        mean = snapshot.nodes[f"Lithiation mean{number} [-]"]
        surface = snapshot.nodes[f"Lithiation surface{number} [-]"]
        assert np.isnan(mean[~inside]).all()
        assert (surface[inside] > mean[inside]).all()
        highest = result[f"cathode {name} lithiation surface max [-]"](snapshot.time)
        assert surface[inside].max() == pytest.approx(float(highest), abs=1e-6)
    reaction = snapshot.cells["Reaction current density [A/m3]"]
    assert (reaction[snapshot.grid.cell_region != cathode] == 0).all()
    points = snapshot.grid.points[snapshot.grid.cells, 0]
    total = float(reaction @ np.ptp(points, axis=1)) * 2e-4
    assert total == pytest.approx(-float(result["Current [A]"].entries[0]), rel=1e-6)


def test_pictures_of_a_session(result: Result) -> None:
    assert (result.path / "overpotentials.png").stat().st_size > 10_000
    figure = result.plot(kind="overpotentials")
    assert figure.axes[-1].get_xlabel() == "time (min)"
    above = {t.get_text() for t in figure.axes[0].texts}
    assert above == {"step", "1", "2", "3"}
    profile = result.plot(kind="profile", time=600.0)
    assert profile.axes[-1].get_ylabel() == "lithiation x (-)"
    named = [t.get_text() for t in profile.axes[-1].get_legend().get_texts()]
    assert named == ["mean 1", "surface 1", "mean 2", "surface 2"]


def test_fields_can_be_chosen_and_a_discharge_is_drawn_over_capacity(tmp_path: Path) -> None:
    case = js.Case.from_dict(CELL, name="chosen").replace(
        {
            "load.protocol": ["Discharge at C/2 for 2 min"],
            "outputs.fields": ["lithiation", "reaction_current"],
        }
    )
    result = js.run(case, tmp_path / "out", progress=False)
    snapshot = result.snapshot()
    assert list(snapshot.nodes) == [
        f"Lithiation {k}{n} [-]" for n in ("", " 2") for k in ("mean", "surface")
    ]
    assert list(snapshot.cells) == ["Reaction current density [A/m3]"]
    assert "Step" not in result
    figure = result.plot(kind="overpotentials")
    assert figure.axes[-1].get_xlabel() == "capacity passed (mAh/cm²)"
    assert math.isclose(result.protocol[0].end, 120.0)


def test_lost_lithium_is_said_loudly(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "joulestack"):
        judge({"lithium_balance_relative": 0.9e-5, "energy_balance_relative": 0.9e-5})
        assert not caplog.records
        judge({"lithium_balance_relative": 1.1e-5})
    assert "BALANCE NOT CLOSED: lithium_balance_relative = 1.1e-05" in caplog.text
