"""What composite electrodes hold and where they start."""

from __future__ import annotations

import math
from collections.abc import Iterator

from joulestack.case import Case
from joulestack.case.layers.roles import drained
from joulestack.constants import ROOM_TEMPERATURE
from joulestack.estimates.electric import signs
from joulestack.estimates.figures import NAN, ElectrodeFigures, number
from joulestack.laws.medium import Medium
from joulestack.laws.state import State


def electrodes(case: Case, media: dict[str, Medium]) -> Iterator[ElectrodeFigures]:
    """Every composite electrode, from the negative to the positive one."""
    for layer in case.cell.layers:
        medium = media[layer.name]
        transfer = medium.charge_transfer
        if transfer is None:
            continue
        thickness = case.geometry.equivalent_thickness(layer.name, layer.thickness or NAN)
        volume = case.electrode_area * thickness
        usable = getattr(medium, "usable_capacity_density", None)
        populations = medium.particles or ()
        held = sum(float(p.theoretical_capacity_density) for p in populations)
        start = sum(float(p.theoretical_capacity_density) * p.start for p in populations)
        yield ElectrodeFigures(
            name=layer.name,
            stoichiometry=start / held if held else NAN,
            state_of_charge=_charge(medium) if held else NAN,
            potential=number(transfer.open_circuit_voltage),
            theoretical=held * volume if held else NAN,
            usable=NAN if usable is None else float(usable) * volume,
        )


def _charge(medium: Medium) -> float:
    """State of charge [-], of a blend weighted by what each part can give."""
    parts = medium.particles or ()
    weights = [float(p.usable_capacity_density) for p in parts]
    return sum(w * p.state_of_charge for w, p in zip(weights, parts, strict=True)) / sum(weights)


def balance(case: Case, media: dict[str, Medium], found: tuple[ElectrodeFigures, ...]) -> float:
    """N:P, usable charge of the negative electrode over that of the positive one [-].

    NaN unless both are composites.
    """
    roles = signs(case, media)
    negative = sum(e.usable for e in found if roles[e.name] > 0)
    positive = sum(e.usable for e in found if roles[e.name] < 0)
    return negative / positive if negative and positive else NAN


def voltage_window(
    case: Case, media: dict[str, Medium], found: tuple[ElectrodeFigures, ...]
) -> tuple[float, float]:
    """Cell voltage without current at 25 degC, discharged and charged [V].

    What a discharge does to an electrode decides: one that is charged by it, as graphite against
    lithium, is at its charged end where the cell is discharged. Of two electrodes the one that
    holds more uses a part of its window, from its discharged end.
    NaN unless particles of a single material tell it.
    """
    low, high = (_open(case, media, found, charged) for charged in (0.0, 1.0))
    return low, high


def mean_voltage(
    case: Case, media: dict[str, Medium], found: tuple[ElectrodeFigures, ...]
) -> float:
    """Mean of that voltage over the charge [V]; NaN as there."""
    values = [_open(case, media, found, k / MEAN_OF) for k in range(MEAN_OF + 1)]
    return (sum(values) - 0.5 * (values[0] + values[-1])) / MEAN_OF


MEAN_OF = 100
"""Steps of charge that a mean voltage is taken over."""


def _open(
    case: Case, media: dict[str, Medium], found: tuple[ElectrodeFigures, ...], charged: float
) -> float:
    """Voltage without current at 25 degC and a state of charge of the cell [V]."""
    sides, usable = signs(case, media), {e.name: e.usable for e in found}
    least = min(usable.values(), default=NAN)
    ends = [
        _potential(
            media[name],
            _filled(media[name], sides[name], charged) * least / usable[name]
            if name in usable
            else 0.0,
        )
        for name in sides
    ]
    return ends[1] - ends[0] if len(ends) == 2 else NAN


def _filled(medium: Medium, sign: float, charged: float) -> float:
    """State of charge of an electrode where the cell has one."""
    particles = medium.particles or ()
    follows = not particles or drained(particles[0], sign)
    return charged if follows else 1.0 - charged


def left(case: Case, media: dict[str, Medium], found: tuple[ElectrodeFigures, ...]) -> float | None:
    """Share of the capacity that a discharge can still take at the start; None if not known."""
    known = [e for e in found if media[e.name].particles and not math.isnan(e.usable)]
    if not known:
        return None
    least = min(known, key=lambda e: e.usable)
    share = _filled(media[least.name], signs(case, media)[least.name], least.state_of_charge)
    return min(max(share, 0.0), 1.0)


def _potential(medium: Medium, charged: float) -> float:
    """U against Li/Li+ [V] at a state of charge; NaN where U is constant or of a blend."""
    if medium.charge_transfer is None:
        return number(medium.electrode_potential)
    if not medium.particles or len({p.name for p in medium.particles}) > 1:
        return NAN
    p = medium.particles[0]
    x = p.window[1] + charged * (p.window[0] - p.window[1])
    return number(p.open_circuit_voltage(State(T=ROOM_TEMPERATURE, x=x)))
