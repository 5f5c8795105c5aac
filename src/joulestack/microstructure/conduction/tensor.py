"""Effective conductivity tensor of an image repeated without end in all directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from joulestack.microstructure.conduction.body import ORDER, Body, oriented, solve
from joulestack.microstructure.conduction.gradients import State
from joulestack.microstructure.conduction.law import Precision, Resistances, law
from joulestack.microstructure.conduction.memory import (
    bytes_per_voxel,
    refuse_if_too_large,
)
from joulestack.microstructure.conduction.pieces import keep_endless
from joulestack.microstructure.conduction.solver import Follow, check
from joulestack.microstructure.image import VoxelImage


def tensor(
    image: VoxelImage,
    conductivity: Mapping[str, float],
    *,
    interface_resistance: Resistances | None = None,
    particle_resistance: float = 0.0,
    staircase: float = 1.0,
    tolerance: float = 1e-3,
    precision: Precision = "auto",
    progress: Follow | None = None,
    memory_limit: float | None = None,
) -> npt.NDArray[np.float64]:
    """Effective conductivity tensor K, (3, 3) and symmetric, by three solutions.

    The image is one cell of a periodic medium. For each axis b a mean gradient along b is applied,
    the deviation of the potential from it is periodic in all three directions, and K[a, b] is the
    mean flux density along a. Off the diagonal the mean of K[a, b] and K[b, a] is returned. An
    axis of one voxel means a medium that does not change along it. An image that is not periodic
    gets artificial interfaces where its opposite faces meet.

    Args:
        image, conductivity, interface_resistance, particle_resistance, staircase, tolerance,
            precision, progress, memory_limit: as for `conduct`.

    Raises:
        CaseError: the input is wrong, or the solution does not fit into memory.
        ConvergenceError: the tolerance is not reached.
    """
    image = _thick(image)
    check(image, 0, "periodic", tolerance, precision)
    odd = any(n % 2 for n in image.shape)
    resistances = (interface_resistance or {}, particle_resistance, staircase)
    rules = law(image, conductivity, *resistances, doubled=odd, precision=precision)
    each = bytes_per_voxel(rules.code, rules.grains, rules.table.itemsize > 4)
    refuse_if_too_large(image.shape, each, memory_limit)
    unit = rules.reference / float(np.prod(image.shape))
    result = np.zeros((3, 3))
    for b in range(3):
        classes = rules.class_of[oriented(image.labels, b)]
        if not keep_endless(classes, rules.marks[2])[0]:
            continue
        body = Body(image, rules, classes, b, (True, True, True))

        values, _ = solve(body, tolerance, _watch(progress, unit * image.shape[b]))
        for place, a in enumerate(ORDER[b]):
            result[a, b] = body.total_flux(values, place) * unit
    return 0.5 * (result + result.T)


def _watch(progress: Follow | None, unit: float) -> Callable[[State], None]:
    """What to call after an iteration."""

    def watch(state: State) -> None:
        if progress is not None:
            imbalance, mean = state.history[-1]
            progress(len(state.history), imbalance, mean * unit)

    return watch


def _thick(image: VoxelImage) -> VoxelImage:
    """At least two voxels along each axis, repeating single ones."""
    if min(image.shape) > 1:
        return image
    labels, particles = image.labels, image.particles
    for axis, n in enumerate(image.shape):
        if n == 1:
            labels = np.repeat(labels, 2, axis)
            particles = None if particles is None else np.repeat(particles, 2, axis)
    return VoxelImage(labels, image.voxel_size, image.phases, particles)
