"""Heat that the mesh leaves out, estimated where it arises.

The Joule heat of a potential that linear functions approximate misses the heat of the gradient
that they leave out; a temperature so approximated is too low by its share of the same measure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from joulestack.declarations import ELECTRONIC, IONIC, TEMPERATURE
from joulestack.discretisation.recovery import Gradients
from joulestack.laws.state import State
from joulestack.physics.charge import JOULE_ELECTRONIC, JOULE_IONIC
from joulestack.simulation.model import Model
from joulestack.simulation.observe.balances import Row
from joulestack.simulation.observe.volumes import Volumes

JOULE = {JOULE_ELECTRONIC.name: ELECTRONIC.key, JOULE_IONIC.name: IONIC.key}


@dataclass
class Unresolved:
    """What is left out at one time.

    Attributes:
        heat: by source that is missing [W].
        rise: part by which temperatures are too low [-].
    """

    heat: Row = field(default_factory=dict)
    rise: float = 0.0


class MeshMisfit:
    """Looks at gradients of the present state."""

    def __init__(self, model: Model, volumes: Volumes) -> None:
        """Look at a model; what it takes is prepared when it is first asked for."""
        self._model, self._volumes = model, volumes

    @property
    def known(self) -> bool:
        """Whether anything can be said: fields are linear."""
        return self._model.setup.degree == 1

    @cached_property
    def _gradients(self) -> dict[str, list[tuple[str, Gradients]]]:
        fields = self._model.fields
        return {
            key: [
                (region.layer, Gradients(self._model.domain, block, region))
                for block in fields[key].blocks
                for region in block.regions
            ]
            for key in (TEMPERATURE.key, *JOULE.values())
            if key in fields
        }

    def measure(self, temperature: float) -> Unresolved:
        """What is left out now. Collective.

        Args:
            temperature: mean of the cell, for the laws of materials [K].
        """
        return Unresolved(self._joule(), self._rise(temperature))

    def _joule(self) -> Row:
        heats = self._volumes.by_cell()
        result = {}
        for name, key in JOULE.items():
            missing = 0.0
            for _, gradients in self._gradients.get(key, ()):
                left_out, held = (part.sum(axis=1) for part in gradients.misfit())
                share = np.divide(left_out, held, out=np.zeros_like(held), where=held > 0)
                missing += float(heats[name][gradients.cells] @ share)
            result[name] = self._model.domain.total(missing)
        return result

    def _rise(self, temperature: float) -> float:
        volumes, setup = self._volumes.cell_volumes, self._model.setup
        state = State(T=temperature, p=setup.pressure(0.0), p_max=setup.pressure(0.0))
        sums = np.zeros(2)
        axis = setup.tagged.stacking_axis
        for layer, gradients in self._gradients[TEMPERATURE.key]:
            medium = setup.media[layer]
            left_out, held = gradients.misfit()
            conductivity = np.full(
                left_out.shape[1], float(medium.thermal_conductivity_in_plane(state))
            )
            conductivity[axis if len(conductivity) > 1 else 0] = float(
                medium.thermal_conductivity(state)
            )
            weight = volumes[gradients.cells]
            sums += weight @ (left_out @ conductivity), weight @ (held @ conductivity)
        left_out, held = self._model.domain.total(sums)
        return float(left_out / held) if held > 0 else 0.0
