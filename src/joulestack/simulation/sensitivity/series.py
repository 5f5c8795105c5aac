"""Derivatives of the columns of a time series, from those along the steps of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joulestack.outputs.timeseries import TIME
from joulestack.simulation.observe import Row
from joulestack.solver.stepping.history import rate_weights

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Recorded:
    """A record of the run.

    Attributes:
        t: [s].
        row: by column.
        order: of the step that it ends; 0: of none, a piece of the load begins there.
    """

    t: float
    row: Row
    order: int


@dataclass(frozen=True)
class InTime:
    """Derivatives of what was recorded.

    Attributes:
        times: of the records [s].
        columns: labels.
        fixed: at fixed times, shape (numbers, records, columns).
        shared: at a fixed share of each piece of the load, of the same shape: where a step is
            longer, all of it is stretched. Near an end that a number moves a curve may be so steep
            that what it has at a fixed time says nothing of its shape.
        later: of the times of these shares, shape (numbers, records).
    """

    times: Floats
    columns: tuple[str, ...]
    fixed: Floats
    shared: Floats
    later: Floats


def in_time(records: Sequence[Recorded], along: Sequence[Sequence[Row]]) -> InTime:
    """Take what was differentiated along the steps, whose times may follow the number themselves.

    A quantity y that changes by dy/dp along steps whose times change by dt/dp changes by
    dy/dp + (tau - dt/dp) dy/dt where the time changes by tau. dy/dt is that of the steps' formulas.

    Args:
        records: of the run.
        along: of each number the derivatives of the rows, with that of the time.
    """
    times = np.array([r.t for r in records])
    columns = tuple(dict.fromkeys(k for r in records for k in r.row if k != TIME))
    shape = len(along), len(records), len(columns)
    found = np.array([[[row.get(c, 0.0) for c in columns] for row in rows] for rows in along])
    found = found.reshape(shape)
    theta = np.array([[row[TIME] for row in rows] for rows in along]).reshape(shape[:2])
    later = np.zeros_like(theta)
    for first, end in _pieces(records):
        long = times[end - 1] - times[first]
        share = (times[first:end] - times[first]) / long if long > 0 else np.zeros(end - first)
        ends = theta[:, first, None], theta[:, end - 1, None]
        later[:, first:end] = ends[0] + (ends[1] - ends[0]) * share
    fixed = shared = found
    if theta.any():
        slopes = _slopes(records, columns)
        fixed = found - theta[:, :, None] * slopes
        shared = found + (later - theta)[:, :, None] * slopes
    return InTime(times, columns, fixed, shared, later)


def _pieces(records: Sequence[Recorded]) -> list[tuple[int, int]]:
    starts = [n for n, r in enumerate(records) if not r.order]
    return list(zip(starts, [*starts[1:], len(records)], strict=True))


def _slopes(records: Sequence[Recorded], columns: Sequence[str]) -> Floats:
    """dy/dt of each column at each record; where a piece begins, that to its first step."""
    table = np.array([[r.row.get(c, 0.0) for c in columns] for r in records])
    slopes = np.zeros_like(table)
    for n, record in enumerate(records):
        if record.order:
            before = range(n - 1, n - 1 - record.order, -1)
            weights = rate_weights(record.t, [records[j].t for j in before])
            slopes[n] = weights @ table[[n, *before]]
    for first, end in _pieces(records):
        if end - first > 1:
            slopes[first] = slopes[first + 1]
    return slopes
