"""Lithium in the particles: by layer and population, and whether it is conserved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.discretisation.fields import Block, Field
from joulestack.laws.particles import Particles
from joulestack.physics.context import AT_VERTICES, PARTICLES, Weighted
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.electrodes import Electrodes
from joulestack.simulation.observe.sums import Floats, numbers
from joulestack.solver.forms import CELL


@dataclass(frozen=True)
class Population:
    """One population of particles in one layer.

    Attributes:
        layer: its name.
        name: of the material, with a number where a layer holds several populations of it.
        particles: as the setup gives them, plain numbers.
        parts: block, its nodes in the layer, and the form that weighs them.
    """

    layer: str
    name: str
    particles: Particles
    parts: list[tuple[Block, npt.NDArray[np.intp], Any]]


class Lithiation:
    """Means with weights assembled once, extremes over the nodes.

    The weights are those of the vertex quadrature with which the reaction enters the charge
    balance, so what a mean gains is what the current brings, to the last digit.

    Attributes:
        populations: in the order of the layers.
        signs: of their electrodes, 1 for the positive one; 0 where that is not known.
    """

    def __init__(self, model: Model, electrodes: Electrodes | None) -> None:
        """Ask for the forms that weigh the nodes.

        Args:
            model: what is measured.
            electrodes: of the model; None without a drive, and then without particles.
        """
        self.populations: list[Population] = []
        domain, context = model.domain, model.context
        for layer in dict.fromkeys(r.layer for r in domain.regions):
            medium = model.setup.media[layer]
            fields = _populations(model, layer)
            names: list[str] = []
            inside = medium.particles or () if fields else ()  # no load, no populations
            for field, particles in zip(fields, inside, strict=True):
                names.append(particles.name)
                count = names.count(particles.name)
                name = particles.name if count == 1 else f"{particles.name} {count}"
                found = Population(layer, name, particles, [])
                for block in field.blocks:
                    regions = [r for r in block.regions if r.layer == layer]
                    # Every rank asks for the same forms, though it may hold no cell of the layer.
                    if regions:
                        measure = context.cells(1, metadata=AT_VERTICES)
                        form = model.forms.add(
                            block.test[0] * Weighted(context.nodal_weight, measure),
                            {CELL: [(1, domain.cells_of(regions))]},
                        )
                        nodes = block.region_dofs(domain, regions)[:: block.size] // block.size
                        found.parts.append((block, nodes.astype(np.intp), form))
                if found.parts:
                    self.populations.append(found)
        known = electrodes is not None and electrodes.known
        self.signs = [
            electrodes.of_layer(p.layer) if electrodes and known else 0.0 for p in self.populations
        ]

    @cached_property
    def _weights(self) -> list[list[Floats]]:
        """This rank's volume of each node, by population and part [m3]."""
        result = []
        for population in self.populations:
            mine = []
            for block, nodes, form in population.parts:
                whole = np.zeros_like(block.value.x.array)
                form[0].vector(whole)
                mine.append(whole[:: block.size][nodes])
            result.append(mine)
        return result

    def measure(self) -> tuple[Floats, Floats]:
        """Integrals of mean x, its rate and 1 on this rank; -lowest and highest surface x."""
        sums = np.zeros((len(self.populations), 3))
        bounds = np.full((len(self.populations), 2), -math.inf)
        for n, (population, weights) in enumerate(
            zip(self.populations, self._weights, strict=True)
        ):
            for (block, nodes, _), weight in zip(population.parts, weights, strict=True):
                if not len(nodes):
                    continue
                assert block.rate is not None
                values = block.value.x.array.reshape(-1, block.size)[nodes]
                rates = block.rate.x.array[:: block.size][nodes]
                sums[n] += weight @ values[:, 0], weight @ rates, weight.sum()
                surface = values[:, np.array(block.info.rates)].sum(axis=1)
                bounds[n] = np.maximum(bounds[n], (-surface.min(), surface.max()))
        return sums, bounds

    @staticmethod
    def means(sums: Floats) -> list[float]:
        """Mean x of each population from the sums of all ranks."""
        return numbers(sums[:, 0] / sums[:, 2]) if len(sums) else []

    def gains(self, sums: Floats) -> list[float]:
        """Lithium that each electrode gains, as the discharge current that would bring it [A].

        Args:
            sums: of all ranks, the rates among them up to date.
        """
        gained: dict[float, float] = {}
        for sign, population, rate in zip(self.signs, self.populations, sums[:, 1], strict=True):
            density = float(population.particles.theoretical_capacity_density)
            gained[sign] = gained.get(sign, 0.0) + sign * density * float(rate)
        return [current for sign, current in gained.items() if sign]

    def capacities(self, sums: Floats) -> tuple[float, float]:
        """Theoretical and usable capacity of the electrode with the smaller usable one [C].

        Args:
            sums: of all ranks.
        """
        found: dict[float, tuple[float, float]] = {}
        for sign, population, volume in zip(self.signs, self.populations, sums[:, 2], strict=True):
            particles, (sites, usable) = population.particles, found.get(sign, (0.0, 0.0))
            found[sign] = (
                sites + float(particles.theoretical_capacity_density * volume),
                usable + float(particles.usable_capacity_density * volume),
            )
        return min(found.values(), key=lambda pair: pair[1], default=(0.0, 0.0))

    def state_of_charge(self, sums: Floats) -> float:
        """Of the electrode with the smaller usable capacity [-]; nan without particles.

        Args:
            sums: of all ranks.
        """
        held: dict[float, float] = {}
        charged: dict[float, float] = {}
        for sign, population, x, volume in zip(
            self.signs, self.populations, self.means(sums), sums[:, 2], strict=True
        ):
            full, empty = population.particles.window
            weight = float(population.particles.usable_capacity_density) * float(volume)
            held[sign] = held.get(sign, 0.0) + weight
            share = (x - empty) / (full - empty)
            charged[sign] = charged.get(sign, 0.0) + weight * share
        least = min(held, key=lambda sign: held[sign], default=None)
        return math.nan if least is None else charged[least] / held[least]

    def row(self, sums: Floats, bounds: Floats) -> Row:
        """Columns of a record from the sums and bounds of all ranks."""
        row: Row = {}
        charged: dict[str, list[tuple[float, float]]] = {}
        for n, (population, x) in enumerate(zip(self.populations, self.means(sums), strict=True)):
            layer, particles = population.layer, population.particles
            start = f"{layer} {population.name} lithiation"
            row[f"{start} mean [-]"] = x
            row[f"{start} surface min [-]"] = -float(bounds[n, 0])
            row[f"{start} surface max [-]"] = float(bounds[n, 1])
            full, empty = particles.window
            weight = float(particles.usable_capacity_density) * float(sums[n, 2])
            charged.setdefault(layer, []).append((weight, (x - empty) / (full - empty)))
        for layer, parts in charged.items():
            whole = sum(weight for weight, _ in parts)
            row[f"{layer} state of charge [-]"] = sum(w * soc for w, soc in parts) / whole
        return row


def _populations(model: Model, layer: str) -> list[Field]:
    """Local states of the particles in a layer, in the order of its medium's populations."""
    particles = (f for f in model.states.values() if f.info.kind == PARTICLES)
    return [f for f in particles if any(r.layer == layer for r in f.regions)]
