"""Loose packings of grains in a gas, and gas in pores narrower than its free path.

A powder that has only been poured or tapped conducts through points of contact and the gas around
them; laws of solids with pores do not reach there.
"""

from __future__ import annotations

from typing import Any

from joulestack import xmath

SPHERES = 1.25
"""Shape factor C of `zehner_bauer_schluender` for spheres (Zehner & Schluender 1970)."""

_TERMS = 8
"""Terms of the series around the removable singularity; they reach 1e-12 for |N| < 0.03."""

_NEAR = 0.03


def knudsen(k_gas: Any, free_path: Any, pore: Any, accommodation: Any) -> Any:
    """Conductivity of a gas in a pore, k_g/(1 + 2 beta Kn) with Kn = free path/pore width.

    Smoluchowski's temperature jump at both walls, M = 2 beta free path; 2.45 makes M = 0.35 um of
    argon's 70 nm (a number from memory, unverified).

    Args:
        k_gas: of the free gas [W/(m K)].
        free_path: [m]; 70 nm for argon at 300 K and 1 atm (a number from memory, unverified).
        pore: width of the pores [m].
        accommodation: beta.
    """
    return k_gas / (1 + 2 * accommodation * free_path / pore)


def free_path(T: Any, pressure: Any, at_reference: Any, T0: Any = 300.0, p0: Any = 101325.0) -> Any:
    """Mean free path of an ideal gas, proportional to T/p [m].

    Args:
        T: [K].
        pressure: of the gas, not of the stack [Pa].
        at_reference: free path at T0 and p0 [m].
        T0: [K].
        p0: [Pa].
    """
    return at_reference * (T / T0) * (p0 / pressure)


def zehner_bauer_schluender(
    phi: Any, solid: Any, gas: Any, contact: Any = 0.0, shape: Any = SPHERES
) -> Any:
    """Packed bed of grains in a gas (Zehner & Schluender 1970, Bauer & Schluender 1978).

    k/k_g = 1 - sqrt(phi) + sqrt(phi) [c kappa + (1 - c) K], kappa = k_s/k_g, K the conductance of a
    unit cell of two half grains with a point contact, B = C (phi/(1 - phi))^(10/9) their shape. No
    radiation; narrow gaps by passing a gas conductivity through `knudsen`.

    For beds of relative density 0.4 to 0.7: there it keeps Wiener's bounds for kappa above 1.5 and
    those of Hashin and Shtrikman above 8 (tests); closer to kappa = 1 it is not exact.

    Args:
        phi: relative density, below 1.
        solid: k of the grains [W/(m K)].
        gas: k of the gas [W/(m K)], above 0.
        contact: c, share of the grain's section that touches its neighbour (0: points).
        shape: C; 1.25 for spheres.
    """
    kappa = solid / gas
    B = shape * (phi / (1 - phi)) ** (10 / 9)
    N = 1 - B / kappa
    # K = kappa - (kappa - 1) g(N), g(0) = 1/3: the paper's formula without its 0/0 at B = kappa.
    cell = kappa - (kappa - 1) * _g(N)
    core = contact * kappa + (1 - contact) * cell
    root = xmath.sqrt(phi)
    return gas * (1 - root + root * core)


def _g(N: Any) -> Any:
    """2 sum_j N^j/((j + 2)(j + 3)), in closed form away from N = 0."""
    series: Any = 0
    for j in reversed(range(_TERMS)):
        series = series * N + 2 / ((j + 2) * (j + 3))
    far = xmath.where((N * N, _NEAR**2), N, 0.5)
    # log(0) at N = 1 (no gas at all) would stand for an infinite contrast: held off.
    L = -xmath.log(xmath.maximum(1 - far, 1e-300))
    closed = 2 * ((L - far) / far**2 - (L - far - far**2 / 2) / far**3)
    return xmath.where((N * N, _NEAR**2), closed, series)
