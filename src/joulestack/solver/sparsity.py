"""Which unknowns meet in an entry of the matrix, known before anything is assembled.

The residual of a block ties the nodes of its test function to those of the functions that its
integrand names: of the same cell, of the same facet where nothing is differentiated, of the same
vertex where the integrand is taken at vertices alone. Local unknowns tie what they see to what
they feed. So no entry is kept for fields that never meet, as electrons and ions do only at the
particles that both touch; a form for each pair of blocks would have kept a quarter in vain.

Whatever should be missing PETSc adds when it is first assembled: slow, but never wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc
from ufl.classes import Coefficient, Derivative
from ufl.corealg.traversal import unique_pre_traversal

from joulestack._compat import Indices
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.solver import native
from joulestack.solver.forms import CELL, EXTERIOR, INTERIOR, Subdomains
from joulestack.solver.rank_layout import Local

Longs = npt.NDArray[np.int64]
Reach = Literal["cell", "facet", "vertex"]
Table = tuple[Indices, Indices]
"""Places in the local array of all fields, a row for each entity, -1 for none: unknowns whose
residuals meet unknowns."""

KINDS = {"cell": CELL, "exterior_facet": EXTERIOR, "interior_facet": INTERIOR}


@dataclass(frozen=True)
class Tie:
    """What the residual of a block is tied to by its integrals over the same entities.

    Attributes:
        kind, id: of the integrals.
        reach: whose nodes are tied: those of a whole cell, of a facet, each vertex to itself.
        row: the block.
        columns: blocks whose values or rates are in the integrands.
    """

    kind: Any
    id: int | str
    reach: Reach
    row: Block
    columns: tuple[Block, ...]


def ties(blocks: Sequence[Block], residual: Mapping[str, Any]) -> list[Tie]:
    """Read them off the equations.

    Args:
        blocks: of all fields.
        residual: of each block, by its name.
    """
    of = {b.value: b for b in blocks} | {b.rate: b for b in blocks if b.rate is not None}
    found: dict[tuple[Any, int | str, Reach, Block], dict[Block, None]] = {}
    for row in blocks:
        for integral in residual[row.name].integrals():
            parts = list(unique_pre_traversal(integral.integrand()))
            columns = {of[p]: None for p in parts if isinstance(p, Coefficient) and p in of}
            reach = _reach(integral, any(isinstance(p, Derivative) for p in parts), row)
            ids = integral.subdomain_id()
            for id in ids if isinstance(ids, tuple) else (ids,):
                key = KINDS[integral.integral_type()], id, reach, row
                found.setdefault(key, {}).update(columns)
    return [Tie(*key, tuple(columns)) for key, columns in found.items() if columns]


def _reach(integral: Any, differentiated: bool, row: Block) -> Reach:
    if differentiated:
        return "cell"
    if integral.integral_type() != "cell":
        return "facet"
    at_vertices = integral.metadata().get("quadrature_rule") == "vertex"
    return "vertex" if at_vertices and row.space.ufl_element().degree == 1 else "cell"


class Places:
    """Finds the nodes of blocks on the entities of a rank."""

    def __init__(
        self, domain: Domain, blocks: Sequence[Block], subdomains: Subdomains, local: Local
    ) -> None:
        """Take what is integrated over, and where the blocks' unknowns are."""
        self._domain = domain
        self._entities: dict[tuple[Any, int | str], Indices] = {
            (kind, id): entities for kind, pairs in subdomains.items() for id, entities in pairs
        }
        self._start = {b: s.start for b, s in zip(blocks, local.sections, strict=True)}

    def table(self, tie: Tie) -> Table:
        """Unknowns that meet, entity by entity."""
        entities = self._entities.get((tie.kind, tie.id))
        if entities is None:  # "everywhere"
            owned = self._domain.owned_cells if tie.kind == CELL else 0
            entities = np.arange(owned, dtype=np.int32)
        width = {CELL: 1, EXTERIOR: 2, INTERIOR: 4}[tie.kind]
        each = np.asarray(entities).reshape(-1, width)
        if not len(each):
            return np.zeros((0, 1), np.int32), np.zeros((0, 1), np.int32)
        if tie.reach == "vertex":
            rows, *columns = (self._by_vertex(b, each) for b in (tie.row, *tie.columns))
            return rows, np.hstack(columns)
        rows = self._nodes(tie.row, each, tie.reach)
        return rows, np.hstack([self._nodes(b, each, tie.reach) for b in tie.columns])

    def _by_vertex(self, block: Block, cells: Indices) -> Indices:
        """Unknowns of a block at each vertex of each cell."""
        return self._nodes(block, cells, "cell").reshape(-1, block.size)

    def _nodes(self, block: Block, entities: Indices, reach: Reach) -> Indices:
        """Unknowns of a block on entities: all components, on both sides of an inner facet."""
        dofmap = block.space.dofmap
        parts = []
        for side in range(0, max(entities.shape[1], 2), 2):
            cells = block.cells(entities[:, side])
            nodes = np.where(cells[:, None] >= 0, dofmap.list[cells], -1)
            if reach == "facet":
                layout, fdim = dofmap.dof_layout, self._domain.tdim - 1
                facets = range(int(entities[:, side + 1].max()) + 1)
                closure = [layout.entity_closure_dofs(fdim, f) for f in facets]
                of_facet = np.array(closure, dtype=np.int32)
                nodes = np.take_along_axis(nodes, of_facet[entities[:, side + 1]], axis=1)
            unknowns = nodes[:, :, None] * block.size + np.arange(block.size)
            there = (nodes >= 0)[:, :, None]
            places = np.where(there, self._start[block] + unknowns, -1)
            parts.append(places.reshape(len(entities), -1).astype(np.int32))
        return np.hstack(parts)


def create_matrix(comm: Any, tables: Iterable[Table], local: Local, names: Longs) -> PETSc.Mat:
    """Empty matrix with a place for every pair of unknowns that meet. Collective.

    Args:
        comm: of the ranks.
        tables: what meets on this rank.
        local: this rank's unknowns.
        names: matrix row of each, ghosts too.
    """
    given = list(tables)
    own = local.own
    if comm.size > 1:
        names, more = _from_others(comm, given, own, names)
        given.append(more)
    starts, columns = _meet(given, own, names)
    shape = ((len(own), None), (len(own), None))
    given.clear()
    csr = (starts.astype(PETSc.IntType), columns.astype(PETSc.IntType, copy=False))
    matrix = PETSc.Mat().createAIJ(shape, csr=csr, comm=comm)
    matrix.setOption(PETSc.Mat.Option.NEW_NONZERO_LOCATION_ERR, False)
    matrix.setOption(PETSc.Mat.Option.NEW_NONZERO_ALLOCATION_ERR, False)
    matrix.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
    matrix.setOption(PETSc.Mat.Option.IGNORE_ZERO_ENTRIES, True)
    return matrix


def _meet(tables: Sequence[Table], rows: Indices, names: Longs) -> tuple[Longs, Indices]:
    """Of every row where its columns start, and the columns, by name and sorted."""
    _, lib = native.library()

    def at(array: Any, kind: str = "int32_t[]") -> Any:
        return native.pointer(array, kind)

    total = len(names)
    met = np.zeros(total + 1, dtype=np.int64)
    for of_rows, _ in tables:
        met[1:] += np.bincount(of_rows[of_rows >= 0], minlength=total)
    begin = np.cumsum(met)
    entities = np.empty(int(begin[-1]), dtype=np.int32)
    filled = begin[:-1].copy()
    first = 0
    for of_rows, _ in tables:
        count, width = of_rows.shape
        table = np.ascontiguousarray(of_rows)
        lib.belong(count, width, first, at(table), at(filled, "int64_t[]"), at(entities))
        first += count
    widths = [np.full(len(c), c.shape[1], dtype=np.int64) for _, c in tables]
    start = np.cumsum(np.concatenate([[0], *widths]), dtype=np.int64)
    columns = np.concatenate([np.zeros(0, np.int32), *(c.ravel() for _, c in tables)])
    called = names.astype(np.int32)
    rows = rows.astype(np.int32)
    seen = np.full(total, -1, dtype=np.int32)
    number = np.empty(len(rows), dtype=np.int32)
    given = (
        len(rows), at(rows), at(begin, "int64_t[]"), at(entities), at(start, "int64_t[]"),
        at(columns), at(called), at(seen),
    )  # fmt: skip
    lib.meet(*given, at(number), native.pointer(None))
    starts = np.concatenate([[0], np.cumsum(number, dtype=np.int64)])
    found = np.empty(int(starts[-1]), dtype=np.int32)
    seen.fill(-1)
    lib.meet(*given, at(number), at(found))
    return starts, found


def _from_others(
    comm: Any, tables: Sequence[Table], own: Indices, names: Longs
) -> tuple[Longs, Table]:
    """What other ranks know of this rank's rows: names with columns unknown here, and the pairs."""
    ghosts = np.setdiff1d(np.arange(len(names)), own)
    starts, columns = _meet(tables, ghosts, names)
    pairs = np.column_stack([np.repeat(names[ghosts], np.diff(starts)), columns])
    ends = np.cumsum(comm.allgather(len(own)))
    owner = np.searchsorted(ends, pairs[:, 0], side="right")
    arrived = comm.alltoall([pairs[owner == rank] for rank in range(comm.size)])
    row, column = np.unique(np.vstack(arrived), axis=0).reshape(-1, 2).T
    order = np.argsort(names)
    place = order[np.minimum(np.searchsorted(names, column, sorter=order), len(names) - 1)]
    unknown = names[place] != column
    new, number = np.unique(column[unknown], return_inverse=True)
    place[unknown] = len(names) + number
    rows = own[row - names[own[0]]] if len(own) else row
    table = (rows[:, None].astype(np.int32), place[:, None].astype(np.int32))
    return np.concatenate([names, new]), table
