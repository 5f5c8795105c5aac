"""A packing as an image, and what becomes of the space that spheres share.

Pressed spheres overlap. Their union then fills less than the powder did: the matter of the overlap
is gone. `overlap = "keep"` leaves it so, as DEM pictures do (Schneider 2023, section 2.6): the
thickness is right, the solid fraction of the image too low. `overlap = "grow"` gives the lost
volume back to the pores, as plastic flow does: all soft spheres grow by one factor, after they have
come to rest, until the union fills the mass-conserving density; rigid ones keep their shape and
push soft matter aside. Spheres of equal rigidity part where their power distances are equal, the
plane through the circle in which they cut each other. One factor for all neither keeps the volume
of each particle nor the pressure on it; above some 90 % the pores that are left are those between
spheres, not those of a pellet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem
from joulestack.microstructure.conduction.compiled import compiled, prange
from joulestack.microstructure.conduction.memory import available
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.packings.packing import Floats, Ints, Packing

Overlap = Literal["grow", "keep"]

PORE = "pore"
_LARGEST = 1.6
"""Growth of radii that is looked for at most."""
_BINS = 3000


@dataclass(frozen=True)
class Voxelised:
    """An image of a packing.

    Attributes:
        image: phase 0 is the pore, then the species; particles by number.
        growth: factor on the radii of soft spheres [-].
        union_density: share of the box inside the spheres as they are, overlap counted once.
        solid_density: share of solid voxels of the image.
    """

    image: VoxelImage
    growth: float
    union_density: float
    solid_density: float


def voxelise(
    packing: Packing, voxel_size: float, overlap: Overlap = "grow", particles: bool = True
) -> Voxelised:
    """Label each voxel by what fills its centre.

    The box becomes a whole number of voxels: lengths change by less than half a voxel, and the
    packing is stretched with them.

    Args:
        packing: at rest.
        voxel_size: edge of a voxel [m].
        overlap: see above.
        particles: number the particles, too (four bytes a voxel).

    Raises:
        CaseError: voxels too coarse for the box, or too many for memory; no growth reaches the
            density.
    """
    shape = np.rint(packing.box / voxel_size).astype(np.int64)
    if shape.min() < 2:
        what = f"{1e6 * voxel_size:.3g} um makes {shape.min()} voxels across the box"
        raise CaseError(Problem("image.voxel_size", what, "smaller voxels"))
    need = (5.0 if particles else 1.0) * float(np.prod(shape.astype(float)))
    if need > available():
        what = f"{' x '.join(map(str, shape))} voxels need {need / 1e9:.3g} GB, "
        what += f"{available() / 1e9:.3g} GB are free"
        raise CaseError(Problem("image.voxel_size", what, "larger voxels, or a smaller box"))
    centres = packing.centres / packing.box * shape  # in voxels
    radii = packing.radii / voxel_size
    wraps, rigid = np.array(packing.periodic), packing.rigid
    grew, union = _growth(packing, centres, radii, shape, overlap)
    grown = radii * np.where(rigid, 1.0, grew)
    planes = _by_plane(centres[:, 0], grown, int(shape[0]))
    labels = np.zeros(shape, dtype=np.uint8)
    numbers = np.zeros(shape if particles else (1, 1, 1), dtype=np.int32)
    kinds, owner = packing.species.astype(np.uint8) + np.uint8(1), packing.particle.astype(np.int32)
    _paint(centres, grown, rigid, kinds, owner, wraps, labels, numbers, particles, *planes)
    phases = {0: PORE, **{i + 1: k.name for i, k in enumerate(packing.kinds)}}
    image = VoxelImage(labels, voxel_size, phases, numbers if particles else None)
    solid = 1 - float(image.counts[0]) / image.labels.size
    return Voxelised(image, grew, union, solid)


def growth(packing: Packing, across: int = 64) -> float:
    """Factor on the radii of soft spheres at which they fill the mass-conserving density.

    Args:
        packing: at rest.
        across: voxels that are looked at, cube root of their number.

    Raises:
        CaseError: none does.
    """
    size = float(np.cbrt(np.prod(packing.box))) / across
    shape = np.maximum(np.rint(packing.box / size).astype(np.int64), 2)
    # Whole voxels stretch the box; volumes are to stay as they are.
    edge = float(np.cbrt(np.prod(packing.box) / np.prod(shape)))
    centres = packing.centres / packing.box * shape
    return _growth(packing, centres, packing.radii / edge, shape, "grow")[0]


def _growth(
    packing: Packing, centres: Floats, radii: npt.NDArray[Any], shape: Ints, overlap: Overlap
) -> tuple[float, float]:
    """Growth, and the share of the box in the union of the spheres; lengths in voxels."""
    rigid = packing.rigid
    planes = _by_plane(centres[:, 0], radii * np.where(rigid, 1.0, _LARGEST), int(shape[0]))
    counts = _needed_growth(centres, radii, rigid, np.array(packing.periodic), shape, *planes)
    share = np.cumsum(counts) / int(np.prod(shape))
    edges = np.linspace(0, _LARGEST, _BINS + 1)
    union = float(np.interp(1.0, edges[1:], share))
    if overlap == "keep" or union >= packing.relative_density:
        return 1.0, union
    if share[-1] < packing.relative_density or rigid.all():
        what = f"the soft particles cannot fill {packing.relative_density:.3g} of the box"
        raise CaseError(Problem("overlap", what, 'overlap = "keep", or more soft particles'))
    return float(np.interp(packing.relative_density, share, edges[1:])), union


@compiled()
def _by_plane(x: Floats, reach: Floats, planes: int) -> tuple[Ints, Ints]:
    """Spheres that each plane of voxels along x may meet: start of each, and the spheres."""
    start = np.zeros(planes + 1, dtype=np.int64)
    for i in range(len(x)):
        for a in range(int(np.ceil(x[i] - reach[i] - 0.5)), int(x[i] + reach[i] + 0.5)):
            start[a % planes + 1] += 1
    for a in range(planes):
        start[a + 1] += start[a]
    place = start[:-1].copy()
    spheres = np.empty(start[-1], dtype=np.int64)
    for i in range(len(x)):
        for a in range(int(np.ceil(x[i] - reach[i] - 0.5)), int(x[i] + reach[i] + 0.5)):
            spheres[place[a % planes]] = i
            place[a % planes] += 1
    return start, spheres


@compiled()
def _range(x, half, count, wraps):
    """Voxels whose centres lie within half of x."""
    low = int(np.ceil(x - half - 0.5))
    high = int(np.floor(x + half - 0.5)) + 1
    if not wraps:
        return max(low, 0), min(high, count)
    return low, min(high, low + count)


@compiled(parallel=True)
def _needed_growth(centres, radii, rigid, wraps, shape, start, spheres):
    """Histogram over voxels of the growth at which the union reaches them; 0: inside a rigid."""
    nx, ny, nz = shape[0], shape[1], shape[2]
    counts = np.zeros((nx, _BINS), dtype=np.int64)
    for a in prange(nx):
        least = np.full((ny, nz), np.float32(_LARGEST**2))
        for s in range(start[a], start[a + 1]):
            i = spheres[s]
            dx = a + 0.5 - centres[i, 0]
            dx -= nx * np.rint(dx / nx)
            reach2 = (radii[i] * (1.0 if rigid[i] else _LARGEST)) ** 2
            y_half = np.sqrt(max(reach2 - dx * dx, 0.0))
            b0, b1 = _range(centres[i, 1], y_half, ny, wraps[1])
            for b in range(b0, b1):
                d2 = dx * dx + (b + 0.5 - centres[i, 1]) ** 2
                if d2 >= reach2:
                    continue
                c0, c1 = _range(centres[i, 2], np.sqrt(reach2 - d2), nz, wraps[2])
                for c in range(c0, c1):
                    need = (d2 + (c + 0.5 - centres[i, 2]) ** 2) / radii[i] ** 2
                    if rigid[i]:
                        need = 0.0
                    if need < least[b % ny, c % nz]:
                        least[b % ny, c % nz] = need
        for b in range(ny):
            for c in range(nz):
                k = int(np.sqrt(least[b, c]) / _LARGEST * _BINS)
                if k < _BINS:
                    counts[a, k] += 1
    return counts.sum(axis=0)


@compiled(parallel=True)
def _paint(centres, radii, rigid, kinds, owner, wraps, labels, numbers, number, start, spheres):
    """Label voxels, plane by plane along x."""
    nx, ny, nz = labels.shape
    for a in prange(nx):
        power = np.full((ny, nz), np.float32(np.inf))
        held = np.zeros((ny, nz), dtype=np.bool_)  # by a rigid sphere
        for s in range(start[a], start[a + 1]):
            i = spheres[s]
            dx = a + 0.5 - centres[i, 0]
            dx -= nx * np.rint(dx / nx)
            r2 = radii[i] ** 2
            b0, b1 = _range(centres[i, 1], np.sqrt(max(r2 - dx * dx, 0.0)), ny, wraps[1])
            for b in range(b0, b1):
                d2 = dx * dx + (b + 0.5 - centres[i, 1]) ** 2
                if d2 >= r2:
                    continue
                c0, c1 = _range(centres[i, 2], np.sqrt(r2 - d2), nz, wraps[2])
                y = b % ny
                for c in range(c0, c1):
                    z = c % nz
                    own = d2 + (c + 0.5 - centres[i, 2]) ** 2 - r2
                    if rigid[i] and not held[y, z]:
                        held[y, z] = True
                    elif held[y, z] != rigid[i] or own >= power[y, z]:
                        continue
                    power[y, z] = own
                    labels[a, y, z] = kinds[i]
                    if number:
                        numbers[a, y, z] = owner[i]
