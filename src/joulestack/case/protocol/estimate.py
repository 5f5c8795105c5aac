"""How long steps last, as far as the capacity tells without solving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from joulestack.case.protocol.steps import Protocol, Step

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


def estimate(step: Step, capacity: float | None, voltage: float | None = None) -> Estimate:
    """Duration of one step, counted as if it began with a full (or empty) cell.

    Args:
        step: of a protocol.
        capacity: of the cell [C], None if unknown.
        voltage: about which a power step runs [V], None if unknown.
    """
    longest = float("inf") if step.duration is None else step.duration
    if not step.ends:
        return Estimate(longest, "at most" if step.must_end else "")
    current = _current(step, voltage)
    found: list[float] = []
    for end in step.ends:
        if end.quantity == "capacity" and current:
            found.append(end.value / current)
        elif end.quantity == "voltage" and current and capacity:
            found.append(capacity / current)
    if not found:
        return Estimate(longest, "at most")
    sure = step.mode == "current" and all(e.quantity == "capacity" for e in step.ends)
    return Estimate(min(longest, *found), "" if sure else "about")


def total(protocol: Protocol, capacity: float | None, voltage: float | None = None) -> Estimate:
    """Duration of the whole run."""
    parts = [estimate(step, capacity, voltage) for step in protocol.steps]
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
    if len(values) != 1 or step.mode not in ("current", "power"):
        return None
    value = values.pop()
    if step.mode == "power":
        return value / voltage if voltage else None
    return value
