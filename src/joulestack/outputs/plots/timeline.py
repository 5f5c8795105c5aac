"""What pictures over time share: their axis, the steps of the protocol, legends beside panels."""

from __future__ import annotations

from typing import Any

import numpy as np

from joulestack.outputs.grid import Floats
from joulestack.outputs.plots import style

TWIN = "twin"
"""Label of axes that share a panel with others."""
ROOM = 0.022
"""Width that the number of a step needs, as a part of the axis."""


def unit(span: float) -> tuple[float, str]:
    """Seconds in the unit that suits a span [s], and its name."""
    if span < 300:
        return 1.0, "s"
    return (60.0, "min") if span < 3 * 3600 else (3600.0, "h")


def steps(top: Any, bottom: Any, x: Floats, numbers: Floats) -> None:
    """Numbers of the protocol's steps above a column of panels, and lines where they begin.

    Args:
        top, bottom: first and last panel.
        x: of each record, increasing.
        numbers: of the step at each record.
    """
    starts = np.flatnonzero(np.diff(numbers, prepend=-1.0))
    edges = np.append(x[starts], x[-1])
    span = float(x[-1] - x[0]) or 1.0
    panels = [a for a in bottom.figure.axes if a.get_label() != TWIN]
    if len(starts) <= 60:
        for axes in panels:
            for edge in edges[1:-1]:
                axes.axvline(edge, color=style.FAINT, lw=0.6, ls=(0, (1, 2)), zorder=0.5)
    last = -1.0
    for start, left, right in zip(starts, edges[:-1], edges[1:], strict=True):
        middle = (0.5 * (left + right) - float(x[0])) / span
        if middle - last < ROOM:
            continue
        last = middle
        top.text(
            middle, 1.02, f"{numbers[start]:.0f}", transform=top.transAxes, ha="center",
            va="bottom", fontsize=7.5, color=style.FAINT,
        )  # fmt: skip
    if len(starts) > 1:
        top.text(
            -0.012, 1.02, "step", transform=top.transAxes, ha="right", va="bottom", fontsize=7.5,
            color=style.FAINT,
        )  # fmt: skip


def legend(axes: Any, stacked: bool = False) -> None:
    """Beside the panel, where it hides nothing; in the order of what is stacked."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        order = slice(None, None, -1 if stacked else 1)
        axes.legend(
            handles[order], labels[order], loc="center left", bbox_to_anchor=(1.01, 0.5),
            handlelength=1.4,
        )  # fmt: skip
