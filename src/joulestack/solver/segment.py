"""One segment of the load, between two of its jumps, driven by PETSc's TS (BDF)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from petsc4py import PETSc

from joulestack.errors import ConvergenceError
from joulestack.solver.control import StepControl, Stop
from joulestack.solver.events import locate
from joulestack.solver.solves import LAGGED, Solver

ALGEBRAIC = 1e30
"""Error tolerance of unknowns that have no time derivative."""


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
        self._pending = list(outputs)
        self._good = solver.x.duplicate()
        solver.x.copy(self._good)
        self._between, self._seen = solver.x.duplicate(), solver.x.duplicate()
        self._evaluated = math.nan
        """Time of the last residual; its state is `_seen`."""
        self._done = start
        self._stopped = False

    def run(self) -> bool:
        """Step to the end or to the first stop; tells whether it was a stop.

        Raises:
            ConvergenceError: with the last good state left in the model.
        """
        solver, ts = self.solver, self._stepping()
        try:
            ts.solve(solver.x)
            reason = ts.getConvergedReason()
            failed = reason < 0
        except PETSc.Error as error:
            reason, failed = int(error.ierr), True
        finally:
            solver.forget_options()
            solver.statistics.rejected += ts.getStepRejections()
            solver.statistics.newton += ts.getSNESIterations()
            solver.statistics.linear += ts.getKSPIterations()
            ts.destroy()
        if failed or self._stopped:
            self._good.copy(solver.x)
        if failed:
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
        ts.setIJacobian(self._jacobian, self.system.matrix)
        ts.setTime(self._start)
        ts.setMaxTime(self._end)
        ts.setExactFinalTime(PETSc.TS.ExactFinalTime.MATCHSTEP)
        ts.setMaxSteps(10**7)
        ts.setMaxStepRejections(40)
        ts.setTimeStep(min(self._control.first or span * 1e-4, span))
        self._set_tolerances(ts)
        settings = {
            "ts_bdf_order": str(self._control.order),
            "ts_adapt_type": "basic",
            "ts_max_snes_failures": "-1",
            "ts_adapt_dt_min": repr(1e-12 * max(span, 1e-3)),
            "ts_adapt_clip": "0.1,3.0",
            **LAGGED,
        }
        if self._control.largest:
            settings["ts_adapt_dt_max"] = repr(self._control.largest)
        self.solver.configure(ts, ts.getSNES(), settings)
        ts.setPostStep(self._accepted)
        return ts

    def _set_tolerances(self, ts: PETSc.TS) -> None:
        """Error tolerances per unknown; algebraic ones do not count."""
        asked = self.solver.tolerances
        atol, rtol = self.solver.x.duplicate(), self.solver.x.duplicate()
        absolute, relative = atol.array, rtol.array
        for block, part in zip(self.system.blocks, self.system.slices, strict=True):
            absolute[part] = asked.temperature if block.info.differential else ALGEBRAIC
            relative[part] = asked.relative if block.info.differential else 0.0
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
        self.system.jacobian(u, rate, shift, P)

    def _accepted(self, ts: PETSc.TS) -> None:
        """Record a step; write what is due inside it; end it early where a stop is crossed."""
        solver, system = self.solver, self.system
        t, u = ts.getTime(), ts.getSolution()
        self._at(t)
        # Newton ends with the residual of the state that it found.
        known = math.isclose(t, self._evaluated, rel_tol=1e-12) and self._seen.equal(u)
        if self._watched:
            system.read(u)
        crossed = [stop for stop in self._watched if stop.distance() <= 0]
        if crossed:
            show = lambda time: self._show(ts, time)  # noqa: E731
            t = min(locate(stop, self._done, t, show) for stop in crossed)
            solver.statistics.stopped_by = ", ".join(stop.name for stop in crossed)
        while self._pending and self._pending[0] <= t:
            if crossed or self._pending[0] < ts.getTime():
                self._show(ts, self._pending[0])
            else:
                system.read(u)
            self._on_output(self._pending.pop(0))
        if crossed:
            solver.unsettle()
            self._show(ts, t)
            system.write(solver.x)
            solver.consistent()
            known = False
            ts.setConvergedReason(PETSc.TS.ConvergedReason.CONVERGED_USER)
            self._stopped = True
        else:
            u.copy(solver.x)
        self._at(t)
        if known:
            system.read(solver.x, solver.rate)
        else:
            system.residual(solver.x, solver.rate, system.vector)
        solver.x.copy(self._good)
        solver.diagnosis.clear()
        solver.unsettle()
        solver.statistics.steps += 1
        self._done = t
        self._on_step(t)

    def _show(self, ts: PETSc.TS, t: float) -> None:
        """Put the state of a time inside the last step into the model."""
        self._at(t)
        ts.interpolate(t, self._between)
        self.system.read(self._between)
