"""What spheres in contact have slid over each other, while they move and from list to list."""

from __future__ import annotations

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled
from joulestack.microstructure.packings.neighbours import Floats, Ints
from joulestack.microstructure.packings.packing import Packing

# mypy: disable-error-code="no-untyped-def"

TANGENTIAL = 0.8
"""Stiffness against sliding over that against overlap (Mindlin 1949, nu = 1/3)."""


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


@compiled()
def rub(n, i, j, d, distance, k, most, slip, f, torque, stress):
    """Add the tangential force of a pair, at most what friction holds, and its torque."""
    along, length = 0.0, 0.0
    for axis in range(3):
        along += slip[n, axis] * d[axis] / distance
    for axis in range(3):  # the contact has turned since
        slip[n, axis] -= along * d[axis] / distance
        length += slip[n, axis] ** 2
    length = TANGENTIAL * k * np.sqrt(length)
    if length > most:
        for axis in range(3):
            slip[n, axis] *= most / length
    for axis in range(3):
        t = TANGENTIAL * k * slip[n, axis]
        f[i, axis] += t
        f[j, axis] -= t
        stress[axis] -= t * d[axis]
        b, c = (axis + 1) % 3, (axis + 2) % 3
        q = TANGENTIAL * k * (d[b] * slip[n, c] - d[c] * slip[n, b]) / distance
        torque[i, axis] += q
        torque[j, axis] += q


@compiled()
def turning(torque, spin, mass, springs, radii, fixed):
    """Power, inertia, force and residual of the turning spheres, as FIRE sums them."""
    power, speed, force, residual = 0.0, 0.0, 0.0, 0.0
    for i in range(len(mass)):
        if fixed[i]:
            continue
        for axis in range(3):
            q = torque[i, axis]
            power += q * spin[i, axis]
            speed += mass[i] * spin[i, axis] ** 2
            force += q * q / mass[i]
            residual += (q / (springs[i] * radii[i])) ** 2
    return power, speed, force, residual


@compiled()
def turned(spin, torque, mass, fixed, keep, push):
    """Speed of turning after a push of the torques."""
    for i in range(len(mass)):
        for axis in range(3):
            now = keep * spin[i, axis] + push * torque[i, axis] / mass[i]
            spin[i, axis] = 0.0 if fixed[i] else now
