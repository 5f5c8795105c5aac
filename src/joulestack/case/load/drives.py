"""Load tables, thermal conditions and probes of a case as plain objects."""

from __future__ import annotations

from pathlib import Path

from joulestack.case import profiles
from joulestack.case.load import thermal
from joulestack.case.load.load import LoadTable
from joulestack.case.settings.numerics import Probe
from joulestack.case.tables import check_times, read_load
from joulestack.case.time_tables import in_time
from joulestack.in_time import Profile


def load_table(table: LoadTable, folder: Path) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Times [s] and currents [A] of a load table.

    Raises:
        ValueError: both or neither form, different lengths, times not in order.
    """
    if (table.csv is None) == (table.time is None and table.current is None):
        raise ValueError("takes either csv or time and current; keep one of them")
    if table.csv is not None:
        times, currents = read_load(folder / table.csv, "current", "A", table)
    elif table.columns or table.units or table.sign:
        raise ValueError("columns, units and sign have no effect without csv; remove them")
    else:
        times, currents = table.time or (), table.current or ()
    check_times(times, currents, jumps=True)
    return times, currents


def condition_of(face: object, folder: Path) -> profiles.FaceCondition | None:
    """The plain object of one thermal condition; None for adiabatic.

    Raises:
        ValueError: a cooling plate with both or neither of coefficient and resistance, or a table
            in time that is none; the message names the key.
    """

    def given(key: str) -> float | Profile:
        try:
            return in_time(getattr(face, key), folder)
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from None

    if isinstance(face, thermal.FixedTemperatureFace):
        return profiles.FixedTemperature(given("temperature"))
    if isinstance(face, thermal.ConvectionFace):
        return profiles.Convection(given("coefficient"), given("ambient"))
    if isinstance(face, thermal.RadiationFace):
        return profiles.Radiation(face.emissivity, given("ambient"))
    if isinstance(face, thermal.HeatFluxFace):
        return profiles.HeatFlux(given("flux"))
    if isinstance(face, thermal.CoolingPlateFace):
        if (face.coefficient is None) == (face.contact_resistance is None):
            raise ValueError(
                "a cooling plate takes one of coefficient and contact_resistance; "
                'for a perfect contact use kind = "fixed temperature"'
            )
        h = 1.0 / face.contact_resistance if face.contact_resistance else given("coefficient")
        return profiles.Convection(h, given("temperature"), plate=True)
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
