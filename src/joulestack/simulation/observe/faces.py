"""Flows out of the cell: through faces whose flux is a function of T, and through held dofs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from joulestack.declarations import TEMPERATURE
from joulestack.simulation.model import Model
from joulestack.simulation.observe.sums import Floats, total


class HeldFlows:
    """Flow of a field out of the cell through dofs held at a value, from the raw residual.

    Attributes:
        names: of the faces and terminals.
    """

    def __init__(self, model: Model, key: str, component: int | None = None) -> None:
        """Collect the conditions on a field; of a vector on one of its components."""
        self._system, self._component = model.system, component
        self._conditions = [c for c in model.system.prescribed if c.block.info.key == key]
        self.names = tuple(dict.fromkeys(c.name for c in self._conditions))
        self._known: dict[tuple[bool, ...], list[tuple[int, int, npt.NDArray[np.intp]]]] = {}

    def sums(self) -> Floats:
        """This rank's part of the flow under each name [W or A]."""
        out = np.zeros(len(self.names))
        active = tuple(c.active() for c in self._conditions)
        if active not in self._known:
            self._known[active] = self._dofs(active)
        for name, block, dofs in self._known[active]:
            out[name] -= self._system.raw[block][dofs].sum()
        return out

    def _dofs(self, active: tuple[bool, ...]) -> list[tuple[int, int, npt.NDArray[np.intp]]]:
        """Name, block and owned dofs of each condition; a dof counts once, for the first."""
        found = []
        free = [np.ones(b.owned, dtype=bool) for b in self._system.blocks]
        for condition, holds in zip(self._conditions, active, strict=True):
            if holds:
                block = self._system.blocks.index(condition.block)
                dofs = condition.owned.astype(np.intp)
                if self._component is not None:
                    dofs = dofs[dofs % condition.block.size == self._component]
                found.append((self.names.index(condition.name), block, dofs[free[block][dofs]]))
                free[block][dofs] = False
        return found


class Faces:
    """Heat leaving through each face [W].

    Attributes:
        names: of the faces, in the order of `sums`.
    """

    def __init__(self, model: Model) -> None:
        """Ask for the forms."""
        self._fluxes = {f: model.forms.add(total(p)) for f, p in model.terms.outflow.items()}
        self._held = HeldFlows(model, TEMPERATURE.key)
        self.names = tuple(dict.fromkeys((*self._fluxes, *self._held.names)))
        self._place = [self.names.index(name) for name in self._held.names]

    def sums(self) -> Floats:
        """This rank's part of the heat leaving through each face [W]."""
        out = np.zeros(len(self.names))
        for i, form in enumerate(self._fluxes.values()):
            out[i] = form[0].scalar()
        out[self._place] += self._held.sums()
        return out
