"""Two results held against each other, and results against measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.outputs import headline
from joulestack.outputs.measured import series as measured
from joulestack.outputs.report.facts import number
from joulestack.outputs.report.packing import pack
from joulestack.outputs.result import Result

Table = dict[str, Any]

MOST_POINTS = 1500
"""Of one measured quantity."""
MOST_SETTINGS = 100


def compared(first: Result, second: Result) -> Table:
    """Headline figures of both, and what their cases differ in (None where one is not known)."""
    a, b = (headline.shown(r.summary) for r in (first, second))
    rows = []
    for name in dict.fromkeys((*a, *b)):
        label, _, unit = name.removesuffix("]").partition(" [")
        one, other = (found[name][0] if name in found else None for found in (a, b))
        rows.append({"name": label, "unit": unit, "a": one, "b": other})
    cases = [r.manifest.get("case") for r in (first, second)]
    known = all(cases)
    return {"figures": rows, "settings": list(differences(*cases)) if known else None}


def differences(first: Any, second: Any) -> Iterator[tuple[str, str, str]]:
    """Keys of two cases with their values, where these differ; entries of lists by their name."""
    a, b = (dict(_flat(case)) for case in (first, second))
    found = [key for key in dict.fromkeys((*a, *b)) if a.get(key, _NONE) != b.get(key, _NONE)]
    for key in found[:MOST_SETTINGS]:
        yield key, _said(a.get(key, _NONE)), _said(b.get(key, _NONE))
    if len(found) > MOST_SETTINGS:
        yield f"and {len(found) - MOST_SETTINGS} more", "", ""


_NONE = object()


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("name", "between"):  # in the path already
                yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(v, Mapping) for v in value):
        for i, inner in enumerate(value):
            yield from _flat(inner, f"{path}.{_named(inner, i)}")
    else:
        yield path, value


def _named(entry: Any, number: int) -> str:
    if not isinstance(entry, Mapping):
        return str(number)
    between = entry.get("between")
    return str(entry.get("name") or (" | ".join(map(str, between)) if between else number))


def _said(value: Any) -> str:
    if value is _NONE:
        return "\u2013"
    if isinstance(value, float):
        return number(value, 6)
    if isinstance(value, list):
        return ", ".join(_said(v) for v in value)
    return "none" if value is None else str(value)


@dataclass(frozen=True)
class Measured:
    """What was measured, for curves, and how far results are from it.

    Attributes:
        curves: quantity, file, times [s] and values [V or K], packed.
        lines: of text.
    """

    curves: list[Table]
    lines: list[str]


def measurements(results: Sequence[Result], files: Sequence[Path]) -> Measured:
    """Read tables and hold each result against them.

    Raises:
        CaseError: a file is no such table, or has nothing in common with a result.
    """
    curves: list[Table] = []
    lines: list[str] = []
    for file in files:
        longest: dict[str, measured.Difference] = {}
        for i, result in enumerate(results):
            found = measured.compare(result, file)
            name = f"{'AB'[i]}: " if len(results) > 1 else ""
            lines += [f"{name}{file.name}, {difference}" for difference in found.differences]
            for one in found.differences:
                if one.quantity not in longest or len(one.times) > len(longest[one.quantity].times):
                    longest[one.quantity] = one
        for quantity, one in longest.items():
            few = np.unique(np.linspace(0, len(one.times) - 1, MOST_POINTS).astype(int))
            curves.append(
                {
                    "quantity": quantity,
                    "file": file.name,
                    "times": pack(one.times[few], "f8"),
                    "values": pack(one.measured[few]),
                }
            )
    return Measured(curves, lines)
