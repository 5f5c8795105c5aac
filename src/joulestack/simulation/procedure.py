"""Follow a protocol: load and surroundings of one step after another, until its ends are met."""

from __future__ import annotations

import logging
import math
import typing
from collections.abc import Callable, Sequence
from dataclasses import replace

from joulestack.case.protocol import Protocol, Step
from joulestack.constants import MILLIAMPERE_HOUR, WATT_HOUR
from joulestack.errors import CaseError, Problem
from joulestack.outputs.steps import StepOutcome
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer
from joulestack.simulation.setup import Drive, Surroundings
from joulestack.simulation.watch import Watch
from joulestack.solver.stepper import Stepper, Stop

log = logging.getLogger("joulestack")

SHORT = 0.1
"""Part of the equilibrium voltage below which a discharge is all but a short circuit: nine tenths
of its energy heat the cell."""


class Procedure:
    """Runs a protocol on a model.

    Attributes:
        step: that is going on.
        index: of it in the protocol.
        watch: its ends, and the limits of the run.
        beside: what goes through the protocol beside the run; None: nothing.
        kinks: times at which its load kinks [s].
        outcomes: of the steps so far.
        stopped_by: what ended the run before its protocol was over; empty if nothing did.
    """

    REMEMBERS = ("kinks", "outcomes", "_passed_over", "_short", "_at", "_last", "watch")

    def __init__(
        self,
        protocol: Protocol,
        model: Model,
        observer: Observer,
        stepper: Stepper,
    ) -> None:
        """Prepare.

        Args:
            protocol: steps and stops.
            model, observer, stepper: the problem.
        """
        self.protocol, self.model = protocol, model
        self.observer, self.stepper = observer, stepper
        self.step, self.index = protocol.steps[0], 0
        self.kinks: frozenset[float] = frozenset()
        self.outcomes: list[StepOutcome] = []
        self.stopped_by = ""
        self.watch = Watch(protocol.stops, protocol.ceilings, model, observer, stepper)
        self.beside: Beside | None = None
        self._passed_over: set[tuple[tuple[int, ...], str]] = set()
        self._short = 0
        self._at = 0, 0.0
        """Index of the step that goes on or comes next, and when it begins [s]."""
        self._last: tuple[int, float] | None = None
        """Likewise of the one before."""

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
        landings: Sequence[float] = (),
    ) -> None:
        """From the first step to the last, or to a stop.

        Args:
            record: called with time and kind ("start" or "step") after each accepted step.
            outputs: times at which `write` wants the state [s].
            write: called with the state of such a time in the model, and where a stop ends a step.
            landings: times that steps end at, so that they have records [s].

        Raises:
            CaseError: what the first step begins with, no cell or no limit of the run allows.
            ConvergenceError: with the last good state left in the model.
        """
        self.index, t = self._at
        while self.index < len(self.protocol.steps) and not self.stopped_by:
            step = self.protocol.steps[self.index]
            end = latest(self.protocol, step, t)
            if end <= t:
                break
            if self._last is not None and self.stepper.going is None:
                self.stepper.pause()
            ended, after = self._step(step, t, end, record, outputs, write, landings)
            self._last = self.index, t
            self.index, t = self.protocol.following(self.index, ended), after
            self._at = self.index, t
        if not self.stopped_by and self.index < len(self.protocol.steps):
            self.stopped_by = "time.end"

    def _step(
        self,
        step: Step,
        start: float,
        end: float,
        record: Callable[[float, str], None],
        outputs: Sequence[float],
        write: Callable[[float], None],
        landings: Sequence[float],
    ) -> tuple[bool, float]:
        """One step; tells whether one of its ends was met, and when it was over."""
        self.step = step

        def told(t: float, kind: str = "step") -> None:
            record(t, kind)
            self._warn_of_short_circuit(step)

        met, here = tuple[Stop, ...](), start
        if self.stepper.going is None:
            met = self._begin(step, start, told, write)
        if not met:
            self.kinks = frozenset(start + t for t in step.value.times if t > 0)
            met = self.stepper.advance(
                start,
                end,
                [*self.kinks],
                told,
                self.watch.stops,
                [t for t in outputs if t > start],
                write,
                on_jump=lambda t: told(t, "jump"),
                marks=landings,
            )
            here = self.model.time if met else end
        self.model.clock.time = here
        if met and here > start:
            write(here)  # its last state is often the hottest, and the next one has another load
        return self._over(step, start, here, met), here

    def _begin(
        self,
        step: Step,
        start: float,
        told: Callable[[float, str], None],
        write: Callable[[float], None],
    ) -> tuple[Stop, ...]:
        """Put the load of a step on; gives the limits that this has passed."""
        watch = self.watch
        watch.look()
        self._follow(step, start)
        self.stepper.begin(start, just_after=bool(self.outcomes))
        if self.outcomes:
            told(start, "jump")
        else:
            told(start, "start")
            write(start)
        if step.part == 0:
            watch.begin(step, start)
        if self.beside is not None:
            self.beside.watched(self, start, latest(self.protocol, step, start))
        met = watch.passed()
        if met and start <= 0:
            self._refuse(step, met)
        return met

    def load_again(self, going: bool) -> float:
        """Put the load back that was on when a run was cut off; processes recall theirs after it.

        Args:
            going: inside a step; else one is over and the next one has not begun.

        Returns:
            When its step began [s].
        """
        index, start = self._at if going or self._last is None else self._last
        self.step = self.protocol.steps[index]
        self._follow(self.step, start)
        return start

    def watch_again(self) -> None:
        """Watch what ends the step whose load was put back."""
        self.watch.again(self.step)

    def _over(self, step: Step, start: float, here: float, met: Sequence[Stop]) -> bool:
        """Say and note what ended a stretch; tells whether it was an end of its step."""
        reached = any(s in self.watch.ends for s in met)
        text, place = ", ".join(s.name for s in met), (step.entry, step.text)
        if self.watch.stripped in met:
            log.warning("%s at t = %.6g s", text, here)
        if reached and here <= self.watch.start and place not in self._passed_over:
            self._passed_over.add(place)
            log.warning('"%s" is passed over: %s is reached when it begins', step.text, text)
        if met and not reached:
            self.stopped_by = text
        if not met:
            text = "duration"
            if step.duration is not None and here < start + step.duration * (1 - 1e-9):
                text = self.stopped_by = "time.end"
            elif step.must_end:
                hours = (here - start) / 3600
                log.warning('"%s" did not reach its end within %.4g h', step.text, hours)
        self._conclude(step, here, text)
        return reached

    def _conclude(self, step: Step, end: float, text: str) -> None:
        before = self.watch.integrals
        outcome = StepOutcome(
            step.number,
            step.cycle,
            step.text,
            self.watch.start,
            end,
            text,
            charge=self._since(before, "charge") / MILLIAMPERE_HOUR,
            energy=self._since(before, "electric") / WATT_HOUR,
            voltage=self.observer.row.get("Voltage [V]", math.nan),
            late=0.0 if self.stepper.errors is None else self.stepper.errors.seconds_late,
            tags=step.tags,
        )
        # The stretches of a step that follows a table are one step.
        if self.outcomes and self.outcomes[-1].step == step.number:
            self.outcomes.pop()
        self.outcomes.append(outcome)
        if self.beside is not None:
            self.beside.over(self)
        if len(self.protocol.steps) > 1 or step.ends:
            log.info("%s: %.6g s to %.6g s, ended by %s", step.text, outcome.start, end, text)

    def _since(self, before: dict[str, float], key: str) -> float:
        return self.observer.integrals.get(key, 0.0) - before.get(key, 0.0)

    def _refuse(self, step: Step, met: Sequence[Stop]) -> None:
        """Refuse a run that is over before it begins; a step that is passed over ends none."""
        index = self.protocol.steps.index(step)
        own = any(s in self.watch.ends for s in met)
        if own and self.protocol.following(index, True) < len(self.protocol.steps):
            return
        voltage = f"{self.observer.row.get('Voltage [V]', math.nan):.4f} V"
        what = f"{met[0].name}; at the start it is {voltage}"
        remedy = "ask for less, or for a voltage that the cell can have"
        if own or met[0] in self.watch.limits:
            what = f"{met[0].name} is already passed at the start, where the voltage is {voltage}"
            remedy = "start from another state of charge, or move the cut-off"
            if met[0] in self.watch.ceilings:
                what = f"{met[0].name}, is passed at the start already"
                remedy = "start below it, or leave it out of time.stop.ceilings"
        raise CaseError(Problem("load", f'"{step.text}": {what}', remedy))

    def _warn_of_short_circuit(self, step: Step) -> None:
        """Say so where a discharge leaves next to nothing of the voltage at the terminals."""
        row = self.observer.row
        voltage, full = row.get("Voltage [V]", 0.0), row.get("Equilibrium voltage [V]", 0.0)
        if row.get("Current [A]", 0.0) <= 0 or voltage >= SHORT * full:
            return
        if self._short != step.number:
            log.warning(
                '"%s": all but a short circuit at t = %.6g s: %.4g V at the terminals of a cell '
                "of %.4g V",
                step.text, row["Time [s]"], voltage, full,
            )  # fmt: skip
        self._short = step.number

    def _follow(self, step: Step, start: float) -> None:
        impose(self.model, step, start)
        if self.beside is not None:
            self.beside.follow(self, start)


def latest(protocol: Protocol, step: Step, start: float) -> float:
    """When a step that begins at a time is over at the latest [s]."""
    duration = math.inf if step.duration is None else step.duration
    end = start + duration
    return end if protocol.end is None else min(end, protocol.end)


class Beside(typing.Protocol):
    """What goes through a protocol beside its run (`simulation/sensitivity/`)."""

    def follow(self, procedure: Procedure, start: float) -> None:
        """A step begins at a time [s], under its load; `procedure.index` says which."""

    def watched(self, procedure: Procedure, start: float, end: float) -> None:
        """Its ends are watched from now on, to an end at the latest [s]."""

    def over(self, procedure: Procedure) -> None:
        """The step, or its stretch, is the last of `procedure.outcomes`."""


def impose(model: Model, step: Step, start: float) -> None:
    """Load and surroundings of a step; a fixture is tightened once, where the step begins.

    Args:
        model: that they act on.
        step: of a protocol.
        start: of it [s].
    """
    around = Surroundings(
        step.stack_pressure, step.ambient, dict(step.cooling or {}), dict(step.heat_flux or {})
    )
    model.follow(_drive(model, step, start), around)
    if step.part == 0 and step.stack_pressure is not None:
        model.pressure.tighten(step.stack_pressure)


def _drive(model: Model, step: Step, start: float) -> Drive | None:
    drive = model.setup.drive
    if drive is None:
        return None

    def value(t: float) -> float:
        return step.value.value(t - start)

    if step.mode == "voltage":
        return replace(drive, voltage=value)
    if step.mode == "power":
        return replace(drive, power=value)
    if step.mode == "resistance":
        return replace(drive, resistance=value)
    return replace(drive, current=value)
