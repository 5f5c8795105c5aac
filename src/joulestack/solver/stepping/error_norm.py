"""How large the error of a time step is, in units of what is asked: at most one is right."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from joulestack.solver.control import Watched
from joulestack.solver.system import BlockSystem
from joulestack.tolerances import Tolerances

Array = npt.NDArray[np.float64]


class ErrorNorm:
    """Of every unknown with a rate the mean square over its field, and of these the largest.

    A field that is exact does not hide the error of another, and how finely the cell is meshed does
    not matter. Unknowns without a rate follow those that have one; of what a user looks at among
    them, the watched scalars, the change that a step did not foresee counts.
    """

    def __init__(
        self, system: BlockSystem, asked: Tolerances, watched: Sequence[Watched] = ()
    ) -> None:
        """Judge the unknowns of `system` and what is watched."""
        self._comm = system.comm
        self._watched = tuple(watched)
        names: dict[tuple[str, int], int] = {}
        parts: list[tuple[int, slice, tuple[float, float]]] = []
        for block, part in zip(system.state, system.slices, strict=True):
            info = block.info
            for k, (tolerance, rate) in enumerate(zip(info.tolerances, info.rates, strict=True)):
                if rate:
                    number = names.setdefault((info.key, k), len(names))
                    entries = slice(part.start + k, part.stop, block.size)
                    parts.append((number, entries, asked.step(tolerance)))
        self._parts = [p for p in parts if p[1].start < p[1].stop]
        self._names = len(names)
        counts = np.zeros(self._names)
        for number, entries, _ in self._parts:
            counts[number] += len(range(entries.start, entries.stop, entries.step))
        self._counts = np.maximum(self._over_ranks(counts), 1.0)

    def __call__(self, errors: tuple[Array, Array], x: Array, before: Array) -> float:
        """Size of an error, relative to what is asked.

        Args:
            errors: in the unknowns of this rank and in the watched scalars.
            x, before: unknowns at the end of the step and at its start.
        """
        wrong, unforeseen = errors
        squares = np.zeros(self._names)
        for number, entries, (absolute, relative) in self._parts:
            scale: Array | float = absolute
            if relative:
                largest = np.maximum(np.abs(x[entries]), np.abs(before[entries]))
                scale = absolute + relative * largest
            ratio = wrong[entries] / scale
            squares[number] += float(ratio @ ratio)
        worst = float(np.sqrt(self._over_ranks(squares) / self._counts).max(initial=0.0))
        for watched, error in zip(self._watched, unforeseen, strict=True):
            worst = max(worst, abs(float(error)) / watched.scale())
        return worst if math.isfinite(worst) else math.inf

    def _over_ranks(self, values: Array) -> Array:
        if self._comm.size == 1:
            return values
        total = np.zeros_like(values)
        self._comm.Allreduce(values, total, op=MPI.SUM)
        return total
