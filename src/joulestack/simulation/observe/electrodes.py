"""Which layers belong to the negative and which to the positive electrode."""

from __future__ import annotations

import numpy as np

from joulestack.discretisation.domain import Interface
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
        present = {r.id: r for r in model.fields["phi_s"].regions}
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

    def of_metal(self, model: Model, interface: Interface) -> tuple[float, float, float]:
        """Electrode and potential [V] of the metal at an interface, and 1 if it is side 0, else -1.

        Raises:
            StopIteration: none of both sides is a metal.
        """
        return next(
            (self._sign.get(region.id, 0.0), float(potential), direction)
            for region, direction in zip(interface.sides, (1.0, -1.0), strict=True)
            if (potential := model.setup.media[region.layer].electrode_potential) is not None
        )
