"""Pressure of a packing from the forces in its contacts, and what is left when it is released.

The places of the spheres are those of the relaxation, whose springs are the plastic limit of the
contact law (2 pi c^2 H R0 delta is linear in the overlap, and so is a spring of modulus times
R0); the forces are those of the law with its elastic part and its neighbours. Stress is the virial,
sigma = 1/V sum f n l over contacts; the pressure on the punches is that along z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from joulestack.microstructure.packings.contact_law import WIDENING, Solid, Touching
from joulestack.microstructure.packings.contacts import circle
from joulestack.microstructure.packings.neighbours import Floats, Ints, pairs
from joulestack.microstructure.packings.packing import Packing

_TENSILE = 2.8 / np.pi
"""Largest tension in a sphere squeezed between two points, over force by diameter squared
(Hiramatsu and Oka 1966)."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """Contacts of a pressed packing with their forces, one entry for each; plates come last.

    Attributes:
        packing: that they belong to.
        between: indices of two spheres; a plate's is that of its own sphere, twice.
        branch: from centre to centre; to a plate, twice the way to it [m].
        touching: their mechanics.
        radius: a of each contact under load [m].
        force: of each [N].
        circle: radius of the circle in which the grown spheres cut each other, as an image of them
            shows it [m].
        solids: matter of each species.
        share: 1, and 1/2 for a plate: the mirror image beyond it is not in the box.
    """

    packing: Packing
    between: Ints
    branch: Floats
    solids: Sequence[Solid]
    touching: Touching
    radius: Floats
    force: Floats
    circle: Floats
    share: Floats

    @property
    def stress(self) -> Floats:
        """Normal stresses along x, y, z [Pa]; pressure is positive."""
        length = np.linalg.norm(self.branch, axis=1)
        virial = self.share * self.force / length @ self.branch**2
        return np.asarray(virial / np.prod(self.packing.box))

    @property
    def pressure(self) -> float:
        """On the punches [Pa]."""
        return float(self.stress[2])

    @property
    def covered(self) -> float:
        """Share of the box's cross-section that contacts carry through, mean over directions."""
        length = np.linalg.norm(self.branch, axis=1)
        area = np.pi * self.radius**2
        return float(self.share * area @ length / (3 * np.prod(self.packing.box)))

    def radius_at(self, pressure: float) -> Floats:
        """Radii of the contacts once the pressure has fallen [m].

        Each unloads as a Hertzian contact of the shape that yielding has left, a^3 in proportion to
        its force. Nothing sticks: a lower bound where surfaces weld.

        Args:
            pressure: that is left, at most that of the packing [Pa].
        """
        return self.radius * min(pressure / self.pressure, 1.0) ** (1 / 3)

    def springback(self, pressure: float = 0.0) -> float:
        """Strain along z that comes back as the pressure falls [-], contacts unloading as above."""
        left = min(pressure / self.pressure, 1.0) ** (2 / 3)
        length = np.linalg.norm(self.branch, axis=1)
        back = (1 - left) * self.touching.elastic_overlap(self.radius)
        z = self.branch[:, 2]
        return float(self.share * back * z / length @ z / (self.share * z @ z))

    def intensity(self) -> Floats:
        """Stress intensity K of each particle [Pa m^0.5].

        Tension between the two ends of its largest force, 2.8 F/(pi d^2) (Hiramatsu and Oka 1966),
        on a flaw as long as that contact is wide: K = sigma sqrt(pi a).
        """
        packing = self.packing
        found = np.zeros(packing.count)
        for end in (0, 1):
            sphere = self.between[:, end]
            tension = _TENSILE * self.force / (2 * packing.radii[sphere]) ** 2
            k = tension * np.sqrt(np.pi * self.radius)
            np.maximum.at(found, packing.particle[sphere] - 1, k)
        return found


def loaded(packing: Packing, solids: Sequence[Solid], growth: float) -> Loaded:
    """Forces in the contacts of a packing at rest on first loading.

    Args:
        packing: at rest.
        solids: matter of each species.
        growth: of soft spheres (`voxelising.Voxelised.growth`).
    """
    grown = packing.radii * np.where(packing.rigid, 1.0, growth)
    near = pairs(packing.centres, grown, packing.box, packing.periodic, 0.0)
    near = near[packing.particle[near[:, 0]] != packing.particle[near[:, 1]]]
    branch = packing.centres[near[:, 1]] - packing.centres[near[:, 0]]
    for axis, wraps in enumerate(packing.periodic):
        if wraps:
            branch[:, axis] -= packing.box[axis] * np.rint(branch[:, axis] / packing.box[axis])
    share = np.ones(len(near))
    for side, way in ((0.0, -1.0), (packing.height, 1.0)) if packing.plates else ():
        reach = way * (side - packing.centres[:, 2])
        on = np.flatnonzero(reach < grown)
        near = np.concatenate([near, np.stack([on, on], axis=1)])
        image = np.zeros((len(on), 3))
        image[:, 2] = 2 * way * reach[on]
        branch = np.concatenate([branch, image])
        share = np.concatenate([share, np.full(len(on), 0.5)])
    i, j = near.T
    r, distance = packing.radii, np.linalg.norm(branch, axis=1)
    radius = r[i] * r[j] / (r[i] + r[j])
    wide = circle(distance, np.maximum(grown[i], grown[j]), np.minimum(grown[i], grown[j])) / np.pi
    overlap = np.maximum(r[i] + r[j] - distance, wide / (WIDENING * radius))
    plane = np.array([s.plane_modulus for s in solids])[packing.species]
    soft = np.array([s.yield_stress for s in solids])[packing.species]
    touching = Touching(
        overlap,
        radius,
        plane[i] * plane[j] / (plane[i] + plane[j]),
        np.minimum(soft[i], soft[j]),
    )
    a, seen = touching.contact_radius(), np.sqrt(wide)
    return Loaded(packing, near, branch, solids, touching, a, touching.force(a), seen, share)
