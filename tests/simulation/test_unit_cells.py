"""Unit cells of a stack: each is the single cell, and what they are measured by adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

import joulestack as js
from joulestack.errors import CaseError
from joulestack.laws.state import State
from joulestack.mesh import Region
from joulestack.mesh.build import build
from joulestack.outputs import unit_cells
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.simulation import Simulation, solve

CASES = Path(__file__).parents[2] / "cases"
TAB = {"edge": "back", "width": "4 mm", "length": "1 mm"}
SMALL: dict[str, Any] = {
    "cell.width": "10 mm",
    "cell.length": "10 mm",
    "cell.layers.negative collector.thickness": "1 um",
    "cell.layers.positive collector.thickness": "1 um",
    "cell.tabs.negative": TAB | {"layer": "negative collector", "offset": "0 mm"},
    "cell.tabs.positive": TAB | {"layer": "positive collector", "offset": "6 mm"},
    "mesh.in_plane": "10 mm",
    "mesh.cells_per_layer": 2,
    "mesh.layers": {"negative collector": 1, "positive collector": 1},
    "outputs.every": "30 s",
}
"""A square centimetre, in whose foils at C/2 hardly anything is lost."""
INSULATED = {f"thermal.faces.{face}": {"kind": "adiabatic"} for face in ("bottom", "top")}
HELD = {"kind": "fixed temperature", "temperature": "45 degC"}


def stack(cells: int, changes: Mapping[str, Any]) -> Simulation:
    small = SMALL | {"cell.unit_cells": cells} | dict(changes)
    if cells > 1:  # busbars take heat that no cell has made
        small |= {f"cell.tabs.{sign}.busbar": "10 um" for sign in ("negative", "positive")}
    case = js.Case.load(CASES / "pouch_stack.toml", small)
    setup = setup_of(case, MPI.COMM_SELF)
    if setup.drive is not None:
        setup = replace(setup, drive=replace(setup.drive, current=-2e-3 * cells))
    return solve(setup, until=60.0)


@pytest.fixture(scope="module")
def insulated() -> dict[int, Simulation]:
    return {n: stack(n, INSULATED | {"mesh.radial_modes": 3}) for n in (1, 4)}


def test_equal_cells_in_parallel_are_the_single_cell(insulated: dict[int, Simulation]) -> None:
    """With n times its current: shared foils of 1 um and the busbars make the difference."""
    one, four = insulated[1], insulated[4]
    assert four.row["Current [A]"] == pytest.approx(4 * one.row["Current [A]"], rel=1e-12)
    assert four.row["Voltage [V]"] == pytest.approx(one.row["Voltage [V]"], abs=5e-4)
    currents = [four.row[unit_cells.of_cell(n, unit_cells.CURRENT)] for n in range(1, 5)]
    assert currents == pytest.approx([one.row["Current [A]"]] * 4, rel=2e-3)
    rises = [four.row[unit_cells.of_cell(n, unit_cells.TEMPERATURE)] - 318.15 for n in range(1, 5)]
    rise = one.row["separator temperature mean [K]"] - 318.15
    assert abs(rise) > 0.01
    # Three negative and two positive foils for four cells, one of each for one: less heat is held.
    setup, at = one.setup, State(T=318.15, p=5e6, x=0.5)
    held = {
        name: float(setup.media[name].volumetric_heat_capacity(at)) * setup.thickness[name]
        for name in setup.media
    }
    saved = 0.25 * held["negative collector"] + 0.5 * held["positive collector"]
    alone = sum(held.values())
    assert rises == pytest.approx([rise * alone / (alone - saved)] * 4, rel=2e-3)


def test_currents_of_the_unit_cells_are_that_of_the_whole(
    insulated: dict[int, Simulation],
) -> None:
    """Upside down or not; at every record, jumps of the load among them."""
    for row in insulated[4].rows:
        currents = [row[unit_cells.of_cell(n, unit_cells.CURRENT)] for n in range(1, 5)]
        assert sum(currents) == pytest.approx(row["Current [A]"], rel=1e-6)
        said = [row[unit_cells.of_all(k, unit_cells.CURRENT)] for k in ("min", "mean", "max")]
        assert said == pytest.approx([min(currents), np.mean(currents), max(currents)], rel=1e-12)


def test_a_single_cell_has_no_such_columns(insulated: dict[int, Simulation]) -> None:
    assert not [name for name in insulated[1].row if name.startswith("Unit cell")]


def test_heat_alone_warms_the_cells_furthest_from_the_plate() -> None:
    """A source in the separators, the bottom held: temperatures rise from cell to cell."""
    heated = {"cell.layers.separator.heat_source": "1 MW/m^3", "time.end": 60}
    alone = {"load": None, "thermal.faces.bottom": HELD, "cell.state_of_charge": None}
    found = stack(3, heated | alone)
    means = [found.row[unit_cells.of_cell(n, unit_cells.TEMPERATURE)] for n in (1, 2, 3)]
    assert means == sorted(means)
    assert unit_cells.of_cell(1, unit_cells.CURRENT) not in found.row
    told = found.observer.unit_cells.summary()["unit_cells"]
    assert (told["count"], told["temperature_K"]["highest_cell"]) == (3, 3)


def test_regions_know_their_unit_cell() -> None:
    case = js.Case.load(CASES / "pouch_stack.toml", SMALL | {"cell.unit_cells": 3})
    regions = build(case.geometry, MPI.COMM_SELF).regions
    cells = {r.name: r.unit_cell for r in regions}
    assert cells["separator 1"] == cells["anode 1"] == cells["cathode 1"] == 1
    assert cells["separator 3"] == 3
    assert cells["positive collector 1"] == cells["negative collector busbar"] == 0
    up = {r.unit_cell: r.upwards for r in regions if r.unit_cell}
    assert up == {1: True, 2: False, 3: True}
    assert not Region("alone", "alone", 1).upwards


def test_several_cells_under_a_load_need_tabs() -> None:
    with pytest.raises(CaseError, match="3 unit cells under a load need tabs"):
        js.Case.load(CASES / "pouch_stack.toml", {"cell.unit_cells": 3, "cell.tabs": None})


def test_a_stack_of_four_from_file_to_pictures(tmp_path: Path) -> None:
    case = js.Case.load(
        CASES / "pouch_stack.toml",
        {
            "cell.unit_cells": 4,
            "mesh.in_plane": "45 mm",
            "mesh.cells_per_layer": 2,
            "mesh.layers": {"negative collector": 1, "positive collector": 1},
            "mesh.radial_modes": 3,
            "load.protocol": ["Charge at 3C for 5 s"],
            "outputs.every": "5 s",
        },
    )
    result = js.run(case, output=tmp_path / "stack", progress=False)
    for picture in ("layers.png", "unit_cells.png", "temperature.png"):
        assert (tmp_path / "stack" / picture).stat().st_size > 1e4, picture
    spread = result.summary["unit_cells"]["current_A"]
    assert spread["min"] < spread["mean"] < spread["max"] < 0.0
    assert 4 * spread["mean"] == pytest.approx(result["Current [A]"].entries[-1], rel=1e-6)
