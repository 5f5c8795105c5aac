"""Composite electrodes: from what is weighed in to volume fractions, surface and capacity.

Volume fractions "of the total" include the pores, those "of the solids" do not; papers quote
either (Minnmann 2021 the total, Ketter 2025 the solids), so both have names here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def solid_shares(
    mass_fractions: Mapping[str, float], densities: Mapping[str, Any]
) -> dict[str, Any]:
    """Volume fractions of the solids from mass fractions: (w_i/rho_i) / sum (w_j/rho_j).

    Args:
        mass_fractions: of each component; add up to 1.
        densities: of each component [kg/m3].
    """
    volumes = {name: w / densities[name] for name, w in mass_fractions.items()}
    total = sum(volumes.values())
    return {name: v / total for name, v in volumes.items()}


def volume_fractions(shares: Mapping[str, Any], porosity: Any) -> dict[str, Any]:
    """Volume fractions of the total from those of the solids."""
    return {name: share * (1 - porosity) for name, share in shares.items()}


def specific_area(active_fraction: Any, radius: Any, contact_fraction: Any = 1) -> Any:
    """a_s = 3 eps f/R [1/m]: surface of spheres that touches electrolyte per electrode volume.

    Args:
        active_fraction: volume fraction of active material in the total.
        radius: of its particles [m].
        contact_fraction: share of the surface that touches electrolyte.
    """
    return 3 * active_fraction * contact_fraction / radius


def porosity_of_mixture(active_share: Any, electrolyte_density: Any, active_density: Any) -> Any:
    """Porosity of a pressed composite, linear between its pressed components.

    Assumption, guided by Ketter 2025: at one pressure the porosity rose from 12 %
    (electrolyte) to 29 % (active material), nearly linearly in the active share of the solids.

    Args:
        active_share: volume of active material per volume of solids.
        electrolyte_density: relative density of the electrolyte pressed alone.
        active_density: relative density of the active material pressed alone.
    """
    return (1 - active_share) * (1 - electrolyte_density) + active_share * (1 - active_density)
