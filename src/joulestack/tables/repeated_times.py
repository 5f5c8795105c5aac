"""Rows that share their time: jumps, or a clock that ticks more slowly than rows are written."""

from __future__ import annotations

import numpy as np

_COARSE = 0.2
"""Share of rows that repeat a time from which a clock is called coarse, with three rows or more at
one time."""

_ALL_PAIRS = 0.4
_LONG = 20
"""With two rows at one time, which a table by hand and a record have at each jump: nearly every
time of a record of so many rows."""


def one_time_each(
    times: np.ndarray, values: np.ndarray, record: bool
) -> tuple[np.ndarray, np.ndarray, str]:
    """A table whose times stand twice at most, and what was done to have it so.

    Args:
        times: that do not run back.
        values: at these times.
        record: written by a cycler, not by hand.

    Returns:
        Times, values, and a note, empty where nothing was done.
    """
    again = (np.diff(times) == 0) & (np.diff(values) == 0)
    new = np.concatenate([[True], ~again])
    times, values = times[new], values[new]
    ticks, first, counts = np.unique(times, return_index=True, return_counts=True)
    repeated, most = len(times) - len(ticks), int(counts.max())
    all_pairs = record and repeated > _ALL_PAIRS * len(times) and len(times) >= _LONG
    if most == 1 or len(ticks) < 2 or (most == 2 and not all_pairs):
        return *_begun(times, values, record), ""
    if repeated > _COARSE * len(times):
        tick = np.diff(ticks, append=2 * ticks[-1] - ticks[-2])
        place = np.arange(len(times)) - np.repeat(first, counts)
        spread = times + np.repeat(tick / counts, counts) * place
        note = f"{repeated} rows share their time with another: spread over the tick of the clock"
        return spread, values, note
    ends = np.unique(np.concatenate([first, first + counts - 1]))
    note = f"up to {most} rows share their time: the first and the last are kept, as a jump"
    return *_begun(times[ends], values[ends], True), note


def _begun(times: np.ndarray, values: np.ndarray, record: bool) -> tuple[np.ndarray, np.ndarray]:
    """Without a first row that is over at once: there is nothing before the first moment."""
    start = int(record and len(times) > 2 and times[0] == times[1])
    return times[start:], values[start:]
