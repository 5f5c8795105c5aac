"""Cell means of fluxes, for field files."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from joulestack.declarations import ELECTRONIC, IONIC
from joulestack.physics.heat import flux as heat_flux
from joulestack.simulation.model import Model
from joulestack.simulation.observe.sums import Floats, total
from joulestack.solver.forms import Assembled


class Fluxes:
    """Heat flux and current densities by cell, those that are wanted and exist."""

    def __init__(self, model: Model, wanted: Collection[str]) -> None:
        """Ask for the forms.

        Args:
            model: where.
            wanted: of "heat_flux", "current_density".
        """
        self.model = model
        context, terms, mesh = model.context, model.terms, model.domain.mesh
        fluxes: dict[str, list[tuple[Any, Any]]] = {}
        if "heat_flux" in wanted:
            fluxes["Heat flux [W/m2]"] = [(heat_flux(context, g), g) for g in context.regions]
        if "current_density" in wanted:
            for key, label in ((ELECTRONIC.key, "Electronic"), (IONIC.key, "Ionic")):
                if terms.current_density[key]:
                    fluxes[f"{label} current density [A/m2]"] = terms.current_density[key]
        self._forms: dict[str, list[Assembled]] = {}
        if not fluxes:
            return
        self._cells = fem.Function(fem.functionspace(mesh, ("DG", 0, (mesh.geometry.dim,))))
        v = ufl.TestFunction(self._cells.function_space)
        self._forms = {
            label: model.forms.add(total([ufl.inner(q, v) * context.dx(g) for q, g in parts]))
            for label, parts in fluxes.items()
        }

    def means(self, cell_volumes: Floats) -> dict[str, Floats]:
        """Label with unit -> means over the owned cells, three components each."""
        result: dict[str, Floats] = {}
        for label, form in self._forms.items():
            array = self._cells.x.array
            array[:] = 0.0
            form[0].vector(array)
            integrals = array.reshape(-1, self.model.domain.mesh.geometry.dim)
            integrals = integrals[: len(cell_volumes)]
            result[label] = np.zeros((len(integrals), 3))
            result[label][:, : integrals.shape[1]] = integrals / cell_volumes[:, None]
        return result
