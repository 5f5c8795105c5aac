"""Flux density in every voxel, from the potential that a conduction problem left."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from joulestack.microstructure.image import VoxelImage

Floats = npt.NDArray[np.float32]


def flux_density(
    image: VoxelImage,
    conductivity: Mapping[str, float],
    potential: Floats,
    *,
    axis: int = 2,
    sides: str = "no-flux",
    interface_resistance: Mapping[tuple[str, str], float] | None = None,
    particle_resistance: float = 0.0,
    staircase: float = 1.0,
) -> Floats:
    """Flux density -s grad u, the mean of the two faces of a voxel along each axis.

    Args:
        image, conductivity, axis, sides, interface_resistance, particle_resistance,
            staircase: as solved.
        potential: u, 1 at the first end of `axis` and 0 at the last, NaN where there is none.

    Returns:
        (3, nx, ny, nz), per unit difference of u [conductivity unit per m].
    """
    s = np.zeros(256, dtype=np.float32)
    for name, value in conductivity.items():
        s[image.label(name)] = value
    between = np.zeros((256, 256), dtype=np.float32)
    for (a, b), value in (interface_resistance or {}).items():
        i, j = image.label(a), image.label(b)
        between[i, j] = between[j, i] = staircase * value
    h = np.float32(image.voxel_size)
    result = np.empty((3, *image.shape), dtype=np.float32)
    for way in range(3):
        labels = np.moveaxis(image.labels, way, 0)
        u = np.moveaxis(potential, way, 0)
        grains = None if image.particles is None else np.moveaxis(image.particles, way, 0)
        out = np.moveaxis(result[way], way, 0)
        n = len(labels)

        def face(i: int, j: int, labels=labels, u=u, grains=grains) -> Floats:
            """Flux from plane i to plane j."""
            resistance = between[labels[i], labels[j]]
            if grains is not None and particle_resistance > 0:
                own = (labels[i] == labels[j]) & (grains[i] != grains[j])
                resistance = resistance + np.float32(staircase * particle_resistance) * own
            with np.errstate(divide="ignore"):
                path = h / 2 / s[labels[i]] + resistance + h / 2 / s[labels[j]]
                return np.nan_to_num((u[i] - u[j]) / path)

        def end(i: int, value: float, labels=labels, u=u) -> Floats:
            """Flux out of plane i into an end face."""
            return np.nan_to_num((u[i] - np.float32(value)) * s[labels[i]] / (h / 2))

        if way == axis:
            before, last = -end(0, 1.0), end(n - 1, 0.0)
        else:
            wraps = sides == "periodic"
            before = face(n - 1, 0) if wraps else np.zeros_like(u[0])
            last = before
        for i in range(n):
            after = face(i, i + 1) if i + 1 < n else last
            out[i] = (before + after) / 2
            before = after
    return result
