"""The coupled block system: one PETSc vector for all unknowns, one matrix for the fields' blocks.

Unknowns that live at single points (`points.py`) stand behind the fields' in the vector; they are
eliminated from the matrix, so that a linear solve sees the fields alone.

Dirichlet rows: the residual is evaluated with the prescribed values already in place and their
rows read u - g, so that zeroing rows and columns of the Jacobian is exact, not an approximation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from mpi4py import MPI
from petsc4py import PETSc

from joulestack.declarations import FieldInfo
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.physics.terms import LocalModel
from joulestack.solver import native
from joulestack.solver.cellwise import Cellwise
from joulestack.solver.forms import FormSet
from joulestack.solver.local_unknowns import LocalUnknowns
from joulestack.solver.prescribed import Fixed, Prescribed, fixed_by
from joulestack.solver.rank_layout import Local
from joulestack.solver.sparsity import Places, create_matrix, ties

Array = npt.NDArray[np.float64]


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
        domain: Domain,
        point_models: Sequence[LocalModel] = (),
    ) -> None:
        """Request the forms; `allocate` must follow their compilation."""
        self.comm = comm
        self.blocks = tuple(blocks)
        self.prescribed = tuple(prescribed)
        self.shift = shift
        self.closure: Callable[[], None] | None = None
        """Sets what the forms take as given but follows from the unknowns, after each `read`."""
        self.frozen = False
        """Hold differential unknowns at their present values (consistent initial values)."""
        self.step: tuple[float, ...] | None = None
        """Times whose states the rate of the last step was taken from, its own first [s]."""
        self.points = tuple(LocalUnknowns(domain, m, forms, shift) for m in point_models)
        self._cellwise = Cellwise(domain, self.blocks, residual, shift, forms)
        self._ties = ties(self.blocks, residual)
        self.local = Local(self.blocks)
        self._places = Places(domain, self.blocks, forms.subdomains, self.local)
        self.state = (*self.blocks, *(p.block for p in self.points))
        """Blocks of all unknowns, in the order of the vector; `slices` are their owned parts."""
        ends = np.cumsum([b.owned for b in self.state])
        self.slices = [
            slice(int(e - b.owned), int(e)) for b, e in zip(self.state, ends, strict=True)
        ]
        self.field_parts = list(zip(self.blocks, self.slices, strict=False))
        """Blocks of the fields with their owned parts of the vector; `point_parts` likewise."""
        self.point_parts = list(zip(self.points, self.slices[len(self.blocks) :], strict=True))
        self._values = native.Parts([b.value.x.array[: b.owned] for b in self.state])
        moving = [(b.rate, p) for b, p in zip(self.state, self.slices, strict=True)]
        self._rates = native.Parts(
            [r.x.array[: p.stop - p.start] for r, p in moving if r is not None],
            [p.start for r, p in moving if r is not None],
        )
        self.field_size = int(ends[len(self.blocks) - 1])
        """Unknowns of the fields on this rank: what the matrix has rows for."""
        self.local_size = int(ends[-1])
        self.infos: dict[str, FieldInfo] = {
            b.info.key: b.info for b in self.blocks if isinstance(b.info, FieldInfo)
        }
        """What each field has declared, by key."""
        self.size = int(comm.allreduce(self.local_size))
        self.matrix_size = int(comm.allreduce(self.field_size))
        self.raw: list[Array] = [np.zeros(b.owned) for b in self.blocks]
        """Owned residual before Dirichlet rows are overwritten: its sums there are face flows."""
        self.finite = True
        """Whether the last residual is made of numbers, on this rank."""
        self._starts = {b.name: part.start for b, part in self.field_parts}
        self._round_off: dict[str, float] = {}
        self._linearised_at: Array = np.zeros(0)
        self._shown: tuple[int, ...] | None = None
        """Identity of the state whose residual was taken last; the Jacobian need not read it."""
        self._fixations: dict[tuple[bool, ...], Fixed] = {}

    def allocate(self) -> None:
        """Create matrix and vectors (after the forms are compiled)."""
        self._cellwise.allocate(self.local)
        start = int(self.comm.scan(self.field_size)) - self.field_size
        names = self.local.spread(start + np.arange(self.field_size, dtype=np.float64))
        of_blocks = [names[part].astype(PETSc.IntType) for part in self.local.sections]
        where = {
            b.name: (part.start, rows)
            for b, part, rows in zip(self.blocks, self.local.sections, of_blocks, strict=True)
        }
        for points in self.points:
            points.allocate(where)
        met = (self._places.table(tie) for tie in self._ties)
        fed = (points.met for points in self.points)
        self.matrix = create_matrix(self.comm, chain(met, fed), self.local, names.astype(np.int64))
        places = PETSc.LGMap().create(self._cellwise.rows(of_blocks), comm=self.comm)
        self.matrix.setLGMap(places)
        self.vector, self.operator = self.matrix.createVecRight(), self.matrix
        if self.points:
            self.vector = PETSc.Vec().createMPI((self.local_size, None), comm=self.comm)
            shape = ((self.local_size, None), (self.local_size, None))
            # Stands for the whole Jacobian; only its points-eliminated form is ever applied.
            self.operator = PETSc.Mat().createPython(shape, self, comm=self.comm)
            self.operator.setUp()
        self.fields: dict[str, PETSc.IS] = {}
        """Matrix rows of each field, node by node."""
        for key in dict.fromkeys(b.info.key for b in self.blocks):
            rows = [
                np.arange(s.start, s.stop, dtype=PETSc.IntType) + start
                for b, s in self.field_parts
                if b.info.key == key
            ]
            self.fields[key] = PETSc.IS().createGeneral(np.concatenate(rows), comm=self.comm)
            self.fields[key].setBlockSize(self.infos[key].size)
        self._start = start

    def near_nullspace(self, infos: Sequence[FieldInfo]) -> PETSc.NullSpace:
        """Modes that fields declare, in the rows of those fields; each field has its own."""
        blocks = [b for b in self.blocks if any(b.info is info for info in infos)]
        sizes = [b.owned for b in blocks]
        vectors: list[PETSc.Vec] = []
        for info in infos:
            declared = None if info.preconditioner is None else info.preconditioner.near_nullspace
            if declared is None:
                continue
            modes = [
                declared(b.space.tabulate_dof_coordinates()[: b.nodes]) if b.info is info else None
                for b in blocks
            ]
            count = max(len(m) for m in modes if m is not None)
            for n in range(count):
                parts = [
                    np.zeros(size) if m is None else np.asarray(m[n], dtype=float).ravel()
                    for m, size in zip(modes, sizes, strict=True)
                ]
                vector = PETSc.Vec().createMPI((sum(sizes), None), comm=self.comm)
                vector.array[:] = np.concatenate(parts)
                for other in vectors:
                    vector.axpy(-vector.dot(other), other)
                vector.normalize()
                vectors.append(vector)
        return PETSc.NullSpace().create(vectors=vectors, comm=self.comm)

    def rows(self, key: str) -> list[slice]:
        """Local slices of a field's unknowns."""
        return [s for b, s in zip(self.state, self.slices, strict=True) if b.info.key == key]

    def differential(self) -> npt.NDArray[np.bool_]:
        """For each unknown of this rank, whether it has a time derivative."""
        return np.concatenate([np.tile(b.info.rates, b.nodes) for b in self.state])

    # -- state ------------------------------------------------------------

    def read(self, x: PETSc.Vec, rate: PETSc.Vec | None = None, impose: bool = True) -> None:
        """Copy a PETSc state into the blocks, prescribed values in place."""
        self._shown = None
        self._values.fill(x.array_r)
        self._rates.fill(None if rate is None else rate.array_r)
        if impose:
            for condition in self._active():
                condition.values[condition.dofs] = condition.value()
        if self.comm.size > 1:
            for block in self.state:
                block.value.x.scatter_forward()
                if block.rate is not None:
                    block.rate.x.scatter_forward()
        if self.closure is not None:
            self.closure()

    @staticmethod
    def _identity(x: PETSc.Vec, rate: PETSc.Vec | None) -> tuple[int, ...]:
        """Tells a state from any other, also of the same vector."""
        vectors = (x,) if rate is None else (x, rate)
        return tuple(n for v in vectors for n in (v.handle, v.stateGet()))

    def write(self, x: PETSc.Vec) -> None:
        """Copy the blocks into a PETSc state."""
        values = x.array
        for block, part in zip(self.state, self.slices, strict=True):
            values[part] = block.value.x.array[: block.owned]

    def _active(self) -> list[Prescribed]:
        return [c for c in self.prescribed if c.active()]

    # -- residual and Jacobian -----------------------------------------------

    def residual(self, x: PETSc.Vec, rate: PETSc.Vec | None, F: PETSc.Vec) -> None:
        """F(u, du/dt)."""
        self.read(x, rate)
        out = F.array
        given = x.array_r
        local = self._cellwise.sums()
        for points, part in self.point_parts:
            points.residual(out[part], self.frozen, local)
        owned = self.local.gather(local)
        self.raw = [owned[part] for _, part in self.field_parts]
        self.finite = math.isfinite(float(np.add.reduce(owned)))
        out[: self.field_size] = owned
        if self.frozen:
            for block, part in self.field_parts:
                if block.differential:
                    out[part] = 0.0
        for condition in self._active():
            rows = self._starts[condition.block.name] + condition.owned
            out[rows] = given[rows] - condition.value()
        self._shown = self._identity(x, rate)

    def jacobian(self, x: PETSc.Vec, rate: PETSc.Vec | None, shift: float) -> None:
        """dF/du + shift dF/d(du/dt) of the fields, the points eliminated, into `matrix`."""
        if self._shown != self._identity(x, rate):
            self.read(x, rate)
        A, fixed = self.matrix, self._fixed()
        self.assemble(shift)
        for points in self.points:
            points.linearise(self.frozen, fixed)
            points.add_schur(A)
        A.assemble()
        if self.points:
            self.operator.assemble()  # PETSc learns that it has changed
        A.zeroRowsColumns(fixed.rows, diag=1.0)
        self._round_off.clear()
        self._linearised_at = x.array_r[: self.field_size].copy()

    def assemble(self, shift: float) -> None:
        """Derivatives of the fields' residual by the fields at the present state, into `matrix`.

        Points are not eliminated, prescribed rows stay as they are, and PETSc's assembly is left
        to the caller.
        """
        self.shift.value = shift
        self.matrix.zeroEntries()
        self._cellwise.jacobian[0].matrix(self.matrix)

    def round_off(self, key: str) -> float:
        """Sum of a field's residuals that double precision cannot tell from zero, over all ranks.

        Terms as large as diagonal times unknown, of the last Jacobian, cancel in every row.
        Collective.
        """
        if not self._round_off:
            sizes = np.abs(self.matrix.getDiagonal().array_r * self._linearised_at)
            local = np.array([sum(sizes[s].sum() for s in self.rows(key)) for key in self.fields])
            local *= 2.0 * np.finfo(float).eps
            self.comm.Allreduce(MPI.IN_PLACE, local, op=MPI.SUM)
            self._round_off = dict(zip(self.fields, map(float, local), strict=True))
        return self._round_off.get(key, 0.0)

    def limit(self, old: Array | None, new: Array) -> bool:
        """Shorten Newton steps of local unknowns where they mislead (`LocalUnknowns.limit`)."""
        changed = [
            points.limit(None if old is None else old[part], new[part])
            for points, part in self.point_parts
        ]
        here = any(changed)
        return here if self.comm.size == 1 else bool(self.comm.allreduce(here, op=MPI.LOR))

    def _fixed(self) -> Fixed:
        """What does not move now; made anew only when conditions come or go."""
        key = (self.frozen, *(c.active() for c in self.prescribed))
        if key not in self._fixations:
            blocks = self.field_parts
            self._fixations[key] = fixed_by(self._active(), self.frozen, blocks, self._start)
        return self._fixations[key]
