"""How much larger the faces of voxels are than the surfaces they stand for.

Resistances sit on surfaces, and a surface made of voxel faces is too large: by 3/2 on the average
over all directions, not at all where it lies along the axes. Conductances without resistances need
no such factor.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from joulestack.case.microstructures.schema import TransportTable
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.imaging import Sample

Mask = npt.NDArray[np.bool_]

ALL_DIRECTIONS = 1.5
"""Mean of |nx| + |ny| + |nz|."""

WIDTH = 1.5
"""Of the smoothing that shows where a surface looks to [voxels]: more than a step of it."""

SLAB, HALO = 48, 6
"""Planes smoothed at once, and beyond them."""


def staircase(sample: Sample, given: TransportTable) -> float:
    """Factor on the resistances of a conduction problem.

    What the case says; else 3/2 for particles of a packing, whose surfaces and contacts have all
    directions; else what the interfaces of the image that carry resistances have on the average.

    Args:
        sample: image.
        given: problem.
    """
    if given.staircase is not None:
        return given.staircase
    if sample.pressed is not None or not given.interface_resistance:
        return ALL_DIRECTIONS
    return measured(sample.image, [c.between for c in given.interface_resistance])


def measured(image: VoxelImage, pairs: list[tuple[str, str]]) -> float:
    """Voxel faces over area, of the interfaces between pairs of phases; 1 where there are none.

    A face stands for 1/(|nx| + |ny| + |nz|) of its area, with n the normal of the smoothed image:
    exact for planes along the axes, within 2 % for spheres of nine voxels and inclined planes.

    Args:
        image: phases.
        pairs: phases between which the interfaces lie.
    """
    faces, area = 0.0, 0.0
    for a, b in pairs:
        one, other = image.label(a), image.label(b)
        for start in range(0, image.shape[0], SLAB):
            low = max(0, start - HALO)
            slab = image.labels[low : start + SLAB + HALO]
            count = _faces(slab == one, slab == other)
            count[: start - low] = 0
            count[start - low + SLAB :] = 0
            if count.any():
                seen, true = _areas((slab == one).astype(np.float32), count)
                faces, area = faces + seen, area + true
    return faces / area if area else 1.0


def _faces(own: Mask, beside: Mask) -> npt.NDArray[np.uint8]:
    """Faces between two masks, at the voxels on both of their sides."""
    count = np.zeros(own.shape, np.uint8)
    for axis in range(3):
        front, back = np.moveaxis(own, axis, 0), np.moveaxis(beside, axis, 0)
        at = np.moveaxis(count, axis, 0)
        for one, other in ((front, back), (back, front)):
            met = one[:-1] & other[1:]
            at[:-1] += met
            at[1:] += met
    return count


def _areas(solid: npt.NDArray[np.float32], count: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Voxel faces, and the area they stand for."""
    at = count > 0
    slopes = np.stack([gaussian_filter(solid, WIDTH, order=o)[at] for o in np.eye(3, dtype=int)])
    faces, sums = count[at].astype(float), np.abs(slopes).sum(axis=0)
    steep = sums > 0  # a layer of one voxel has none in its middle
    share = np.linalg.norm(slopes, axis=0)[steep] / sums[steep]
    return float(faces[steep].sum()), float((faces[steep] * share).sum())
