"""Studies of a tiny cell: the table, wrong values, what fails, going on, processes that die."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import netcdf_file

from joulestack.case import Case
from joulestack.errors import CaseError, EnvironmentMissing
from joulestack.studies import sampling, sweep
from joulestack.studies import study as module
from joulestack.studies.pool import Processes, each
from joulestack.studies.table import Table
from joulestack.studies.values import parse
from joulestack.studies.work import DONE, FAILED, INVALID, Job, Row, compute
from tests.case.samples import SAMPLES

HEAT, COLD = "cell.layers.hot.heat_source", "cell.layers.cold.thickness"
VARY = {HEAT: "1e6, 2e6 W/m^3", COLD: "1, 2 mm"}


def cell(**changes: Any) -> Case:
    """Heat in two layers, held below at 25 degC, insulated above: q L^2 / (2 k) hotter on top."""
    table = SAMPLES["line"]()
    table["thermal"]["faces"].pop("top")
    return Case.from_dict(table, name="line").replace(changes)


class Here:
    """In this process, an item after another."""

    size = 1

    def __init__(self, *sizes: int) -> None:
        self.asked = 0

    def submit(self, function: Any, item: Any) -> Future[Any]:
        self.asked += 1
        future: Future[Any] = Future()
        future.set_result(function(item))
        return future

    def renew(self) -> None: ...

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *error: object) -> None: ...


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Here]]:
    """No processes are started; the pools that there were."""
    pools: list[Here] = []

    def pool(size: int) -> Here:
        pools.append(Here())
        return pools[-1]

    monkeypatch.setattr(module, "Processes", pool)
    return iter([pools])


def figures(table: Table) -> list[dict[str, float]]:
    return [dict(row.figures) for row in table.rows if row]


def test_two_processes_say_what_one_says_and_what_the_heat_equation_says(tmp_path: Path) -> None:
    one = sweep(cell(), VARY, tmp_path / "one", workers=1, progress=False)
    two = sweep(cell(), VARY, tmp_path / "two", workers=2, progress=False)
    assert figures(one) == figures(two)
    rise = two.figure("largest rise [K]").reshape(2, 2)
    np.testing.assert_allclose(rise[1], 2 * rise[0], rtol=1e-6)
    k = 1.0 / Case.from_dict(SAMPLES["line"]()).media()["hot"].thermal_conductivity(_room())
    np.testing.assert_allclose(rise[0], 1e6 * 1e-3**2 / 2 * k, rtol=1e-3)
    assert two.count(DONE) == 4

    with (tmp_path / "two/study.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r[f"{HEAT} [W/m^3]"], r[f"{COLD} [mm]"]) for r in rows] == [
        ("1000000", "1"), ("1000000", "2"), ("2000000", "1"), ("2000000", "2")
    ]  # fmt: skip
    assert [float(r["largest rise [K]"]) for r in rows] == pytest.approx(rise.ravel(), rel=1e-9)
    with netcdf_file(str(tmp_path / "two/study.nc"), mmap=False) as file:
        found = file.variables["largest_rise"]
        assert found.dimensions == ("cell_layers_hot_heat_source", "cell_layers_cold_thickness")
        assert found.units == b"K"
        np.testing.assert_array_equal(found[:], rise)
        assert file.variables["cell_layers_cold_thickness"][:].tolist() == [1.0, 2.0]
    for row in rows:
        summary = json.loads((tmp_path / "two/runs" / row["run"] / "summary.json").read_text())
        assert summary["temperature_rise_max_K"] == pytest.approx(float(row["largest rise [K]"]))
        assert not list((tmp_path / "two/runs" / row["run"]).glob("*.png"))
    assert (tmp_path / "two/study.png").read_bytes().startswith(b"\x89PNG")


def _room() -> Any:
    from joulestack.laws.state import State

    return State(T=298.15, p=0.0)


@pytest.mark.parametrize(
    ("vary", "told"),
    [
        ({"cell.diametre": "1, 2 mm"}, r"cell\.diametre(?s:.*)each of the 2 points"),
        ({COLD: "1, 2 MPa"}, r"cold\.thickness .*is a pressure"),
        ({COLD: ["1 mm", "-1 mm"]}, "at cell.layers.cold.thickness = -1 mm"),
        ({"cell.layers.wet.thickness": "1, 2 mm"}, 'no entry "wet"'),
        ({COLD: 5}, "is no list of values"),
        ({}, "no key is varied"),
    ],
)
def test_wrong_values_are_refused_before_anything_is_written(
    vary: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(CaseError, match=told):
        sweep(cell(), vary, tmp_path / "s", workers=1, progress=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_what_fails_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hot_fails(job: Job) -> Row:
        if "2e6" in job.case.to_toml():
            return Row(FAILED, "it\nmelts")
        return Row(DONE, "", {"rise [K]": 1.0})

    monkeypatch.setattr(module, "compute", hot_fails)
    points = sampling.grid([parse(HEAT, VARY[HEAT]), parse(COLD, ["1 mm", "-2 mm"])])
    found = sweep(cell(), points, tmp_path, workers=1, progress=False, skip_invalid=True)
    rows = [row for row in found.rows if row]
    assert [row.status for row in rows] == [DONE, INVALID, FAILED, INVALID]
    assert "out of range" in rows[1].reason
    with (tmp_path / "study.csv").open(newline="") as file:
        told = list(csv.DictReader(file))
    assert told[2]["reason"] == "it melts"
    assert told[2]["rise [K]"] == ""
    assert np.isnan(found.figure("rise [K]")[[1, 2, 3]]).all()


def test_a_solve_that_fails_and_a_defect_are_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joulestack.errors import ConvergenceError
    from joulestack.simulation import run

    for error, told in ((ConvergenceError("T: stuck"), "T: stuck"), (KeyError("x"), "unexpected")):

        def broken(*_: Any, error: Exception = error, **__: Any) -> None:
            raise error

        monkeypatch.setattr(run, "run", broken)
        row = compute(Job(cell(), tmp_path))
        assert row.status == FAILED
        assert told in row.reason


def test_an_interrupted_study_goes_on(
    here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = next(here)
    left = [2]

    def until_tired(job: Job) -> Row:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return Row(DONE, "", {"rise [K]": float(job.folder.name)})

    monkeypatch.setattr(module, "compute", until_tired)
    with pytest.raises(KeyboardInterrupt):
        sweep(cell(), VARY, tmp_path, progress=False)
    with (tmp_path / "study.csv").open(newline="") as file:
        assert [r["status"] for r in csv.DictReader(file)] == [DONE, DONE, "not run", "not run"]
    with (tmp_path / "rows.jsonl").open("a") as file:
        file.write('{"digest": "half a li')  # as a machine that stops leaves it

    left[0] = 9
    found = sweep(cell(), VARY, tmp_path, progress=False)
    assert [pool.asked for pool in pools] == [3, 2]
    assert found.figure("rise [K]").tolist() == [1.0, 2.0, 3.0, 4.0]
    more = sweep(cell(), {**VARY, COLD: "0.5, 1, 2 mm"}, tmp_path, progress=False)
    assert pools[-1].asked == 2
    assert more.figure("rise [K]").tolist() == [5.0, 1.0, 2.0, 6.0, 3.0, 4.0]

    with pytest.raises(CaseError, match="holds a study with other runs"):
        sweep(cell(), VARY, tmp_path, progress=False)
    again = sweep(cell(), VARY, tmp_path, progress=False, overwrite=True)
    assert pools[-1].asked == 4
    assert again.complete


@pytest.mark.usefixtures("here")
def test_what_failed_is_run_again_where_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "compute", lambda job: Row(FAILED, "no"))
    sweep(cell(), VARY, tmp_path, progress=False)
    monkeypatch.setattr(module, "compute", lambda job: Row(DONE))
    assert sweep(cell(), VARY, tmp_path, progress=False).count(FAILED) == 4
    assert sweep(cell(), VARY, tmp_path, progress=False, retry=True).count(DONE) == 4


@pytest.mark.usefixtures("here")
def test_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "study.csv").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(CaseError, match=r"holds study\.csv"):
            sweep(cell(), VARY, tmp_path, progress=False, overwrite=overwrite)
    assert (tmp_path / "study.csv").read_text() == "mine"


def test_ranks_of_mpi_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "2")
    with pytest.raises(CaseError, match="not on 2 ranks"):
        sweep(cell(), VARY, tmp_path)


def square(number: int) -> int:
    """What a process computes; 3 kills it."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number**2


def test_a_process_that_dies_takes_one_piece_of_work_with_it() -> None:
    with Processes(2) as pool:
        found = dict(each(square, [1, 2, 3, 4], pool, lambda how: -1))
    assert found == {1: 1, 2: 4, 3: -1, 4: 16}


class Dead(Here):
    """Every process dies."""

    size = 2

    def submit(self, function: Any, item: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("dead"))
        return future


def test_processes_that_all_die_are_no_rows() -> None:
    with pytest.raises(EnvironmentMissing, match="__main__"):
        list(each(square, list(range(9)), Dead(), lambda how: -1))  # type: ignore[arg-type]


class Threads(Here):
    """As a cluster: futures that come when they are ready."""

    size = 3

    def __init__(self) -> None:
        super().__init__()
        self.executor = ThreadPoolExecutor(3)

    def submit(self, function: Any, item: Any) -> Future[Any]:
        self.asked += 1
        return self.executor.submit(function, item)


def test_an_error_on_the_way_is_an_answer_of_one_item() -> None:
    def late(number: int) -> int:
        if number == 2:
            raise RuntimeError("the worker was lost")
        return number

    found = dict(each(late, [1, 2, 3], Threads(), lambda how: -len(how)))  # type: ignore[arg-type]
    assert found[1] == 1
    assert found[2] < 0
    assert found[3] == 3
