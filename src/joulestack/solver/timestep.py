"""Advance the coupled system: consistent start, BDF with error control per field, steady state.

PETSc's TS does the stepping; what it needs to work on a differential-algebraic system is here:
consistent initial values and error tolerances that leave the algebraic unknowns out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from petsc4py import PETSc

from joulestack.errors import ConvergenceError
from joulestack.model import Model
from joulestack.solver import linear
from joulestack.solver.diagnosis import Diagnosis
from joulestack.solver.newton import FieldCriteria, FieldwiseTest

ALGEBRAIC = 1e30
"""Error tolerance of unknowns that have no time derivative."""

LAGGED = {"snes_lag_jacobian": "3"}
"""The start is close and the nonlinearity mild: one Jacobian serves three iterations."""

_prefix = count()


@dataclass(frozen=True)
class Tolerances:
    """Accuracy asked for.

    Attributes:
        temperature: absolute error of a step in temperature [K].
        relative: error of a step relative to the temperature rise [-].
        newton: part of the step error that Newton may leave.
        potential: error that Newton may leave in a potential [V].
    """

    temperature: float = 1e-4
    relative: float = 1e-4
    newton: float = 1e-2
    potential: float = 1e-9


@dataclass(frozen=True)
class StepControl:
    """Bounds on the time step [s]; None chooses."""

    first: float | None = None
    largest: float | None = None
    order: int = 2


@dataclass(frozen=True)
class Stop:
    """A limit that ends the run when a watched quantity reaches it: value(model) crosses zero."""

    name: str
    distance: Callable[[], float]


@dataclass
class Statistics:
    """Counts of a run."""

    steps: int = 0
    rejected: int = 0
    newton: int = 0
    linear: int = 0
    solver: str = ""
    stopped_by: str = ""


@dataclass
class Stepper:
    """Drives a model through time.

    Attributes:
        model: finished model.
        tolerances, control: accuracy and step bounds.
        linear_kind, petsc_options: linear solver.
        criteria_flow: size of the flow that each field balances [A or W], by key.
    """

    model: Model
    criteria_flow: Mapping[str, Callable[[], float]]
    tolerances: Tolerances = field(default_factory=Tolerances)
    control: StepControl = field(default_factory=StepControl)
    linear_kind: str = "auto"
    petsc_options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Create the vectors and the Newton test."""
        system = self.model.system
        self.x = system.vector.duplicate()
        system.write(self.x)
        self.rate = system.vector.duplicate()
        self.statistics = Statistics()
        self._options: list[str] = []
        newton = self.tolerances.newton * self.tolerances.temperature
        criteria = {
            key: FieldCriteria(
                error=newton if key == "T" else self.tolerances.potential,
                flow=self.criteria_flow[key],
            )
            for key in system.fields
        }
        self.test = FieldwiseTest(system, criteria)
        self.diagnosis = Diagnosis(self.model, self.test.log)
        self._settled: dict[str, float] = {}
        size, dimension = system.size, self.model.domain.tdim
        self.statistics.solver = linear.choose(self.linear_kind, dimension, size)

    # -- algebraic and steady solves -----------------------------------------

    def _standalone(self, settings: Mapping[str, str]) -> PETSc.SNES:
        system = self.model.system
        snes = PETSc.SNES().create(system.comm)

        def residual(snes: PETSc.SNES, x: PETSc.Vec, F: PETSc.Vec) -> None:
            system.residual(x, None, F)
            self.diagnosis.watch()

        snes.setFunction(residual, system.vector.duplicate())
        snes.setJacobian(lambda s, x, J, P: system.jacobian(x, None, 0.0, P), system.matrix)
        self._configure(snes, snes, settings)
        return snes

    def _configure(self, solver: Any, snes: PETSc.SNES, settings: Mapping[str, str]) -> None:
        """Give a TS or SNES its options; an expert's win."""
        prefix = f"joulestack{next(_prefix)}_"
        solver.setOptionsPrefix(prefix)
        chosen, linear_settings = linear.configure(
            snes.getKSP(), self.model.system, self.model.domain.tdim, self.linear_kind
        )
        self.statistics.solver = chosen
        snes.setConvergenceTest(self.test)
        database = PETSc.Options()
        options = {
            "snes_linesearch_type": "basic",
            "snes_max_it": "50",
            **linear_settings,
            **settings,
            **self.petsc_options,
        }
        for key, value in options.items():
            database[prefix + key] = value
        solver.setFromOptions()
        # Split preconditioners read theirs when they are first set up: they stay until then.
        self._options += [prefix + key for key in options]

    def _forget_options(self) -> None:
        """Take options that have been read out of PETSc's database."""
        database = PETSc.Options()
        for key in self._options:
            database.delValue(key)
        self._options.clear()

    def _solve(self, what: str, settings: Mapping[str, str]) -> None:
        # A solver for this solve alone: its preconditioner would take memory all through the run.
        snes = self._standalone(settings)
        try:
            snes.solve(None, self.x)
            iterations, reason = snes.getIterationNumber(), snes.getConvergedReason()
        finally:
            self._forget_options()
            snes.destroy()
        self.statistics.newton += iterations
        if reason <= 0:
            raise ConvergenceError(self.diagnosis.explain(what, reason))
        self.model.system.read(self.x)
        self.model.system.write(self.x)

    def consistent(self) -> None:
        """Solve the algebraic equations at the present time, temperatures held."""
        system = self.model.system
        if not any(not b.info.differential for b in system.blocks):
            return
        system.frozen = True
        try:
            if self._still_settled():
                return
            self._solve("finding consistent potentials", LAGGED)
            self._settled = dict(self.test.log.residuals)
        finally:
            system.frozen = False

    def _still_settled(self) -> bool:
        """Tell whether the last consistent potentials still are: same state, load not changed."""
        if not self._settled:
            return False
        system = self.model.system
        system.residual(self.x, None, system.vector)
        now = self.test.residuals(system.vector)
        return all(now[key] <= 2.0 * before for key, before in self._settled.items())

    def steady(self) -> None:
        """Solve for the steady state at the present time.

        Potentials first, temperatures held: from zero potentials the reaction heat of a whole
        open-circuit voltage would send the first temperatures to thousands of kelvins.
        """
        self.consistent()
        self._solve("finding the steady state", {})
        self.evaluate()

    def evaluate(self) -> None:
        """Leave values, rates and raw residuals of the present state in the model."""
        system = self.model.system
        system.residual(self.x, self.rate, system.vector)

    # -- transient -------------------------------------------------------------

    def begin(self, t: float) -> None:
        """Make the state at t consistent and evaluate it, for the first record."""
        self.model.update(t)
        self.consistent()
        self.evaluate()

    def advance(
        self,
        start: float,
        end: float,
        landings: Sequence[float],
        on_step: Callable[[float], None],
        stops: Sequence[Stop] = (),
        outputs: Sequence[float] = (),
        on_output: Callable[[float], None] = lambda t: None,
    ) -> bool:
        """Step from start to end, restarting consistently at every jump of the load.

        Args:
            start, end: [s].
            landings: times that steps must hit: jumps and kinks of load, pressure, ambient.
            on_step: called after each accepted step, with values and rates in the model.
            stops: limits that end the run.
            outputs: times at which `on_output` wants the state, interpolated between steps.
            on_output: called with the values of that time in the model.

        Returns:
            Whether a stop ended the run before `end`.

        Raises:
            ConvergenceError: with the last good state left in the model.
        """
        knots = [start, *sorted(t for t in set(landings) if start < t < end), end]
        for a, b in pairwise(knots):
            # Values right of a jump hold in the segment: evaluate just inside it.
            self.model.update(a + 1e-12 * max(b - a, abs(a)))
            self.consistent()
            wanted = [t for t in outputs if a < t <= b]
            if self._segment(a, b, on_step, stops, wanted, on_output):
                return True
        return False

    def _segment(
        self,
        start: float,
        end: float,
        on_step: Callable[[float], None],
        stops: Sequence[Stop],
        outputs: list[float],
        on_output: Callable[[float], None],
    ) -> bool:
        system, model = self.model.system, self.model
        margin = 1e-12 * max(end - start, abs(end))
        ts = PETSc.TS().create(system.comm)
        ts.setType("bdf")
        ts.setEquationType(PETSc.TS.EquationType.DAE_IMPLICIT_INDEX1)

        def at(t: float) -> None:
            model.update(min(max(t, start + margin), end - margin))

        def residual(ts: PETSc.TS, t: float, u: PETSc.Vec, udot: PETSc.Vec, F: PETSc.Vec) -> None:
            at(t)
            system.residual(u, udot, F)
            self.diagnosis.watch()
            udot.copy(self.rate)
            u.copy(seen)
            evaluated["t"] = t

        def jacobian(
            ts: PETSc.TS,
            t: float,
            u: PETSc.Vec,
            udot: PETSc.Vec,
            shift: float,
            J: PETSc.Mat,
            P: PETSc.Mat,
        ) -> None:
            at(t)
            system.jacobian(u, udot, shift, P)

        ts.setIFunction(residual, system.vector.duplicate())
        ts.setIJacobian(jacobian, system.matrix)
        ts.setTime(start)
        ts.setMaxTime(end)
        ts.setExactFinalTime(PETSc.TS.ExactFinalTime.MATCHSTEP)
        ts.setMaxSteps(10**7)
        ts.setMaxStepRejections(40)
        first = self.control.first or (end - start) * 1e-4
        ts.setTimeStep(min(first, end - start))
        self._set_tolerances(ts)
        settings = {
            "ts_bdf_order": str(self.control.order),
            "ts_adapt_type": "basic",
            "ts_max_snes_failures": "-1",
            "ts_adapt_dt_min": repr(1e-12 * max(end - start, 1e-3)),
            "ts_adapt_clip": "0.1,3.0",
            **LAGGED,
        }
        if self.control.largest:
            settings["ts_adapt_dt_max"] = repr(self.control.largest)
        self._configure(ts, ts.getSNES(), settings)
        good = self.x.duplicate()
        self.x.copy(good)
        between, seen = self.x.duplicate(), self.x.duplicate()
        evaluated = {"t": math.nan}
        pending = list(outputs)
        done = {"t": start, "stopped": False}
        # Measured at the start of the segment: what is already past its limit cannot cross it.
        watched = [stop for stop in stops if stop.distance() > 0]

        def show(t: float) -> None:
            """Put the state of a time inside the last step into the model."""
            at(t)
            ts.interpolate(t, between)
            system.read(between)

        def accepted(ts: PETSc.TS) -> None:
            t = ts.getTime()
            at(t)
            u = ts.getSolution()
            # Newton ends with the residual of the state that it found.
            known = math.isclose(t, evaluated["t"], rel_tol=1e-12) and seen.equal(u)
            if watched:
                system.read(u)
            crossed = [stop for stop in watched if stop.distance() <= 0]
            if crossed:
                t = min(self._locate(stop, done["t"], t, show) for stop in crossed)
                self.statistics.stopped_by = ", ".join(stop.name for stop in crossed)
            while pending and pending[0] <= t:
                if crossed or pending[0] < ts.getTime():
                    show(pending[0])
                else:
                    system.read(u)
                on_output(pending.pop(0))
            if crossed:
                show(t)
                system.write(self.x)
                self._settled = {}
                self.consistent()
                known = False
                ts.setConvergedReason(PETSc.TS.ConvergedReason.CONVERGED_USER)
                done["stopped"] = True
            else:
                u.copy(self.x)
            at(t)
            if known:
                system.read(self.x, self.rate)
            else:
                system.residual(self.x, self.rate, system.vector)
            self.x.copy(good)
            self.diagnosis.clear()
            self._settled = {}
            self.statistics.steps += 1
            done["t"] = t
            on_step(t)

        ts.setPostStep(accepted)
        try:
            ts.solve(self.x)
        except PETSc.Error as error:
            good.copy(self.x)
            system.read(self.x)
            raise ConvergenceError(
                self.diagnosis.explain("stepping in time", int(error.ierr))
            ) from None
        finally:
            self._forget_options()
            self.statistics.rejected += ts.getStepRejections()
            self.statistics.newton += ts.getSNESIterations()
            self.statistics.linear += ts.getKSPIterations()
        if ts.getConvergedReason() < 0:
            good.copy(self.x)
            system.read(self.x)
            raise ConvergenceError(
                self.diagnosis.explain("stepping in time", ts.getConvergedReason())
            )
        if done["stopped"]:
            good.copy(self.x)
        ts.destroy()
        return bool(done["stopped"])

    def _locate(
        self, stop: Stop, before: float, after: float, show: Callable[[float], None]
    ) -> float:
        """Time at which a watched quantity reaches its limit, to a microsecond or better."""
        for _ in range(60):
            if after - before <= 1e-9 * max(1.0, after):
                break
            middle = 0.5 * (before + after)
            show(middle)
            if stop.distance() > 0:
                before = middle
            else:
                after = middle
        return before

    def _set_tolerances(self, ts: PETSc.TS) -> None:
        """Error tolerances per unknown; algebraic ones do not count."""
        system = self.model.system
        atol, rtol = self.x.duplicate(), self.x.duplicate()
        absolute, relative = atol.array, rtol.array
        for block, part in zip(system.blocks, system.slices, strict=True):
            absolute[part] = self.tolerances.temperature if block.info.differential else ALGEBRAIC
            relative[part] = self.tolerances.relative if block.info.differential else 0.0
        ts.setTolerances(rtol=rtol, atol=atol)
