"""Derivatives of the columns of a time series at fixed times, from those along the steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from joulestack.outputs.timeseries import TIME
from joulestack.simulation.observe import Row

Floats = npt.NDArray[np.float64]


def in_time(
    records: Sequence[tuple[float, Row, str]], along: Sequence[Sequence[Row]]
) -> tuple[Floats, tuple[str, ...], Floats]:
    """Times, columns, and derivatives of shape (numbers, records, columns).

    Where a step has ended at a limit, the records after it are so much later where the number is
    larger: at a fixed time a quantity y changes by dy/dp - dt/dp dy/dt. dy/dt is taken from the
    records on both sides, never over a jump of the load.

    Args:
        records: time [s], row and kind of each record.
        along: of each number the derivatives of the rows, with that of the time.
    """
    times = np.array([t for t, _, _ in records])
    columns = tuple(dict.fromkeys(k for _, row, _ in records for k in row if k != TIME))
    found = np.array([[[row.get(c, 0.0) for c in columns] for row in rows] for rows in along])
    found = found.reshape(len(along), len(records), len(columns))
    theta = np.array([[row[TIME] for row in rows] for rows in along]).reshape(found.shape[:2])
    if theta.any():
        table = np.array([[row.get(c, np.nan) for c in columns] for _, row, _ in records])
        slopes = _slopes(times, table, [kind for _, _, kind in records])
        found = found - theta[:, :, None] * np.nan_to_num(slopes)
    return times, columns, found


def _slopes(times: Floats, table: Floats, kinds: Sequence[str]) -> Floats:
    """dy/dt of each column, piece by piece between jumps."""
    starts = [n for n, kind in enumerate(kinds) if kind != "step"]
    slopes = np.zeros_like(table)
    for first, end in zip(starts, [*starts[1:], len(times)], strict=True):
        if end - first >= 2:
            slopes[first:end] = np.gradient(
                table[first:end],
                times[first:end],
                axis=0,
                edge_order=2 if end - first >= 3 else 1,
            )
    return slopes
