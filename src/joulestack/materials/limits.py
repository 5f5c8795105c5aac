"""Currents and pressures that a metal electrode bears: what papers found, for warnings only."""

from __future__ import annotations

import math
from collections.abc import Mapping

from joulestack import units
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.nudges import kept
from joulestack.materials.property import TEMPERATURE, Property, worth_a_word
from joulestack.materials.quantities import QUANTITIES
from joulestack.materials.reader import Reader

CURRENTS = (
    "critical_stripping_current",
    "critical_plating_current",
    "critical_current_density",
)
"""Limits of a current density [A/m2]; the last one holds for plating."""

STRIPPING, PLATING = "stripping", "plating"
"""Which way the current of a limit goes."""

_BEYOND = {
    STRIPPING: "voids open under the metal",
    PLATING: "metal grows through the electrolyte and shorts the cell",
}


ROUND = 1.05
"""Limits of pressure are round numbers, and the 5 K in what is called room temperature move that of
lithium by 4 %: what is closer is not worth a word."""


def direction(limit: Property) -> str:
    """STRIPPING or PLATING."""
    return STRIPPING if limit.name == "critical_stripping_current" else PLATING


def bears(limit: Property, T: float, p: float, grain: float | None = None) -> float:
    """What a limit comes to at a temperature [K], a stack pressure [Pa] and a grain size [m]."""
    return float(limit(State(T=T, p=p), grain_size=grain))


def named(limit: Property, value: float, T: float, p: float, grain: float | None = None) -> str:
    """A limit of current with its value at a state, for people, and what happens beyond it.

    A law of grain size says what others found: published trends differ (Milan 2023, section 3.2).
    """
    at = []
    if TEMPERATURE in limit.form.variables:
        at.append(f"{T - 273.15:.3g} degC")
    if "p" in limit.form.variables or "p" in limit.ranges:
        at.append(units.format_quantity(p, "Pa", 3))
    others = ""
    if "grain_size" in limit.form.variables and grain is not None:
        at.append(f"grains of {units.format_quantity(grain, 'm', 3)}")
        others = f"; {limit.uncertainty.note}" if limit.uncertainty.note else ""
    return (
        f"the {limit.name.replace('_', ' ')} of {0.1 * value:.3g} mA/cm^2"
        f"{' at ' + ' and '.join(at) if at else ''} ({said(limit, T=T, p=p)}{others}): "
        f"{_BEYOND[direction(limit)]}"
    )


def beyond_pressure(limit: Property, end: float, p: float) -> float:
    """How many times a stack pressure [Pa] is beyond a limit of pressure [Pa]; 1 within `ROUND`."""
    ratio = p / end if limit.name == "highest_stack_pressure" else end / max(p, 1.0)
    return ratio if ratio > ROUND else 1.0


def borne_pressure(limit: Property, end: float, T: float, p: float) -> str:
    """A stack pressure [Pa] that is beyond what a limit comes to, for people."""
    side = "above" if limit.name == "highest_stack_pressure" else "below"
    return (
        f"a stack pressure of {units.format_quantity(p, 'Pa', 3)} is {side} "
        f"{units.format_quantity(end, 'Pa', 3)} at {T - 273.15:.3g} degC: {limit.conditions} "
        f"({said(limit, T=T)})"
    )


def said(limit: Property, **state: float) -> str:
    """Source and status of a limit, and what it was measured at where a state is elsewhere."""
    text = f"{limit.source or 'no source read'}, {limit.status}"
    for name, value in state.items():
        low, high = limit.ranges.get(name, (-math.inf, math.inf))
        slack = worth_a_word(name, low, high) if math.isfinite(low) else 0.0
        if low - slack <= value <= high + slack:
            continue
        if name == TEMPERATURE:
            text += f"; measured at {low - 273.15:.3g} to {high - 273.15:.3g} degC only"
        else:
            text += f"; measured at {low / 1e6:g}-{high / 1e6:g} MPa only"
    return text


def limits_of(electrode: str, electrolyte: str) -> list[Property]:
    """Limits that the library holds of a metal electrode on an electrolyte.

    Args:
        electrode, electrolyte: names as `Medium.name` has them.
    """
    found: dict[str, Property] = {}
    for electrodes, electrolytes, properties in _all():
        if electrode in electrodes and (electrolyte in electrolytes or not electrolytes):
            for name, value in properties.items():
                found.setdefault(name, value)
    return list(found.values())


@kept
def _all() -> tuple[tuple[tuple[str, ...], tuple[str, ...], Mapping[str, Property]], ...]:
    rows = []
    for table in library.pairs("_limits")["limits"]:
        pair = f"{'/'.join(table['electrode'])} | {'/'.join(table['electrolyte']) or 'any'}"
        reader = Reader(pair)
        read = {k: reader.property(k, t, k) for k, t in table.items() if k in QUANTITIES}
        properties = {k: p for k, p in read.items() if p is not None}
        rows.append((tuple(table["electrode"]), tuple(table["electrolyte"]), properties))
    return tuple(rows)
