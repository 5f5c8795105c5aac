"""A model beside that of a run, of a case in which one number is moved a little."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from joulestack.case.protocol import Protocol
from joulestack.constants import MILLIAMPERE_HOUR, WATT_HOUR
from joulestack.errors import CaseError, Problem
from joulestack.outputs import headline
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer, Row
from joulestack.simulation.peak import Peak
from joulestack.simulation.procedure import Procedure, impose, latest
from joulestack.simulation.setup import Setup
from joulestack.simulation.watch import Watch

Array = npt.NDArray[np.float64]


class Twin:
    """Never solved: it is told its state, and asked for its residual and its records.

    Attributes:
        model, observer, protocol: of its case.
        start: of its present step [s].
        times: of the states since steps began anew, newest first [s].
        x: unknowns of this rank.
    """

    def __init__(self, setup: Setup, protocol: Protocol, of: Model) -> None:
        """Build it; compiles nothing where the forms are those of the run.

        Args:
            setup, protocol: of its case.
            of: model of the run.

        Raises:
            CaseError: it has other unknowns than the run.
        """
        self.model = Model(setup)
        self.observer = Observer(self.model, judging=False)
        self.protocol = protocol
        self.model.finish()
        _refuse_other_unknowns(self.model, of)
        self._of = of
        system = self.model.system
        self._x, self._rate, self._out = (system.vector.duplicate() for _ in range(3))
        system.write(self._x)
        self.x: Array = self._x.array_r.copy()
        self.watch = Watch(protocol.stops, protocol.ceilings, self.model, self.observer, None)
        self.start, self._updated = 0.0, math.nan
        self.times: list[float] = []
        self._hottest = Peak()
        self._outcomes: list[dict[str, Any]] = []

    # -- states ------------------------------------------------------------------

    def residual(
        self, x: Array, rate: Array | None, t: float, step: Sequence[float] | None, frozen: bool
    ) -> Array:
        """Take a state; gives its residual. Collective.

        Args:
            x: unknowns of this rank.
            rate: of them [1/s]; None: at rest.
            t: time that the load is that of [s].
            step: as `BlockSystem.step`.
            frozen: unknowns with rates are held.
        """
        model, system = self.model, self.model.system
        if self._of.load.there and self._of.load.power() is not None:
            model.load.cutoff = self._of.load.cutoff
        if t != self._updated:
            model.update(t)
            self._updated = t
        system.step = None if step is None else tuple(step)
        system.frozen = frozen
        self.x = x
        self._x.array[:] = x
        if rate is None:
            system.residual(self._x, None, self._out)
        else:
            self._rate.array[:] = rate
            system.residual(self._x, self._rate, self._out)
        system.frozen = False
        return np.array(self._out.array_r)

    def record(self, t: float, kind: Any, kink: bool) -> Row:
        """The record of the state that it has; `kink`: something given kinks then."""
        row = self.observer.measure(t, kind)
        if self.protocol.ceilings:
            self.observer.ceilings.look(row)
        start = self.model.setup.start_temperature
        self._hottest.add(t, row["Temperature max [K]"] - start, kink)
        return row

    # -- protocol ----------------------------------------------------------------

    def follow(self, procedure: Procedure, start: float) -> None:
        """Begin the step that the run begins, at a time of its own [s]."""
        self.start = self.model.clock.time = start
        self.watch.beside(procedure.watch)
        self._updated = math.nan
        impose(self.model, self.protocol.steps[procedure.index], start)

    def watched(self, procedure: Procedure) -> None:
        """Watch the ends of the step."""
        step = self.protocol.steps[procedure.index]
        if step.part == 0:
            self.watch.beside(procedure.watch)
            self.watch.begin(step, self.start)

    def latest(self, index: int) -> float:
        """When the step that it is in is over at the latest [s]."""
        return latest(self.protocol, self.protocol.steps[index], self.start)

    def over(self, procedure: Procedure, end: float) -> None:
        """Note what a step has come to, as `Procedure.outcomes`."""
        of = procedure.outcomes[-1]
        before, now = self.watch.integrals, self.observer.integrals
        known = {
            "number": of.step,
            "ended_by": of.ended_by,
            "start_s": self.watch.start,
            "end_s": end,
            "charge_mAh": (now.get("charge", 0.0) - before.get("charge", 0.0)) / MILLIAMPERE_HOUR,
            "energy_Wh": (now.get("electric", 0.0) - before.get("electric", 0.0)) / WATT_HOUR,
        }
        if self._outcomes and self._outcomes[-1]["number"] == of.step:
            self._outcomes.pop()
        self._outcomes.append(known)

    def figures(self) -> dict[str, float]:
        """What it comes to, by the names of `outputs.headline`; collective."""
        row = self.observer.row
        _, rise = self._hottest.largest() if self._hottest.times else (None, 0.0)
        summary = {
            "temperature_rise_max_K": rise,
            "voltage_V": row.get("Voltage [V]"),
            "protocol": self._outcomes,
            "heat_J": self.observer.heat,
            "heat_W": {
                key.removeprefix("Heat ").removesuffix(" [W]"): value
                for key, value in row.items()
                if key.startswith("Heat ") and key.endswith(" [W]")
            },
        }
        return {name: value for name, (value, _) in headline.figures(summary).items()}


def _refuse_other_unknowns(model: Model, of: Model) -> None:
    """States are compared unknown by unknown.

    Raises:
        CaseError: there are others, or others meet in a cell.
    """
    own, there = model.system.state, of.system.state
    same = [b.name for b in own] == [b.name for b in there] and all(
        a.size == b.size and a.owned == b.owned and _alike(a, b)
        for a, b in zip(own, there, strict=True)
    )
    if not model.domain.comm.allreduce(same, op=MPI.LAND):
        what = "another mesh, other fields or other radial functions come with it"
        raise CaseError(Problem("", what, "such a number is varied with --vary"))


def _alike(a: Any, b: Any) -> bool:
    mine, other = a.space.dofmap.list, b.space.dofmap.list
    return mine.shape == other.shape and bool((mine == other).all())
