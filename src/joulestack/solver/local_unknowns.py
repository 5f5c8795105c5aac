"""Unknowns that live at single points, eliminated from the linear system vertex by vertex.

For every vertex p: the Jacobian of its own equations B = dr/dy + shift dr/d(dy/dt), of these with
respect to the fields C = dr/dg, and of what the fields receive E = df/dy and D = df/dg. The fields
then see S = A + D - E B^-1 C, which has entries only where A has some, and y follows from the
fields. So a thousand particle unknowns in a column of cells cost the global solver nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from petsc4py import PETSc

from joulestack._compat import Indices
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.errors import CaseError, Problem
from joulestack.physics.terms import Component, LocalModel
from joulestack.solver import native
from joulestack.solver.forms import FormSet
from joulestack.solver.local_forms import LocalForms
from joulestack.solver.prescribed import Fixed
from joulestack.tolerances import POTENTIAL, Tolerances

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.uint8]

TWICE_THERMAL_VOLTAGE = 0.05
"""2RT/F at room temperature [V]."""

BEYOND = 0.003
"""How much further beyond empty or full one Newton step may take a surface [-]."""

LIMITED = 0.05
"""A step of a current density changed by less than this part needs no limit."""

MOST_UNKNOWNS = 64
"""Unknowns of a point that `local_unknowns.c` has room for."""


_KEPT = ("own", "flow", "inverse", "E_inverse", "inverse_C", "schur", "exchange")
_NODES = ("inputs", "feeds")


@dataclass(frozen=True)
class Scales:
    """Sizes of change that matter alike.

    Attributes:
        absolute: of each unknown of a point [its unit], a pointer.
        of_largest: of each, as part of its largest magnitude on this rank [-], a pointer.
        overpotential: of what drives the last unknown where that has an exchange current density,
            in units of 2RT/F.
    """

    absolute: Any
    of_largest: Any
    overpotential: float


class LocalUnknowns:
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
        self, domain: Domain, model: LocalModel, forms: FormSet, shift: fem.Constant
    ) -> None:
        """Ask for the forms.

        Raises:
            CaseError: more unknowns at a point than there is room for.
        """
        self.model, self.block = model, model.block
        self.nodes, self.size = model.block.nodes, model.block.size
        if self.size > MOST_UNKNOWNS:
            what = f"{self.size} unknowns at a vertex; at most {MOST_UNKNOWNS} are solved for"
            right = "take fewer; 6 to 12 radial_modes resolve a sphere"
            raise CaseError(Problem(self.block.info.label, what, right))
        for entry, _ in (*model.inputs, *model.feeds):
            block, _ = _component(entry)
            if block.space.ufl_element().degree > 1:
                what = "lives at vertices alone, where fields of degree 2 have nodes elsewhere too"
                raise CaseError(Problem(self.block.info.label, what, "take degree = 1"))
        self._rates = np.array(model.block.info.rates)
        self.rated = bool(self._rates.any())
        self.number = domain.comm.allreduce(self.nodes)
        self._domain = domain
        self._forms = LocalForms(domain, model, forms, shift)

    def allocate(self, fields: Mapping[str, tuple[int, Indices]]) -> None:
        """Find the points' nodes in the fields.

        Args:
            fields: by block name, where the block begins in the local array of all fields, and the
                matrix row of each of its unknowns (ghosts too).
        """
        self._fields = fields
        here = self.block.vertex_nodes(self._domain)
        vertices = np.full(self.nodes, -1, dtype=np.int64)
        owned = np.flatnonzero((here >= 0) & (here < self.nodes))
        vertices[here[owned]] = owned

        def dofs_of(entry: Block | Component) -> tuple[Block, Indices]:
            block, component = _component(entry)
            nodes = block.vertex_nodes(self._domain)[vertices]
            return block, np.where(nodes >= 0, nodes * block.size + component, -1)

        feeds, inputs = ([b for b, _ in p] for p in (self.model.feeds, self.model.inputs))
        n, m, g = self.size, len(inputs), len(feeds)
        self._shape = self.nodes, n, m, g
        found = self._forms
        found.allocate()
        self._rows, self._entries, self._own = found.rows, found.entries, found.own
        # Points without weight (a metal's vertices away from its electrolyte) stay at zero.
        self.active = self._own > 0
        self.weight = found.weight
        self._flow = self._own * self.weight
        self._inputs, self.columns = self._places(map(dofs_of, inputs), fields)
        self._feeds, self.rows = self._places(map(dofs_of, feeds), fields)
        self._inverse = np.zeros((self.nodes, n, n))
        self._E_inverse = np.zeros((self.nodes, g, n))
        self._inverse_C = np.zeros((self.nodes, n, m))
        self._schur = np.zeros((self.nodes, g, m))
        self._exchange = None if self.model.exchange is None else np.zeros(self.nodes)
        self._masks: dict[int, tuple[Mask, Mask]] = {}
        self._held = {False: np.zeros(n, dtype=np.uint8), True: self._rates.astype(np.uint8)}
        self._point_at()

    @property
    def met(self) -> tuple[Indices, Indices]:
        """Of each point the places of its feeds and of its inputs: they meet in the matrix."""
        return self._feeds, self._inputs

    def _point_at(self) -> None:
        """Addresses of what stays where it is: taking one costs as much as a small electrode."""
        _, self._lib = native.library()
        at = {name: native.pointer(getattr(self, f"_{name}")) for name in _KEPT}
        at |= {name: native.pointer(getattr(self, f"_{name}"), "int32_t[]") for name in _NODES}
        self._at = SimpleNamespace(
            sums=native.pointer(self._rows.values),
            entries=native.pointer(self._entries.values),
            state=native.pointer(self.block.value.x.array),
            held={k: native.pointer(v, "uint8_t[]") for k, v in self._held.items()},
            **at,
        )

    def _places(
        self, pairs: Iterable[tuple[Block, Indices]], fields: Mapping[str, tuple[int, Indices]]
    ) -> tuple[Indices, Indices]:
        """Of each point and block its place in the fields' local array and its matrix row."""
        places, rows = [], []
        for block, dofs in pairs:
            start, of_dofs = fields[block.name]
            there = (dofs >= 0) & self.active
            places.append(np.where(there, start + dofs, -1))
            rows.append(np.where(there, of_dofs[dofs], -1))
        # None at all: unknowns that see or feed no field.
        nothing = np.zeros((self.nodes, 0))
        return (
            np.ascontiguousarray(np.stack(places, axis=1) if places else nothing, dtype=np.int32),
            np.ascontiguousarray(np.stack(rows, axis=1) if rows else nothing, dtype=PETSc.IntType),
        )

    def residual(self, out: Array, frozen: bool, fields: Array) -> None:
        """Residual of the owned points, and what the fields receive.

        Args:
            out: of the unknowns.
            frozen: those that have rates are held.
            fields: local array of all fields, to which the feeds are added.
        """
        self._forms.residual()
        nodes, n, _, g = self._shape
        at = self._at
        self._lib.residual(
            nodes, n, g, at.sums, at.own, at.flow, at.held[frozen], at.state, at.feeds,
            native.pointer(out), native.pointer(fields),
        )  # fmt: skip

    def linearise(self, frozen: bool, fixed: Fixed) -> None:
        """Invert the points' own Jacobian at the present state.

        Args:
            frozen: hold the unknowns that have rates.
            fixed: unknowns of the fields that do not move: no derivative reaches or leaves them.
        """
        self._forms.derivatives()
        masks = (native.pointer(mask, "uint8_t[]") for mask in self._fixed(fixed))
        at = self._at
        self._lib.linearise(
            *self._shape, self._forms.count, at.entries, at.own, at.flow, at.held[frozen], *masks,
            at.inverse, at.E_inverse, at.inverse_C, at.schur, at.exchange,
        )  # fmt: skip

    def _fixed(self, fixed: Fixed) -> tuple[Mask, Mask]:
        """Which inputs and which feeds of each point do not move."""
        if id(fixed) not in self._masks:
            sides = ((self.model.inputs, self._inputs), (self.model.feeds, self._feeds))
            found = [np.zeros(places.shape, dtype=np.uint8) for _, places in sides]
            for (pairs, places), mask in zip(sides, found, strict=True):
                for i, (entry, _) in enumerate(pairs):
                    block, _ = _component(entry)
                    if block.name in fixed.nodes:
                        start, _ = self._fields[block.name]
                        there = places[:, i] >= 0
                        mask[there, i] = fixed.nodes[block.name][places[there, i] - start]
            self._masks[id(fixed)] = found[0], found[1]
        return self._masks[id(fixed)]

    def derivatives(self) -> tuple[Array, Array, Array, Array]:
        """B, C, E and D of the module's text at the present state, by owned point."""
        sums = self._forms.derivatives()
        nodes, n, m, g = self._shape
        end = n * (n + m)
        own = sums[:, :end] * self._own[:, None]
        received = sums[:, end : end + g * (n + m)] * self._flow[:, None]
        B = own[:, : n * n].reshape(nodes, n, n)
        C = own[:, n * n :].reshape(nodes, n, m)
        received = received.reshape(nodes, g, n + m)
        return B, C, received[:, :, :n], received[:, :, n:]

    def scales(self, asked: Tolerances) -> Scales:
        """Sizes of change of which Newton's method may leave `asked.newton`."""
        declared = self.block.info.tolerances
        absolute = np.array([asked.left(t) / asked.newton for t in declared])
        of_largest = np.array([t.of_largest for t in declared])
        overpotential = asked.left(POTENTIAL) / asked.newton / TWICE_THERMAL_VOLTAGE
        return Scales(native.pointer(absolute), native.pointer(of_largest), overpotential)

    def largest(self, change: Array, scales: Scales) -> float:
        """Largest change of an unknown of this rank in units of what matters."""
        nodes, n, _, _ = self._shape
        at = self._at
        return float(
            self._lib.largest(
                nodes, n, scales.absolute, scales.of_largest, at.exchange, at.state,
                native.pointer(change), scales.overpotential,
            )
        )  # fmt: skip

    def limit(self, old: Array | None, new: Array) -> bool:
        """Shorten a step of Newton's method, or its first guess, where a tangent misleads.

        Args:
            old: unknowns before the step; None for a guess.
            new: unknowns after it; changed in place.

        Returns:
            Whether anything was.
        """
        nodes, n, _, _ = self._shape
        before, after, changed = native.pointer(old), native.pointer(new), 0
        if modes := self.model.modes:
            changed = self._lib.limit_filling(nodes, n, modes, BEYOND, before, after)
        if old is not None and self._exchange is not None:
            at = self._at
            changed |= self._lib.limit_current(
                nodes, n, LIMITED, at.exchange, at.own, before, after
            )
        return bool(changed)

    def add_schur(self, A: PETSc.Mat) -> None:
        """Add D - E B^-1 C to the fields' matrix."""
        if self._schur.size:
            A.setValuesRCV(self.rows, self.columns, self._schur, PETSc.InsertMode.ADD_VALUES)

    def reduce(self, b: Array, fields: Array) -> None:
        """Take E B^-1 b off the local array of all fields."""
        nodes, n, _, g = self._shape
        at = self._at
        self._lib.reduce(
            nodes, n, g, at.E_inverse, native.pointer(b), at.feeds, native.pointer(fields)
        )

    def recover(self, b: Array, fields: Array, out: Array) -> None:
        """y = B^-1 (b - C g) from the local array of all fields."""
        nodes, n, m, _ = self._shape
        at = self._at
        self._lib.recover(
            nodes, n, m, at.inverse, at.inverse_C, native.pointer(b), at.inputs,
            native.pointer(fields), native.pointer(out),
        )  # fmt: skip


def _component(entry: Block | Component) -> tuple[Block, int]:
    """Block and number of the component that an input or a feed is of."""
    return (entry.block, entry.number) if isinstance(entry, Component) else (entry, 0)
