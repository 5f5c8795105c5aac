"""The package's side of the benchmark: the same cells as a Setup, run as `simulation.py` does.

python3 benchmarks/packaged.py pellet out.csv
"""

from __future__ import annotations

import time

WALL, CPU = time.perf_counter(), time.process_time()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import dataclass, fields, replace  # noqa: E402
from itertools import pairwise  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from cells import (  # noqa: E402
    CELLS,
    NEWTON_SHARE,
    OPEN_CIRCUIT,
    POTENTIAL_TOLERANCE,
    RELATIVE_TOLERANCE,
    RESISTANCE,
    SPECIFIC_AREA,
    START,
    STUFF,
    TEMPERATURE_TOLERANCE,
    Cell,
)
from mpi4py import MPI  # noqa: E402

from joulestack.materials.medium import ChargeTransfer  # noqa: E402
from joulestack.mesh import build  # noqa: E402
from joulestack.model import Model  # noqa: E402
from joulestack.observe import Observer  # noqa: E402
from joulestack.outputs.timeseries import TimeSeries  # noqa: E402
from joulestack.physics.context import Contacts  # noqa: E402
from joulestack.setup import Drive, FaceCondition, Setup  # noqa: E402
from joulestack.solver.timestep import StepControl, Stepper, Tolerances  # noqa: E402

LOADED = time.perf_counter(), time.process_time()


@dataclass(frozen=True, eq=False)
class Medium:
    """Constant properties."""

    name: str
    k: Any
    rho_cp: Any
    sigma_s: Any
    sigma_e: Any
    electrode_potential: float | None = None
    charge_transfer: ChargeTransfer | None = None
    particles: None = None
    isotropic: bool = True

    @property
    def conducts_electrons(self) -> bool:
        return self.sigma_s is not None

    @property
    def conducts_ions(self) -> bool:
        return self.sigma_e is not None

    def thermal_conductivity(self, state: Any) -> Any:
        return self.k

    def volumetric_heat_capacity(self, state: Any) -> Any:
        return self.rho_cp

    def electronic_conductivity(self, state: Any) -> Any:
        return self.sigma_s

    def ionic_conductivity(self, state: Any) -> Any:
        return self.sigma_e

    def bind(self, wrap: Callable[[float], Any]) -> Medium:
        numbers = {f: getattr(self, f) for f in ("k", "rho_cp", "sigma_s", "sigma_e")}
        changes = {f: wrap(v) for f, v in numbers.items() if v is not None}
        if (c := self.charge_transfer) is not None:
            changes["charge_transfer"] = ChargeTransfer(
                *(wrap(getattr(c, f.name)) for f in fields(c))
            )
        return replace(self, **changes)


@dataclass(frozen=True, eq=False)
class Resistance:
    """A constant contact resistance."""

    R: Any
    name: str = "constant"

    def resistance(self, state: Any) -> Any:
        return self.R

    def bind(self, wrap: Callable[[float], Any]) -> Resistance:
        return Resistance(wrap(self.R))


def setup(cell: Cell) -> Setup:
    media = {
        layer: Medium(
            layer, STUFF[s].k, STUFF[s].rho_cp, STUFF[s].sigma_s, STUFF[s].sigma_e,
            electrode_potential=0.0 if s == "Li" else None,
            charge_transfer=ChargeTransfer(SPECIFIC_AREA, RESISTANCE, OPEN_CIRCUIT)
            if s == "cathode" else None,
        )
        for layer, s in cell.stuff.items()
    }  # fmt: skip
    faces = {
        face: [FaceCondition(coefficient=h, ambient=lambda t: START)]
        for face, h in cell.film.items()
    }
    faces |= {face: [FaceCondition(temperature=lambda t: START)] for face in cell.cold}
    contacts = {
        pair: Contacts(
            Resistance(R),
            *(
                Resistance(law[pair]) if pair in law else None
                for law in (cell.electronic, {}, cell.charge_transfer)
            ),
        )
        for pair, R in cell.thermal.items()
    }
    return Setup(
        tagged=build(cell.spec, MPI.COMM_WORLD),
        media=media,
        start_temperature=START,
        contacts=contacts,
        faces=faces,
        drive=Drive(*cell.terminals, lambda t: cell.current),
        thickness={layer.name: layer.thickness for layer in cell.spec.layers},
    )


def main(name: str, record: Path) -> None:
    cell = CELLS[name]()
    model = Model(setup(cell))
    observer = Observer(model)
    model.finish()
    stepper = Stepper(
        model,
        criteria_flow={key: lambda k=key: observer.flow(k) for key in model.fields},
        tolerances=Tolerances(
            temperature=TEMPERATURE_TOLERANCE,
            relative=RELATIVE_TOLERANCE,
            newton=NEWTON_SHARE,
            potential=POTENTIAL_TOLERANCE,
        ),
        control=StepControl(first=cell.first_step),
        linear_kind="direct" if cell.direct else "iterative",
    )
    series = TimeSeries(record, MPI.COMM_WORLD)
    ready = time.perf_counter(), time.process_time()
    stepper.begin(0.0)
    series.append(observer.measure(0.0, "start"))
    stepper.advance(0.0, cell.end, [], lambda t: series.append(observer.measure(t)))
    done = time.perf_counter(), time.process_time()
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    marks = [(WALL, CPU), LOADED, ready, done]
    counts = stepper.statistics
    print(json.dumps({
        "unknowns": model.system.size, "steps": counts.steps, "newton": counts.newton,
        "linear": counts.linear, "voltage": observer.row["Voltage [V]"],
        "rise": observer.row["Temperature max [K]"] - START, "memory": peak,
        "wall": [b[0] - a[0] for a, b in pairwise(marks)],
        "cpu": [b[1] - a[1] for a, b in pairwise(marks)],
    }))  # fmt: skip


if __name__ == "__main__":
    if os.environ.get("OVERHEAD_PROFILE"):
        import cProfile

        cProfile.run("main(sys.argv[1], Path(sys.argv[2]))", os.environ["OVERHEAD_PROFILE"])
    else:
        main(sys.argv[1], Path(sys.argv[2]))
