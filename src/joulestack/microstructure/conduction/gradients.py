"""Conjugate gradients on black voxels, stopped by the fluxes through slices.

The unknown is the potential less a uniform gradient, in units of the applied drop from voxel to
voxel. Two things follow from the iteration without any further pass over the image: the fluxes
through two neighbouring slices differ by the residuals between them; and the mean flux falls in
every step by alpha r.z, as the dissipated power does (the solution minimises it).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from joulestack.errors import ConvergenceError
from joulestack.microstructure.conduction import kernels
from joulestack.microstructure.conduction.grid import Floats, Grid
from joulestack.microstructure.conduction.multigrid import Multigrid

MOST_ITERATIONS = 2000
"""Iterations before giving up. Ten are usual; hundreds if good conductors hang in a poor one."""

SETTLED = 0.1
"""Largest last change of the mean flux over the tolerance. Slices alone would not do: where all
hold the same phases, a uniform gradient has equal fluxes already."""

RESTARTS = 3
"""Times that the residual is computed anew where round-off has spoilt the running one."""


@dataclass
class State:
    """Everything that an interrupted iteration needs to go on as if nothing had happened.

    Attributes:
        x, r, p: solution, residual, direction on black voxels.
        rz: residual times preconditioned residual; 0 before the first step.
        mean: mean flux through the slices.
        history: (imbalance, mean flux) after every step.
    """

    x: Floats
    r: Floats
    p: Floats
    rz: float = 0.0
    mean: float = 0.0
    history: list[tuple[float, float]] = field(default_factory=list)


Watch = Callable[[State], None]


class Slices:
    """Fluxes through the slices between planes, from the sums of residuals on planes."""

    def __init__(self, drop: npt.NDArray[np.float64], closed: bool) -> None:
        """Describe the slices.

        Args:
            drop: applied drop from each plane to the next.
            closed: the last plane touches the first; else held ends half a voxel away.
        """
        self.closed = closed
        weights = drop if closed else np.concatenate([[0.5], drop[:-1], [0.5]])
        self.total = float(weights.sum())
        self._weights = weights / self.total

    def differences(self, residuals: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Flux through each slice less the mean."""
        fall = -np.cumsum(residuals)
        flux = fall if self.closed else np.concatenate([[0.0], fall])
        return flux - self._weights @ flux

    def imbalance(self, residuals: npt.NDArray[np.float64], mean: float) -> float:
        """Largest deviation of a slice's flux from the mean, over the mean."""
        return float(np.abs(self.differences(residuals)).max() / abs(mean))


class Equations:
    """Equations of one image and direction, and their solution by iteration."""

    def __init__(self, grid: Grid, multigrid: Multigrid, drop: npt.NDArray[np.float64]) -> None:
        self.grid, self.multigrid = grid, multigrid
        self.slices = Slices(drop, grid.periodic[0])
        self._type = grid.table.dtype
        self.red = np.zeros(grid.half, self._type)
        self._q = np.zeros(grid.half, self._type)
        self._drop = drop.astype(self._type)
        self._sums = np.zeros(grid.half[0])

    def start(self) -> State:
        """A uniform gradient."""
        x, r, p = (np.zeros(self.grid.half, self._type) for _ in range(3))
        return State(x, r, p)

    def refresh(
        self, state: State, mean_flux: Callable[[Floats, Floats], tuple[int, float]]
    ) -> float:
        """Compute red voxels, residual and mean flux from the solution; forget the direction.

        Args:
            state: changed in place.
            mean_flux: (red, black) -> a slice and the flux through it.

        Returns:
            The imbalance.
        """
        self.red[:] = 0
        for _ in range(2):  # the second time corrects the round-off of the first
            self._balance(0, state.x, self.red, self.red)
        self._balance(1, self.red, state.x, state.r)
        number, flux = mean_flux(self.red, state.x)
        state.mean = flux - float(self.slices.differences(self._sums)[number])
        state.rz = 0.0
        return self.slices.imbalance(self._sums, state.mean)

    def iterate(self, state: State, tolerance: float, watch: Watch) -> None:
        """Go on until the running imbalance is below the tolerance and the mean has settled.

        Raises:
            ConvergenceError: it does not get there.
        """
        g, q, red = self.grid, self._q, self.red
        if state.rz == 0.0:
            kernels.divide(state.r, g.diagonal[1], q)
            state.rz = self.multigrid.apply(state.r, q, red)
            state.p[:] = q
        while state.rz > 0:
            kernels.neighbours(g.faces, g.table, 0, g.diagonal[0], state.p, red)
            kernels.schur(g.faces, g.table, g.diagonal[1], red, state.p, q, self._sums)
            alpha = state.rz / float(self._sums.sum())
            fall = alpha * state.rz / self.slices.total
            length = self._type.type(alpha)
            kernels.step(state.x, state.r, state.p, q, g.diagonal[1], length, self._sums)
            state.mean -= fall
            imbalance = self.slices.imbalance(self._sums, state.mean)
            state.history.append((imbalance, state.mean))
            if imbalance < tolerance and fall < SETTLED * tolerance * abs(state.mean):
                return
            if len(state.history) >= MOST_ITERATIONS or not np.isfinite(imbalance):
                raise ConvergenceError(
                    f"voxel conduction: imbalance {imbalance:.1e} of the fluxes through slices "
                    f"after {len(state.history)} iterations, {tolerance:.1e} wanted; a larger "
                    "tolerance helps, or conductivities further from 0"
                )
            rz = self.multigrid.apply(state.r, q, red)
            kernels.direction(state.p, q, self._type.type(rz / state.rz))
            state.rz = rz
            watch(state)

    def _balance(self, colour: int, other: Floats, own: Floats, out: Floats) -> None:
        g = self.grid
        kernels.balance(
            g.faces, g.table, colour, g.diagonal[colour], g.low, g.high, self._drop, other, own,
            out, self._sums,
        )  # fmt: skip
