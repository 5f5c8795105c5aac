"""f(phi) from a microstructure: the table that `joulestack microstructure conductivity` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.specification import Computed
from joulestack.laws.forms import Table
from joulestack.laws.scaling import ComputedPores
from joulestack.materials.property import Property
from joulestack.spelling import nearest

KIND = "joulestack microstructure table"
SCALINGS = {
    "thermal_conductivity": "thermal_scaling",
    "ionic_conductivity": "ionic_scaling",
    "electronic_conductivity": "electronic_scaling",
}
"""Property of a table -> property of a solid."""

Rows = Sequence[Mapping[str, Any]]


def scalings(given: Computed, material: str, key: str) -> dict[str, Property]:
    """Laws f(phi) of a solid with pores, by the name of the property they scale.

    A table covers the densities that were computed. Beyond them f(0) = 0 and, without resistances
    between particles, f(1) = 1 are exact and close it; with them it is held at its ends.

    Args:
        given: what was computed.
        material: whose property it becomes.
        key: of the microstructure in the case.

    Raises:
        CaseError: a table that several phases conduct in, or with nothing for a pellet.
    """
    known = [n for n in given.provides if n != "electronic_conductivity"]
    if not known:
        what = f"{given.name} holds neither thermal_conductivity nor ionic_conductivity"
        raise CaseError(Problem(key, what, "a table of one of them"))
    if given.table is None:
        return {}
    found: dict[str, Property] = {}
    problems = []
    for name in known:
        rows = _through(given.table["rows"], name)
        if any(len(r["percolating"]) != 1 for r in rows):
            what = f"{name} is of several phases in {given.name}"
            problems.append(Problem(key, what, "a table in which the electrolyte alone conducts"))
            continue
        ends = {0.0: 0.0} | ({} if given.table["resistances"] else {1.0: 1.0})
        found[name] = _law(given, name, rows, ends, material)
    if problems:
        raise CaseError(problems)
    return found


def of_composite(given: Computed, key: str) -> dict[str, tuple[str, Property]]:
    """Best conductor and f(phi) by property: effective conductivity over that conductor's.

    Phi is the volume fraction of all solids. f(0) = 0; above the densest image f is held.

    Raises:
        CaseError: a phase that the electrode does not have.
    """
    found = {}
    for name in given.provides if given.table is not None else ():
        assert given.table is not None
        rows = _through(given.table["rows"], name)
        best = rows[0].get("conductor") or next(iter(rows[0]["percolating"]))
        if best not in given.roles:
            what = f'"{best}" of {given.name} is none of the phases of this electrode'
            remedy = f"one of: {', '.join(given.roles)}"
            raise CaseError(Problem(key, what, remedy))
        found[name] = given.roles[best], _law(given, name, rows, {0.0: 0.0}, given.name)
    return found


def reached(given: Computed, phi: float) -> tuple[float, float] | None:
    """Utilisation and contact share of active material at a density; None where not computed."""
    rows = given.table.get("reached", ()) if given.table is not None else ()
    if not rows:
        return None
    rows = sorted(rows, key=lambda r: r["relative_density"])
    at = [r["relative_density"] for r in rows]
    used, contact = (_held(phi, at, [r[n] for r in rows]) for n in ("utilisation", "contact"))
    return used, contact


def _held(phi: float, at: Sequence[float], values: Sequence[float]) -> float:
    """Between points linear, beyond them constant."""
    import numpy as np

    return float(np.interp(phi, at, values))


def _through(rows: Rows, name: str) -> list[Mapping[str, Any]]:
    """Rows of a property, along z where there are any."""
    own = [r for r in rows if r["property"] == name]
    axis = "z" if any(r["axis"] == "z" for r in own) else own[0]["axis"]
    return [r for r in own if r["axis"] == axis]


def _law(
    given: Computed, name: str, rows: Rows, ends: Mapping[float, float], material: str
) -> Property:
    assert given.table is not None
    values = {float(r["relative_density"]): float(r["relative"]) for r in rows}
    points = {**ends, **values}
    x = sorted(points)
    table = Table("phi", tuple(x), tuple(points[phi] for phi in x))
    empty = name == "thermal_conductivity" and not given.table["resistances"]
    return Property(
        SCALINGS[name],
        "1",
        ComputedPores(table) if empty else table,
        source="user",
        status="user",
        ranges={"phi": (min(values), max(values))},
        conditions=f"along {rows[0]['axis']}",
        note=f"computed on the microstructure {given.table['case']} ({given.table['hash']})",
        material=material,
    )


def read(file: str, folders: Sequence[str | Path], key: str) -> Computed:
    """A table that lies beside the case.

    Args:
        file: its name.
        folders: where it may lie.
        key: of the microstructure in the case.

    Raises:
        CaseError: no such file, or no such table.
    """
    paths = [Path(f) / file for f in folders or (Path(),)]
    path = next((p for p in paths if p.is_file()), paths[0])
    try:
        table = json.loads(path.read_text("utf-8"))
    except OSError:
        names = [p.name for f in folders for p in Path(f).glob("*.json")]
        near = nearest(file, names, 1)
        remedy = "write it: joulestack microstructure conductivity CASE"
        remedy = f'did you mean "{near[0]}"?' if near else remedy
        raise CaseError(Problem(key, f"there is no {file} beside the case", remedy)) from None
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, Mapping) or table.get("kind") != KIND:
        remedy = "table.json of: joulestack microstructure conductivity CASE"
        raise CaseError(Problem(key, f"{file} is no table of a microstructure", remedy))
    return computed(file, table)


def computed(
    name: str, table: Mapping[str, Any], roles: Mapping[str, str] | None = None
) -> Computed:
    """What a table holds."""
    here = {r["property"] for r in table["rows"]}
    provides = tuple(n for n in SCALINGS if n in here)
    return Computed(name, provides, bool(table.get("reached")), table, roles or {})
