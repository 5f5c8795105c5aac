"""Inclusions with a resistance on their surface: Kapitza resistance of composites.

A sphere of conductivity k_i and radius a behind an area-specific resistance R acts on everything
outside like one of k_i/(1 + R k_i/a) without it (Hasselman & Johnson 1987). So every mean-field
law takes interface resistance by `dressed` values, for any number of phases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from joulestack.materials.effective import maxwell


def dressed(value: Any, radius: Any, resistance: Any) -> Any:
    """Conductivity of a sphere together with the resistance on its surface, k/(1 + R k/a).

    Args:
        value: k of the sphere [W/(m K)].
        radius: a [m].
        resistance: R [m2 K/W]; known for solids on solids: 1e-9 to 1e-7 where they have grown
            together, 1e-6 to 1e-3 between rough grains (record 254).
    """
    return value / (1 + resistance * value / radius)


def kapitza_radius(matrix: Any, resistance: Any) -> Any:
    """a_K = R k_m [m]: grains smaller than this (for k_i >> k_m) insulate instead of conducting."""
    return resistance * matrix


def nan_spheres(
    fractions: Sequence[Any],
    values: Sequence[Any],
    radii: Sequence[Any],
    resistances: Sequence[Any],
) -> Any:
    """Spheres with interface resistance in a matrix, the first phase (Nan et al. 1997, Eq. 15).

    k/k_m = [u + 2 f d]/[u - f d] with u = k_i (1 + 2 a) + 2 k_m, d = k_i (1 - a) - k_m and
    a = a_K/radius for one kind of sphere; Maxwell's law of dressed spheres for more. Derived for
    dilute inclusions. Keeps the Hashin-Shtrikman bounds of the dressed values for two phases,
    never exceeds Maxwell's law without resistance, and falls to that of pores for R to infinity.

    Args:
        fractions: volume fractions, matrix first, adding up to 1.
        values: [W/(m K)].
        radii: of each kind of inclusion, without the matrix [m].
        resistances: on each kind of inclusion, without the matrix [m2 K/W].
    """
    inside = [dressed(*v) for v in zip(values[1:], radii, resistances, strict=True)]
    return maxwell(fractions, [values[0], *inside])


def depolarisation(aspect: float) -> float:
    """Factor L across the axis of a spheroid; 1/3 for a sphere, 1/2 for a fibre, 0 for a plate.

    Nan et al. 1997, Eq. 6.

    Args:
        aspect: length along the axis over width.
    """
    p = float(aspect)
    if abs(p - 1) < 1e-4:
        return 1 / 3 + 2 / 15 * (p - 1)
    head = p * p / (2 * (p * p - 1))
    if p > 1:
        return head - p * float(np.arccosh(p)) / (2 * (p * p - 1) ** 1.5)
    return head + p * float(np.arccos(p)) / (2 * (1 - p * p) ** 1.5)


def nan_spheroids(
    fraction: Any, matrix: Any, inclusion: Any, aspect: float, short_radius: Any, resistance: Any
) -> Any:
    """Spheroids pointing everywhere, with interface resistance (Nan et al. 1997, Eqs 5 and 9).

    Fibres (aspect > 1) and plates (< 1) in a matrix; derived for dilute inclusions. For aspect 1 it
    is `nan_spheres`.

    Args:
        fraction: volume fraction of the inclusions.
        matrix, inclusion: conductivities [W/(m K)].
        aspect: length along the axis over width.
        short_radius: half the short side [m].
        resistance: on the surface [m2 K/W].
    """
    across = depolarisation(aspect)
    along = 1 - 2 * across
    ratio = (2 + 1 / aspect) if aspect >= 1 else (1 + 2 * aspect)
    gamma = ratio * kapitza_radius(matrix, resistance) / short_radius
    strength = []
    for L in (across, along):
        k = inclusion / (1 + gamma * L * inclusion / matrix)
        strength.append((k - matrix) / (matrix + L * (k - matrix)))
    outer = 2 * strength[0] * (1 - across) + strength[1] * (1 - along)
    inner = 2 * strength[0] * across + strength[1] * along
    return matrix * (3 + fraction * outer) / (3 - fraction * inner)
