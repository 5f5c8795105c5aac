"""Voids under lithium: how much of its contact stripping takes, and what gives it back.

A void depth w [-] stands for the contact that is left, a = exp(-w): voids open at random places,
and what opens where there is a void already takes no contact. Stripping with a current density j
opens them, plating fills them by the share that falls on them, and lithium under pressure closes
them at a rate k:

    dw/dt = (j+ - (1 - a) j-)/Q - k w,    k = k0 (p/p0)^n exp(E/R (1/T0 - 1/T))

j+ and j- are the parts of j that strip and plate, rounded near zero such that w stays above zero.
In the long run a current j leaves exp(-j/(Q k)): half of the contact at the critical current
Q k ln 2. The law is this project's; its numbers carry their sources.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE

CURRENT_ROUNDING = 1e-5
"""Current density [A/m2] over which stripping passes into plating."""

LOST = 0.1
"""Share of the contact below which it is called lost."""

SCARCE = 0.5
"""Share of the contact that the critical current leaves; below it voids are named where the voltage
is used up."""


@dataclass(frozen=True, kw_only=True)
class VoidLaw:
    """Growth and closing of voids between a metal and an electrolyte.

    Attributes:
        capacity: Q, charge that, stripped with nothing closing, leaves 1/e of the contact [C/m2].
        closing_rate: k0 at the reference pressure and 298.15 K [1/s].
        reference_pressure: p0 [Pa].
        exponent: n of the pressure [-].
        activation_energy: E of the closing [J/mol].
    """

    capacity: Any
    closing_rate: Any
    reference_pressure: Any
    exponent: Any
    activation_energy: Any


def contact(w: Any) -> Any:
    """Share a of the contact that a void depth leaves."""
    return xmath.exp(-w)


def closing_rate(law: VoidLaw, p: Any, T: Any) -> Any:
    """k [1/s] at a stack pressure [Pa] and a temperature [K]."""
    heat = law.activation_energy / GAS_CONSTANT * (1 / ROOM_TEMPERATURE - 1 / T)
    return law.closing_rate * (p / law.reference_pressure) ** law.exponent * xmath.exp(heat)


def growth(law: VoidLaw, w: Any, j: Any, p: Any, T: Any) -> Any:
    """dw/dt [1/s].

    Args:
        law: its numbers.
        w: void depth [-].
        j: current density over the face, positive where lithium is stripped [A/m2].
        p: stack pressure [Pa].
        T: temperature [K].
    """
    stripping = 0.5 * (j + xmath.sqrt(j * j + CURRENT_ROUNDING**2))
    plating = stripping - j
    flow = stripping - (1 - contact(w)) * plating
    return flow / law.capacity - closing_rate(law, p, T) * w


def critical_current(law: VoidLaw, p: float, T: float = ROOM_TEMPERATURE) -> float:
    """Stripping [A/m2] that takes half of the contact in the long run."""
    return float(-math.log(SCARCE) * law.capacity * closing_rate(law, p, T))


def lasting_contact(law: VoidLaw, j: float, p: float, T: float = ROOM_TEMPERATURE) -> float:
    """Share of the contact that endless stripping leaves."""
    k = float(closing_rate(law, p, T))
    return math.exp(-j / (float(law.capacity) * k)) if k > 0 else 0.0


def stripped_until(
    law: VoidLaw, j: float, p: float, share: float = LOST, T: float = ROOM_TEMPERATURE
) -> float:
    """Charge [C/m2] that a constant current strips until a share of the contact is left.

    From w = j/(Q k) (1 - exp(-k t)), full contact at the start; infinite if it never comes so far.
    """
    k, depth = float(closing_rate(law, p, T)), -math.log(share)
    rate = j / float(law.capacity)
    if k * depth >= rate:
        return math.inf
    return j * (depth / rate if k == 0 else -float(np.log1p(-k * depth / rate)) / k)


def from_critical_current(
    capacity: float, current: float, pressure: float, exponent: float, energy: float
) -> VoidLaw:
    """Law whose critical current at a pressure is given [A/m2], [Pa]."""
    return VoidLaw(
        capacity=capacity,
        closing_rate=current / (-math.log(SCARCE) * capacity),
        reference_pressure=pressure,
        exponent=exponent,
        activation_energy=energy,
    )


def from_creep(
    capacity: float, rate: float, stress: float, exponent: float, energy: float
) -> VoidLaw:
    """Law of round voids in metal that creeps at `rate` (stress/`stress`)^n.

    A sphere in an incompressible body under pressure p shrinks at
    dV/dt/V = 3/2 rate (3 p/(2 n stress))^n: radial flow u = c/r^2, equilibrium
    p = int 2 sigma/r dr from its surface on.

    Args:
        capacity: Q [C/m2].
        rate: of strain at `stress` and 298.15 K [1/s].
        stress: uniaxial [Pa].
        exponent: n.
        energy: activation energy of the creep [J/mol].
    """
    return VoidLaw(
        capacity=capacity,
        closing_rate=1.5 * rate * (1.5 / exponent) ** exponent,
        reference_pressure=stress,
        exponent=exponent,
        activation_energy=energy,
    )
