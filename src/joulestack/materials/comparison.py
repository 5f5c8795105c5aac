"""Measured tables of composite electrodes against the default laws: `materials NAME --compare`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.errors import CaseError, Problem
from joulestack.materials import library
from joulestack.materials.fabrication import fabricate
from joulestack.materials.measured import tables
from joulestack.materials.specification import Composite, Fabrication
from joulestack.materials.state import State

if TYPE_CHECKING:
    from rich.console import Console

STACK_PRESSURE = {"Minnmann table": 40e6, "Ketter table": 50e6}
"""At which the conductivities were measured [Pa]; records 258, 256."""

POROSITY = {
    "Minnmann table": {0.0: 0.14},
    "Ketter table": {0.0: 0.121, 0.2: 0.156, 0.4: 0.212, 0.6: 0.224, 0.8: 0.253, 1.0: 0.292},
}
"""Of the measured composites, by fraction of active material (records 258, 255)."""


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
        for key, (basis, law) in known.items():
            for fraction in getattr(law.form, "points", ()):
                if not 0 < fraction < 1:
                    continue
                state = State(T=298.15, p=STACK_PRESSURE[table])
                measured = float(law(state, fraction=fraction))
                model = _model(name, electrolytes[0], table, basis, fraction, key, state)
                found.append(
                    Row(table, key, basis, fraction, measured, model, law.source, law.status)
                )
    if not found:
        raise CaseError(
            Problem("--compare", f"no measured composite of {name}", "known: NMC622, NMC83")
        )
    return found


def _model(
    active: str, electrolyte: str, table: str, basis: str, fraction: float, key: str, state: State
) -> float:
    porosity = min(POROSITY[table].items(), key=lambda item: abs(item[0] - fraction))[1]
    eps = fraction * (1 - porosity) if basis == "solids" else fraction
    others = {"ionic_conductivity", "electronic_conductivity", "thermal_conductivity"} - {key}
    recipe = Composite(
        active,
        Fabrication(electrolyte, 370e6),
        {},
        volume_fractions={"active": eps, "electrolyte": 1 - porosity - eps},
        overrides=dict.fromkeys(others, 1.0),
    )
    try:
        made = fabricate(recipe)
    except CaseError:  # below the percolation threshold of the law
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
