"""Checks of protocols across steps, faces, stops and the cell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from joulestack.case.check_context import CheckContext
from joulestack.case.load import thermal
from joulestack.case.load.drives import entries
from joulestack.case.load.load import Load, ProtocolStep
from joulestack.case.messages import one_of
from joulestack.case.protocol import build
from joulestack.case.protocol.cell_facts import facts_of
from joulestack.case.protocol.grammar import Sentence, SentenceError
from joulestack.case.protocol.semantics import steps_of
from joulestack.case.settings.numerics import Stop
from joulestack.case.stack.cell import PressureTable
from joulestack.errors import Problem
from joulestack.units import format_quantity

PLAUSIBLE = 2.0
"""A nominal capacity above so many times the usable one of the materials is a mistake."""

_COOLED = (thermal.ConvectionFace, thermal.CoolingPlateFace)
_SURROUNDED = (*_COOLED, thermal.RadiationFace, thermal.FixedTemperatureFace)


_NO_SURROUNDINGS = (
    "has no effect: no face has surroundings",
    "add convection, radiation, a cooling plate or a fixed temperature to a face",
)


@dataclass(frozen=True)
class _Change:
    """What a step changes on a face, and the conditions of a face that have it."""

    key: str
    what: str
    conditions: tuple[type, ...]
    none: str
    two: str


_CHANGES = (
    _Change(
        "cooling",
        "coefficient",
        _COOLED,
        "neither convection nor a cooling plate",
        "two coefficients",
    ),
    _Change("heat_flux", "flux", (thermal.HeatFluxFace,), "no heat flux", "two heat fluxes"),
)


def sentences_read(look: CheckContext, load: Load) -> Iterator[Problem]:
    """Every sentence is understood and possible in itself; no end of repeats."""
    number = build.count(load)
    if number > build.MOST_STEPS:
        yield look.problem(
            ("load", "repeat"), f"makes {number:,} steps", f"at most {build.MOST_STEPS:,}"
        )
    for path, written in build.sentences(load):
        try:
            build.read_entry(written)
        except SentenceError as error:
            yield look.problem(build.key_path(path), error.what, error.remedy)


def steps_follow(look: CheckContext) -> Iterator[Problem]:
    """A hold goes on where the step before it ended, and within the stops of the run."""
    load, stop = look.case.load, look.case.time.stop
    if load is None or build.count(load) > build.MOST_STEPS:
        return
    read = build.readable(load)
    told: set[tuple[int, ...]] = set()
    before: Sentence | None = None
    for path, _ in build.order(load):
        for sentence in read.get(path, (None,)):
            wrong = _off_hold(before, sentence)
            if wrong and path not in told:
                told.add(path)
                yield look.split(build.key_path(path), wrong)
            before = sentence
    for path, sentences in read.items():
        for sentence in sentences:
            key = _beyond_stops(sentence, stop)
            if key:
                yield look.problem(
                    build.key_path(path),
                    f'"{sentence.text}": time.stop.{key} ends the run before',
                    "move one of the two",
                )


def _beyond_stops(sentence: Sentence, stop: Stop | None) -> str:
    """The stop of the run that a sentence's voltage lies beyond; a hold must stay off it."""
    low = stop.voltage_below if stop and stop.voltage_below is not None else -math.inf
    high = stop.voltage_above if stop and stop.voltage_above is not None else math.inf
    for _, value in _voltages(sentence):
        held = sentence.mode == "voltage"
        if value < low or (held and value == low):
            return "voltage_below"
        if value > high or (held and value == high):
            return "voltage_above"
    return ""


def _off_hold(before: Sentence | None, hold: Sentence | None) -> str:
    """A charge that ends above the voltage held next, or a discharge that ends below it."""
    if before is None or hold is None or hold.mode != "voltage" or hold.amount is None:
        return ""
    for text, value in _voltages(before):
        held = hold.amount.value
        beyond = {"charge": value - held, "discharge": held - value}.get(before.verb, 0.0)
        if beyond > 1e-9:
            other = "discharge" if before.verb == "charge" else "charge"
            return (
                f'"{hold.text}" would {other}: "{before.text}" goes on to {text} first; '
                f'"{before.verb.capitalize()} ... until {hold.amount.text}", or a rest between them'
            )
    return ""


def _voltages(sentence: Sentence) -> list[tuple[str, float]]:
    """Voltages that a sentence goes to, as written and in V."""
    found = [e for e in sentence.ends if e.kind == "voltage"]
    if sentence.mode == "voltage" and sentence.amount is not None:
        found.append(sentence.amount)
    return [(a.text, a.value) for a in found]


def surroundings(look: CheckContext) -> Iterator[Problem]:
    """What a step changes around the cell is there to be changed."""
    load = look.case.load
    around = {name: entries(entry) for name, entry in look.case.thermal.faces.items()}
    surrounded = any(isinstance(c, _SURROUNDED) for found in around.values() for c in found)
    if load is not None and not surrounded:
        yield from _said_in_vain(look, load)
    for path, written in build.sentences(load) if load else ():
        loc = build.key_path(path)
        if not isinstance(written, ProtocolStep):
            continue
        pressure = look.case.cell.stack_pressure
        in_time = isinstance(pressure, PressureTable) and (pressure.time or pressure.csv)
        if written.stack_pressure is not None and in_time:
            yield look.problem(
                (*loc, "stack_pressure"),
                "excludes a cell.stack_pressure that is a table in time",
                "give cell.stack_pressure as a value or a map",
            )
        if written.ambient is not None and not surrounded:
            yield look.problem((*loc, "ambient"), *_NO_SURROUNDINGS)
        for change in _CHANGES:
            faces_given = getattr(written, change.key)
            for face in faces_given or ():
                yield from _changed(look, (*loc, change.key, face), face, around, change)
            if faces_given is not None and not faces_given:
                yield look.problem((*loc, change.key), "is empty", "remove it")


def _said_in_vain(look: CheckContext, load: Load) -> Iterator[Problem]:
    """Temperatures around the cell in sentences, where no face has surroundings."""
    what, remedy = _NO_SURROUNDINGS
    for path, sentences in build.readable(load).items():
        said = next((s.ambient for s in sentences if s.ambient is not None), None)
        if said is not None:
            yield look.problem(build.key_path(path), f"at {said.text} {what}", remedy)


def _changed(
    look: CheckContext,
    loc: tuple[str | int, ...],
    face: str,
    around: dict[str, tuple[object, ...]],
    change: _Change,
) -> Iterator[Problem]:
    known = look.geometry.face_names or tuple(around)
    if face not in known:
        yield look.problem(loc, f'there is no face "{face}"', one_of(face, known))
        return
    number = sum(isinstance(c, change.conditions) for c in around.get(face, ()))
    if number != 1:
        what = change.two if number else change.none
        yield look.problem(
            loc,
            f'the face "{face}" has {what}, so a step cannot change its {change.what}',
            f"give thermal.faces.{face} exactly one of them",
        )


def starts_cold(look: CheckContext) -> Iterator[Problem]:
    """The first step does not end at a temperature that the cell already has."""
    load, start = look.case.load, look.case.cell.start_temperature
    first = next((path for path, _ in build.order(load)), None) if load else None
    found = build.readable(load).get(first) if load and first else None
    if first is None or found is None or found[0].verb == "rest":
        return
    sentence = found[0]
    for end in sentence.ends:
        if end.kind == "temperature" and end.side != "<" and end.value <= start:
            yield look.problem(
                build.key_path(first),
                f'"{sentence.text}": {end.text} is reached at the start',
                f"give more than the start temperature, {start - 273.15:g} degC",
            )


def capacity_fits(look: CheckContext) -> Iterator[Problem]:
    """A nominal capacity is one that the electrodes could have."""
    cell, facts = look.case.cell, facts_of(look.case, look.folder)
    key = "capacity" if cell.specific_capacity is None else "specific_capacity"
    if cell.specific_capacity is not None and cell.capacity is not None:
        yield look.problem(("cell", "capacity"), "specific_capacity says it already", "keep one")
        return
    if cell.specific_capacity is not None and facts.active_mass() is None:
        what = "has no effect: no composite electrode tells the mass of active material"
        yield look.problem(("cell", key), what, 'capacity = "5 mA h"')
        return
    given = None if cell.capacity is None and key == "capacity" else facts.capacity
    held = None if given is None else facts.theoretical()
    if given is not None and held is not None and given > PLAUSIBLE * held:
        yield look.problem(
            ("cell", key),
            f"{format_quantity(given, 'C')} is more than {PLAUSIBLE:g} times what the electrode "
            f"holds, {format_quantity(held, 'C')}",
            "leave it out, or make the electrode thicker",
        )


def sentences_fit(look: CheckContext) -> Iterator[Problem]:
    """Area, capacity and files that sentences need are there and fit."""
    load = look.case.load
    facts = facts_of(look.case, look.folder)
    for path, sentences in build.readable(load).items() if load else ():
        for sentence in sentences:
            try:
                steps_of(sentence, facts)
            except SentenceError as error:
                yield look.problem(build.key_path(path), error.what, error.remedy)
                break


def drive_fits(look: CheckContext) -> Iterator[Problem]:
    """Area and capacity that a drive, steps or a table need are there."""
    if look.case.load is not None and look.case.load.protocol is None:
        try:
            build.protocol_of(look.case.load, look.case.time, facts_of(look.case, look.folder))
        except ValueError as error:
            yield look.split(("load",), str(error))
