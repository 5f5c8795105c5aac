"""Sums that several observables share: of forms, of segments, over ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import ufl
from mpi4py import MPI

Floats = npt.NDArray[np.float64]


def total(forms: Sequence[Any]) -> Any:
    """Sum of forms in one go: adding them one by one analyses every partial sum."""
    return ufl.Form([integral for form in forms for integral in form.integrals()])


def numbers(values: Floats) -> list[float]:
    """A one-dimensional array as Python numbers."""
    return cast(list[float], values.tolist())


class Segments:
    """Segments of an array, some of them empty on this rank, that are reduced one by one."""

    def __init__(self, lengths: npt.ArrayLike) -> None:
        """Take the length of each segment."""
        sizes = np.asarray(lengths, dtype=np.int64)
        self._count = len(sizes)
        self._filled = np.flatnonzero(sizes)
        self._starts = (np.cumsum(sizes) - sizes)[self._filled]

    def reduce(self, operation: np.ufunc, values: Floats, empty: float = 0.0) -> Floats:
        """Reduce rows (axis 0) within each segment; an empty one gives `empty`."""
        result = np.full((self._count, *values.shape[1:]), empty)
        if len(self._starts):
            result[self._filled] = operation.reduceat(values, self._starts, axis=0)
        return result


def over_ranks(
    comm: MPI.Comm, parts: Sequence[Floats], operation: MPI.Op = MPI.SUM
) -> list[Floats]:
    """Sums (or maxima) of arrays over all ranks, in one reduction; one rank alone is not asked."""
    if comm.size == 1:
        return list(parts)
    flat = np.concatenate([p.ravel() for p in parts])
    comm.Allreduce(MPI.IN_PLACE, flat, op=operation)
    pieces = np.split(flat, np.cumsum([p.size for p in parts])[:-1])
    return [piece.reshape(p.shape) for piece, p in zip(pieces, parts, strict=True)]
