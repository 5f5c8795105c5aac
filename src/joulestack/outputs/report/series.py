"""Columns of a time series, as many rows as a page can hold."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.outputs.grid import Floats
from joulestack.outputs.report.packing import pack
from joulestack.outputs.timeseries import TIME

NUMBERS = 160_000
"""In all columns together: 0.9 MB of text."""
MOST_RECORDS = 6000
KEY = ("Voltage [V]", "Current [A]", "Temperature max [K]", "Heat generated [W]")
"""Whose extremes stay where rows are left out."""


def packed(table: Mapping[str, Floats]) -> dict[str, Any]:
    """The time series for the page.

    Args:
        table: columns by label.

    Returns:
        `columns` by label, packed; how many `rows` there are, and the number of those `kept`.
    """
    rows = len(table.get(TIME, ()))
    kept = chosen(table, min(max(NUMBERS // max(len(table), 1), 200), MOST_RECORDS))
    columns = {k: pack(v[kept], "f8" if k == TIME else "f4") for k, v in table.items()}
    return {"columns": columns, "rows": rows, "kept": len(kept)}


def chosen(table: Mapping[str, Floats], most: int) -> npt.NDArray[np.int64]:
    """Rows to keep: all, or the extremes of key columns in pieces of time, and ends of steps.

    Args:
        table: columns by label.
        most: rows, about.
    """
    t = table.get(TIME, np.zeros(0))
    rows = len(t)
    if rows <= most:
        return np.arange(rows)
    keys = [table[k] for k in KEY if k in table]
    pieces = max(most // (len(keys) + 1), 2)
    # Half of the pieces evenly in time, half evenly in steps: fast parts keep their shape.
    even = np.searchsorted(t, np.linspace(t[0], t[-1], pieces // 2 + 1))
    edges = np.union1d(even, np.linspace(0, rows, pieces // 2 + 1).astype(int))
    edges = np.unique(np.clip(np.append(edges, (0, rows)), 0, rows))
    found = [np.array([0, rows - 1]), np.clip(edges[:-1], 0, rows - 1)]
    if "Step" in table:
        jumps = np.flatnonzero(np.diff(table["Step"]))
        found += [jumps, jumps + 1]
    for values in keys:
        for extreme in (np.nanargmin, np.nanargmax):
            places = [a + extreme(values[a:b]) for a, b in pairwise(edges) if _known(values[a:b])]
            found.append(np.array(places, dtype=np.int64))
    return np.unique(np.concatenate(found).astype(np.int64))


def _known(values: Floats) -> bool:
    return bool(np.isfinite(values).any())
