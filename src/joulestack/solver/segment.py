"""One segment of the load, between two of its jumps, driven by PETSc's TS (BDF)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from petsc4py import PETSc

from joulestack.errors import ConvergenceError
from joulestack.solver.control import StepControl, Stop
from joulestack.solver.event_location import land, locate, nearest
from joulestack.solver.solves import LAGGED, Solver
from joulestack.solver.static_condensation import StaticCondensation
from joulestack.solver.step_retry import Retakes

ALGEBRAIC = 1e30
"""Error tolerance of unknowns that have no time derivative."""

CAUTIOUS = {"ts_adapt_safety": "0.8"}
"""Particles fill up suddenly: with PETSc's 0.9 twice as many steps are rejected."""


class Segment:
    """Steps from one jump of the load to the next. One use: `run`.

    What PETSc's TS needs beside the equations: error tolerances that leave the algebraic unknowns
    out, records of accepted steps, output between steps, and an end at the first stop.
    """

    def __init__(
        self,
        solver: Solver,
        control: StepControl,
        start: float,
        end: float,
        on_step: Callable[[float], None],
        stops: Sequence[Stop],
        outputs: Sequence[float],
        on_output: Callable[[float], None],
    ) -> None:
        """Prepare; the state of the solver is consistent at the start.

        Args:
            solver: holds model and state.
            control: bounds on the steps.
            start, end: [s].
            on_step, stops, outputs, on_output: as in `Stepper.advance`.
        """
        self.solver, self.model, self.system = solver, solver.model, solver.model.system
        self._control, self._start, self._end = control, start, end
        self._margin = 1e-12 * max(end - start, abs(end))
        self._on_step, self._on_output = on_step, on_output
        # Measured at the start of the segment: what is already past its limit cannot cross it.
        self._watched = [stop for stop in stops if stop.distance() > 0]
        self._flows = any(stop.flows for stop in self._watched)
        self._pending = list(outputs)
        self._good = solver.x.duplicate()
        solver.x.copy(self._good)
        self._between, self._seen = solver.x.duplicate(), solver.x.duplicate()
        self._evaluated = math.nan
        """Time of the last residual; its state is `_seen`."""
        self._done = start
        self._elimination: StaticCondensation | None = None
        self._stopped: tuple[Stop, ...] = ()

    def run(self) -> tuple[Stop, ...]:
        """Step to the end or to the first stop; gives the stops reached.

        Raises:
            ConvergenceError: with the last good state left in the model.
        """
        solver, ts = self.solver, self._stepping()
        reason = 0
        try:
            while not self._stopped and ts.getTime() < self._end - self._margin:
                ts.step()
                reason = ts.getConvergedReason()
                if reason < 0:
                    break
                self._accepted(ts)
        except PETSc.Error as error:
            reason = -abs(int(error.ierr))
        finally:
            solver.forget_options()
            solver.statistics.rejected += ts.getStepRejections()
            solver.statistics.newton += ts.getSNESIterations()
            inner = self._elimination
            solver.statistics.linear += inner.iterations if inner else ts.getKSPIterations()
            ts.destroy()
        if reason < 0:
            self._good.copy(solver.x)
            self.system.read(solver.x)
            raise ConvergenceError(solver.diagnosis.explain("stepping in time", reason))
        return self._stopped

    def _stepping(self) -> PETSc.TS:
        """A TS with equations, tolerances and options."""
        span = self._end - self._start
        ts = PETSc.TS().create(self.system.comm)
        ts.setType("bdf")
        ts.setEquationType(PETSc.TS.EquationType.DAE_IMPLICIT_INDEX1)
        ts.setIFunction(self._residual, self.system.vector.duplicate())
        ts.setIJacobian(self._jacobian, self.system.operator)
        ts.setTime(self._start)
        ts.setMaxTime(self._end)
        ts.setExactFinalTime(PETSc.TS.ExactFinalTime.MATCHSTEP)
        ts.setMaxSteps(10**7)
        ts.setMaxStepRejections(40)
        ts.setTimeStep(min(self._control.first or span * 1e-4, span))
        self._set_tolerances(ts)
        settings = {
            "ts_bdf_order": str(self._control.order or (3 if self.system.points else 2)),
            "ts_adapt_type": "basic",
            "ts_max_snes_failures": "-1",
            "ts_adapt_dt_min": repr(1e-12 * max(span, 1e-3)),
            "ts_adapt_clip": "0.1,3.0",
            **(CAUTIOUS if self.system.points else LAGGED),
        }
        if self._control.largest:
            settings["ts_adapt_dt_max"] = repr(self._control.largest)
        self._elimination = self.solver.configure(ts, ts.getSNES(), settings)
        ts.setSolution(self.solver.x)
        ts.setUp()
        return ts

    def _set_tolerances(self, ts: PETSc.TS) -> None:
        """Error tolerances per unknown; algebraic ones do not count."""
        asked = self.solver.tolerances
        atol, rtol = self.solver.x.duplicate(), self.solver.x.duplicate()
        absolute, relative = atol.array, rtol.array
        for block, part in zip(self.system.state, self.system.slices, strict=True):
            errors = [
                asked.step(tolerance) if rate else (ALGEBRAIC, 0.0)
                for tolerance, rate in zip(block.info.tolerances, block.info.rates, strict=True)
            ]
            for k, error in enumerate(errors):
                of_component = slice(part.start + k, part.stop, block.size)
                absolute[of_component], relative[of_component] = error
        ts.setTolerances(rtol=rtol, atol=atol)

    # -- what PETSc calls ------------------------------------------------------

    def _at(self, t: float) -> None:
        """Set the load of a time; values right of a jump hold in the whole segment."""
        inside = min(max(t, self._start + self._margin), self._end - self._margin)
        if inside != self.model.time:
            self.model.update(inside)

    def _residual(
        self, ts: PETSc.TS, t: float, u: PETSc.Vec, rate: PETSc.Vec, F: PETSc.Vec
    ) -> None:
        self._at(t)
        self.system.residual(u, rate, F)
        self.solver.diagnosis.watch()
        rate.copy(self.solver.rate)
        u.copy(self._seen)
        self._evaluated = t

    def _jacobian(
        self,
        ts: PETSc.TS,
        t: float,
        u: PETSc.Vec,
        rate: PETSc.Vec,
        shift: float,
        J: PETSc.Mat,
        P: PETSc.Mat,
    ) -> None:
        self._at(t)
        self.system.jacobian(u, rate, shift)

    def _accepted(self, ts: PETSc.TS) -> None:
        """Record a step; write what is due inside it; shorten it where a stop is crossed."""
        solver, system = self.solver, self.system
        self._at(ts.getTime())
        if self._watched:
            self._look(ts.getSolution())
            if nearest(self._watched) < 0:
                self._stopped = self._land(ts)
        t, u = ts.getTime(), ts.getSolution()
        while self._pending and self._pending[0] <= t:
            if self._pending[0] >= t:
                system.read(u)
            else:
                self._show(ts, self._pending[0])
                if system.points:
                    # Potentials bend sharply over a long step; lithium and temperature do not.
                    solver.settle(self._between)
                    self._evaluated = math.nan
            self._on_output(self._pending.pop(0))
        self._at(t)
        # Newton ends with the residual of the state that it found.
        if math.isclose(t, self._evaluated, rel_tol=1e-12) and self._seen.equal(u):
            system.read(u, solver.rate)
        else:
            system.residual(u, solver.rate, system.vector)
        u.copy(self._good)
        self.model.accept()
        solver.diagnosis.clear()
        solver.unsettle()
        solver.statistics.steps += 1
        self._done = t
        self._on_step(t)

    def _land(self, ts: PETSc.TS) -> tuple[Stop, ...]:
        """Take the last step again, so short that it ends where the first stop is reached.

        Interpolation inside the long step says about where; a secant over steps really taken says
        exactly.

        Returns:
            The stops reached; none if the step was cut short before them.
        """

        def distance(t: float) -> float:
            self._show(ts, t)
            return nearest(self._watched)

        def step_to(t: float) -> tuple[float, float]:
            reached = retakes.to(t)
            self._at(reached)
            self._look(ts.getSolution())
            return reached, nearest(self._watched)

        end = ts.getTime()
        around = [(t, distance(t)) for t in (self._done, end)]
        guess = locate(distance, self._done, end)
        retakes: Retakes = Retakes(ts, self._done, self._good)
        land(step_to, guess, *around)
        return tuple(stop for stop in self._watched if stop.distance() <= 2 * stop.tolerance)

    def _show(self, ts: PETSc.TS, t: float) -> None:
        """Put the state of a time inside the last step into the model."""
        self._at(t)
        ts.interpolate(t, self._between)
        self._look(self._between)

    def _look(self, x: PETSc.Vec) -> None:
        """Put a state into the model, with its flows where a stop needs them."""
        if self._flows:
            self.system.residual(x, None, self.system.vector)
            self._evaluated = math.nan
        else:
            self.system.read(x)
