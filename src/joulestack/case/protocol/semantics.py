"""What a sentence means for one cell: SI, directions of ends; the impossible is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from joulestack.case.protocol.amounts import CAPACITIES, CURRENTS, KINDS, Amount
from joulestack.case.protocol.grammar import Sentence, SentenceError
from joulestack.case.protocol.steps import End, Mode, Step, Watched
from joulestack.case.protocol.table_steps import run_stretches
from joulestack.case.quantities import LONGEST_TIME
from joulestack.errors import parts
from joulestack.in_time import Profile
from joulestack.plausible import implausible
from joulestack.units import format_quantity

GUARD = 48 * 3600.0
"""Longest duration of a step that says none [s], longer at small currents; reaching it is told."""

TEMPERATURES = (150.0, 3000.0)
"""Temperatures that can be meant [K]: the range of every temperature of a case."""

_AREAL = {
    "current density": "current density",
    "power density": "power density",
    "areal capacity": "capacity per area",
    "areal resistance": "resistance of an area",
}
"""Kinds that count per electrode area -> how they are called."""


_SPECIFIC = ("specific current", "specific capacity")
"""Kinds that count per mass of active material, of the positive electrode where both have one."""


@dataclass(frozen=True)
class CellFacts:
    """What sentences need to know of a cell.

    Attributes:
        area: electrode area [m2], None if unknown.
        held: asks for the capacity [C], None if unknown; asked only where something needs it.
        theoretical: asks for the capacity that the composite electrodes hold [C].
        folder: of the case file.
        falling: asks whether a discharge lowers the state of charge: 1 if it does, -1 where the
            electrode that holds least is charged by it (graphite against lithium), None where no
            particles tell a state of charge.
        active_mass: asks for the mass that specific currents count per [kg]; None if no composite
            electrode tells it.
        counter: asks for the potential of the negative electrode against Li/Li+ [V]; None where it
            has none that stays.
    """

    area: float | None
    held: Callable[[], float | None]
    theoretical: Callable[[], float | None]
    folder: Path
    falling: Callable[[], float | None] = lambda: 1.0
    active_mass: Callable[[], float | None] = lambda: None
    counter: Callable[[], float | None] = lambda: None

    @cached_property
    def capacity(self) -> float | None:
        """For C-rates [C]: the nominal one, else the theoretical one."""
        return self.held()

    def total(self, kind: str, value: float) -> float:
        """A current [A], power [W], resistance [Ohm] or charge [C] of the whole cell.

        Raises:
            ValueError: "what; remedy" if area or capacity are needed and not known.
        """
        if kind == "C-rate":
            if self.capacity is None:
                raise ValueError(
                    "a C-rate needs the capacity, which these materials do not tell; "
                    'give cell.capacity = "5 mA h", or a current'
                )
            return value * self.capacity / 3600.0
        if kind in _SPECIFIC:
            mass = self.active_mass()
            if mass is None:
                raise ValueError(
                    f"a {kind} needs the mass of active material, and no composite electrode tells "
                    "it; give a value of the whole cell"
                )
            return value * mass
        if kind in _AREAL:
            if self.area is None:
                raise ValueError(
                    f"a {_AREAL[kind]} needs the face area; give cell.area or a value of the whole "
                    "cell"
                )
            return value / self.area if kind == "areal resistance" else value * self.area
        return value

    def of_cell(self, amount: Amount) -> float:
        """A quantity of the whole cell in SI: `total`, and voltages from terminal to terminal.

        Raises:
            ValueError: "what; remedy" if something is needed and not known.
        """
        if not amount.against_lithium:
            return self.total(amount.kind, amount.value)
        counter = self.counter()
        if counter is None:
            raise ValueError(
                f"{amount.text} counts from Li/Li+, and the negative electrode has no potential "
                "that stays; give the voltage of the cell"
            )
        return amount.value - counter


def check(sentence: Sentence) -> None:
    """Refuse what no cell can do.

    Raises:
        SentenceError: the first thing that is impossible.
    """
    _check_amounts(sentence)
    _check_lasting(sentence)
    said = f'"{sentence.text}"'
    seen: dict[tuple[str, bool | None], str] = {}
    for end in sentence.ends:
        _check_end(sentence, end)
        watched = (_watched(end), _rising(sentence.verb, end))
        if watched in seen:
            raise SentenceError(
                f"{said} ends at {seen[watched]} and at {end.text}",
                'keep one end of each kind, or say their sides: "until >4.1 V or until <2.5 V"',
            )
        seen[watched] = end.text


def _check_amounts(sentence: Sentence) -> None:
    """Rates, limits and temperatures are ones that a cell can have."""
    verb, amount, said = sentence.verb, sentence.amount, f'"{sentence.text}"'
    for each in (amount, *sentence.ends):
        if each is None or each.kind == "temperature":
            continue
        what, remedy = parts(implausible(each.value, each.text, KINDS[each.kind]))
        if what:
            raise SentenceError(f"{said}: {what}", remedy or "give a value in this range")
    if amount is not None and (verb in ("charge", "discharge") or sentence.mode == "resistance"):
        _check_direction(sentence, amount)
    low, high = TEMPERATURES
    around = sentence.ambient
    if around is not None and not low <= around.value <= high:
        raise SentenceError(
            f"{said}: {around.text} is {around.value:g} K, which is out of range",
            f"between {low:g} K and {high:g} K",
        )


def _check_direction(sentence: Sentence, amount: Amount) -> None:
    """The verb gives the direction, not a sign."""
    if amount.value > 0:
        return
    said = f'"{sentence.text}"'
    if amount.value == 0 and sentence.mode == "resistance":
        raise SentenceError(f"{said}: {amount.text} is a short circuit", '"Hold at 0 V"')
    if amount.value == 0:
        raise SentenceError(f"{said}: {amount.text} moves nothing", '"Rest for 10 minutes"')
    other = "Discharge" if sentence.verb == "charge" else "Charge"
    raise SentenceError(
        f"{said}: {amount.text} is negative, but the verb gives the direction",
        f'"{other} at {amount.text.strip().lstrip("-")}"',
    )


def _check_lasting(sentence: Sentence) -> None:
    """A duration is one, and something ends the step."""
    verb, said, lasts = sentence.verb, f'"{sentence.text}"', sentence.duration
    if lasts is not None and lasts.value <= 0:
        raise SentenceError(f"{said}: {lasts.text} is no duration", "above 0 s")
    if lasts is not None and lasts.value > LONGEST_TIME:
        raise SentenceError(f"{said}: {lasts.text} is longer than a hundred years", "give less")
    if lasts is None and not sentence.ends and verb != "run":
        ends = {"hold": "until C/20", "rest": "for 10 minutes"}.get(verb, "until 2.5 V")
        raise SentenceError(f"{said} has no end", f'add "for <time>" or "until ...": "{ends}"')


def _check_end(sentence: Sentence, end: Amount) -> None:
    said, watched = f'"{sentence.text}"', _watched(end)
    held = sentence.mode
    if watched == "voltage" and held == "voltage":
        raise SentenceError(
            f"{said}: the voltage is held, so {end.text} cannot end it",
            'end it by a current or a time: "until C/20", "for 1 h"',
        )
    if watched == "current" and held in ("current", "rest"):
        mistaken = ""
        if end.kind == "C-rate" and end.value >= 15:
            mistaken = f' ("C" is the C-rate; a temperature is "{end.value:g} degC")'
        prescribed = "there is no current" if held == "rest" else "the current is prescribed"
        raise SentenceError(
            f"{said}: {prescribed}, so {end.text} cannot end it{mistaken}",
            'end it by voltage, temperature, capacity or time: "until 2.5 V", "until 2 mAh"',
        )
    if watched == "state of charge":
        if not 0 <= end.value <= 1:
            raise SentenceError(f"{said}: {end.text} is out of range", '0 to 100 %: "20 % SOC"')
        if held == "rest":
            raise SentenceError(f"{said}: a rest moves no charge", 'end it by a time: "for 1 h"')
    if watched == "capacity" and held == "rest":
        raise SentenceError(f"{said}: a rest moves no charge", 'end it by a time: "for 1 h"')
    if watched in ("current", "capacity") and end.value <= 0:
        raise SentenceError(
            f"{said}: {end.text} is never reached: limits of current and capacity are magnitudes",
            "give a value above 0",
        )
    low, high = TEMPERATURES
    if watched == "temperature" and not low <= end.value <= high:
        raise SentenceError(
            f"{said}: {end.text} is {end.value:g} K, which is out of range",
            f"between {low:g} K and {high:g} K",
        )


def steps_of(sentence: Sentence, facts: CellFacts) -> list[Step]:
    """The step of a sentence in SI; several stretches if its table jumps.

    Raises:
        SentenceError: area, capacity or file that it needs are not there, or do not fit it.
    """
    try:
        return _steps_of(sentence, facts)
    except SentenceError:
        raise
    except ValueError as error:
        what, remedy = parts(error)
        raise SentenceError(f'"{sentence.text}": {what}', remedy) from None


def _steps_of(sentence: Sentence, facts: CellFacts) -> list[Step]:
    mode = sentence.mode
    duration = sentence.duration.value if sentence.duration else None
    ends = tuple(_end(sentence, end, facts) for end in sentence.ends)
    if sentence.verb == "run":
        made = run_stretches(sentence, mode, duration, ends, facts.folder, facts.total)
    else:
        value = 0.0
        if sentence.amount is not None:
            sign = -1.0 if sentence.verb == "charge" else 1.0
            value = sign * facts.of_cell(sentence.amount)
        lasts = _guard(mode, abs(value), facts) if duration is None else duration
        profile = Profile((0.0,), (value,))
        made = [Step(sentence.text, mode, profile, lasts, ends, must_end=duration is None)]
    ambient = None if sentence.ambient is None else sentence.ambient.value
    notes = tuple(_notes(sentence))
    return [replace(step, ambient=ambient, tags=sentence.tags, notes=notes) for step in made]


def _guard(mode: Mode, value: float, facts: CellFacts) -> float:
    """Longest duration of a step that says none [s]: twice what the whole capacity takes."""
    if mode != "current" or not value:
        return GUARD
    held = facts.capacity
    return GUARD if held is None else max(GUARD, 2.0 * held / value)


def _notes(sentence: Sentence) -> Iterator[str]:
    """What is said and left aside."""
    if sentence.period:
        yield (
            f'"{sentence.text}": the period of {sentence.period} is left aside; outputs.every says '
            "when states are written, and the time series has every step of the solver"
        )


def _end(sentence: Sentence, end: Amount, facts: CellFacts) -> End:
    watched = _watched(end)
    value = facts.of_cell(end)
    if watched == "capacity":
        most = facts.theoretical()
        if most is not None and value > most * (1 + 1e-9):
            raise SentenceError(
                f'"{sentence.text}": {end.text} is more than the cell holds, '
                f"{format_quantity(most, 'C')}",
                "give less; limits of capacity count from the start of the step",
            )
    rising = _rising(sentence.verb, end)
    if watched == "state of charge":
        falling = facts.falling()
        if falling is None:
            raise SentenceError(
                f'"{sentence.text}": {end.text} is not known: no electrode has particles that tell '
                "a state of charge",
                'end it by voltage or capacity: "until 2.5 V", "until 2 mAh"',
            )
        if not end.side and rising is not None and falling < 0:
            rising = not rising
    return End(watched, value, rising, end.text)


def _rising(verb: str, end: Amount) -> bool | None:
    """Direction in which a limit is reached, where itself or the verb tells it."""
    watched = _watched(end)
    if end.side:
        return end.side == ">"
    if watched == "capacity":
        return True
    if watched == "temperature":
        return None if verb == "rest" else True
    if watched == "current":
        return False if verb == "hold" else None
    return {"charge": True, "discharge": False}.get(verb)


def _watched(end: Amount) -> Watched:
    if end.kind in CURRENTS:
        return "current"
    if end.kind in CAPACITIES:
        return "capacity"
    found: dict[str, Watched] = {"voltage": "voltage", "state of charge": "state of charge"}
    return found.get(end.kind, "temperature")
