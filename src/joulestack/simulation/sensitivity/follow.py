"""All derivatives of a run: what the solver and the protocol tell is handed to each tangent."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack.case.case import Case
from joulestack.errors import CaseError, Problem
from joulestack.outputs.sensitivities import Differentiated
from joulestack.outputs.sensitivities import Sensitivities as Found
from joulestack.progress import quietly, stage
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Row
from joulestack.simulation.procedure import Procedure
from joulestack.simulation.sensitivity.numbers import Number, OfLibrary
from joulestack.simulation.sensitivity.series import Recorded, in_time
from joulestack.simulation.sensitivity.tangent import Tangent
from joulestack.simulation.sensitivity.twin import Twin
from joulestack.solver.control import Stop
from joulestack.solver.problem import Linearised

Array = npt.NDArray[np.float64]
log = logging.getLogger("joulestack")


class Sensitivities:
    """Follows a run of a case; the solver knows it as `Tangents`, the protocol as `Beside`.

    Attributes:
        tangents: one for each number.
    """

    def __init__(self, case: Case, model: Model, numbers: Sequence[Number]) -> None:
        """Build the twins.

        Args:
            case: of the run.
            model: of the run, its forms compiled.
            numbers: with respect to which.

        Raises:
            CaseError: one of them cannot be followed.
        """
        self._model = model
        self._procedure: Procedure | None = None
        self._records: list[Recorded] = []
        self._aims: dict[float, list[float]] = {}
        self.tangents: list[Tangent] = []
        stage(f"building what is beside the run for {len(numbers)} numbers", long=True)
        for number in numbers:
            try:
                with quietly():
                    self.tangents.append(self._tangent(case, number))
            except CaseError as error:
                if not (isinstance(number, OfLibrary) and number.optional):
                    raise
                for problem in error.problems:
                    log.warning("%s %s", problem.where, problem.what)

    def _tangent(self, case: Case, number: Number) -> Tangent:
        twins = []
        for by in (number.step, -number.step):
            try:
                there, setup = number.moved(case, by, self._model.domain.comm)
                setup = replace(setup, physics=())
                twins.append(Twin(setup, there.protocol, self._model))
            except CaseError as error:
                raise _refused(number, error) from None
        above, below = twins
        if [_shape(s) for s in above.protocol.steps] != [_shape(s) for s in below.protocol.steps]:
            raise _refused(number, CaseError(Problem("", "other steps come with it", "")))
        return Tangent(number, above, below, self._model.system.slices)

    # -- as the solver's tangents ------------------------------------------------

    def settle(self, ksp: PETSc.KSP, x: PETSc.Vec, rate: PETSc.Vec, frozen: bool) -> None:
        """As of `Tangents`."""
        for tangent in self.tangents:
            tangent.settle(ksp, x.array_r.copy(), rate.array_r.copy(), self._model.time, frozen)

    def begin(self, t: float) -> None:
        """As of `Tangents`."""
        for tangent in self.tangents:
            tangent.begin(t)

    def step(self, given: Linearised) -> None:
        """As of `Tangents`."""
        aims = self._aims.get(given.times[0])
        for n, tangent in enumerate(self.tangents):
            tangent.step(given, None if aims is None else aims[n], self._stops(tangent, given))

    def _stops(self, tangent: Tangent, given: Linearised) -> tuple[Stop, Stop, Stop] | None:
        """The stop that ends a step, with those of the twins; of others than the protocol's none.

        Where a power nears its lowest voltage the steps begin anew, which no twin has to know.
        """
        if self._procedure is None:
            return None
        own = self._procedure.watch.stops
        for stop in given.stops:
            if stop in own:
                place = own.index(stop)
                above, below = (twin.watch.stops[place] for _, twin in tangent.twins)
                return stop, above, below
        return None

    # -- beside the protocol -----------------------------------------------------

    def follow(self, procedure: Procedure, start: float) -> None:
        """As of `Beside`."""
        self._procedure = procedure
        for tangent in self.tangents:
            for off, twin in tangent.twins:
                twin.follow(procedure, start + off * tangent.theta)

    def watched(self, procedure: Procedure, start: float, end: float) -> None:
        """As of `Beside`: when the step is over at the latest may follow a number too."""
        self._aims = {}
        for t in self._model.jumps:
            if start < t < end:  # a table of the case's own time: it jumps when it jumps
                self._aims[t] = [0.0] * len(self.tangents)
        ends = []
        for tangent in self.tangents:
            for _, twin in tangent.twins:
                twin.watched(procedure)
            above, below = (twin.latest(procedure.index) for _, twin in tangent.twins)
            ends.append((above - below) / (2 * tangent.h))
        self._aims[end] = ends

    def over(self, procedure: Procedure) -> None:
        """As of `Beside`."""
        end = procedure.outcomes[-1].end
        for tangent in self.tangents:
            for off, twin in tangent.twins:
                twin.over(procedure, end + off * tangent.theta)

    # -- records -----------------------------------------------------------------

    def record(self, t: float, row: Row, kind: Any, kink: bool = False) -> None:
        """The run has recorded its state.

        Args:
            t: of it [s].
            row: the record.
            kind: of it, as `Observer.measure` takes it.
            kink: something given kinks then.
        """
        step = self._model.system.step if kind == "step" else None
        self._records.append(Recorded(t, dict(row), 0 if step is None else len(step) - 1))
        for tangent in self.tangents:
            above, below = (
                twin.record(t + off * tangent.theta, kind, kink) for off, twin in tangent.twins
            )
            row = {k: (v - below[k]) / (2 * tangent.h) for k, v in above.items() if k in below}
            tangent.rows.append({"Time [s]": tangent.theta} | row)

    def outcome(self, values: Mapping[str, float]) -> Found:
        """What a run has come to; collective.

        Args:
            values: its headline figures.
        """
        derivatives = [self.figures(tangent) for tangent in self.tangents]
        series = in_time(self._records, [tangent.rows for tangent in self.tangents])
        return Found(
            tuple(_told(tangent) for tangent in self.tangents),
            dict(values),
            {name: tuple(row.get(name, 0.0) for row in derivatives) for name in values},
            series.times,
            series.columns,
            series.fixed,
            series.shared,
            series.later,
        )

    def figures(self, tangent: Tangent) -> dict[str, float]:
        """Derivatives of the headline figures with respect to a number; collective."""
        above, below = (twin.figures() for _, twin in tangent.twins)
        return {k: (v - below[k]) / (2 * tangent.h) for k, v in above.items() if k in below}


def _told(tangent: Tangent) -> Differentiated:
    n = tangent.number
    return Differentiated(
        n.name,
        n.unit,
        None if math.isnan(n.value) else n.value,
        n.deviation,
        n.part,
        n.source,
        n.status,
        tangent.lost,
    )


def _shape(step: Any) -> tuple[Any, ...]:
    """What of a step cannot be followed by derivatives."""
    return step.mode, step.number, step.part, len(step.ends), step.duration is None


def _refused(number: Number, error: CaseError) -> CaseError:
    said = "; ".join(p.what for p in error.problems)
    remedy = "leave it out of the sensitivities; --vary runs the case anew for each of its values"
    return CaseError(Problem(number.name, f"cannot be followed: {said}", remedy))


__all__ = ["Sensitivities"]
