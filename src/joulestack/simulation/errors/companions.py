"""Particles beside those of a run, with many more radial functions: what few of them miss.

At some places of an electrode the lithium that a particle takes from record to record is given to
two particles more: one with the functions of the run, one with many more. Both are stepped
alike, so what their surfaces differ by is for want of functions, however D changes with x.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from joulestack.laws.particles import Particles
from joulestack.laws.state import State
from joulestack.physics.particles import equilibrium
from joulestack.physics.radial import RadialBasis, radial_basis
from joulestack.simulation.observe.lithiation import Lithiation, Population
from joulestack.simulation.observe.sums import Floats

Places = list[tuple[int, npt.NDArray[np.intp]]]

MORE, MANY = 6, 24
"""Functions of the particle that is taken for the truth: so many more, and at least so many."""

PLACES = 3
"""In an electrode that particles are looked at."""

ROUNDS = 2
"""In which the diffusivity of a step is found."""

TABLE, WARMER = 2000, 0.5
"""Intervals of x in which D is taken from a table, and how much warmer or colder [K] it serves: a
law costs twenty times what the few places of a companion take to look up."""


class Spheres:
    """Some particles of one population, stepped by the lithium that they take.

    Attributes:
        basis: their functions.
        y: coefficients, shape (particles, functions).
    """

    REMEMBERS = ("y", "_rates", "_warm")

    def __init__(self, particles: Particles, basis: RadialBasis, start: Floats) -> None:
        """Without gradients; `start` is x of each."""
        self._particles, self.basis = particles, basis
        self.y: Floats = np.zeros((len(start), len(basis.mass)))
        self.y[:, 0] = start
        self._x = np.linspace(0.0, 1.0, TABLE + 1)
        self._rates: Floats = np.zeros(0)
        self._warm = math.nan

    @property
    def surface(self) -> Floats:
        """x there, of each."""
        return np.asarray(self.y.sum(axis=1))

    def step(self, seconds: float, taken: Floats, temperature: float) -> None:
        """Take lithium over some time, implicitly.

        Args:
            seconds: length [s].
            taken: what the mean x of each gains.
            temperature: [K].
        """
        basis, old = self.basis, self.y
        if not abs(temperature - self._warm) <= WARMER:
            D = self._particles.effective_diffusivity(State(T=temperature, x=self._x))
            rates = np.asarray(D, dtype=float) / self._particles.radius**2
            self._rates, self._warm = np.broadcast_to(rates, self._x.shape), temperature
        mass = basis.mass / seconds
        right = mass * old + (basis.mass[0] / seconds) * taken[:, None]
        for _ in range(ROUNDS):
            # Beyond empty and full as at these ends.
            D = np.interp(self.y @ basis.values.T, self._x, self._rates)
            matrix = np.tensordot(D, basis.stiffness, axes=1)
            matrix[:, range(len(mass)), range(len(mass))] += mass
            self.y = np.linalg.solve(matrix, right[:, :, None])[:, :, 0]


@dataclass
class Pair:
    """A population with its two companions.

    Attributes:
        population: whose.
        sign: of its electrode.
        places: part of the population and nodes in it that are looked at.
        few, many: companions.
        mean: of x at the last record, at these nodes.
    """

    REMEMBERS = ("few", "many", "mean")

    population: Population
    sign: float
    places: Places
    few: Spheres
    many: Spheres
    mean: Floats


class Companions:
    """Of all populations of a run. What they tell is of this rank's particles."""

    REMEMBERS = ("_pairs", "_time")

    def __init__(self, lithiation: Lithiation, bases: Mapping[str, RadialBasis]) -> None:
        """Nothing has been recorded.

        Args:
            lithiation: of the run.
            bases: functions of its particles, by local state.
        """
        self._lithiation, self._bases = lithiation, bases
        self._pairs: list[Pair] | None = None
        self._time = 0.0

    def before_reading(self, written: Mapping[str, object]) -> None:
        """Have the pairs that take what was written."""
        self._pairs = None if written["_pairs"] is None else self._paired()

    def _paired(self) -> list[Pair]:
        held = self._lithiation
        return [
            _pair(p, sign, self._bases)
            for p, sign in zip(held.populations, held.signs, strict=True)
        ]

    def add(self, t: float, temperature: float, told: bool = True) -> Floats:
        """Go on to the present state.

        Args:
            t: of it [s].
            temperature: mean of the cell [K].
            told: what it comes to is wanted.

        Returns:
            By electrode (negative, positive) sums of what takes part: current times the voltage
            that its surfaces are off by [A V], current [A], and charge that brings surfaces so far
            as they are off now, positive where they are ahead [C].
        """
        if self._pairs is None:
            self._pairs = self._paired()
            self._time = t
        passed, sums = t - self._time, np.zeros((2, 3))
        self._time = t
        for pair in self._pairs:
            mean, surface = _present(pair.population, pair.places)
            if passed > 0 and len(mean):
                for spheres in (pair.few, pair.many):
                    spheres.step(passed, mean - pair.mean, temperature)
                if told:
                    sums[int(pair.sign > 0)] += _misfit(pair, mean, surface, passed, temperature)
            pair.mean = mean
        return sums


def _pair(population: Population, sign: float, bases: Mapping[str, RadialBasis]) -> Pair:
    places = []
    for n, (_, nodes, _) in enumerate(population.parts):
        if len(nodes):
            chosen = np.unique(np.linspace(0, len(nodes) - 1, PLACES).astype(np.intp))
            places.append((n, nodes[chosen]))
    basis, particles = bases[population.parts[0][0].info.key], population.particles
    mean, _ = _present(population, places)
    more = radial_basis(max(len(basis.mass) + MORE, MANY), basis.steepness)
    few, many = Spheres(particles, basis, mean), Spheres(particles, more, mean)
    return Pair(population, sign, places, few, many, mean)


def _present(population: Population, places: Places) -> tuple[Floats, Floats]:
    """Mean x and that of the surface now, at the places that are looked at."""
    found = [np.zeros((2, 0))]
    for n, nodes in places:
        block, _, _ = population.parts[n]
        y = block.value.x.array.reshape(-1, block.size)[nodes][:, np.array(block.info.rates)]
        found.append(np.stack([y[:, 0], y.sum(axis=1)]))
    mean, surface = np.concatenate(found, axis=1)
    return mean, surface


def _misfit(
    pair: Pair, mean: Floats, surface: Floats, passed: float, temperature: float
) -> tuple[float, float, float]:
    """What `Companions.add` sums over the populations of an electrode."""
    held = float(pair.population.particles.theoretical_capacity_density)
    taken = mean - pair.mean
    current = held * np.abs(taken) / passed
    volts = pair.sign * _voltage(pair, surface, temperature)
    ahead = np.sign(taken) * (pair.many.surface - pair.few.surface)
    return float(current @ volts), float(current.sum()), float(held * ahead.sum())


def _voltage(pair: Pair, surface: Floats, temperature: float) -> Floats:
    """True less present U [V] of the surfaces."""
    particles = pair.population.particles
    there = np.clip(surface + pair.many.surface - pair.few.surface, 0.0, 1.0)
    return np.asarray(
        equilibrium(particles, there, temperature)[0]
        - equilibrium(particles, surface, temperature)[0]
    )
