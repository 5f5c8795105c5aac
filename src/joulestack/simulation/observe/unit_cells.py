"""Current and temperature of each unit cell of a stack, and how far they spread."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem

from joulestack.declarations import IONIC, TEMPERATURE
from joulestack.outputs import unit_cells
from joulestack.physics.context import RegionGroup
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.sums import Floats, numbers, total

AMPERE_METRES, RISE, VOLUME = range(3)
"""Columns of `UnitCells.sums`."""


class UnitCells:
    """Nothing but for a cell with several of them.

    The current of a unit cell is that of the ions through its separator, what conducts them but no
    electrons, from the electrode at its negative side to the other one: the integral of the current
    density along the stack over the separator's thickness. With linear elements that is to the
    last digit what the equations let pass, for the coordinate along the stack is one of their test
    functions. Of several such layers the first counts.

    One sweep over the separators and one over the unit cells serve any number of them.
    """

    REMEMBERS = ("_widest",)

    def __init__(self, model: Model) -> None:
        """Ask for the forms."""
        self.count = max(r.unit_cell for r in model.domain.regions)
        self._model = model
        self.restart()
        self._separator = ""
        if not self.count:
            return
        domain, context = model.domain, model.context
        self._cells = fem.Function(fem.functionspace(domain.mesh, ("DG", 0, (3,))))
        v = ufl.TestFunction(self._cells.function_space)
        mine = [g for g in context.regions if any(r.unit_cell for r in g.regions)]
        parts: list[Any] = []
        for group in mine:
            rise = group.blocks[TEMPERATURE.key].value
            parts += [
                rise * v[RISE] * context.dx(group),
                ufl.as_ufl(1.0) * v[VOLUME] * context.dx(group),
            ]
        axis = domain.tagged.stacking_axis
        for flux, group in self._through():
            parts.append(flux[axis] * v[AMPERE_METRES] * context.dx(group))
        self._form = model.forms.add(total(parts))

    def restart(self) -> None:
        """Forget all records."""
        self._widest: dict[str, dict[str, Any]] = {}

    def _through(self) -> list[tuple[Any, RegionGroup]]:
        """Current density of the ions in the separators, by group."""
        media = self._model.setup.media
        found = []
        for flux, group in self._model.terms.current_density[IONIC.key]:
            first = group.regions[0]
            layer, medium = first.layer, media[first.layer]
            if first.unit_cell and not medium.conducts_electrons:
                self._separator = self._separator or layer
                if layer == self._separator:
                    found.append((flux, group))
        return found

    @cached_property
    def _of_cell(self) -> npt.NDArray[np.int64]:
        """Number of the unit cell of each owned cell of the mesh."""
        domain = self._model.domain
        table = np.zeros(1 + max(r.id for r in domain.regions), dtype=np.int64)
        for region in domain.regions:
            table[region.id] = region.unit_cell
        found: npt.NDArray[np.int64] = table[domain.cell_region[: domain.owned_cells]]
        return found

    def sums(self) -> Floats:
        """This rank's integrals of each unit cell: current [A m], rise [K m3], volume [m3]."""
        if not self.count:
            return np.zeros((0, 3))
        array = self._cells.x.array
        array[:] = 0.0
        self._form[0].vector(array)
        owned = array.reshape(-1, 3)[: len(self._of_cell)]
        columns = [np.bincount(self._of_cell, q, self.count + 1)[1:] for q in owned.T]
        return np.stack(columns, axis=1)

    def row(self, t: float, sums: Floats) -> Row:
        """Columns of a record at t [s] from the sums of all ranks; discharge is positive."""
        row: Row = {}
        if not self.count:
            return row
        setup, named = self._model.setup, self._model.domain.regions
        found: dict[str, list[float]] = {
            unit_cells.TEMPERATURE: numbers(
                setup.start_temperature + sums[:, RISE] / sums[:, VOLUME]
            )
        }
        if self._separator:
            up = {r.unit_cell: r.upwards for r in named}
            sign = np.array([1.0 if up[n] else -1.0 for n in range(1, self.count + 1)])
            thickness = setup.thickness[self._separator]
            currents = sign * sums[:, AMPERE_METRES] / thickness
            found[unit_cells.CURRENT] = numbers(np.asarray(currents, dtype=np.float64))
        for quantity, values in found.items():
            for which, over in unit_cells.SPREAD.items():
                row[unit_cells.of_all(which, quantity)] = over(values)
            self._look(t, quantity, values)
        for quantity, values in found.items():
            for n, value in enumerate(values, start=1):
                row[unit_cells.of_cell(n, quantity)] = value
        return row

    def _look(self, t: float, quantity: str, values: list[float]) -> None:
        """Keep the moment at which the unit cells lay furthest apart."""
        low, high = min(values), max(values)
        widest = self._widest.get(quantity)
        if widest is None or high - low > widest["spread"]:
            self._widest[quantity] = {
                "spread": high - low,
                "min": low,
                "mean": sum(values) / len(values),
                "max": high,
                "lowest_cell": 1 + values.index(low),
                "highest_cell": 1 + values.index(high),
                "time_s": t,
            }

    def summary(self) -> dict[str, Any]:
        """Entries for summary.json: how far apart the unit cells lay at most, and when."""
        keys = {unit_cells.CURRENT: "current_A", unit_cells.TEMPERATURE: "temperature_K"}
        told = {key: self._widest[q] for q, key in keys.items() if q in self._widest}
        return {"unit_cells": {"count": self.count, **told}} if self.count else {}
