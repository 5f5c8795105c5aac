"""Every form of [load] as one protocol: sentences, one drive, steps, a table; heat alone too."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from joulestack.case.load.drives import load_table
from joulestack.case.load.load import Drive, Load, LoadStep, ProtocolGroup, ProtocolStep
from joulestack.case.protocol.grammar import Sentence, SentenceError
from joulestack.case.protocol.semantics import CellFacts, check, steps_of
from joulestack.case.protocol.steps import End, Mode, Protocol, Step, Watched
from joulestack.case.protocol.table_steps import stretches
from joulestack.case.protocol.written import read_written, repeats
from joulestack.case.settings.numerics import Stop, TimeControl
from joulestack.in_time import Profile
from joulestack.units import format_quantity

MOST_STEPS = 100_000
"""More steps than this are a mistake in `repeat`."""

_DRIVES = {"current": "current", "current_density": "current density",
           "specific_current": "specific current", "c_rate": "C-rate"}  # fmt: skip
"""Keys of a drive -> the same kinds in sentences."""

T = TypeVar("T")
Located = tuple[tuple[int, ...], T]
"""Something with the indices that lead to it in `load.protocol` or `load.steps`."""


@dataclass(frozen=True)
class Entry:
    """A text of the case file, with what surrounds it.

    Attributes:
        sentences: as read, one after another.
        around: the table it stands in, None for a bare text.
    """

    sentences: tuple[Sentence, ...]
    around: ProtocolStep | None


def sentences(load: Load) -> Iterator[Located[str | ProtocolStep]]:
    """Every sentence as written, repeats not gone through."""

    def walk(entries: Sequence[object], path: tuple[int, ...]) -> Iterator[Located]:
        for i, entry in enumerate(entries):
            if isinstance(entry, ProtocolGroup):
                yield from walk(entry.steps, (*path, i))
            else:
                yield (*path, i), entry

    return walk(load.protocol or (), ())


def key_path(entry: tuple[int, ...]) -> tuple[str | int, ...]:
    """Where an entry stands in the case file."""
    path: tuple[str | int, ...] = ("load", "protocol", entry[0])
    for i in entry[1:]:
        path = (*path, "steps", i)
    return path


def read_entry(entry: str | ProtocolStep) -> Entry:
    """Read sentences and refuse what no cell can do.

    Raises:
        SentenceError: with the first thing that is wrong.
    """
    around = None if isinstance(entry, str) else entry
    found = read_written(_text(entry)).sentences
    for sentence in found:
        check(sentence)
        if around is not None:
            _join(sentence, around)
    return Entry(found, around)


def _join(sentence: Sentence, around: ProtocolStep) -> None:
    """What stands beside a sentence goes with it.

    Raises:
        SentenceError: it does not.
    """
    if around.ambient is not None and sentence.ambient is not None:
        raise SentenceError(
            f'"{sentence.text}": the temperature around the cell stands here and as ambient',
            "keep one of them",
        )
    if around.columns or around.units or around.sign:
        if sentence.verb != "run":
            what = f'"{sentence.text}": columns, units and sign have no effect without a file'
            raise SentenceError(what, "remove them")
        sentence.table = around


def _text(entry: str | ProtocolStep) -> str:
    return entry if isinstance(entry, str) else entry.step


def readable(load: Load) -> dict[tuple[int, ...], tuple[Sentence, ...]]:
    """The sentences that are understood, by entry; the others are told by `read_entry`."""
    found = {}
    for path, written in sentences(load):
        with contextlib.suppress(SentenceError):
            found[path] = read_entry(written).sentences
    return found


def count(load: Load) -> int:
    """Number of steps with repeats gone through, without writing them down."""

    def inside(entries: Sequence[object]) -> int:
        return sum(
            e.repeat * inside(e.steps) if isinstance(e, ProtocolGroup) else _passes(e)
            for e in entries
        )

    return load.repeat * inside(load.protocol or load.steps or ())


def _passes(entry: object) -> int:
    return repeats(_text(entry)) if isinstance(entry, (str, ProtocolStep)) else 1


def order(load: Load) -> Iterator[Located[int]]:
    """(entry, cycle) of every text of a protocol in the order they happen."""
    cycle, fresh = 0, True

    def walk(entries: Sequence[object], path: tuple[int, ...]) -> Iterator[Located[int]]:
        nonlocal cycle, fresh
        for i, entry in enumerate(entries):
            if isinstance(entry, ProtocolGroup):
                for _ in range(entry.repeat):
                    fresh = True
                    yield from walk(entry.steps, (*path, i))
                fresh = True
                continue
            passes = _passes(entry)
            for _ in range(passes):
                fresh = fresh or passes > 1
                cycle, fresh = cycle + fresh, False
                yield (*path, i), cycle
            fresh = passes > 1

    for _ in range(load.repeat):
        fresh = True
        yield from walk(load.protocol or (), ())


def protocol_of(load: Load | None, time: TimeControl, facts: CellFacts) -> Protocol:
    """The protocol of a case.

    Args:
        load: as written; None for heat alone, which is a rest as long as the run.
        time: for the end of the run and its stops.
        facts: of the cell.

    Raises:
        ValueError: "what; remedy": area or capacity are needed and not known, a file does not fit.
    """
    ceilings = () if time.stop is None else time.stop.ceilings or ()
    return Protocol(tuple(_steps(load, facts)), stops_of(time.stop), time.end, ceilings)


def stops_of(stop: Stop | None) -> tuple[End, ...]:
    """Conditions that end the whole run."""
    if stop is None:
        return ()
    found: tuple[tuple[str, Watched, bool, str], ...] = (
        ("temperature_above", "temperature", True, "K"),
        ("voltage_below", "voltage", False, "V"),
        ("voltage_above", "voltage", True, "V"),
    )
    ends = []
    for key, quantity, rising, unit in found:
        value = getattr(stop, key)
        if value is not None:
            ends.append(End(quantity, value, rising, f"time.stop.{key} = {_shown(value, unit)}"))
    return tuple(ends)


def _steps(load: Load | None, facts: CellFacts) -> Iterator[Step]:
    if load is None:
        yield Step("heat alone", "rest", Profile((0.0,), (0.0,)), None)
    elif load.protocol is not None:
        yield from _written(load, facts)
    elif load.table is not None:
        name = f"Run {load.table.csv or 'load.table'} (A)"
        yield from stretches(name, "current", *load_table(load.table, facts.folder))
    elif load.steps is not None:
        size = len(load.steps)
        for i, step in enumerate(load.all_steps):
            made = _drive(step, step.duration, facts)
            yield replace(made, number=i + 1, cycle=i // size + 1, entry=(i % size,))
    else:
        yield _drive(load, None, facts)


def _written(load: Load, facts: CellFacts) -> Iterator[Step]:
    made: dict[tuple[int, ...], list[list[Step]]] = {}
    for path, written in sentences(load):
        entry = read_entry(written)
        made[path] = [
            [_surrounded(step, entry.around, path) for step in steps_of(sentence, facts)]
            for sentence in entry.sentences
        ]
    number = 0
    for path, cycle in order(load):
        for stretches_of_one in made[path]:
            number += 1
            for step in stretches_of_one:
                yield replace(step, number=number, cycle=cycle)


def _surrounded(step: Step, around: ProtocolStep | None, path: tuple[int, ...]) -> Step:
    if around is None:
        return replace(step, entry=path)
    return replace(
        step,
        stack_pressure=around.stack_pressure,
        ambient=step.ambient if around.ambient is None else around.ambient,
        cooling=around.cooling,
        heat_flux=around.heat_flux,
        tags=tuple(dict.fromkeys((*step.tags, *around.tags))),
        entry=path,
    )


def _drive(drive: Drive, duration: float | None, facts: CellFacts) -> Step:
    """A step of the older forms, with the sentence it could have been written as."""
    mode: Mode = "current"
    if drive.voltage is not None:
        mode, value = "voltage", drive.voltage
        text = f"Hold at {_shown(value, 'V')}"
    elif isinstance(drive, LoadStep) and drive.rest:
        mode, value, text = "rest", 0.0, "Rest"
    else:
        key = next(k for k in _DRIVES if getattr(drive, k) is not None)
        value = facts.total(_DRIVES[key], getattr(drive, key))
        verb = "Charge" if value < 0 else "Discharge"
        text = f"{verb} at {_shown(abs(value), 'A')}" if value else "Rest"
    if duration is not None:
        text += f" for {_shown(duration, 's')}"
    return Step(text, mode, Profile((0.0,), (value,)), duration)


def _shown(value: float, unit: str) -> str:
    if unit == "K":
        return f"{value - 273.15:.6g} degC"
    return format_quantity(value, unit, 6)
