"""capacity.png: where the capacity of each composite electrode goes, from the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from joulestack.outputs.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Steps = Mapping[str, Mapping[str, float]]
"""Layer -> what is left -> capacity [mAh per g of active material]."""


def drawable(steps: Steps) -> bool:
    """Whether there is an electrode with particles."""
    return any(steps.values())


def draw(steps: Steps, title: str) -> Figure:
    """A bar for what each loss leaves, one below another; what it takes is pale.

    Args:
        steps: of each layer, in turn.
        title: of the case.
    """
    shown = {layer: left for layer, left in steps.items() if left}
    with style.applied():
        count = sum(len(left) for left in shown.values())
        figure = style.figure(7.4, 1.1 + 0.3 * count + 0.45 * len(shown))
        rows = figure.subplots(
            len(shown), 1, squeeze=False, height_ratios=[len(left) for left in shown.values()]
        )[:, 0]
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        for axes, (layer, left) in zip(rows, shown.items(), strict=True):
            values = list(left.values())
            before = [values[0], *values[:-1]]
            places = range(len(values), 0, -1)
            axes.barh(places, before, color=style.SHADES[1], height=0.62)
            axes.barh(places, values, color=style.ELECTRONIC, height=0.62)
            for y, value, whole in zip(places, values, before, strict=True):
                taken = f"   -{whole - value:.0f}" if whole - value >= 0.5 else ""
                axes.text(max(value, whole), y, f" {value:.0f}{taken}", va="center", fontsize=8)
            axes.set_yticks(list(places), list(left))
            axes.set_xlim(0, 1.15 * max(values))
            axes.set_xlabel(f"{layer} (mAh per g of active material)")
        return figure
