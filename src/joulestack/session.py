"""What a run came to, step by step of its protocol: columns of the time series, summary tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from joulestack.case.protocol import Protocol, Step
from joulestack.procedure import StepOutcome

MAH, WH = 3.6, 3600.0
"""A milliampere hour [C], a watt hour [J]."""


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
    row["Capacity passed [mAh]"] = charge / MAH
    row["Capacity passed [mAh/cm2]"] = charge / MAH / (area * 1e4)
    return row


def steps(outcomes: Sequence[StepOutcome]) -> list[dict[str, Any]]:
    """One table for each step; the stretches of a step that follows a table are one.

    Args:
        outcomes: of a run, in order.
    """
    found: list[dict[str, Any]] = []
    for outcome in outcomes:
        step = outcome.step
        if not found or found[-1]["step"] != step.number:
            found.append(
                {
                    "step": step.number,
                    "cycle": step.cycle,
                    "text": step.text,
                    "start_s": outcome.start,
                    "charge_mAh": 0.0,
                    "energy_Wh": 0.0,
                }
            )
        found[-1]["charge_mAh"] += outcome.charge / MAH
        found[-1]["energy_Wh"] += outcome.energy / WH
        found[-1] |= {
            "end_s": outcome.end,
            "ended_by": outcome.ended_by,
            "voltage_V": outcome.voltage,
        }
    return found


def capacities(nominal: float | None, sites: float, usable: float) -> dict[str, float | None]:
    """Capacities [mAh]; None where there are no particles to tell.

    Args:
        nominal: that C-rates count from [C].
        sites: of all sites of the electrode that holds least [C].
        usable: within its window [C].
    """
    return {
        "nominal": None if nominal is None else nominal / MAH,
        "theoretical": sites / MAH if sites else None,
        "usable": usable / MAH if usable else None,
    }
