"""Diffusion in a sphere by orthogonal polynomials in the radius squared.

x(r) = sum_k y_k p_k(r^2/R^2), p_k the Jacobi polynomials P_k^(0,1/2) of 2 r^2/R^2 - 1: they are
orthogonal over the volume of the sphere, so y_0 is the mean and the mass matrix is diagonal, and
p_k = 1 at the surface, so the surface value is the plain sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import jacobi, roots_jacobi

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RadialBasis:
    """Integrals of the basis over the unit sphere; rho = r/R.

    Attributes:
        mass: m_k = int p_k^2 rho^2 drho, shape (modes,).
        values: p_k at the quadrature points, shape (points, modes).
        stiffness: int p_k' p_l' rho^2 drho by point, shape (points, modes, modes); its sum over
            the points is exact.
        weights: of the points, for int f rho^2 drho, shape (points,).
        radii: of the points [-].
    """

    mass: Floats
    values: Floats
    stiffness: Floats
    weights: Floats
    radii: Floats


@lru_cache
def radial_basis(modes: int) -> RadialBasis:
    """The basis of a number of modes (1 is a particle without gradients)."""
    points = modes + 1
    z, w = roots_jacobi(points, 0.0, 0.5)  # on [-1, 1], weight (1 + z)^(1/2)
    s, weights = 0.5 * (1 + z), 0.5 * w * 2**-1.5  # int f rho^2 drho = 1/2 int f s^(1/2) ds
    polynomials = [jacobi(k, 0.0, 0.5) for k in range(modes)]
    values = np.array([p(z) for p in polynomials]).T
    slopes = np.array([2 * p.deriv()(z) for p in polynomials]).T  # d/ds
    stiffness = 4 * (weights * s)[:, None, None] * slopes[:, :, None] * slopes[:, None, :]
    mass = weights @ values**2
    return RadialBasis(mass, values, stiffness, weights, np.sqrt(s))
