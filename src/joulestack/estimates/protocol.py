"""The protocol of a case as a table: what each step does, what ends it, how long it may last."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from joulestack.case import Case
from joulestack.case.protocol import Mode, Step
from joulestack.case.protocol.estimate import Estimate, one_by_one, total
from joulestack.units import format_quantity

if TYPE_CHECKING:
    from rich.table import Table

SHOWN_ROWS = 40

_UNITS: dict[Mode, str] = {
    "current": "A",
    "power": "W",
    "voltage": "V",
    "resistance": "ohm",
    "rest": "",
}


def protocol_table(case: Case, voltage: float, left: float | None = None) -> Table | None:
    """Steps as they are written, repeats counted; None for a load of a single endless step.

    Args:
        case: a valid case with a load.
        voltage: about which power steps run [V]; NaN if unknown.
        left: part of the capacity that a discharge can take at the start; None if unknown.
    """
    protocol, capacity = case.protocol, case.capacity
    about = None if math.isnan(voltage) else voltage
    if all(step.duration is None for step in protocol.steps):
        return None
    whole = total(protocol, capacity, about, left)
    lasting: dict[int, list[Estimate]] = {}
    for step, lasts in zip(
        protocol.steps, one_by_one(protocol, capacity, about, left), strict=True
    ):
        lasting.setdefault(step.number, []).append(lasts)
    from rich.table import Table  # a run, which asks for the limits alone, prints none

    table = Table(
        title=f"Protocol: {said(whole)}{_counts(protocol.steps)}", title_justify="left", box=None
    )
    if protocol.stops:
        table.caption = "any step: " + ", ".join(stop.text for stop in protocol.stops)
        table.caption_justify = "left"
    for name in ("step", "", "value", "ends at", "duration", "around the cell"):
        table.add_column(name, justify="right" if name in ("step", "value") else "left")
    # One row for each place in the file.
    first: dict[tuple[tuple[int, ...], str], list[Step]] = {}
    for step in protocol.steps:
        first.setdefault((step.entry, step.text), []).append(step)
    for i, steps in enumerate(first.values()):
        if i == SHOWN_ROWS:
            table.add_row("", f"... and {len(first) - SHOWN_ROWS} more", "", "", "", "")
            break
        passes = len({s.number for s in steps})
        step = steps[0]
        parts = lasting[step.number]
        kinds = [p.sureness for p in parts]
        lasts = Estimate(sum(p.duration for p in parts), max(kinds, key=len))
        table.add_row(
            f"{step.number}" if passes == 1 else f"{passes} x",
            step.text,
            _value(steps, step.number),
            ", ".join(end.text for end in step.ends),
            said(lasts),
            _around(step),
        )
    return table


def passed_over(case: Case, voltage: float) -> Iterator[str]:
    """First steps whose limit the cell is beyond before any load; a run passes over them, too.

    Args:
        case: a valid case.
        voltage: of the open circuit at the start [V]; NaN if unknown.
    """
    steps = case.protocol.steps if case.driven else ()
    for i, step in enumerate(steps):
        beyond = [
            end.text
            for end in step.ends
            if end.quantity == "voltage"
            and end.rising is not None
            and (voltage >= end.value if end.rising else voltage <= end.value)
        ]
        if not beyond:
            return
        what = "it is passed over" if i + 1 < len(steps) else "nothing is left to run"
        yield (
            f'"{step.text}": {" and ".join(beyond)} is reached before it begins, at '
            f"{voltage:.4g} V without current; {what}"
        )


def said(lasts: Estimate) -> str:
    """A duration for people: "about 3 h"."""
    if math.isinf(lasts.duration):
        return "as long as the run"
    return f"{lasts.sureness} {format_quantity(lasts.duration, 's', 3)}".strip()


def _counts(steps: tuple[Step, ...]) -> str:
    numbers, cycles = steps[-1].number, steps[-1].cycle
    if numbers == 1:
        return ""
    return f", {numbers} steps" + (f" in {cycles} cycles" if cycles > 1 else "")


def _value(steps: list[Step], number: int) -> str:
    """Current, power or voltage; the range of a table."""
    unit = _UNITS[steps[0].mode]
    values = [v for s in steps if s.number == number for v in s.value.values]
    low, high = min(values), max(values)
    if not unit:
        return ""
    if low == high:
        return format_quantity(low, unit, 4)
    return f"{format_quantity(low, unit, 3)} to {format_quantity(high, unit, 3)}"


def _around(step: Step) -> str:
    found = []
    if step.stack_pressure is not None:
        found.append(format_quantity(step.stack_pressure, "Pa"))
    if step.ambient is not None:
        found.append(f"{step.ambient - 273.15:g} degC")
    found += [f"{face} {value:g} W/(m^2 K)" for face, value in (step.cooling or {}).items()]
    found += [f"{face} {value:g} W/m^2" for face, value in (step.heat_flux or {}).items()]
    return ", ".join(found)
