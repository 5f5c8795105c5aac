"""The package's side of benchmarks/cell.py: one problem, solved repeatedly; JSON on stdout.

    docker/joulestack python benchmarks/cell_ours.py isothermal [--repeat N]

Every repetition is a whole solve with the full record of each step (heat by source, layers,
balances), from a state put back to the start; the mesh, the forms and the matrix are kept.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cell_model import FACES, line, pouch, reference, setup

from joulestack.mesh import Geometry
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from joulestack.simulation.setup import Setup
from joulestack.solver.stepper import StepControl, Stepper, Stop, Tolerances

TOLERANCES = Tolerances(temperature=3e-3, relative=1e-4, lithiation=2e-3, potential=1e-5)
CUT_OFF, FOREVER = 3.0, 5400.0
"""Of the discharge [V]; and long enough to reach it [s]."""
MODES = 6
LINE = {"Cu": 1, "Li": 1, "SE": 4, "cathode": 24, "Al": 2}
THROUGH = {"cathode": 4}
"""Cells of a pouch's cathode; its other layers have one."""
BOX = (0.137, 0.207)
"""Width and length of Marquis 2019's pouch [m]."""
TABBED = (0.06, 0.08)
COOLED = dict.fromkeys(FACES, 10.0)


@dataclass
class Problem:
    """What is solved.

    Attributes:
        setup: built lazily, so that its cost is measured.
        end: [s]; None: until the cut-off.
        samples: records are kept for a comparison.
    """

    setup: Callable[[], Setup]
    end: float | None = None
    samples: bool = False
    control: StepControl = field(default_factory=StepControl)


def _pouch(in_plane: float) -> Geometry:
    return pouch(THROUGH, TABBED, in_plane, tabs=True)


def problem(name: str, in_plane: float) -> Problem:
    """By name; in_plane is the cell size of a pouch [m]."""
    cooling = reference()["cell"]["cooling"]["heat_transfer_coefficient_W_per_m2_K"]
    films = dict.fromkeys(("bottom", "top"), 10.0)
    if name == "isothermal":
        return Problem(lambda: setup(line(LINE), {}, MODES, isothermal=True), samples=True)
    if name == "lumped":
        return Problem(lambda: setup(line(LINE), {"top": cooling}, MODES), samples=True)
    if name == "box":
        return Problem(lambda: setup(pouch(THROUGH, BOX, in_plane, tabs=False), COOLED, MODES))
    if name == "pouch":
        return Problem(lambda: setup(_pouch(in_plane), films, MODES), end=300.0)
    if name == "heat":
        return Problem(lambda: setup(_pouch(in_plane), films, MODES, loaded=False), end=300.0)
    raise SystemExit(f"unknown problem {name}")


class Bench:
    """A finished model that can be solved again and again."""

    def __init__(self, given: Problem) -> None:
        self.given = given
        self.model = Model(given.setup())
        self.observer = Observer(self.model)
        self.model.finish()
        self.rows: list[tuple[float, float, float]] = []

    def solve(self) -> Stepper:
        """From the start to the end or the cut-off."""
        self.model.restart()
        self.observer.restart()
        self.rows = []
        stepper = Stepper(
            self.model,
            criteria_flow={k: lambda k=k: self.observer.flow(k) for k in self.model.fields},
            tolerances=TOLERANCES,
            control=self.given.control,
        )
        stepper.begin(0.0)
        self._record(0.0, "start")
        stops = []
        if self.given.end is None:
            stops = [Stop("cut-off", lambda: self.observer.voltage() - CUT_OFF, 1e-4)]
        stepper.advance(0.0, self.given.end or FOREVER, [], self._record, stops)
        return stepper

    def _record(self, t: float, kind: Any = "step") -> None:
        row = self.observer.measure(t, kind)
        if self.given.samples:
            self.rows.append((t, row["Voltage [V]"], row["Temperature max [K]"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("problem")
    parser.add_argument("--in-plane", type=float, default=0.0, help="[m]")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--cold", action="store_true", help="time the first solve too")
    arguments = parser.parse_args()
    begin = time.perf_counter(), time.process_time()
    bench = Bench(problem(arguments.problem, arguments.in_plane))
    ready = time.perf_counter(), time.process_time()
    if not arguments.cold:
        bench.solve()
    walls, cpus = [], []
    for _ in range(arguments.repeat):
        start, cpu = time.perf_counter(), time.process_time()
        stepper = bench.solve()
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - start)
    counts, model = stepper.statistics, bench.model
    print(json.dumps({
        "setup_s": ready[1] - begin[1], "setup_wall_s": ready[0] - begin[0],
        "cpu_s": cpus, "wall_s": walls,
        "unknowns": model.system.size, "in_matrix": model.system.matrix_size,
        "temperatures": sum(b.owned for b in model.fields["T"].blocks),
        "steps": counts.steps, "rejected": counts.rejected, "newton": counts.newton,
        "linear": counts.linear, "solver": counts.solver, "end_s": model.time,
        "temperature_K": bench.observer.hottest(), "rows": bench.rows,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
