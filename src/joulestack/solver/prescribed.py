"""Unknowns that do not move: prescribed values, and what a consistent start holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack._compat import Indices
from joulestack.discretisation.fields import Block


@dataclass(frozen=True)
class Prescribed:
    """Dofs of a block held at a value.

    Attributes:
        name: the face, for reports.
        block: whose dofs.
        dofs: local dofs, ghosts included.
        value: gives the value at the present time.
        active: tells whether the condition holds now (a terminal may switch to given current).
    """

    name: str
    block: Block
    dofs: Indices
    value: Callable[[], float]
    active: Callable[[], bool] = lambda: True

    @cached_property
    def values(self) -> npt.NDArray[np.float64]:
        """Unknowns of the block."""
        found: npt.NDArray[np.float64] = self.block.value.x.array
        return found

    @cached_property
    def owned(self) -> Indices:
        """Its dofs that belong to this rank."""
        found: Indices = self.dofs[self.dofs < self.block.owned]
        return found


@dataclass(frozen=True)
class Fixed:
    """What does not move.

    Attributes:
        rows: of the matrix, on this rank.
        nodes: of each block that has any, ghosts too, by its name.
    """

    rows: npt.NDArray[np.integer]
    nodes: dict[str, npt.NDArray[np.bool_]]


def fixed_by(
    conditions: Sequence[Prescribed],
    frozen: bool,
    blocks: Sequence[tuple[Block, slice]],
    start: int,
) -> Fixed:
    """Collect them.

    Args:
        conditions: that are active.
        frozen: unknowns with rates are held too.
        blocks: with their slices of this rank's part of the matrix.
        start: first row of this rank.
    """
    nodes: dict[str, npt.NDArray[np.bool_]] = {}
    for block, _ in blocks:
        mask = np.zeros(len(block.value.x.array), dtype=bool)
        for condition in conditions:
            if condition.block is block:
                mask[condition.dofs] = True
        if frozen and block.differential:
            mask[:] = True
        if mask.any():
            nodes[block.name] = mask
    rows = [
        part.start + np.flatnonzero(nodes[block.name][: block.owned])
        for block, part in blocks
        if block.name in nodes
    ]
    local = np.concatenate(rows) if rows else np.zeros(0)
    return Fixed((local + start).astype(PETSc.IntType), nodes)
