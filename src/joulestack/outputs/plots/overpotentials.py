"""overpotentials.png: where the voltage goes, over time or over the capacity of one discharge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.outputs.grid import Floats
from joulestack.outputs.legend import Entry, Legend
from joulestack.outputs.plots import style, timeline
from joulestack.outputs.timeseries import TIME

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EQUILIBRIUM, VOLTAGE = "Equilibrium voltage [V]", "Voltage [V]"
CAPACITY = "Capacity passed [mAh]"
NEGLIGIBLE = 2e-3
"""Part of the largest loss below which one is not drawn."""


def losses(table: Mapping[str, Floats], legend: Legend) -> dict[Entry, Floats]:
    """Losses [V] that a time series holds, in the order of the legend."""
    return {e: table[e.column] for e in legend.losses if e.column in table}


def drawable(table: Mapping[str, Floats], legend: Legend) -> bool:
    """Whether a time series holds losses, and more than one moment of them."""
    parts = losses(table, legend)
    return len(table[TIME]) > 1 and any(np.any(v) for v in parts.values())


def draw(table: Mapping[str, Floats], title: str, legend: Legend) -> Figure:
    """Equilibrium and terminal voltage, and below them the losses between both, stacked.

    Args:
        table: columns of the time series, with losses.
        title: of the case.
        legend: of the losses.
    """
    with style.applied():
        figure = style.figure(7.4, 5.4)
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[1.0, 1.25])
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        x, label = _axis(table)
        _voltages(top, x, table)
        _stack(bottom, x, losses(table, legend))
        bottom.set_xlabel(label)
        if "Step" in table:
            timeline.steps(top, bottom, x, table["Step"])
        bottom.set_xlim(float(x.min()), float(x.max()))
        figure.align_ylabels([top, bottom])
        return figure


def _axis(table: Mapping[str, Floats]) -> tuple[Floats, str]:
    """Capacity where it only ever grows (one discharge or one charge), else time."""
    passed = table.get(CAPACITY)
    if passed is not None and passed.any():
        steps = np.diff(np.abs(passed))
        if (steps >= 0).all() and np.count_nonzero(steps) >= 0.9 * len(steps):
            area = "Capacity passed [mAh/cm2]"
            if area in table:
                return np.abs(table[area]), "capacity passed (mAh/cm²)"
            return np.abs(passed), "capacity passed (mAh)"
    divisor, unit = timeline.unit(float(np.ptp(table[TIME])))
    t = np.asarray(table[TIME] / divisor, dtype=np.float64)
    return t, f"time ({unit})"


def _voltages(axes: Any, x: Floats, table: Mapping[str, Floats]) -> None:
    voltage = table[VOLTAGE]
    if EQUILIBRIUM in table:
        rest = table[EQUILIBRIUM]
        axes.fill_between(x, voltage, rest, color=style.SHADES[1], lw=0)
        axes.plot(x, rest, color=style.INK, lw=1.2, ls=(0, (4, 2)), label="equilibrium")
    axes.plot(x, voltage, color=style.ELECTRONIC, label="terminals")
    axes.set_ylabel("voltage (V)")
    timeline.legend(axes)


def _stack(axes: Any, x: Floats, parts: Mapping[Entry, Floats]) -> None:
    """Losses that lower the voltage upwards (discharge), that raise it downwards (charge)."""
    size = {entry: float(np.nanmax(np.abs(v))) for entry, v in parts.items()}
    kept = [e for e in parts if size[e] > NEGLIGIBLE * max(size.values())]
    for sign in (1, -1):
        bottom: Floats = np.zeros(len(x))
        for entry in kept:
            part = sign * 1e3 * np.nan_to_num(np.clip(sign * parts[entry], 0, None))
            axes.fill_between(
                x, bottom, bottom + part, alpha=0.92, **style.area(entry.colour, entry.hatch),
                label=entry.label if sign > 0 else None,
            )  # fmt: skip
            bottom = bottom + part
    axes.axhline(0, color=style.FAINT, lw=0.7)
    axes.set_ylabel("loss (mV)")
    timeline.legend(axes, stacked=True)
