"""Requests that cannot be met are refused with figure and remedy; what can be met is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack import machine
from joulestack.case import Case
from joulestack.case.settings import check_requests
from joulestack.errors import CaseError
from tests.case.samples import SAMPLES

BEYOND: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("pouch", {"mesh.in_plane": "0.1 um"}, "mesh", "e+12 cells", "coarser cells: mesh.in_plane"),
    ("pouch", {"mesh.in_plane": "10 um"}, "mesh", "GB; there are 8", "JOULESTACK_MEMORY="),
    ("pouch", {"mesh.refinement": 16, "mesh.in_plane": "0.5 mm"}, "mesh", "GB", "mesh.refinement"),
    ("pellet", {"outputs.every": "1e-6 s"}, "outputs.every", "6e+08 states", "at least 30 ms"),
    ("pellet", {"outputs.times": [1e-3 * i for i in range(20_001)]}, "outputs.times",
     "20,001 states", "fewer"),
    ("pellet", {"time.max_step": "1e-300 s"}, "time.max_step", "time steps", "at least 120 us"),
]  # fmt: skip


@pytest.mark.parametrize(("sample", "changes", "where", "figure", "remedy"), BEYOND)
def test_refused(
    monkeypatch: pytest.MonkeyPatch,
    sample: str, changes: dict[str, Any], where: str, figure: str, remedy: str,
) -> None:  # fmt: skip
    monkeypatch.setenv(machine.MEMORY, "8 GB")
    case = Case.from_dict(SAMPLES[sample]())
    with pytest.raises(CaseError) as caught:
        case.replace(changes)
    (problem,) = caught.value.problems
    assert problem.where.split(" (")[0] == where
    assert figure in problem.what
    assert remedy in problem.remedy


def test_layers_and_materials(monkeypatch: pytest.MonkeyPatch) -> None:
    def stack(layers: int, materials: int) -> dict[str, Any]:
        table = SAMPLES["line"]()
        made: dict[str, Any] = {f"m{i}": {"material": "copper"} for i in range(materials)}
        table["materials"] = made
        table["cell"]["layers"] = [
            {"name": f"l{i}", "thickness": "1 um", "heat_source": 1.0,
             "material": "copper" if i >= len(made) else f"m{i}"}
            for i in range(layers)
        ]  # fmt: skip
        table["mesh"] = {"cells_per_layer": 1}
        return table

    with pytest.raises(CaseError, match="has 501 entries\n    -> give at most 500"):
        Case.from_dict(stack(501, 0))
    many = SAMPLES["pouch"]()
    many["cell"]["unit_cells"] = 200
    monkeypatch.setattr(check_requests, "MOST_LAYERS", 900)
    with pytest.raises(CaseError, match="1,000 layers of all unit cells, more than 900"):
        Case.from_dict(many)
    with pytest.raises(CaseError, match="201 materials, each of which is compiled"):
        Case.from_dict(stack(210, 200))


def test_times_that_only_the_protocol_knows() -> None:
    table = SAMPLES["pellet"]()
    table["load"], table["time"] = {"protocol": ["Rest for 100 hours"]}, {}
    table["outputs"] = {"every": "1 s"}
    with pytest.raises(CaseError, match=r"makes 3.6e\+05 states"):
        _ = Case.from_dict(table).output_times
    table["outputs"] = {"every": "1 h"}
    assert len(Case.from_dict(table).output_times) == 101


def test_a_load_of_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from joulestack.case import tables

    monkeypatch.setattr(tables, "MOST_LOAD_ROWS", 10)
    rows = "".join(f"{60 * i},0.001\n" for i in range(11))
    (tmp_path / "load.csv").write_text("time [s],current [A]\n" + rows)
    table = {**SAMPLES["pellet"](), "load": {"table": {"csv": "load.csv"}}, "time": {}}
    with pytest.raises(CaseError, match="has 11 rows"):
        Case.from_dict(table, tmp_path)


@pytest.mark.parametrize(("text", "value"), [("512 GB", 512e9), ("1.5 TB", 1.5e12), ("100", 100.0)])
def test_memory_of_another_machine(
    monkeypatch: pytest.MonkeyPatch, text: str, value: float
) -> None:
    monkeypatch.setenv(machine.MEMORY, text)
    assert machine.memory() == value
    monkeypatch.setenv(machine.MEMORY, "much")
    with pytest.raises(CaseError, match="is no memory"):
        Case.from_dict(SAMPLES["pellet"]())


def test_memory_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(machine.MEMORY, raising=False)
    assert 1e8 < machine.memory() < 1e15
