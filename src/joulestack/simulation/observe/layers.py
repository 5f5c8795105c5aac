"""Temperatures of the layers: lowest, mean, highest."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from mpi4py import MPI

from joulestack.declarations import TEMPERATURE
from joulestack.discretisation.fields import Block
from joulestack.mesh import Region
from joulestack.physics.context import Weighted
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.crests import Crests
from joulestack.simulation.observe.sums import Floats, Segments, numbers
from joulestack.solver.forms import CELL


class Layers:
    """Extremes of each layer, and means with weights assembled once.

    Extremes are those of the nodes, and inside the cells where they are quadratic.

    Attributes:
        layers: names.
    """

    def __init__(self, model: Model) -> None:
        """Ask for the forms that weigh the dofs."""
        self.model, domain, context = model, model.domain, model.context
        self._blocks = model.fields[TEMPERATURE.key].blocks
        sizes = [b.value.x.array.size for b in self._blocks]
        start = dict(zip(self._blocks, np.cumsum([0, *sizes[:-1]]), strict=True))
        regions: dict[str, dict[Any, list[Region]]] = {}
        for r in domain.regions:
            of_layer = regions.setdefault(r.layer, {})
            of_layer.setdefault(model.fields[TEMPERATURE.key].block(r), []).append(r)
        self.layers = tuple(regions)
        self._parts = []
        self._inside: list[list[tuple[Block, Crests]]] = []
        index, lengths = [np.zeros(0, dtype=np.int64)], []
        for of_layer in regions.values():
            lengths.append(0)
            self._inside.append([])
            for block, own in of_layer.items():
                dofs = block.region_dofs(domain, own)
                form = model.forms.add(
                    block.test * Weighted(context.weight, context.cells(1)),
                    {CELL: [(1, domain.cells_of(own))]},
                )
                self._parts.append((block, dofs, form))
                index.append(start[block] + dofs)
                lengths[-1] += len(dofs)
                if model.setup.degree > 1:
                    crests = Crests(block, block.cells(domain.cells_of(own)))
                    self._inside[-1].append((block, crests))
        self._index = np.concatenate(index)
        self._segments = Segments(lengths)

    @cached_property
    def _weights(self) -> Floats:
        """Integrals of the shape functions over this rank's cells of each layer [m3]."""
        found = [np.zeros(0)]
        for block, dofs, form in self._parts:
            whole = np.zeros_like(block.value.x.array)
            form[0].vector(whole)
            found.append(whole[dofs])
        return np.concatenate(found)

    @cached_property
    def _volumes(self) -> Floats:
        """This rank's share of each layer [m3]."""
        return self._segments.reduce(np.add, self._weights)

    def _values(self) -> Floats:
        """Temperature rises of the dofs of all layers [K]."""
        return np.concatenate([b.value.x.array for b in self._blocks])[self._index]

    def measure(self) -> tuple[Floats, Floats]:
        """This rank's (integral of the rise, volume) and (-lowest, highest rise) of each layer."""
        values = self._values()
        integrals = self._segments.reduce(np.add, self._weights * values)
        return np.stack([integrals, self._volumes]), self._bounds(values)

    def _bounds(self, values: Floats) -> Floats:
        """This rank's -lowest and highest rise of each layer [K], inside quadratic cells too."""
        lowest = self._segments.reduce(np.minimum, values, math.inf)
        highest = self._segments.reduce(np.maximum, values, -math.inf)
        bounds = np.stack([-lowest, highest])
        for n, parts in enumerate(self._inside):
            for block, crests in parts:
                rise = block.value.x.array
                found = crests.highest(-rise), crests.highest(rise)
                bounds[:, n] = np.maximum(bounds[:, n], found)
        return bounds

    def hottest(self) -> float:
        """Highest temperature of all layers [K], over all ranks."""
        rise = float(self._bounds(self._values())[1].max(initial=-math.inf))
        rise = self.model.domain.comm.allreduce(rise, op=MPI.MAX)
        return self.model.setup.start_temperature + rise

    def means(self, sums: Floats) -> Floats:
        """Mean temperature of each layer [K] from the sums of all ranks."""
        means: Floats = self.model.setup.start_temperature + sums[0] / sums[1]
        return means

    def row(self, sums: Floats, bounds: Floats) -> Row:
        """Columns of a record from the sums and bounds of all ranks."""
        start = self.model.setup.start_temperature
        means = numbers(self.means(sums))
        lowest, highest = numbers(start - bounds[0]), numbers(start + bounds[1])
        row = {"Temperature max [K]": max(highest), "Temperature min [K]": min(lowest)}
        for i, name in enumerate(self.layers):
            row[f"{name} temperature min [K]"] = lowest[i]
            row[f"{name} temperature mean [K]"] = means[i]
            row[f"{name} temperature max [K]"] = highest[i]
        return row
