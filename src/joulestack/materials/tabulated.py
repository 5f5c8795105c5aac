"""f(phi) from a microstructure: the table that `joulestack microstructure conductivity` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joulestack.errors import CaseError, Problem
from joulestack.materials.forms import Table
from joulestack.materials.names import nearest
from joulestack.materials.property import Property

KIND = "joulestack microstructure table"
SCALINGS = {"thermal_conductivity": "thermal_scaling", "ionic_conductivity": "ionic_scaling"}
"""Property of a table -> property of a solid electrolyte."""


def scalings(
    file: str, folders: Sequence[str | Path], material: str, where: str
) -> dict[str, Property]:
    """Laws f(phi) of a solid with pores, by the name of the property they scale.

    A table covers the densities that were computed. Beyond them f(0) = 0 and, without resistances
    between particles, f(1) = 1 are exact and close it; with them it is held at its ends.

    Args:
        file: name of the table.
        folders: where it may lie.
        material: whose property it becomes.
        where: path of the material in the case.

    Raises:
        CaseError: no such file, no such table, or one that several phases conduct in.
    """
    key = f"{where}.effective.microstructure" if where else "effective.microstructure"
    table = _read(file, folders, key)
    found: dict[str, Property] = {}
    problems = []
    for name, own in SCALINGS.items():
        rows = [r for r in table["rows"] if r["property"] == name]
        if not rows:
            continue
        axis = "z" if any(r["axis"] == "z" for r in rows) else rows[0]["axis"]
        rows = [r for r in rows if r["axis"] == axis]
        if any(len(r["percolating"]) != 1 for r in rows):
            what = f"{name} is of several phases in {file}"
            problems.append(Problem(key, what, "a table in which the electrolyte alone conducts"))
            continue
        values = {float(r["relative_density"]): float(r["relative"]) for r in rows}
        ends = {0.0: 0.0} | ({} if table["resistances"] else {1.0: 1.0})
        points = ends | values
        if len(points) < 2 or not all(0 <= phi <= 1 for phi in points):
            problems.append(Problem(key, f"{file} holds no densities of {name}", "a compaction"))
            continue
        x = sorted(points)
        found[name] = Property(
            own,
            "1",
            Table("phi", tuple(x), tuple(points[phi] for phi in x)),
            source="user",
            status="user",
            ranges={"phi": (min(values), max(values))},
            conditions=f"along {axis}",
            note=f"computed on the microstructure {table['case']} ({table['hash']}): {file}",
            material=material,
        )
    if not found and not problems:
        what = f"{file} holds neither {' nor '.join(SCALINGS)}"
        problems.append(Problem(key, what, "a table of one of them"))
    if problems:
        raise CaseError(problems)
    return found


def _read(file: str, folders: Sequence[str | Path], key: str) -> Mapping[str, Any]:
    path = next((Path(f) / file for f in folders if (Path(f) / file).is_file()), Path(file))
    try:
        table = json.loads(path.read_text("utf-8"))
    except OSError:
        names = [p.name for f in folders for p in Path(f).glob("*.json")]
        near = nearest(file, names, 1)
        remedy = "write it: joulestack microstructure conductivity CASE"
        remedy = f'did you mean "{near[0]}"?' if near else remedy
        raise CaseError(Problem(key, f"there is no {file} beside the case", remedy)) from None
    except ValueError:
        table = None
    if not isinstance(table, Mapping) or table.get("kind") != KIND:
        remedy = "table.json of: joulestack microstructure conductivity CASE"
        raise CaseError(Problem(key, f"{file} is no table of a microstructure", remedy))
    return table
