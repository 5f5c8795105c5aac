"""Load tables, stack pressure, thermal conditions and probes of a case as plain objects."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from joulestack.case import profiles, thermal
from joulestack.case.cell import Cell, PressureTable
from joulestack.case.load import LoadTable
from joulestack.case.numerics import Probe
from joulestack.case.profiles import PressureMap, Profile
from joulestack.case.tables import as_grid, check_times, read_columns


def load_table(table: LoadTable, folder: Path) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Times [s] and currents [A] of a load table.

    Raises:
        ValueError: both or neither form, different lengths, times not in order.
    """
    if (table.csv is None) == (table.time is None and table.current is None):
        raise ValueError("takes either csv or time and current; keep one of them")
    if table.csv is not None:
        columns = read_columns(folder / table.csv, {"time": "s", "current": "A"})
        times, currents = columns["time"], columns["current"]
    else:
        times, currents = table.time or (), table.current or ()
    check_times(times, currents, jumps=True)
    return times, currents


def pressure_of(cell: Cell, folder: Path) -> profiles.StackPressure:
    """The stack pressure in time, or its map over the face.

    Raises:
        ValueError: keys that do not go together, or a bad table.
    """
    given = cell.stack_pressure
    if not isinstance(given, PressureTable):
        return profiles.StackPressure(Profile((0.0,), (given,)))
    form = [n for n in ("time", "csv", "map", "x", "y", "r", "pressure") if _given(given, n)]
    if form == ["csv"]:
        columns = read_columns(folder / str(given.csv), {"time": "s", "pressure": "Pa"})
        return _pressure_in_time(columns["time"], columns["pressure"])
    if form == ["time", "pressure"]:
        return _pressure_in_time(given.time or (), _row(given))
    face = ("r",) if cell.geometry == "pellet" else ("x", "y")
    if form == ["map"]:
        wanted = {**dict.fromkeys(face, "m"), "pressure": "Pa"}
        columns = read_columns(folder / str(given.map), wanted)
        if face == ("r",):
            return _mapped(columns["r"], (), columns["pressure"])
        return _mapped(*as_grid(columns["x"], columns["y"], columns["pressure"]))
    if form == ["r", "pressure"]:
        return _mapped(given.r or (), (), _row(given))
    if form == ["x", "y", "pressure"]:
        return _mapped(given.x or (), given.y or (), given.pressure or ())
    raise ValueError(
        f"these keys do not make a table: {', '.join(form) or 'none'}; use time and pressure, "
        "csv, map, r and pressure (pellet), or x, y and pressure (pouch)"
    )


def _given(table: PressureTable, name: str) -> bool:
    return getattr(table, name) is not None


def _row(table: PressureTable) -> tuple[float, ...]:
    rows = table.pressure or ()
    if any(isinstance(row, tuple) for row in rows):
        raise ValueError("pressure has rows; give one value for each time or radius")
    return tuple(float(v) for v in rows if not isinstance(v, tuple))


def _pressure_in_time(
    times: tuple[float, ...], values: tuple[float, ...]
) -> profiles.StackPressure:
    check_times(times, values, jumps=False)
    return profiles.StackPressure(Profile(times, values))


def _mapped(
    x: tuple[float, ...],
    y: tuple[float, ...],
    values: tuple[float, ...] | tuple[tuple[float, ...], ...],
) -> profiles.StackPressure:
    for name, axis in (("first", x), ("second", y)):
        if any(b <= a for a, b in pairwise(axis)):
            raise ValueError(f"positions of the {name} coordinate are not increasing; sort them")
    if len(x) < 2 or len(y) == 1:
        raise ValueError("a map needs at least two positions in each direction")
    if len(values) != len(x):
        raise ValueError(f"has {len(x)} positions but {len(values)} values or rows of pressure")
    for row in values:
        size = len(row) if isinstance(row, tuple) else 0
        if size != len(y):
            raise ValueError(
                f"has {len(y)} positions y, but a row of pressure has {size} values; "
                "write one row for each x, one value in it for each y"
            )
    field = PressureMap(x, y, values)
    return profiles.StackPressure(Profile((0.0,), (field.mean,)), field)


def condition_of(face: object) -> profiles.FaceCondition | None:
    """The plain object of one thermal condition; None for adiabatic.

    Raises:
        ValueError: a cooling plate with both or neither of coefficient and resistance.
    """
    if isinstance(face, thermal.FixedTemperatureFace):
        return profiles.FixedTemperature(face.temperature)
    if isinstance(face, thermal.ConvectionFace):
        return profiles.Convection(face.coefficient, face.ambient)
    if isinstance(face, thermal.RadiationFace):
        return profiles.Radiation(face.emissivity, face.ambient)
    if isinstance(face, thermal.HeatFluxFace):
        return profiles.HeatFlux(face.flux)
    if isinstance(face, thermal.CoolingPlateFace):
        if (face.coefficient is None) == (face.contact_resistance is None):
            raise ValueError(
                "a cooling plate takes one of coefficient and contact_resistance; "
                'for a perfect contact use kind = "fixed temperature"'
            )
        h = face.coefficient or 1.0 / (face.contact_resistance or 1.0)
        return profiles.Convection(h, face.temperature, plate=True)
    return None


def entries(entry: object) -> tuple[object, ...]:
    """The conditions of one face, whether it has one or a list of them."""
    return entry if isinstance(entry, tuple) else (entry,)


def probe_of(probe: Probe) -> profiles.Probe:
    """The plain object of a probe."""
    position = 0.5 if probe.position is None else probe.position
    return profiles.Probe(
        probe.name,
        probe.layer,
        None if probe.point is not None else position,
        probe.at or (),
        probe.point,
    )
