"""Times that are asked for have records of their own, and fields that belong to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import joulestack as js

CELL = Path(__file__).parents[2] / "cases" / "nmc_lpscl_cell.toml"
TIMES = [5.0, 37.0, 600.0]
MAX, MEAN = "Temperature max [K]", "cathode temperature mean [K]"


def run(folder: Path, **changes: object) -> js.Result:
    asked = {"time.end": "900 s", "outputs.pictures": False}
    asked |= {f"outputs.{key}": value for key, value in changes.items()}
    return js.run(js.Case.load(CELL).replace(asked), output=folder, progress=False)


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> js.Result:
    return run(tmp_path_factory.mktemp("free"))


def test_named_times_have_rows_and_fields_of_them(tmp_path: Path, free: js.Result) -> None:
    """What is written at a time is the recorded state, and a landing costs four steps at most."""
    found = run(tmp_path / "named", times=TIMES)
    rows = found["Time [s]"].entries
    for t in TIMES:
        assert t in rows
        nodes = found.snapshot(t).nodes["Temperature [K]"]
        assert np.nanmax(nodes) == pytest.approx(found[MAX](t), abs=1e-7)
    assert found.summary["steps"] <= free.summary["steps"] + 4 * len(TIMES)
    assert not set(TIMES) & set(free["Time [s]"].entries)
    # The same cell: landing changes nothing beyond the tolerance.
    rise = found[MAX].entries[-1] - found[MAX].entries[0]
    assert rise == pytest.approx(free[MAX].entries[-1] - free[MAX].entries[0], rel=1e-3)


def test_few_intervals_are_named_times_and_many_are_not(tmp_path: Path, free: js.Result) -> None:
    few = run(tmp_path / "few", every="300 s")
    assert {300.0, 600.0, 900.0} <= set(few["Time [s]"].entries)
    many = run(tmp_path / "many", every="3 s")
    assert len(many.field_times) == 301
    assert many.summary["steps"] == free.summary["steps"]


def test_scripts_choose_between_records_and_a_film() -> None:
    slab = js.GivenMedium("slab", k=1.0, rho_cp=2e6)
    setup = js.Setup(
        js.build(js.Line((js.LayerSpec("slab", 1e-3, cells=4),))), {"slab": slab}, 300.0,
        faces={"top": [js.FaceCondition(coefficient=100.0, ambient=300.0)]},
        heat_sources={"slab": 1e5},
    )  # fmt: skip
    exact, film = js.Simulation(setup), js.Simulation(setup)
    times = [1.0, 1.5, 17.0]
    exact.advance(40.0, at=times)
    film.advance(40.0, at=times, exactly=False)
    recorded = exact["Time [s]"].entries
    for t, snapshot in zip(times, exact.snapshots, strict=True):
        assert t in recorded
        assert snapshot.nodes["Temperature [K]"].max() == pytest.approx(exact[MAX](t), abs=1e-9)
    assert len(film.snapshots) == 3
    assert not set(times) & set(film["Time [s]"].entries)
