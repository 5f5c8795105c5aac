"""The written states of a run as one snapshot, whose fields have a column for each time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from joulestack.declarations import RISE
from joulestack.outputs.grid import Floats, Grid, Snapshot
from joulestack.outputs.reading import FieldFile

KELVIN = "Temperature [K]"
SHOWN_STATES = 60
BUDGET = 1_100_000
"""Values on all maps: at 16 bits each some 3 MB of text."""
LEAST_STATES = 8


@dataclass(frozen=True)
class States:
    """Written states, those that are shown.

    Attributes:
        snapshot: fields by label, a column for each time; those in cells are averaged at corners.
        times: [s].
        start: temperature that the rise counts from [K].
        written: how many states the run has written.
        hottest: number of the state with the hottest point.
    """

    snapshot: Snapshot
    times: Floats
    start: float
    written: int
    hottest: int


def read(file: FieldFile) -> States:
    """Read as many states as a page can hold: all fields, or in a large cell the temperature alone.

    Args:
        file: of the run, with one state at least.
    """
    first = file.snapshot(0)
    points = max(len(first.grid.points), 1)
    scalars = [k for k, v in first.nodes.items() if v.ndim == 1 and k != KELVIN]
    inside = [k for k, v in first.cells.items() if v.ndim == 1]
    labels = sorted(scalars, key=lambda k: k != RISE) + inside
    room = BUDGET // points if points < BUDGET else 1
    kept = min(len(file.files), SHOWN_STATES)
    if kept * len(labels) > room:
        kept = max(min(kept, room // len(labels)), min(kept, LEAST_STATES))
        labels = labels[: max(1, room // kept)]
    chosen = np.unique(np.linspace(0, len(file.files) - 1, kept).round().astype(int))
    states = [file.snapshot(int(i), only=labels) for i in chosen]
    nodes = {k: np.stack([s.nodes[k] for s in states], axis=1) for k in labels if k in first.nodes}
    for label in (k for k in labels if k in first.cells):
        nodes[label] = at_corners(first.grid, np.stack([s.cells[label] for s in states], axis=1))
    apart = first.nodes[KELVIN] - first.nodes[RISE] if KELVIN in first.nodes else np.zeros(1)
    hottest = int(np.argmax([np.nanmax(s.nodes[RISE]) for s in states]))
    whole = Snapshot(first.grid, first.time, nodes)
    return States(whole, file.times[chosen], float(np.nanmean(apart)), len(file.files), hottest)


def at_corners(grid: Grid, values: Floats) -> Floats:
    """Values of cells at their corners: the mean of the cells of one region that meet there."""
    total = np.zeros((len(grid.points), values.shape[1]))
    count = np.zeros(len(grid.points))
    for corner in grid.cells.T:
        np.add.at(total, corner, values)
        np.add.at(count, corner, 1.0)
    return np.asarray(total / np.maximum(count, 1.0)[:, None])


def shown(labels: Collection[str], start: float) -> list[dict[str, str | float]]:
    """What the page says of each field: label, name and unit; a rise is shown as temperature too.

    Args:
        labels: of the fields.
        start: temperature that the rise counts from [K].
    """
    found: list[dict[str, str | float]] = []
    for label in labels:
        name, _, unit = label.removesuffix("]").partition(" [")
        entry: dict[str, str | float] = {"label": label, "name": name, "unit": unit}
        found.append(entry | ({"celsius": start - 273.15} if label == RISE else {}))
    return found
