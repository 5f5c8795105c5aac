"""What a cell cannot do is told, and leaves a folder that can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import joulestack as js
from joulestack.errors import CaseError, ConvergenceError
from tests.simulation.test_capacity import CELL


def run(folder: Path, *protocol: str, **changes: Any) -> js.Case:
    case = js.Case.from_dict(CELL, name="cell").replace(
        {"load.protocol": list(protocol), "mesh.cells_per_layer": 2, **changes}
    )
    return js.run(case, folder, progress=False)


def test_a_run_that_fails_at_once_can_be_read(tmp_path: Path) -> None:
    few = {"solver.petsc_options": {"snes_max_it": 1}}
    with pytest.raises(ConvergenceError, match="at t = 0 s"):
        run(tmp_path / "out", "Discharge at 1 A for 1 h", **few)
    result = js.load_result(tmp_path / "out")
    assert result.names == ["Time [s]"]
    assert result["Time [s]"].entries.size == 0
    assert "empty" in repr(result["Time [s]"])
    assert result.summary["completed"] is False
    assert "at t = 0 s" in result.summary["failure"]
    assert len(result.protocol) == 0
    assert "0 steps" in repr(result)
    for ask in (lambda: result.temperature, lambda: result.plot(kind="timeseries")):
        with pytest.raises(ValueError, match=r"holds no record: .* failed at t = 0 s"):
            ask()


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("Discharge at C/3 until 4.5 V", "4.5 V is already passed at the start"),
        ("Charge at C/3 until 2 V", "2 V is already passed at the start"),
        ("Hold at 3.7 V until 100C", "100C is already passed at the start"),
        ("Hold at 1000 V for 1 h", "above 6 V (ohmic limit); at the start it is 1000.0000 V"),
        ("Hold at -4 V for 1 h", "used up (ohmic limit); at the start it is -4.0000 V"),
    ],
)
def test_what_no_start_allows(tmp_path: Path, sentence: str, what: str) -> None:
    with pytest.raises(CaseError) as error:
        run(tmp_path / "out", sentence)
    (problem,) = error.value.problems
    assert f'"{sentence}": ' in problem.what
    assert what in problem.what
    assert problem.remedy


def test_a_cell_at_rest_is_in_balance(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    result = run(tmp_path / "out", "Rest for 10 min")
    # Of a nanojoule: what the round-off of a foil's currents leaves at the start.
    assert result.summary["energy_balance_relative"] < 1e-3
    assert "BALANCE" not in caplog.text
