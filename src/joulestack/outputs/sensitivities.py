"""Derivatives of a run: what stands in its folder, read back, and what they say of uncertainty.

sensitivities.json has the numbers and the derivatives of the headline figures, sensitivities.csv
the same as a table, sensitivities.npz those of every column of the time series, and uncertainty.csv
one standard deviation of every column, by first order from the numbers whose deviation is known.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem
from joulestack.outputs import headline
from joulestack.outputs.summary import write_json
from joulestack.outputs.timeseries import TIME
from joulestack.outputs.vtu import replace
from joulestack.spelling import unknown

Floats = npt.NDArray[np.float64]

JSON, CSV, SERIES, SPREAD = (
    "sensitivities.json", "sensitivities.csv", "sensitivities.npz", "uncertainty.csv",
)  # fmt: skip
ALIASES = {
    "temperature_rise_max_K": headline.LARGEST_RISE,
    "voltage_V": headline.VOLTAGE,
}
"""Keys of summary.json -> names of headline figures."""

SHOWN_PART = 0.1
"""Change of a number without a deviation that its effect is shown for."""


@dataclass(frozen=True)
class Differentiated:
    """A number that a run was differentiated with respect to.

    Attributes:
        name: key of the case, or "material: property" of the library.
        unit: that derivatives are per: as written in the case, "standard deviation", or "1" where
            they are per part of the value.
        value: in the unit; None where it is a law.
        deviation: one standard deviation [unit]; None where nobody states one.
        part: derivatives times this are per part of the value; None where that is not known.
        source: BibTeX key, "" if no source was read, "case".
        status: of the library's, as `materials.property.STATUSES`; "user" of the case's.
        lost: why its derivatives cannot be trusted; empty where they can.
    """

    name: str
    unit: str
    value: float | None
    deviation: float | None
    part: float | None
    source: str
    status: str
    lost: str = ""

    @property
    def sourced(self) -> bool:
        """Whether somebody has read where it is from, and that says what is meant."""
        return bool(self.source) and self.status != "unverified"

    @property
    def effect(self) -> float | None:
        """Change of it that pictures show [unit]: its deviation, else a tenth of it."""
        if self.deviation is not None:
            return self.deviation
        return None if self.part is None else SHOWN_PART * self.part


@dataclass(frozen=True)
class Sensitivities:
    """Derivatives of a run.

    Attributes:
        numbers: with respect to which.
        values: headline figures of the run, by name.
        figures: name -> derivative by each number [unit of the figure per unit of the number].
        times: of the records [s].
        columns: of the time series.
        series: derivatives at fixed times, shape (numbers, records, columns).
        shared: at fixed shares of each piece of the load, of the same shape; `later` those of the
            times of these, shape (numbers, records). See `simulation.sensitivity.series.InTime`.
    """

    numbers: tuple[Differentiated, ...]
    values: Mapping[str, float]
    figures: Mapping[str, tuple[float, ...]]
    times: Floats
    columns: tuple[str, ...]
    series: Floats
    shared: Floats
    later: Floats

    def of(self, name: str) -> dict[str, float] | dict[str, Floats]:
        """Derivatives of a headline figure or of a column, by number.

        Args:
            name: as in the summary ("temperature_rise_max_K", "step 1 lasts [s]") or a label of the
                time series ("Voltage [V]"), whose derivatives are over its records.

        Raises:
            CaseError: there is no such figure or column.
        """
        figure = ALIASES.get(name, name)
        if figure in self.figures:
            return {n.name: d for n, d in zip(self.numbers, self.figures[figure], strict=True)}
        if name in self.columns:
            place = self.columns.index(name)
            return {n.name: self.series[i, :, place] for i, n in enumerate(self.numbers)}
        known = [*ALIASES, *self.figures, *self.columns]
        raise CaseError(unknown("sensitivity", "figure or column", name, known))

    # -- first-order uncertainty -------------------------------------------------

    @cached_property
    def _deviations(self) -> Floats:
        """Of each number; zero where it is not known, or its derivatives are not."""
        return np.array([0.0 if n.lost or not n.deviation else n.deviation for n in self.numbers])

    def deviation(self, figure: str) -> float:
        """One standard deviation of a figure: sqrt(sum (df/dp sigma_p)^2).

        A number of the library that feeds several media and contacts is one number here, so what
        they share is correlated by itself; different numbers are taken to be independent.
        """
        return float(np.linalg.norm(np.array(self.figures[figure]) * self._deviations))

    def shares(self, figure: str) -> dict[str, float]:
        """Part of the variance of a figure by number, largest first."""
        parts = (np.array(self.figures[figure]) * self._deviations) ** 2
        whole = parts.sum()
        order = [int(i) for i in np.argsort(-parts) if parts[i] > 0]
        return {self.numbers[i].name: float(parts[i] / whole) for i in order}

    def spread(self) -> Floats:
        """One standard deviation of the time and of every column, shape (records, 1 + columns).

        Of a column at its share of the piece of the load that the record is in: where a step ends
        at 3 V, it ends at 3 V whenever that is, and how sure the time is stands in the first one.
        """
        whole = np.concatenate([self.later[:, :, None], self.shared], axis=2)
        return np.sqrt(np.einsum("nrc,n->rc", whole**2, self._deviations**2))

    def unknown_most(self, figure: str) -> tuple[Differentiated, float] | None:
        """The number that nobody vouches for and that moves a figure most, and by how much.

        That is one without a source that was read, or without a deviation that its source states;
        "by how much" is for a tenth of the number.
        """
        found = [
            (n, SHOWN_PART * n.part * d)
            for n, d in zip(self.numbers, self.figures[figure], strict=True)
            if n.part is not None and not n.lost and n.status != "user"
            if not n.sourced or n.deviation is None
        ]
        bare = [pair for pair in found if not pair[0].sourced] or found
        return max(bare, key=lambda pair: abs(pair[1])) if bare else None

    def table(self, errors: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, Any]]:
        """For summary.json: figure -> deviation, what makes it, and the numerical error beside it.

        Args:
            errors: `numerical_error` of the summary.
        """
        found: dict[str, dict[str, Any]] = {}
        for name, value in self.values.items():
            if name not in self.figures:
                continue
            size = self.deviation(name)
            told: dict[str, Any] = {
                "value": value,
                "deviation": size,
                "relative": size / abs(value) if value else 0.0,
                "shares": self.shares(name),
            }
            if name in errors:
                told["numerical_error"] = errors[name]["error"]
            found[name] = told
        return found


def said(found: Sensitivities, figure: str = headline.LARGEST_RISE) -> list[str]:
    """What is worth a line: how uncertain the figure is, and what nobody vouches for."""
    lines: list[str] = []
    plain, unit = figure.rsplit(" [", 1)[0], figure.rpartition("[")[2].removesuffix("]")
    if figure not in found.figures:
        return lines
    known = sum(n.deviation is not None for n in found.numbers)
    if known:
        size, value = found.deviation(figure), found.values.get(figure, 0.0)
        most = "".join(f", most of it by {n}" for n in list(found.shares(figure))[:1])
        lines.append(
            f"{plain} {value:.3g} +- {size:.2g} {unit} (one standard deviation of {known} of "
            f"{len(found.numbers)} numbers{most})"
        )
    worst = found.unknown_most(figure)
    if worst is not None and worst[1]:
        number, change = worst
        why = "has no stated uncertainty"
        if not number.sourced:
            why = "is borrowed or derived, unverified," if number.source else "has no source"
        lines.append(
            f"{number.name} {why} and moves the {plain} most: {change:+.2g} {unit} for +10 %"
        )
    lines += [f"{n.name}: not to be trusted, {n.lost}" for n in found.numbers if n.lost]
    return lines


# -- files -----------------------------------------------------------------------


def write(found: Sensitivities, folder: Path) -> None:
    """Write all four files; one rank."""
    write_json(
        folder / JSON,
        {
            "numbers": [asdict(n) for n in found.numbers],
            "values": dict(found.values),
            "figures": {name: list(row) for name, row in found.figures.items()},
        },
    )
    replace(folder / CSV, _csv(_rows(found)))
    held = io.BytesIO()
    np.savez_compressed(
        held,
        times=found.times,
        columns=np.array(found.columns),
        series=found.series,
        shared=found.shared,
        later=found.later,
    )
    replace(folder / SERIES, held.getvalue())
    table = [[TIME, f"deviation of {TIME}", *found.columns]]
    whole = np.column_stack([found.times, found.spread()])
    table += [[repr(float(v)) for v in row] for row in whole]
    replace(folder / SPREAD, _csv(table))


def _rows(found: Sensitivities) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["figure", "number", "derivative", "per", "of +1 %", "of one standard deviation", "source"]
    ]
    for figure, derivatives in found.figures.items():
        order = sorted(zip(found.numbers, derivatives, strict=True), key=lambda p: -_size(*p))
        for n, d in order:
            percent = "" if n.part is None else repr(0.01 * n.part * d)
            deviation = "" if n.deviation is None else repr(n.deviation * d)
            rows.append([figure, n.name, repr(d), n.unit, percent, deviation, n.source])
    return rows


def _size(number: Differentiated, derivative: float) -> float:
    effect = number.effect
    return abs(derivative) if effect is None else abs(effect * derivative)


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def read(folder: Path) -> Sensitivities:
    """Read the derivatives of a run back.

    Raises:
        CaseError: it has none.
    """
    try:
        table = json.loads((folder / JSON).read_text("utf-8"))
        with np.load(folder / SERIES, allow_pickle=False) as held:
            times, columns = held["times"], held["columns"]
            series = [held[name] for name in ("series", "shared", "later")]
    except (OSError, ValueError, KeyError):
        what, remedy = "has no sensitivities", "joulestack run CASE --sensitivity KEY"
        raise CaseError(Problem(str(folder), what, remedy)) from None
    return Sensitivities(
        tuple(Differentiated(**n) for n in table["numbers"]),
        table["values"],
        {name: tuple(math.nan if d is None else d for d in row)
         for name, row in table["figures"].items()},
        times,
        tuple(map(str, columns)),
        *series,
    )  # fmt: skip
