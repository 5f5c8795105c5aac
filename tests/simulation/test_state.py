"""A state saved and restored: the same to the last bit, and the run goes on as if not stopped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.declarations import TEMPERATURE
from joulestack.errors import CaseError
from joulestack.fabrication.constant_media import GivenMedium
from joulestack.in_time import Profile
from joulestack.mechanics.fixtures import Fixture
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.base import Held, Memory, Physics
from joulestack.simulation.setup import Setup, Surroundings
from joulestack.tolerances import Tolerances
from tests.mpi import on_ranks
from tests.verification.breathing_cells import AREA, ASSEMBLY, cell
from tests.verification.harness import Run
from tests.verification.pressure.test_face import pouch

FRAME = Fixture("fixed gap", stiffness=8e11, compliance=2e-14)
TIGHT = Tolerances(temperature=1e-6, relative=1e-6, lithiation=1e-6, newton=1e-6, potential=1e-8)


def remembering(state: Any) -> Any:
    """Charge transfer that keeps part of the contact made under the highest pressure [Ohm m2]."""
    return 2e-3 * (state.p / ASSEMBLY) ** -0.5 * (state.highest_pressure / ASSEMBLY) ** -0.5


def setup(comm: Any = MPI.COMM_SELF, **changes: Any) -> Setup:
    """Charged, from 150 s on discharged: then the peak of the pressure is memory alone."""

    def current(t: float) -> float:
        return (-10.0 if t <= 150.0 else 10.0) * AREA

    return cell(FRAME, charge=0.5, current=current, law=remembering, comm=comm, **changes)


def half(path: Path, comm: Any = MPI.COMM_SELF) -> Run:
    """The first 300 s, saved."""
    run = Run(setup(comm), tolerances=TIGHT)
    run.advance(300.0, landings=[150.0])
    run.model.save(path)
    return run


def onward(run: Run) -> None:
    """From a restored state to 600 s."""
    run.stepper.begin(run.model.time, just_after=True)
    run.stepper.advance(
        run.model.time, 600.0, [], lambda t: run.rows.append(run.observer.measure(t))
    )


def values(run: Run) -> dict[str, Any]:
    """Everything that is a state."""
    model = run.model
    return {
        **{b.name: b.value.x.array.tobytes() for b in model.unknowns},
        "pressure": model.pressure.now(model.time),
        "highest": model.pressure.highest(model.time),
        "time": model.time,
    }


def test_a_restored_run_goes_on(tmp_path: Path) -> None:
    """600 s in one go, and 300 s, saved, restored in another model, 300 s more."""
    file = tmp_path / "state.npz"
    first = half(file)
    whole = Run(setup(), tolerances=TIGHT)
    whole.advance(600.0, landings=[150.0])
    again = Run(setup(), tolerances=TIGHT)
    again.model.restore(file)
    assert values(again) == values(first)
    pressure = first.model.pressure
    assert pressure.highest(300.0) > 1.02 * pressure.now(300.0)
    onward(again)
    # Errors of steps of 1e-6 in x: some 1e-6 V by the slope of U(x), and 1e-6 K.
    assert again.row["Voltage [V]"] == pytest.approx(whole.row["Voltage [V]"], abs=1e-5)
    rise = "Temperature max [K]"
    assert again.row[rise] == pytest.approx(whole.row[rise], abs=1e-5)
    assert whole.row[rise] - 298.15 > 1e-2
    pressed = "Stack pressure [MPa]"
    assert again.row[pressed] == pytest.approx(whole.row[pressed], rel=1e-5)
    # The stepper of a model that ran elsewhere takes the restored state, not its own.
    whole.model.restore(file)
    assert values(whole) == values(first)
    onward(whole)
    assert whole.row["Voltage [V]"] == pytest.approx(again.row["Voltage [V]"], abs=1e-9)


def test_columns_of_a_plate_are_restored(tmp_path: Path) -> None:
    """A fixture tightened on the way, pressure and its memory differing over the face."""
    file = tmp_path / "state.npz"
    first, second = pouch("plate"), pouch("plate")
    first.advance(60.0)
    first.model.pressure.tighten(2 * ASSEMBLY)
    first.model.update(first.model.time)
    first.model.save(file)
    second.model.restore(file)
    assert values(second) == values(first)
    clamps: list[Any] = [run.model.pressure.clamp for run in (first, second)]
    assert np.ptp(clamps[0].columns) > 0.1 * ASSEMBLY
    assert np.array_equal(clamps[0].columns, clamps[1].columns)
    assert np.array_equal(clamps[0].highest.x.array, clamps[1].highest.x.array)


class Steps(Physics):
    """Counts steps; stands for a process whose memory no unknown holds."""

    def __init__(self) -> None:
        self.count = 0

    def begin(self) -> None:
        self.count = 0

    def accept(self, t: float) -> None:
        self.count += 1

    def memory(self) -> Memory:
        return {"count": np.array([float(self.count)])}

    def recall(self, memory: Memory) -> None:
        self.count = int(memory["count"][0])


def bar(cells: int = 4, start: float = 300.0, length: float = 1.0, *physics: Physics) -> Setup:
    """A bar that is heated."""
    return Setup(
        tagged=build(Line((LayerSpec("bar", length, cells),)), MPI.COMM_SELF),
        media={"bar": GivenMedium("bar", k=2.0, rho_cp=1e3)},
        start_temperature=start,
        heat_sources={"bar": 1e3},
        physics=physics,
    )


def test_memory_of_a_process_from_outside(tmp_path: Path) -> None:
    counts = []
    for n in range(2):
        steps = Steps()
        run = Run(bar(4, 300.0, 1.0, steps), measured=False)
        if n:
            run.model.restore(tmp_path / "state.npz")
        else:
            run.advance(10.0)
            run.model.save(tmp_path / "state.npz")
        counts.append(steps.count)
    assert counts[0] == counts[1] > 2
    run.model.restart()
    assert (steps.count, run.model.time) == (0, 0.0)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (lambda: bar(8), "another mesh"),
        (lambda: bar(4, 300.0, 2.0), "another mesh"),
        (lambda: bar(4, 310.0), "origin of 'T.0' were 300.0, here they are 310.0"),
        (lambda: bar(4, 300.0, 1.0, Steps()), "other processes"),
        (setup, "T.0"),
    ],
    ids=["cells", "size", "start", "processes", "fields"],
)
def test_states_of_others_are_refused(
    tmp_path: Path, other: Callable[[], Setup], told: str
) -> None:
    file = tmp_path / "state.npz"
    saved = Run(bar(), measured=False)
    saved.advance(1.0)
    saved.model.save(file)
    run = Run(other(), measured=False)
    before = values(run)
    with pytest.raises(CaseError, match=told):
        run.model.restore(file)
    assert values(run) == before


def test_other_ranks_and_other_files_are_refused(tmp_path: Path) -> None:
    file, other = tmp_path / "state.npz", tmp_path / "other.npz"
    run = Run(bar(), measured=False)
    run.model.save(file)
    with pytest.raises(CaseError, match="there is no such file"):
        run.model.restore(other)
    other.write_text("Time [s], Voltage [V]\n")
    with pytest.raises(CaseError, match="is no joulestack state"):
        run.model.restore(other)
    shutil.copy(file, other)
    other.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(CaseError, match="is no joulestack state"):
        run.model.restore(other)
    with np.load(file) as saved:
        arrays = dict(saved)
    head = json.loads(str(arrays["head"])) | {"ranks": 2}
    np.savez(other, **arrays | {"head": np.array(json.dumps(head))})
    with pytest.raises(CaseError, match="is of 2 rank"):
        run.model.restore(other)
    run.model.save(file)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other.npz", "state.npz"]
    with pytest.raises(OSError, match="nowhere"):
        run.model.save(tmp_path / "nowhere" / "state.npz")


def on_two(comm: Any, folder: str) -> bool:
    file = Path(folder) / "state.npz"
    first = half(file, comm)
    again = Run(setup(comm), tolerances=TIGHT)
    again.model.restore(file)
    return bool(comm.allreduce(int(values(again) == values(first))) == comm.size)


@pytest.mark.mpi
def test_two_ranks_restore_theirs_and_one_refuses_it(tmp_path: Path) -> None:
    assert on_ranks(2, on_two, str(tmp_path))
    with pytest.raises(CaseError, match="is of 2 rank"):
        Run(setup(), measured=False).model.restore(tmp_path / "state.npz")


class Jumping(Physics):
    """Holds a table of temperatures on a face."""

    def held(self, setup: Any, fields: Any) -> Any:
        yield Held("bottom", TEMPERATURE.key, Profile((0, 5, 5, 10), (0, 0, 20, 20)))


def test_steps_land_on_tables_that_processes_hold() -> None:
    run = Run(bar(4, 300.0, 1.0, Jumping()), measured=False)
    assert run.model.jumps == {5.0}
    steps: list[float] = []
    run.begin()
    run.stepper.advance(0.0, 10.0, [], steps.append)
    assert 5.0 in steps


def test_surroundings_of_a_run_are_forgotten_by_the_next() -> None:
    """A step held 50 MPa; the stack of the next run has never seen it."""
    run = Run(replace(bar(), pressure=lambda t: 5e6), measured=False)
    run.model.follow(None, Surroundings(stack_pressure=50e6))
    assert run.model.pressure.highest(0.0) == 50e6
    run.model.restart()
    assert run.model.pressure.now(0.0) == run.model.pressure.highest(0.0) == 5e6
