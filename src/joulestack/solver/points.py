"""Unknowns that live at single points, eliminated from the linear system vertex by vertex.

For every vertex p: the Jacobian of its own equations B = dr/dy + shift dr/d(dy/dt), of these with
respect to the fields C = dr/dg, and of what the fields receive E = df/dy and D = df/dg. The fields
then see S = A + D - E B^-1 C, which has entries only where A has some, and y follows from the
fields. So a thousand particle unknowns in a column of cells cost the global solver nothing.

Everything at a vertex follows from the values there, so the forms visit each vertex once or twice
(`cover.py`) and not in all its cells; what the fields receive is a density times the vertex's share
of the volume.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la
from petsc4py import PETSc

from joulestack._compat import Indices
from joulestack.domain import Domain
from joulestack.fields import Block
from joulestack.physics.context import NODAL, PointModel, RegionGroup
from joulestack.solver import damping
from joulestack.solver.cover import cover
from joulestack.solver.forms import CELL, Assembled, FormSet, Subdomains
from joulestack.solver.prescribed import Fixed

Array = npt.NDArray[np.float64]


class Points:
    """The unknowns of one point model: residual, Jacobian, elimination.

    Attributes:
        model: symbolic.
        block: holds the unknowns.
        nodes, size: owned points and unknowns of each.
        rows, columns: of the matrix, for the feeds and the inputs of each point; -1 without.
        number: points on all ranks.
        rated: whether any unknown has a rate.
        weight: share of the volume (of the face) that belongs to each owned point [m3, m2].
        active: owned points that have one.
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
        where = _few(domain, model)
        one = ufl.TestFunction(self._space(1))
        self._own_weight = forms.add(model.restrict(self.block, one[0]) * model.measure, where)
        self._weight = forms.add(model.restrict(self.block, one[0]) * model.weighted)
        values = [*model.residual, *(f for _, f in model.feeds)]
        self._residual = forms.add(self._at_points(values), where)
        inputs = [v for _, v in model.inputs]
        own = [_derivatives(r, model.unknowns) for r in model.residual]
        entries = [d for row in own for d in row]
        if model.rates:
            rates = [_derivatives(r, model.rates) for r in model.residual]
            moving = [d for row in rates for d in row]
            entries = [a + shift * b for a, b in zip(entries, moving, strict=True)]
        entries += [d for r in model.residual for d in _derivatives(r, inputs)]
        entries += [d for _, f in model.feeds for d in _derivatives(f, [*model.unknowns, *inputs])]
        if model.exchange is not None:
            entries.append(model.exchange)
        self._count = len(entries)
        self._jacobian = forms.add(self._at_points(entries), where)

    def _space(self, components: int) -> fem.FunctionSpace:
        return fem.functionspace(self.block.space.mesh, ("Lagrange", 1, (components,)))

    def _at_points(self, values: Sequence[Any]) -> Any:
        """Form whose sums are the values at the points times `_own_weight`.

        One integrand for all: UFL analyses every integral on its own.
        """
        test = self.model.restrict(self.block, ufl.TestFunction(self._space(len(values))))
        return sum(v * test[i] for i, v in enumerate(values)) * self.model.measure

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
        self._feed_count = len(self.feeds)
        self._rows = _Sums(self._residual, self._space(self.size + self._feed_count), self.nodes)
        self._entries = _Sums(self._jacobian, self._space(self._count), self.nodes)
        self._values = self.block.value.x.array
        own, whole = (
            _Sums(form, self._space(1), self.nodes).take()[:, 0].copy()
            for form in (self._own_weight, self._weight)
        )
        # Points without weight (a metal's vertices away from its electrolyte) stay at zero.
        self.active = own > 0
        self._idle = np.flatnonzero(~self.active)
        self._per_weight = np.divide(1.0, own, out=np.zeros_like(own), where=self.active)[:, None]
        self.weight = np.where(self.active, whole, 0.0)
        self._flow_weight = self._per_weight * self.weight[:, None]
        self.columns = self._matrix_rows(self.inputs, rows)
        self.rows = self._matrix_rows(self.feeds, rows)

    def _matrix_rows(self, pairs: Any, rows: dict[str, Array]) -> Any:
        found = np.stack(
            [np.where(nodes >= 0, rows[b.name][nodes], -1) for b, nodes in pairs], axis=1
        )
        found[~self.active] = -1
        return np.ascontiguousarray(found, dtype=PETSc.IntType)

    def residual(self, out: Array, frozen: bool, fed: Mapping[str, Array]) -> Array:
        """Residual of the owned points, into `out`, and what the fields receive.

        Args:
            out: of the unknowns.
            frozen: those that have rates are held.
            fed: array of each field block (ghosts too), to which its feed is added.

        Returns:
            `out`.
        """
        sums, n = self._rows.take(), self.size
        r = out.reshape(self.nodes, n)
        np.multiply(sums[:, :n], self._per_weight, out=r)
        if self._idle.size:
            r[self._idle] = self._values[: out.size].reshape(r.shape)[self._idle]
        if frozen:
            r[:, self._rates] = 0.0
        flows = sums[:, n:] * self._flow_weight
        for i, (name, here, nodes) in enumerate(self._fed):
            fed[name][nodes] += flows[here, i]
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
        sums = self._entries.take()
        n, m, g = self.size, len(self.inputs), self._feed_count
        own = sums[:, : n * (n + m)] * self._per_weight
        first = n * (n + m)
        received = sums[:, first : first + g * (n + m)] * self._flow_weight
        if self.model.exchange is not None:
            self._exchange = sums[:, -1] * self._per_weight[:, 0]
        B = own[:, : n * n].reshape(-1, n, n)
        C = own[:, n * n :].reshape(-1, n, m)
        received = received.reshape(-1, g, n + m)
        return B, C, received[:, :, :n], received[:, :, n:]

    def scale(self, lithiation: float, voltage: float) -> Array:
        """Size of each unknown's change that matters; see `damping.scale`."""
        state = self._values[: self.nodes * self.size].reshape(self.nodes, self.size)
        return damping.scale(state, self._rates, self._exchange, lithiation, voltage)

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
        changed = False
        if self.model.modes:
            changed = damping.limit_filling(before, after, self.model.modes)
        if before is not None and self._exchange is not None:
            changed |= damping.limit_current(before, after, self._exchange, self.active)
        return changed

    def add_schur(self, A: PETSc.Mat) -> None:
        """Add D - E B^-1 C to the fields' matrix."""
        if self.nodes:
            A.setValuesRCV(self.rows, self.columns, self._schur, PETSc.InsertMode.ADD_VALUES)

    def reduce(self, b: Array, add: dict[str, Array]) -> None:
        """Take -E B^-1 b off the fields' right-hand side; `add` has an array for each block."""
        drop = np.matmul(self._E_inverse, b.reshape(self.nodes, self.size, 1))[:, :, 0]
        for i, (name, here, nodes) in enumerate(self._fed):
            add[name][nodes] -= drop[here, i]

    def recover(self, b: Array, fields: dict[str, Array], out: Array) -> None:
        """y = B^-1 (b - C g) from the fields' part of the solution."""
        g = np.stack(
            [np.where(nodes >= 0, fields[b_.name][nodes], 0.0) for b_, nodes in self.inputs], axis=1
        )
        y = np.matmul(self._inverse, b.reshape(self.nodes, self.size, 1))
        y -= np.matmul(self._inverse_C, g[:, :, None])
        out[:] = y.ravel()


class _Sums:
    """A form's sums over the points, by owned point.

    Views are taken once: asking for one costs more than the sums over a small electrode.
    """

    def __init__(self, form: list[Assembled], space: fem.FunctionSpace, nodes: int) -> None:
        self._form, self._vector = form, fem.Function(space).x
        self._array = self._vector.array
        width = space.dofmap.bs
        self._rows = self._array[: nodes * width].reshape(nodes, width)
        self._alone = space.mesh.comm.size == 1

    def take(self) -> Array:
        """Assemble; the result is overwritten by the next call."""
        self._array[:] = 0.0
        self._form[0].vector(self._array)
        if not self._alone:
            self._vector.scatter_reverse(la.InsertMode.add)
        return self._rows


def _few(domain: Domain, model: PointModel) -> Subdomains | None:
    """Cells that touch every point of a model; None for all of its facets."""
    if not isinstance(model.group, RegionGroup):
        return None
    found = []
    for region in model.group.regions:
        cells = domain.cells_of([region])
        taken = cover(model.block.space.dofmap.list[model.block.cells(cells)])
        found.append((NODAL + region.id, cells[taken]))
    return {CELL: sorted(found, key=lambda pair: pair[0])}


def _derivatives(expression: Any, variables: Any) -> list[Any]:
    return [ufl.diff(expression, v) for v in variables]
