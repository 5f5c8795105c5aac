"""Which particles touch, and over how much area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joulestack.microstructure.packings.neighbours import Floats, Ints, pairs
from joulestack.microstructure.packings.packing import Packing


@dataclass(frozen=True, eq=False)
class Contacts:
    """Contacts between particles.

    Attributes:
        between: numbers of the two particles, from 1; each pair stands once.
        area: of each contact, the circles in which their spheres cut each other [m^2].
        number: contacts of each particle.
        kind: species of each particle.
        names: of the species.
    """

    between: Ints
    area: Floats
    number: Ints
    kind: Ints
    names: tuple[str, ...]

    @property
    def mean_number(self) -> float:
        """Contacts of a particle, on average over all of them."""
        return float(self.number.mean())

    @property
    def mean_number_of_backbone(self) -> float:
        """The same over particles that carry load: no rattlers, fewer than four contacts.

        Frictionless spheres at the onset of rigidity have six (isostatic).
        """
        carries = np.asarray(self.number >= 0)
        a, b = (self.between - 1).T
        while True:
            both = carries[a] & carries[b]
            number = np.bincount(np.concatenate([a[both], b[both]]), minlength=len(carries))
            new = carries & (number >= 4)
            if (new == carries).all():
                return float(number[carries].mean()) if carries.any() else 0.0
            carries = new

    def area_between(self, one: str, other: str) -> float:
        """Area of all contacts between particles of two species [m^2]."""
        pair = sorted((self.names.index(one), self.names.index(other)))
        kinds = np.sort(self.kind[self.between - 1], axis=1)
        return float(self.area[(kinds == pair).all(axis=1)].sum())

    def with_neighbours(self, species: str) -> Ints:
        """Contacts of each particle with particles of one species."""
        k = self.names.index(species)
        a, b = (self.between - 1).T
        ends = np.concatenate([a[self.kind[b] == k], b[self.kind[a] == k]])
        return np.bincount(ends, minlength=len(self.number))


def contacts(packing: Packing, growth: float = 1.0) -> Contacts:
    """Contacts of a packing.

    Args:
        packing: at rest.
        growth: of soft spheres (`voxelising.Voxelised.growth`).
    """
    radii = packing.radii * np.where(packing.rigid, 1.0, growth)
    near = pairs(packing.centres, radii, packing.box, packing.periodic, 0.0)
    near = near[packing.particle[near[:, 0]] != packing.particle[near[:, 1]]]
    d = packing.centres[near[:, 1]] - packing.centres[near[:, 0]]
    for axis, wraps in enumerate(packing.periodic):
        if wraps:
            d[:, axis] -= packing.box[axis] * np.rint(d[:, axis] / packing.box[axis])
    area = circle(np.linalg.norm(d, axis=1), radii[near[:, 0]], radii[near[:, 1]])
    count = packing.count
    both = np.sort(packing.particle[near], axis=1) - 1
    key, place = np.unique(both[:, 0] * count + both[:, 1], return_inverse=True)
    between = np.stack([key // count, key % count], axis=1)
    kind = np.zeros(count, dtype=np.int64)
    kind[packing.particle - 1] = packing.species
    return Contacts(
        between + 1,
        np.bincount(place, area, minlength=len(key)).astype(np.float64),
        np.bincount(between.ravel(), minlength=count),
        kind,
        tuple(k.name for k in packing.kinds),
    )


def circle(distance: Floats, large: Floats, small: Floats) -> Floats:
    """Area of the circle in which two spheres cut each other [m^2].

    Where the smaller one's centre is past the plane of the circle, its equator counts: the face
    to the larger particle is no smaller than that.
    """
    distance = np.maximum(distance, 1e-12 * large)
    to_small = (distance**2 + small**2 - large**2) / (2 * distance)
    to_small = np.clip(to_small, 0, small)
    return np.pi * (small**2 - to_small**2)
