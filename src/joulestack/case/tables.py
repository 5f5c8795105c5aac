"""CSV files of a case: columns named with their unit, e.g. "time [s],pressure [MPa]"."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from joulestack import units
from joulestack.errors import shown

_HEADER = re.compile(
    r"^\s*([A-Za-z_ ]+?)\s*(?:\[\s*([^\[\]]*?)\s*\]|[\[(/]\s*([^\])]*?)\s*[\])]?)?\s*$"
)
_LONGEST_TITLE = 200


def read_columns(path: Path, wanted: Mapping[str, str]) -> dict[str, tuple[float, ...]]:
    """Read the columns a case needs from a CSV file and convert them to SI.

    Args:
        path: of the file; comma or semicolon separated, # starts a comment.
        wanted: column -> SI unit. Columns without a unit in the header are SI.

    Raises:
        ValueError: no such file, a column missing or unknown, or an entry that is no number; the
            message says which. A file without any of the columns is not quoted: it may be none that
            was meant for us.
    """
    listing = ", ".join(f"{n} [{u}]" for n, u in wanted.items())
    titles, *rows = _rows(path, wanted, listing)
    scales = _scales(shown(path.name), titles, wanted, listing)
    columns: dict[str, list[float]] = {name: [] for name in wanted}
    for number, row in enumerate(rows, 2):
        for name, (i, zero, scale) in scales.items():
            try:
                columns[name].append(zero + units.parse(float(row[i]), "1") * scale)
            except (IndexError, ValueError):
                entry = shown(row[i]) if i < len(row) else "nothing"
                raise ValueError(
                    f'{shown(path.name)}, row {number}: "{entry}" in column {name} is not a '
                    "number; write one"
                ) from None
    return {name: tuple(values) for name, values in columns.items()}


def _rows(path: Path, wanted: Mapping[str, str], listing: str) -> list[list[str]]:
    """The head and the rows of a file that is a table with some of the columns.

    Raises:
        ValueError: it is none; `listing` says what would be one.
    """
    name_of_file = shown(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{name_of_file} is not UTF-8 text; save it as CSV") from None
    except (OSError, ValueError):
        what = f"there is no file {name_of_file} beside the case file"
        raise ValueError(f"{what}; name a CSV file with the columns {listing}") from None
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise ValueError(f"{name_of_file} is empty; give it the columns {listing}")
    delimiter = ";" if ";" in lines[0] else ","
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        rows = [[]]
    if not any(_name_of(title) in wanted for title in rows[0]):
        raise ValueError(
            f"{name_of_file} is no table with the columns {listing}; head it with them"
        )
    return rows


def _scales(
    name_of_file: str, titles: Sequence[str], wanted: Mapping[str, str], listing: str
) -> dict[str, tuple[int, float, float]]:
    """Column -> where it stands in a row, its zero in SI, and SI per its unit.

    Raises:
        ValueError: a column missing or unknown.
    """
    scales: dict[str, tuple[int, float, float]] = {}
    for i, title in enumerate(titles):
        name = _name_of(title)
        if name not in wanted:
            raise ValueError(f'{name_of_file} has a column "{shown(title)}"; wanted: {listing}')
        unit = _unit_of(title) or wanted[name]
        # Of temperatures in degC the zero is another too.
        zero = units.parse(f"0 {unit}", wanted[name])
        scales[name] = (i, zero, units.parse(f"1 {unit}", wanted[name]) - zero)
    missing = [f"{n} [{u}]" for n, u in wanted.items() if n not in scales]
    if missing:
        raise ValueError(f"{name_of_file} has no column {', '.join(missing)}; add it")
    return scales


def _name_of(title: str) -> str:
    """Name of a column without its unit; empty for what cannot be one."""
    match = _HEADER.match(title) if len(title) <= _LONGEST_TITLE else None
    return match[1].lower() if match else ""


def _unit_of(title: str) -> str | None:
    """Unit in a column's title, if there is one."""
    match = _HEADER.match(title)
    return (match[2] or match[3]) if match else None


def as_grid(
    x: tuple[float, ...], y: tuple[float, ...], values: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Scattered rows (x, y, value) of a full grid, in any order, as axes and a table.

    Raises:
        ValueError: the points are not a full grid.
    """
    table = {(a, b): v for a, b, v in zip(x, y, values, strict=True)}
    xs, ys = tuple(sorted(set(x))), tuple(sorted(set(y)))
    if len(table) != len(x) or len(table) != len(xs) * len(ys):
        raise ValueError(
            f"{len(x)} points are not a full grid of {len(xs)} x {len(ys)} different positions"
        )
    return xs, ys, tuple(tuple(table[a, b] for b in ys) for a in xs)


def check_times(times: tuple[float, ...], values: tuple[float, ...], jumps: bool) -> None:
    """Check a table in time.

    Args:
        times: [s].
        values: at the times.
        jumps: a time may stand twice.

    Raises:
        ValueError: different lengths, too few, times not in order or not from 0.
    """
    if len(times) != len(values):
        raise ValueError(f"has {len(times)} times but {len(values)} values; give as many of each")
    if len(times) < 2:
        raise ValueError("has fewer than two times; give the value itself for a constant")
    if times[0] != 0.0:
        raise ValueError(f"starts at {times[0]:g} s; start at time 0")
    for i in range(1, len(times)):
        if times[i] < times[i - 1] or (times[i] == times[i - 1] and not jumps):
            raise ValueError(
                f"the time {times[i]:g} s comes after {times[i - 1]:g} s; put times in order"
            )
        if i > 1 and times[i] == times[i - 2]:
            raise ValueError(f"the time {times[i]:g} s stands more than twice; twice is a jump")
    if times[-1] == 0.0:
        raise ValueError("ends at 0 s; give a later time")
