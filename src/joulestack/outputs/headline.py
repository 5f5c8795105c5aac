"""The figures of a run that people look at first, and what errors of them are held against."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

SMALL = 1e-9
"""Part of the largest heat below which a source of heat is not looked at."""

LARGEST_RISE = "largest rise [K]"
VOLTAGE = "voltage at the end [V]"
CHARGE = "charge passed [mAh]"
ENERGY = "energy passed [Wh]"


MOST_DURATIONS = 12
SAID = 3
"""Figures whose errors are said in a line."""


def lasts(step: int) -> str:
    """Name of the duration of a step, counted from 0."""
    return f"step {step + 1} lasts [s]"


def heat(source: str, unit: str = "J") -> str:
    """Name of the heat of a source."""
    return f"heat, {source} [{unit}]"


def figures(summary: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Headline figures of a summary: name with unit -> value, and what errors are held against."""
    return {
        name: (float(value), abs(float(scale)))
        for name, value, scale in _figures(summary)
        if value is not None and math.isfinite(value)
    }


def shown(summary: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """`figures` for people: of many steps the durations are left out."""
    found = figures(summary)
    durations = {lasts(i) for i in range(len(summary.get("protocol") or ()))} & set(found)
    if len(durations) <= MOST_DURATIONS:
        return found
    return {name: value for name, value in found.items() if name not in durations}


def _figures(summary: Mapping[str, Any]) -> Iterator[tuple[str, Any, float]]:
    rise = summary.get("temperature_rise_max_K")
    if rise is not None:
        yield LARGEST_RISE, rise, rise
    steps = summary.get("protocol") or ()
    if summary.get("voltage_V") is not None:
        yield VOLTAGE, summary["voltage_V"], summary["voltage_V"]
    charges = [s.get("charge_mAh") or 0.0 for s in steps]
    energies = [s.get("energy_Wh") or 0.0 for s in steps]
    for i, step in enumerate(steps):
        if step.get("ended_by") != "duration" and step.get("end_s") is not None:
            lasted = step["end_s"] - step["start_s"]
            yield lasts(i), lasted, lasted
    if any(charges):
        passed = sum(map(abs, charges))
        yield CHARGE, passed, passed
        moved = sum(map(abs, energies))
        yield ENERGY, moved, moved
    made = summary.get("heat_J") or {}
    unit, kind = ("J", made) if any(made.values()) else ("W", summary.get("heat_W") or {})
    if unit == "W":
        kind = {k: v for k, v in kind.items() if k in made}
    largest = max(map(abs, kind.values()), default=0.0)
    for name, value in kind.items():
        if abs(value) > SMALL * largest:
            yield heat(name, unit), value, largest


def said(errors: Mapping[str, Mapping[str, float]]) -> str:
    """Which figures are off most, and what does most of it, in a line; empty if nothing is known.

    Args:
        errors: `numerical_error` of a summary: figure -> error by cause, together, relative.
    """
    worst = sorted(errors, key=lambda name: -errors[name]["relative"])
    names = dict.fromkeys([n for n in (LARGEST_RISE,) if n in errors] + worst)
    parts = []
    for name in list(names)[:SAID]:
        causes = {k: abs(v) for k, v in errors[name].items() if k not in ("error", "relative")}
        most = max(causes, key=causes.__getitem__)
        plain = name.rsplit(" [", 1)[0]
        parts.append(f"{plain} {100 * errors[name]['relative']:.1g} % ({most})")
    return f"numerical error, estimated: {', '.join(parts)}" if parts else ""
