"""Charge-transfer laws, as the residual that current density and driving force must make vanish.

Butler-Volmer: j = i0 [exp((1-a) s) - exp(-a s)] with s = F eta/(R T), eta what U and the film's
j R_film leave of the drop phi_s - phi_e. With the inverse of sinh an overestimated current costs
Newton's method a step or two, where the exponential would overflow; and the film costs nothing.
"""

from __future__ import annotations

from typing import Any

from joulestack import xmath
from joulestack.constants import FARADAY, GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.materials.particles import KineticsLaw

SOFTENING = 1e-3
"""Where x (1 - x) is this small the exchange current stops falling, so that it and its slope stay
finite at empty and full particles."""


def thermal_voltage(T: Any) -> Any:
    """R T/F [V]."""
    return GAS_CONSTANT * T / FARADAY


def exchange_current(law: KineticsLaw, T: Any, x: Any = None) -> Any:
    """i0 = i0_ref exp(Ea/R (1/T0 - 1/T)) 2 sqrt(x (1-x)) [A/m2]; i0_ref holds at x = 1/2.

    A metal has no x, and its i0 no such factor.
    """
    heat = law.activation_energy / GAS_CONSTANT * (1 / ROOM_TEMPERATURE - 1 / T)
    i0 = law.exchange_current_density * xmath.exp(heat)
    if x is None:
        return i0
    product = x * (1 - x)
    held = 0.5 * (product + xmath.sqrt(product * product + SOFTENING**2))
    return i0 * 2 * xmath.sqrt(held)


def mismatch(law: KineticsLaw, j: Any, i0: Any, force: Any) -> Any:
    """What vanishes when j [A/m2] belongs to the driving force s = F eta/(R T) [-].

    "linear": j = i0 s. "marcus": Marcus-Hush-Chidsey in the closed form of Zeng et al. 2014
    (J. Electroanal. Chem. 735, 77), scaled to the same slope at s = 0.
    """
    ratio = j / i0
    if law.law == "linear":
        return 0.5 * (force - ratio)
    if law.law == "marcus":
        return xmath.asinh(0.5 * marcus(law, force)) - xmath.asinh(0.5 * ratio)
    # exp((1-a) s) - exp(-a s) = 2 exp((1-2a) s/2) sinh(s/2)
    skew = 0.5 * (1 - 2 * law.transfer_coefficient) * force
    return 0.5 * force - xmath.asinh(0.5 * ratio * xmath.exp(-skew))


def marcus(law: KineticsLaw, force: Any) -> Any:
    """Current over exchange current, 2 tanh(s/2) erfc(a(s))/erfc(a(0))."""
    reorganisation = law.reorganisation_energy / (GAS_CONSTANT * ROOM_TEMPERATURE)
    root = xmath.sqrt(reorganisation)

    def tail(s: Any) -> Any:
        return 1 - xmath.erf((reorganisation - xmath.sqrt(1 + root + s * s)) / (2 * root))

    return 2 * xmath.tanh(0.5 * force) * tail(force) / tail(0.0)
