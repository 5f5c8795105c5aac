"""Quantities of a case that may vary in time: a value, or a table as that of the stack pressure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

from pydantic import Field, Tag

from joulestack.case.quantities import (
    LONGEST_TIME,
    HeatFlux,
    HeatSource,
    HeatTransfer,
    Quantity,
    Temperature,
    TimePoint,
)
from joulestack.case.table_choice import TableChoice
from joulestack.case.tables import check_times, read_columns
from joulestack.case.unions import value_or_table
from joulestack.in_time import Profile

IN_VAIN = "a table in time has no effect in a steady run"

Coefficient = Annotated[float, Quantity("W/(m^2 K)", least=0.0)]
"""In time it may vanish: a fan that stands still."""


class TimeTable(TableChoice):
    """Linear between its points and held after the last; a repeated time is a jump.

    A table has one key beside these two, named as the quantity it stands for.
    """

    time: tuple[TimePoint, ...] | None = Field(None, description="times since the start of the run")
    csv: str | None = Field(None, description="file with columns time [s] and this quantity")

    @classmethod
    def quantity(cls) -> str:
        """Key of what varies."""
        return next(name for name in cls.model_fields if name not in TimeTable.model_fields)


class TemperatureTable(TimeTable):
    """Temperature of a face or a plate in time."""

    temperature: tuple[Temperature, ...] | None = Field(None, description="at these times")


class AmbientTable(TimeTable):
    """Temperature around a face in time."""

    ambient: tuple[Temperature, ...] | None = Field(None, description="at these times")


class CoefficientTable(TimeTable):
    """Heat transfer coefficient in time."""

    coefficient: tuple[Coefficient, ...] | None = Field(None, description="at these times")


class FluxTable(TimeTable):
    """Heat flux into the cell in time."""

    flux: tuple[HeatFlux, ...] | None = Field(None, description="at these times")


class HeatSourceTable(TimeTable):
    """Prescribed heat source of a layer in time."""

    heat_source: tuple[HeatSource, ...] | None = Field(None, description="at these times")


TemperatureInTime = Annotated[
    Annotated[Temperature, Tag("<value>")] | Annotated[TemperatureTable, Tag("<table>")],
    value_or_table(),
]
AmbientInTime = Annotated[
    Annotated[Temperature, Tag("<value>")] | Annotated[AmbientTable, Tag("<table>")],
    value_or_table(),
]
CoefficientInTime = Annotated[
    Annotated[HeatTransfer, Tag("<value>")] | Annotated[CoefficientTable, Tag("<table>")],
    value_or_table(),
]
FluxInTime = Annotated[
    Annotated[HeatFlux, Tag("<value>")] | Annotated[FluxTable, Tag("<table>")],
    value_or_table(),
]
HeatSourceInTime = Annotated[
    Annotated[HeatSource, Tag("<value>")] | Annotated[HeatSourceTable, Tag("<table>")],
    value_or_table(),
]


def in_time(given: float | TimeTable, folder: Path) -> float | Profile:
    """The value, or the profile that a table stands for.

    Args:
        given: as it stands in the case.
        folder: of the case file.

    Raises:
        ValueError: keys that do not go together, a bad file, times not in order, or a value of a
            file that is out of range.
    """
    if not isinstance(given, TimeTable):
        return given
    name = given.quantity()
    inline = getattr(given, name)
    if (given.csv is None) == (given.time is None and inline is None):
        raise ValueError(f"takes either csv or time and {name}; keep one of them")
    if given.csv is None:
        if given.columns or given.units:
            raise ValueError("columns and units have no effect without csv; remove them")
        times, values = given.time or (), inline or ()
    else:
        bounds = _bounds(type(given), name)
        columns = read_columns(folder / given.csv, {"time": "s", name: bounds.unit}, given)
        times, values = columns["time"], columns[name]
        for value in values:
            bounds.read(float(f"{value:.10g}"))  # as it is told
        if max(times, default=0.0) > LONGEST_TIME:
            raise ValueError(f"has times beyond {LONGEST_TIME:g} s; give them in their unit")
    check_times(times, values, jumps=True)
    if times[1] == 0.0:
        raise ValueError("jumps at 0 s, and there is nothing before; leave its first point out")
    return Profile(times, values)


def _bounds(model: type[TimeTable], name: str) -> Quantity:
    """What a value of a table is checked against."""
    row = next(a for a in get_args(model.model_fields[name].annotation) if a is not type(None))
    found: Quantity = next(m for m in get_args(get_args(row)[0]) if isinstance(m, Quantity))
    return found


def varies(given: object) -> bool:
    """Whether it is a table in time."""
    return isinstance(given, TimeTable)
