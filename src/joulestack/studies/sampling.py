"""Points of a study: every combination, one after another, at random, from a table."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulestack.errors import CaseError, Problem
from joulestack.studies.values import (
    MOST_RUNS,
    Varied,
    between,
    interval,
    parse,
    written,
)

Point = dict[str, Any]
"""Key -> value, as a case file would write it."""

_TITLE = re.compile(r"(.*?)\s*\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Sampled:
    """Points and the keys that they differ in.

    Attributes:
        varied: keys with their values: of each axis of a grid, else of each point.
        points: in the order in which they are run.
        grid: every combination is there, the last key changing fastest.
    """

    varied: tuple[Varied, ...]
    points: tuple[Point, ...]
    grid: bool


def grid(varied: Sequence[Varied]) -> Sampled:
    """Every combination.

    Raises:
        CaseError: no key is varied, one of them twice, or there are too many.
    """
    _once(varied)
    count = math.prod(len(v.values) for v in varied)
    if count > MOST_RUNS:
        raise CaseError(Problem("vary", f"makes {count} runs", f"at most {MOST_RUNS}"))
    keys = [v.key for v in varied]
    found = itertools.product(*(v.values for v in varied))
    return Sampled(tuple(varied), tuple(dict(zip(keys, p, strict=True)) for p in found), True)


def listed(varied: Sequence[Varied]) -> Sampled:
    """The first value of each, the second of each, ...

    Raises:
        CaseError: they are not equally many.
    """
    _once(varied)
    counts = {v.key: len(v.values) for v in varied}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{key} {count}" for key, count in counts.items())
        what = f"keys of a list take equally many values, these do not: {told}"
        raise CaseError(Problem("vary", what, 'sampling = "grid" for every combination'))
    keys = [v.key for v in varied]
    rows = zip(*(v.values for v in varied), strict=True)
    return Sampled(tuple(varied), tuple(dict(zip(keys, row, strict=True)) for row in rows), False)


def at_random(
    ranges: Mapping[str, tuple[object, object, bool]],
    chosen: Sequence[Varied],
    samples: int,
    seed: int,
) -> Sampled:
    """A Latin hypercube: each range is met evenly, whatever the others do (McKay et al. 1979).

    Args:
        ranges: key -> (lowest, highest, by their logarithms).
        chosen: keys that take one of a few values.
        samples: points.
        seed: of the random numbers; equal seeds give equal points.

    Raises:
        CaseError: a range is none.
    """
    from scipy.stats import qmc  # 0.5 s that other studies do not need

    keys = [*ranges, *(v.key for v in chosen)]
    if not keys:
        raise CaseError(Problem("vary", "no key is varied", "name one"))
    shares = qmc.LatinHypercube(len(keys), seed=seed).random(samples)
    columns: list[Varied] = []
    for (key, (low, high, log)), share in zip(ranges.items(), shares.T, strict=False):
        start, end, unit = interval(f"vary.{key}", low, high)
        numbers = between(f"vary.{key}", start, end, share, log)
        columns.append(Varied(key, tuple(written(x, unit) for x in numbers)))
    for one, share in zip(chosen, shares.T[len(ranges) :], strict=True):
        taken = tuple(one.values[int(x * len(one.values))] for x in share)
        columns.append(Varied(one.key, taken))
    return listed(columns)


def from_table(path: Path) -> Sampled:
    """Points of a CSV file: a key with its unit in brackets over each column.

    Raises:
        CaseError: the file is none, with every line that is wrong.
    """
    lines = _lines(path)
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines)]
    if len(rows) < 2:
        what = "holds no points"
        raise CaseError(Problem(str(path), what, "a line of keys, then a line for each run"))
    titles = [_TITLE.fullmatch(title) for title in rows[0]]
    keys = [m[1] if m else title for m, title in zip(titles, rows[0], strict=True)]
    units = [m[2] if m else "" for m in titles]
    short = [i for i, row in enumerate(rows[1:], 1) if len(row) != len(keys) or "" in row]
    if short or "" in keys:
        what = f"point {short[0]} has not a value for each key" if short else "a column has no key"
        raise CaseError(Problem(str(path), what, f"{len(keys)} columns, none of them empty"))
    cells = zip(*rows[1:], strict=True)
    columns = zip(keys, units, cells, strict=True)
    return listed([_column(key, unit, texts, str(path)) for key, unit, texts in columns])


def _lines(path: Path) -> list[str]:
    """Lines of a table that say something."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        what = f"cannot be read ({reason})"
        raise CaseError(Problem(str(path), what, "name a CSV file")) from None
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _column(key: str, unit: str, texts: Sequence[str], where: str) -> Varied:
    """Cells below a title; numbers without a unit are numbers."""
    written_out = [f"{text} {unit}" if unit else text for text in texts]
    return Varied(key, tuple(_plain(parse(key, [t], where).values[0]) for t in written_out))


def _plain(value: Any) -> Any:
    """A number where the text is one."""
    try:
        return float(value)
    except ValueError:
        return value


def _once(varied: Sequence[Varied]) -> None:
    keys = [v.key for v in varied]
    if not keys:
        raise CaseError(Problem("vary", "no key is varied", "name one"))
    twice = next((key for i, key in enumerate(keys) if key in keys[:i]), None)
    if twice is not None:
        raise CaseError(Problem(f"vary.{twice}", "is varied twice", "give all values at once"))
