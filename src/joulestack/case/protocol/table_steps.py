"""Steps that follow a table: stretches without jumps, cut or repeated to the wanted duration."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np

from joulestack.case.protocol.grammar import Sentence
from joulestack.case.protocol.steps import End, Mode, Step
from joulestack.case.tables import check_times, read_load
from joulestack.in_time import Profile

_ROUND_OFF = 1e-15
UNITS = {"current": "A", "c_rate": "1", "power": "W", "voltage": "V", "resistance": "ohm"}


def run_stretches(
    sentence: Sentence,
    mode: Mode,
    duration: float | None,
    ends: tuple[End, ...],
    folder: Path,
    total: Callable[[str, float], float],
) -> list[Step]:
    """Steps of "Run FILE (A)": discharge positive, as in every table.

    Args:
        sentence: the run.
        mode: what its table prescribes.
        duration: of the step [s]; a shorter table is repeated, None: once.
        ends: conditions that end it.
        folder: of the case file.
        total: turns (kind, value) into A, for C-rates.

    Raises:
        ValueError: the file is not there or not such a table.
    """
    times, values = read_load(
        folder / sentence.file, sentence.column, UNITS[sentence.column], sentence.table
    )
    try:
        check_times(times, values, jumps=True)
    except ValueError as error:
        raise ValueError(f"{sentence.file} {error}") from None
    if sentence.column == "resistance" and min(values) <= 0:
        raise ValueError(f"{sentence.file} has resistances that are not above 0; give larger ones")
    if sentence.column == "c_rate":
        values = tuple(total("C-rate", v) for v in values)
    return stretches(sentence.text, mode, *fitted(times, values, duration), ends=ends)


def fitted(
    times: tuple[float, ...], values: tuple[float, ...], duration: float | None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A table cut off, or gone through again and again, to last a duration [s]."""
    if duration is None:
        return times, values
    period = times[-1]
    passes = int(np.ceil(duration / period * (1 - 1e-12)))
    t = np.concatenate([np.asarray(times) + k * period for k in range(passes)])
    v = np.tile(np.asarray(values), passes)
    # A point that is there twice, as where a table starts again at its last value, is no jump.
    twice = np.flatnonzero((t[1:] == t[:-1]) & (v[1:] == v[:-1])) + 1
    t, v = np.delete(t, twice), np.delete(v, twice)
    kept = int(np.searchsorted(t, duration * (1 - 1e-12)))
    before, after = kept - 1, min(kept, len(t) - 1)
    share = (duration - t[before]) / (t[after] - t[before]) if after > before else 1.0
    last = v[before] + min(share, 1.0) * (v[after] - v[before])
    return (*map(float, t[:kept]), duration), (*map(float, v[:kept]), float(last))


def stretches(
    text: str,
    mode: Mode,
    times: tuple[float, ...],
    values: tuple[float, ...],
    ends: tuple[End, ...] = (),
) -> list[Step]:
    """One step for each stretch of a table between jumps (repeated times)."""
    cuts = [0, *(i + 1 for i in range(len(times) - 1) if times[i] == times[i + 1]), len(times)]
    whole = [(times[a:b], values[a:b]) for a, b in pairwise(cuts) if b - a > 1]
    return [
        Step(
            text=text,
            mode=mode,
            value=_profile(tuple(s - t[0] for s in t), v),
            duration=t[-1] - t[0],
            ends=ends,
            part=part,
        )
        for part, (t, v) in enumerate(whole)
    ]


def _profile(times: tuple[float, ...], values: tuple[float, ...]) -> Profile:
    """A profile without kinks that are none."""
    if all(v == values[0] for v in values):
        return Profile((0.0,), values[:1])
    t, v = np.asarray(times), np.asarray(values)
    share = (t[1:-1] - t[:-2]) / (t[2:] - t[:-2])
    off = np.abs(v[:-2] + share * (v[2:] - v[:-2]) - v[1:-1]) > _ROUND_OFF * np.abs(v).max()
    kept = np.concatenate([[True], off, [True]])
    return Profile(tuple(map(float, t[kept])), tuple(map(float, v[kept])))
