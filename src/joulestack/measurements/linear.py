"""A model linearised about its present state: (J + s M) du = b at any complex rate s.

The Jacobian J + shift M is linear in the shift, so two assemblies give both; local unknowns are
eliminated vertex by vertex at each s, as in `solver/local_unknowns.py`. Potentials matter by their
differences only. In a metal foil these are 1e-13 of the potential itself, and where capacitors
alone tie a foil to the terminals, the round-off of its conductance is as large as they are. So the
factors of the assembled matrix are only a preconditioner, for a product that takes differences
first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, gmres, splu

from joulestack.declarations import CHARGE
from joulestack.errors import ConvergenceError
from joulestack.simulation.model import Model

Complex = npt.NDArray[np.complex128]
Floats = npt.NDArray[np.float64]
Law = Callable[[complex], complex]

PROBE = 1e6
"""Rate [1/s] at which M is read off; results do not depend on it."""

RELATIVE_RESIDUAL = 1e-10
"""Relative error aimed at."""

ACCEPTED = 1e-7
"""Relative error of a solution that is still given out."""


def together(comm: Any, local: Any) -> Any:
    """Arrays of all ranks one behind another, on the first rank; an empty one on the others."""
    parts = comm.gather(local)
    return local[:0] if parts is None else np.concatenate(parts)


class Linearised:
    """Matrices of a finished model in its present state, assembled on all ranks, kept on the first.

    Vectors are those of all ranks, in the order of the matrix. Every call is collective.
    """

    def __init__(
        self, model: Model, held: npt.NDArray[np.integer], laws: Mapping[str, Law] | None = None
    ) -> None:
        """Assemble.

        Args:
            model: values and rates of the state in place.
            held: unknowns that do not move: rows of the matrix, counted from this rank's first.
            laws: store of charge (`terms.charging`, or "blocking") -> its rate at s, if not s.
        """
        self._laws = dict(laws or {})
        self._comm, system = model.domain.comm, model.system
        base, self._steady_points = self._assembled(model, 0.0)
        moved, moving_points = self._assembled(model, PROBE)
        self._moving_points = [
            (b - a) / PROBE
            for (a, *_), (b, *_) in zip(self._steady_points, moving_points, strict=True)
        ]
        self._stored: dict[str, tuple[Any, list[tuple[Any, ...]]]] = {}
        for name, rate in model.terms.charging.items():
            rate.value = PROBE
            entries, points = self._assembled(model, 0.0)
            rate.value = 0.0
            parts = [
                tuple((b - a) / PROBE for a, b in zip(*pair, strict=True))
                for pair in zip(self._steady_points, points, strict=True)
            ]
            data = (entries[2] - base[2]) / PROBE
            if data.any() or any(part.any() for point in parts for part in point):
                self._stored[name] = data, parts
        self._pattern, self._steady = base[:2], base[2]
        self._moving = (moved[2] - base[2]) / PROBE
        self._where = [
            (together(self._comm, p.rows), together(self._comm, p.columns)) for p in system.points
        ]
        self._names = [p.block.info.kind for p in system.points]
        rows = np.ones(system.field_size, dtype=bool)
        rows[held] = False
        self._free = np.flatnonzero(together(self._comm, rows))
        potential = np.zeros(system.field_size, dtype=bool)
        for key, info in system.infos.items():
            for part in system.rows(key):
                potential[part] = info.balance == CHARGE
        self._potential = together(self._comm, potential)

    def _assembled(
        self, model: Model, shift: float
    ) -> tuple[tuple[Any, Any, Any], list[tuple[Floats, ...]]]:
        """Entries of each row, their columns and values; B, C, E and D of the points."""
        system = model.system
        system.assemble(shift)
        points = []
        for p in system.points:
            B, C, E, D = p.derivatives()
            B[~p.active] = np.eye(p.size)
            points.append(tuple(together(self._comm, part) for part in (B, C, E, D)))
        A = system.matrix
        A.assemble()
        start, columns, data = A.getValuesCSR()
        counts, columns, data = (
            together(self._comm, part) for part in (np.diff(start), columns, data)
        )
        return (counts, columns, data), points

    def _matrix(self, s: complex) -> Any:
        """J + s M of all fields' unknowns, the points eliminated."""
        data = self._steady + s * self._moving
        points = [tuple(part.astype(complex) for part in p) for p in self._steady_points]
        for name, (stored, inside) in self._stored.items():
            rate = self._laws.get(name, _itself)(s)
            data = data + rate * stored
            points = [
                tuple(a + rate * b for a, b in zip(*pair, strict=True))
                for pair in zip(points, inside, strict=True)
            ]
        counts, columns = self._pattern
        starts = np.concatenate([[0], np.cumsum(counts)])
        whole = sp.csr_matrix((data, columns, starts), (len(counts), len(counts)))
        for (B, C, E, D), moving, (feeds, inputs), name in zip(
            points, self._moving_points, self._where, self._names, strict=True
        ):
            rate = self._laws.get(name, _itself)(s)
            schur = D - E @ np.linalg.solve(B + rate * moving, C)
            i = np.broadcast_to(feeds[:, :, None], schur.shape)
            k = np.broadcast_to(inputs[:, None, :], schur.shape)
            take = (i >= 0) & (k >= 0)
            whole = whole + sp.csr_matrix((schur[take], (i[take], k[take])), whole.shape)
        return whole.tocsr()

    def solve(self, s: complex, b: Floats) -> Complex:
        """Response of all fields' unknowns to -b in their residuals; held ones stay zero.

        Raises:
            ConvergenceError: there is no response at this rate.
        """
        found: Complex | ConvergenceError | None = None
        if self._comm.rank == 0:
            try:
                found = self._solved(s, b)
            except ConvergenceError as error:
                found = error
        found = self._comm.bcast(found)
        if isinstance(found, ConvergenceError):
            raise found
        assert found is not None
        return found

    def _solved(self, s: complex, b: Floats) -> Complex:
        whole = self._matrix(s)
        free = whole[self._free][:, self._free].tocsc()
        try:
            factors = splu(free)
        except RuntimeError:
            raise ConvergenceError(f"nothing fixes the response at s = {s:.3g} 1/s") from None
        product = self._by_differences(whole)
        operator = LinearOperator(
            free.shape, lambda x: factors.solve(product(x.ravel())), dtype=complex
        )
        first = factors.solve(b[self._free].astype(complex))
        x, _ = gmres(
            operator, first, x0=first, rtol=RELATIVE_RESIDUAL, atol=0.0, restart=10, maxiter=2
        )
        left = np.linalg.norm(operator.matvec(x) - first)
        if not left <= ACCEPTED * np.linalg.norm(first):
            raise ConvergenceError(f"the response at s = {s:.3g} 1/s could not be resolved")
        out = np.zeros(len(b), dtype=complex)
        out[self._free] = x
        return out

    def _by_differences(self, whole: Any) -> Callable[[Complex], Complex]:
        """x -> A x, where a row of a potential takes potentials less its own."""
        A = whole.tocoo()
        free = np.full(whole.shape[0], -1)
        free[self._free] = np.arange(len(self._free))
        inside = (free[A.row] >= 0) & (A.data != 0)
        between = inside & self._potential[A.row] & self._potential[A.col]
        row, column, data = free[A.row[between]], free[A.col[between]], A.data[between]
        edge = (row != column) & (column >= 0)
        count, n = int(edge.sum()), len(self._free)
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
