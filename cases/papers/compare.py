"""Model against paper: one table on the screen, one picture in results/papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from matplotlib.axis import Axis

RESULTS = Path("results/papers")


@dataclass(frozen=True)
class Row:
    """One number of a paper.

    Attributes:
        what: which number.
        model: of the package.
        paper: as published.
        unit: of both.
        within: relative deviation that is promised; None: shown, not promised.
        note: why not, or where the number stands.
    """

    what: str
    model: float
    paper: float
    unit: str = ""
    within: float | None = None
    note: str = ""

    @property
    def deviation(self) -> float:
        """Relative deviation of the model."""
        return self.model / self.paper - 1

    @property
    def kept(self) -> bool:
        """Whether the promise is kept; True where there is none."""
        return self.within is None or abs(self.deviation) <= self.within


def show(title: str, rows: Iterable[Row], notes: Sequence[str] = ()) -> None:
    """Print the comparison."""
    console = Console(highlight=False, width=None if Console().is_terminal else 130)
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in ("number", "model", "paper", "deviation", "promised", "note"):
        table.add_column(
            name, justify="right" if name in ("model", "paper", "deviation") else "left"
        )
    for row in rows:
        promise = "" if row.within is None else f"{100 * row.within:g} %"
        colour = "" if row.kept else "[red]"
        table.add_row(
            escape(row.what),
            f"{row.model:.4g} {row.unit}",
            f"{row.paper:.4g} {row.unit}",
            f"{colour}{100 * row.deviation:+.1f} %",
            promise,
            escape(row.note),
        )
    console.print(table)
    for note in notes:
        console.print(escape(note), soft_wrap=True)


def picture(name: str, panels: Sequence[dict]) -> Path:
    """Write results/papers/NAME.png.

    Args:
        name: of the file.
        panels: each with x, y labels (`x`, `y`), `curves` [(x, y, label)], `points`
            [(x, y, label)], and, if wanted, `scales`. More than four go into two rows.
    """
    from matplotlib.figure import Figure

    rows = 1 if len(panels) < 5 else 2
    columns = -(-len(panels) // rows)
    figure = Figure(figsize=(4.6 * columns, 3.6 * rows), layout="constrained")
    places = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for axes in places[len(panels) :]:
        axes.set_axis_off()
    for axes, panel in zip(places, panels, strict=False):
        colours: dict[str, str] = {}
        for x, y, label in panel.get("curves", ()):
            new = label not in colours
            colours.setdefault(label, f"C{len(colours)}")
            axes.plot(x, y, color=colours[label], label=label if new else None)
        for x, y, label in panel.get("points", ()):
            alone = None if label in colours else label
            axes.plot(x, y, "o", ms=4, color=colours.get(label, "k"), label=alone)
        scales = panel.get("scales", ("linear", "linear"))
        axes.set(xlabel=panel["x"], ylabel=panel["y"], xscale=scales[0], yscale=scales[1])
        for axis, scale in ((axes.xaxis, scales[0]), (axes.yaxis, scales[1])):
            if scale == "log":
                _label(axis)
        if len(axes.get_legend_handles_labels()[0]) > 1:
            axes.legend(fontsize=7)
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.png"
    figure.savefig(path, dpi=150)
    print(f"drawn: {path} (lines: model, points: paper)")
    return path


def _label(axis: Axis) -> None:
    """Plain numbers at 1, 2 and 5 of each decade where there are less than three decades."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    low, high = sorted(axis.get_view_interval())
    if high < 1e3 * low:
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())
