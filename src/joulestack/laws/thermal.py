"""Heat: what ties conductivity, diffusivity and heat capacity together, and mixtures of c_p."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def diffusivity(k: Any, volumetric_heat_capacity: Any) -> Any:
    """alpha = k/(rho c_p) [m2/s], rho = phi rho_0, c_p = c_p0 (Kerrisk; Lee 2026, Eqs 6-8).

    An identity: of k, alpha and phi only two are free.

    Args:
        k: thermal conductivity [W/(m K)].
        volumetric_heat_capacity: rho c_p of the porous layer [J/(m3 K)].
    """
    return k / volumetric_heat_capacity


def volumetric_heat_capacity(
    fractions: Sequence[Any], densities: Sequence[Any], specific_heats: Sequence[Any]
) -> Any:
    """rho c_p = sum f_i rho_i c_i [J/(m3 K)]; c_p weighted by mass, pores without heat.

    Args:
        fractions: volume fractions of the solids in the total.
        densities: of the solids [kg/m3].
        specific_heats: [J/(kg K)].
    """
    return sum(f * rho * c for f, rho, c in zip(fractions, densities, specific_heats, strict=True))
