"""What ends a step or a run: limits as stops of the solver, and those that a jump has passed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from joulestack.case.protocol import End, Step
from joulestack.simulation.exhaustion import exhaustion_stops, stripped_stop
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from joulestack.solver.stepper import Stepper, Stop

TOLERANCES = {
    "voltage": 1e-5,
    "temperature": 1e-4,
    "state of charge": 1e-6,
    "current": 1e-6,
    "capacity": 1e-6,
}
"""How near a step ends to its limit [V], [K], [-]; the last two relative to the limit."""


_TOO_SMALL = "the cell cannot be charged so: its own resistance is above the one that is given"


class Watch:
    """Limits of a run and of the step that goes on.

    What belongs to a whole step (the charge since it began, the side from which a limit is reached)
    outlasts the jumps of its table. A jump of the load is a ramp in no time: it ends a step at the
    limit that such a ramp would reach first.

    Attributes:
        limits: of the whole run; among them
        ceilings: of materials.
        stripped: where no lithium is left on a metal electrode; None where that is not known.
        start: of the step [s].
        integrals: of the run when the step began.
        ends: what ends the step, not the run.
    """

    REMEMBERS = ("start", "integrals", "_looked", "_voltage", "_sides", "_bare")

    def __init__(
        self,
        limits: Sequence[End],
        ceilings: Sequence[str],
        model: Model,
        observer: Observer,
        stepper: Stepper | None,
    ) -> None:
        """Watch `limits` and the `ceilings` of materials in any step, and what a cell cannot do."""
        self._model, self._observer, self._stepper = model, observer, stepper
        self.integrals: dict[str, float] = {}
        self.ceilings = tuple(observer.ceilings.stops(ceilings))
        self.limits = (*(self._stop(end, bool(end.rising)) for end in limits), *self.ceilings)
        self._cannot: tuple[Stop, ...] = ()
        self._branch: tuple[Stop, ...] = ()
        self.stripped: Stop | None = None
        self.start = 0.0
        self.ends: tuple[Stop, ...] = ()
        self._sides: list[tuple[bool, float]] = []
        """Of each end of the step: reached from below, and the direction of the current then."""
        self._bare = False
        self._looked = -math.inf
        self._voltage = math.nan
        self._before: dict[Stop, float] = {}

    @property
    def stops(self) -> tuple[Stop, ...]:
        """All that is watched now, each once."""
        return tuple(dict.fromkeys((*self.ends, *self.limits, *self._cannot, *self._branch)))

    def look(self) -> None:
        """Look at the cell under the load before, for what a jump from there will pass.

        Before the first load that is open circuit. A load that was over at once leaves no trace.
        """
        if self._looked < 0:
            self._find()
            if self._model.load.there and self._stepper is not None:
                self._stepper.open_circuit()
        elif self._model.time <= self._looked:
            return
        self._looked = self._model.time
        self._voltage = self._observer.voltage()
        self._before = {stop: stop.distance() for stop in self.stops}

    def beside(self, other: Watch) -> None:
        """Look at a cell all but the same: which limits are watched, and from where, is decided."""
        if self._looked < 0:
            self._find()
        self._looked, self._voltage = other._looked, other._voltage

    def _find(self) -> None:
        """What the cell cannot do."""
        self._cannot = tuple(exhaustion_stops(self._model, self._observer))
        self.stripped = stripped_stop(self._model)
        if self.stripped is not None:
            self._cannot = (*self._cannot, self.stripped)

    def begin(self, step: Step, start: float) -> None:
        """Watch the ends of another step, whose load is on since its start [s]."""
        self.start, self.integrals = start, dict(self._observer.integrals)
        observer = self._observer
        self._sides = [
            (self._rising(end), math.copysign(1.0, observer.current())) for end in step.ends
        ]
        falling = (e for e in step.ends if e.quantity == "voltage")
        # Of bare metal the voltage drops at once, through any lower limit that the step has.
        self._bare = self.stripped is not None and any(
            e.value <= observer.voltage() for e in falling
        )
        self._take(step)
        for end, stop, (rising, _) in zip(step.ends, self.ends, self._sides, strict=False):
            if end.quantity == "voltage":
                self._before[stop] = (1 if rising else -1) * (end.value - self._voltage)

    def again(self, step: Step) -> None:
        """Watch the ends of a step that was under way when a run was cut off."""
        if self._looked >= 0:
            self._find()
        self._take(step)

    def _take(self, step: Step) -> None:
        ends = [self._stop(end, *sides) for end, sides in zip(step.ends, self._sides, strict=False)]
        if self._bare and self.stripped is not None:
            ends.append(self.stripped)
        self.ends = tuple(ends)
        # A source of I = V/R drives a cell of more resistance backwards, at a voltage below zero.
        charging = step.mode == "resistance" and min(step.value.values) < 0
        self._branch = (Stop(_TOO_SMALL, self._observer.voltage, 1e-4),) if charging else ()

    def passed(self) -> tuple[Stop, ...]:
        """Limits that the jump to the present load has passed: those that a ramp meets first."""
        shares = {}
        for stop in self.stops:
            now = stop.distance()
            if now <= 0:
                before = self._before.get(stop, 0.0)
                shares[stop] = before / (before - now) if before > 0 else 0.0
        # The state of the most power is as far as a ramp of the power can go.
        if self._stepper is not None:
            shares |= dict.fromkeys(self._stepper.overasked, 1.0)
        least = min(shares.values(), default=0.0)
        return tuple(stop for stop, share in shares.items() if share <= least)

    def _rising(self, end: End) -> bool:
        """Whether a limit is reached from below; where the sentence leaves it open, from its start.

        For a voltage that is where the cell was before this load, for a current what it makes.
        """
        if end.rising is not None:
            return end.rising
        value = self._value(end, True, 1.0)()
        if end.quantity == "voltage" and abs(self._voltage - end.value) > 2 * _tolerance(end):
            value = self._voltage
        return value < end.value

    def _value(self, end: End, rising: bool, direction: float) -> Callable[[], float]:
        observer, before = self._observer, self.integrals.get("charge", 0.0)
        if end.quantity == "current" and not rising:
            # On its way to the other direction a current falls below any limit.
            return lambda: direction * observer.current()
        return {
            "voltage": observer.voltage,
            "temperature": observer.hottest,
            "state of charge": observer.state_of_charge,
            "current": lambda: abs(observer.current()),
            "capacity": lambda: abs(observer.charge() - before),
        }[end.quantity]

    def _stop(self, end: End, rising: bool, direction: float = 1.0) -> Stop:
        value, sign = self._value(end, rising, direction), 1.0 if rising else -1.0
        return Stop(
            end.text,
            lambda: sign * (end.value - value()),
            _tolerance(end),
            flows=end.quantity in ("current", "capacity"),
        )


def _tolerance(end: End) -> float:
    relative = end.quantity in ("current", "capacity")
    return TOLERANCES[end.quantity] * (abs(end.value) if relative else 1.0)
