"""unit_cells.png: current and temperature of the unit cells of a stack, and how far they spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.outputs import unit_cells
from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style, timeline
from joulestack.outputs.timeseries import TIME

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def drawable(table: Mapping[str, Floats]) -> bool:
    """Whether a time series tells of several unit cells, and of more than one moment."""
    return len(table[TIME]) > 1 and bool(unit_cells.columns(table, unit_cells.TEMPERATURE))


def draw(table: Mapping[str, Floats], title: str = "") -> Figure:
    """Over time on the left, one line a unit cell; from cell to cell on the right.

    Args:
        table: columns of the time series.
        title: of the case.
    """
    with style.applied():
        panels = [(label, shown) for label, of in _PANELS if len(shown := of(table))]
        figure = style.figure(8.6, 0.8 + 2.2 * len(panels))
        axes = figure.subplots(len(panels), 2, width_ratios=[1.7, 1.0], sharex="col", squeeze=False)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        divisor, unit = timeline.unit(float(table[TIME][-1] - table[TIME][0]))
        t: Floats = np.asarray(table[TIME] / divisor, dtype=np.float64)
        widest = _widest(table)
        for (over, across), (label, values) in zip(axes, panels, strict=True):
            _over_time(over, t, values, label)
            over.axvline(t[widest], color=style.FAINT, lw=0.9, ls=(0, (4, 2)), zorder=0.5)
            numbers = np.arange(1, len(values) + 1)
            across.plot(numbers, values[:, widest], "o-", color=style.INK, ms=3.2, lw=1.0)
            across.locator_params(axis="x", integer=True)
        axes[-1, 0].set_xlabel(f"time ({unit})")
        axes[-1, 0].set_xlim(t[0], t[-1])
        axes[-1, 1].set_xlabel("unit cell, from the bottom")
        axes[0, 1].set_title(f"at {style.duration(float(table[TIME][widest]))}")
        figure.align_ylabels(list(axes[:, 0]))
        return figure


def _off_the_mean(table: Mapping[str, Floats]) -> Floats:
    """Current of each unit cell against the mean of all [%]; nothing where hardly any flows."""
    currents = np.array(unit_cells.columns(table, unit_cells.CURRENT))
    if not len(currents):
        return currents
    mean = currents.mean(axis=0)
    flows = np.abs(mean) > REST * np.abs(mean).max()
    found: Floats = np.full(currents.shape, np.nan)
    found[:, flows] = 100.0 * (currents[:, flows] / mean[flows] - 1.0)
    return found


def _celsius(table: Mapping[str, Floats]) -> Floats:
    found: Floats = np.array(unit_cells.columns(table, unit_cells.TEMPERATURE)) - 273.15
    return found


REST = 1e-4
"""Part of the largest mean current below which there is nothing to compare."""
_PANELS = (("current off the mean (%)", _off_the_mean), ("mean temperature (°C)", _celsius))


def _widest(table: Mapping[str, Floats]) -> int:
    """Record at which the temperatures of the unit cells lie furthest apart."""
    values = np.array(unit_cells.columns(table, unit_cells.TEMPERATURE))
    return int(np.argmax(np.ptp(values, axis=0)))


def _over_time(axes: Any, t: Floats, values: Floats, label: str) -> None:
    """A line for each unit cell, coloured from the bottom to the top, within their spread."""
    shades = style.colours()
    axes.fill_between(t, values.min(axis=0), values.max(axis=0), color=style.FAINT, alpha=0.2, lw=0)
    last = len(values) - 1
    for n, series in enumerate(values):
        name = {0: "bottom cell", last: "top cell"}.get(n)
        axes.plot(t, series, color=shades(0.08 + 0.8 * n / max(last, 1)), lw=0.9, label=name)
    axes.plot(t, values.mean(axis=0), color=style.INK, lw=1.2, ls=(0, (4, 2)), label="mean")
    axes.set_ylabel(label)
    axes.legend(loc="best")
