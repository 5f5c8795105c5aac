"""Spheres between two plates, and what is counted on them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """What the particles of one species are like.

    Attributes:
        name: phase it becomes in an image.
        stiffness: modulus against that of other species [-]; only ratios matter.
        rigid: keeps its shape: where it overlaps a soft species, the space is its own, and it
            does not swell where overlap volume is given back (`growth`).
    """

    name: str
    stiffness: float = 1.0
    rigid: bool = False


def _no_bonds() -> Ints:
    return np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Packing:
    """Particles in a box that is periodic along x and y.

    A particle is one sphere, or a rod: a row of spheres held together by bonds.

    Attributes:
        centres: of the spheres, (n, 3) [m]; 0 <= x < width, 0 <= z <= height.
        radii: as filled in [m].
        species: index into `kinds` of each sphere.
        particle: number of the particle of each sphere, from 1.
        kinds: what the species are like.
        width: (x, y) periods [m].
        height: distance of the plates [m], or the period along z.
        plates: flat plates at z = 0 and z = height; False: periodic along z, too.
        solid: volume of all particles as filled in [m^3]; bonded spheres share volume.
        bonds: pairs of spheres of rods.
        lengths: of the bonds [m].
        cohesion: overlap at which two touching spheres pull no more, in units of their mean
            radius 2 r_i r_j/(r_i + r_j) [-].
        friction: coefficient between particles [-].
    """

    centres: Floats
    radii: Floats
    species: Ints
    particle: Ints
    kinds: tuple[Kind, ...]
    width: tuple[float, float]
    height: float
    plates: bool
    solid: float
    bonds: Ints = field(default_factory=_no_bonds)
    lengths: Floats = field(default_factory=lambda: np.zeros(0))
    cohesion: float = 0.0
    friction: float = 0.0

    @property
    def count(self) -> int:
        """Number of particles."""
        return int(self.particle.max())

    @property
    def box(self) -> Floats:
        """Edges of the box [m]."""
        return np.array([*self.width, self.height])

    @property
    def periodic(self) -> tuple[bool, bool, bool]:
        """Axes on which the box repeats."""
        return True, True, not self.plates

    @property
    def relative_density(self) -> float:
        """Mass-conserving density: volume of all particles as filled in, over the box.

        Spheres pressed into each other count in full, as in a pellet whose matter flows into the
        pores. The union of the spheres is less (`growth.union_fraction`).
        """
        return self.solid / float(np.prod(self.box))

    def height_at(self, relative_density: float) -> float:
        """Distance of the plates at which the packing has a density [m]."""
        return self.solid / (self.width[0] * self.width[1] * relative_density)

    @property
    def stiffness(self) -> Floats:
        """Spring of each sphere, modulus times radius [m]."""
        return np.array([k.stiffness for k in self.kinds])[self.species] * self.radii

    @property
    def rigid(self) -> npt.NDArray[np.bool_]:
        """Whether each sphere keeps its shape."""
        return np.array([k.rigid for k in self.kinds])[self.species]
