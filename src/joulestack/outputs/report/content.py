"""What a page is made of: the data that its script draws from, and the facts of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.declarations import RISE
from joulestack.outputs import timeseries
from joulestack.outputs.legend import LOSSES, SOURCES
from joulestack.outputs.report import facts, scenes, series, states
from joulestack.outputs.result import Result

Table = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """Of one result.

    Attributes:
        data: for the script, JSON's own types.
        facts: for the template.
    """

    data: Table
    facts: Table


def of_result(result: Result, among: int = 1) -> Content:
    """Read a result folder; what it does not hold is left out.

    Args:
        result: of a run.
        among: results that share the page.

    Raises:
        CaseError: a file of it is damaged.
    """
    folder, summary, manifest = result.path, result.summary, result.manifest
    found: Table = {}
    where = ""
    if (folder / "fields.pvd").is_file() and len(result.field_times):
        found, where = _of_fields(result, among)
    table = timeseries.read(folder / "timeseries.csv") if _has_series(folder) else {}
    told = facts.of_result(folder, summary, manifest, where)
    data = {
        "title": told["title"],
        "name": told["name"],
        "series": series.packed(table),
        "heat": manifest.get(SOURCES) or [],
        "losses": manifest.get(LOSSES) or [],
        "steps": told["steps"] if not told["skipped"] else [],
        **found,
    }
    return Content(data, told)


def _has_series(folder: Path) -> bool:
    return (folder / "timeseries.csv").is_file()


def _of_fields(result: Result, among: int) -> tuple[Table, str]:
    """Fields, cell and maps; and the layer that became hottest in a written state."""
    if RISE not in result.snapshot(float(result.field_times[0])).nodes:
        return {}, ""
    taken = states.read(result._fields)
    profile, runs = scenes.profile(taken)
    meshes, windows = scenes.maps(taken, runs, among)
    grid = taken.snapshot.grid
    node = int(np.nanargmax(taken.snapshot.nodes[RISE][:, taken.hottest]))
    where = next(r.name for r in grid.regions if r.id == grid.node_region[node])
    return {
        "times": taken.times.tolist(),
        "hottest": taken.hottest,
        "written": taken.written,
        "fields": states.shown(taken.snapshot.nodes, taken.start),
        "layers": scenes.layers(runs),
        "profile": profile,
        "meshes": meshes,
        "scenes": windows,
    }, where
