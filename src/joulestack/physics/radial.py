"""Diffusion in a sphere by orthogonal functions that are crowded towards the surface.

x(r) = sum_k y_k p_k(z), p_k the polynomials of degree k in a coordinate z from the centre (0) to
the surface (1),

    r^2/R^2 = 1 - (exp(b (1 - z)) - 1)/(exp(b) - 1),

orthogonal over the volume of the sphere: y_0 is the mean and the mass matrix is diagonal; p_k = 1
at the surface, so the surface value is the plain sum. After a change of current the wave of lithium
is as deep as sqrt(D t): polynomials in r^2 (b = 0) see it only once it is as deep as R/modes^2,
these from the first instants on. Six of them miss the surface of a sphere under a constant flux by
at most 9e-4 of j R/(D c_max) at any time from 1e-6 R^2/D on, nine by 6e-5; six polynomials in r^2
by 4e-3. The rule has as many points as keep that, for each is a D(x) to be compiled and evaluated
(docs/physics.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre

Floats = npt.NDArray[np.float64]

STEEPEST = 7.0
"""b beyond which more functions do more good than steeper ones."""


@dataclass(frozen=True)
class RadialBasis:
    """Integrals of the basis over the unit sphere; rho = r/R.

    Attributes:
        mass: m_k = int p_k^2 rho^2 drho, shape (modes,).
        values: p_k at the quadrature points, shape (points, modes).
        stiffness: int p_k' p_l' rho^2 drho by point, shape (points, modes, modes).
        weights: of the points, for int f rho^2 drho, shape (points,).
        radii: of the points [-].
        steepness: b.
        combination: of Legendre's polynomials of 2 z - 1 to p_k, shape (modes, modes).
    """

    mass: Floats
    values: Floats
    stiffness: Floats
    weights: Floats
    radii: Floats
    steepness: float
    combination: Floats

    def at(self, radii: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """p_k at some radii r/R, shape (radii, modes)."""
        b = self.steepness
        z = 1 - np.log1p((1 - np.asarray(radii) ** 2) * np.expm1(b)) / b
        return legendre.legvander(2 * z - 1, len(self.mass) - 1) @ self.combination


@lru_cache
def radial_basis(modes: int, steepness: float | None = None) -> RadialBasis:
    """The basis of a number of modes (1 is a particle without gradients).

    Args:
        modes: functions.
        steepness: b; None: what suits waves of any depth.
    """
    b = min(0.5 * modes, STEEPEST) if steepness is None else steepness
    # All is smooth and even in t = sqrt(z): the positive half of a Gauss rule.
    points = modes + 2
    nodes, w = legendre.leggauss(2 * points)
    t, share = nodes[points:], w[points:]
    z = t * t
    rise = np.exp(b * (1 - z))
    square = 1 - (rise - 1) / np.expm1(b)
    steepness = b * rise / np.expm1(b)
    """d(rho^2)/dz."""
    rho = np.sqrt(square)
    weights: Floats = share * t * rho * steepness
    weights /= 3.0 * weights.sum()  # a sphere's volume, whatever the rule leaves
    plain = legendre.legvander(2 * z - 1, modes - 1)
    slopes = 2.0 * legendre.legval(2 * z - 1, legendre.legder(np.eye(modes))).T
    # Orthogonal under the rule: plain = (orthonormal) R. Legendre's polynomials are 1 at 1.
    _, R = np.linalg.qr(np.sqrt(weights)[:, None] * plain)
    combination = np.linalg.inv(R)
    combination /= combination.sum(axis=0)
    values: Floats = np.asarray(plain @ combination)
    gradients = (slopes.reshape(plain.shape) @ combination) * (2 * rho / steepness)[:, None]
    stiffness = weights[:, None, None] * gradients[:, :, None] * gradients[:, None, :]
    mass: Floats = np.asarray(weights @ values**2)
    return RadialBasis(mass, values, stiffness, weights, rho, b, combination)
