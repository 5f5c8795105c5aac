"""What spheres in contact have slid over each other, while they move and from list to list."""

from __future__ import annotations

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled
from joulestack.microstructure.packings.neighbours import Floats, Ints
from joulestack.microstructure.packings.packing import Packing


def branches(packing: Packing, near: Ints) -> Floats:
    """Ways between the centres of pairs [m]."""
    d = packing.centres[near[:, 1]] - packing.centres[near[:, 0]]
    return np.asarray(d - np.where(packing.periodic, packing.box * np.rint(d / packing.box), 0.0))


def carried(before: Ints, slip: Floats, near: Ints, count: int) -> Floats:
    """What pairs have slid, in the order of another list of pairs."""
    found = np.zeros((len(near), 3))
    if len(before):
        old = before[:, 0] * count + before[:, 1]
        order = np.argsort(old)
        key = near[:, 0] * count + near[:, 1]
        place = np.minimum(np.searchsorted(old[order], key), len(old) - 1)
        same = old[order][place] == key
        found[same] = slip[order[place[same]]]
    return found


@compiled()
def slide(x, v, spin, near, radii, box, walls, step, slip):
    """Add what the surfaces of spheres in contact have moved against each other in a step."""
    d = np.empty(3)
    for n in range(len(near)):
        i, j = near[n, 0], near[n, 1]
        d2 = 0.0
        for axis in range(3):
            d[axis] = x[j, axis] - x[i, axis]
            if axis < 2 or not walls:
                d[axis] -= box[axis] * np.rint(d[axis] / box[axis])
            d2 += d[axis] * d[axis]
        if d2 >= (radii[i] + radii[j]) ** 2:
            slip[n] = 0.0
            continue
        distance = max(np.sqrt(d2), 1e-9 * radii[i])
        for axis in range(3):
            b, c = (axis + 1) % 3, (axis + 2) % 3
            turned = (spin[i, b] + spin[j, b]) * d[c] - (spin[i, c] + spin[j, c]) * d[b]
            slip[n, axis] += step * (v[j, axis] - v[i, axis] - turned / distance)
