"""A load as a protocol: steps one after another, each with the conditions that end it. All SI.

Every form of [load] becomes this; nothing below asks how the load was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from joulestack.in_time import Profile

Mode = Literal["current", "voltage", "power", "resistance", "rest"]
Watched = Literal["voltage", "current", "temperature", "capacity", "state of charge"]


@dataclass(frozen=True)
class End:
    """A condition that ends a step, or the whole run.

    Attributes:
        quantity: what is watched: terminal voltage, magnitude of the cell's current, hottest
            point, magnitude of the charge passed since the step (its part 0) began, state of charge
            of the electrode that holds least.
        value: that ends it [V], [A], [K], [C], [-].
        rising: True if it is reached from below, False from above, None if the value at the start
            of the step (of its part 0) decides: above the limit it falls.
        text: as written, for messages.
    """

    quantity: Watched
    value: float
    rising: bool | None
    text: str


@dataclass(frozen=True)
class Step:
    """One step, or one stretch without jumps of a step that follows a table.

    Attributes:
        text: the sentence, for logs and tables.
        mode: what is prescribed.
        value: current [A] or power [W] of the whole cell, discharge positive, terminal voltage [V],
            or resistance between the terminals [Ohm], over the time since the start of the step; 0
            for a rest. A negative resistance charges, with a current in proportion to the voltage.
        duration: longest duration [s]; None: as long as the run.
        ends: conditions that end it earlier.
        must_end: `duration` is only a guard, and reaching it is told: no end was met.
        stack_pressure: in this step instead of the case's [Pa].
        ambient: temperature around all thermal faces in this step [K].
        cooling: face -> coefficient in this step [W/(m2 K)].
        heat_flux: face -> flux into the cell in this step [W/m2].
        tags: names of the user's for it.
        notes: what the sentence says that is left aside, for `check` and the log.
        number: of the step in the run, from 1; the stretches of one table share it.
        part: of the stretch within its step, from 0.
        cycle: from 1; every pass of a repeated list is a cycle, and so is what follows it.
        entry: indices that lead to it in `load.protocol` or `load.steps`; empty for other forms.
    """

    text: str
    mode: Mode
    value: Profile
    duration: float | None
    ends: tuple[End, ...] = ()
    must_end: bool = False
    stack_pressure: float | None = None
    ambient: float | None = None
    cooling: Mapping[str, float] | None = None
    heat_flux: Mapping[str, float] | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    number: int = 1
    part: int = 0
    cycle: int = 1
    entry: tuple[int, ...] = ()


@dataclass(frozen=True)
class Protocol:
    """What happens to the cell, one step after another.

    Attributes:
        steps: in order, repeats gone through.
        stops: conditions that end the whole run in any step.
        end: of the run at the latest [s], from [time]; None: where the steps end.
        ceilings: events of materials that end it, of `materials.ceilings.NAMES`.
    """

    steps: tuple[Step, ...]
    stops: tuple[End, ...] = ()
    end: float | None = None
    ceilings: tuple[str, ...] = ()

    def following(self, index: int, ended: bool) -> int:
        """Index of the step after this one, len(steps) at the end of the protocol.

        Args:
            index: of the step that is over.
            ended: one of its `ends` was met; the stretches of its table that are left are skipped.
        """
        here = self.steps[index].number
        index += 1
        while ended and index < len(self.steps) and self.steps[index].number == here:
            index += 1
        return index

    @property
    def longest(self) -> float:
        """Longest duration of the run [s]; infinite where nothing bounds it."""
        total = 0.0
        for step in self.steps:
            total += float("inf") if step.duration is None else step.duration
        return total if self.end is None else min(total, self.end)

    @property
    def largest_current(self) -> float:
        """Largest magnitude of a prescribed current [A]; 0 if none is prescribed."""
        values = [abs(v) for s in self.steps if s.mode == "current" for v in s.value.values]
        return max(values, default=0.0)

    @property
    def pressures(self) -> tuple[float, ...]:
        """Stack pressures that steps set [Pa]."""
        return tuple({s.stack_pressure for s in self.steps if s.stack_pressure is not None})
