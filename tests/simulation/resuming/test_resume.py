"""A run that was cut off and gone on with gives what it would have given: every number."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from joulestack.case import Case
from joulestack.errors import CaseError, StorageError
from joulestack.interruption import Interrupted, listening
from joulestack.outputs.folder import CHECKPOINT
from joulestack.outputs.result import Result
from joulestack.simulation.resuming.checkpoints import Checkpoints
from joulestack.simulation.run import CaseRun, run
from joulestack.solver.stepping.segment import Going
from tests.mpi import on_ranks

CASES = Path(__file__).parents[3] / "cases"
OF_THE_MACHINE = {"wall_time_s", "setup_s", "solve_s", "peak_memory_MB"}
PROTOCOL = [
    "Rest for 2 minutes",
    "Charge at 1 mA/cm^2 for 10 minutes or until 3.715 V",
    "Hold at 3.715 V for 3 minutes or until 0.96 mA",
    "Discharge at 5 mW for 4 minutes or until 3.54 V",
]


def cell(**more: Any) -> Case:
    """One with a fixture, in 1D."""
    told = {"load.protocol": PROTOCOL, "outputs.pictures": False, "outputs.every": "3 min"}
    return Case.load(CASES / "fixtures" / "spring.toml", told | more)


def warming() -> Case:
    """One that warms by ten kelvins."""
    told = {"load.protocol": ["Discharge at 3C for 150 s"], "outputs.pictures": False}
    return Case.load(CASES / "cold_start.toml", told | {"mesh.radial_modes": 6})


class Killed(BaseException):
    """Nobody catches it."""


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint before every third step."""
    count = iter(range(10**9))
    monkeypatch.setattr(Checkpoints, "due", lambda self, between: next(count) % 3 == 0)


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Ends a run after so many records, none where zero."""
    left = [0]
    record = CaseRun._record

    def cutting(self: CaseRun, *told: Any) -> None:
        record(self, *told)
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    monkeypatch.setattr(CaseRun, "_record", cutting)
    return left


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The run that nobody cut off."""
    return run(cell(), tmp_path_factory.mktemp("whole") / "out", progress=False)


def same(found: Result, whole: Result) -> None:
    """The same steps, and every number of them to 1e-10."""
    assert found.names == whole.names
    for name in whole.names:
        a, b = found[name].entries, whole[name].entries
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=0.0, err_msg=name)
    np.testing.assert_array_equal(found.field_times, whole.field_times)
    figures, wanted = dict(_flat(found.summary)), dict(_flat(whole.summary))
    assert figures.keys() == wanted.keys()
    for name, value in wanted.items():
        if isinstance(value, float):
            assert figures[name] == pytest.approx(value, rel=1e-10, abs=0.0), name
        else:
            assert figures[name] == value, name
    assert not (found.path / CHECKPOINT).exists()


def _flat(node: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if key not in OF_THE_MACHINE:
                yield from _flat(value, f"{at}.{key}")
    else:
        yield at, node


@pytest.mark.usefixtures("often")
def test_cut_off_inside_steps(cut: list[int], whole: Result, tmp_path: Path) -> None:
    """Again and again: while it charges, while a voltage is held, while a power is drawn."""
    for n, records in enumerate((20, 25, 25)):
        cut[0] = records
        with pytest.raises(Killed):
            run(cell(), tmp_path / "out", progress=False, resume=n > 0)
        left = Result(tmp_path / "out")
        assert len(left["Time [s]"].entries) >= records
        assert not left.summary
    cut[0] = 0
    same(run(cell(), tmp_path / "out", progress=False, resume=True), whole)


@pytest.mark.usefixtures("often")
def test_cut_off_where_it_warms(cut: list[int], tmp_path: Path) -> None:
    """By ten kelvins and more: what is kept for a temperature goes on from that."""
    case = warming()
    straight = run(case, tmp_path / "straight", progress=False)
    assert straight.summary["temperature_rise_max_K"] > 8
    cut[0] = len(straight["Time [s]"].entries) * 2 // 3
    with pytest.raises(Killed):
        run(case, tmp_path / "out", progress=False)
    cut[0] = 0
    same(run(case, tmp_path / "out", progress=False, resume=True), straight)


def test_cut_off_between_steps(
    cut: list[int], whole: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The load before is the one that the next step jumps from."""
    monkeypatch.setattr(Checkpoints, "due", lambda self, between: between)
    cut[0] = 40
    with pytest.raises(Killed):
        run(cell(), tmp_path / "out", progress=False)
    cut[0] = 0
    same(run(cell(), tmp_path / "out", progress=False, resume=True), whole)


def test_interrupted_then_resumed(
    whole: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal inside a residual gives the step up; the run goes on before it."""
    from joulestack.solver.stepping.step_solver import StepSolver

    residual, left = StepSolver._residual, [70]

    def struck(self: StepSolver, *told: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        residual(self, *told)

    monkeypatch.setattr(StepSolver, "_residual", struck)
    with listening(), pytest.raises(Interrupted, match="--resume goes on"):
        run(cell(), tmp_path / "out", progress=False)
    there = Result(tmp_path / "out")
    assert (there.summary["interrupted"], there.state) == ("SIGTERM", "interrupted")
    same(run(cell(), tmp_path / "out", progress=False, resume=True), whole)


SCRIPT = """
import os, signal, sys
from joulestack.cli.main import main
from joulestack.simulation.resuming.checkpoints import Checkpoints
from joulestack.simulation.run import CaseRun
Checkpoints.due = lambda self, between: True
record, count = CaseRun._record, [0]
def killing(self, *told):
    record(self, *told)
    count[0] += 1
    if count[0] == 25:
        os.kill(os.getpid(), signal.SIGKILL)
CaseRun._record = killing
main()
"""


def test_killed(whole: Result, tmp_path: Path) -> None:
    """kill -9: what is there is told, and goes on."""
    case, out = tmp_path / "spring.toml", tmp_path / "out"
    case.write_text(cell().to_toml(), "utf-8")
    words = ["run", str(case), "-q", "-o", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words], capture_output=True, check=False, timeout=100
    )
    assert done.returncode == -signal.SIGKILL
    assert Result(out).state == "died"
    with pytest.raises(CaseError, match="go on with it: --resume"):
        run(Case.load(case), out, progress=False)
    found = run(Case.load(case), out, progress=False, resume=True)
    same(found, whole)
    assert found.state == "complete"
    assert "has died here without a word (process " in (out / "run.log").read_text("utf-8")
    again = run(Case.load(case), out, progress=False, resume=True)  # complete: left as it is
    assert again.summary == found.summary


@pytest.mark.usefixtures("often")
def test_what_does_not_fit_is_refused(cut: list[int], tmp_path: Path) -> None:
    cut[0] = 8
    out = tmp_path / "out"
    with pytest.raises(CaseError, match="holds no run to go on with"):
        run(cell(), out, progress=False, resume=True)
    with pytest.raises(Killed):
        run(cell(), out, progress=False)
    rows = (out / "timeseries.csv").read_bytes()
    with pytest.raises(CaseError, match="the case has changed"):
        run(cell(**{"cell.stack_pressure": "6 MPa"}), out, progress=False, resume=True)
    with np.load(out / CHECKPOINT) as file:
        arrays = dict(file)
    for word, value, told in (
        ("code", "another", "another version of joulestack"),
        ("ranks", 2, r"was on 2 rank\(s\), here are 1\n    -> go on with -n 2"),
    ):
        head = json.loads(str(arrays["head"])) | {word: value}
        np.savez(out / CHECKPOINT, **arrays | {"head": np.array(json.dumps(head))})
        with pytest.raises(CaseError, match=told):
            run(cell(), out, progress=False, resume=True)
    (out / CHECKPOINT).write_bytes((out / CHECKPOINT).read_bytes()[:5000])
    with pytest.raises(CaseError, match="is no joulestack checkpoint"):
        run(cell(), out, progress=False, resume=True)
    assert (out / "timeseries.csv").read_bytes() == rows


def test_full_disk(whole: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that does not fit any more is one message; what is there goes on where there is room.

    A limit on the size of files stands for the disk: the system's errors are alike.
    """
    write, (soft, hard) = Checkpoints.write, resource.getrlimit(resource.RLIMIT_FSIZE)

    def last(self: Checkpoints, going: Going | None) -> None:
        write(self, going)
        size = (self.path.parent / "timeseries.csv").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, hard))
        monkeypatch.setattr(Checkpoints, "due", lambda self, between: False)

    monkeypatch.setattr(Checkpoints, "due", lambda self, between: between)
    monkeypatch.setattr(Checkpoints, "write", last)
    try:
        with pytest.raises(StorageError, match="the same command with --resume goes on") as told:
            run(cell(), tmp_path / "out", progress=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert told.value.exit_code == 3
    assert Result(tmp_path / "out").state == "died"
    same(run(cell(), tmp_path / "out", progress=False, resume=True), whole)


def cut_and_resumed(comm: Any, folder: str) -> int:
    """On several ranks: a run, and one that was cut off and gone on with."""
    case = cell(**{"load.protocol": PROTOCOL[:1], "outputs.every": "1 min"})
    record, left = CaseRun._record, [0]

    def cutting(self: CaseRun, *told: Any) -> None:
        record(self, *told)
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    Checkpoints.due = lambda self, between: True  # type: ignore[method-assign]
    CaseRun._record = cutting  # type: ignore[method-assign]
    run(case, Path(folder, "whole"), progress=False)
    left[0] = 8
    with pytest.raises(Killed):
        run(case, Path(folder, "cut"), progress=False)
    run(case, Path(folder, "cut"), progress=False, resume=True)
    return int(comm.size)


def test_two_ranks(tmp_path: Path) -> None:
    assert on_ranks(2, cut_and_resumed, str(tmp_path)) == 2
    same(Result(tmp_path / "cut"), Result(tmp_path / "whole"))
