"""A symmetric multigrid cycle, as preconditioner of the equations on black voxels.

Red voxels are eliminated: each is coupled to black ones only. The cycle smooths by solving one
colour after the other (Gauss-Seidel). It ends by solving red, so that red residuals are zero before
and after it, and the fine grid needs vectors on black voxels only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from joulestack.microstructure.conduction import kernels, transfer
from joulestack.microstructure.conduction.grid import Floats, Grid, coarser

NO_SUMS = np.zeros(0)
COARSEST = 200
"""A level of no more voxels is solved directly."""


class Level:
    """A coarse grid with its unknowns and right-hand side, on both colours."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.x = np.zeros((2, *grid.half), np.float32)
        self.b = np.zeros((2, *grid.half), np.float32)

    def solve_colour(self, colour: int) -> None:
        """One half of a Gauss-Seidel sweep."""
        g = self.grid
        kernels.relax(
            g.faces, g.table, colour, g.diagonal[colour], self.b[colour], self.x[1 - colour],
            self.x[colour], NO_SUMS,
        )  # fmt: skip

    def restrict(self, coarse: Level, own: bool) -> None:
        """The residual, which only red voxels have, summed over blocks."""
        g = self.grid
        transfer.restrict(
            g.faces, g.table, g.diagonal[0], self.b[0], self.x[0], self.x[1], own, coarse.b
        )


class Multigrid:
    """Levels from the first coarse grid down to one that is solved directly."""

    def __init__(self, fine: Grid) -> None:
        self.fine = fine
        self.levels = [Level(coarser(fine))]
        while 2 * np.prod(self.levels[-1].grid.half) > COARSEST:
            self.levels.append(Level(coarser(self.levels[-1].grid)))
        self._direct = _inverse(self.levels[-1].grid)
        self._sums = np.zeros(fine.half[0])

    def apply(self, r: Floats, z: Floats, red: Floats) -> float:
        """z = cycle(r) for residuals on black voxels.

        Args:
            r: residual.
            z: r / diagonal on entry, the result on exit.
            red: work space.

        Returns:
            r * z.
        """
        g = self.fine
        top = self.levels[0]
        transfer.restrict(g.faces, g.table, g.diagonal[0], z, z, z, False, top.b)
        self._cycle(0)
        transfer.prolong(top.x, g.faces, red, False)
        kernels.relax(g.faces, g.table, 1, g.diagonal[1], r, red, z, self._sums)
        return float(self._sums.sum())

    def _cycle(self, number: int) -> None:
        """x = cycle(b) on a coarse level; a W cycle, for one level costs an eighth of the finer."""
        level = self.levels[number]
        if number == len(self.levels) - 1:
            level.x[:] = (self._direct @ level.b.ravel()).reshape(level.x.shape)
            return
        coarse = self.levels[number + 1]
        kernels.divide(level.b[0], level.grid.diagonal[0], level.x[0])
        for again in (False, True):
            level.solve_colour(1)
            level.restrict(coarse, own=again)
            self._cycle(number + 1)
            transfer.prolong(coarse.x, level.grid.faces, level.x[0], True)
            level.solve_colour(1)
            level.solve_colour(0)


def _inverse(grid: Grid) -> npt.NDArray[np.float32]:
    """Pseudo-inverse of the matrix of a small grid."""
    half = int(np.prod(grid.half))
    ones, unit = np.ones(grid.half, np.float32), np.zeros(grid.half, np.float32)
    column = np.empty(grid.half, np.float32)
    coupling = np.empty((half, half))
    for black in range(half):
        unit.flat[black] = 1
        kernels.neighbours(grid.faces, grid.table, 0, ones, unit, column)
        coupling[:, black] = column.ravel()
        unit.flat[black] = 0
    matrix = np.diag(grid.diagonal.astype(np.float64).ravel())
    matrix[:half, half:] = -coupling
    matrix[half:, :half] = -coupling.T
    direct: npt.NDArray[np.float32] = np.linalg.pinv(matrix, rcond=1e-6, hermitian=True)
    return direct.astype(np.float32)
