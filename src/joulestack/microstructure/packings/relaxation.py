"""Spheres pushed apart until the forces on each cancel: quasi-static soft contacts.

Two spheres of radii r_i, r_j that overlap by delta push each other with k (delta - c R), with
R = 2 r_i r_j/(r_i + r_j), k = 2 k_i k_j/(k_i + k_j), k_i = E_i r_i, and the cohesion c; before they
touch the pull fades over the length c R. Plates push with 2 k_i delta.

With friction, a spring of 4/5 k (Mindlin 1949, nu = 1/3) opposes what two spheres in contact slide
over each other, up to the coefficient times their push (Coulomb), and turns them. What pairs have
slid is kept from one state of rest to the next, with what the step between has moved them. Rods do
not turn about themselves, and plates are smooth.

The minimum of the energy is found by FIRE (Bitzek et al. 2006, Phys. Rev. Lett. 97, 170201) with
the diagonal of the stiffness as mass, so that small and large spheres move alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled
from joulestack.microstructure.packings.friction import (
    branches,
    carried,
    rub,
    slide,
    turned,
    turning,
)
from joulestack.microstructure.packings.neighbours import Floats, Ints, pairs
from joulestack.microstructure.packings.packing import Packing

FORCE_TOLERANCE = 1e-3
"""Force left on a sphere over its spring and radius, root mean square [-]."""

_BOND = 10.0
"""Stiffness of a bond in a rod over that of the spheres it joins."""
_LARGEST_STEP = 1.0
"""Time step; the masses bound the frequency by sqrt(2), stable below sqrt(2)."""


@dataclass(frozen=True)
class Relaxed:
    """A packing at rest.

    Attributes:
        packing: at rest.
        residual: force left, as `FORCE_TOLERANCE` counts it.
        iterations: spent.
        stress: mean normal stress along x, y, z over the modulus of stiffness 1 [-]; pressure is
            positive. The contacts are springs, not a yielding solid: no measured pressure.
        near: pairs of spheres that may touch.
        slip: what each pair has slid, with friction [m].
    """

    packing: Packing
    residual: float
    iterations: int
    stress: tuple[float, float, float]
    near: Ints = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    slip: Floats = field(default_factory=lambda: np.zeros((0, 3)))

    @property
    def at_rest(self) -> bool:
        """Whether the forces cancel."""
        return self.residual <= FORCE_TOLERANCE


def relax(
    packing: Packing,
    tolerance: float = FORCE_TOLERANCE,
    most: int = 20_000,
    since: Relaxed | None = None,
) -> Relaxed:
    """Move the spheres to a minimum of their energy.

    Args:
        packing: with any overlaps.
        tolerance: as `FORCE_TOLERANCE`.
        most: iterations at most.
        since: state of rest before the last step; friction remembers it.
    """
    x = packing.centres.copy()
    v, f = np.zeros_like(x), np.zeros_like(x)
    box, walls = packing.box, packing.plates
    springs, c = packing.stiffness, packing.cohesion
    reach = c * float(packing.radii.max())
    margin = reach + float(np.median(packing.radii))
    friction, fixed = packing.friction, np.zeros(len(x), dtype=np.bool_)
    fixed[packing.bonds.ravel()] = True
    count = len(x) if friction > 0 else 0
    spin, torque = np.zeros((count, 3)), np.zeros((count, 3))
    near: Ints = np.zeros((0, 2), dtype=np.int64)
    slip: Floats = np.zeros((0, 3))
    if since is not None and friction > 0:
        near = since.near
        slip = since.slip + branches(packing, near) - branches(since.packing, near)
    done, residual = 0, np.inf
    pace = np.array([0.1, 0.1, 0.0])  # time step, share of steering, steps downhill in a row
    while done < most:
        _wrap(x, box, walls)
        before, near = near, _touching(packing, x, margin)
        slip = carried(before, slip, near, len(x)) if friction > 0 else slip
        mass = _masses(near, springs, x, packing.radii, packing.bonds, box, walls)
        steps, residual = _descend(
            x, v, f, mass, near, springs, packing.radii, c, packing.bonds, packing.lengths,
            box, walls, margin - reach, tolerance, most - done, pace, friction, slip, spin, torque,
            fixed,
        )  # fmt: skip
        done += steps
        if residual <= tolerance:
            break
    _wrap(x, box, walls)
    stress = np.zeros(3)
    _forces(x, f, near, springs, packing.radii, c, packing.bonds, packing.lengths, box, walls,
            stress, friction, slip, torque)  # fmt: skip
    sx, sy, sz = stress / np.prod(box)
    moved = replace(packing, centres=x)
    held = (near, slip) if friction > 0 else ()
    return Relaxed(moved, float(residual), done, (float(sx), float(sy), float(sz)), *held)


def _touching(packing: Packing, x: Floats, margin: float) -> Ints:
    """Pairs of different particles."""
    near = pairs(x, packing.radii, packing.box, packing.periodic, margin)
    return near[packing.particle[near[:, 0]] != packing.particle[near[:, 1]]]


@compiled()
def _wrap(x, box, walls):
    for i in range(len(x)):
        for axis in range(2 if walls else 3):
            x[i, axis] -= box[axis] * np.floor(x[i, axis] / box[axis])
            if x[i, axis] >= box[axis]:
                x[i, axis] = 0.0


@compiled()
def _masses(near, springs, x, radii, bonds, box, walls):
    """Sum of the springs that may act on each sphere."""
    mass = springs.copy()
    for n in range(len(near)):
        i, j = near[n, 0], near[n, 1]
        k = 2 * springs[i] * springs[j] / (springs[i] + springs[j])
        mass[i] += k
        mass[j] += k
    for n in range(len(bonds)):
        i, j = bonds[n, 0], bonds[n, 1]
        k = _BOND * (springs[i] + springs[j]) / 2
        mass[i] += k
        mass[j] += k
    if walls:
        for i in range(len(x)):
            if x[i, 2] < 2 * radii[i] or x[i, 2] > box[2] - 2 * radii[i]:
                mass[i] += 2 * springs[i]
    return mass


@compiled()
def _forces(
    x, f, near, springs, radii, cohesion, bonds, lengths, box, walls, stress, friction, slip, torque
):  # fmt: skip
    """Forces on all spheres, torques over their radii; the virial goes into `stress`."""
    f[:] = 0.0
    torque[:] = 0.0
    stress[:] = 0.0
    d = np.empty(3)
    for n in range(len(near)):
        i, j = near[n, 0], near[n, 1]
        d2 = 0.0
        for axis in range(3):
            d[axis] = x[j, axis] - x[i, axis]
            if axis < 2 or not walls:
                d[axis] -= box[axis] * np.rint(d[axis] / box[axis])
            d2 += d[axis] * d[axis]
        pull = cohesion * 2 * radii[i] * radii[j] / (radii[i] + radii[j])
        reach = radii[i] + radii[j] + pull
        if d2 >= reach * reach:
            continue
        distance = max(np.sqrt(d2), 1e-9 * reach)
        overlap = radii[i] + radii[j] - distance
        k = 2 * springs[i] * springs[j] / (springs[i] + springs[j])
        push = k * (overlap - pull) if overlap >= 0 else -k * (overlap + pull)
        for axis in range(3):
            g = push * d[axis] / distance
            f[i, axis] -= g
            f[j, axis] += g
            stress[axis] += g * d[axis]
        if friction > 0 and push > 0:
            rub(n, i, j, d, distance, k, friction * push, slip, f, torque, stress)
    for n in range(len(bonds)):
        i, j = bonds[n, 0], bonds[n, 1]
        d2 = 0.0
        for axis in range(3):
            d[axis] = x[j, axis] - x[i, axis]
            if axis < 2 or not walls:
                d[axis] -= box[axis] * np.rint(d[axis] / box[axis])
            d2 += d[axis] * d[axis]
        distance = max(np.sqrt(d2), 1e-9 * lengths[n])
        push = _BOND * (springs[i] + springs[j]) / 2 * (lengths[n] - distance)
        for axis in range(3):
            g = push * d[axis] / distance
            f[i, axis] -= g
            f[j, axis] += g
            stress[axis] += g * d[axis]
    if walls:
        for i in range(len(x)):
            below = radii[i] - x[i, 2]
            above = x[i, 2] + radii[i] - box[2]
            if below > 0:
                f[i, 2] += 2 * springs[i] * below
                stress[2] += 2 * springs[i] * below * x[i, 2]
            if above > 0:
                f[i, 2] -= 2 * springs[i] * above
                stress[2] += 2 * springs[i] * above * (box[2] - x[i, 2])


@compiled()
def _descend(
    x, v, f, mass, near, springs, radii, cohesion, bonds, lengths, box, walls, margin, tolerance,
    most, pace, friction, slip, spin, torque, fixed,
):  # fmt: skip
    """FIRE until at rest, or until the list of pairs may miss one."""
    n = len(x)
    moved = np.zeros((n, 3))
    stress = np.zeros(3)
    residual = np.inf
    for step in range(most):
        _forces(
            x, f, near, springs, radii, cohesion, bonds, lengths, box, walls, stress, friction,
            slip, torque,
        )  # fmt: skip
        power, speed, force, residual = 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            left = 0.0
            for axis in range(3):
                power += f[i, axis] * v[i, axis]
                speed += mass[i] * v[i, axis] ** 2
                force += f[i, axis] ** 2 / mass[i]
                left += f[i, axis] ** 2
            residual += left / (springs[i] * radii[i]) ** 2
        if friction > 0:
            also = turning(torque, spin, mass, springs, radii, fixed)
            power, speed, force = power + also[0], speed + also[1], force + also[2]
            residual += also[3]
        residual = np.sqrt(residual / n)
        if residual <= tolerance:
            return step, residual
        if power > 0:
            steer = pace[1] * np.sqrt(speed / force) if force > 0 else 0.0
            for i in range(n):
                for axis in range(3):
                    v[i, axis] = (1 - pace[1]) * v[i, axis] + steer * f[i, axis] / mass[i]
            if friction > 0:
                turned(spin, torque, mass, fixed, 1 - pace[1], steer)
            pace[2] += 1
            if pace[2] > 5:
                pace[0] = min(1.1 * pace[0], _LARGEST_STEP)
                pace[1] *= 0.99
        else:
            v[:] = 0.0
            spin[:] = 0.0
            pace[0] = max(0.5 * pace[0], 0.02)
            pace[1], pace[2] = 0.1, 0.0
        furthest = 0.0
        for i in range(n):
            far = 0.0
            free = f[i, 0] == 0.0 and f[i, 1] == 0.0 and f[i, 2] == 0.0
            for axis in range(3):
                if free:  # nothing carries a sphere that touches nothing on
                    v[i, axis] = 0.0
                v[i, axis] += pace[0] * f[i, axis] / mass[i]
                dx = pace[0] * v[i, axis]
                # No sphere jumps over another in the first steps out of a random heap.
                dx = min(max(dx, -0.3 * radii[i]), 0.3 * radii[i])
                x[i, axis] += dx
                moved[i, axis] += dx
                far += moved[i, axis] ** 2
            furthest = max(furthest, far)
        if friction > 0:
            turned(spin, torque, mass, fixed, 1.0, pace[0])
            slide(x, v, spin, near, radii, box, walls, pace[0], slip)
        if 4 * furthest > margin * margin:
            return step + 1, residual
    return most, residual
