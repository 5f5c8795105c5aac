"""What contacts leave of the conductivity of an image, whose voxels do not see how small they are.

Grown spheres give all that they push aside to their contacts, and voxels join what does not touch;
the law of contacts says smaller areas, and after release smaller ones still. A network of the same
packing is solved twice, with the contacts of the law and with those of the image's spheres. The
image times their ratio is the answer, as long as the image is below the network: where voxels are
larger than necks the network alone counts.
"""

from __future__ import annotations

import numpy as np

from joulestack.case.microstructures.check_microstructure import conductivities, resistances
from joulestack.case.microstructures.schema import TransportTable
from joulestack.microstructure.imaging import Pressed
from joulestack.microstructure.packings.network import Network
from joulestack.microstructure.packings.packing import Floats
from joulestack.microstructure.packings.pressure import Loaded


def contact_factor(
    known: Pressed, given: TransportTable, axis: int, image: float, released: float | None = None
) -> float:
    """Conductivity with the contacts of the law over that of the image; 1 without forces.

    Args:
        known: packing of the image.
        given: conduction problem.
        axis: of the flux.
        image: conductivity that was found on the image [SI].
        released: pressure that is left [Pa]; None: all of it.
    """
    state = known.loaded
    if state is None or image <= 0:
        return 1.0
    names = [k.name for k in state.packing.kinds]
    values = conductivities(given)
    s = np.array([values.get(n, 0.0) for n in names])[state.packing.species]
    network, r = Network.of(state), _resistance(state, given, names)
    a = state.radius if released is None else state.radius_at(released)
    law = network.conductivity(a, s, r, axis)
    seen = network.conductivity(np.maximum(state.circle, state.radius), s, r, axis)
    return law / max(image, seen) if seen > 0 else 0.0


def _resistance(state: Loaded, given: TransportTable, names: list[str]) -> Floats:
    """Of each contact by its area [SI]."""
    between, particles = resistances(given)
    table = np.zeros((len(names), len(names)))
    for pair, value in between.items():
        if all(n in names for n in pair):
            i, j = (names.index(n) for n in pair)
            table[i, j] = table[j, i] = value
    table[np.diag_indices(len(names))] += particles
    i, j = state.packing.species[state.between].T
    plate = state.between[:, 0] == state.between[:, 1]
    return np.where(plate, 0.0, table[i, j])
