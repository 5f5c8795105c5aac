"""timeseries.png: temperatures, voltage and current, and where the heat comes from, over time."""

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


def draw(table: Mapping[str, Floats], title: str = "", legend: Legend | None = None) -> Figure:
    """Panels over time, those for which there is data.

    Args:
        table: columns of the time series.
        title: of the case.
        legend: of the heat sources; without it they are left out.
    """
    with style.applied():
        electrical = "Voltage [V]" in table
        heat = {e: table[e.column] for e in (legend or Legend()).heat if e.column in table}
        rows = 1 + electrical + bool(heat)
        figure = style.figure(7.4, 0.6 + 1.9 * rows)
        axes = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        divisor, unit = timeline.unit(float(table[TIME][-1] - table[TIME][0]))
        t: Floats = np.asarray(table[TIME] / divisor, dtype=np.float64)
        _temperatures(axes[0], t, table)
        if electrical:
            _electrical(axes[1], t, table)
        if heat:
            _heat(axes[-1], t, heat)
        if "Step" in table:
            timeline.steps(axes[0], axes[-1], t, table["Step"])
        axes[-1].set_xlabel(f"time ({unit})")
        if t[-1] > t[0]:
            axes[-1].set_xlim(t[0], t[-1])
        figure.align_ylabels(list(axes))
        return figure


def _temperatures(axes: Any, t: Floats, table: Mapping[str, Floats]) -> None:
    low, high = table["Temperature min [K]"], table["Temperature max [K]"]
    axes.fill_between(t, low - 273.15, high - 273.15, color=style.TEMPERATURE, alpha=0.18, lw=0)
    axes.plot(t, high - 273.15, color=style.TEMPERATURE, label="hottest point", marker=_dot(t))
    axes.plot(t, low - 273.15, color=style.TEMPERATURE, lw=0.8, label="coldest point")
    means = {k: v for k, v in table.items() if k.endswith(" temperature mean [K]")}
    if means:
        hottest = max(means, key=lambda k: float(np.nanmax(means[k])))
        name = hottest.removesuffix(" temperature mean [K]")
        mean = means[hottest] - 273.15
        axes.plot(t, mean, color=style.INK, lw=1.1, ls=(0, (4, 2)), label=f"mean of {name}")
    axes.set_ylabel("temperature (°C)")
    timeline.legend(axes)


def _electrical(axes: Any, t: Floats, table: Mapping[str, Floats]) -> None:
    axes.plot(t, table["Voltage [V]"], color=style.ELECTRONIC, marker=_dot(t))
    axes.set_ylabel("voltage (V)", color=style.ELECTRONIC)
    _room(axes, table["Voltage [V]"])
    if "Current [A]" in table:
        other = axes.twinx()
        other.set_label(timeline.TWIN)
        current = table["Current [A]"]
        small = float(np.nanmax(np.abs(current), initial=0.0)) < 0.1
        shown = current * 1e3 if small else current
        other.plot(t, shown, color=style.FAINT, lw=1.2, ls=(0, (4, 2)))
        other.set_ylabel("discharge current (mA)" if small else "discharge current (A)")
        other.yaxis.label.set_color("#5c626b")
        other.spines["right"].set_visible(True)
        low, high = float(np.nanmin(shown, initial=0.0)), float(np.nanmax(shown, initial=0.0))
        pad = 0.15 * (high - low) or 1.0
        still = low == high == 0.0
        other.set_ylim(
            low - (pad if low < 0 or still else 0), high + (pad if high > 0 or still else 0)
        )


def _heat(axes: Any, t: Floats, heat: Mapping[Entry, Floats]) -> None:
    """Sources that heat stacked upwards, those that cool downwards."""
    size = {k: float(np.nanmax(np.abs(v), initial=0.0)) for k, v in heat.items()}
    largest = max(size.values())
    kept = sorted((k for k in heat if size[k] > 1e-3 * largest), key=lambda k: -size[k])
    small = largest < 0.1
    factor = 1e3 if small else 1.0
    for sign in (1, -1):
        bottom = np.zeros_like(t)
        for entry in kept:
            part = np.nan_to_num(np.clip(sign * heat[entry], 0, None)) * sign * factor
            if not part.any():
                continue
            axes.fill_between(
                t, bottom, bottom + part, alpha=0.9, **style.area(entry.colour, entry.hatch),
                label=entry.label if sign > 0 or not (heat[entry] > 0).any() else None,
            )  # fmt: skip
            bottom = bottom + part
    axes.axhline(0, color=style.FAINT, lw=0.7)
    axes.set_ylabel("heat by source (mW)" if small else "heat by source (W)")
    timeline.legend(axes, stacked=True)


def _room(axes: Any, values: Floats) -> None:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    pad = max(0.1 * (high - low), 1e-3 * max(abs(low), abs(high)), 1e-12)
    axes.set_ylim(low - pad, high + pad)


def _dot(t: Floats) -> str | None:
    return "o" if len(t) == 1 else None
