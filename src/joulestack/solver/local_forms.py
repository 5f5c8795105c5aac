"""What is evaluated at points: their residual, what they feed to the fields, and all derivatives.

Everything at a vertex follows from the values there, so the forms visit each vertex once or twice
(`cover.py`) and not in all its cells. A sum over the visited cells, divided by the same sum of
ones, is the value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la

from joulestack.discretisation.domain import Domain
from joulestack.physics.context import RegionGroup
from joulestack.physics.terms import Inside, LocalModel
from joulestack.solver import native
from joulestack.solver.forms import CELL, Assembled, FormSet, Subdomains
from joulestack.solver.node_covering import cover

Array = npt.NDArray[np.float64]


class LocalForms:
    """Forms of one point model.

    Attributes:
        own: one over the sum of ones at each owned point, zero for a point without weight.
        weight: share of the volume (of the face) that belongs to each owned point [m3, m2].
        rows: sums of the residual, then of the feeds.
        entries: sums of dr/dy + shift dr/d(dy/dt), dr/dg, then of the derivatives of each feed by
            y and g, last of the exchange current density if there is one; all row-major.
        count: of the entries.
    """

    def __init__(
        self, domain: Domain, model: LocalModel, forms: FormSet, shift: fem.Constant
    ) -> None:
        """Ask for the forms."""
        self._model, self._block = model, model.block
        where = _few(domain, model)
        one = ufl.TestFunction(self._space(1))
        self._ones = forms.add(model.restrict(self._block, one[0]) * model.measure, where)
        self._weight = forms.add(model.restrict(self._block, one[0]) * model.weighted)
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
        self.count = len(entries)
        self._jacobian = forms.add(self._at_points(entries), where)
        self._inside = None
        if model.inside is not None:
            self._inside = _Inside(model, model.inside, self._space, self._at_points, forms, where)

    def allocate(self) -> None:
        """Assemble the weights (after the forms are compiled)."""
        ones, whole = (
            self._sums(form, 1).take()[:, 0].copy() for form in (self._ones, self._weight)
        )
        self.own: Array = np.divide(1.0, ones, out=np.zeros_like(ones), where=ones > 0)
        self.weight: Array = np.where(ones > 0, whole, 0.0)
        self.rows = self._sums(self._residual, len(self._model.residual) + len(self._model.feeds))
        self.entries = self._sums(self._jacobian, self.count)
        if self._inside is not None:
            self._inside.allocate(self._sums)

    def residual(self) -> None:
        """Sums of the residual and of the feeds at the present state, into `rows`."""
        rows = self.rows.take()
        if self._inside is not None:
            self._inside.add_to_rows(rows)

    def derivatives(self) -> Array:
        """Sums of all derivatives at the present state, into `entries`; they are given too."""
        entries = self.entries.take()
        if self._inside is not None:
            self._inside.add_to_entries(entries)
        return entries

    def _sums(self, form: list[Assembled], width: int) -> Sums:
        return Sums(form, self._space(width), self._block.nodes)

    def _space(self, components: int) -> fem.FunctionSpace:
        return fem.functionspace(self._block.space.mesh, ("Lagrange", 1, (components,)))

    def _at_points(self, values: Sequence[Any]) -> Any:
        """One integrand for all: UFL analyses every integral on its own."""
        test = self._model.restrict(self._block, ufl.TestFunction(self._space(len(values))))
        return _balanced([v * test[i] for i, v in enumerate(values)]) * self._model.measure


class _Inside:
    """A law at places inside of points: compiled for each place, summed in C."""

    def __init__(
        self,
        model: LocalModel,
        given: Inside,
        space: Callable[[int], fem.FunctionSpace],
        at_points: Callable[[Sequence[Any]], Any],
        forms: FormSet,
        where: Subdomains | None,
    ) -> None:
        """Ask for the forms."""
        self._places, self._modes = given.values.shape
        self._inputs, self._size = len(model.inputs), len(model.unknowns)
        self._block = model.block
        self._x = fem.Function(space(self._places))
        self._kept = [np.ascontiguousarray(a) for a in (given.values, given.pull)]
        self._values, self._pull = map(native.pointer, self._kept)
        x = [ufl.variable(model.restrict(model.block, self._x[q])) for q in range(self._places)]
        laws = [given.law(v) for v in x]
        slopes = [ufl.diff(law, v) for law, v in zip(laws, x, strict=True)]
        by = [ufl.diff(law, v) for _, v in model.inputs for law in laws]
        self._law = forms.add(at_points(laws), where)
        self._laws = forms.add(at_points([*laws, *slopes, *by]), where)

    def allocate(self, sums: Callable[[list[Assembled], int], Sums]) -> None:
        """After the forms are compiled."""
        self._law_sums = sums(self._law, self._places)
        self._laws_sums = sums(self._laws, self._places * (2 + self._inputs))
        _, self._lib = native.library()
        self._state = native.pointer(self._block.value.x.array)

    def _look(self, sums: Sums) -> Any:
        """Evaluate the law where the points are now."""
        x = self._x.x.array
        self._lib.inside(
            x.size // self._places, self._size, self._modes, self._places, self._values,
            self._state, native.pointer(x),
        )  # fmt: skip
        return native.pointer(sums.take())

    def add_to_rows(self, rows: Array) -> None:
        """Add to the sums of the residual."""
        law = self._look(self._law_sums)
        self._lib.flow(
            *(len(rows), self._size, rows.shape[1], self._modes, self._places), self._pull,
            self._state, law, native.pointer(rows),
        )  # fmt: skip

    def add_to_entries(self, entries: Array) -> None:
        """Add to the sums of the derivatives."""
        laws = self._look(self._laws_sums)
        self._lib.flow_slopes(
            *(len(entries), self._size, self._inputs, entries.shape[1], self._modes, self._places),
            self._values, self._pull, self._state, laws, native.pointer(entries),
        )  # fmt: skip


class Sums:
    """A form's sums over the points, by owned point.

    Views are taken once: asking for one costs more than the sums over a small electrode.

    Attributes:
        values: of the last `take`.
    """

    def __init__(self, form: list[Assembled], space: fem.FunctionSpace, nodes: int) -> None:
        """Of the first `nodes` of a vector-valued space."""
        self._form, self._vector = form, fem.Function(space).x
        self._array = self._vector.array
        width = space.dofmap.bs
        self.values: Array = self._array[: nodes * width].reshape(nodes, width)
        self._alone = space.mesh.comm.size == 1

    def take(self) -> Array:
        """Assemble; the result is overwritten by the next call."""
        self._array[:] = 0.0
        self._form[0].vector(self._array)
        if not self._alone:
            self._vector.scatter_reverse(la.InsertMode.add)
        return self.values


def _balanced(terms: list[Any]) -> Any:
    """Sum as a tree of little depth: UFL descends by recursion, and Python has a limit."""
    half = len(terms) // 2
    return terms[0] if not half else _balanced(terms[:half]) + _balanced(terms[half:])


def _few(domain: Domain, model: LocalModel) -> Subdomains | None:
    """Cells that touch every point of a model; None for all of its facets."""
    if not isinstance(model.group, RegionGroup):
        return None
    cells = domain.cells_of(model.group.regions)
    taken = cover(model.block.space.dofmap.list[model.block.cells(cells)])
    return {CELL: [(model.group.integral_id, cells[taken])]}


def _derivatives(expression: Any, variables: Any) -> list[Any]:
    return [ufl.diff(expression, v) for v in variables]
