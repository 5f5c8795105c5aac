"""sensitivities.png: which numbers move the headline figures most; uncertainty.png: bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from joulestack.outputs import headline
from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style, timeline
from joulestack.outputs.sensitivities import SHOWN_PART, Sensitivities
from joulestack.outputs.timeseries import TIME

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_BARS = 12
"""Numbers shown for a figure."""

UNMOVED = 1e-6
"""Part of a figure that is not shown."""

SHORTEST_BAR = 0.01
"""Part of the longest bar below which a bar is not shown."""

LETTERS_OF_NUMBER = 58
"""Letters of a name that there is room for."""


def draw(found: Sensitivities, title: str = "") -> Figure:
    """A tornado for the largest rise, the voltage at the end and the durations of steps.

    A bar is the change of the figure for one standard deviation of a number; pale and hatched for a
    tenth of a number whose deviation nobody states.

    Args:
        found: derivatives of a run.
        title: of the case.
    """
    asked = [headline.LARGEST_RISE, headline.VOLTAGE, headline.CHARGE]
    lasting = [name for name in found.figures if " lasts [" in name][:1]
    shown = {name: bars for name in (*asked, *lasting) if (bars := _bars(found, name))}
    with style.applied():
        count = [max(len(bars), 1) for bars in shown.values()]
        figure = style.figure(7.4, 0.8 + 0.24 * sum(count) + 0.5 * len(shown))
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        if not shown:
            return figure
        rows = figure.subplots(len(shown), 1, squeeze=False, height_ratios=count)[:, 0]
        for axes, (name, bars) in zip(rows, shown.items(), strict=True):
            names, changes, known = zip(*reversed(bars), strict=True)
            places = range(len(names))
            drawn = axes.barh(places, changes, color=style.ELECTRONIC, height=0.66)
            for bar, stated in zip(drawn, known, strict=True):
                if not stated:
                    bar.set(facecolor=style.SHADES[1], edgecolor=style.FAINT, hatch="////", lw=0.5)
            axes.set_yticks(list(places), list(names))
            axes.axvline(0.0, color=style.INK, lw=0.7)
            axes.set_xlabel(f"{name}, of {found.values[name]:.4g}")
        rows[0].set_title(
            f"one standard deviation; hatched: +{100 * SHOWN_PART:.0f} %", loc="right"
        )
        return figure


def _bars(found: Sensitivities, figure: str) -> list[tuple[str, float, bool]]:
    """Name, change and whether the deviation is known, the largest first."""
    bars = [
        (_short(n.name), n.effect * d, n.deviation is not None)
        for n, d in zip(found.numbers, found.figures.get(figure, ()), strict=False)
        if n.effect is not None and not n.lost and d
    ]
    # A voltage that a step ends at is moved by nothing.
    largest = max((abs(bar[1]) for bar in bars), default=0.0)
    least = max(UNMOVED * abs(found.values.get(figure, 0.0)), SHORTEST_BAR * largest)
    told = [bar for bar in bars if abs(bar[1]) > least]
    return sorted(told, key=lambda bar: -abs(bar[1]))[:MOST_BARS]


def _short(name: str) -> str:
    return name if len(name) <= LETTERS_OF_NUMBER else f"{name[: LETTERS_OF_NUMBER - 3]}..."


BANDS = {"Temperature max [K]": style.TEMPERATURE, "Voltage [V]": style.ELECTRONIC}
"""Columns whose bands are drawn, and their colours."""


def banded(found: Sensitivities) -> bool:
    """Whether a standard deviation of any number is known."""
    return any(n.deviation for n in found.numbers)


def draw_bands(found: Sensitivities, table: Mapping[str, Floats], title: str = "") -> Figure:
    """Curves with one and two standard deviations, to first order.

    Args:
        found: derivatives of a run.
        table: columns of its time series.
        title: of the case.
    """
    spread = found.spread()
    columns = [c for c in BANDS if c in table and c in found.columns]
    with style.applied():
        figure = style.figure(7.4, 0.6 + 2.0 * len(columns))
        axes = figure.subplots(len(columns), 1, sharex=True, squeeze=False)[:, 0]
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        divisor, unit = timeline.unit(float(table[TIME][-1] - table[TIME][0]))
        t = np.asarray(table[TIME] / divisor)
        for panel, name in zip(axes, columns, strict=True):
            curve, size = table[name], spread[:, 1 + found.columns.index(name)]
            for times, alpha in ((2.0, 0.14), (1.0, 0.28)):
                low, high = curve - times * size, curve + times * size
                panel.fill_between(t, low, high, color=BANDS[name], alpha=alpha, lw=0)
            panel.plot(t, curve, color=BANDS[name])
            panel.set_ylabel(name.replace("[", "(").replace("]", ")"))
        axes[0].set_title("one and two standard deviations, at equal shares of each step")
        axes[-1].set_xlabel(f"time ({unit})")
        return figure
