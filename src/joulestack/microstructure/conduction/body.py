"""An image, oriented along a flux, between held ends or repeated without end, and its solution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.errors import ConvergenceError
from joulestack.microstructure.conduction.gradients import RESTARTS, Equations, State
from joulestack.microstructure.conduction.grid import Floats, Periodic, finest, padded
from joulestack.microstructure.conduction.law import Law
from joulestack.microstructure.conduction.multigrid import Multigrid
from joulestack.microstructure.conduction.packing import face_fluxes, unpack
from joulestack.microstructure.image import VoxelImage

ORDER = ((0, 1, 2), (1, 0, 2), (2, 0, 1))
"""Axes of an image oriented along each axis."""

NO_PARTICLES: npt.NDArray[np.int32] = np.zeros((1, 1, 1), np.int32)


ALL = slice(None)
"""Every plane."""


def oriented(values: npt.NDArray[Any], axis: int) -> npt.NDArray[Any]:
    """A contiguous copy with `axis` first (no copy for the first axis)."""
    if axis < 2:
        return np.ascontiguousarray(values.transpose(ORDER[axis]))
    nx, ny, nz = values.shape
    copy = np.empty((nz, nx, ny), values.dtype)
    for x in range(nx):  # a plane at a time stays in the cache
        copy[:, x, :] = values[x].T
    return copy


def restored(values: Floats, axis: int) -> Floats:
    """The image's own order of axes again, as a view."""
    return values.transpose(np.argsort(ORDER[axis]))


@dataclass
class Body:
    """What the equations are made of.

    Attributes:
        image: phases and particles.
        law: conductances of faces.
        classes: of each voxel, oriented; pieces left out carry a mark.
        axis: of the image, along the flux.
        periodic: along each oriented axis. A first axis that is not periodic has held ends.
    """

    image: VoxelImage
    law: Law
    classes: npt.NDArray[np.uint8]
    axis: int
    periodic: Periodic

    def _particles(self) -> npt.NDArray[np.int32]:
        if not self.law.grains or self.image.particles is None:
            return NO_PARTICLES
        particles: npt.NDArray[np.int32] = oriented(self.image.particles, self.axis)
        return particles

    def equations(self) -> Equations:
        """Grid, coarse grids and work space."""
        grid = finest(self.classes, self._particles(), self.law, self.periodic)
        drop = np.ones(padded(self.classes.shape, self.periodic)[0])
        real = len(self.classes)
        if len(drop) > real:
            drop[real - 1 :] = 0.5
        return Equations(grid, Multigrid(grid), drop)

    def values(self, red: Floats, black: Floats, planes: slice = ALL) -> Floats:
        """Unknowns in natural order; NaN where nothing is solved."""
        classes = self.classes[planes]
        out = np.empty(classes.shape, self.law.table.dtype)
        unpack(red[planes], black[planes], classes, len(self.law.names), out)
        return out

    def first_slice(self, red: Floats, black: Floats) -> tuple[int, float]:
        """Number of the slice between the first two planes, and the flux through it."""
        two = slice(0, 2)
        values = self.values(red, black, two)
        flux = self._fluxes(values, self.classes[two], self._particles()[two], 0, 1.0, False)
        return int(not self.periodic[0]), float(flux[0])

    def _fluxes(
        self,
        values: Floats,
        classes: npt.NDArray[np.uint8],
        particles: npt.NDArray[np.int32],
        axis: int,
        drop: float,
        periodic: bool,
    ) -> npt.NDArray[np.float64]:
        conductances = self.law.table.astype(np.float64)[self.law.pairs[:2]]
        sums = np.empty(len(values))
        face_fluxes(values, classes, particles, conductances, axis, drop, periodic, sums)
        return sums

    def slice_fluxes(self, values: Floats) -> npt.NDArray[np.float64]:
        """Flux through every slice between planes; through the held ends too, if there are any."""
        flux = self._fluxes(values, self.classes, self._particles(), 0, 1.0, self.periodic[0])
        if self.periodic[0]:
            return flux
        twice = np.zeros(256)
        twice[: len(self.law.conductivity)] = 2 * self.law.conductivity
        start, end = np.nan_to_num(values[0]), np.nan_to_num(values[-1])
        low = float((twice[self.classes[0]] * (0.5 - start)).sum())
        high = float((twice[self.classes[-1]] * (0.5 + end)).sum())
        return np.concatenate([[low], flux[:-1], [high]])

    def total_flux(self, values: Floats, axis: int) -> float:
        """Sum of the fluxes through all faces along an oriented axis of a periodic body."""
        drop = 1.0 if axis == 0 else 0.0
        return float(self._fluxes(values, self.classes, self._particles(), axis, drop, True).sum())


def solve(
    body: Body,
    tolerance: float,
    watch: Callable[[State], None],
    state: State | None = None,
) -> tuple[Floats, State]:
    """Unknowns in natural order, and the last state without its vectors.

    Args:
        body: what to solve.
        tolerance: of the fluxes through slices.
        watch: called after every iteration.
        state: of an interrupted run.

    Raises:
        ConvergenceError: round-off or the equations keep the fluxes from agreeing so far.
    """
    equations = body.equations()
    if state is None:
        state = equations.start()
        equations.refresh(state, body.first_slice)
    for _ in range(RESTARTS + 1):
        equations.iterate(state, 0.9 * tolerance, watch)
        imbalance = equations.refresh(state, body.first_slice)
        if imbalance <= tolerance:
            break
    if imbalance > tolerance:
        raise ConvergenceError(
            f"voxel conduction: the fluxes through slices agree to {imbalance:.1e} only, "
            f"{tolerance:.1e} wanted; {equations.red.dtype} does not reach it on this image"
        )
    red, black = equations.red, state.x
    done = State(black[:0], black[:0], black[:0], 0.0, state.mean, state.history)
    state.r = state.p = black[:0]
    del equations
    return body.values(red, black), done
