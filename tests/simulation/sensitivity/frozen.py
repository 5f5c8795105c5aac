"""Runs whose steps in time are the same whatever the numbers of their case are."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from mpi4py import MPI

import joulestack as js
from joulestack.outputs import headline
from joulestack.outputs.folder import ResultFolder
from joulestack.outputs.progress import Progress
from joulestack.outputs.sensitivities import Sensitivities
from joulestack.simulation import run, watch
from joulestack.solver.control import StepControl
from joulestack.tolerances import Tolerances


@dataclass(frozen=True)
class Frozen:
    """What a run has come to.

    Attributes:
        figures: headline figures.
        found: derivatives; None where none were asked for.
    """

    figures: dict[str, float]
    found: Sensitivities | None


def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Newton's method and the location of limits leave next to nothing."""

    def tight(**asked: float) -> Tolerances:
        return Tolerances(**{**asked, "newton": 1e-6, "potential": 1e-12})

    monkeypatch.setattr(run, "Tolerances", tight)
    monkeypatch.setitem(watch.TOLERANCES, "voltage", 1e-9)


def solved(case: js.Case, step: float, numbers: Sequence[str] = ()) -> Frozen:
    """Follow a case in steps of one length [s], the last one cut where a limit is met."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ResultFolder(Path(folder) / "out", comm=MPI.COMM_SELF) as results,
        Progress("", 1.0, False, MPI.COMM_SELF) as bar,
    ):
        going = run.CaseRun(case, results, MPI.COMM_SELF, sensitivities=numbers)
        going.stepper.control = StepControl(step, step, order=2, adaptive=False)
        going.solve(bar)
        balances = going.observer.balances(steady=case.time.steady)
        told = {"protocol": [o.table() for o in going.procedure.outcomes]}
        told |= going.keeper.figures(balances)
        figures = {name: value for name, (value, _) in headline.figures(told).items()}
        going.keeper.close()
        beside = going.sensitivities
        return Frozen(figures, None if beside is None else beside.outcome(figures))
