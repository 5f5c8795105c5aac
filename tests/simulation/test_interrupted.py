"""A run that a signal ends: never as physics, with all that was recorded on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.interruption import Interrupted, listening
from joulestack.outputs.result import Result
from joulestack.simulation.run import run
from joulestack.solver.stepping.segment import Segment
from joulestack.solver.stepping.step_solver import StepSolver

CASES = Path(__file__).parents[2] / "cases"
SETTINGS = {
    "outputs.pictures": False,
    "load.protocol": ["Rest for 1 minute", "Discharge at C/2 for 30 minutes"],
}


def case() -> Case:
    return Case.load(CASES / "nmc_lpscl_cell.toml", SETTINGS)


@pytest.fixture(params=["_residual", "_accepted"])
def struck(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Signals this process in the nth call of what PETSc or the stepper calls."""
    plan = {"left": 25, "number": 0}
    owner = StepSolver if hasattr(StepSolver, request.param) else Segment
    method = getattr(owner, request.param)

    def call(self: Any, *args: object) -> object:
        plan["left"] -= 1
        if not plan["left"]:
            os.kill(os.getpid(), plan["number"])
        return method(self, *args)

    monkeypatch.setattr(owner, request.param, call)
    return plan


def test_interrupted_while_stepping(struck: dict[str, int], tmp_path: Path) -> None:
    number = struck["number"] = (signal.SIGINT, signal.SIGTERM)[len(tmp_path.name) % 2]
    with listening(), pytest.raises(Interrupted) as told:
        run(case(), tmp_path / "out", progress=False)
    result = Result(tmp_path / "out")
    end = result["Time [s]"].entries[-1]
    assert told.value.number == number
    assert f"at t = {end:.6g} s" in str(told.value)
    assert 0 < end < 1860
    summary = result.summary
    assert (summary["completed"], summary["failure"]) == (False, None)
    assert summary["interrupted"] == signal.Signals(number).name
    assert summary["end_time_s"] == end
    assert result.field_times[-1] == end
    assert abs(summary["energy_balance_relative"]) < 1e-4
    log = (tmp_path / "out" / "run.log").read_text("utf-8")
    assert "interrupted" in log
    assert "converge" not in log


SCRIPT = """
import os, sys
from joulestack.cli.main import main
from joulestack.solver import solves
read = solves.Diagnosis.watch
def struck(self, count=[0]):
    count[0] += 1
    if count[0] == 60:
        os.kill(os.getpid(), int(os.environ["STRIKE"]))
    read(self)
solves.Diagnosis.watch = struck
main()
"""


def test_command_line(tmp_path: Path) -> None:
    """One line, and the exit code of the signal, of one that comes inside a callback of PETSc."""
    path = tmp_path / "case.toml"
    path.write_text(case().to_toml(), "utf-8")
    words = [sys.executable, "-c", SCRIPT, "run", str(path), "-q", "-o", str(tmp_path / "out")]
    env = {**os.environ, "STRIKE": str(int(signal.SIGTERM))}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=env, check=False)
    assert done.returncode == 143, done.stderr
    said = [line for line in done.stderr.splitlines() if not line.startswith("WARNING")]
    assert len(said) == 1, said
    assert "interrupted" in said[0]
    assert "holds all up to there" in said[0]
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["interrupted"]
