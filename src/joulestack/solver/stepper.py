"""Advance the coupled system in time: consistent start, then BDF from jump to jump of the load."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from joulestack.solver.control import Statistics, StepControl, Stop, Watched
from joulestack.solver.operating import more_than
from joulestack.solver.solves import Solver
from joulestack.solver.stepping.segment import Going, Segment
from joulestack.tolerances import Tolerances


@dataclass
class Stepper(Solver):
    """Drives a model through time.

    Attributes:
        control: step bounds.
        watched: scalars that steps resolve, beside the unknowns with a rate.
        going: where a run was cut off that the next `advance` goes on with; its state is there.
    """

    control: StepControl = field(default_factory=StepControl)
    watched: Sequence[Watched] = ()
    going: Going | None = None

    def begin(self, t: float, just_after: bool = False) -> None:
        """Make the state at t consistent and evaluate it, for a first record.

        Args:
            t: [s].
            just_after: load and pressure right of a jump at t hold.
        """
        self.model.update(t * (1 + 1e-12) if just_after else t)
        self.consistent()
        self.differentiate()
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
        on_jump: Callable[[float], None] | None = None,
        marks: Sequence[float] = (),
    ) -> tuple[Stop, ...]:
        """Step from start to end, restarting consistently at every jump of the load.

        Args:
            start, end: [s].
            landings: times that steps must hit, beside the kinks and jumps of the model's tables:
                jumps and kinks of functions.
            on_step: called after each accepted step, with values and rates in the model.
            stops: limits that end the run.
            outputs: times at which `on_output` wants the state, interpolated between steps.
            on_output: called with the values of that time in the model.
            on_jump: called just after a jump of one of the model's tables, with the values that
                hold then in the model; no rate is known.
            marks: times that steps must hit though nothing kinks there.

        Returns:
            The stops that ended it before `end`; empty if none did. A stop that a jump of the load
            passes is met at the jump.

        Raises:
            ConvergenceError: with the last good state left in the model.
        """
        inside = sorted({float(t) for t in (*landings, *self.model.kinks) if start < t < end})
        jumps, unbent = self.model.jumps, frozenset(map(float, marks)).difference(inside)
        breaks = [t for t in inside if t in jumps or self.model.breaks(t)]
        for a, b in pairwise([float(start), *breaks, float(end)]):
            if self.going is not None and b < self.going.end:
                continue
            if self.going is None:
                # Values right of a jump hold in the segment: evaluate just inside it.
                self._jump(a, b)
                if a > start and (passed := self._passed(stops)):
                    return passed
                if on_jump is not None and a > start and a in jumps:
                    self.evaluate()
                    on_jump(a)
            wanted = [t for t in outputs if a < t <= b]
            kinks = [t for t in sorted({*inside, *unbent}) if a < t < b]
            if reached := self._stretch(a, b, kinks, unbent, on_step, stops, wanted, on_output):
                return reached
        return ()

    def _jump(self, a: float, b: float) -> None:
        """Make the state consistent with what holds from a to b."""
        self.model.update(a + 1e-12 * max(b - a, abs(a)))
        self.consistent()
        self.differentiate()

    def _passed(self, stops: Sequence[Stop]) -> tuple[Stop, ...]:
        """Stops that the jump just made has passed; none of them was before."""
        if any(stop.flows for stop in stops):
            self.evaluate()
        passed = tuple(stop for stop in stops if stop.distance() <= 0)
        return passed or self.overasked

    @property
    def overasked(self) -> tuple[Stop, ...]:
        """A stop that is met where the load asks for more power than the cell can give."""
        most = self.power.most
        return (
            () if most is None else (Stop(more_than(most, self.diagnosis.hollow()), lambda: 0.0),)
        )

    def _stretch(
        self,
        a: float,
        b: float,
        kinks: Sequence[float],
        marks: Collection[float],
        on_step: Callable[[float], None],
        stops: Sequence[Stop],
        outputs: Sequence[float],
        on_output: Callable[[float], None],
    ) -> tuple[Stop, ...]:
        """Step from a to b and land on kinks; gives the stops reached.

        A given power that comes near its lowest voltage is judged anew there: either the cell can
        give it still, and this voltage becomes a lower one, or it cannot.
        """
        model, control = self.model, self.control
        while True:
            going, self.going = self.going, None
            if self.overasked:
                return self.overasked
            watched, near = list(stops), None
            if going is not None:
                a = going.start
                model.update(going.history.t)
            if model.load.power() is not None:
                near = self._near_lowest(None if going is None else going.near)
                watched.append(near)
            left = [t for t in outputs if t > a]
            ahead = [t for t in kinks if t > a]
            reached = Segment(
                self, control, a, b, on_step, watched, left, on_output, ahead, self.watched,
                marks, math.nan if near is None else near.tolerance, going,
            ).run()  # fmt: skip
            others = tuple(stop for stop in reached if stop is not near)
            if others or near not in reached:
                return others
            a = model.time
            if a >= b * (1 - 1e-12):
                return ()
            self._jump(a, b)

    def _near_lowest(self, tolerance: float | None = None) -> Stop:
        """Stop where a terminal's voltage falls to the lowest at which it still draws its power.

        Args:
            tolerance: how near; None: a part of what is left.
        """
        load = self.model.load

        def distance() -> float:
            return load.lowest_voltage() - load.cutoff

        return Stop("", distance, 0.05 * distance() if tolerance is None else tolerance)


__all__ = ["Statistics", "StepControl", "Stepper", "Stop", "Tolerances", "Watched"]
