"""Pictures over time: which there are of a time series, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.outputs.grid import Floats
from joulestack.outputs.legend import Legend
from joulestack.outputs.plots import history, overpotentials, stack_pressure, style, unit_cells

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write(table: Mapping[str, Floats], folder: Path, title: str, legend: Legend) -> list[Path]:
    """Draw timeseries.png, and what else a time series has the columns for.

    Args:
        table: columns of the time series, with at least one record.
        folder: for the pictures.
        title: of the case.
        legend: of heat sources and losses.
    """
    pictures: dict[str, Callable[[], Figure]] = {
        "timeseries": lambda: history.draw(table, title, legend)
    }
    if overpotentials.drawable(table, legend):
        pictures["overpotentials"] = lambda: overpotentials.draw(table, title, legend)
    if stack_pressure.drawable(table):
        pictures["pressure_thickness"] = lambda: stack_pressure.draw(table, title)
    if unit_cells.drawable(table):
        pictures["unit_cells"] = lambda: unit_cells.draw(table, title)
    return style.save_all(pictures, folder)
