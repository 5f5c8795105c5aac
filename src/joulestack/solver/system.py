"""The coupled block system: one PETSc vector and one matrix for all blocks of all fields.

Dirichlet rows: the residual is evaluated with the prescribed values already in place and their
rows read u - g, so that zeroing rows and columns of the Jacobian is exact, not an approximation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import cpp, fem, la
from mpi4py import MPI
from petsc4py import PETSc

from joulestack import _compat
from joulestack._compat import Indices
from joulestack.fields import Block
from joulestack.solver.forms import FormSet

Array = npt.NDArray[np.float64]


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


class BlockSystem:
    """Residual F(u, du/dt) and Jacobian dF/du + shift dF/d(du/dt) over all blocks."""

    def __init__(
        self,
        comm: Any,
        blocks: Sequence[Block],
        residual: dict[str, Any],
        forms: FormSet,
        prescribed: Sequence[Prescribed],
        shift: fem.Constant,
    ) -> None:
        """Request the forms; `allocate` must follow their compilation."""
        self.comm = comm
        self.blocks = tuple(blocks)
        self.prescribed = tuple(prescribed)
        self.shift = shift
        self.frozen = False
        """Hold differential unknowns at their present values (consistent initial values)."""
        self._residual = [forms.add(residual[b.name]) for b in self.blocks]
        self._jacobian: list[list[list[Any] | None]] = [
            [_jacobian_block(residual[b.name], c, shift, forms) for c in self.blocks]
            for b in self.blocks
        ]
        self._work = [fem.Function(b.space) for b in self.blocks]
        ends = np.cumsum([b.owned for b in self.blocks])
        self.slices = [
            slice(int(e - b.owned), int(e)) for b, e in zip(self.blocks, ends, strict=True)
        ]
        self.local_size = int(ends[-1])
        self.size = int(comm.allreduce(self.local_size))
        self.raw: list[Array] = [np.zeros(b.owned) for b in self.blocks]
        """Owned residual before Dirichlet rows are overwritten: its sums there are face flows."""
        self._round_off: dict[str, float] = {}

    def allocate(self) -> None:
        """Create matrix and vectors (after the forms are compiled)."""
        self.matrix = _compat.create_block_matrix(
            [[j[0].form if j else None for j in row] for row in self._jacobian]
        )
        self.matrix.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
        self._index_sets = cpp.la.petsc.create_index_sets(
            [(b.space.dofmap.index_map, b.space.dofmap.index_map_bs) for b in self.blocks]
        )
        self.vector = self.matrix.createVecRight()
        start, _ = self.vector.getOwnershipRange()
        self.fields: dict[str, PETSc.IS] = {}
        for key in dict.fromkeys(b.info.key for b in self.blocks):
            rows = [
                np.arange(s.start, s.stop, dtype=PETSc.IntType) + start
                for b, s in zip(self.blocks, self.slices, strict=True)
                if b.info.key == key
            ]
            self.fields[key] = PETSc.IS().createGeneral(np.concatenate(rows), comm=self.comm)
        self._start = start

    def rows(self, key: str) -> list[slice]:
        """Local slices of a field's unknowns."""
        return [s for b, s in zip(self.blocks, self.slices, strict=True) if b.info.key == key]

    # -- state ------------------------------------------------------------

    def read(self, x: PETSc.Vec, rate: PETSc.Vec | None = None, impose: bool = True) -> None:
        """Copy a PETSc state into the blocks, prescribed values in place."""
        values = x.array_r
        rates = None if rate is None else rate.array_r
        for block, part in zip(self.blocks, self.slices, strict=True):
            block.value.x.array[: block.owned] = values[part]
            if block.rate is not None:
                block.rate.x.array[: block.owned] = 0.0 if rates is None else rates[part]
        if impose:
            for condition in self._active():
                condition.block.value.x.array[condition.dofs] = condition.value()
        for block in self.blocks:
            block.value.x.scatter_forward()
            if block.rate is not None:
                block.rate.x.scatter_forward()

    def write(self, x: PETSc.Vec) -> None:
        """Copy the blocks into a PETSc state."""
        values = x.array
        for block, part in zip(self.blocks, self.slices, strict=True):
            values[part] = block.value.x.array[: block.owned]

    def _active(self) -> list[Prescribed]:
        return [c for c in self.prescribed if c.active()]

    # -- residual and Jacobian -----------------------------------------------

    def residual(self, x: PETSc.Vec, rate: PETSc.Vec | None, F: PETSc.Vec) -> None:
        """F(u, du/dt)."""
        self.read(x, rate)
        out = F.array
        given = x.array_r
        for i, (block, part) in enumerate(zip(self.blocks, self.slices, strict=True)):
            r = self._work[i].x
            r.array[:] = 0.0
            self._residual[i][0].vector(r.array)
            r.scatter_reverse(la.InsertMode.add)
            self.raw[i] = r.array[: block.owned].copy()
            out[part] = self.raw[i]
            if self.frozen and block.info.differential:
                out[part] = 0.0
        for condition in self._active():
            part = self.slices[self.blocks.index(condition.block)]
            dofs = condition.dofs[condition.dofs < condition.block.owned]
            out[part.start + dofs] = given[part.start + dofs] - condition.value()

    def jacobian(self, x: PETSc.Vec, rate: PETSc.Vec | None, shift: float, A: PETSc.Mat) -> None:
        """dF/du + shift dF/d(du/dt)."""
        self.read(x, rate)
        self.shift.value = shift
        A.zeroEntries()
        for i, row in enumerate(self._jacobian):
            for j, entry in enumerate(row):
                if entry is None:
                    continue
                sub = A.getLocalSubMatrix(self._index_sets[i], self._index_sets[j])
                entry[0].matrix(sub)
                A.restoreLocalSubMatrix(self._index_sets[i], self._index_sets[j], sub)
        A.assemble()
        A.zeroRowsColumns(self._fixed_rows(), diag=1.0)
        diagonal = np.abs(A.getDiagonal().array_r * x.array_r)
        scale = 2.0 * np.finfo(float).eps
        local = np.array(
            [sum(float(diagonal[s].sum()) for s in self.rows(key)) for key in self.fields]
        )
        self.comm.Allreduce(MPI.IN_PLACE, local, op=MPI.SUM)
        self._round_off = dict(zip(self.fields, map(float, scale * local), strict=True))

    def round_off(self, key: str) -> float:
        """Sum of a field's residuals that double precision cannot tell from zero, over all ranks.

        Terms as large as diagonal times unknown cancel in every row.
        """
        return self._round_off.get(key, 0.0)

    def _fixed_rows(self) -> npt.NDArray[Any]:
        rows = []
        for condition in self._active():
            part = self.slices[self.blocks.index(condition.block)]
            rows.append(part.start + condition.dofs[condition.dofs < condition.block.owned])
        if self.frozen:
            rows += [
                np.arange(s.start, s.stop)
                for b, s in zip(self.blocks, self.slices, strict=True)
                if b.info.differential
            ]
        local = np.unique(np.concatenate(rows)) if rows else np.zeros(0)
        return (local + self._start).astype(PETSc.IntType)

    def outflow(self, condition: Prescribed, taken: set[tuple[str, int]] | None = None) -> float:
        """Flow out of the cell through prescribed dofs, from the raw residual; this rank's part."""
        index = self.blocks.index(condition.block)
        dofs = condition.dofs[condition.dofs < condition.block.owned]
        if taken is not None:
            dofs = np.array(
                [d for d in dofs if (condition.block.name, int(d)) not in taken], dtype=np.int64
            )
            taken.update((condition.block.name, int(d)) for d in dofs)
        return -float(self.raw[index][dofs].sum())


def _jacobian_block(form: Any, column: Block, shift: Any, forms: FormSet) -> list[Any] | None:
    coefficients = form.coefficients()
    derivative = None
    if column.value in coefficients:
        derivative = ufl.derivative(form, column.value, column.trial)
    if column.rate is not None and column.rate in coefficients:
        rate = shift * ufl.derivative(form, column.rate, column.trial)
        derivative = rate if derivative is None else derivative + rate
    return None if derivative is None else forms.add(derivative)
