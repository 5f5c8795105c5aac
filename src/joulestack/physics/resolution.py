"""How many radial functions a particle takes, and how crowded they are: estimated, not solved.

After a jump of the current density a wave of lithium enters a sphere. In units of j R/(F D c_max)
its surface is known in closed form (Carslaw and Jaeger 1959, 9.8), and so is what a basis makes of
it: what lies between, times that unit and dU/dx, is the error of the voltage. It is looked at from
the shortest time of interest until the sphere is full, for the lowest and the highest D of the
window and one between. Where the wave itself is so high that D varies over it, by a ratio of v, its
front is steeper than that: sqrt(v) times as much is counted, as finite volumes tell
(tests/physics/sphere.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from joulestack.constants import FARADAY, ROOM_TEMPERATURE
from joulestack.laws.particles import Particles
from joulestack.laws.state import State
from joulestack.physics.radial import STEEPEST, RadialBasis, radial_basis

Floats = npt.NDArray[np.float64]

BOUND = 1e-4
"""Error of the voltage by too few radial functions that nobody need look at [V]."""

MOST = 28
"""Functions beyond which more are not taken by themselves."""

NUMBERS = (8, 11, 15, 20)
"""That are tried between the least and the most: few, so that another load compiles no others."""

STEEPER = (STEEPEST, 9.0, 11.0, 13.0)
"""b that are tried where waves stay shallow."""

SHORTEST = 1e-3
"""After a jump [s]: what comes sooner is not looked at."""

UNEVEN = 2.0
"""Current density near the separator over the mean, at first."""

KINETIC = 0.05
"""dU/dx [V] that counts at least: the overpotential follows x too, by 2 R T/F of ln i0."""


class Judge(Protocol):
    """Tells what a basis does to what is looked at."""

    def error(self, basis: RadialBasis) -> float:
        """Of a basis, estimated."""

    def said(self, error: float, modes: int, enough: int) -> str:
        """A warning of an error by a number of functions, with a better one where there is one."""


class Asked(Protocol):
    """What radial functions are to resolve."""

    @property
    def bound(self) -> float:
        """Error that is allowed, in the judge's measure."""

    @property
    def fixed(self) -> bool:
        """The number of functions is taken as given."""

    def wave(self, population: Particles, populations: Sequence[Particles]) -> Judge:
        """The judge of a population among those of its electrode."""


@dataclass(frozen=True)
class Resolution:
    """Jumps of a load that radial functions are to resolve.

    Attributes:
        rate: largest current of the load over the usable capacity of an electrode [1/s].
        longest: the load lasts [s].
        shortest: time after a jump that is looked at [s].
        bound: error of the voltage that is allowed [V].
        fixed: the number of functions is taken as given.
        temperature: of the particles where they are coldest [K].
    """

    rate: float
    longest: float = math.inf
    shortest: float = SHORTEST
    bound: float = BOUND
    fixed: bool = False
    temperature: float = ROOM_TEMPERATURE

    def wave(self, population: Particles, populations: Sequence[Particles]) -> Wave:
        """The wave in the particles of one population among those of an electrode."""
        area = sum(3 * p.fraction / p.radius for p in populations)  # all of them see one j
        charge = sum(p.usable_capacity_density for p in populations)
        low, high = sorted(population.window)
        x = np.linspace(low, high, 61)
        state = State(T=self.temperature, x=x)
        D = np.broadcast_to(
            np.asarray(population.effective_diffusivity(state), dtype=float), x.shape
        )
        U = np.broadcast_to(
            np.asarray(population.open_circuit_voltage(state), dtype=float), x.shape
        )
        slopes = np.abs(np.diff(U) / np.diff(x))
        steep = float(np.quantile(slopes, 0.9))  # not its steep ends: waves pass them at once
        j = UNEVEN * self.rate * charge / area
        return Wave(
            float(population.radius),
            (float(D.min()), float(D.max())),
            float(j / (FARADAY * population.maximum_concentration * population.radius)),
            steep + KINETIC,
            high - low,
            self.shortest,
            self.longest,
            population.name,
        )


@dataclass(frozen=True)
class Wave:
    """Lithium that enters a sphere after a jump.

    Attributes:
        radius: [m].
        diffusivities: lowest and highest [m2/s].
        filling: J = j/(F c_max R), a third of the rate of the mean [1/s].
        slope: dU/dx [V].
        span: change of x at the surface after which it is empty or full [-].
        shortest, longest: times that are looked at [s].
        name: of the material.
    """

    radius: float
    diffusivities: tuple[float, float]
    filling: float
    slope: float = 1.0
    span: float = 1.0
    shortest: float = SHORTEST
    longest: float = math.inf
    name: str = ""

    def said(self, error: float, modes: int, enough: int) -> str:
        """A warning of an error."""
        better = f"; mesh.radial_modes = {enough} is better" if enough > modes else ""
        return (
            f"{modes} radial functions may miss the voltage by {1e3 * error:.1g} mV after jumps of "
            f"the load: waves of lithium in {self.name} of {1e6 * self.radius:.3g} um, D from "
            f"{self.diffusivities[0]:.1e} m2/s on{better}"
        )

    def error(self, basis: RadialBasis) -> float:
        """Of the voltage [V], estimated."""
        low, high = self.diffusivities
        worst = 0.0
        for D in (low, math.sqrt(low * high), high):
            start, end = (t * D / self.radius**2 for t in (self.shortest, self.longest))
            unit = self.filling * self.radius**2 / D
            height = unit * exact()
            there = (start <= TAU) & (end >= TAU) & (height <= self.span)
            bent = (high / low) ** (0.5 * np.minimum(height / self.span, 1.0))
            found = bent * unit * np.abs(surface(basis) - exact())
            worst = max(worst, float(found[there].max(initial=0.0)))
        return self.slope * worst


TAU: Floats = np.power(10.0, np.linspace(-11.0, 1.0, 145))
"""D t/R^2 at which bases are judged [-]."""


@lru_cache
def exact() -> Floats:
    """Surface of a sphere under a constant flux from rest at TAU, in units of j R/(F D c_max)."""
    k = np.arange(1, 200)
    q = (k + 0.5) * np.pi
    for _ in range(60):
        q = k * np.pi + np.arctan(q)  # tan q = q
    sums = (np.exp(-np.outer(TAU, q * q)) / (q * q)).sum(axis=1)
    late = 3 * TAU + 0.2 - 2 * sums
    root = np.sqrt(TAU)
    early = [math.exp(t) * (1 + math.erf(r)) - 1 for t, r in zip(TAU, root, strict=True)]
    return np.where(TAU < 0.01, early, late)


def surface(basis: RadialBasis) -> Floats:
    """The same by a basis, exact in time."""
    return _surface(len(basis.mass), basis.steepness)


@lru_cache
def _surface(modes: int, steepness: float) -> Floats:
    rates, shares = lags(radial_basis(modes, steepness))
    grown = -np.expm1(-np.outer(TAU, rates)) / rates
    return np.asarray(grown @ shares)


def lags(basis: RadialBasis) -> tuple[Floats, Floats]:
    """A basis as a sum of first-order lags: their rates [D/R^2] and shares in the surface."""
    scale = 1 / np.sqrt(basis.mass)
    rates, vectors = np.linalg.eigh(scale[:, None] * basis.stiffness.sum(axis=0) * scale)
    return np.maximum(rates, 1e-12), np.square(vectors.T @ scale)


def chosen(wave: Judge, least: int, bound: float = BOUND, most: int = MOST) -> RadialBasis:
    """The smallest basis that keeps a bound, or the best there is.

    Args:
        wave: to be resolved.
        least, most: functions.
        bound: on the error, in the measure of the wave.
    """
    best, lowest = None, math.inf
    for modes in dict.fromkeys(
        [least, *(n for n in NUMBERS if least < n < most), max(least, most)]
    ):
        for basis in _candidates(modes):
            error = wave.error(basis)
            if best is None or error < lowest:
                best, lowest = basis, error
            if error <= bound:
                return basis
    assert best is not None
    return best


def resolved(
    population: Particles,
    populations: Sequence[Particles],
    number: int,
    asked: Asked | None,
) -> tuple[RadialBasis, str]:
    """The basis for the particles of a population, and what is to be said of it.

    Args:
        population: of them.
        populations: of its electrode.
        number: functions, at least or exactly.
        asked: what they are to resolve; None: the number is all that is known.

    Returns:
        Basis and warning, empty where its error is within the bound.
    """
    if asked is None or number == 1:
        return radial_basis(number), ""
    wave = asked.wave(population, populations)
    basis = chosen(wave, number, asked.bound, number if asked.fixed else MOST)
    error, modes = wave.error(basis), len(basis.mass)
    if error <= asked.bound:
        return basis, ""
    return basis, wave.said(error, modes, len(chosen(wave, modes, asked.bound).mass))


def _candidates(modes: int) -> list[RadialBasis]:
    usual = radial_basis(modes)
    return [usual, *(radial_basis(modes, b) for b in STEEPER if b > usual.steepness)]
