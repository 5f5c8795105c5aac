"""Values that a key takes in turn: "1, 2, 5 MPa", "1 : 10 MPa in 4 log", lists of TOML."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack import units
from joulestack.errors import CaseError, Problem, shown

MOST_RUNS = 100_000
"""Runs of a study."""

OF_VALUES = 'cell.stack_pressure="1, 2, 5 MPa"'

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_RANGE = re.compile(r"(.+?)\s*:\s*(.+?)\s+in\s+(\d+)(\s+log)?")
_PARTED = re.compile(r"\s*,\s*(?=(?:[^\"']|\"[^\"]*\"|'[^']*')*$)(?![^(\[{]*[)\]}])")
_EUROPEAN = re.compile(r"[-+]?\d+,\d+(?!\d*[,.])(?:\s*[^\d\s,].*)?")


@dataclass(frozen=True)
class Varied:
    """A key and the values that it takes, as a case file would write them.

    Attributes:
        key: dotted path, as for --set.
        values: of the points in turn, or of the axis of a grid.
    """

    key: str
    values: tuple[Any, ...]

    @property
    def unit(self) -> str | None:
        """Unit that the numbers are tabled in, "" for plain ones; None: texts are tabled."""
        parts = [_number_and_unit(value) for value in self.values]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or not known:
            return None
        first = next((unit for _, unit in known if unit), "")
        return first if all(_in(v, first) is not None for v in self.values) else None

    @property
    def column(self) -> str:
        """Title of its column: the key, and the unit in brackets."""
        return f"{self.key} [{self.unit}]" if self.unit else self.key

    def entry(self, value: Any) -> float | str:
        """One of the values as it stands in the column."""
        unit = self.unit
        number = None if unit is None else _in(value, unit)
        return text_of(value) if number is None else number


def text_of(value: Any) -> str:
    """A value for people: text as it is, tables and lists as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number_and_unit(value: Any) -> tuple[float, str] | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value), ""
    match = _NUMBER.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    unit = value.strip()[match.end() :].strip()
    try:
        units.parse(value, "K") if unit in ("degC", "°C", "degF") else units.unit_factor(unit)
    except ValueError:
        return None
    return float(match[0]), unit


def _in(value: Any, unit: str) -> float | None:
    """A value in a unit, rounded where it is converted; None where it is no such quantity."""
    parts = _number_and_unit(value)
    if parts is None or parts[1] == unit:
        return None if parts is None else parts[0]
    try:
        (factor, dimension), (own, other) = units.unit_factor(unit), units.unit_factor(parts[1])
    except ValueError:  # degrees with an offset beside others
        return None
    same = bool(parts[1]) and bool(unit) and dimension == other
    return float(f"{parts[0] * own / factor:.12g}") if same else None


def parse(key: str, given: Any, where: str = "") -> Varied:
    """The values that are given for a key.

    Args:
        key: dotted path.
        given: text as in this module's first line, or a list of values.
        where: for messages; the key if not given.

    Raises:
        CaseError: it is neither, or there is none.
    """
    where = where or key
    if isinstance(given, str):
        values = _of_text(where, given)
    elif isinstance(given, Sequence):
        values = list(given)
    elif isinstance(given, np.ndarray):
        values = list(given.tolist())
    else:
        raise CaseError(Problem(where, f"{shown(given)} is no list of values", OF_VALUES))
    if not values:
        raise CaseError(Problem(where, "takes no value", OF_VALUES))
    if len(values) > MOST_RUNS:
        raise CaseError(Problem(where, f"takes {len(values)} values", f"at most {MOST_RUNS}"))
    texts = [text_of(value) for value in values]
    twice = next((t for i, t in enumerate(texts) if t in texts[:i]), None)
    if twice is not None:
        raise CaseError(Problem(where, f"takes {shown(twice)} twice", "leave one out"))
    return Varied(key, tuple(values))


def parse_word(word: str) -> Varied:
    """ "KEY=VALUES" of the command line.

    Raises:
        CaseError: it is none.
    """
    key, sign, text = word.partition("=")
    if not sign or not key.strip():
        raise CaseError(Problem(f"--vary {word}", "is not KEY=VALUES", f"--vary {OF_VALUES}"))
    return parse(key.strip(), text.strip(), f"--vary {key.strip()}")


def _of_text(where: str, text: str) -> list[Any]:
    if text.startswith("["):
        try:
            found = tomllib.loads(f"v = {text}")["v"]
        except (ValueError, RecursionError):
            what = f"{shown(text)} is no list of TOML"
            raise CaseError(Problem(where, what, '["C/2", "1C"], texts in quotes')) from None
        return list(found)
    match = _RANGE.fullmatch(text)
    if match:
        return list(spaced(where, match[1], match[2], int(match[3]), bool(match[4])))
    if _EUROPEAN.fullmatch(text):
        head, _, tail = text.partition(",")
        told = f'"{head}.{tail}" for one value, "{head}, {tail}" for two'
        raise CaseError(Problem(where, f"{shown(text)} can be read in two ways", told))
    words = _PARTED.split(text.strip()) if text.strip() else []
    return _with_units(where, words)


def _with_units(where: str, words: Sequence[str]) -> list[Any]:
    """Numbers without a unit take that of the next one that has any."""
    unit = ""
    found: list[Any] = []
    for word in reversed(words):
        if not word:
            raise CaseError(Problem(where, "has a comma beside which nothing stands", OF_VALUES))
        bare = _NUMBER.fullmatch(word) is not None
        parts = _number_and_unit(word)
        if not bare and parts is not None:
            unit = parts[1]
        found.append(f"{word} {unit}" if bare and unit else _scalar(word))
    found.reverse()
    bare_last = _NUMBER.fullmatch(words[-1]) is not None if words else False
    if bare_last and any(isinstance(value, str) for value in found):
        what = f"{words[-1]} has no unit where others have one"
        raise CaseError(Problem(where, what, f"write the unit at the end: {OF_VALUES}"))
    return found


def _scalar(word: str) -> Any:
    try:
        value = tomllib.loads(f"v = {word}")["v"]
    except (ValueError, RecursionError):
        return word
    return value if isinstance(value, str | int | float | bool) else word


def interval(where: str, low: object, high: object) -> tuple[float, float, str]:
    """Two ends in the unit of the upper one, and this unit.

    Raises:
        CaseError: they are no numbers of one dimension, or not the lower one first.
    """
    remedy = 'lowest first, "1 : 10 MPa in 4", or "... in 4 log"'
    second = _number_and_unit(high)
    first = _number_and_unit(low)
    if first is not None and second is not None:
        unit = second[1]
        start = first[0] if not first[1] else _in(low, unit)
        if start is not None and start < second[0]:
            return start, second[0], unit
    raise CaseError(Problem(where, f"{shown(low)} : {shown(high)} is no range", remedy))


def spaced(where: str, low: object, high: object, count: int, log: bool) -> list[str | float]:
    """Values between two ends, both of them included.

    Raises:
        CaseError: there is no such range.
    """
    start, end, unit = interval(where, low, high)
    if not 2 <= count <= MOST_RUNS:
        raise CaseError(Problem(where, f"in {count} values", f"from 2 to {MOST_RUNS}"))
    return [written(x, unit) for x in between(where, start, end, np.linspace(0, 1, count), log)]


def between(where: str, start: float, end: float, shares: Any, log: bool) -> list[float]:
    """Numbers at shares of the way between two ends, or between their logarithms.

    Raises:
        CaseError: there is no logarithm.
    """
    if log and start <= 0:
        what = f"{start:g} has no logarithm"
        raise CaseError(Problem(where, what, "start above 0, or leave log out"))
    a, b = (math.log(start), math.log(end)) if log else (start, end)
    found = a + (b - a) * np.asarray(shares)
    return [float(x) for x in (np.exp(found) if log else found)]


def written(number: float, unit: str) -> str | float:
    """A number as a case file has it; nine digits, so that ends stand as they were given."""
    short = float(f"{number:.9g}")
    return f"{short!r} {unit}" if unit else short
