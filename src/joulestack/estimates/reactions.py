"""Charge transfer at a given current: resistances that give the overpotential of its law."""

from __future__ import annotations

import math

from joulestack.estimates.figures import NAN, number
from joulestack.laws import kinetics
from joulestack.laws.kinetics import Kinetics
from joulestack.laws.medium import Medium
from joulestack.laws.state import State

LARGEST_EXPONENT = 200.0
"""F eta/(R T) [-] that no cell gets to."""


def overpotential(law: Kinetics, i0: float, j: float, T: float) -> float:
    """Overpotential that drives j [A/m2], the film's drop included [V]."""
    scale = kinetics.thermal_voltage(T)
    low, high = sorted((0.0, math.copysign(LARGEST_EXPONENT, j)))
    for _ in range(60):
        middle = 0.5 * (low + high)
        if number(law.mismatch(j, i0, middle)) > 0:
            high = middle
        else:
            low = middle
    return scale * 0.5 * (low + high) + j * number(law.film_resistance)


def resistance(law: Kinetics, j: float, T: float, x: float | None = None) -> float:
    """Overpotential over current density [Ohm m2]; its limit where there is no current.

    Args:
        law: of the surface.
        j: current density on it, positive from solid to electrolyte [A/m2].
        T: [K].
        x: stoichiometry of a particle's surface; None for a metal.
    """
    i0 = number(law.exchange_current(T, x))
    if abs(j) < 1e-6 * i0:
        return kinetics.thermal_voltage(T) / i0 + number(law.film_resistance)
    return overpotential(law, i0, j, T) / j


def conductance(medium: Medium, state: State, reaction: float = 0.0) -> float:
    """Charge transfer per volume and overpotential [S/m3]; NaN where there is none.

    Args:
        medium: of the layer.
        state: at the start.
        reaction: current from solid to electrolyte per volume [A/m3].
    """
    transfer = medium.charge_transfer
    if transfer is None:
        return NAN
    if not medium.particles:
        return number(transfer.current(1.0))
    areas = [float(p.specific_area(state)) for p in medium.particles]
    j = reaction / sum(areas)
    return sum(
        area / resistance(p.kinetics, j, state.T, p.start)
        for area, p in zip(areas, medium.particles, strict=True)
    )


def depth(medium: Medium, state: State) -> float:
    """Depth over which ions take over from electrons without current [m]; NaN elsewhere."""
    whole = conductance(medium, state)
    if math.isnan(whole):
        return NAN
    sigma_s = number(medium.electronic_conductivity(state))
    sigma_e = number(medium.ionic_conductivity(state))
    return 1.0 / math.sqrt(whole * (1 / sigma_s + 1 / sigma_e))
