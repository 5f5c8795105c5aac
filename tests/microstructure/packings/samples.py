"""Packings that several tests need, made once."""

from __future__ import annotations

import functools

import numpy as np

from joulestack.microstructure.packings.compaction import compact
from joulestack.microstructure.packings.filling import Species, fill
from joulestack.microstructure.packings.packing import Kind, Packing
from joulestack.microstructure.packings.relaxation import Relaxed
from joulestack.microstructure.packings.sizes import Uniform

UM = 1e-6
SE = (Kind("SE"),)


def by_hand(centres, radii, width, height, plates=True, kinds=SE, species=None):
    """A packing of given spheres, each a particle."""
    radii = np.asarray(radii, float)
    solid = float(4 / 3 * np.pi * np.sum(radii**3))
    n = len(radii)
    species = np.zeros(n, dtype=np.int64) if species is None else np.asarray(species)
    return Packing(
        np.asarray(centres, float).reshape(n, 3), radii, species, np.arange(1, n + 1), tuple(kinds),
        (width, width), height, plates, solid,
    )  # fmt: skip


@functools.cache
def powder(density: float = 0.8, plates: bool = False, cohesion: float = 0.0) -> Relaxed:
    """400 spheres of 8 to 12 um, pressed."""
    loose = fill(
        [Species(Kind("SE"), Uniform(8 * UM, 12 * UM))], (70 * UM, 70 * UM), particles=400,
        relative_density=0.4, plates=plates, cohesion=cohesion, seed=3,
    )  # fmt: skip
    return list(compact(loose, [density]))[-1]


@functools.cache
def electrode() -> Relaxed:
    """Large rigid CAM, small SE, a few carbon rods."""
    loose = fill(
        [
            Species(Kind("CAM", 10.0, rigid=True), Uniform(10 * UM, 10 * UM), 0.6),
            Species(Kind("SE"), Uniform(4 * UM, 6 * UM), 0.37),
            Species(Kind("carbon", 10.0, rigid=True), Uniform(1 * UM, 1 * UM), 0.03, 6 * UM),
        ],
        (40 * UM, 40 * UM), solid=0.85 * (40 * UM) ** 3, relative_density=0.35, seed=5,
    )  # fmt: skip
    return list(compact(loose, [0.85]))[-1]
