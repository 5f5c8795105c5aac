"""Plain objects for the solver: loads, pressures, conditions, probes, contacts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from joulestack.case import Case
from joulestack.case.clamping.maps import PressureMap
from joulestack.case.profiles import (
    Convection,
    FixedTemperature,
    Radiation,
)
from tests.case.samples import SAMPLES


def sample(name: str, changes: dict[str, Any] | None = None, folder: Path | str = ".") -> Case:
    return Case.from_dict(SAMPLES[name](), folder).replace(changes or {})


def started(case: Case) -> float:
    """Current of the only step [A]."""
    (step,) = case.protocol.steps
    assert step.mode == "current"
    return step.value.value(0.0)


def test_repeated_steps() -> None:
    case = sample("pouch", {"load.repeat": 3})
    assert case.end_time == 1800.0
    steps = [(step.mode, step.value.value(0.0)) for step in case.protocol.steps]
    assert steps == [("current", pytest.approx(-0.02)), ("rest", 0.0)] * 3


def test_current_density_and_rate() -> None:
    case = sample("pellet")
    area = math.pi * 0.25e-4
    assert started(case) == pytest.approx(50 * area)
    rate = case.replace({"load.c_rate": "C/2", "cell.capacity": "4 mA h"})
    assert started(rate) == pytest.approx(2e-3)
    own = case.replace({"load.c_rate": 1})
    assert own.capacity is not None
    assert started(own) == pytest.approx(own.capacity / 3600)


def test_current_of_repeated_cells() -> None:
    changes = {"load": {"current_density": "1 mA/cm^2"}, "time.end": 1.0, "cell.unit_cells": 3}
    case = sample("pouch", changes)
    assert started(case) == pytest.approx(3 * 10 * 12e-4)


def test_pressure_in_time(tmp_path: Path) -> None:
    table = {"time": ["0 s", "10 s"], "pressure": ["1 MPa", "3 MPa"]}
    pressure = sample("pellet", {"cell.stack_pressure": table}).stack_pressure
    assert pressure.value(5.0) == pytest.approx(2e6)
    assert pressure.value(50.0) == pytest.approx(3e6)
    assert pressure.map is None
    assert pressure.range == (1e6, 3e6)


def test_pressure_map() -> None:
    field = PressureMap((0.0, 1.0, 3.0), (0.0, 2.0), ((0.0, 2.0), (1.0, 3.0), (3.0, 5.0)))
    points = np.array([[0.0, 0.5, 2.0, 9.0], [0.0, 1.0, 2.0, -1.0], [7.0, 7.0, 7.0, 7.0]])
    assert field(points) == pytest.approx([0.0, 1.5, 4.0, 3.0])  # x + y, held outside
    assert field.mean == pytest.approx(2.5)


def test_pressure_map_of_a_pellet() -> None:
    field = PressureMap((0.0, 1.0, 2.0), (), (0.0, 1.0, 2.0))
    assert field(np.array([[0.5, 1.5], [0.0, 0.0]])) == pytest.approx([0.5, 1.5])
    assert field.mean == pytest.approx(2 * (2**3 / 3) / 2**2)  # mean of r over a disc


def test_pressure_map_from_a_file(tmp_path: Path) -> None:
    rows = [f"{x},{y},{x + y}" for y in (0, 40) for x in (0, 10, 30)]
    (tmp_path / "map.csv").write_text("x [mm],y [mm],pressure [MPa]\n" + "\n".join(rows))
    case = sample("pouch", {"cell.stack_pressure": {"map": "map.csv"}}, tmp_path)
    assert case.stack_pressure.map is not None
    point = np.array([[20e-3], [10e-3], [0.0]])
    assert case.stack_pressure.map(point) == pytest.approx([30e6])


def test_thermal_conditions() -> None:
    conditions = sample("pouch").thermal_conditions
    assert conditions["bottom"] == (Convection(1e4, 293.15, plate=True),)
    assert conditions["top"] == (Convection(10.0, 298.15), Radiation(0.8, 298.15))
    assert sample("line").thermal_conditions["bottom"] == (FixedTemperature(298.15),)
    changed = sample("pouch", {"thermal.faces.left": {"kind": "adiabatic"}})
    assert "left" not in changed.thermal_conditions


def test_output_times() -> None:
    assert sample("pellet", {"outputs": {"every": "4 min"}}).output_times == (0, 240, 480, 600)
    assert sample("pellet", {"outputs": {"times": [5, 1]}}).output_times == (1, 5, 600)
    assert len(sample("pellet").output_times) == 61
    # Open ends are expected within an hour, and may come after two days: ever fewer outputs.
    late = sample("pellet", {"load": {"protocol": ["Rest until 3 V"]}, "time": {}}).output_times
    assert late[:61] == tuple(60.0 * i for i in range(61))
    assert late[61:63] == (3720.0, 3840.0)
    assert late[-1] == 48 * 3600.0
    assert len(late) < 6 * 60
    assert sample("line").output_times == (0.0,)


def test_touching_bodies() -> None:
    pairs = sample("pellet").touching
    assert ("separator", "cathode") in pairs
    assert ("separator", "die") in pairs
    assert len(pairs) == 4 + 5
    short = sample("pellet", {"cell.die.die.height": "1 mm"}).touching
    assert [p for p in short if "die" in p] == [
        ("bottom plunger", "die"),
        ("negative electrode", "die"),
        ("separator", "die"),
        ("cathode", "die"),
        ("top plunger", "die"),
    ]
    film = [{"name": "film", "material": "PEEK", "thickness": "0.1 mm"}]
    assert ("positive collector", "film") in sample("pouch", {"cell.above": film}).touching
    doubled = sample("pouch", {"cell.above": film, "cell.unit_cells": 2}).touching
    assert ("negative collector", "film") in doubled


def test_contacts_default_stated_and_perfect() -> None:
    case = sample("pellet")
    contacts = case.contacts()
    assert set(contacts) == set(case.touching)
    assert contacts["negative electrode", "separator"].charge_transfer is not None
    assert "charge_transfer" in contacts["negative electrode", "separator"].defaults
    stated = contacts["separator", "cathode"]
    from joulestack.laws.state import State

    assert stated.thermal is not None
    assert stated.thermal.resistance(State(T=300.0, p=1e6)) == pytest.approx(1e-5)
    assert stated.ionic is None
    perfect = case.replace(
        {"interfaces": [{"between": ["separator", "negative electrode"], "thermal": "perfect",
                         "charge_transfer": "5 ohm cm^2"}]}
    ).contacts()["negative electrode", "separator"]  # fmt: skip
    assert perfect.thermal is None
    assert perfect.charge_transfer is not None
    assert perfect.charge_transfer.resistance(State(T=300.0, p=1e6)) == pytest.approx(5e-4)


def test_media_are_shared() -> None:
    media = sample("pellet").media()
    assert media["top plunger"] is media["bottom plunger"]
    assert media["separator"].conducts_ions
    assert not media["die"].conducts_electrons


def test_own_material_beside_the_case(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "src/joulestack/materials/library/PEEK.toml"
    (tmp_path / "materials").mkdir()
    text = source.read_text().replace('"PEEK"', '"my polymer"').replace("= 0.27", "= 0.5")
    (tmp_path / "materials" / "polymer.toml").write_text(text)
    case = sample("pellet", {"cell.die.die.material": "my polymer"}, tmp_path)
    from joulestack.laws.state import State

    assert case.media()["die"].thermal_conductivity(State(T=300.0)) == pytest.approx(0.5)
