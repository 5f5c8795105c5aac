"""Which layers belong to the negative and which to the positive electrode."""

from __future__ import annotations

import numpy as np

from joulestack.declarations import ELECTRONIC
from joulestack.discretisation.domain import Interface
from joulestack.physics.sources import Crossing
from joulestack.simulation.model import Model

NEGATIVE, POSITIVE = -1.0, 1.0


class Electrodes:
    """Electrodes as electrons see them: what conducts electrons to a terminal belongs to it.

    Attributes:
        known: False where both terminals are joined by electrons (a mixed conductor between them):
            then nothing belongs to one of them alone.
    """

    def __init__(self, model: Model) -> None:
        """Follow the electronic conductors from both terminals. Collective."""
        drive, domain = model.setup.drive, model.domain
        assert drive is not None
        present = {r.id: r for r in model.fields[ELECTRONIC.key].regions}
        joined: dict[int, set[int]] = {i: set() for i in present}
        for interface in domain.interfaces:
            a, b = (s.id for s in interface.sides)
            if a in present and b in present:
                joined[a].add(b)
                joined[b].add(a)
        self._sign: dict[int, float] = {}
        self.known = True
        for sign, face in ((NEGATIVE, drive.negative), (POSITIVE, drive.positive)):
            here = {int(i) for i in np.unique(domain.cell_region[domain.face_facets(face)[:, 0]])}
            queue = [i for i in set().union(*domain.comm.allgather(here)) if i in present]
            while queue:
                region = queue.pop()
                if self._sign.get(region) == sign:
                    continue
                self.known = self.known and region not in self._sign
                self._sign[region] = sign
                queue.extend(joined[region])
        self._layers: dict[str, float] = {}
        for region_id, sign in self._sign.items():
            self._layers[present[region_id].layer] = sign

    def of_layer(self, layer: str) -> float:
        """POSITIVE or NEGATIVE; 0 for a layer that conducts no electrons to a terminal."""
        return self._layers.get(layer, 0.0)

    def of_metal(
        self, model: Model, interface: Interface, crossing: Crossing
    ) -> tuple[float, float, float] | None:
        """Electrode and potential [V] of the metal that a current reacts on.

        The third is 1 where the current through the interface goes into the ions, else -1. None if
        it does not react on a metal electrode.
        """
        if crossing.electrons is None:
            return None
        region = interface.sides[crossing.electrons]
        potential = model.setup.media[region.layer].electrode_potential
        if potential is None:
            return None
        return self._sign.get(region.id, 0.0), float(potential), crossing.into
