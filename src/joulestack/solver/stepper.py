"""Advance the coupled system in time: consistent start, then BDF from jump to jump of the load.

PETSc's TS does the stepping; what it needs to work on a differential-algebraic system is here and
in `segment.py`: consistent initial values and error tolerances that leave the algebraic unknowns
out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from joulestack.solver.control import Statistics, StepControl, Stop
from joulestack.solver.segment import Segment
from joulestack.solver.solves import Solver
from joulestack.tolerances import Tolerances


@dataclass
class Stepper(Solver):
    """Drives a model through time.

    Attributes:
        control: step bounds.
    """

    control: StepControl = field(default_factory=StepControl)

    def begin(self, t: float, just_after: bool = False) -> None:
        """Make the state at t consistent and evaluate it, for a first record.

        Args:
            t: [s].
            just_after: load and pressure right of a jump at t hold.
        """
        self.model.update(t * (1 + 1e-12) if just_after else t)
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
    ) -> tuple[Stop, ...]:
        """Step from start to end, restarting consistently at every jump of the load.

        Args:
            start, end: [s].
            landings: times that steps must hit: jumps and kinks of load, pressure, ambient.
            on_step: called after each accepted step, with values and rates in the model.
            stops: limits that end the run.
            outputs: times at which `on_output` wants the state, interpolated between steps.
            on_output: called with the values of that time in the model.

        Returns:
            The stops that ended it before `end`; empty if none did.

        Raises:
            ConvergenceError: with the last good state left in the model.
        """
        inside = sorted({float(t) for t in landings if start < t < end})
        knots = [float(start), *inside, float(end)]
        for a, b in pairwise(knots):
            # Values right of a jump hold in the segment: evaluate just inside it.
            self.model.update(a + 1e-12 * max(b - a, abs(a)))
            self.consistent()
            wanted = [t for t in outputs if a < t <= b]
            segment = Segment(self, self.control, a, b, on_step, stops, wanted, on_output)
            if reached := segment.run():
                return reached
        return ()


__all__ = ["Statistics", "StepControl", "Stepper", "Stop", "Tolerances"]
