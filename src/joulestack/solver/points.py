"""Unknowns that live at single points, eliminated from the linear system vertex by vertex.

For every vertex p: the Jacobian of its own equations B = dr/dy + shift dr/d(dy/dt), of these with
respect to the fields C = dr/dg, and of what the fields receive E = df/dy and D = df/dg. The fields
then see S = A + D - E B^-1 C, which has entries only where A has some, and y follows from the
fields. So a thousand particle unknowns in a column of cells cost the global solver nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la
from petsc4py import PETSc

from joulestack._compat import Indices
from joulestack.domain import Domain
from joulestack.fields import Block
from joulestack.physics.context import PointModel
from joulestack.solver.forms import FormSet
from joulestack.solver.prescribed import Fixed

Array = npt.NDArray[np.float64]


SMALL_CURRENT = 1e-3
"""Current density on particles [A/m2] below which its error is not judged by its own size."""


THERMAL_VOLTAGE = 0.05
"""2RT/F at room temperature [V]."""

BEYOND = 0.003
"""How much further beyond empty or full one Newton step may take a surface [-]."""

LIMITED = 0.05
"""A step of a current density changed by less than this part needs no limit."""


class Points:
    """The unknowns of one point model: residual, Jacobian, elimination.

    Attributes:
        model: symbolic.
        block: holds the unknowns.
        nodes, size: owned points and unknowns of each.
        rows, columns: of the matrix, for the feeds and the inputs of each point; -1 without.
        number: points on all ranks.
        rated: whether any unknown has a rate.
    """

    def __init__(
        self, domain: Domain, model: PointModel, forms: FormSet, shift: fem.Constant
    ) -> None:
        """Ask for the forms."""
        self.model, self.block = model, model.block
        self.nodes, self.size = model.block.nodes, model.block.size
        self._rates = np.array(model.block.info.rates)
        self.rated = bool(self._rates.any())
        self.number = domain.comm.allreduce(self.nodes)
        self._exchange: Array | None = None
        self._domain = domain
        mesh = self.block.space.mesh
        self._weight_space = fem.functionspace(mesh, ("Lagrange", 1))
        test = model.restrict(self.block, self.block.test)
        # One integrand for all components: UFL analyses every integral on its own.
        self._residual = forms.add(
            sum(r * test[k] for k, r in enumerate(model.residual)) * model.measure
        )
        one = ufl.TestFunction(self._weight_space)
        self._weight = forms.add(model.restrict(self.block, one) * model.measure)
        own = [_derivatives(r, model.unknowns) for r in model.residual]
        entries = [d for row in own for d in row]
        if model.rates:
            rates = [_derivatives(r, model.rates) for r in model.residual]
            moving = [d for row in rates for d in row]
            entries = [a + shift * b for a, b in zip(entries, moving, strict=True)]
        entries += [
            d for r in model.residual for d in _derivatives(r, [v for _, v in model.inputs])
        ]
        if model.exchange is not None:
            entries.append(model.exchange)
        variables = [*model.unknowns, *(v for _, v in model.inputs)]
        feeds = [d for _, f in model.feeds for d in _derivatives(f, variables)]
        self._count = len(entries)
        self._space = fem.functionspace(mesh, ("Lagrange", 1, (self._count + len(feeds),)))
        w = model.restrict(self.block, ufl.TestFunction(self._space))
        local = sum(e * w[i] for i, e in enumerate(entries))
        density = sum(f * w[self._count + i] for i, f in enumerate(feeds))
        self._jacobian = forms.add(local * model.measure + density * model.weighted)

    def allocate(self, rows: dict[str, Array]) -> None:
        """Take the matrix row of each node of the field blocks (ghosts too), by block name."""
        here = self.block.vertex_nodes(self._domain)
        vertices = np.full(self.nodes, -1, dtype=np.int64)
        owned = np.flatnonzero((here >= 0) & (here < self.nodes))
        vertices[here[owned]] = owned

        def nodes_of(block: Block) -> Indices:
            return block.vertex_nodes(self._domain)[vertices]

        self.inputs = [(b, nodes_of(b)) for b, _ in self.model.inputs]
        self.feeds = [(b, nodes_of(b)) for b, _ in self.model.feeds]
        self._fed = [
            (b.name, np.flatnonzero(nodes >= 0), nodes[nodes >= 0]) for b, nodes in self.feeds
        ]
        self._work = fem.Function(self.block.space).x
        self._entries = fem.Function(self._space).x
        # Views taken once: asking for one costs more than the sums over a small electrode.
        self._values, self._sums = self.block.value.x.array, self._work.array
        self._entry_sums = self._entries.array
        weight = fem.Function(self._weight_space)
        self._weight[0].vector(weight.x.array)
        weight.x.scatter_reverse(la.InsertMode.add)
        # Points without weight (a metal's vertices away from its electrolyte) stay at zero.
        self.volume = weight.x.array[: self.nodes].copy()
        self.active = self.volume > 0
        self._idle = np.flatnonzero(~self.active)
        self._per_volume = np.divide(
            1.0, self.volume, out=np.zeros_like(self.volume), where=self.active
        )
        self.columns = self._matrix_rows(self.inputs, rows)
        self.rows = self._matrix_rows(self.feeds, rows)

    def _matrix_rows(self, pairs: Any, rows: dict[str, Array]) -> Any:
        found = np.stack(
            [np.where(nodes >= 0, rows[b.name][nodes], -1) for b, nodes in pairs], axis=1
        )
        found[~self.active] = -1
        return np.ascontiguousarray(found, dtype=PETSc.IntType)

    def residual(self, out: Array, frozen: bool) -> Array:
        """Residual of the owned points, into `out`; returns the same."""
        self._sums[:] = 0.0
        self._residual[0].vector(self._sums)
        self._work.scatter_reverse(la.InsertMode.add)
        values = self._sums[: self.nodes * self.size].reshape(self.nodes, self.size)
        r = values * self._per_volume[:, None]
        if self._idle.size:
            r[self._idle] = self._values[: out.size].reshape(r.shape)[self._idle]
        if frozen:
            r[:, self._rates] = 0.0
        out[:] = r.ravel()
        return out

    def linearise(self, frozen: bool, fixed: Fixed) -> None:
        """Invert the points' own Jacobian at the present state.

        Args:
            frozen: hold the unknowns that have rates.
            fixed: unknowns of the fields that do not move: no derivative reaches or leaves them.
        """
        n = self.size
        B, C, E, D = self.derivatives()
        if frozen:
            B[:, self._rates, :] = 0.0
            B[:, self._rates, self._rates] = 1.0
            C[:, self._rates, :] = 0.0
        B[self._idle] = np.eye(n)
        for i, (block, nodes) in enumerate(self.inputs):
            if block.name in fixed.nodes:
                C[fixed.nodes[block.name][nodes], :, i] = 0.0
        for i, (block, nodes) in enumerate(self.feeds):
            if block.name in fixed.nodes:
                E[fixed.nodes[block.name][nodes], i, :] = 0.0
        self._inverse = np.linalg.inv(B)
        self._E_inverse = E @ self._inverse
        self._inverse_C = self._inverse @ C
        self._schur = D - self._E_inverse @ C

    def derivatives(self) -> tuple[Array, Array, Array, Array]:
        """B, C, E and D of the module's text at the present state, a matrix for each owned point."""
        self._entry_sums[:] = 0.0
        self._jacobian[0].vector(self._entry_sums)
        self._entries.scatter_reverse(la.InsertMode.add)
        n, m, g = self.size, len(self.inputs), len(self.feeds)
        values = self._entry_sums.reshape(-1, self._count + g * (n + m))[: self.nodes]
        point = values[:, : self._count] * self._per_volume[:, None]
        B = point[:, : n * n].reshape(-1, n, n)
        C = point[:, n * n : n * (n + m)].reshape(-1, n, m)
        self._exchange = None if self.model.exchange is None else point[:, n * (n + m)].copy()
        received = values[:, self._count :].reshape(-1, g, n + m)
        return B, C, received[:, :, :n], received[:, :, n:]

    def scale(self, lithiation: float, voltage: float) -> Array:
        """Size of each unknown's change that matters.

        Args:
            lithiation: for what has a rate.
            voltage: for a current density, what it means for its overpotential [V]; but a change
                of 1e-3 of the largest current density never matters more.
        """
        state = self._values[: self.nodes * self.size].reshape(self.nodes, self.size)
        scales = np.full_like(state, lithiation)
        algebraic = ~self._rates
        largest = np.abs(state[:, algebraic]).max(initial=SMALL_CURRENT)
        scales[:, algebraic] = 1e-3 * largest
        if self._exchange is not None:
            # w = asinh(j / (2 i0)) is the overpotential in units of 2RT/F.
            same = np.hypot(2 * self._exchange, state[:, -1]) * (voltage / THERMAL_VOLTAGE)
            np.maximum(scales[:, -1], same, out=scales[:, -1])
        return scales.ravel()

    def limit(self, old: Array | None, new: Array) -> bool:
        """Shorten a step of Newton's method, or its first guess, where a tangent misleads.

        Args:
            old: unknowns before the step; None for a guess.
            new: unknowns after it; changed in place.

        Returns:
            Whether anything was.
        """
        if not self.nodes:
            return False
        after = new.reshape(self.nodes, self.size)
        before = None if old is None else old.reshape(self.nodes, self.size)
        changed = self._limit_filling(before, after) if self.model.modes else False
        if before is not None and self._exchange is not None:
            changed |= self._limit_current(before, after)
        return changed

    def _limit_filling(self, before: Array | None, after: Array) -> bool:
        """Let the surface go little further beyond empty and full than it is.

        U turns steep there, which no tangent taken inside knows.
        """
        n = self.model.modes
        filling = after[:, :n].sum(axis=1)
        start = 0.5 if before is None else before[:, :n].sum(axis=1)
        allowed = np.clip(filling, np.minimum(start, 0) - BEYOND, np.maximum(start, 1) + BEYOND)
        excess = filling - allowed
        if not excess.any():
            return False
        # Off the gradients, so that the amount of lithium stays; off the mean if there are none.
        after[:, min(1, n - 1) : n] -= (excess / max(n - 1, 1))[:, None]
        return True

    def _limit_current(self, before: Array, after: Array) -> bool:
        """Take a falling current from its driving force instead of from its tangent.

        In z = j/(2 i0) the law is asinh(z): a tangent taken at large z overshoots through zero by
        orders of magnitude when the current falls.
        """
        assert self._exchange is not None
        scale = 2 * np.where(self.active, self._exchange, 1.0)
        z0, z1 = before[:, -1] / scale, after[:, -1] / scale
        if (np.abs(z1 - z0) <= LIMITED * np.hypot(1, z0)).all():
            return False
        w0 = np.arcsinh(z0)
        w1 = w0 + (z1 - z0) / np.sqrt(1 + z0**2)
        crossing = w0 * w1 < 0
        falling = ~crossing & (np.abs(w1) < np.abs(w0))
        limited = np.where(crossing, w1, np.where(falling, np.sinh(np.where(falling, w1, 0.0)), z1))
        changed = np.abs(limited - z1) > LIMITED * (1 + np.abs(z0))
        after[changed, -1] = (limited * scale)[changed]
        return bool(changed.any())

    def add_schur(self, A: PETSc.Mat) -> None:
        """Add D - E B^-1 C to the fields' matrix."""
        if self.nodes:
            A.setValuesRCV(self.rows, self.columns, self._schur, PETSc.InsertMode.ADD_VALUES)

    def reduce(self, b: Array, add: dict[str, Array]) -> None:
        """Take -E B^-1 b off the fields' right-hand side; `add` has an array for each block."""
        drop = np.matmul(self._E_inverse, b.reshape(self.nodes, self.size, 1))[:, :, 0]
        for i, (name, here, nodes) in enumerate(self._fed):
            np.subtract.at(add[name], nodes, drop[here, i])

    def recover(self, b: Array, fields: dict[str, Array], out: Array) -> None:
        """y = B^-1 (b - C g) from the fields' part of the solution."""
        g = np.stack(
            [np.where(nodes >= 0, fields[b_.name][nodes], 0.0) for b_, nodes in self.inputs], axis=1
        )
        y = np.matmul(self._inverse, b.reshape(self.nodes, self.size, 1))
        y -= np.matmul(self._inverse_C, g[:, :, None])
        out[:] = y.ravel()


def _derivatives(expression: Any, variables: Any) -> list[Any]:
    return [ufl.diff(expression, v) for v in variables]
