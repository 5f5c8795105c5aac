"""A jump of a load and a ramp of a millisecond end alike, whatever limit is on the way."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from joulestack.errors import CaseError
from joulestack.simulation.setup import Drive
from joulestack.solver.stepper import Stop
from tests.verification.cells import full_cell
from tests.verification.harness import Run
from tests.verification.procedures import Followed, follow

RAMP = 1e-3
NAMES = {"A": "current", "W": "power", "V": "voltage"}


def table(folder: Path, column: str, low: float, high: float, ramp: float) -> str:
    """60 s of one value, 10 s of another, 60 s of the first again; its sentence."""
    file = folder / f"{'ramp' if ramp else 'jump'}.csv"
    points = [(0.0, low), (60.0, low), (60 + ramp, high), (70.0, high), (70 + ramp, low)]
    rows = "\n".join(f"{t},{v}" for t, v in [*points, (130.0, low)])
    file.write_text(f"time,{NAMES[column]}\n{rows}\n")
    return f"Run '{file}' ({column})"


def both(
    folder: Path, column: str, low: float, high: float, until: str = "", **changes: Any
) -> tuple[Followed, Followed]:
    """The same load with jumps and with ramps."""
    jump, ramp = (
        follow([table(folder, column, low, high, width) + until, "Rest for 5 s"], **changes)
        for width in (0.0, RAMP)
    )
    return jump, ramp


CASES = [
    # column, values, limit, when it ends [s]; None: between the jumps
    ("A", 0.02, 0.6, "3.55 V", 60.0),
    ("A", -0.02, -0.5, "4.15 V", 60.0),
    ("A", 0.02, 0.6, "3.2 V", None),
    ("A", 0.6, 0.02, "3.6 V", 0.0),
    ("A", 0.02, 0.6, "0.7 mAh", None),
    ("A", 0.02, 0.6, "2.2 mAh", None),
    ("A", 0.02, 0.6, "25.5 degC", None),
    ("W", 0.08, 1.9, "3.5 V", 60.0),
    ("W", 0.08, 1.9, "300 mA", 60.0),
    ("W", 0.08, 1.9, "0.9 mAh", None),
    ("W", -0.08, -1.9, "4.2 V", 60.0),
    ("V", 3.9, 3.5, "200 mA", 60.0),
    ("V", 3.92, 3.5, "0.3 mAh", None),
    ("V", 3.5, 3.9, "100 mA", None),
    ("V", 3.7, 4.3, "20 mA", 60.0),
]


@pytest.mark.parametrize(("column", "low", "high", "limit", "end"), CASES)
def test_ends_of_a_step(
    tmp_path: Path, column: str, low: float, high: float, limit: str, end: float | None
) -> None:
    jump, ramp = both(tmp_path, column, low, high, f" until {limit}")
    one, other = jump.steps[0], ramp.steps[0]
    assert (one.ended_by, other.ended_by) == (limit, limit)
    # Charge errs as steps do: 3 parts in 10000 of what has passed before the ramp.
    late = 4 * RAMP if limit.endswith("mAh") else 2 * RAMP
    assert one.end == pytest.approx(other.end, abs=late)
    # In the ramp itself, half of it, the charge of the two is another [mAh].
    current = abs(high) * {"A": 1.0, "W": 1 / 3.5, "V": 0.0}[column]
    own = 0.5 * RAMP * current / 3.6
    assert one.charge == pytest.approx(other.charge, abs=own + 3e-4 * abs(other.charge))
    assert end is None or one.end == pytest.approx(end, abs=2 * RAMP)
    assert not jump.stopped_by
    assert not ramp.stopped_by


@pytest.mark.parametrize(
    ("column", "low", "high", "stop"),
    [
        ("A", 0.02, 0.6, {"voltage_below": "3.5 V"}),
        ("A", 0.02, 0.6, {"voltage_below": "3.2 V"}),
        ("A", -0.02, -0.5, {"voltage_above": "4.2 V"}),
        ("W", 0.08, 1.9, {"voltage_below": "3.5 V"}),
        ("V", 3.9, 3.4, {"voltage_below": "3.5 V"}),
        ("A", 0.02, 0.6, {"temperature_above": "25.5 degC"}),
        ("W", 0.08, 30.0, {}),
        ("A", 0.02, 5.0, {}),
    ],
)
def test_ends_of_a_run(
    tmp_path: Path, column: str, low: float, high: float, stop: dict[str, str]
) -> None:
    """Stops of the run, and what no cell can give."""
    changes = {"time__stop": stop} if stop else {}
    jump, ramp = both(tmp_path, column, low, high, **changes)
    assert jump.stopped_by
    assert jump.stopped_by.split(",")[0] == ramp.stopped_by.split(",")[0]
    assert jump.steps[-1].end == pytest.approx(ramp.steps[-1].end, abs=2 * RAMP)
    assert len(jump.steps) == len(ramp.steps) == 1


def test_of_two_limits_in_a_jump_the_first_on_the_way_counts(tmp_path: Path) -> None:
    """0.5 W to 1.9 W: 3.5 V comes before 500 mA, 300 mA before 3.3 V."""
    for ends, first in (("3.5 V or until 500 mA", "3.5 V"), ("3.3 V or until 300 mA", "300 mA")):
        for found in both(tmp_path, "W", 0.08, 1.9, f" until {ends}"):
            assert found.steps[0].ended_by == first
    below = {"time__stop": {"voltage_below": "3.5 V"}}
    for found in both(tmp_path, "W", 0.08, 1.9, " until 500 mA", **below):
        assert found.stopped_by == "time.stop.voltage_below = 3.5 V"


def test_a_pulse_beyond_a_stop_of_the_run() -> None:
    """A step that begins beyond a stop ends the run, as it would a moment later."""
    pulse = ["Rest for 1 min", "Discharge at 8C for 1 min"]
    found = follow(pulse, time__stop={"voltage_below": "3.4 V"})
    assert found.stopped_by == "time.stop.voltage_below = 3.4 V"
    assert found.steps[-1].end == 60.0


def test_a_step_at_its_end_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    """First or later: the steps after it do what they do without it."""
    over, hold = "Charge at C/3 until 3.9 V", "Hold at 3.95 V for 20 s"
    with caplog.at_level(logging.WARNING, "joulestack"):
        first, later = follow([over, hold]), follow(["Rest for 1 min", over, hold])
    assert caplog.text.count(f'"{over}" is passed over: 3.9 V is reached when it begins') == 2
    alone = follow([hold]).steps[0]
    for found in (first.steps, later.steps[1:]):
        assert found[0].start == found[0].end
        assert (found[0].charge, found[0].ended_by) == (0.0, "3.9 V")
        assert found[1].charge == pytest.approx(alone.charge, rel=1e-6)
    with pytest.raises(CaseError, match=r"3\.9 V is already passed at the start"):
        follow([over])


@pytest.mark.parametrize("kind", ["current", "power", "voltage"])
def test_a_jump_inside_a_stretch_of_a_script(kind: str) -> None:
    """A drive of a script may jump where it lands: a stop that is passed there is met there."""
    low, high = {"current": (1e-3, 5e-2), "power": (4e-3, 0.12), "voltage": (3.79, 3.0)}[kind]
    setup = full_cell("line")
    assert setup.drive is not None
    load: Any = {kind: lambda t: low if t <= 1.0 else high}
    drive = Drive(setup.drive.negative, setup.drive.positive, **load)
    run = Run(replace(setup, drive=drive))
    stop = Stop("3.4 V", lambda: run.observer.voltage() - 3.4)
    assert run.advance(2.0, [1.0], [stop]) == (stop,)
    assert run.model.time == pytest.approx(1.0, abs=1e-9)
    assert run.rows[-1]["Time [s]"] == 1.0


def test_all_but_a_short_circuit_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "joulestack"):
        follow(["Hold at 2 V for 0.1 s"])
        assert "short circuit" not in caplog.text
        follow(["Rest for 1 s", "Hold at 0.2 V for 0.1 s"])
    assert '"Hold at 0.2 V for 0.1 s": all but a short circuit at t = 1 s' in caplog.text
