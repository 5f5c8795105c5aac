"""The fields' unknowns of one rank with its ghosts, block behind block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from dolfinx import fem, la

from joulestack._compat import Indices
from joulestack.discretisation.fields import Block

Array = npt.NDArray[np.float64]


class Local:
    """Leads between the arrays that forms and points work on and the owned parts of a vector.

    On one rank there are no ghosts, and both are the same.

    Attributes:
        sections: of each block in the array, ghosts included.
        size: of the array.
        own: places in it of what this rank owns, in the order of the matrix.
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Lay out the blocks of all fields."""
        sizes = [len(b.value.x.array) for b in blocks]
        ends = np.cumsum(sizes)
        self.size = int(ends[-1])
        self.sections = [slice(int(e - n), int(e)) for e, n in zip(ends, sizes, strict=True)]
        self._owned = [b.owned for b in blocks]
        self.own: Indices = np.concatenate(
            [
                np.arange(s.start, s.start + b.owned)
                for b, s in zip(blocks, self.sections, strict=True)
            ]
        ).astype(np.int32)
        self._alone = blocks[0].space.mesh.comm.size == 1
        self._work = [] if self._alone else [fem.Function(b.space).x for b in blocks]

    def gather(self, values: Array) -> Array:
        """Owned values, what other ranks hold for them in their ghosts added. Collective."""
        if self._alone:
            return values
        owned = []
        for work, part, count in zip(self._work, self.sections, self._owned, strict=True):
            work.array[:] = values[part]
            work.scatter_reverse(la.InsertMode.add)
            owned.append(work.array[:count].copy())
        return np.concatenate(owned)

    def spread(self, owned: Array) -> Array:
        """Values with ghosts from owned ones. Collective."""
        if self._alone:
            return owned
        values, start = np.empty(self.size), 0
        for work, part, count in zip(self._work, self.sections, self._owned, strict=True):
            work.array[:count] = owned[start : start + count]
            work.scatter_forward()
            values[part] = work.array
            start += count
        return values
