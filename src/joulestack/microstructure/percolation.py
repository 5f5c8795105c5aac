"""Which parts of phases lead from one end of an image to the other."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import numpy.typing as npt

from joulestack.microstructure.conduction.body import oriented
from joulestack.microstructure.conduction.pieces import keep_through
from joulestack.microstructure.image import VoxelImage

Mask = npt.NDArray[np.bool_]
Ends = Literal["both", "first", "last"]
Sides = Literal["no-flux", "periodic"]


def reached(
    image: VoxelImage,
    phases: Collection[str],
    axis: int = 2,
    ends: Ends = "both",
    sides: Sides = "no-flux",
) -> Mask:
    """Voxels of phases, conducting together over faces, that are joined to ends of the image.

    Args:
        image: phases.
        phases: which ones conduct.
        axis: from end to end.
        ends: joined to both ends (percolating), to the first, or to the last.
        sides: whether the other sides touch their opposites.

    Raises:
        CaseError: no such phase.
    """
    chosen = np.zeros(256, dtype=np.uint8)
    chosen[[image.label(name) for name in phases]] = 1
    classes = np.ascontiguousarray(oriented(chosen[image.labels], axis))
    wraps = sides == "periodic"
    keep_through(classes, (wraps, wraps), (2, 3, 4))
    good = {"both": (1,), "first": (1, 2), "last": (1, 3)}[ends]
    return np.moveaxis(np.isin(classes, good), 0, axis)


def percolating_fraction(
    image: VoxelImage, name: str, axis: int = 2, sides: Sides = "no-flux"
) -> float:
    """Share of a phase that leads, by itself, from end to end; 0 where there is none of it."""
    total = int(image.counts[image.label(name)])
    return float(np.count_nonzero(reached(image, [name], axis, sides=sides)) / max(total, 1))


def profile(image: VoxelImage, axis: int = 2) -> dict[str, npt.NDArray[np.float64]]:
    """Volume fraction of each phase in every slice along an axis."""
    slices = np.moveaxis(image.labels, axis, 0)
    counts = np.array([np.bincount(np.ravel(s), minlength=256) for s in slices])
    return {name: counts[:, image.label(name)] / slices[0].size for name in image.present}
