"""Limits that papers found for metal electrodes, held against a case: warnings, nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case import Case
from joulestack.estimates.clamping import fixture_warnings, reached
from joulestack.estimates.stripping import extremes, pairs, temperature_range, written
from joulestack.estimates.voids import void_warnings
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.laws.medium import Medium
from joulestack.materials.limits import (
    CURRENTS,
    PLATING,
    STRIPPING,
    bears,
    beyond_pressure,
    borne_pressure,
    direction,
    limits_of,
    named,
    said,
)
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
    cold, hot = temperature_range(case)
    for electrode, electrolyte, sign in pairs(case, media):
        pair = f"{electrode} | {electrolyte}"
        ratio = case.geometry.area_ratio(electrode, electrolyte)
        known = limits_of(media[electrode].surface, media[electrolyte].name)
        for limit in known:
            if limit.name in CURRENTS:
                yield from _current(case, pair, limit, sign, (cold, low), density, ratio)
            elif limit.name == "highest_stack_pressure":
                yield from _pressure(pair, limit, high, hot)
            elif limit.name == "lowest_stack_pressure":
                yield from _pressure(pair, limit, low, cold)
            elif limit.name == "time_to_short":
                yield from _short(case, pair, limit, high, hot)
        if media[electrode].surface == "lithium" and (own := own_limit(media[electrolyte])):
            yield from _current(case, pair, own[0], sign, (cold, low), density, ratio, own[1])
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
    weakest: tuple[float, float],
    density: float,
    ratio: float,
    grain: float | None = None,
) -> Iterator[str]:
    """Held against the coldest temperature and the lowest pressure that a case gives."""
    T, p = weakest
    found = dict(zip((STRIPPING, PLATING), extremes(case, sign, density, ratio), strict=True))
    word = direction(limit)
    most = bears(limit, T, p, grain)
    if found[word] > most:
        yield f"{pair}: {written(found[word])} of {word} is above {named(limit, most, T, p, grain)}"


def _pressure(pair: str, limit: Property, p: float, T: float) -> Iterator[str]:
    end = bears(limit, T, p)
    if beyond_pressure(limit, end, p) > 1:
        yield f"{pair}: {borne_pressure(limit, end, T, p)}"


def _short(case: Case, pair: str, limit: Property, p: float, T: float) -> Iterator[str]:
    if not case.driven or p < limit.ranges["p"][0] * 1.001:
        return
    hours = bears(limit, T, p) / _HOUR
    when = f"after about {hours:.3g} h" if hours > 0.5 else "at once"
    yield (
        f"{pair}: a symmetric cell under {format_quantity(p, 'Pa', 3)} shorted {when} at "
        f"75 uA/cm^2 ({said(limit, p=p, T=T)})"
    )
