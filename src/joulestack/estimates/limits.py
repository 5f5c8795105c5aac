"""Limits that papers found for metal electrodes, held against a case: warnings, nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from joulestack.case import Case
from joulestack.estimates.clamping import fixture_warnings, reached
from joulestack.estimates.figures import number
from joulestack.estimates.stripping import extremes, pairs, written
from joulestack.estimates.voids import void_warnings
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.laws.medium import Medium
from joulestack.laws.state import ROOM, State
from joulestack.materials.limits import CURRENTS, limits_of
from joulestack.materials.property import Property
from joulestack.units import format_quantity

_HOUR = 3600.0


def limits(case: Case, media: dict[str, Medium], density: float) -> Iterator[str]:
    """Say which published limits of current and stack pressure a case exceeds.

    Args:
        case: a valid case.
        media: of its layers.
        density: current density at the start [A/m2], where the load prescribes a voltage or a
            power.
    """
    yield from fixture_warnings(case)
    low, high = pressure_range(case)
    for electrode, electrolyte, sign in pairs(case, media):
        pair = f"{electrode} | {electrolyte}"
        ratio = case.geometry.area_ratio(electrode, electrolyte)
        known = limits_of(media[electrode].surface, media[electrolyte].name)
        for limit in known:
            if limit.name in CURRENTS:
                yield from _current(case, pair, limit, sign, low, density, ratio)
            elif limit.name in ("highest_stack_pressure", "lowest_stack_pressure"):
                yield from _pressure(pair, limit, low, high)
            elif limit.name == "time_to_short":
                yield from _short(case, pair, limit, high)
        if media[electrode].surface == "lithium" and (own := own_limit(media[electrolyte])):
            yield from _current(case, pair, own[0], sign, low, density, ratio, own[1])
    yield from void_warnings(case, media, low, density)


def compared(case: Case, media: dict[str, Medium]) -> Iterator[tuple[str, Property]]:
    """Every limit that a case is held against, with the pair it belongs to."""
    for electrode, electrolyte, _ in pairs(case, media):
        pair = f"{electrode} | {electrolyte}"
        for limit in limits_of(media[electrode].surface, media[electrolyte].name):
            yield pair, limit
        if media[electrode].surface == "lithium" and (own := own_limit(media[electrolyte])):
            yield pair, own[0]


def own_limit(medium: Medium) -> tuple[Property, float | None] | None:
    """Critical current of an electrolyte whatever the pair, and the grain size it is asked at."""
    if not isinstance(medium, SolidElectrolyte) or medium.critical_current is None:
        return None
    return medium.critical_current, medium.grain_size


def pressure_range(case: Case) -> tuple[float, float]:
    """Lowest and highest stack pressure anywhere and ever [Pa], those of single steps included.

    With a fixture: as it is estimated for the charged and the discharged cell.
    """
    found = (*case.stack_pressure.range, *case.protocol.pressures, *reached(case))
    return min(found), max(found)


def _current(
    case: Case,
    pair: str,
    limit: Property,
    sign: int,
    p: float,
    density: float,
    ratio: float,
    grain: float | None = None,
) -> Iterator[str]:
    stripping, plating = extremes(case, sign, density, ratio)
    word = "stripping" if limit.name == "critical_stripping_current" else "plating"
    found = stripping if word == "stripping" else plating
    most = number(limit(State(T=298.15, p=p), grain_size=grain))
    if not found > most:
        return
    at = []
    if "p" in limit.ranges or "p" in limit.form.variables:
        at.append(format_quantity(p, "Pa", 3))
    if "grain_size" in limit.form.variables and grain is not None:
        at.append(f"grains of {format_quantity(grain, 'm', 3)}")
    yield (
        f"{pair}: {written(found)} of {word} is above the {limit.name.replace('_', ' ')} of "
        f"{written(most)}{' at ' + ' and '.join(at) if at else ''} {_said(limit, p)}"
    )


def _pressure(pair: str, limit: Property, low: float, high: float) -> Iterator[str]:
    end = number(limit(ROOM))
    if limit.name == "highest_stack_pressure" and high > end:
        yield (
            f"{pair}: a stack pressure of {format_quantity(high, 'Pa', 3)} is above "
            f"{format_quantity(end, 'Pa', 3)}: {limit.conditions} {_said(limit)}"
        )
    if limit.name == "lowest_stack_pressure" and low < end:
        yield (
            f"{pair}: a stack pressure of {format_quantity(low, 'Pa', 3)} is below "
            f"{format_quantity(end, 'Pa', 3)}: {limit.conditions} {_said(limit)}"
        )


def _short(case: Case, pair: str, limit: Property, p: float) -> Iterator[str]:
    if not case.driven or p < limit.ranges["p"][0] * 1.001:
        return
    hours = number(limit(State(T=298.15, p=p))) / _HOUR
    when = f"after about {hours:.3g} h" if hours > 0.5 else "at once"
    yield (
        f"{pair}: a symmetric cell under {format_quantity(p, 'Pa', 3)} shorted {when} at "
        f"75 uA/cm^2 {_said(limit, p)}"
    )


def _said(limit: Property, p: float | None = None) -> str:
    """Source and status, and whether the pressure is outside what was measured."""
    text = f"{limit.source or 'no source read'}, {limit.status}"
    low, high = limit.ranges.get("p", (-np.inf, np.inf))
    if p is not None and not low * (1 - 1e-9) <= p <= high * (1 + 1e-9):
        text += f"; measured at {low / 1e6:g}-{high / 1e6:g} MPa only"
    return f"({text})"
