"""pressure_thickness.png: what a fixture answers to the breathing of the stack, over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style
from joulestack.outputs.plots.timeline import TIME

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRESSURE, THICKNESS = "Stack pressure [MPa]", "Stack thickness change [um]"
_LAYER = " thickness change [um]"
_SEEN = 5e-3
"""Layers that move less than this part of the one that moves most are left out."""


def draw(table: Mapping[str, Floats], title: str = "") -> Figure:
    """Pressure above, thickness change of the stack and of the layers that breathe below.

    Args:
        table: columns of the time series.
        title: of the case.
    """
    hours = np.asarray(table[TIME], dtype=np.float64) / 3600
    with style.applied():
        figure = style.figure(7.4, 4.4)
        pressure, thickness = figure.subplots(2, 1, sharex=True)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        _pressure(pressure, hours, table)
        thickness.plot(hours, table[THICKNESS], color=style.INK, label="stack")
        layers = [k for k in table if k.endswith(_LAYER) and k != THICKNESS]
        moves = {k: float(np.max(np.abs(table[k]))) for k in layers}
        least = _SEEN * max(moves.values(), default=0.0)
        moving = [k for k in layers if moves[k] > least]
        for i, key in enumerate(moving):
            colour = style.SOURCES[i % len(style.SOURCES)]
            thickness.plot(hours, table[key], color=colour, lw=1.1, label=key.removesuffix(_LAYER))
        thickness.axhline(0, color=style.FAINT, lw=0.7)
        thickness.set_ylabel("thickness change (um)")
        thickness.set_xlabel("time (h)")
        thickness.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), handlelength=1.4)
        return figure


def _pressure(axes: Any, hours: Floats, table: Mapping[str, Floats]) -> None:
    low, high = (f"Stack pressure {word} [MPa]" for word in ("min", "max"))
    if low in table and high in table:
        axes.fill_between(hours, table[low], table[high], color=style.ELECTRONIC, alpha=0.2, lw=0)
    axes.plot(hours, table[PRESSURE], color=style.ELECTRONIC)
    axes.set_ylabel("stack pressure (MPa)")
    axes.set_ylim(0, 1.08 * axes.get_ylim()[1])
