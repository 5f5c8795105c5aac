"""Results as pandas and xarray have them: labels as everywhere, units as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from joulestack._needs import needed
from joulestack.outputs.grid import Floats, Snapshot
from joulestack.outputs.timeseries import TIME


def parted(label: str) -> tuple[str, str]:
    """Name and unit of a label: "Voltage [V]" is "Voltage" in "V"."""
    name, _, unit = label.removesuffix("]").rpartition(" [")
    return (name, unit) if name else (label, "")


def dataframe(table: Mapping[str, Floats]) -> Any:
    """Columns by label as a pandas DataFrame; its index is the time.

    Raises:
        EnvironmentMissing: pandas is not installed.
    """
    with needed():
        import pandas

    columns = {k: v for k, v in table.items() if k != TIME}
    index = pandas.Index(np.asarray(table.get(TIME, ())), name=TIME)
    return pandas.DataFrame(columns, index=index)


def dataset(table: Mapping[str, Floats], title: str = "") -> Any:
    """Columns by label as an xarray Dataset over "record", with "time" [s] as a coordinate.

    Two records have one time where the load jumps: before and after.

    Raises:
        EnvironmentMissing: xarray is not installed.
    """
    with needed():
        import xarray

    time = ("record", np.asarray(table.get(TIME, ())), {"units": "s", "long_name": "Time"})
    columns = {k: ("record", v, _about(k)) for k, v in table.items() if k != TIME}
    return xarray.Dataset(columns, {"time": time}, {"title": title} if title else {})


def array(label: str, entries: Floats, times: Floats) -> Any:
    """One quantity over time as an xarray DataArray.

    Raises:
        EnvironmentMissing: xarray is not installed.
    """
    return dataset({TIME: times, label: entries})[label]


def fields(snapshots: list[Snapshot], title: str = "") -> Any:
    """Fields as an xarray Dataset over "time" and "node", or "cell" where they are known by cell.

    Coordinates are the places of the nodes [m] and the region that each belongs to; vectors have
    a dimension "component".

    Raises:
        EnvironmentMissing: xarray is not installed.
    """
    with needed():
        import xarray

    grid = snapshots[0].grid
    names = {region.id: region.name for region in grid.regions}
    axes = grid.system.axes[: grid.points.shape[1]]
    coordinates: dict[str, Any] = {
        "time": ("time", [s.time for s in snapshots], {"units": "s", "long_name": "Time"}),
        "region": ("node", [names[int(i)] for i in grid.node_region]),
        "cell_region": ("cell", [names[int(i)] for i in grid.cell_region]),
    }
    for i, axis in enumerate(axes):
        coordinates[axis] = ("node", grid.points[:, i], {"units": "m"})
    found: dict[str, Any] = {}
    for place in ("node", "cell"):
        first: Mapping[str, Floats] = getattr(snapshots[0], f"{place}s")
        for label, values in first.items():
            dimensions = ("time", place, "component")[: values.ndim + 1]
            stacked = np.stack([getattr(s, f"{place}s")[label] for s in snapshots])
            found[label] = (dimensions, stacked, _about(label))
    return xarray.Dataset(found, coordinates, {"title": title} if title else {})


def _about(label: str) -> dict[str, str]:
    name, unit = parted(label)
    return {"long_name": name, "units": "1" if unit == "-" else unit}
