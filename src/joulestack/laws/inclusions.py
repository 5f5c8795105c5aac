"""Inclusions with a resistance on their surface: Kapitza resistance of composites.

A sphere of conductivity k_i and radius a behind an area-specific resistance R acts on everything
outside like one of k_i/(1 + R k_i/a) without it (Hasselman & Johnson 1987). So every mean-field
law takes interface resistance by `dressed` values, for any number of phases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from joulestack.laws.effective_media import maxwell


def dressed(value: Any, radius: Any, resistance: Any) -> Any:
    """Conductivity of a sphere together with the resistance on its surface, k/(1 + R k/a).

    Args:
        value: k of the sphere [W/(m K)].
        radius: a [m].
        resistance: R [m2 K/W]; known for solids on solids: 1e-9 to 1e-7 where they have grown
            together, 1e-6 to 1e-3 between rough grains (Ketter 2025).
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


@dataclass(frozen=True)
class Shape:
    """Grains as spheroids that point everywhere, with a resistance on their surface.

    Attributes:
        across: depolarisation factor across the axis.
        ratio: surface over volume, as Nan et al. 1997, Eq. 9, weigh it.
        short_radius: half the short side [m].
        resistance: on the surface [m2 K/W].
    """

    across: float
    ratio: float
    short_radius: float = 1.0
    resistance: float = 0.0

    @classmethod
    def of(cls, aspect: float, short_radius: float = 1.0, resistance: float = 0.0) -> Shape:
        """Fibres for aspect > 1, plates for < 1; `short_radius` counts with a resistance only."""
        ratio = (2 + 1 / aspect) if aspect >= 1 else (1 + 2 * aspect)
        return cls(depolarisation(aspect), ratio, short_radius, resistance)


def spheroids(fractions: Sequence[Any], values: Sequence[Any], shapes: Sequence[Shape]) -> Any:
    """Spheroids in a matrix, the first phase, with interface resistance (Nan 1997, Eqs 5 and 9).

    The sums over kinds are those of Nan's Eq. 5, first order in each fraction. Derived for dilute
    inclusions; for spheres of one kind it is `nan_spheres`, for several without resistance
    Maxwell's law.

    Args:
        fractions: volume fractions, matrix first, adding up to 1.
        values: [W/(m K)].
        shapes: of each inclusion, without the matrix.
    """
    matrix = values[0]
    outer: Any = 0
    inner: Any = 0
    for f, k, shape in zip(fractions[1:], values[1:], shapes, strict=True):
        across, along = shape.across, 1 - 2 * shape.across
        gamma = shape.ratio * kapitza_radius(matrix, shape.resistance) / shape.short_radius
        strength = []
        for L in (across, along):
            seen = k / (1 + gamma * L * k / matrix)
            strength.append((seen - matrix) / (matrix + L * (seen - matrix)))
        outer = outer + f * (2 * strength[0] * (1 - across) + strength[1] * (1 - along))
        inner = inner + f * (2 * strength[0] * across + strength[1] * along)
    return matrix * (3 + outer) / (3 - inner)
