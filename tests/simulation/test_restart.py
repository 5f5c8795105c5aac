"""A model solved again from its start: no new forms and the same answer, records too."""

from pathlib import Path

import pytest
from mpi4py import MPI

import joulestack as js
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from joulestack.simulation.procedure import Procedure
from joulestack.solver.stepper import Stepper

CASE = Path(__file__).parents[2] / "benchmarks" / "cell_1c.toml"
SHORT = {"load.protocol": ["Discharge at 1C for 5 min", "Rest for 1 min"]}


def test_a_second_run_is_the_first_again() -> None:
    case = js.Case.load(CASE, SHORT)
    model = Model(setup_of(case, MPI.COMM_SELF))
    observer = Observer(model)
    model.finish()
    ends = []
    for _ in range(2):
        model.restart()
        observer.restart()
        stepper = Stepper(model, {key: lambda k=key: observer.flow(k) for key in model.fields})
        procedure = Procedure(case.protocol, model, observer, stepper)
        procedure.run(lambda t, kind: observer.measure(t, kind), [], lambda t: None)
        ends.append(observer.row | observer.integrals | {"steps": stepper.statistics.steps})
    assert ends[0]["charge"] == pytest.approx(3.5e-3 * 300, rel=1e-6)
    assert ends[1] == pytest.approx(ends[0], rel=1e-9, abs=1e-12)
