"""Waves of lithium in a sphere, from a thousandth of its radius to all of it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import erfc

from joulestack.physics.radial import radial_basis

Floats = NDArray[np.float64]
TIMES = np.array([1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0])


def surface(tau: Floats) -> Floats:
    """Surface of a sphere under a constant flux from rest, in units of j R/(D c_max).

    Carslaw and Jaeger 1959, 9.8 (1), with the sum over the roots of tan q = q; for short times the
    same in terms of erfc, 9.8 (3), whose next term is exp(-1/tau).
    """
    k = np.arange(1, 4001)
    q = (k + 0.5) * np.pi
    for _ in range(60):
        q = k * np.pi + np.arctan(q)
    long = 3 * tau + 0.2 - 2 * (np.exp(-np.outer(tau, q * q)) / (q * q)).sum(axis=1)
    short = np.exp(tau) * erfc(-np.sqrt(tau)) - 1
    return np.where(tau < 0.01, short, long)


def found(modes: int, tau: Floats) -> Floats:
    """The same by the basis, exact in time: its small system is symmetric."""
    basis = radial_basis(modes)
    scale = 1 / np.sqrt(basis.mass)
    stiffness = scale[:, None] * basis.stiffness.sum(axis=0) * scale
    rates, vectors = np.linalg.eigh(stiffness)
    rates = np.maximum(rates, 1e-12)
    grown = -np.expm1(-np.outer(tau, rates)) / rates
    return np.asarray(((grown * (vectors.T @ scale)) @ vectors.T) @ scale)


def test_the_closed_forms_meet() -> None:
    """The two series, each where the other is used."""
    k = np.arange(1, 200001)
    q = (k + 0.5) * np.pi
    for _ in range(60):
        q = k * np.pi + np.arctan(q)
    tau = 3e-3
    series = 3 * tau + 0.2 - 2 * float((np.exp(-tau * q * q) / (q * q)).sum())
    assert series == pytest.approx(float(surface(np.array([tau]))[0]), abs=1e-9)


def test_nine_functions_see_a_wave_at_any_depth() -> None:
    errors = np.abs(found(9, TIMES) - surface(TIMES))
    print(f"MEASURED nine radial functions {errors}")
    assert errors.max() < 1e-4
    # Between those times nothing hides.
    between = np.logspace(-6, 0.5, 200)
    assert np.abs(found(9, between) - surface(between)).max() < 1e-4


def test_more_functions_see_more() -> None:
    between = np.logspace(-6, 0.5, 200)
    worst = [np.abs(found(n, between) - surface(between)).max() for n in (4, 6, 9, 12, 16)]
    print(f"MEASURED 4, 6, 9, 12, 16 radial functions {worst}")
    assert all(b < a / 2.5 for a, b in pairwise(worst))


@pytest.mark.parametrize("modes", [1, 2, 5, 9, 16])
def test_the_basis_is_what_the_equations_take_it_for(modes: int) -> None:
    """Orthogonal over the sphere, the first its mean; 1 at the surface; level at the centre."""
    basis = radial_basis(modes)
    nodes, w = np.polynomial.legendre.leggauss(600)
    rho, weight = 0.5 * (nodes + 1), 0.5 * w * (0.5 * (nodes + 1)) ** 2
    P = basis.at(rho)
    gram = P.T @ (weight[:, None] * P)
    size = np.sqrt(np.outer(basis.mass, basis.mass))
    # Lithium is in the mean alone; the others are orthogonal under the rule that the equations use.
    assert np.abs(gram[0] / size[0])[1:].max(initial=0.0) < 1e-4
    under = basis.values.T @ (basis.weights[:, None] * basis.values)
    assert np.abs(under / size - np.eye(modes)).max() < 1e-10
    assert basis.mass[0] == pytest.approx(1 / 3, rel=1e-14)
    assert basis.at(np.array([1.0])) == pytest.approx(np.ones((1, modes)), rel=1e-10)
    assert basis.values == pytest.approx(basis.at(basis.radii), rel=1e-9, abs=1e-9)
    inner = basis.at(np.array([0.0, 1e-4]))
    assert np.abs(inner[1] - inner[0]).max() < 1e-5 * np.abs(inner).max()


@pytest.mark.parametrize("modes", [2, 5, 9, 16])
def test_the_stiffness_is_that_of_the_basis(modes: int) -> None:
    """By a complex step in r, on a fine grid."""
    basis = radial_basis(modes)
    nodes, w = np.polynomial.legendre.leggauss(600)
    rho, weight = 0.5 * (nodes + 1), 0.5 * w * (0.5 * (nodes + 1)) ** 2
    slopes = basis.at(rho + 1e-30j).imag / 1e-30
    stiffness = slopes.T @ (weight[:, None] * slopes)
    mine = basis.stiffness.sum(axis=0)
    assert np.abs(mine - stiffness).max() < 1e-3 * np.abs(stiffness).max()
