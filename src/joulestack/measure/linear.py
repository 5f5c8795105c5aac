"""A model linearised about its present state: (J + s M) du = b at any complex rate s.

The Jacobian J + shift M is linear in the shift, so two assemblies give both; points are eliminated
vertex by vertex at each s, as in `solver/points.py`. Potentials matter by their differences only.
In a metal foil these are 1e-13 of the potential itself, and where capacitors alone tie a foil to
the terminals, the round-off of its conductance is as large as they are. So the factors of the
assembled matrix are only a preconditioner, for a product that takes differences first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, gmres, splu

from joulestack.errors import CaseError, ConvergenceError, Problem
from joulestack.model import Model

Complex = npt.NDArray[np.complex128]
Floats = npt.NDArray[np.float64]
Law = Callable[[complex], complex]

PROBE = 1e6
"""Rate [1/s] at which M is read off; results do not depend on it."""

TOLERANCE = 1e-10
"""Relative error aimed at."""

ACCEPTED = 1e-7
"""Relative error of a solution that is still given out."""


def one_rank(model: Model) -> None:
    """Measurements factorise on one rank.

    Raises:
        CaseError: there are several.
    """
    if model.domain.comm.size > 1:
        raise CaseError(
            Problem("MPI", "measurements run on one process", "start them without mpirun or -n")
        )


class Linearised:
    """Matrices of a finished model in its present state.

    Attributes:
        size: unknowns that are left.
        free: matrix rows that they have.
    """

    def __init__(
        self, model: Model, held: npt.NDArray[np.integer], laws: Mapping[str, Law] | None = None
    ) -> None:
        """Assemble.

        Args:
            model: values and rates of the state in place.
            held: matrix rows of unknowns that do not move.
            laws: store of charge (`model.charging`, or "blocking") -> its rate at s, if not s.
        """
        one_rank(model)
        self._laws = dict(laws or {})
        system = model.system
        base, self._steady_points = self._assembled(model, 0.0)
        moved, moving_points = self._assembled(model, PROBE)
        self._moving_points = [
            (b - a) / PROBE
            for (a, *_), (b, *_) in zip(self._steady_points, moving_points, strict=True)
        ]
        stored = {}
        for name, rate in model.charging.items():
            rate.value = PROBE
            stored[name] = (self._assembled(model, 0.0)[0].data - base.data) / PROBE
            rate.value = 0.0
        self._steady, self._moving = base, (moved.data - base.data) / PROBE
        self._stored = {name: data for name, data in stored.items() if data.any()}
        self._where = [(p.rows, p.columns) for p in system.points]
        self._names = [p.block.info.key.rstrip("0123456789") for p in system.points]
        rows = np.ones(system.field_size, dtype=bool)
        rows[held] = False
        self.free = np.flatnonzero(rows)
        self.size = len(self.free)
        self._potential = np.ones(system.field_size, dtype=bool)
        for part in system.rows("T"):
            self._potential[part] = False

    def _assembled(
        self, model: Model, shift: float
    ) -> tuple[Any, list[tuple[Floats, Floats, Floats]]]:
        system = model.system
        system.assemble(shift)
        points = []
        for p in system.points:
            B, C, E = p.derivatives()
            B[~p.active] = np.eye(p.size)
            points.append((B, C, E))
        A = system.matrix
        A.assemble()
        start, columns, data = A.getValuesCSR()
        size = system.field_size
        return sp.csr_matrix((data.copy(), columns.copy(), start.copy()), (size, size)), points

    def matrix(self, s: complex) -> Any:
        """J + s M of all fields' unknowns, the points eliminated."""
        data = self._steady.data + s * self._moving
        for name, stored in self._stored.items():
            data = data + self._laws.get(name, _itself)(s) * stored
        whole = sp.csr_matrix((data, self._steady.indices, self._steady.indptr), self._steady.shape)
        for (B, C, E), moving, (rows, columns), name in zip(
            self._steady_points, self._moving_points, self._where, self._names, strict=True
        ):
            rate = self._laws.get(name, _itself)(s)
            schur = -E @ np.linalg.solve(B + rate * moving, C.astype(complex))
            i = np.broadcast_to(rows[:, :, None], schur.shape)
            k = np.broadcast_to(columns[:, None, :], schur.shape)
            take = (i >= 0) & (k >= 0)
            whole = whole + sp.csr_matrix((schur[take], (i[take], k[take])), whole.shape)
        return whole.tocsr()

    def solve(self, s: complex, b: Floats) -> Complex:
        """Response of all fields' unknowns to -b in their residuals; held ones stay zero.

        Raises:
            ConvergenceError: there is no response at this rate.
        """
        whole = self.matrix(s)
        free = whole[self.free][:, self.free].tocsc()
        try:
            factors = splu(free)
        except RuntimeError:
            raise ConvergenceError(f"nothing fixes the response at s = {s:.3g} 1/s") from None
        product = self._by_differences(whole)
        operator = LinearOperator(
            free.shape, lambda x: factors.solve(product(x.ravel())), dtype=complex
        )
        first = factors.solve(b[self.free].astype(complex))
        x, _ = gmres(operator, first, x0=first, rtol=TOLERANCE, atol=0.0, restart=10, maxiter=2)
        left = np.linalg.norm(operator.matvec(x) - first)
        if not left <= ACCEPTED * np.linalg.norm(first):
            raise ConvergenceError(f"the response at s = {s:.3g} 1/s could not be resolved")
        out = np.zeros(len(b), dtype=complex)
        out[self.free] = x
        return out

    def _by_differences(self, whole: Any) -> Callable[[Complex], Complex]:
        """x -> A x, where a row of a potential takes potentials less its own."""
        A = whole.tocoo()
        free = np.full(whole.shape[0], -1)
        free[self.free] = np.arange(self.size)
        inside = (free[A.row] >= 0) & (A.data != 0)
        between = inside & self._potential[A.row] & self._potential[A.col]
        row, column, data = free[A.row[between]], free[A.col[between]], A.data[between]
        edge = (row != column) & (column >= 0)
        count, n = int(edge.sum()), self.size
        ends = np.arange(count)
        difference = sp.csr_matrix((np.ones(count), (ends, column[edge])), (count, n)) - (
            sp.csr_matrix((np.ones(count), (ends, row[edge])), (count, n))
        )
        flows = sp.csr_matrix((data[edge], (row[edge], ends)), (n, count))
        to_held = np.zeros(n, dtype=complex)
        np.subtract.at(to_held, row[column < 0], data[column < 0])
        rest = inside & ~between & (free[A.col] >= 0)
        others = sp.csr_matrix((A.data[rest], (free[A.row[rest]], free[A.col[rest]])), (n, n))
        return lambda x: flows @ (difference @ x) + to_held * x + others @ x


def _itself(s: complex) -> complex:
    return s
