"""How long steps last, as far as the capacity tells without solving."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from joulestack.case.protocol.steps import End, Protocol, Step

Sureness = Literal["", "about", "at most"]

HOLD = 3600.0
"""What a hold without a duration is taken to last [s]."""


@dataclass(frozen=True)
class Estimate:
    """Duration of a step.

    Attributes:
        duration: [s]; infinite for a step as long as the run.
        sureness: "" if it is what happens, "about" for a full charge or discharge at this
            current, "at most" where only the longest duration is known.
    """

    duration: float
    sureness: Sureness


def estimate(
    step: Step,
    capacity: float | None,
    voltage: float | None = None,
    left: float | None = None,
) -> Estimate:
    """Duration of one step.

    Args:
        step: of a protocol.
        capacity: of the cell [C], None if unknown.
        voltage: about which a power step or one of given resistance runs [V], None if unknown.
        left: part of the capacity that a discharge can take when the step begins; None: counted
            as if it began with a full (or empty) cell.
    """
    longest = float("inf") if step.duration is None else step.duration
    if not step.ends:
        return Estimate(longest, "at most" if step.must_end else "")
    current = _current(step, voltage)
    moved = [_moved(end, step.value.values[0] >= 0, capacity, left) for end in step.ends]
    found = [charge / current for charge in moved if current and charge is not None]
    if not found:
        return Estimate(longest, "at most")
    exact = ("capacity", "state of charge")
    sure = step.mode == "current" and all(e.quantity in exact for e in step.ends)
    return Estimate(min(longest, *found), "" if sure else "about")


def _moved(end: End, discharging: bool, capacity: float | None, left: float | None) -> float | None:
    """Charge that a step moves until one of its ends [C]; None where that is not known."""
    if end.quantity == "capacity":
        return end.value
    if end.quantity == "voltage" and capacity:
        return capacity * (1.0 if left is None else left if discharging else 1.0 - left)
    if end.quantity == "state of charge" and capacity and left is not None:
        # A discharge that raises it charges the electrode that it is of.
        target = end.value if end.rising is not discharging else 1.0 - end.value
        return capacity * max(left - target if discharging else target - left, 0.0)
    return None


def one_by_one(
    protocol: Protocol,
    capacity: float | None,
    voltage: float | None = None,
    left: float | None = None,
) -> list[Estimate]:
    """Durations of all steps, with what those before have left of the charge.

    Args:
        protocol: of the case.
        capacity, voltage: as for `estimate`.
        left: part of the capacity that a discharge can take at the start; None: every step is
            counted as if it began with a full (or empty) cell.
    """
    found = []
    for step in protocol.steps:
        direction = math.copysign(1.0, step.value.values[0])
        lasts = estimate(step, capacity, voltage, left)
        current = _current(step, voltage)
        if left is not None and capacity and current and math.isfinite(lasts.duration):
            moved = direction * current * lasts.duration / capacity
            left = min(max(left - moved, 0.0), 1.0)
        found.append(lasts)
    return found


def total(
    protocol: Protocol,
    capacity: float | None,
    voltage: float | None = None,
    left: float | None = None,
) -> Estimate:
    """Duration of the whole run; arguments as for `one_by_one`."""
    parts = one_by_one(protocol, capacity, voltage, left)
    duration = sum(p.duration for p in parts)
    kinds = {p.sureness for p in parts}
    sureness: Sureness = "at most" if "at most" in kinds else "about" if "about" in kinds else ""
    if protocol.end is not None and protocol.end < duration:
        return Estimate(protocol.end, "at most" if sureness else "")
    return Estimate(duration, sureness)


def likely(protocol: Protocol, capacity: float | None) -> float:
    """About how long the run lasts [s], for progress and outputs; open-ended holds an hour."""
    parts = [(step, estimate(step, capacity)) for step in protocol.steps]
    guarded = [min(e.duration, HOLD) if s.must_end and e.sureness == "at most" else e.duration
               for s, e in parts]  # fmt: skip
    whole = sum(guarded)
    return whole if protocol.end is None else min(whole, protocol.end)


def _current(step: Step, voltage: float | None) -> float | None:
    """Magnitude of the current, if it is one number [A]."""
    values = set(map(abs, step.value.values))
    if len(values) != 1 or step.mode not in ("current", "power", "resistance"):
        return None
    value = values.pop()
    if step.mode != "current":
        given = value if step.mode == "power" else voltage
        below = voltage if step.mode == "power" else value
        return given / below if given and below else None
    return value
