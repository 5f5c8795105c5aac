"""Protocols followed on a real cell without writing files: what each step came to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpi4py import MPI

import joulestack as js
from joulestack.fabrication.composite.losses import IDEAL
from joulestack.outputs.steps import StepOutcome
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer, Row
from joulestack.simulation.procedure import Procedure
from joulestack.solver.stepper import Stepper, Tolerances

CASE = Path(__file__).parents[2] / "cases" / "nmc_lpscl_cell.toml"
AREA, CAPACITY = 20.0, 71.5e-3
"""cm2; about, Ah."""


@dataclass
class Followed:
    """A protocol that was followed.

    Attributes:
        steps: what each came to.
        rows: one record for each accepted step, "Step" among them.
        stopped_by: what ended it before it was over.
    """

    steps: list[StepOutcome]
    rows: list[Row]
    stopped_by: str

    def begins(self, step: int) -> Row:
        """The first record of a step."""
        return next(row for row in self.rows if row["Step"] == step)


def follow(
    protocol: list[Any], soc: float = 0.6, comm: Any = MPI.COMM_SELF, **changes: Any
) -> Followed:
    """Follow a protocol from a state of charge on a coarse mesh; `changes` of the case as in
    `Case.load`, with "__" for dots.
    """
    settings = {name.replace("__", "."): value for name, value in changes.items()}
    case = js.Case.load(
        CASE,
        {
            "load.protocol": protocol,
            "cell.state_of_charge": soc,
            "mesh.layers": {"cathode": 4},
            "mesh.radial_modes": 6,
            "materials.cathode.laws": dict(IDEAL),  # figures of closed forms and pairs
        }
        | settings,
    )
    model = Model(setup_of(case, comm))
    observer = Observer(model)
    model.finish()
    flows = {key: (lambda k=key: observer.flow(k)) for key in model.fields}
    time = case.time
    tolerances = Tolerances(
        time.temperature_tolerance, time.relative_tolerance,
        lithiation=time.lithiation_tolerance, potential=time.potential_tolerance,
    )  # fmt: skip
    stepper = Stepper(model, flows, tolerances=tolerances)
    procedure = Procedure(case.protocol, model, observer, stepper)
    rows: list[Row] = []

    def record(t: float, kind: str) -> None:
        number = {"Step": float(procedure.step.number)}
        rows.append(observer.measure(t, kind) | number)  # type: ignore[arg-type]

    procedure.run(record, [], lambda t: None)
    return Followed(procedure.outcomes, rows, procedure.stopped_by)
