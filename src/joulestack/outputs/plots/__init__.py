"""Pictures for a report, drawn from the files of a run: no solver, no DOLFINx, no window."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from joulestack.declarations import RISE
from joulestack.outputs import legend, sensitivities, timeseries
from joulestack.outputs.grid import Snapshot
from joulestack.outputs.plots import capacity, measured, of_fields, of_series, style, tornado
from joulestack.outputs.reading import FieldFile
from joulestack.outputs.timeseries import TIME


def hottest(file: FieldFile) -> Snapshot:
    """The written state with the hottest point of the run; the last of equals."""
    peaks = [np.nanmax(file.snapshot(i, only=[RISE]).nodes[RISE]) for i in range(len(file.files))]
    best = len(peaks) - 1 - int(np.argmax(peaks[::-1]))
    return file.snapshot(best)


def write_all(folder: Path, title: str = "", time: float | None = None) -> list[Path]:
    """Draw temperature, profile, timeseries and overpotentials.png from what the folder holds.

    With a fixture or voids, pressure_thickness.png too; with particles and a load, capacity.png;
    with measured capacities, measured.png; of a stack, layers and unit_cells.png; of derivatives,
    sensitivities and uncertainty.png. Call it on one rank. A picture is left out where its data
    are missing.

    Args:
        folder: of a run.
        title: shown in the pictures.
        time: of the maps and profiles [s]; None: when the cell was hottest.
    """
    folder = Path(folder)
    written: list[Path] = []
    if (folder / "fields.pvd").is_file():
        file = FieldFile(folder / "fields.pvd")
        labels = file.snapshot(0, only=[RISE]).nodes if file.files else {}
        if RISE in labels:
            now = hottest(file) if time is None else file.snapshot(file.index(time))
            written += of_fields.write(now, folder, title)
    if (folder / "timeseries.csv").is_file():
        table = timeseries.read(folder / "timeseries.csv")
        if len(table.get(TIME, ())):
            written += of_series.write(table, folder, title, legend.of_folder(folder))
    written += _derivatives(folder, title)
    summary = folder / "summary.json"
    told = json.loads(summary.read_text(encoding="utf-8")) if summary.is_file() else {}
    if capacity.drawable(steps := told.get("capacity_mAh_per_g") or {}):
        written += style.save_all({"capacity": lambda: capacity.draw(steps, title)}, folder)
    if beside := told.get("measured"):
        written += style.save_all({"measured": lambda: measured.draw(beside, title)}, folder)
    return written


def _derivatives(folder: Path, title: str) -> list[Path]:
    """Tornado and bands; none where a run was not differentiated."""
    if not (folder / sensitivities.JSON).is_file():
        return []
    found, table = sensitivities.read(folder), timeseries.read(folder / "timeseries.csv")
    pictures = {"sensitivities": lambda: tornado.draw(found, title)}
    if tornado.banded(found) and len(found.times) > 1:
        pictures["uncertainty"] = lambda: tornado.draw_bands(found, table, title)
    return style.save_all(pictures, folder)
