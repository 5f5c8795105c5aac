"""How many radial functions an alternating current asks for: estimated from closed forms.

The surface of a sphere under an alternating flux is known (Jacobsen and West 1995,
Electrochim. Acta 40, 255): in units of j R/(F D c_max) it is 1/(k coth k - 1) with
k^2 = i omega R^2/D, and a basis makes a sum of first-order lags of it. Between the two lies the
error of the diffusion; how much of it is seen depends on what stands beside it, so the whole
surface is compared: charge transfer and film in series with diffusion, the double layer beside
them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joulestack.constants import FARADAY
from joulestack.laws.kinetics import thermal_voltage
from joulestack.laws.particles import Particles
from joulestack.laws.state import State
from joulestack.physics.radial import RadialBasis
from joulestack.physics.resolution import lags

Complex = npt.NDArray[np.complex128]
Floats = npt.NDArray[np.float64]

UNSEEN = 1e-3
"""Part of a surface's impedance that nobody need look at."""

NEARBY = 1e-4
"""Difference of x over which dU/dx is taken."""


@dataclass(frozen=True)
class Oscillation:
    """An alternating current between two frequencies, that radial functions are to resolve.

    Attributes:
        frequencies: lowest and highest [Hz].
        temperature: of the particles [K].
        double_layer: beside charge transfer [F/m2].
        bound: error that is allowed, as a part of a surface's impedance.
        fixed: the number of functions is taken as given.
    """

    frequencies: tuple[float, float]
    temperature: float
    double_layer: float = 0.0
    bound: float = UNSEEN
    fixed: bool = False

    def wave(self, population: Particles, populations: Sequence[Particles]) -> Surface:
        """What a population answers with, where it starts."""
        x = population.start
        ends = State(T=self.temperature, x=np.array([x - NEARBY, x, x + NEARBY]))
        U = np.broadcast_to(np.asarray(population.open_circuit_voltage(ends), dtype=float), (3,))
        D = float(population.effective_diffusivity(State(T=self.temperature, x=x)))
        i0 = float(population.kinetics.exchange_current(self.temperature, x))
        R = float(population.radius)
        count = 1 + 10 * math.ceil(math.log10(max(self.frequencies) / min(self.frequencies)))
        return Surface(
            population.name,
            R,
            D,
            float(thermal_voltage(self.temperature)) / i0
            + float(population.kinetics.film_resistance),
            abs(float(U[2] - U[0])) / (2 * NEARBY)
            * R / (FARADAY * float(population.maximum_concentration) * D),
            self.double_layer,
            2 * math.pi * np.geomspace(min(self.frequencies), max(self.frequencies), count),
        )  # fmt: skip


@dataclass(frozen=True)
class Surface:
    """Impedance of a particle's surface.

    Attributes:
        name: of the material.
        radius: [m].
        diffusivity: [m2/s].
        transfer: resistance of charge transfer and film [Ohm m2].
        diffusion: what the unit of the surface's x is worth, R dU/dx/(F c_max D) [Ohm m2].
        double_layer: [F/m2].
        rates: angular frequencies that are looked at [1/s].
    """

    name: str
    radius: float
    diffusivity: float
    transfer: float
    diffusion: float
    double_layer: float
    rates: Floats

    def error(self, basis: RadialBasis) -> float:
        """Largest, as a part of the impedance."""
        p = 1j * self.rates * (self.radius**2 / self.diffusivity)
        off = self._impedance(answer(basis, p)) / self._impedance(exact(p)) - 1
        return float(np.abs(off).max())

    def _impedance(self, surface: Complex) -> Complex:
        inside = self.transfer + self.diffusion * surface
        found: Complex = inside / (1 + 1j * self.rates * self.double_layer * inside)
        return found

    def said(self, error: float, modes: int, enough: int) -> str:
        """A warning of an error."""
        better = f"; impedance.radial_modes = {enough} is better" if enough > modes else ""
        return (
            f"{modes} radial functions may miss the impedance of {self.name} by "
            f"{100 * error:.1g} %: waves in spheres of {1e6 * self.radius:.3g} um, D = "
            f"{self.diffusivity:.1e} m2/s{better}"
        )


def exact(p: Complex) -> Complex:
    """Surface of a sphere at p = i omega R^2/D, in units of j R/(F D c_max)."""
    k = np.sqrt(p)
    deep = k.real > 300.0
    coth = np.where(deep, 1.0, 1 / np.tanh(np.where(deep, 1.0, k)))
    small = np.abs(k) < 1e-2  # k coth k - 1 = k^2/3 - k^4/45 + ... drowns in round-off
    whole = np.where(small, p / 3 * (1 - p / 15), k * coth - 1)
    return np.asarray(1 / whole)


def answer(basis: RadialBasis, p: Complex) -> Complex:
    """The same by a basis."""
    rates, shares = lags(basis)
    return np.asarray((shares / (p[:, None] + rates)).sum(axis=1))
