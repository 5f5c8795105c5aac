"""A run held against a measurement: root mean square differences, and a picture of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from joulestack import picture
from joulestack.errors import CaseError, Problem, shown
from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style, timeline
from joulestack.outputs.result import Result
from joulestack.outputs.timeseries import TIME
from joulestack.spelling import nearest
from joulestack.tables.reading import Table, read
from joulestack.tables.titles import KNOWN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VOLTAGE, HOTTEST = "Voltage [V]", "Temperature max [K]"
_UNIT = {"voltage": "V", "temperature": "K"}


@dataclass(frozen=True)
class Difference:
    """One quantity, measured and computed.

    Attributes:
        quantity: "voltage" or "temperature".
        column: of the time series.
        times: of the measurement, from its first row, as long as the run lasts [s].
        measured, computed: at these times [V or K].
    """

    quantity: str
    column: str
    times: Floats
    measured: Floats
    computed: Floats

    @property
    def rms(self) -> float:
        """Root mean square over time, so that closely written rows do not count more."""
        width = np.gradient(self.times) if len(self.times) > 1 else np.ones(1)
        square = (self.computed - self.measured) ** 2
        whole = float(width.sum())
        return float(np.sqrt((width * square).sum() / whole if whole else square.mean()))

    def __str__(self) -> str:
        unit = _UNIT[self.quantity]
        away = self.computed - self.measured
        worst = int(np.abs(away).argmax())
        return (
            f"{self.quantity}: root mean square {self.rms:.4g} {unit}, mean {away.mean():+.4g} "
            f"{unit}, largest {away[worst]:+.4g} {unit} at {self.times[worst]:.6g} s"
        )


@dataclass(frozen=True)
class Comparison:
    """What a run and a measurement differ by, and what was decided on the way."""

    differences: tuple[Difference, ...]
    notes: tuple[str, ...]


def compare(result: Result, path: str | Path, temperature: str = HOTTEST) -> Comparison:
    """Hold a run against a measurement; its first row is the start of the run.

    Args:
        result: of a run.
        path: table with time and voltage, or time and temperature; see docs/tables.md.
        temperature: column of the time series that a measured temperature belongs to.

    Raises:
        CaseError: no such column, a file that is no such table, nothing in common.
    """
    if temperature not in result:
        near = nearest(temperature, result.names) or [n for n in result.names if "[K]" in n]
        what = f'the run has no "{shown(temperature)}"'
        raise CaseError(Problem("temperature", what, f"one of {', '.join(near[:8])}"))
    first = "voltage" if VOLTAGE in result else "temperature"
    wanted = {name: KNOWN[name] for name in ("time", "voltage", "temperature")}
    others = tuple(n for n in _UNIT if n != first)
    table = read(path, wanted, ("time", first), lenient=others)
    times = np.asarray(table.values["time"]) - table.values["time"][0]
    start, end = float(result[TIME].entries[0]), float(result[TIME].entries[-1])
    inside = (times >= start) & (times <= end * (1 + 1e-9))
    if inside.sum() < 2:
        what = f"has fewer than two rows within the run, {start:g} to {end:g} s"
        raise CaseError(Problem("", what, "compare with a run as long as it"), str(path))
    columns = {"voltage": VOLTAGE, "temperature": temperature}
    found = tuple(
        Difference(
            name, column, times[inside], np.asarray(table.values[name])[inside],
            np.interp(times[inside], result[TIME].entries, result[column].entries),
        )
        for name, column in columns.items()
        if name in table.values and column in result
    )  # fmt: skip
    return Comparison(found, (*table.notes, *_span(table, times, end)))


def _span(table: Table, times: Floats, end: float) -> Iterator[str]:
    if start := float(table.values["time"][0]):
        yield f"its first row, at {start:.6g} s, is the start of the run"
    if times[-1] > end * (1 + 1e-9):
        yield f"it lasts {times[-1]:.6g} s, the run {end:.6g} s: compared as long as the run lasts"
    elif times[-1] < end * (1 - 1e-6):
        yield f"it lasts {times[-1]:.6g} s, the run {end:.6g} s: compared as long as it lasts"


def draw(comparison: Comparison, title: str = "") -> Figure:
    """Both over time, one panel for each quantity."""
    with style.applied():
        rows = len(comparison.differences)
        figure = style.figure(7.4, 0.6 + 2.2 * rows)
        axes = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        divisor, unit = timeline.unit(float(comparison.differences[0].times[-1]))
        for panel, found in zip(axes, comparison.differences, strict=True):
            zero = 273.15 if found.quantity == "temperature" else 0.0
            t = found.times / divisor
            panel.plot(t, found.measured - zero, color=style.INK, lw=0.8, label="measured")
            computed = f"computed: {found.column.partition(' [')[0]}"
            panel.plot(t, found.computed - zero, color=style.TEMPERATURE, label=computed)
            panel.set_ylabel("temperature (°C)" if zero else "voltage (V)")
            panel.legend()
        axes[-1].set_xlabel(f"time ({unit})")
        return figure


def write(comparison: Comparison, path: Path, title: str, overwrite: bool = False) -> None:
    """Draw it into a picture.

    Raises:
        CaseError: the picture is there already, or is no name of one.
    """
    with picture.claim(path, overwrite):
        picture.save(draw(comparison, title), path)
