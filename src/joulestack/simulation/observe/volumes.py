"""Volume quantities by cell and by layer: heat sources, stored heat, reaction."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from joulestack.declarations import TEMPERATURE
from joulestack.physics.context import RegionGroup
from joulestack.simulation.model import Model
from joulestack.simulation.observe.sums import Floats, Segments, numbers, total

STORED, GAINED = "stored", "gained"
REACTION, REACTION_POWER = "reaction", "reaction power"
IN_CONTACT = "in contact"
"""Volume quantities beside the heat sources."""
HEAT_DENSITY = "Heat source [W/m3]"
REACTION_DENSITY = "Reaction current density [A/m3]"
"""Labels of quantities by cell; a reaction current is positive from solid to electrolyte."""


class Volumes:
    """All volume quantities, assembled in one sweep: a DG0 test function, a component for each.

    Attributes:
        layers: names, in the order of the rows of `sums`.
        sources: names of the heat sources of layers [W], the first columns.
        columns: column of every other quantity; STORED [W], GAINED [J], REACTION [A] and
            REACTION_POWER [W], the sum of reaction current times the potential it acts against;
            IN_CONTACT [m3], volume times the share of the particles' surface that touches
            electrolyte.
    """

    REMEMBERS = ("_previous",)

    def __init__(self, model: Model) -> None:
        """Ask for the forms."""
        self.model = model
        domain, context, terms = model.domain, model.context, model.terms
        blocks = model.fields[TEMPERATURE.key].blocks
        self._previous = {b.name: fem.Function(b.space) for b in blocks}
        heats: dict[str, list[tuple[Any, RegionGroup]]] = {}
        for heat in terms.heats:
            if isinstance(heat.group, RegionGroup):
                heats.setdefault(heat.source.name, []).append((heat.density, heat.group))
        quantities: dict[str, list[tuple[Any, RegionGroup]]] = {
            STORED: [(self._storage(g), g) for g in context.regions],
            GAINED: [(self._enthalpy_gain(g), g) for g in context.regions],
        }
        if terms.reaction:
            quantities[REACTION] = [(a_j, g) for a_j, _, g in terms.reaction]
            quantities[REACTION_POWER] = [(a_j * U, g) for a_j, U, g in terms.reaction]
        if terms.in_contact:
            quantities[IN_CONTACT] = list(terms.in_contact)
        self.sources = tuple(heats)
        self.columns = {name: i for i, name in enumerate(quantities, len(heats))}
        columns = [*heats.values(), *quantities.values()]
        self._width = len(columns)
        shape = (self._width,)
        self._cells = fem.Function(fem.functionspace(domain.mesh, ("DG", 0, shape)))
        v = ufl.TestFunction(self._cells.function_space)
        self._form = model.forms.add(
            total(
                [
                    density * v[i] * context.dx(group)
                    for i, entries in enumerate(columns)
                    for density, group in entries
                ]
            )
        )
        self._one = fem.functionspace(domain.mesh, ("DG", 0))
        w = ufl.TestFunction(self._one)
        self._volume = model.forms.add(total([1.0 * w * context.dx(g) for g in context.regions]))
        self.layers = tuple(dict.fromkeys(r.layer for r in domain.regions))
        row = {r.id: self.layers.index(r.layer) for r in domain.regions}
        of_region = np.zeros(max(row) + 1, dtype=np.int64)
        of_region[list(row)] = list(row.values())
        layer_of_cell = of_region[domain.cell_region[: domain.owned_cells]]
        self._by_layer = np.argsort(layer_of_cell, kind="stable")
        self._segments = Segments(np.bincount(layer_of_cell, minlength=len(self.layers)))

    def _storage(self, group: RegionGroup) -> Any:
        """rho c_p dT/dt [W/m3]."""
        capacity = group.medium.volumetric_heat_capacity(self.model.context.state(group))
        return capacity * group.blocks[TEMPERATURE.key].rate

    def _enthalpy_gain(self, group: RegionGroup) -> Any:
        """Gain since the last record [J/m3], trapezoidal in T: independent of the time scheme."""
        context = self.model.context
        now, block = context.state(group), group.blocks[TEMPERATURE.key]
        before = self._previous[block.name]
        capacity = group.medium.volumetric_heat_capacity
        old = type(now)(T=context.reference_temperature + before, p=now.p, p_max=now.p_max)
        return 0.5 * (capacity(now) + capacity(old)) * (block.value - before)

    def remember(self) -> None:
        """The next gain of enthalpy counts from the present temperatures."""
        for block in self.model.fields[TEMPERATURE.key].blocks:
            self._previous[block.name].x.array[:] = block.value.x.array

    def _sweep(self) -> Floats:
        """Quantities of the owned cells, a column each; a view, good until the next sweep."""
        array = self._cells.x.array
        array[:] = 0.0
        self._form[0].vector(array)
        owned: Floats = array.reshape(-1, self._width)[: self.model.domain.owned_cells]
        return owned

    def sums(self) -> Floats:
        """This rank's sums, a row for each layer, a column for each quantity."""
        return self._segments.reduce(np.add, self._sweep()[self._by_layer])

    def touching(self, by_layer: Floats, volumes: Floats) -> dict[str, float]:
        """Mean share of the particles' surface in contact, by layer, where it follows p.

        Args:
            by_layer: `sums` of all ranks.
            volumes: of the layers [m3].
        """
        if IN_CONTACT not in self.columns:
            return {}
        found = numbers(by_layer[:, self.columns[IN_CONTACT]] / volumes)
        named = zip(self.layers, found, strict=True)
        return {f"{name} particles in contact [-]": share for name, share in named if share}

    def by_cell(self) -> dict[str, Floats]:
        """Heat of each source by owned cell [W]."""
        swept = self._sweep()
        return {name: swept[:, i].copy() for i, name in enumerate(self.sources)}

    @cached_property
    def cell_volumes(self) -> Floats:
        """Volumes of the owned cells [m3]."""
        whole = fem.Function(self._one).x.array
        self._volume[0].vector(whole)
        return np.array(whole[: self.model.domain.owned_cells])

    def densities(self) -> dict[str, Floats]:
        """Heat source and reaction current by owned cell, labels with units.

        Heat of interfaces has no volume and is not included. Without a reaction there is no such
        current.
        """
        swept = self._sweep()
        result = {HEAT_DENSITY: swept[:, : len(self.sources)].sum(axis=1) / self.cell_volumes}
        if REACTION in self.columns:
            result[REACTION_DENSITY] = swept[:, self.columns[REACTION]] / self.cell_volumes
        return result
