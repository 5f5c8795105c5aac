"""Diffusion in a sphere by orthogonal polynomials in the radius squared.

x(r) = sum_k y_k p_k(r^2/R^2), p_k the Jacobi polynomials P_k^(0,1/2) of 2 r^2/R^2 - 1: they are
orthogonal over the volume of the sphere, so y_0 is the mean and the mass matrix is diagonal, and
p_k = 1 at the surface, so the surface value is the plain sum. With rho = r/R they are Legendre's
P_(2k+1)(rho)/rho, which NumPy evaluates stably at any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre

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
    # The positive half of an odd Gauss rule: the node at 0 does not count under rho^2.
    nodes, w = legendre.leggauss(2 * modes + 3)
    rho, weights = nodes[modes + 2 :], w[modes + 2 :] * nodes[modes + 2 :] ** 2
    odd = np.eye(2 * modes)[:, 1::2]
    P, dP = legendre.legval(rho, odd).T, legendre.legval(rho, legendre.legder(odd)).T
    values = P / rho[:, None]
    slopes = (dP - values) / rho[:, None]  # d/drho
    stiffness = weights[:, None, None] * slopes[:, :, None] * slopes[:, None, :]
    return RadialBasis(weights @ values**2, values, stiffness, weights, rho)
