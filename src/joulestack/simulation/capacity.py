"""Charge in the units of batteries: columns of the time series, capacities of the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joulestack.case.case import Case
from joulestack.case.protocol import Protocol, Step
from joulestack.case.stack.stack import bodies
from joulestack.constants import MILLIAMPERE_HOUR
from joulestack.outputs.measured import steps as measured_steps
from joulestack.outputs.measured.steps import MILLIAMPERE_HOUR_PER_GRAM


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


LARGEST_STEP = "largest step of this run"


def of_electrodes(case: Case, steps: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Capacity that each loss leaves of a composite electrode with particles [mAh/g of active].

    Args:
        case: its layers.
        steps: of the protocol, what each came to; the largest charge counts where a material makes
            one layer alone.
    """
    found: dict[str, dict[str, float]] = {}
    layers = [b for b in bodies(case.cell) if b.thickness]
    largest = max((abs(step["charge_mAh"]) for step in steps), default=0.0)
    for body in layers:
        medium = case.media()[body.name]
        left: dict[str, float] = getattr(medium, "capacities", dict)()
        if not left:
            continue
        found[body.name] = {k: v / MILLIAMPERE_HOUR_PER_GRAM for k, v in left.items()}
        alone = [b.material for b in layers].count(body.material) == 1
        if alone and case.electrode_area and largest:
            thickness = case.geometry.equivalent_thickness(body.name, body.thickness or 0.0)
            kilograms = medium.active_mass_density * thickness * case.electrode_area  # type: ignore[attr-defined]
            found[body.name][LARGEST_STEP] = float(largest / (1e3 * kilograms))
    return found


def measured(case: Case, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What [load.measured] holds beside what the run gave; {} without it.

    Args:
        case: its load.
        steps: of the protocol, what each came to.
    """
    given = case.file.load.measured if case.file.load is not None else None
    if given is None:
        return {}
    mass = case.active_mass
    return measured_steps.table(given.charges(mass), steps, mass, given.source)
