"""Tables of a case: columns of files in SI, tables in time, grids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from joulestack.case.table_choice import SignedChoice, TableChoice
from joulestack.errors import CaseError, shown
from joulestack.tables.layout import Choice
from joulestack.tables.reading import Table, read
from joulestack.tables.repeated_times import one_time_each
from joulestack.tables.sign import SIGNED, directed
from joulestack.tables.titles import known

Columns = tuple[float, ...]

MOST_LOAD_ROWS = 1_000_000
"""Of a load."""
_HEARD: ContextVar[dict[str, None] | None] = ContextVar("notes of tables", default=None)


@contextmanager
def listening() -> Iterator[dict[str, None]]:
    """What the reader decides about tables that are read inside, once each."""
    heard: dict[str, None] = {}
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def _tell(table: Table, notes: tuple[str, ...]) -> None:
    heard = _HEARD.get()
    if heard is not None and notes:
        heard[f"{shown(table.name)}: {'; '.join(notes)}"] = None


def read_columns(
    path: Path, wanted: Mapping[str, str], choice: TableChoice | None = None
) -> dict[str, Columns]:
    """Read the columns a case needs from a file and convert them to SI.

    Args:
        path: of the file.
        wanted: column -> SI unit. Columns without a unit in the header are SI.
        choice: what the case says of the columns.

    Raises:
        ValueError: "what; remedy": no such file, a column missing, or an entry that is no number;
            see `tables.reading.read`.
    """
    table = _table(path, wanted, (), choice, headless=False)
    _tell(table, table.notes)
    return {name: _tuple(table.values[name]) for name in wanted}


def read_load(
    path: Path, column: str, unit: str, choice: SignedChoice | None = None
) -> tuple[Columns, Columns]:
    """Times [s] and values [SI] of a load; of a current or power, discharge is positive.

    A record of a cycler, which has more columns than are asked for, begins where its first row
    stands. Rows that share their time are a jump; where the clock of a record is coarser than its
    rows, they are spread over its tick.

    Args:
        path: of the file.
        column: "current", "c_rate", "power" or "voltage".
        unit: SI unit of it.
        choice: what the case says of the columns.

    Raises:
        ValueError: "what; remedy", as `read_columns`; also a sign that cannot be told.
    """
    more = ("voltage",) if column in SIGNED else ()
    table = _table(path, {"time": "s", column: unit}, more, choice, headless=True)
    if len(table.values[column]) > MOST_LOAD_ROWS:
        raise ValueError(
            f"{shown(path.name)} has {len(table.values[column]):,} rows, and each is a time step; "
            f"thin them to {MOST_LOAD_ROWS:,}"
        )
    notes, values = list(table.notes), table.values[column]
    name = shown(path.name)
    sign = None if choice is None else choice.sign
    if column in SIGNED:
        try:
            values, note = directed(table, column, sign)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        notes += [note] if note else []
    elif sign is not None:
        raise ValueError(f"sign has no effect on a {column}; remove it")
    times = table.values["time"]
    record = sum(map(bool, table.titles)) > 2
    if record and times[0] != 0.0:
        notes.append(f"begins at {times[0]:.10g} s, which becomes 0 s")
        times = times - times[0]
    times, values, note = one_time_each(times, values, record)
    _tell(table, (*notes, note) if note else tuple(notes))
    return _tuple(times), _tuple(values)


def _tuple(values: object) -> Columns:
    return tuple(map(float, values))  # type: ignore[call-overload]


def _table(
    path: Path,
    wanted: Mapping[str, str],
    more: tuple[str, ...],
    choice: TableChoice | None,
    headless: bool,
) -> Table:
    """A file's table, read once as long as it does not change.

    Raises:
        ValueError: "what; remedy", with the line.
    """
    said = Choice() if choice is None else choice.choice()
    for key, given in (("columns", said.columns), ("units", said.units)):
        for quantity in given:
            if quantity not in wanted:
                listing = ", ".join(wanted)
                raise ValueError(f"{key}.{shown(quantity)} has no effect here; wanted: {listing}")
    try:
        about = path.stat()
        stamp = (about.st_mtime_ns, about.st_size)
    except (OSError, ValueError):
        stamp = (0, 0)
    asked = (tuple(wanted.items()), more, tuple(said.columns.items()), tuple(said.units.items()))
    try:
        return _read(path, stamp, *asked, headless)
    except CaseError as error:
        problem = error.problems[0]
        where = f"{shown(path.name)}, {problem.where}: " if problem.where else ""
        remedy = f"; {problem.remedy}" if problem.remedy else ""
        raise ValueError(f"{where}{problem.what}{remedy}") from None


@lru_cache(maxsize=32)
def _read(
    path: Path,
    stamp: tuple[int, int],
    wanted: tuple[tuple[str, str], ...],
    more: tuple[str, ...],
    columns: tuple[tuple[str, str | int], ...],
    units: tuple[tuple[str, str], ...],
    headless: bool,
) -> Table:
    needed = dict(wanted)
    asked = {name: known(name, unit) for name, unit in needed.items()}
    asked |= {name: known(name, "") for name in more}
    return read(path, asked, tuple(needed), Choice(dict(columns), dict(units)), headless, more)


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
