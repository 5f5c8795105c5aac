"""overpotentials.png: where the voltage goes, over time or over the capacity of one discharge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style, timeline
from joulestack.outputs.timeseries import TIME

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EQUILIBRIUM, VOLTAGE = "Equilibrium voltage [V]", "Voltage [V]"
CAPACITY = "Capacity passed [mAh]"
_COLOURS = {
    "electronic": "#88ccee",
    "contacts": "#999933",
    "metal interface": "#ddaa33",
    "kinetics": "#cc6677",
    "film": "#aa4499",
    "diffusion": "#228833",
}
_IONIC = ("#1f5a94", "#4477aa", "#7fa3cc", "#b3c9e3")
NEGLIGIBLE = 2e-3
"""Part of the largest loss below which one is not drawn."""


def losses(table: Mapping[str, Floats]) -> dict[str, Floats]:
    """Losses [V] by name: the columns "Loss <name> [V]"."""
    found = {}
    for label, values in table.items():
        if label.startswith("Loss ") and label.endswith(" [V]"):
            found[label.removeprefix("Loss ").removesuffix(" [V]")] = values
    return found


def drawable(table: Mapping[str, Floats]) -> bool:
    """Whether a time series holds losses, and more than one moment of them."""
    parts = losses(table)
    return len(table[TIME]) > 1 and any(np.any(v) for v in parts.values())


def draw(table: Mapping[str, Floats], title: str = "") -> Figure:
    """Equilibrium and terminal voltage, and below them the losses between both, stacked.

    Args:
        table: columns of the time series, with losses.
        title: of the case.
    """
    with style.applied():
        figure = style.figure(7.4, 5.4)
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[1.0, 1.25])
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        x, label = _axis(table)
        _voltages(top, x, table)
        _stack(bottom, x, losses(table))
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


def _stack(axes: Any, x: Floats, parts: Mapping[str, Floats]) -> None:
    """Losses that lower the voltage upwards (discharge), that raise it downwards (charge)."""
    size = {name: float(np.nanmax(np.abs(v))) for name, v in parts.items()}
    kept = [n for n in parts if size[n] > NEGLIGIBLE * max(size.values())]
    ionic = [n for n in kept if n.startswith("ionic ")]
    kept = [*ionic, *(n for n in _COLOURS if n in kept)]
    for sign in (1, -1):
        bottom: Floats = np.zeros(len(x))
        for name in kept:
            colour = _COLOURS.get(name) or _IONIC[ionic.index(name) % len(_IONIC)]
            part = sign * 1e3 * np.nan_to_num(np.clip(sign * parts[name], 0, None))
            axes.fill_between(
                x, bottom, bottom + part, color=colour, lw=0, alpha=0.92,
                label=name if sign > 0 else None,
            )  # fmt: skip
            bottom = bottom + part
    axes.axhline(0, color=style.FAINT, lw=0.7)
    axes.set_ylabel("loss (mV)")
    timeline.legend(axes, stacked=True)
