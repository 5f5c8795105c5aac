"""Numbers that a run can be differentiated with respect to, and the case with one of them moved."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from joulestack.case.case import Case
from joulestack.case.paths import find_entry, split_path
from joulestack.errors import CaseError, Problem
from joulestack.laws.state import State
from joulestack.materials.nudges import Nudge, nudged, smallest
from joulestack.materials.property import NOT_STATED, Property
from joulestack.materials.uncertainty import Key, key_of
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.setup import Setup

MOVED_BY = 3e-5
"""Part of a number that it is moved by, either way: of a central difference what is left out and
what round-off adds are both about a billionth then."""

_WRITTEN = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(.*)", re.DOTALL)

NO_NUMBERS = ("mesh", "outputs", "solver", "time.tolerance", "joulestack")
"""Sections whose numbers are no part of what is described."""


@dataclass(frozen=True)
class OfCase:
    """A number that stands in a case file, alone or with its unit.

    Attributes:
        name: its key.
        value, unit: as written; derivatives are per this unit.
        deviation: one standard deviation [unit]; None where nobody states one.
        source, status: where it is from.
    """

    name: str
    value: float
    unit: str
    deviation: float | None = None
    source: str = "case"
    status: str = "user"

    @property
    def part(self) -> float:
        """Derivatives times this are per part of the value."""
        return self.value

    @property
    def step(self) -> float:
        """It is moved by so much either way [unit]; of zero a part of one unit."""
        return MOVED_BY * (abs(self.value) or 1.0)

    def moved(self, case: Case, by: float, comm: Any = None) -> tuple[Case, Setup]:
        """The case with the number moved by so much [unit], and what a model is built from."""
        number = self.value + by
        text = f"{number!r} {self.unit}" if self.unit else number
        there = case.replace({self.name: text})
        return there, setup_of(there, comm)


@dataclass(frozen=True)
class OfLibrary:
    """A number of the library: a law with its provenance.

    Attributes:
        used: the property. Derivatives are per standard deviation; where none is stated, per part
            of the value ("1").
        optional: it is one of all, and left out where it cannot be followed.
    """

    used: Property
    optional: bool = False

    @property
    def key(self) -> Key:
        """What is one number wherever it is used."""
        return key_of(self.used)

    @property
    def name(self) -> str:
        """As of `OfCase`."""
        used = self.used
        return f"{used.material}: {used.name}" if used.material else used.name

    @property
    def stated(self) -> bool:
        """Whether its source states an uncertainty."""
        return self.used.uncertainty.kind != NOT_STATED and self.used.uncertainty.size != 0

    @property
    def unit(self) -> str:
        """As of `OfCase`."""
        return "standard deviation" if self.stated else "1"

    @property
    def value(self) -> float:
        """Not a number: it is a law."""
        return math.nan

    @property
    def step(self) -> float:
        """As of `OfCase`."""
        return smallest(self.used, MOVED_BY)

    @property
    def deviation(self) -> float | None:
        """As of `OfCase`."""
        return 1.0 if self.stated else None

    @property
    def part(self) -> float | None:
        """As of `OfCase`; None of an absolute deviation, where it depends on the state."""
        asked = self.used.uncertainty
        if not self.stated:
            return 1.0
        if asked.kind == "factor":
            return 1.0 / math.log(asked.size)
        return 1.0 / asked.size if asked.kind == "relative" else None

    @property
    def source(self) -> str:
        """As of `OfCase`."""
        return self.used.source

    @property
    def status(self) -> str:
        """As of `OfCase`."""
        return self.used.status

    def moved(self, case: Case, by: float, comm: Any = None) -> tuple[Case, Setup]:
        """As of `OfCase`."""
        with nudged(Nudge(self.key, by)):
            there = Case(case.file, case.source)
            setup = setup_of(there, comm)
            _ = there.protocol
        return there, setup


Number = OfCase | OfLibrary

WHOLE_LIBRARY = "library"
"""Stands for all numbers of the library that a case uses."""


def numbers(case: Case, asked: Sequence[str]) -> list[Number]:
    """Numbers that are asked for, each once.

    Args:
        case: whose.
        asked: names, "library" for all of the library's; a case's own may have a standard
            deviation: "cell.stack_pressure = 10 %", "cell.stack_pressure = 0.2 MPa".

    Raises:
        CaseError: there is none of a name, or it cannot be moved.
    """
    found: dict[str, Number] = {}
    for text in asked:
        name, _, deviation = (part.strip() for part in text.partition("="))
        if name == WHOLE_LIBRARY and not deviation:
            for one in library_numbers(case):
                found.setdefault(one.name, replace(one, optional=True))
            continue
        known = number(case, name)
        found[known.name] = _deviating(known, deviation) if deviation else known
    return list(found.values())


def _deviating(number: Number, text: str) -> Number:
    """A number of a case with its standard deviation."""
    if not isinstance(number, OfCase):
        what, remedy = "has the uncertainty of its source", "give its name alone"
        raise CaseError(Problem(number.name, what, remedy))
    read = _WRITTEN.fullmatch(text)
    unit = "" if read is None else read[2].strip()
    if read is None or unit not in ("%", number.unit) or not float(read[1]) > 0:
        what = f'"{text}" is no standard deviation of it'
        raise CaseError(Problem(number.name, what, f'write "5 %" or "0.2 {number.unit}"'))
    size = float(read[1])
    return replace(number, deviation=abs(number.value) * size / 100 if unit == "%" else size)


def number(case: Case, name: str) -> Number:
    """A number by its name.

    Raises:
        CaseError: there is none of that name, or it cannot be moved.
    """
    known = {n.name: n for n in library_numbers(case)}
    if name in known:
        return known[name]
    if ": " in name:
        there = ", ".join(known)
        raise CaseError(Problem(name, "is no number of the library that the case uses", there))
    written = _written(case, name)
    if isinstance(written, bool) or not isinstance(written, int | float | str):
        what = "is no number" if written is not None else "does not stand in the case"
        remedy = "name a number that the file gives, or one of the library as check shows it"
        raise CaseError(Problem(name, what, remedy), case.source.name)
    if name.split(".")[0] in NO_NUMBERS or name.startswith("time.tolerance"):
        what = "is no number of the cell: how finely it is solved is not differentiated"
        raise CaseError(Problem(name, what, "see numerical_error in summary.json"))
    found = _WRITTEN.fullmatch(str(written))
    if found is None or not _alone(found[2]):
        what = f'"{written}" is no number with a unit'
        raise CaseError(Problem(name, what, 'write "0.5 mA/cm^2" or "50 um"'), case.source.name)
    return OfCase(name, float(found[1]), found[2].strip())


def _alone(rest: str) -> bool:
    """Whether what follows a number is a unit, and no sentence, sum or range."""
    return not re.search(r"[,:;]|\d\s+\d|\b(for|until|at|to)\b", rest)


def _written(case: Case, name: str) -> Any:
    node: Any = case.source.table
    for key in split_path(name):
        if isinstance(node, list):
            try:
                node = node[find_entry(node, key)]
            except LookupError:
                return None
        elif isinstance(node, Mapping) and key in node:
            node = node[key]
        else:
            return None
    return node


def library_numbers(case: Case) -> list[OfLibrary]:
    """Numbers of the library that the solution of a case rests on, each once."""
    start = State(T=case.start_temperature, p=case.stack_pressure.value(0.0))
    found: dict[Key, Property] = {}
    for medium in case.media().values():
        uses = getattr(medium, "uses", None)
        for used, _ in uses(start) if uses else ():
            found.setdefault(key_of(used), used)
    for contacts in case.contacts().values():
        for used in _within(contacts):
            found.setdefault(key_of(used), used)
    for used in () if case.clamping is None else case.clamping.properties:
        found.setdefault(key_of(used), used)
    own = ("user", "case")
    return [OfLibrary(p) for p in found.values() if p.status != "user" and p.source not in own]


def _within(thing: Any) -> Iterator[Property]:
    """Properties inside a law."""
    if isinstance(thing, Property):
        yield thing
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for field in dataclasses.fields(thing):
            yield from _within(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _within(value)
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from _within(value)


__all__ = ["Number", "OfCase", "OfLibrary", "library_numbers", "number", "numbers"]
