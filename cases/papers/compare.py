"""Model against paper: one table on the screen, one picture in results/papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from joulestack.materials.citations import field

if TYPE_CHECKING:
    from matplotlib.axis import Axis

RESULTS = Path("results/papers")

# Limits of predictions that no paper gives one for: one for each kind of quantity, so that none is
# drawn around a result. From the scatter between laboratories or the uncertainty that the library
# states for the quantity.
DENSITY = 0.05  # of pellets: 81-95 % over labs on one batch (Ohno 2020)
CRYSTAL = 0.02  # of crystals, from lattices
THERMAL = 0.20  # k: a quarter between pellets of one group (Boeger 2023, Ketter 2025)
HEAT = 0.05  # specific heat capacity
SIGMA = 0.50  # of pellets: one batch over 8 labs (Ohno 2020)
RATIO = 0.25  # of one property at two pressures or temperatures
COMPOSITE = 2.0  # factor, conductivities of composites (Minnmann 2021)
CURRENT = 2.0  # factor, critical currents
ELASTIC = 0.20  # moduli
STRENGTH = 2.0  # factor, hardness and toughness
ENERGY = 0.10  # activation energies
METAL = 0.05  # k, density and heat capacity of metals and steels


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
        factor: the promise as a factor either way, for what spans decades; instead of `within`.
    """

    what: str
    model: float
    paper: float
    unit: str = ""
    within: float | None = None
    note: str = ""
    factor: float | None = None

    @property
    def promised(self) -> bool:
        """Whether a limit stands beside it."""
        return self.within is not None or self.factor is not None

    @property
    def limit(self) -> str:
        """The promise in words, "" where there is none."""
        if self.factor is not None:
            return f"factor {self.factor:g}"
        return "" if self.within is None else f"{100 * self.within:.3g} %"

    @property
    def deviation(self) -> float:
        """Relative deviation of the model."""
        return self.model / self.paper - 1

    @property
    def kept(self) -> bool:
        """Whether the promise is kept; True where there is none."""
        if self.factor is not None:
            ratio = self.model / self.paper
            return 1 / self.factor <= ratio <= self.factor  # False of nan: refused is not kept
        return self.within is None or abs(self.deviation) <= self.within


class Worth(StrEnum):
    """What a promise is worth.

    An identity holds by construction: the paper's number goes in and comes out, or the package
    agrees with its own law. A calibration compares with what was fitted, or with what was seen
    when the model was chosen. A prediction was not fitted to the number, nor chosen for it: it can
    fail.
    """

    IDENTITY = "identity"
    CALIBRATION = "calibration"
    PREDICTION = "prediction"


@dataclass(frozen=True)
class Promise:
    """One experiment of a paper: a curve, or a number alone. It counts once.

    Attributes:
        what: which experiment. The same words and source in two scripts are one experiment.
        kind: what it is worth.
        source: paper and place.
        basis: of an identity, why it holds; of a calibration, what was fitted to what; of a
            prediction, what the model is made of instead.
        rows: the numbers.
        doi: of the paper; "": that of the library's bibliography.
        another: what is compared is one number of the library with the same quantity from another
            laboratory or batch: no law is in between.
    """

    what: str
    kind: Worth
    source: str
    basis: str
    rows: tuple[Row, ...]
    doi: str = ""
    another: bool = False

    @property
    def where(self) -> str:
        """DOI or number of the paper, "" where neither is known."""
        found = re.findall(r"([A-Z][A-Za-z' ]*?) (\d{4})", self.source)
        key = "".join(found[-1]).replace(" ", "").replace("'", "") if found else ""
        return self.doi or field(key, "doi")

    @property
    def kept(self) -> bool:
        """Whether every number of it is."""
        return all(row.kept for row in self.rows)


def pick(rows: Iterable[Row], *words: str) -> tuple[Row, ...]:
    """Rows whose name holds all of the words.

    Raises:
        ValueError: there is none, so that no promise is empty.
    """
    found = tuple(row for row in rows if all(word in row.what for word in words))
    if not found:
        raise ValueError(f"no row with {words}")
    return found


def limited(
    rows: Iterable[Row], within: float | None = None, factor: float | None = None
) -> tuple[Row, ...]:
    """The same rows, with a limit."""
    return tuple(replace(row, within=within, factor=factor) for row in rows)


def show(title: str, rows: Iterable[Row], notes: Sequence[str] = ()) -> None:
    """Print the comparison."""
    console = Console(highlight=False, width=None if Console().is_terminal else 130)
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in ("number", "model", "paper", "deviation", "promised", "note"):
        table.add_column(
            name, justify="right" if name in ("model", "paper", "deviation") else "left"
        )
    for row in rows:
        colour = "" if row.kept else "[red]"
        table.add_row(
            escape(row.what),
            f"{row.model:.4g} {row.unit}",
            f"{row.paper:.4g} {row.unit}",
            f"{colour}{100 * row.deviation:+.1f} %",
            row.limit,
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
