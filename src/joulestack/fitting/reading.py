"""Measurements from a CSV file whose headers say their units, such as `pressure [MPa]`."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from joulestack import units
from joulestack.errors import CaseError, Problem, parts, shown
from joulestack.spelling import normal, unknown

_HEADER = re.compile(r"^\s*(?P<name>[^\[\]()]+?)\s*(?:[\[(](?P<unit>.*)[\])])?\s*$")
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Column:
    """A column that a fit can use.

    Attributes:
        unit: SI unit, which fixes the dimension.
        aliases: other names in the header.
        low, high: values must lie between, the ends excluded unless `closed`.
        closed: the ends are possible.
    """

    unit: str
    aliases: tuple[str, ...] = ()
    low: float = 0.0
    high: float = float("inf")
    closed: bool = False


def read(
    path: str | Path, columns: Mapping[str, Column], needed: Sequence[str]
) -> dict[str, np.ndarray]:
    """Read the columns of a file in SI.

    Lines that start with # are comments; cells are parted by comma, semicolon or tab; a column
    `NAME uncertainty` holds one standard deviation of the column NAME, under the key
    "NAME uncertainty".

    Args:
        path: CSV file.
        columns: name -> what it may hold.
        needed: names that must be there.

    Returns:
        Name -> values [SI], all of one length.

    Raises:
        CaseError: no such file, a column that is unknown, missing or without unit, a cell that is
            no number or an impossible one; all problems at once.
    """
    rows = _rows(Path(path))
    head, body = rows[0], rows[1:]
    if not any(_name(title, columns) for title in head[1]):
        # Nothing of it is quoted: it may be none that was meant for us.
        remedy = f"head them: {', '.join(columns)}, with units"
        raise CaseError(Problem("", "has none of the columns that a fit reads", remedy), str(path))
    problems: list[Problem] = []
    found: dict[str, np.ndarray] = {}
    for index, title in enumerate(head[1]):
        name = _name(title, columns)
        if name is None:
            known = [n for n in columns]
            problems.append(unknown(f"line {head[0]}", "column", title.strip(), known))
        elif name in found:
            problems.append(Problem(f"line {head[0]}", f'column "{name}" stands twice', "keep one"))
        else:
            column = columns[name.removesuffix(" uncertainty")]
            found[name] = _values(name, title, column, index, body, problems)
    for name in needed:
        if name not in found and not any(name in str(p) for p in problems):
            unit = units.example(columns[name].unit).split(" ", 1)[-1]
            problems.append(
                Problem("", f'the column "{name}" is missing', f"head a column {name} [{unit}]")
            )
    if not body:
        problems.append(Problem("", "there are no data", "one line for each measurement"))
    if problems:
        raise CaseError(problems, str(path))
    return found


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise CaseError(
            Problem("", f"cannot be read: {error.strerror}", "name a CSV file"), str(path)
        ) from None
    except UnicodeDecodeError:
        raise CaseError(Problem("", "not text", "write a CSV file"), str(path)) from None
    lines = [
        (i, line)
        for i, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not lines:
        raise CaseError(Problem("", "is empty", "a line of headers, then data"), str(path))
    mark = max(",;\t", key=lambda m: lines[0][1].count(m))
    try:
        return [(i, next(csv.reader([line], delimiter=mark))) for i, line in lines]
    except csv.Error:
        remedy = "commas between short cells"
        raise CaseError(Problem("", "is no CSV file that can be read", remedy), str(path)) from None


def _name(title: str, columns: Mapping[str, Column]) -> str | None:
    match = _HEADER.match(title) if len(title) <= _LONGEST_TITLE else None
    if match is None:
        return None
    words, suffix = match["name"].strip(), ""
    for tail in ("uncertainty", "sigma", "std"):
        if normal(words).endswith(tail) and normal(words) != tail:
            words, suffix = normal(words)[: -len(tail)], " uncertainty"
    for name, column in columns.items():
        if normal(words) in {normal(n) for n in (name, *column.aliases)}:
            return name + suffix
    return None


def _values(
    name: str,
    title: str,
    column: Column,
    index: int,
    body: Sequence[tuple[int, list[str]]],
    problems: list[Problem],
) -> np.ndarray:
    match = _HEADER.match(title)
    unit = (match["unit"] or "").strip() if match else ""
    spread = name.endswith(" uncertainty")
    values = []
    for line, cells in body:
        text = cells[index].strip() if index < len(cells) else ""
        try:
            number = float(text)
            # Through the units of case files: "degC" and "%" work as they do there.
            written = f"{number!r} {unit}" if unit else number if column.unit == "1" else text
            if spread and unit in ("degC", "°C"):
                written = f"{number!r} K"
            value = units.parse(written, column.unit)
        except ValueError as error:
            what, remedy = parts(error)
            if not text or what.startswith("could not convert"):
                what, remedy = f'"{shown(text)}" is not a number', "one number in each cell"
            problems.append(Problem(f'line {line}, column "{name}"', what, remedy))
            if unit or "no unit" not in what:
                continue
            return np.array([])  # one complaint about a missing unit is enough
        low = 0.0 if spread else column.low
        inside = low <= value <= column.high if column.closed else low < value < column.high
        if not inside or not np.isfinite(value):
            problems.append(
                Problem(
                    f'line {line}, column "{name}"',
                    f"{text} {unit}".strip() + " is impossible",
                    f"{units.describe(column.unit)}, between "
                    f"{units.format_quantity(low, column.unit)} and "
                    f"{units.format_quantity(column.high, column.unit)}",
                )
            )
        values.append(value)
    return np.array(values)
