"""What a fit hands to its user: a table, a JSON file, a picture, and TOML to paste."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack import picture
from joulestack.destination import MARK, Claim
from joulestack.errors import CaseError, Problem
from joulestack.fitting.regression import LEVEL, Estimate, Fit
from joulestack.reports.material_tables import shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

ENDINGS = (".json", ".png", ".toml")
"""Of the files of one fit; the first one says whose they are."""


@dataclass(frozen=True)
class Series:
    """Measured points and the law through them, as drawn.

    Attributes:
        label: of the series.
        x, y: measured, in the units of the axes.
        at: where the curve is drawn.
        curve, band: law and half width of its 95 % band there.
        chosen: which measurements these are.
        error: one standard deviation of y, or None.
    """

    label: str
    x: np.ndarray
    y: np.ndarray
    at: np.ndarray
    curve: np.ndarray
    band: np.ndarray
    chosen: np.ndarray
    error: np.ndarray | None = None


@dataclass(frozen=True)
class Result:
    """One fit, ready to be shown.

    Attributes:
        kind: densification, conductivity, contact or arrhenius.
        law: name of the form or contact law.
        source: file that was fitted.
        fit: numbers.
        toml: snippet for a material file or a case.
        notes: what the user should know.
        series: for the picture.
        axes: labels of x and y; "log" marks.
        fixed: numbers that were not fitted, name -> text.
    """

    kind: str
    law: str
    source: str
    fit: Fit
    toml: str
    notes: tuple[str, ...]
    series: tuple[Series, ...] = field(repr=False)
    axes: tuple[str, str]
    scales: tuple[str, str] = ("linear", "linear")
    fixed: tuple[tuple[str, str], ...] = ()

    def show(self, console: Console) -> None:
        """Print the table, the notes and the snippet."""
        from rich.markup import escape
        from rich.table import Table

        own = self.fit
        table = Table(show_edge=False, pad_edge=False)
        repeated = any(e.bootstrap is not None for e in own.estimates)
        columns = ["parameter", "value", "+-", f"{LEVEL:.0%} interval", "determined"]
        for name in (*columns, "bootstrap") if repeated else columns:
            table.add_column(name)
        for e in own.estimates:
            table.add_row(e.name, text(e.value, e.unit), _deviation(e), interval(e),
                          e.determined if e.determined == "yes" else
                          f"[yellow]{e.determined}[/yellow]",
                          *([_ends(e)] if repeated else []))  # fmt: skip
        for name, value in self.fixed:
            table.add_row(name, value, "", "", "fixed")
        misfit = f"{100 * own.misfit:.2g} %" if own.relative else f"{own.misfit:.2g}"
        console.print(f"[bold]{self.law}[/bold] through {own.points} points of {self.source}")
        console.print(table)
        console.print(f"rms misfit {misfit}, {own.freedom} degrees of freedom")
        for note in self.notes:
            console.print(f"[yellow]note:[/yellow] {escape(note)}", soft_wrap=True)
        console.print("\n" + escape(self.toml), soft_wrap=True)

    def data(self) -> dict[str, Any]:
        """Everything as plain data [SI]; what is not bounded is null."""
        own = self.fit
        return {
            "kind": self.kind, "law": self.law, "source": self.source, "points": own.points,
            "degrees_of_freedom": own.freedom, "confidence": LEVEL,
            "misfit_rms": own.misfit, "misfit_is_relative": own.relative,
            "parameters": {
                e.name: {
                    "value": e.value, "unit": e.unit, "deviation": _number(e.deviation),
                    "low": _number(e.low), "high": _number(e.high), "determined": e.determined,
                    "bootstrap": None if e.bootstrap is None else list(e.bootstrap),
                }
                for e in own.estimates
            },
            "fixed": dict(self.fixed),
            "correlation": [[_number(v) for v in row] for row in own.correlation],
            "notes": list(self.notes),
        }  # fmt: skip

    def write(self, stem: Path, overwrite: bool = False) -> list[Path]:
        """Write STEM.json, STEM.png and STEM.toml; return the paths.

        Raises:
            CaseError: they cannot be written there, or are there and not an earlier fit's, or
                `overwrite` is not set.
        """
        paths = [stem.with_name(stem.name + end) for end in ENDINGS]
        drawn = self.figure()
        with claim(stem, overwrite, [Path(self.source)]):
            _replace(paths[0], json.dumps(self.data() | MARK, indent=2))
            picture.save(drawn, paths[1])
            _replace(paths[2], self.toml)
        return paths

    def figure(self) -> Figure:
        """Points, law, 95 % band and residuals, drawn."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 5.2), layout="constrained")
        top, bottom = figure.subplots(2, 1, height_ratios=(3, 1))
        for i, s in enumerate(self.series):
            color = f"C{i}"
            top.errorbar(s.x, s.y, yerr=s.error, fmt="o", ms=4, color=color, label=s.label or None)
            top.plot(s.at, s.curve, color=color)
            low, high = s.curve - s.band, s.curve + s.band
            if self.fit.relative:  # the band of ratios
                low, high = (s.curve * np.exp(sign * s.band / s.curve) for sign in (-1, 1))
            top.fill_between(s.at, low, high, color=color, alpha=0.2, lw=0)
            bottom.plot(s.x, self.fit.residuals[s.chosen], "o", ms=3, color=color)
        bottom.axhline(0, color="0.6", lw=0.8)
        top.set(ylabel=self.axes[1], yscale=self.scales[1], xscale=self.scales[0])
        bottom.set(xlabel=self.axes[0], ylabel="residual", xscale=self.scales[0])
        top.set_title(f"{self.law}: {Path(self.source).name}", fontsize=10)
        if any(s.label for s in self.series):
            top.legend(fontsize=8)
        return figure


def claim(stem: Path, overwrite: bool, inputs: Sequence[Path] = ()) -> Claim:
    """Of the files of one fit; see `Claim`.

    Raises:
        CaseError: the stem has no name.
    """
    if stem.name in ("", ".."):
        raise CaseError(Problem("--output", f"{stem} is no stem of files", f'"{stem / "fit"}"'))
    own = re.compile(re.escape(stem.name) + f"({'|'.join(map(re.escape, ENDINGS))})")
    return Claim(stem.parent, stem.name + ENDINGS[0], own, overwrite=overwrite, inputs=inputs)


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text + "\n", "utf-8")
    draft.replace(path)


def text(value: float, unit: str, digits: int = 4) -> str:
    """A value as material files write it."""
    if unit == "m^3/mol":
        return f"{value * 1e6:.{digits}g} cm^3/mol"
    return shown(value, unit, digits) if math.isfinite(value) else str(value)


def interval(e: Estimate) -> str:
    """The interval of a number in words."""
    if e.determined == "no":
        return "open on both sides"
    if e.determined == "from below":
        return f"above {text(e.low, e.unit, 3)}"
    if e.determined == "from above":
        return f"below {text(e.high, e.unit, 3)}"
    return f"{text(e.low, e.unit, 3)} to {text(e.high, e.unit, 3)}"


def _ends(e: Estimate) -> str:
    if e.bootstrap is None:
        return "-"
    low, high = (text(v, e.unit, 3) for v in e.bootstrap)
    return f"{low} to {high}"


def _deviation(e: Estimate) -> str:
    if not math.isfinite(e.deviation) or e.deviation > 10 * abs(e.value):
        return "-"
    return text(e.deviation, e.unit, 2)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def undetermined(own: Fit) -> tuple[str, ...]:
    """Notes on what the data do not say."""
    notes = []
    if not own.freedom and not own.known:
        notes.append(
            f"{own.points} points for {len(own.estimates)} numbers: the law goes through them and "
            "nothing says how well; measure more, or give a column with uncertainties"
        )
    elif loose := [e.name for e in own.estimates if e.determined != "yes"]:
        notes.append(f"the data do not bound {', '.join(loose)}; do not use alone, nor extrapolate")
    pairs = [
        f"{a.name} and {b.name} ({own.correlation[i, j]:+.3f})"
        for i, a in enumerate(own.estimates)
        for j, b in enumerate(own.estimates)
        if i < j and abs(own.correlation[i, j]) > 0.97
    ]
    if pairs:
        notes.append(f"hardly told apart: {', '.join(pairs)}")
    return tuple(notes)


def property_table(
    name: str, form: str, numbers: Sequence[tuple[str, float, str]], own: Fit, conditions: str,
    ranges: str, note: str = "",
) -> str:  # fmt: skip
    """Table of one property for a user's material file."""
    lines = [f"[{name}]", f'form = "{form}"']
    for key, value, unit in numbers:
        lines.append(f"{key} = {_toml(value, unit)}")
    misfit = (f'"{100 * own.misfit:.2g} %; rms of the fit"' if own.relative
              else f'"{own.misfit:.2g}; rms of the fit"')  # fmt: skip
    weak = [e.name for e in own.estimates if e.determined != "yes"]
    if not own.freedom and not own.known:
        misfit = '"not stated; as many numbers as points"'
    remark = f"not determined: {', '.join(weak)}" if weak else note
    lines += [f'conditions = "{conditions}"', f"uncertainty = {misfit}", f"range = {ranges}",
              'source = "user"', 'status = "user"']  # fmt: skip
    return "\n".join([*lines, *([f'note = "{remark}"'] if remark else [])])


def _toml(value: float, unit: str) -> str:
    """A number of a material file, with its unit where it has one of its own."""
    if unit in ("1", "K"):
        return f"{value:.6g}"
    return f'"{text(value, unit)}"'
