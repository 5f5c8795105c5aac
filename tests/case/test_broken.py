"""Broken cases: each is refused with a message that says what, where and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack.case.reading import Source, override
from joulestack.case.validation import validate
from joulestack.errors import CaseError
from tests.case.samples import HELD, SAMPLES

Row = tuple[str, dict[str, Any], str, str]
ON_LITHIUM = {"between": ["negative electrode", "separator"]}
EXCHANGE = {"exchange_current_density": "1 mA/cm^2"}

SCHEMA: list[Row] = [
    ("line", {"joulestack": 2}, "joulestack", "version 2 of the case language is not known"),
    ("line", {"joulestack": None}, "joulestack", "is missing"),
    ("line", {"cel": {}}, "cel", 'unknown key\n    -> did you mean "cell"?'),
    ("pellet", {"cell.diametre": "1 mm"}, "cell.diametre", 'did you mean "diameter"?'),
    (
        "pellet",
        {"cell.layers.separator.thicknes": 1},
        "cell.layers.separator.thicknes",
        'did you mean "thickness"?',
    ),
    ("pellet", {"cell.geometry": "cylinder"}, "cell.geometry", "one of: line, pellet, pouch, mesh"),
    ("pellet", {"cell.layers": []}, "cell.layers", "has 0 entries"),
    ("pellet", {"cell.layers": "separator"}, "cell.layers", "is not a list"),
    (
        "pellet",
        {"cell.layers.separator.material": None},
        "cell.layers.separator.material",
        "is missing",
    ),
    ("pellet", {"cell.layers.separator.name": "a.c"}, "cell.layers.a.c.name", "cannot be a name"),
    (
        "pellet",
        {"cell.diameter": "10 MPa"},
        "cell.diameter",
        '"10 MPa" is a pressure\n    -> write a length such as "50 um"',
    ),
    ("pellet", {"cell.diameter": "10"}, "cell.diameter", "has no unit"),
    ("pellet", {"cell.diameter": "10 milimeter"}, "cell.diameter", "unknown unit"),
    ("pellet", {"cell.diameter": "-10 mm"}, "cell.diameter", "must be above 0 m"),
    ("pellet", {"cell.diameter": True}, "cell.diameter", "True is not a length"),
    (
        "pellet",
        {"cell.start_temperature": 25},
        "cell.start_temperature",
        'plain numbers are kelvin: "25 degC"',
    ),
    ("pellet", {"cell.start_temperature": "25 C"}, "cell.start_temperature", "coulomb"),
    ("pellet", {"cell.stack_pressure": "-1 MPa"}, "cell.stack_pressure", "at least 0 Pa"),
    ("pellet", {"cell.unit_cells": 0}, "cell.unit_cells", "at least 1"),
    ("pouch", {"cell.unit_cells": 1.5}, "cell.unit_cells", "is not a whole number"),
    (
        "pouch",
        {"cell.tabs.negative.edge": "bottom"},
        "cell.tabs.negative.edge",
        "one of: left, right, front, back",
    ),
    (
        "pellet",
        {"materials.cathode.charge_transfer_resistance": "0 ohm cm^2"},
        "materials.cathode.charge_transfer_resistance",
        "must be above 0 ohm cm^2",
    ),
    ("pellet", {"materials.cathode.porosity": 1.2}, "materials.cathode.porosity", "at most 1"),
    (
        "pellet",
        {"materials.separator.material": None},
        "materials.separator",
        "neither `material` (a fabricated material) nor `active`",
    ),
    (
        "pellet",
        {"materials.separator.moulding_presure": "1 MPa"},
        "materials.separator.moulding_presure",
        'did you mean "moulding_pressure"?',
    ),
    (
        "line",
        {"thermal.faces.top.kind": "convektion"},
        "thermal.faces.top",
        'unknown kind "convektion"\n    -> did you mean "convection"?',
    ),
    ("line", {"thermal.faces.top.kind": None}, "thermal.faces.top", "`kind` is missing"),
    (
        "line",
        {"thermal.faces.top.coefficient": None},
        "thermal.faces.top.coefficient",
        'heat transfer coefficient h; e.g. "10 W/(m^2 K)"',
    ),
    ("line", {"thermal.faces.top.emissivity": 0.5}, "thermal.faces.top.emissivity", "unknown key"),
    ("line", {"mesh": {"degree": 3}}, "mesh.degree", "one of: 1, 2"),
    (
        "line",
        {"time.temperature_tolerance": "1 degC"},
        "time.temperature_tolerance",
        "temperature difference",
    ),
    ("line", {"solver": {"linear": "fast"}}, "solver.linear", "one of: auto, direct, iterative"),
    (
        "line",
        {"outputs": {"fields": ["temprature"]}},
        "outputs.fields[0]",
        'did you mean "temperature"?',
    ),
]

CELL: list[Row] = [
    ("line", {"cell.diameter": "1 mm"}, "cell.diameter", "the area says it already"),
    ("line", {"cell.unit_cells": 2}, "cell.unit_cells", "has no effect"),
    ("line", {"cell.area": None}, "cell.area", "is missing"),
    ("pouch", {"cell.diameter": "1 mm"}, "cell.diameter", 'has no effect for geometry = "pouch"'),
    ("pouch", {"cell.width": None}, "cell.width", "is missing"),
    (
        "pouch",
        {"cell.die": [{"name": "d", "material": "PEEK", "thickness": 0.1}]},
        "cell.die",
        "has no effect",
    ),
    (
        "pellet",
        {
            "cell.tabs": {
                s: {"edge": "left", "layer": "a", "width": 1, "length": 1}
                for s in ("negative", "positive")
            }
        },
        "cell.tabs",
        "has no effect",
    ),
    (
        "pellet",
        {"cell.layers.separator.thickness": None},
        "cell.layers.separator.thickness",
        "is missing",
    ),
    (
        "pellet",
        {"cell.layers.cathode.name": "separator"},
        "cell.layers.separator.name",
        '"separator" is used twice',
    ),
    (
        "pouch",
        {"cell.tabs.negative.layer": "copper foil"},
        "cell.tabs.negative.layer",
        'there is no layer "copper foil"',
    ),
    (
        "pouch",
        {"cell.tabs.positive.layer": "negative collector"},
        "cell.tabs",
        "both tabs are on the same layer",
    ),
    (
        "pouch",
        {"cell.tabs.negative.offset": "25 mm"},
        "cell.tabs.negative",
        "reaches from 25 to 33 mm, but the back edge is 30 mm long",
    ),
    ("pouch", {"cell.tabs.negative.busbar": "1 mm"}, "cell.tabs.negative.busbar", "one unit cell"),
    (
        "mesh",
        {"cell.layers.cathode.thickness": "1 um"},
        "cell.layers.cathode.thickness",
        "the mesh file has it",
    ),
    ("mesh", {"cell.terminals": None}, "cell.terminals", "is missing"),
    ("mesh", {"mesh.file": None}, "mesh.file", "is missing"),
    ("mesh", {"mesh.file": "cel.msh"}, "mesh.file", 'did you mean "cell.msh"?'),
    ("mesh", {"mesh.regions": {"Cu": "copper"}}, "mesh.regions.Cu", 'no layer "copper"'),
    ("mesh", {"mesh.in_plane": "1 mm"}, "mesh.in_plane", "has no effect"),
    ("line", {"mesh": {"in_plane": "1 mm"}}, "mesh.in_plane", "has no effect"),
    ("pellet", {"mesh": {"file": "cell.msh"}}, "mesh.file", "has no effect"),
    (
        "pellet",
        {"mesh": {"layers": {"seperator": 3}}},
        "mesh.layers.seperator",
        'did you mean "separator"?',
    ),
]

PRESSURE: list[Row] = [
    (
        "pellet",
        {"cell.stack_pressure": None},
        "cell.stack_pressure",
        "is missing, and pressed cells hardly conduct without",
    ),
    (
        "pellet",
        {"cell.stack_pressure": {"x": [0, 1], "pressure": [1e6, 2e6]}},
        "cell.stack_pressure",
        "these keys do not make a table: x, pressure",
    ),
    (
        "pellet",
        {"cell.stack_pressure": {"time": [0, 1, 2], "pressure": [1e6, 2e6]}},
        "cell.stack_pressure",
        "has 3 times but 2 values",
    ),
    (
        "pellet",
        {"cell.stack_pressure": {"time": [0, 2, 1], "pressure": [1e6, 2e6, 3e6]}},
        "cell.stack_pressure",
        "put times in order",
    ),
    (
        "pellet",
        {"cell.stack_pressure": {"csv": "none.csv"}},
        "cell.stack_pressure",
        "there is no file none.csv",
    ),
    (
        "pellet",
        {"cell.stack_pressure": {"csv": "wrong.csv"}},
        "cell.stack_pressure",
        ['which has "time [s]", "volt [V]"', " wanted: time [s], pressure [Pa]"][0],
    ),
    (
        "pellet",
        {"cell.stack_pressure": {"r": ["0 mm", "4 mm"], "pressure": [1e6, 2e6]}},
        "cell.stack_pressure",
        "covers r from 0 to 4 mm, the face goes from 0 to 5 mm",
    ),
    (
        "pouch",
        {"cell.stack_pressure": {"x": [0, 0.03], "y": [0, 0.04], "pressure": [[1e6], [2e6]]}},
        "cell.stack_pressure",
        "a row of pressure has 1 values",
    ),
    (
        "line",
        {"cell.stack_pressure": {"x": [0, 1], "y": [0, 1], "pressure": [[1e6, 1e6], [2e6, 2e6]]}},
        "cell.stack_pressure",
        "has no effect for a line",
    ),
    (
        "line",
        {"cell.stack_pressure": {"time": [0, 1], "pressure": [1e6, 2e6]}},
        "cell.stack_pressure",
        "has no effect in a steady run",
    ),
]

MATERIALS: list[Row] = [
    (
        "pellet",
        {"cell.layers.separator.material": "Li6PS5CL2"},
        "cell.layers.separator.material",
        'there is no material "Li6PS5CL2"',
    ),
    (
        "pellet",
        {"cell.layers.separator.material": "seperator"},
        "cell.layers.separator.material",
        'did you mean "separator"?',
    ),
    ("pellet", {"materials.cathode.active": "NMC623"}, "materials.cathode.active", "did you mean"),
    (
        "pellet",
        {"materials.cathode.electrolyte": "cathode"},
        "materials.cathode.electrolyte",
        "is a composite electrode itself",
    ),
    (
        "pellet",
        {"materials.spare": {"material": "copper"}},
        "materials.spare",
        "has no effect: no layer is made of it",
    ),
    (
        "pellet",
        {
            "materials.cathode": {
                **SAMPLES["pellet"]()["materials"]["cathode"],
                "moulding_pressure": "100 MPa",
                "loading": "20 mg/cm^2",
                "porosity": None,
            }
        },
        "materials.cathode.moulding_pressure",
        "loading and thickness say the porosity already",
    ),
    (
        "pellet",
        {"materials.cathode.porosity": None},
        "materials.cathode",
        "neither porosity nor moulding_pressure",
    ),
    (
        "pellet",
        {"materials.cathode.mass_fractions.active": 0.8},
        "materials.cathode.mass_fractions",
        "add up to 1.1",
    ),
    (
        "pellet",
        {"materials.cathode.additive": None},
        "materials.cathode.mass_fractions.additive",
        "no additive is named",
    ),
    (
        "pellet",
        {"materials.separator.particle_class": "coarse"},
        "materials.separator.particle_class",
        "known: annealed, ball-milled",
    ),
    (
        "pellet",
        {"materials.separator.overrides": {"thermal_conductivty": 1}},
        "materials.separator.overrides.thermal_conductivty",
        'did you mean "thermal_conductivity"',
    ),
    (
        "pellet",
        {"materials.separator.overrides": {"thermal_conductivity": "1 W/m"}},
        "materials.separator.overrides.thermal_conductivity",
        "write a thermal conductivity",
    ),
]

INTERFACES: list[Row] = [
    (
        "pellet",
        {"cell.die.die.contact": None},
        "cell.die.die",
        "joins perfectly what a thermal resistance parts: negative electrode | separator",
    ),
    (
        "pellet",
        {"cell.die.die.contact": "1 ohm cm^2"},
        "cell.die.die.contact",
        "write an area-specific thermal resistance",
    ),
    (
        "pellet",
        {"cell.die.die.contact": {"law": "power", "exponent": 1}},
        "cell.die.die.contact.reference_pressure",
        "is missing",
    ),
    (
        "pellet",
        {"interfaces.0.between": ["separator", "top plunger"]},
        "interfaces.separator|top plunger.between",
        "do not touch",
    ),
    (
        "pellet",
        {"interfaces.0.between": ["separator", "anode"]},
        "interfaces.separator|anode.between",
        'there is no layer "anode"',
    ),
    (
        "pellet",
        {"interfaces.0.electronic": "1 ohm cm^2"},
        "interfaces.separator|cathode.electronic",
        "which do not both conduct electrons",
    ),
    (
        "pellet",
        {"interfaces.0.charge_transfer": "1 ohm cm^2"},
        "interfaces.separator|cathode.charge_transfer",
        "not a metal electrode and an ion conductor",
    ),
    (
        "pellet",
        {"interfaces.0.thermal.law": "konstant"},
        "interfaces.separator|cathode.thermal.law",
        'did you mean "constant"',
    ),
    (
        "pellet",
        {"interfaces.0.thermal": "1 ohm cm^2"},
        "interfaces.separator|cathode.thermal",
        "write an area-specific thermal resistance",
    ),
    (
        "pellet",
        {"interfaces.0.thermal": "prefect"},
        "interfaces.separator|cathode.thermal",
        'did you mean "perfect"?',
    ),
    (
        "pellet",
        {"interfaces.0.thermal.exponent": 2},
        "interfaces.separator|cathode.thermal.exponent",
        "known: resistance, conductance",
    ),
    ("pellet", {"interfaces.0.thermal": None}, "interfaces.separator|cathode", "says nothing"),
    (
        "pellet",
        {"interfaces.0.kinetics": {"exchange_current_density": "1 mA/cm^2"}},
        "interfaces.separator|cathode.kinetics",
        "not a metal electrode and an ion conductor",
    ),
    (
        "pellet",
        {"interfaces": [{**ON_LITHIUM, "kinetics": {"contact_area": 0.5}}]},
        "interfaces.negative electrode|separator.kinetics.exchange_current_density",
        "is missing",
    ),
    (
        "pellet",
        {"interfaces": [{**ON_LITHIUM, "kinetics": {"law": "marcus", **EXCHANGE}}]},
        "interfaces.negative electrode|separator.kinetics.reorganisation_energy",
        "is missing",
    ),
    (
        "pellet",
        {"interfaces": [{**ON_LITHIUM, "kinetics": {"contact_area": 1.5, **EXCHANGE}}]},
        "interfaces.negative electrode|separator.kinetics.contact_area",
        "at most 1",
    ),
    (
        "pellet",
        {"interfaces": [{**ON_LITHIUM, "charge_transfer": "perfect"}]},
        "interfaces.negative electrode|separator",
        "is never perfect",
    ),
    (
        "pellet",
        {"materials.separator": {"material": "Al-LLZO", "sintering_temperature": "1200 degC"}},
        "interfaces",
        "holds no charge-transfer resistance of this pair",
    ),
    ("pellet", {"mesh.radial_modes": 4}, "mesh.radial_modes", "in which lithium moves"),
    ("pellet", {"mesh.radial_modes": 0}, "mesh.radial_modes", "at least 1"),
    (
        "pellet",
        {"time.lithiation_tolerance": 1e-5, "load.current_density": "-5 mA/cm^2"},  # no voids open
        "time.lithiation_tolerance",
        "lithium moves",
    ),
    ("pellet", {"cell.state_of_charge": 0.5}, "cell.state_of_charge", "lithium moves"),
    (
        "pellet",
        {"materials.cathode.state_of_charge": 1.0, "mesh.degree": 2},
        "mesh.degree",
        "cannot carry particles",
    ),
    (
        "pellet",
        {"cell.layers.negative electrode.material": "stainless steel"},
        "cell.layers.negative electrode",
        "blocking contacts carry no direct current",
    ),
]

DRIVES: list[Row] = [
    ("pellet", {"load": {"current": 1, "voltage": 3}}, "load", "is driven by current and voltage"),
    ("pellet", {"load": {}}, "load", "is driven by nothing"),
    (
        "pellet",
        {"load": {"table": {"time": [0, 5], "current": [1]}}},
        "load.table",
        "has 2 times but 1 values",
    ),
    (
        "pellet",
        {"load": {"table": {"time": [1, 5], "current": [1, 1]}}},
        "load.table",
        "start at time 0",
    ),
    (
        "pellet",
        {"load": {"table": {"csv": "load.csv"}}, "time.end": "1 h"},
        "time.end",
        "but the load ends at 60 s",
    ),
    ("pouch", {"load.steps.0.voltage": "4 V", "load.steps.0.current": "1 A"}, None, ""),
    (
        "pouch",
        {"load.steps.1": {"rest": True, "voltage": 3, "duration": 1}},
        "load.steps[1]",
        "is driven by voltage and rest",
    ),
    ("pouch", {"load.steps.1": {"duration": 1}}, "load.steps[1]", "is driven by nothing"),
    ("pouch", {"load.steps.1": {"rest": True}}, "load.steps[1].duration", "is missing"),
    (
        "mesh",
        {"cell.area": None, "load": {"current_density": 1}, "time": {"end": 1}},
        "cell.area",
        "a current density needs the area",
    ),
    (
        "line",
        {"load": {"current": 1}, "cell.layers.cold.material": "PEEK", "cell.stack_pressure": 1e6},
        "cell.layers.cold",
        "is at a terminal but does not conduct electrons",
    ),
    (
        "pellet",
        {"cell.layers.negative electrode.material": "PEEK"},
        "cell.layers.bottom plunger",
        'the current does not get from "bottom plunger"',
    ),
    (
        "pellet",
        {"cell.layers.negative electrode.material": "copper"},
        "cell.layers.negative electrode",
        "electrons become ions at a metal electrode",
    ),
    (
        "line",
        {"cell.terminals": {"negative": "a", "positive": "b"}},
        "cell.terminals",
        "has no effect",
    ),
    (
        "line",
        {"thermal.faces.side": dict(HELD)},
        "thermal.faces.side",
        'a line has no face "side"\n    -> one of: bottom, top',
    ),
    (
        "pouch",
        {"cell.tabs": None, "thermal.faces.tab_negative": dict(HELD)},
        "thermal.faces.tab_negative",
        "has no face",
    ),
    (
        "line",
        {"thermal.faces.top": [dict(HELD), dict(HELD)]},
        "thermal.faces.top",
        "fixed temperature excludes every other condition",
    ),
    ("line", {"thermal.faces.top": []}, "thermal.faces.top", "has 0 entries"),
    (
        "pouch",
        {"thermal.faces.bottom": {"kind": "cooling plate", "temperature": "20 degC"}},
        "thermal.faces.bottom",
        "takes one of coefficient and contact_resistance",
    ),
    (
        "line",
        {"thermal.faces": {"top": {"kind": "heat flux", "flux": 5}}},
        "thermal.faces",
        "there is no steady state",
    ),
]

NUMERICS: list[Row] = [
    ("line", {"time.end": "1 s"}, "time.end", "has no effect in a steady run"),
    ("line", {"time.stop": {"temperature_above": "60 degC"}}, "time.stop", "in a steady run"),
    ("line", {"outputs": {"every": "1 s"}}, "outputs.every", "has no effect in a steady run"),
    ("line", {"outputs": {"fields": ["ionic_potential"]}}, "outputs.fields[0]", "without a load"),
    ("pellet", {"time.end": None}, "time.end", 'end = "30 min", or steady = true'),
    ("pellet", {"time.max_step": "1 h"}, "time.max_step", "is longer than the run"),
    (
        "pellet",
        {"time.first_step": "9 s", "time.max_step": "1 s"},
        "time.first_step",
        "is longer than max_step",
    ),
    (
        "pellet",
        {"time.stop": {"temperature_above": "20 degC"}},
        "time.stop.temperature_above",
        "is reached at the start",
    ),
    (
        "pellet",
        {"time.stop": {"voltage_below": 4, "voltage_above": 3}},
        "time.stop",
        "voltage_below is not below",
    ),
    (
        "pellet",
        {"time.steady": True, "time.end": None, "load": {"steps": [{"rest": True, "duration": 1}]}},
        "load.steps",
        "has no effect in a steady run",
    ),
    ("pellet", {"outputs": {"every": 5, "times": [1]}}, "outputs", "exclude each other"),
    ("pellet", {"outputs": {"times": ["1 h"]}}, "outputs.times[0]", "after the end of the run"),
    ("pellet", {"probes.0.layer": "seperator"}, "probes.middle.layer", 'did you mean "separator"?'),
    ("pellet", {"probes.0.layer": "die"}, "probes.middle.layer", "probe a ring by point"),
    ("pellet", {"probes.0.position": 1.5}, "probes.middle.position", "at most 1"),
    (
        "pellet",
        {"probes.0.at": ["6 mm"]},
        "probes.middle.at",
        "6 mm is outside the face\n    -> stay within 0 and 5 mm",
    ),
    ("pellet", {"probes.0.at": [0, 0]}, "probes.middle.at", "write [r] for a pellet"),
    ("pellet", {"probes.0.point": [0, 0]}, "probes.middle", "needs either layer or point"),
    ("line", {"probes": [{"name": "p", "point": ["4 mm"]}]}, "probes.p.point", "outside the cell"),
    ("line", {"probes": [{"name": "p", "point": [0, 0]}]}, "probes.p.point", "has 2 coordinates"),
]

ROWS = [
    row
    for rows in (SCHEMA, CELL, PRESSURE, MATERIALS, INTERFACES, DRIVES, NUMERICS)
    for row in rows
    if row[2] is not None
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cell.msh").write_text("$MeshFormat\nnot read here")
    (tmp_path / "wrong.csv").write_text("time [s],volt [V]\n0,1\n1,1\n")
    (tmp_path / "load.csv").write_text("time [min],current [mA]\n0,1\n1,1\n")
    return tmp_path


def broken(folder: Path, name: str, changes: dict[str, Any]) -> CaseError:
    source = override(Source(SAMPLES[name](), folder, "broken.toml"), changes)
    with pytest.raises(CaseError) as error:
        validate(source)
    return error.value


@pytest.mark.parametrize(("name", "changes", "where", "message"), ROWS)
def test_refused(
    folder: Path, name: str, changes: dict[str, Any], where: str, message: str
) -> None:
    error = broken(folder, name, changes)
    assert error.exit_code == 2
    at = [p for p in error.problems if p.where.split(" (")[0].split(":")[0] == where]
    assert at, f"no problem at {where}:\n{error}"
    assert any(message in str(p) for p in at), f"{message!r} is not in:\n{error}"
    assert len(error.problems) <= 2, f"one mistake is told too often:\n{error}"


def test_there_are_enough() -> None:
    assert len({repr(row) for row in ROWS}) == len(ROWS) >= 40


def test_everything_at_once(folder: Path) -> None:
    error = broken(
        folder,
        "pellet",
        {
            "cell.diametre": "1 mm",
            "load.current_density": "5 mA",
            "probes.0.layer": "seperator",
            "thermal.faces.left": dict(HELD),
            "outputs": {"every": "2 h"},
        },
    )
    text = str(error)
    for word in ("diametre", "load.current_density", '"seperator"', '"left"', "outputs.every"):
        assert word in text


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_sound(folder: Path, name: str) -> None:
    validate(Source(SAMPLES[name](), folder))
