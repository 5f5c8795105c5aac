"""Measured tables of composite electrodes against the default laws: `materials NAME --compare`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.measured import TABLED, tables

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Row:
    """One measured point and what the default law gives for the same recipe.

    Attributes:
        table: name of the table.
        name: of the property.
        basis: what the fraction is of.
        fraction: of active material.
        measured, law: [SI]; NaN where the law has no path through the electrode.
        source, status: of the measurement.
    """

    table: str
    name: str
    basis: str
    fraction: float
    measured: float
    law: float
    source: str
    status: str


def rows(active: str, extra_dirs: Sequence[str | Path] = ()) -> list[Row]:
    """Every measured point of composites of an active material.

    Raises:
        CaseError: there are none.
    """
    name = library.load(active, extra_dirs).name
    found = []
    for table, (actives, electrolytes, known) in tables().items():
        if name not in actives:
            continue
        raw = next(t for t in library.pairs("_composites")["tables"] if t["name"] == table)
        state = State(T=298.15, p=units.parse(raw["stack_pressure"], "Pa"))
        made = Fabrication(electrolytes[0], units.parse(raw["moulding_pressure"], "Pa"))
        for key, (basis, law) in known.items():
            if key not in TABLED:
                continue
            for fraction in getattr(law.form, "points", ()):
                if not 0 < fraction < 1:
                    continue
                measured = float(law(state, fraction=fraction))
                porosity = float(known["porosity"][1](state, fraction=fraction))
                eps = fraction * (1 - porosity) if basis == "solids" else fraction
                volumes = {"active": eps, "electrolyte": 1 - porosity - eps}
                model = _model(name, made, volumes, key, state)
                found.append(
                    Row(table, key, basis, fraction, measured, model, law.source, law.status)
                )
    if not found:
        raise CaseError(
            Problem("--compare", f"no measured composite of {name}", "known: NMC622, NMC83")
        )
    return found


def _model(
    active: str, electrolyte: Fabrication, volumes: Mapping[str, float], key: str, state: State
) -> float:
    """What the default law of one property gives; NaN below its percolation threshold."""
    recipe = Composite(
        active,
        electrolyte,
        {},
        volume_fractions=volumes,
        overrides=dict.fromkeys((n for n in TABLED if n != key), 1.0),
    )
    try:
        made = fabricate(recipe)
    except CaseError:
        return float("nan")
    return float(getattr(made, key)(state))


def compare(active: str, console: Console, extra_dirs: Sequence[str | Path] = ()) -> None:
    """Print measured points beside the default laws.

    Args:
        active: active material.
        console: rich console.
        extra_dirs: folders with a user's own files.

    Raises:
        CaseError: no measured composite of it.
    """
    from rich.table import Table

    grid = Table(show_edge=False, pad_edge=False)
    for title in ("table", "property", "active", "measured", "law", "law / measured", "source"):
        grid.add_column(title)
    for row in rows(active, extra_dirs):
        factor, unit = (1.0, "W/(m K)") if row.name.startswith("thermal") else (10.0, "mS/cm")
        grid.add_row(
            row.table,
            row.name,
            f"{100 * row.fraction:g} vol% of {row.basis}",
            f"{row.measured * factor:.3g} {unit}",
            "none: below its threshold" if isnan(row.law) else f"{row.law * factor:.3g} {unit}",
            "" if isnan(row.law) else f"{row.law / row.measured:.2f}",
            f"{row.source}, {row.status}",
        )
    console.print(grid)
