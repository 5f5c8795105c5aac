"""pressure_thickness.png: what a fixture answers to the breathing of the stack, over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style, timeline
from joulestack.outputs.timeseries import TIME

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRESSURE, THICKNESS = "Stack pressure [MPa]", "Stack thickness change [um]"
PRESSED = "Stack thickness [um]"
_LAYER = " thickness change [um]"
_SEEN = 5e-3
"""Layers and contacts that count for less than this part of the largest are left out."""
_CHARGE, _HEAT, _AREA = " resistance [ohm m^2]", " resistance [m^2 K/W]", " contact area [-]"
"""Ends of columns of interfaces."""

Table = Mapping[str, Floats]


def drawable(table: Table) -> bool:
    """Whether a fixture answers or voids open."""
    return THICKNESS in table or bool(_of_interfaces(table, _AREA))


def draw(table: Table, title: str = "") -> Figure:
    """Pressure, thickness change of the stack and of the layers that breathe, contacts.

    Panels are left out where there is nothing to show.

    Args:
        table: columns of the time series.
        title: of the case.
    """
    panels: list[Callable[[Any, Floats, Table], None]] = [_pressure]
    panels += [_thickness] if THICKNESS in table else []
    panels += [p for end, p in ((_CHARGE, _charge), (_HEAT, _heat), (_AREA, _area))
               if _of_interfaces(table, end)]  # fmt: skip
    divisor, unit = timeline.unit(float(table[TIME][-1] - table[TIME][0]))
    t: Floats = np.asarray(table[TIME] / divisor, dtype=np.float64)
    with style.applied():
        figure = style.figure(7.4, 0.6 + 1.55 * len(panels))
        axes = figure.subplots(len(panels), 1, sharex=True)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        for panel, own in zip(panels, axes, strict=True):
            panel(own, t, table)
            timeline.legend(own)
        if "Step" in table:
            timeline.steps(axes[0], axes[-1], t, table["Step"])
        axes[-1].set_xlabel(f"time ({unit})")
        if t[-1] > t[0]:
            axes[-1].set_xlim(t[0], t[-1])
        figure.align_ylabels(list(axes))
        return figure


def _pressure(axes: Any, t: Floats, table: Table) -> None:
    low, high = (f"Stack pressure {word} [MPa]" for word in ("min", "max"))
    if low in table and high in table:
        shade = {"color": style.ELECTRONIC, "alpha": 0.2, "lw": 0}
        axes.fill_between(t, table[low], table[high], label="over the face", **shade)
        axes.plot(t, table[PRESSURE], color=style.ELECTRONIC, label="mean")
    else:
        axes.plot(t, table[PRESSURE], color=style.ELECTRONIC)
    axes.set_ylabel("stack pressure\n(MPa)")
    bottom = float(np.min(table.get(low, table[PRESSURE])))
    top = float(np.max(table.get(high, table[PRESSURE])))
    if bottom > 0.5 * top:  # a small answer to a large preload is still to be seen
        room = 0.1 * max(top - bottom, 0.02 * top)
        axes.set_ylim(bottom - room, top + room)
    else:
        axes.set_ylim(0, 1.08 * (top or 1.0))


def _thickness(axes: Any, t: Floats, table: Table) -> None:
    axes.plot(t, table[THICKNESS], color=style.INK, label="stack, free growth")
    if PRESSED in table:
        pressed = table[PRESSED] - table[PRESSED][0]
        if np.max(np.abs(pressed - table[THICKNESS])) > 0.02 * np.max(np.abs(pressed)):
            dashes = {"lw": 1.1, "ls": (0, (4, 2))}
            axes.plot(t, pressed, color=style.INK, label="stack, as pressed", **dashes)
    layers = [k for k in table if k.endswith(_LAYER) and k != THICKNESS]
    for i, (key, values) in enumerate(_large({k: table[k] for k in layers}).items()):
        colour = style.SERIES[i % len(style.SERIES)]
        axes.plot(t, values, color=colour, lw=1.1, label=key.removesuffix(_LAYER))
    axes.axhline(0, color=style.FAINT, lw=0.7)
    axes.set_ylabel("thickness change\n(µm)")


def _charge(axes: Any, t: Floats, table: Table) -> None:
    _resistances(axes, t, table, _CHARGE)
    axes.set_ylabel("contact resistance\n(Ω cm²)")


def _heat(axes: Any, t: Floats, table: Table) -> None:
    _resistances(axes, t, table, _HEAT)
    axes.set_ylabel("thermal contact\n(cm² K/W)")


def _resistances(axes: Any, t: Floats, table: Table, end: str) -> None:
    """In units of cm2, on a logarithmic axis where they differ much."""
    shown = _large({k: 1e4 * v for k, v in _of_interfaces(table, end).items()})
    for i, (name, values) in enumerate(shown.items()):
        # Lost contact makes some resistances endless: they leave the picture at its top.
        finite = np.where(np.isfinite(values), values, np.nan)
        colour = style.SERIES[i % len(style.SERIES)]
        label = style.folded(name) if end == _CHARGE else name.removesuffix(" thermal")
        axes.plot(t, finite, color=colour, lw=1.2, label=label)
    values = np.concatenate(list(shown.values()))
    values = values[np.isfinite(values) & (values > 0)]
    if len(values) and values.max() > 20 * values.min():
        axes.set_yscale("log")
    else:
        axes.set_ylim(0, 1.08 * axes.get_ylim()[1])


def _area(axes: Any, t: Floats, table: Table) -> None:
    for i, (name, values) in enumerate(_of_interfaces(table, _AREA).items()):
        axes.plot(t, values, color=style.SERIES[i % len(style.SERIES)], label=style.folded(name))
    axes.set_ylabel("contact area\n(share)")
    axes.set_ylim(0, 1.05)


def _of_interfaces(table: Table, end: str) -> dict[str, Floats]:
    """Columns of interfaces with this end, by what stands before it."""
    return {k.removesuffix(end): v for k, v in table.items() if k.endswith(end) and " | " in k}


def _large(columns: dict[str, Floats]) -> dict[str, Floats]:
    """Those that count beside the largest."""
    size = {k: float(np.nanmax(np.abs(v), initial=0.0)) for k, v in columns.items()}
    least = _SEEN * max((v for v in size.values() if np.isfinite(v)), default=0.0)
    return {k: v for k, v in columns.items() if size[k] > least}
