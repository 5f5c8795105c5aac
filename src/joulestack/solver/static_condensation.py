"""A linear solve with the points eliminated, dressed as a preconditioner that is applied once.

Newton's method sees all unknowns; the solver inside sees the fields alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack.solver.system import BlockSystem

Array = npt.NDArray[np.float64]


class StaticCondensation:
    """Context of a PETSc python preconditioner.

    Attributes:
        inner: solver of the fields; to be configured.
        iterations: of the inner solver so far.
        keep: an iterative solver keeps its preconditioner. Between the iterations of one time step
            it fits as well as a new one; to the next step, of another length, it does not.
    """

    def __init__(self, system: BlockSystem) -> None:
        """Solve `system`."""
        self.system = system
        self.inner = PETSc.KSP().create(system.comm)
        self.iterations = 0
        self.keep = False
        self._b = system.matrix.createVecRight()
        self._x = system.matrix.createVecRight()

    def attach(self, outer: PETSc.KSP) -> None:
        """Make `outer` apply this once; after its own options have been read."""
        outer.setType("preonly")
        pc = outer.getPC()
        pc.setType("python")
        pc.setPythonContext(self)

    def setUp(self, pc: PETSc.PC) -> None:
        """A new Jacobian: factorise anew when next used."""
        pc.setFailedReason(PETSc.PC.FailedReason.NOERROR)  # of an earlier solve: PETSc keeps it
        self.inner.setOperators(self.system.matrix)
        iterative = self.inner.getType() != PETSc.KSP.Type.PREONLY
        self.inner.getPC().setReusePreconditioner(self.keep and iterative)

    def apply(self, pc: PETSc.PC, b: PETSc.Vec, x: PETSc.Vec) -> None:
        """Fields first, then the points that follow from them."""
        right = b.array_r
        self._b.array[:] = self.reduce(right)
        self.inner.solve(self._b, self._x)
        self.iterations += self.inner.getIterationNumber()
        if self.inner.getConvergedReason() < 0:
            pc.setFailedReason(PETSc.PC.FailedReason.SUBPC_ERROR)
        self.recover(self._x.array_r, right, x.array)

    def reduce(self, b: Array) -> Array:
        """Right-hand side of the fields once the points are eliminated."""
        system = self.system
        local = np.zeros(system.local.size)
        for points, part in system.point_parts:
            points.reduce(b[part], local)
        return b[: system.field_size] + system.local.gather(local)

    def recover(self, fields: Array, b: Array, x: Array) -> None:
        """Whole solution `x` from that of the fields."""
        system = self.system
        x[: system.field_size] = fields
        local = system.local.spread(fields)
        for points, part in system.point_parts:
            points.recover(b[part], local, x[part])
