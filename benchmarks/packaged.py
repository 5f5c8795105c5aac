"""The package's side of the benchmark: the same cells as a Setup, run as `simulation/run.py` does.

python3 benchmarks/packaged.py pellet out.csv
"""

from __future__ import annotations

import time

WALL, CPU = time.perf_counter(), time.process_time()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from itertools import pairwise  # noqa: E402
from pathlib import Path  # noqa: E402

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

from joulestack.fabrication.constant_media import GivenMedium, GivenResistance  # noqa: E402
from joulestack.laws.kinetics import VolumetricChargeTransfer  # noqa: E402
from joulestack.mesh import build  # noqa: E402
from joulestack.outputs.timeseries import TimeSeries  # noqa: E402
from joulestack.physics.context import Contacts  # noqa: E402
from joulestack.simulation.model import Model  # noqa: E402
from joulestack.simulation.observe import Observer  # noqa: E402
from joulestack.simulation.setup import Drive, FaceCondition, Setup  # noqa: E402
from joulestack.solver.stepper import StepControl, Stepper, Tolerances  # noqa: E402

LOADED = time.perf_counter(), time.process_time()


def setup(cell: Cell) -> Setup:
    media = {
        layer: GivenMedium(
            layer, STUFF[s].k, STUFF[s].rho_cp, STUFF[s].sigma_s, STUFF[s].sigma_e,
            electrode_potential=0.0 if s == "Li" else None,
            charge_transfer=VolumetricChargeTransfer(SPECIFIC_AREA, RESISTANCE, OPEN_CIRCUIT)
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
            GivenResistance(R),
            *(
                GivenResistance(law[pair]) if pair in law else None
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
