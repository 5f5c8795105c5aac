"""Figures of merit that tie ionic to thermal transport (outlook of Agne 2022, PRX Energy).

A layer of thickness L with resistance R [Ohm m2] carries i [A/m2]. It releases i^2 R per face
area; with both faces held and the heat spread evenly, its middle is warmer by

    dT = i^2 R L/(8 k),            i^2 L^2/(8 sigma k) where R = L/sigma.

dT/i^2 is the `self_heating` of the layer, and Theta = dT/T (Joule heating over conduction) is its
dimensionless form. With the voltage lost in the layer, V = i L/sigma, the same reads

    Theta = (V/V_T)^2/(8 Lambda),  V_T = k_B T/e,  Lambda = k/(sigma T) (e/k_B)^2:

Lambda, the `lorenz_ratio`, holds no geometry and no current. It is pi^2/3 for electrons in a metal
(Wiedemann-Franz) and 1e4 to 1e6 for solid electrolytes: ions carry no heat to speak of (Agne 2022,
section III; Agne 2022). At a given voltage loss a large Lambda is cool; at a given current it is
the product sigma k that counts.
"""

from __future__ import annotations

from typing import Any

from joulestack.constants import BOLTZMANN_EV

LORENZ_NUMBER = 2.44e-8
"""Of electrons in metals, pi^2/3 (k_B/e)^2 [W Ohm/K2]."""


def self_heating(resistance: Any, thickness: Any, k: Any) -> Any:
    """Rise of the middle of a layer per current density squared, R L/(8 k) [K m4/A2].

    Args:
        resistance: of the layer [Ohm m2].
        thickness: [m].
        k: thermal conductivity [W/(m K)].
    """
    return resistance * thickness / (8 * k)


def joule_over_conduction(current_density: Any, heating: Any, T: Any) -> Any:
    """Theta = i^2 x self-heating / T, dimensionless."""
    return current_density**2 * heating / T


def lorenz_ratio(k: Any, sigma: Any, T: Any) -> Any:
    """Lambda = k/(sigma T) in units of (k_B/e)^2, dimensionless.

    Args:
        k: thermal conductivity [W/(m K)].
        sigma: conductivity of what carries the current [S/m].
        T: [K].
    """
    return k / (sigma * T) / BOLTZMANN_EV**2


def wiedemann_franz(sigma: Any, T: Any) -> Any:
    """Share of k that electrons carry, L0 sigma T [W/(m K)].

    1 S/m gives 7e-6 W/(m K): in composite electrodes of the library it stays below 1 % of k, and
    the k of metals is measured with it. It is told by `check` where it would matter.
    """
    return LORENZ_NUMBER * sigma * T
