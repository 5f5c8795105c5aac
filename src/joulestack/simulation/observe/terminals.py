"""Mean potential of both terminals, and the currents through them."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.declarations import ELECTRONIC
from joulestack.discretisation.fields import Block
from joulestack.simulation.load import NEGATIVE
from joulestack.simulation.model import Model
from joulestack.simulation.observe.faces import HeldFlows
from joulestack.simulation.observe.sums import Floats, numbers, over_ranks
from joulestack.solver.forms import EXTERIOR


class Terminals:
    """Voltage and current of a cell with a drive."""

    def __init__(self, model: Model) -> None:
        """Ask for the forms that weigh the dofs on the terminals."""
        self.model = model
        drive, domain = model.setup.drive, model.domain
        assert drive is not None
        self._forms: list[tuple[int, Block, Any]] = []
        for side, face in enumerate((drive.negative, drive.positive)):
            facets = domain.face_facets(face)
            for block in model.fields[ELECTRONIC.key].blocks:
                ids = [r.id for r in block.regions]
                mine = facets[np.isin(domain.cell_region[facets[:, 0]], ids)]
                if domain.total(len(mine)):
                    form = block.test * model.context.ds(1)
                    data = {EXTERIOR: [(1, mine.ravel())]}
                    self._forms.append((side, block, model.forms.add(form, data)))
        self._held = HeldFlows(model, ELECTRONIC.key)

    @cached_property
    def weights(self) -> list[tuple[int, Block, npt.NDArray[np.intp], Floats]]:
        """Side, block, dofs, and integrals of shape functions over this rank's facets [m2]."""
        found = []
        for side, block, form in self._forms:
            whole = np.zeros_like(block.value.x.array)
            form[0].vector(whole)
            dofs = np.flatnonzero(whole)
            found.append((side, block, dofs, whole[dofs]))
        return found

    def positive_area(self) -> float:
        """Area of the positive terminal on this rank [m2]."""
        return float(sum(weights.sum() for side, _, _, weights in self.weights if side))

    def potentials(self) -> Floats:
        """This rank's integrals of the potential [V m2] (row 0) and areas [m2], by terminal."""
        out = np.zeros((2, 2))
        for side, block, dofs, weights in self.weights:
            out[0, side] += weights @ block.value.x.array[dofs]
            out[1, side] += weights.sum()
        return out

    def held(self) -> Floats:
        """This rank's current out of the terminals whose potential is held [A]."""
        return self._held.sums()

    @staticmethod
    def voltage(potentials: Floats) -> float:
        """Terminal voltage from the sums of all ranks [V]."""
        negative, positive = numbers(potentials[0] / potentials[1])
        return positive - negative

    def voltage_now(self) -> float:
        """Terminal voltage of the values now in the model [V]."""
        return self.voltage(over_ranks(self.model.domain.comm, [self.potentials()])[0])

    def current_now(self) -> float:
        """Discharge current of a held voltage, from the residual now in the model [A]."""
        return self.currents(over_ranks(self.model.domain.comm, [self.held()])[0])[0]

    def currents(self, held: Floats) -> tuple[float, float]:
        """Discharge current and the mismatch between both terminals [A]; `held` of all ranks."""
        out = dict(zip(self._held.names, numbers(held), strict=True))
        negative = -out.get(NEGATIVE, 0.0)
        given = self.model.load.current()
        if math.isnan(given):
            # The potential at the negative terminal is near zero, so its current is the exact one:
            # in foils at 4 V a current is lost in the round-off of the potential at microamperes.
            given = negative
        return given, given - negative
