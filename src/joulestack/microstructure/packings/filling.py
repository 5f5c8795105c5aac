"""Powder in a die: species, amounts, and a loose heap without overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from joulestack.errors import CaseError, Problem
from joulestack.microstructure.packings.packing import Floats, Ints, Kind, Packing
from joulestack.microstructure.packings.relaxation import relax
from joulestack.microstructure.packings.sizes import Sizes, mean_volume, sample

_MOST = 2_000_000
"""Spheres that a packing may have; the list of pairs then fills about 1 GiB."""
_SPACING = 1.0
"""Distance of the spheres in a rod over their radius."""


@dataclass(frozen=True)
class Species:
    """Powder of one material.

    Attributes:
        kind: name and mechanics.
        sizes: diameters; of a rod, its thickness.
        share: of the volume of all solids [-].
        length: of a rod, end to end [m]; None: spheres.
    """

    kind: Kind
    sizes: Sizes
    share: float = 1.0
    length: float | None = None


def fill(
    species: Sequence[Species],
    width: tuple[float, float],
    *,
    particles: int | None = None,
    solid: float | None = None,
    relative_density: float = 0.3,
    plates: bool = True,
    cohesion: float = 0.0,
    friction: float = 0.0,
    seed: int = 0,
) -> Packing:
    """Throw particles into a box at random and let them make way for each other.

    Args:
        species: what is mixed.
        width: periods along x and y [m].
        particles: how many, of all species together; or
        solid: their volume [m^3].
        relative_density: of the loose heap [-].
        plates, cohesion: see `Packing`.
        friction: likewise; the loose heap is filled without it.
        seed: of the random numbers; the same seed gives the same packing.

    Raises:
        CaseError: shares that do not add up, too many particles, a box too narrow for them.
    """
    total = sum(s.share for s in species)
    if not np.isclose(total, 1, atol=1e-6):
        what = f"the shares add up to {total:g}"
        raise CaseError(Problem("packing.species", what, "1: volumes of the solids"))
    counts = _counts(species, particles, solid)
    if max(counts) > _MOST:
        what = f"{max(counts):.3g} particles of one species"
        raise CaseError(Problem("packing", what, f"a smaller box; at most {_MOST}"))
    rng = np.random.default_rng(seed)
    parts = [_particles(s, n, rng) for s, n in zip(species, counts, strict=True)]
    box = np.array(width)
    # Where a species has few particles, its sampled volume is off its share: scale it.
    wanted = _wanted(species, parts, solid)
    heap = _assemble(species, parts, wanted, box, relative_density, plates, cohesion, rng)
    largest = 2 * heap.radii.max()
    if box.min() < 2 * largest:
        what = f"{1e6 * box.min():.3g} um is narrow for particles of {1e6 * largest:.3g} um"
        remedy = "at least twice the largest, or a sieve (`largest`)"
        raise CaseError(Problem("packing.width", what, remedy))
    if heap.plates and heap.height < largest:
        what = f"a heap {1e6 * heap.height:.3g} um high holds no particle of {1e6 * largest:.3g} um"
        raise CaseError(Problem("packing", what, "more particles"))
    return replace(relax(heap).packing, friction=friction)


def _counts(species: Sequence[Species], particles: int | None, solid: float | None) -> list[int]:
    """Particles of each species: shares of volume over mean volumes."""
    if (particles is None) == (solid is None):
        raise CaseError(Problem("packing", "says not how much powder", "particles, or thickness"))
    volumes = np.array([_rod(mean_volume(s.sizes), s) for s in species])
    numbers = np.array([s.share for s in species]) / volumes
    factor = particles / numbers.sum() if particles is not None else float(solid or 0.0)
    counts = [round(factor * n) for n in numbers]
    for s, n in zip(species, counts, strict=True):
        if n < 1:
            what = f"{s.kind.name} gets no particle"
            raise CaseError(Problem("packing", what, "more particles, or a larger box"))
    return counts


def _rod(sphere: float, species: Species) -> float:
    """Volume of a particle whose ends make a sphere of some volume."""
    if species.length is None:
        return sphere
    d = np.cbrt(6 * sphere / np.pi)
    if not species.length > d:
        what = f"rods of {species.kind.name} are shorter than thick"
        raise CaseError(Problem("packing.species", what, "length above the diameter"))
    return float(sphere + np.pi / 4 * d**2 * (species.length - d))


@dataclass(frozen=True)
class _Part:
    """Particles of one species: radius of each, spheres in each, and their volumes."""

    radii: Floats
    spheres: Ints
    volumes: Floats


def _particles(species: Species, count: int, rng: np.random.Generator) -> _Part:
    d = sample(species.sizes, count, rng)
    volumes = np.pi / 6 * d**3
    if species.length is None:
        return _Part(d / 2, np.ones(count, dtype=np.int64), volumes)
    if np.any(d >= species.length):
        what = f"rods of {species.kind.name} are shorter than thick"
        raise CaseError(Problem("packing.species", what, "length above the diameter"))
    spheres = 1 + np.ceil((species.length - d) / (_SPACING * d / 2)).astype(np.int64)
    return _Part(d / 2, spheres, volumes + np.pi / 4 * d**2 * (species.length - d))


def _wanted(species: Sequence[Species], parts: Sequence[_Part], solid: float | None) -> list[float]:
    """Linear factor that gives each species its share of the volume."""
    sums = np.array([p.volumes.sum() for p in parts])
    total = sums.sum() if solid is None else solid
    shares = np.array([s.share for s in species])
    return list(np.cbrt(shares * total / sums)) if len(parts) > 1 or solid else [1.0]


def _assemble(
    species: Sequence[Species],
    parts: Sequence[_Part],
    factors: Sequence[float],
    box: Floats,
    density: float,
    plates: bool,
    cohesion: float,
    rng: np.random.Generator,
) -> Packing:
    """Spheres of all particles at random places."""
    solid = sum(float(f**3 * p.volumes.sum()) for f, p in zip(factors, parts, strict=True))
    height = solid / (box[0] * box[1] * density)
    centres, radii, kinds, owner, bonds, lengths = [], [], [], [], [], []
    first, number = 0, 1
    for index, (s, part, factor) in enumerate(zip(species, parts, factors, strict=True)):
        n, r = part.spheres, factor * part.radii
        spheres = np.repeat(np.arange(len(n)), n)
        middle = rng.random((len(n), 3)) * [*box, height]
        if s.length is not None:
            axis = rng.normal(size=(len(n), 3))
            axis /= np.linalg.norm(axis, axis=1)[:, None]
            step = (factor * s.length - 2 * r) / (n - 1)
            place = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n) - (n[spheres] - 1) / 2
            points = middle[spheres] + (place * step[spheres])[:, None] * axis[spheres]
            for apart in (1, 2, 4):  # neighbours hold the length, the others keep it straight
                ends = np.flatnonzero(spheres[apart:] == spheres[:-apart])
                bonds.append(np.stack([ends, ends + apart], axis=1) + first)
                lengths.append(apart * step[spheres[ends]])
        else:
            points = middle
        centres.append(points)
        radii.append(r[spheres])
        kinds.append(np.full(len(spheres), index))
        owner.append(spheres + number)
        first += len(spheres)
        number += len(n)
    x = np.concatenate(centres)
    x[:, :2] %= box
    x[:, 2] = np.clip(x[:, 2], 0, height) if plates else x[:, 2] % height
    return Packing(
        x,
        np.concatenate(radii),
        np.concatenate(kinds),
        np.concatenate(owner),
        tuple(s.kind for s in species),
        (float(box[0]), float(box[1])),
        float(height),
        plates,
        solid,
        np.concatenate(bonds) if bonds else np.zeros((0, 2), dtype=np.int64),
        np.concatenate(lengths) if lengths else np.zeros(0),
        cohesion,
    )
