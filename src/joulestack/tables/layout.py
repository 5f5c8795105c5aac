"""Where in a text the table is: its separator, the line that heads it, and its cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from joulestack._needs import needed as needs
from joulestack.errors import shown
from joulestack.tables.titles import Column, Title, rank, readings, unit_in_name, unit_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SEARCHED = 3000
"""Lines among which the head must stand."""

_WIDEST = 2000
_BLANKS = " "
_SEPARATORS = ("\t", ";", ",", _BLANKS)
_AHEAD = 12
_VOID = " \t;,\"'"
"""All that a row without any content has."""
_NUMBER = re.compile(r"[-+]?(\d+[.,]?\d*|[.,]\d+)([eE][-+]?\d+)?")
_TIME = re.compile(r"\d[\d\s./:,dTZ+-]*([AaPp][Mm])?")


@dataclass(frozen=True)
class Candidate:
    """A column of a file that may be a wanted one.

    Attributes:
        index: where it stands in a row.
        unit: in its title; "" for none, None for one of another dimension.
        rank: 0 for the best name.
        written: the unit as it stands there.
    """

    index: int
    unit: str | None
    rank: int
    written: str = ""


@dataclass(frozen=True)
class Choice:
    """What the user says of the columns of a file.

    Attributes:
        columns: quantity -> title, or number of the column from 1.
        units: quantity -> unit, in place of what the title says.
    """

    columns: Mapping[str, str | int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """The line that heads a table.

    Attributes:
        line: its number from 0; -1: the table has none.
        separator: between cells.
        titles: of the columns.
        found: quantity -> columns that may be it, the best first.
        below: number of the first line of the body, from 0.
    """

    line: int
    separator: str
    titles: tuple[str, ...]
    found: Mapping[str, list[Candidate]]
    below: int


@dataclass(frozen=True)
class Grid:
    """The cells of a table as text.

    Attributes:
        head: above them.
        frame: one row each, one column for each title.
        lines: number of each row in the file, from 1.
        left_out: rows of other levels of a report (cycles and steps above their records).
    """

    head: Head
    frame: pd.DataFrame
    lines: np.ndarray
    left_out: int


def candidates(
    titles: Sequence[str], wanted: Mapping[str, Column], choice: Choice
) -> dict[str, list[Candidate]]:
    """Columns that may be the wanted ones, the best first."""
    read = [list(readings(title)) for title in titles]
    found: dict[str, list[Candidate]] = {}
    for name, column in wanted.items():
        if name in choice.columns:
            rows = list(_chosen(titles, read, column, choice.columns[name]))
        else:
            rows = [c for i, r in enumerate(read) if (c := _candidate(i, r, name, column))]
        if name in choice.units:
            rows = [Candidate(c.index, choice.units[name], c.rank) for c in rows]
        # One of another dimension is none, unless there is no other.
        right = [c for c in rows if c.unit is not None]
        if rows:
            found[name] = sorted(right or rows, key=lambda c: (c.rank, c.index))
    return found


def _candidate(index: int, read: list[Title], name: str, column: Column) -> Candidate | None:
    best = None
    for title in read:
        if (place := rank(title.name, name, column)) is None:
            continue
        written = title.unit or unit_in_name(title.name)
        unit = unit_of(written, column) if written else ""
        if unit is None and not title.marked:
            continue
        found = Candidate(index, unit, place, written)
        if best is None or (best.unit is None and unit is not None):
            best = found
    return best


def _chosen(
    titles: Sequence[str], read: list[list[Title]], column: Column, chosen: str | int
) -> Iterator[Candidate]:
    """Columns that the user names, by title or by number."""
    for index, title in enumerate(titles):
        if isinstance(chosen, int):
            hit = index == chosen - 1
        else:
            hit = title.strip().casefold() == chosen.strip().casefold() or any(
                t.name.casefold() == chosen.strip().casefold() for t in read[index]
            )
        if hit:
            said = [(t.unit, unit_of(t.unit, column)) for t in read[index] if t.unit]
            good = next((u for _, u in said if u), None)
            yield Candidate(index, good or "", 0, good or "")


def head_of(
    lines: Sequence[str],
    wanted: Mapping[str, Column],
    needed: Sequence[str],
    choice: Choice,
    headless: bool,
) -> Head | None:
    """The line that heads the table.

    Args:
        lines: of the file.
        wanted: columns that are of use.
        needed: those that must be there.
        choice: what the user says of them.
        headless: two bare columns of numbers are a table too, in the order of `needed`.

    Returns:
        The first line that names all that is needed and has numbers below, else the best one;
        None if no line names anything that is wanted.
    """
    best: Head | None = None
    for number, separator in _places(lines):
        head = _head(lines, number, separator, wanted, choice)
        if head is None:
            continue
        if all(n in head.found for n in needed) and _numbers_below(lines, head, needed):
            return head
        if best is None or _share(head, needed) > _share(best, needed):
            best = head
    if best is None or not all(n in best.found for n in needed):
        by_number = all(isinstance(choice.columns.get(n), int) for n in needed)
        if headless or by_number:
            return _headless(lines, wanted, needed, choice if by_number else None) or best
    return best


def _places(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Lines that may head a table, and what may separate their titles."""
    for number, line in enumerate(lines[:SEARCHED]):
        if not line.strip(" \t;,\"'#~%") or line.lstrip(" \"'")[:1] in "0123456789+-.":
            continue
        for separator in _SEPARATORS:
            # Blanks stand inside titles: "I Range" is no current.
            if separator != _BLANKS or not any(mark in line for mark in _SEPARATORS[:-1]):
                yield number, separator


def _share(head: Head, needed: Sequence[str]) -> int:
    return sum(n in head.found for n in needed)


def _head(
    lines: Sequence[str],
    number: int,
    separator: str,
    wanted: Mapping[str, Column],
    choice: Choice,
) -> Head | None:
    titles = cells(lines[number].lstrip("\ufeff"), separator, title=True)
    while titles and not titles[-1].strip():
        titles.pop()
    if not titles or len(titles) > _WIDEST:
        return None
    found = candidates(titles, wanted, choice)
    if not found:
        return None
    below = number + 1
    row = next((i for i in range(below, min(below + 3, len(lines))) if lines[i].strip()), None)
    if row is not None:
        units = _units_row(cells(lines[row], separator), found, wanted)
        if units is not None:
            found, below = units, row + 1
    return Head(number, separator, tuple(t.strip() for t in titles), found, below)


def _units_row(
    row: Sequence[str], found: Mapping[str, list[Candidate]], wanted: Mapping[str, Column]
) -> dict[str, list[Candidate]] | None:
    """Columns with the units of a row of units below the titles; None if it is no such row."""
    told: dict[str, list[Candidate]] = {}
    some = False
    for name, columns in found.items():
        told[name] = []
        for c in columns:
            text = row[c.index].strip(" []()/") if c.index < len(row) else ""
            if _NUMBER.match(text) or (text and unit_of(text, wanted[name]) is None):
                return None
            some = some or bool(text)
            unit = unit_of(text, wanted[name]) if text else c.unit
            told[name].append(Candidate(c.index, unit, c.rank, text or c.written))
    return told if some else None


def _numbers_below(lines: Sequence[str], head: Head, needed: Sequence[str]) -> bool:
    rows = (line for line in lines[head.below : head.below + 40] if not _skipped(line))
    for _, line in zip(range(_AHEAD), rows, strict=False):
        row = cells(line, head.separator)
        where = [head.found[n][0].index for n in needed]
        texts = [row[i].strip() if i < len(row) else "" for i in where]
        if all(_NUMBER.fullmatch(t) or _TIME.fullmatch(t) for t in texts):
            return True
    return False


def _headless(
    lines: Sequence[str],
    wanted: Mapping[str, Column],
    needed: Sequence[str],
    choice: Choice | None,
) -> Head | None:
    """A table of numbers alone, as many columns as are needed or as the user numbers."""
    first = next((i for i, line in enumerate(lines) if not _skipped(line)), None)
    if first is None:
        return None
    for separator in _SEPARATORS:
        row = cells(lines[first], separator)
        while row and not row[-1].strip():
            row.pop()
        if not row or not all(_NUMBER.fullmatch(c.strip()) for c in row):
            continue
        titles = tuple(str(i) for i in range(1, len(row) + 1))
        if choice is not None:
            found = candidates(titles, {n: wanted[n] for n in needed}, choice)
        elif len(row) == len(needed):
            found = {n: [Candidate(i, "", 0)] for i, n in enumerate(needed)}
        else:
            continue
        return Head(-1, separator, titles, found, first)
    return None


def _skipped(line: str) -> bool:
    return not line.strip(_VOID) or line.lstrip().startswith("#")


def cells(line: str, separator: str, title: bool = False) -> list[str]:
    """Cells of one line."""
    if separator == _BLANKS:
        if title and len(wide := re.split(r"\s{2,}", line.strip(" #~%"))) > 1:
            return wide
        return line.strip("#~% ").split() if title else line.split()
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def grid_of(lines: Sequence[str], head: Head, name: str) -> Grid:
    """The cells below a head.

    Raises:
        ValueError: "what; remedy": no rows, or rows of another length than their head.
    """
    with needs("tables"):
        import numpy as np
        import pandas as pd

    kept = [i for i in range(head.below, len(lines)) if not _skipped(lines[i])]
    if not kept:
        raise ValueError(f"{name}: there are no data; write a line for each row below the head")
    body = [lines[i] for i in kept]
    size = len(head.titles)
    blanks = head.separator == _BLANKS
    counts = np.array([_count(line, head.separator) for line in body])
    width = int(counts.max())
    if width > max(_WIDEST, 2 * size):
        raise ValueError(f"{name} has rows of more than {_WIDEST} cells; it is no such table")
    quoted = any('"' in line for line in body)
    options: dict[str, Any] = {
        "sep": r"\s+" if blanks else head.separator,
        "names": range(max(width, size)),
        "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    }
    import io

    try:
        frame = pd.read_csv(
            io.StringIO("\n".join(body)), header=None, dtype=str, index_col=False,
            keep_default_na=False, na_values=[], skip_blank_lines=False, engine="c", **options,
        )  # fmt: skip
    except (ValueError, OverflowError):  # also pandas' own
        raise ValueError(f"{name} is no table that can be read; write it as CSV") from None
    if len(frame) != len(body):
        raise ValueError(f"{name} has a quote that does not close; remove it")
    numbers = np.array(kept) + 1
    levels = next((i for i, t in enumerate(head.titles) if t), 0)
    other = np.zeros(len(frame), bool)
    if levels:
        above = (frame.iloc[:, :levels].fillna("").map(str.strip) != "").any(axis=1).to_numpy()
        other = above if not above.all() else other
    frame, numbers = frame[~other], numbers[~other]
    _refuse_ragged(frame, counts[~other], numbers, head, name)
    return Grid(head, frame.iloc[:, :size].reset_index(drop=True), numbers, int(other.sum()))


def _count(line: str, separator: str) -> int:
    """Cells of a line."""
    if separator == _BLANKS or '"' in line:
        return len(cells(line, separator))
    return line.count(separator) + 1


def _refuse_ragged(
    frame: pd.DataFrame, counts: np.ndarray, numbers: np.ndarray, head: Head, name: str
) -> None:
    """Refuse rows that are longer or shorter than their head; empty cells at the end are none.

    Raises:
        ValueError: "what; remedy", with the line.
    """
    size = len(head.titles)
    long = (frame.iloc[:, size:].fillna("").map(str.strip) != "").to_numpy()
    if long.any():
        row = int(long.any(axis=1).argmax())
        count = size + int(long[row].nonzero()[0][-1]) + 1
    else:
        short = counts < size
        if not short.any():
            return
        row = int(short.argmax())
        count = int(counts[row])
    remedy = "give each row as many cells as there are titles"
    if head.separator == "," and count > size:
        remedy = "write decimal points, or part the cells by semicolons where decimals have commas"
    what = "" if head.line < 0 else f" (line {head.line + 1})"
    raise ValueError(
        f"{name}, line {numbers[row]}: a row of {count} cells under a head of {size}{what}; "
        f"{remedy}"
    )


def listing(titles: Sequence[str], most: int = 12) -> str:
    """Titles for a message."""
    names = [f'"{shown(t, 40)}"' for t in titles if t]
    more = [f"{len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])
