"""Charge in the units of batteries: columns of the time series, capacities of the summary."""

from __future__ import annotations

from joulestack.case.protocol import Protocol, Step
from joulestack.constants import MILLIAMPERE_HOUR


def columns(protocol: Protocol, step: Step, charge: float, area: float) -> dict[str, float]:
    """Columns of a record of a cell with a load.

    Args:
        protocol: with more than one step it has columns of its own.
        step: that is going on.
        charge: given since the start [C], discharge positive.
        area: electrode area [m2].
    """
    row: dict[str, float] = {}
    if protocol.steps[-1].number > 1:
        row |= {"Step": step.number, "Cycle": step.cycle}
    row["Capacity passed [mAh]"] = charge / MILLIAMPERE_HOUR
    row["Capacity passed [mAh/cm2]"] = charge / MILLIAMPERE_HOUR / (area * 1e4)
    return row


def capacities(nominal: float | None, sites: float, usable: float) -> dict[str, float | None]:
    """Capacities [mAh]; None where there are no particles to tell.

    Args:
        nominal: that C-rates count from [C].
        sites: of all sites of the electrode that holds least [C].
        usable: within its window [C].
    """
    return {
        "nominal": None if nominal is None else nominal / MILLIAMPERE_HOUR,
        "theoretical": sites / MILLIAMPERE_HOUR if sites else None,
        "usable": usable / MILLIAMPERE_HOUR if usable else None,
    }
