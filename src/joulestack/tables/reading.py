"""From a file to columns in SI: the one reader, for loads, pressures, fits, measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack import units
from joulestack.errors import CaseError, Problem, parts, shown
from joulestack.spelling import nearest
from joulestack.tables import numbers
from joulestack.tables.books import sheets_of
from joulestack.tables.layout import Candidate, Choice, Grid, Head, grid_of, head_of, listing
from joulestack.tables.titles import Column, readings, unit_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NO_CHOICE = Choice()
_TAILS = ("uncertainty", "sigma", "std")
_CLOCKS = {60.0: "min", 3600.0: "h", 1e-3: "ms", 86400.0: "day"}
"""Seconds of the clock on the wall in one of a time without a unit -> that unit."""


@dataclass(frozen=True)
class Table:
    """Columns of a file.

    Attributes:
        name: of the file.
        values: quantity -> values [SI], all of one length.
        lines: where each row stands in the file.
        notes: what the reader decided: columns passed over, lines before the head, units.
        titles: of all columns.
        frame: all cells as text.
    """

    name: str
    values: Mapping[str, np.ndarray]
    lines: np.ndarray
    notes: tuple[str, ...]
    titles: tuple[str, ...]
    frame: pd.DataFrame


def with_uncertainties(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Columns, and those of one standard deviation of each: `NAME uncertainty`."""
    more = {
        f"{name} {_TAILS[0]}": replace(
            column,
            aliases=tuple(f"{a} {tail}" for a in (name, *column.aliases) for tail in _TAILS),
            low=0.0,
            high=float("inf"),
            closed=False,
        )
        for name, column in columns.items()
    }
    return {**columns, **more}


def read(
    path: str | Path,
    columns: Mapping[str, Column],
    needed: Sequence[str],
    choice: Choice = NO_CHOICE,
    headless: bool = False,
    lenient: Sequence[str] = (),
) -> Table:
    """Read columns of a file in SI.

    Text of any usual encoding, parted by tabs, semicolons, commas or blanks, workbooks and
    BioLogic's .mpr; lines that start with # are comments. Other columns, and lines above the head,
    are passed over and told.

    Args:
        path: of the file.
        columns: quantity -> what it may hold.
        needed: quantities that must be there.
        choice: what the user says of the columns.
        headless: a table of numbers alone is one too, with the needed columns in order, in SI.
        lenient: quantities that are passed over, and told, where a cell or their unit is wrong.

    Raises:
        CaseError: no such file or column, a row of another length, a cell that is no number or an
            impossible one, times not in order; with the line. A file without the columns is not
            quoted: it may be none that was meant for us.
        EnvironmentMissing: what reads the file is not installed.
    """
    path = Path(path)
    try:
        sheet, lines, head = _found(path, columns, needed, choice, headless)
        grid = grid_of(lines, head, shown(path.name))
    except ValueError as error:
        raise CaseError(Problem.of("", error), str(path)) from None
    values, used, notes = _values(path, grid, columns, lenient)
    others = [t for i, t in enumerate(head.titles) if t and i not in used]
    told = [*_layout_notes(lines, head, grid, sheet), *notes]
    if others and head.line >= 0:
        told.append(f"columns passed over: {listing(others)}")
    return Table(path.name, values, grid.lines, tuple(told), head.titles, grid.frame)


def _found(
    path: Path,
    columns: Mapping[str, Column],
    needed: Sequence[str],
    choice: Choice,
    headless: bool,
) -> tuple[str, list[str], Head]:
    """Sheet, its lines, and the head of the table in them.

    Raises:
        ValueError: "what; remedy": there is none with the columns.
    """
    name, best = shown(path.name), None
    wanted = ", ".join(f"{n} [{columns[n].unit}]".replace(" [1]", "") for n in needed)
    empty = True
    for sheet, lines in sheets_of(path):
        empty = empty and not any(line.strip() for line in lines)
        head = head_of(lines, columns, needed, choice, headless)
        if head is not None and all(n in head.found for n in needed):
            return sheet, lines, head
        best = best or head
    if empty:
        raise ValueError(f"{name} is empty; give it the columns {wanted}")
    _refuse_choice(name, best, choice)
    if best is None:
        near = "" if headless else ", with their units"
        raise ValueError(f"{name} is no table with the columns {wanted}; head it with them{near}")
    missing = [n for n in needed if n not in best.found]
    names = [r.name for title in best.titles for r in readings(title)]
    guess = [g for n in missing for g in nearest(n, names, 1, 0.75)]
    hint = f'did you mean "{missing[0]}"? ' if guess else ""
    quoted = ", ".join(f'"{n}"' for n in missing)
    raise ValueError(
        f"the column {quoted} is missing in {name}, line {best.line + 1}, which has "
        f"{listing(best.titles)}; {hint}wanted: {wanted}"
    )


def _refuse_choice(name: str, best: Head | None, choice: Choice) -> None:
    """Tell that columns which the user names are not there."""
    for quantity, title in choice.columns.items():
        if best is None or quantity not in best.found:
            told = f"column {title}" if isinstance(title, int) else f'column "{shown(title)}"'
            raise ValueError(f"{name} has no {told}; name a title of its head, or a number from 1")


def _layout_notes(lines: Sequence[str], head: Head, grid: Grid, sheet: str) -> Iterator[str]:
    if sheet:
        yield f'sheet "{shown(sheet, 40)}"'
    before = sum(1 for line in lines[: max(head.line, 0)] if line.strip() and line[0] != "#")
    if before:
        lines_before = "1 line" if before == 1 else f"{before} lines"
        yield f"{lines_before} above the head in line {head.line + 1} passed over"
    if head.line < 0:
        order = sorted(((c[0].index, n) for n, c in head.found.items()))
        named = ", ".join(n for _, n in order)
        yield f"no head: its columns are taken as {named}"
    if grid.left_out:
        yield f"{grid.left_out} rows of cycles and steps above their records passed over"


def _values(
    path: Path, grid: Grid, columns: Mapping[str, Column], lenient: Sequence[str]
) -> tuple[dict[str, np.ndarray], set[int], list[str]]:
    """Columns in SI, where they stand, and what to tell of them."""
    problems: list[Problem] = []
    values: dict[str, np.ndarray] = {}
    notes: list[str] = []
    used: set[int] = set()
    for name, found in grid.head.found.items():
        column = columns[name]
        try:
            if name == "time":
                candidate, values[name], told = _times(grid, found, column)
                notes += told
            else:
                candidate = _single(grid, name, found, problems)
                values[name] = _quantity(grid, name, candidate, column)
                notes += _unit_note(grid, name, candidate, column)
            used.add(candidate.index)
        except numbers.BadCell as error:
            if name not in lenient:
                where = f'line {grid.lines[error.row]}, column "{name}"'
                problems.append(Problem(where, error.what, error.remedy))
            else:
                notes.append(f"{name} passed over: line {grid.lines[error.row]}: {error.what}")
        except ValueError as error:
            what, remedy = parts(error)
            if name not in lenient:
                problems.append(Problem(f'column "{name}"', what, remedy))
            else:
                notes.append(f"{name} passed over: {what}")
    for name in values:
        problems += _impossible(grid, name, columns[name], values[name])
    if problems:
        raise CaseError(problems, str(path))
    return values, used, notes


def _single(
    grid: Grid, name: str, found: Sequence[Candidate], problems: list[Problem]
) -> Candidate:
    """The best column; two of one name are refused."""
    best = found[0]
    same = [c for c in found if c.rank == best.rank]
    if len(same) > 1:
        titles = listing([grid.head.titles[c.index] for c in same])
        where = f"line {grid.head.line + 1}" if grid.head.line >= 0 else ""
        problems.append(
            Problem(where, f'column "{name}" stands twice: {titles}', "keep one, or say which")
        )
    return best


def _quantity(grid: Grid, name: str, candidate: Candidate, column: Column) -> np.ndarray:
    if candidate.unit is None:
        units.parse(f"1 {candidate.written}", column.unit)  # says what is wrong with it
        raise ValueError(f'"{shown(candidate.written)}" is no unit of {name}; {column.unit}')
    if not candidate.unit and not column.bare and column.unit != "1":
        units.parse(grid.frame.iloc[0, candidate.index].strip() or "0", column.unit)
    spread = name.endswith(f" {_TAILS[0]}")
    written = numbers.numbers(grid.frame.iloc[:, candidate.index])
    unit = unit_of(candidate.unit, column) or candidate.unit
    return numbers.si(written, unit, column.unit, spread)


def _unit_note(grid: Grid, name: str, candidate: Candidate, column: Column) -> list[str]:
    if candidate.unit or column.unit == "1":
        return []
    return [f"{name} has no unit: taken in {column.unit}"]


def _times(
    grid: Grid, found: Sequence[Candidate], column: Column
) -> tuple[Candidate, np.ndarray, list[str]]:
    """Times that do not run back, from the first column that has such.

    Raises:
        BadCell: no column of times is one.
    """
    first: Exception | None = None
    for candidate in found:
        try:
            times, bare, told = _read_times(grid, candidate, column)
            _refuse_backwards(times)
        except ValueError as error:
            first = first or error
            continue
        same = [c for c in found if c.rank == candidate.rank]
        if len(same) > 1:
            titles = listing([grid.head.titles[c.index] for c in same])
            raise ValueError(f'column "time" stands twice: {titles}; keep one, or say which')
        if first is not None:
            told.append(
                f'times are those of "{shown(grid.head.titles[candidate.index], 40)}": those of '
                f'"{shown(grid.head.titles[found[0].index], 40)}" run back'
            )
        if bare:
            times, more = _by_the_wall(grid, times, found, candidate)
            told += more
        return candidate, times, told
    assert first is not None
    raise first


def _read_times(
    grid: Grid, candidate: Candidate, column: Column
) -> tuple[np.ndarray, bool, list[str]]:
    """Times [s], whether they are numbers without a unit, and what to tell."""
    texts = grid.frame.iloc[:, candidate.index]
    if (seconds := numbers.clock(texts)) is not None:
        return seconds, False, []
    if (seconds := numbers.dates(texts)) is not None:
        return seconds, False, ["times are dates: counted from that of the first row"]
    if candidate.unit is None:
        units.parse(f"1 {candidate.written}", column.unit)
    unit = unit_of(candidate.unit or "s", column) or candidate.unit or "s"
    return numbers.si(numbers.numbers(texts), unit, column.unit), not candidate.unit, []


def _refuse_backwards(times: np.ndarray) -> None:
    import numpy as np

    back = np.diff(times) < 0
    if back.any():
        row = int(back.argmax()) + 1
        what = f"the time {times[row]:.10g} s comes after {times[row - 1]:.10g} s"
        raise numbers.BadCell(row, what, "put times in order, counted through the whole test")


def _by_the_wall(
    grid: Grid,
    times: np.ndarray,
    found: Sequence[Candidate],
    own: Candidate,
) -> tuple[np.ndarray, list[str]]:
    """Times without a unit, in the unit in which they agree with the dates beside them."""
    span = float(times[-1] - times[0])
    for other in found:
        if other.index == own.index or span <= 0:
            continue
        wall = numbers.dates(grid.frame.iloc[:, other.index])
        if wall is None:
            continue
        passed = float(wall[-1])
        for size, unit in _CLOCKS.items():
            if abs(passed / span / size - 1) < 0.02:
                return times * size, [f"time has no unit: taken in {unit}, as the dates beside it"]
    return times, ["time has no unit: taken in s"]


def _impossible(grid: Grid, name: str, column: Column, values: np.ndarray) -> Iterator[Problem]:
    """Values out of the range of their column."""
    low, high = column.low, column.high
    inside = (
        (values >= low) & (values <= high) if column.closed else (values > low) & (values < high)
    )
    if low == -float("inf") and high == float("inf"):
        return
    for row in (~inside).nonzero()[0][:10]:
        candidate = grid.head.found[name][0]
        text = str(grid.frame.iloc[row, candidate.index]).strip()
        yield Problem(
            f'line {grid.lines[row]}, column "{name}"',
            f"{shown(text)} {candidate.unit or ''}".strip() + " is impossible",
            f"{units.describe(column.unit)}, between {units.format_quantity(low, column.unit)} "
            f"and {units.format_quantity(high, column.unit)}",
        )
