"""Effective transport of mixtures: bounds, mean-field laws, power laws.

Every function takes volume fractions (adding up to 1, pores included) and the transport property
of each phase (thermal or electrical conductivity, any one unit), and returns the property of the
mixture. Floats, arrays and UFL are answered in kind. The laws in `MIXTURES` need no parameters of
their own; for a porous solid, `mix((phi, 1 - phi), (k, k_pore))`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from joulestack import xmath
from joulestack.xmath import maximum, minimum

Mixture = Callable[[Sequence[Any], Sequence[Any]], Any]

BRUGGEMAN_STEPS = 12
"""Newton steps of `bruggeman`; see its docstring for what they reach."""

WARM_STEPS = 2
"""Newton steps of `bruggeman` from a start close to the root."""

_TINY = 1e-12
"""Smallest effective property in units of the arithmetic mean: stands for zero in divisions."""

_NOTHING = 1e-300
"""Keeps 0/0 away where nothing conducts at all."""


def wiener_upper(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Phases in parallel with the flux: sum f_i k_i, the largest possible (Wiener 1912)."""
    return sum(f * k for f, k in zip(fractions, values, strict=True))


def wiener_lower(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Phases in series: 1 / sum (f_i / k_i), the smallest possible (Wiener 1912).

    Zero where a phase that is present does not conduct.
    """
    floor = _TINY * wiener_upper(fractions, values) + _NOTHING
    return 1 / sum(f / maximum(k, floor) for f, k in zip(fractions, values, strict=True))


def _hashin_shtrikman(fractions: Sequence[Any], values: Sequence[Any], reference: Any) -> Any:
    pairs = zip(fractions, values, strict=True)
    return 1 / sum(f / (k + 2 * reference) for f, k in pairs) - 2 * reference


def hashin_shtrikman_upper(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Largest value of an isotropic mixture in 3D (Hashin & Shtrikman 1962, Eqs 3.18-3.21).

    The best conductor encloses the others: coated spheres.
    """
    largest = values[0]
    for k in values[1:]:
        largest = maximum(largest, k)
    return _hashin_shtrikman(fractions, values, largest)


def hashin_shtrikman_lower(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Smallest value of an isotropic mixture in 3D; the worst conductor encloses the others."""
    smallest = values[0]
    for k in values[1:]:
        smallest = minimum(smallest, k)
    # An insulating matrix lets nothing through; the floor keeps 0/0 away.
    smallest = maximum(smallest, _TINY * wiener_upper(fractions, values) + _NOTHING)
    return _hashin_shtrikman(fractions, values, smallest)


def maxwell(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Spheres far apart in a matrix, the first phase (Maxwell 1873, Eucken 1940).

    (k - k_m)/(k + 2 k_m) = sum f_i (k_i - k_m)/(k_i + 2 k_m). Within the Hashin-Shtrikman bounds
    for two phases; derived for dilute inclusions.
    """
    # An insulating matrix lets nothing through; the floor keeps 0/0 away.
    matrix = maximum(values[0], _TINY * wiener_upper(fractions, values) + _NOTHING)
    return _hashin_shtrikman(fractions, values, matrix)


def bruggeman(
    fractions: Sequence[Any],
    values: Sequence[Any],
    steps: int = BRUGGEMAN_STEPS,
    start: Any = None,
    shape: Any = 2,
) -> Any:
    """Symmetric effective medium of n phases, all alike in shape (Bruggeman 1935).

    Solves sum f_i (k_i - k)/(k_i + 2 k) = 0. With sum f_i = 1 this is F(k) = 1 for
    F = sum 3 f_i k_i/(k_i + 2 k); 1/F is a weighted harmonic mean of increasing straight lines,
    hence concave and increasing, so that Newton's method on 1/F = 1 climbs to the root from any
    start below it and never passes it. One step is exact for insulating pores,
    k = k_0 (3 phi - 1)/2. Below its percolation threshold (one third) the result is zero. Grains
    of another shape put A for 2, and 1/(1 + A) for the threshold; the argument stays the same.

    Twelve steps reach round-off for non-zero values within three decades of each other, and an
    error below 1e-6 of the arithmetic mean over twelve decades except within a few 1e-3 of a
    percolation threshold (tests/laws/test_effective_media.py).

    Args:
        fractions: volume fractions, adding up to 1.
        values: property of each phase.
        steps: Newton steps from the lower bounds.
        start: a value near the root, such as the root at another temperature: `WARM_STEPS` steps
            from there replace the climb. Written down as UFL, twelve nested steps would take the
            form compiler hours; two take milliseconds and err by the fourth power of the change.
        shape: A, 2 for spheres.
    """
    if start is not None:
        return _climb(fractions, values, start, WARM_STEPS, shape)
    mean = wiener_upper(fractions, values)
    k = floor = _TINY * mean + _NOTHING
    # Two lower bounds of the root start the climb: each phase alone among insulators, and the
    # harmonic mean.
    for f, v in zip(fractions, values, strict=True):
        k = maximum(k, v * ((1 + shape) * f - 1) / shape)
    k = maximum(k, wiener_lower(fractions, values))
    for _ in range(steps):
        last, k = k, maximum(_climb(fractions, values, k, 1, shape), floor)
        if not xmath.is_symbolic(k) and np.all(np.abs(k - last) <= 1e-15 * k):
            break
    return k


def _climb(fractions: Sequence[Any], values: Sequence[Any], k: Any, steps: int, shape: Any) -> Any:
    """Newton steps of `bruggeman` from k."""
    for _ in range(steps):
        F, slope = 0, _NOTHING
        for f, v in zip(fractions, values, strict=True):
            share = (1 + shape) * f * v / (v + shape * k)
            F = F + share
            slope = slope + shape * share / (v + shape * k)
        k = k + F * (F - 1) / slope
    return k


def with_pore_gas(k: Any, phi: Any, n: Any, k_gas: Any, steps: int = 6) -> Any:
    """Conductivity k phi^n of a porous solid once its pores hold a gas.

    Generalised Bruggeman law (k_e - k_g)/(k - k_g) (k/k_e)^(1 - 1/n) = phi, which is k phi^n for
    k_g = 0. Newton from below on an increasing, concave function: monotone convergence.

    Args:
        k: of the dense solid [W/(m K)].
        phi: relative density.
        n: exponent of the law without gas.
        k_gas: of the gas in pores much wider than its free path [W/(m K)].
        steps: Newton steps; six reach 1e-9 for phi > 0.3.
    """
    b = 1 - 1 / n
    target = phi * (k - k_gas) * k**-b
    e = maximum(k * phi**n, k_gas)
    for _ in range(steps):
        value = (e - k_gas) * e**-b
        slope = e**-b * (1 - b * (e - k_gas) / e)
        e = e + (target - value) / slope
    return e


def power(phi: Any, n: Any) -> Any:
    """phi^n; n = 1.5 is Bruggeman's asymmetric law for spheres."""
    return xmath.maximum(phi, 0) ** n


def tortuosity_squared(phi: Any, tau: Any) -> Any:
    """phi / tau^2, tau^2 the tortuosity factor; of tubes, tau is the ratio of path to thickness.

    Lee 2026 (Eqs 1-4) finds tau from the electric field in a tomogram, not from paths.
    """
    return phi / tau**2


def tortuosity_factor(phi: Any, tau: Any) -> Any:
    """phi / tau, tau the tortuosity factor (already the square of the path ratio)."""
    return phi / tau


MIXTURES: dict[str, Mixture] = {
    "bruggeman": bruggeman,
    "maxwell": maxwell,
    "hashin-shtrikman upper": hashin_shtrikman_upper,
    "hashin-shtrikman lower": hashin_shtrikman_lower,
    "wiener upper": wiener_upper,
    "wiener lower": wiener_lower,
}
"""Laws for n phases without parameters of their own."""
