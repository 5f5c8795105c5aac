"""Grain boundaries in the way of ions and of heat: a brick layer of grains.

Cubes of side d between boundaries of width w. Through the section of the cubes, the share
1 - f = (1 - w/d)^2, a flux crosses grain and boundary in series; through the rest it runs along
boundaries, beside them:

    sigma = (1 - f)/((1 - w/d)/sigma_g + R/d) + f a w/R

R [Ohm m2, or m2 K/W for heat] is what one boundary adds, w/R the conductivity of its material
across and a w/R that along it. Boundaries of the same conductivity as the grains leave sigma_g. The
model is that of Maier (1986, Ber. Bunsenges. Phys. Chem. 90, 26); Milan 2023, section 2, on solid
electrolytes: boundaries have the higher activation energy, so that their share falls with
temperature.
"""

from __future__ import annotations

from typing import Any

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE


def activated_resistance(T: Any, R: Any, Ea: Any, T0: Any = ROOM_TEMPERATURE) -> Any:
    """R (T/T0) exp(Ea/R_gas (1/T - 1/T0)): Arrhenius law of T/R, as that of sigma T in grains.

    Args:
        T: [K].
        R: of one boundary at T0 [Ohm m2].
        Ea: activation energy [J/mol].
        T0: [K].
    """
    return R * (T / T0) * xmath.exp(Ea / GAS_CONSTANT * (1 / T - 1 / T0))


def beside(d: Any, w: Any) -> Any:
    """Share f of the section in which a flux runs along boundaries."""
    inside = 1 - w / d
    return 1 - inside * inside


def polycrystal(grains: Any, R: Any, d: Any, w: Any, anisotropy: Any = 1.0) -> Any:
    """Conductivity of grains with their boundaries, both paths [as `grains`].

    Args:
        grains: conductivity of the grains alone [S/m, or W/(m K)].
        R: of one boundary [Ohm m2, or m2 K/W], above 0.
        d: grain size [m], at least w.
        w: width of a boundary [m].
        anisotropy: conductivity along over across a boundary.
    """
    f = beside(d, w)
    return (1 - f) / ((1 - w / d) / grains + R / d) + f * anisotropy * w / R


def share(grains: Any, R: Any, d: Any, w: Any) -> Any:
    """Share of boundaries in the resistance of the path that crosses them, 0 to 1.

    Args:
        grains, R, d, w: of `polycrystal`.
    """
    return (R / d) / ((1 - w / d) / grains + R / d)


def without(measured: Any, R: Any, d: Any, w: Any, anisotropy: Any = 1.0) -> Any:
    """Conductivity of the grains alone in a measured body: the inverse of `polycrystal`.

    Args:
        measured: conductivity of the body, boundaries included.
        R, d, w, anisotropy: of its boundaries and grains.

    Returns:
        Below 0 or infinite where the boundaries alone resist more than the body does.
    """
    f = beside(d, w)
    series = (measured - f * anisotropy * w / R) / (1 - f)
    return (1 - w / d) / (1 / series - R / d)
