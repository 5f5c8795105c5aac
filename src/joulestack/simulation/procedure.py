"""Follow a protocol: load and surroundings of one step after another, until its ends are met."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from joulestack.case.protocol import End, Protocol, Step
from joulestack.constants import MILLIAMPERE_HOUR, WATT_HOUR
from joulestack.errors import CaseError, Problem
from joulestack.outputs.steps import StepOutcome
from joulestack.simulation.exhaustion import exhaustion_stops, stripped_stop
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from joulestack.simulation.setup import Drive, Surroundings
from joulestack.solver.stepper import Stepper, Stop

log = logging.getLogger("joulestack")

TOLERANCES = {"voltage": 1e-5, "temperature": 1e-4, "current": 1e-6, "capacity": 1e-6}
"""How near a step ends to its limit [V], [K]; the last two relative to the limit."""


class Procedure:
    """Runs a protocol on a model.

    Attributes:
        step: that is going on.
        outcomes: of the steps so far.
        stopped_by: what ended the run before its protocol was over; empty if nothing did.
    """

    def __init__(
        self,
        protocol: Protocol,
        model: Model,
        observer: Observer,
        stepper: Stepper,
        pressure_kinks: Sequence[float] = (),
    ) -> None:
        """Prepare.

        Args:
            protocol: steps and stops.
            model, observer, stepper: the problem.
            pressure_kinks: times at which the stack pressure of the case kinks [s].
        """
        self.protocol, self.model = protocol, model
        self.observer, self.stepper = observer, stepper
        self._kinks = tuple(pressure_kinks)
        self.step = protocol.steps[0]
        self.outcomes: list[StepOutcome] = []
        self.stopped_by = ""

    def settle(self) -> None:
        """Steady state under the first step's load at its start."""
        step = self.protocol.steps[0]
        self._follow(step, 0.0)
        self.model.update(0.0)
        self.stepper.steady()

    def run(
        self,
        record: Callable[[float, str], None],
        outputs: Sequence[float],
        write: Callable[[float], None],
    ) -> None:
        """From the first step to the last, or to a stop.

        Args:
            record: called with time and kind ("start" or "step") after each accepted step.
            outputs: times at which `write` wants the state [s].
            write: called with the state of such a time in the model, and where a stop ends a step.

        Raises:
            CaseError: the first step's end is already passed when it begins.
            ConvergenceError: with the last good state left in the model.
        """
        t, index, first = 0.0, 0, True
        while index < len(self.protocol.steps) and not self.stopped_by:
            step = self.protocol.steps[index]
            end = self._latest(step, t)
            if end <= t:
                break
            ended, t = self._step(step, t, end, record, outputs, write, first)
            index = self.protocol.following(index, ended)
            first = False
        if not self.stopped_by and index < len(self.protocol.steps):
            log.info("time.end = %.6g s is reached before the protocol is over", t)

    def _latest(self, step: Step, start: float) -> float:
        duration = math.inf if step.duration is None else step.duration
        end = start + duration
        return end if self.protocol.end is None else min(end, self.protocol.end)

    def _step(
        self,
        step: Step,
        start: float,
        end: float,
        record: Callable[[float, str], None],
        outputs: Sequence[float],
        write: Callable[[float], None],
        first: bool,
    ) -> tuple[bool, float]:
        """One step; tells whether one of its ends was met, and when it was over."""
        self.step = step
        self._follow(step, start)
        self.stepper.begin(start, just_after=not first)
        if first:
            record(start, "start")
            write(start)
        elif step.part == 0:
            record(start, "jump")
        before = dict(self.observer.integrals)
        ends = {self._stop(e, before): e for e in step.ends}
        stops = [self._stop(e, before) for e in self.protocol.stops]
        limits = {*ends, *stops}
        exhausted = exhaustion_stops(self.model, self.observer)
        stops += exhausted
        stripped = stripped_stop(self.model)
        if stripped is not None:
            # Of bare metal the voltage drops at once, through any lower limit that the step has.
            falls = next((e for e in step.ends if self._falls(e)), None)
            if falls is None:
                stops.append(stripped)
            else:
                ends[stripped] = falls
        passed = [stop for stop in (*ends, *stops) if stop.distance() <= 0]
        if first and passed:
            self._refuse(step, passed[0], limits)
        # What this load asks for at once, the cell cannot give: an end of its own comes before.
        met = tuple(s for s in passed if s in ends) or tuple(s for s in passed if s in exhausted)
        if not met:
            knots = [start + t for t in step.value.times if t > 0]
            met = self.stepper.advance(
                start, end, [*knots, *self._kinks], lambda t: record(t, "step"),
                [*ends, *stops], [t for t in outputs if t > start], write,
            )  # fmt: skip
        here = self.model.time if met else end
        self.model.time = here
        if met and here > start:
            write(here)  # its last state is often the hottest, and the next one has another load
        reached = [s for s in met if s in ends]
        if stripped is not None and stripped in met:
            log.warning("%s at t = %.6g s", stripped.name, here)
        if met and not reached:
            self.stopped_by = ", ".join(s.name for s in met)
        text = ", ".join(s.name for s in met) or "duration"
        if not met and step.must_end:
            hours = (here - start) / 3600
            log.warning('"%s" did not reach its end within %.4g h', step.text, hours)
        self._conclude(step, start, here, text, before)
        return bool(reached), here

    def _conclude(
        self, step: Step, start: float, end: float, text: str, before: dict[str, float]
    ) -> None:
        outcome = StepOutcome(
            step.number,
            step.cycle,
            step.text,
            start,
            end,
            text,
            charge=self._since(before, "charge") / MILLIAMPERE_HOUR,
            energy=self._since(before, "electric") / WATT_HOUR,
            voltage=self.observer.row.get("Voltage [V]", math.nan),
        )
        # The stretches of a step that follows a table are one step.
        if self.outcomes and self.outcomes[-1].step == step.number:
            outcome = self.outcomes.pop().then(outcome)
        self.outcomes.append(outcome)
        if len(self.protocol.steps) > 1 or step.ends:
            log.info("%s: %.6g s to %.6g s, ended by %s", step.text, start, end, text)

    def _since(self, before: dict[str, float], key: str) -> float:
        return self.observer.integrals.get(key, 0.0) - before.get(key, 0.0)

    def _refuse(self, step: Step, passed: Stop, limits: Collection[Stop]) -> None:
        voltage = f"{self.observer.row.get('Voltage [V]', math.nan):.4f} V"
        what = f"{passed.name}; at the start it is {voltage}"
        remedy = "ask for less current, or a voltage that the cell can have"
        if passed in limits:
            what = f"{passed.name} is already passed at the start, where the voltage is {voltage}"
            remedy = "start from another state of charge, or move the cut-off"
        raise CaseError(Problem("load", f'"{step.text}": {what}', remedy))

    def _follow(self, step: Step, start: float) -> None:
        """Load and surroundings of a step; a fixture is tightened once, where the step begins."""
        around = Surroundings(
            step.stack_pressure, step.ambient, dict(step.cooling or {}), dict(step.heat_flux or {})
        )
        self.model.follow(self._drive(step, start), around)
        if step.part == 0 and step.stack_pressure is not None:
            self.model.tighten(step.stack_pressure)

    def _drive(self, step: Step, start: float) -> Drive | None:
        drive = self.model.setup.drive
        if drive is None:
            return None

        def value(t: float) -> float:
            return step.value.value(t - start)

        if step.mode == "voltage":
            return replace(drive, voltage=value)
        if step.mode == "power":
            return replace(drive, power=value)
        return replace(drive, current=value)

    def _falls(self, end: End) -> bool:
        """A voltage below the present one."""
        return end.quantity == "voltage" and end.value <= self.observer.voltage()

    def _stop(self, end: End, before: dict[str, float]) -> Stop:
        """Watch an end; without a direction of its own it is reached from where the step starts."""
        observer = self.observer
        value = {
            "voltage": observer.voltage,
            "temperature": observer.hottest,
            "current": lambda: abs(observer.current()),
            "capacity": lambda: abs(observer.charge() - before.get("charge", 0.0)),
        }[end.quantity]
        rising = end.rising
        if rising is None:
            rising = value() < end.value
        sign = 1.0 if rising else -1.0
        tolerance = TOLERANCES[end.quantity]
        if end.quantity in ("current", "capacity"):
            tolerance *= abs(end.value)
        return Stop(
            end.text,
            lambda: sign * (end.value - value()),
            tolerance,
            flows=end.quantity in ("current", "capacity"),
        )
