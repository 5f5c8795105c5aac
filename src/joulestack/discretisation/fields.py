"""Fields that may jump: perfectly joined regions share a function, resistive interfaces split it.

Regions joined perfectly form a component. Components that touch, if only in a vertex, need
different functions; components that do not touch share one. So components are coloured and each
colour is one block: a function on the submesh of its regions. The number of blocks, and with it of
forms, does not grow with the number of repeated cells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la

from joulestack._compat import Indices, SubMesh
from joulestack.declarations import FieldInfo, Info, LocalState
from joulestack.discretisation.domain import Domain, Interface
from joulestack.errors import CaseError, Problem
from joulestack.mesh import Region


class Block:
    """One colour of a field or a local state: a function on one (sub)mesh.

    Attributes:
        info: what it is.
        regions: regions that it covers.
        value: the unknown.
        rate: its time derivative; None if no component has one.
        test, trial: UFL arguments.
        size: unknowns of a node, one behind another.
        nodes, owned: nodes and unknowns of this rank.
        differential: some component has a time derivative.
    """

    def __init__(
        self,
        info: Info,
        colour: int,
        domain: Domain,
        regions: Sequence[Region],
        cuts: Indices,
        degree: int,
    ) -> None:
        """Build submesh and space; `cuts` are facet rows where other blocks are met."""
        self.info = info
        self.regions = tuple(regions)
        self.name = f"{info.key}.{colour}"
        self.submesh: SubMesh | None = None
        mesh = domain.mesh
        if len(regions) < len(domain.regions):
            self.submesh = SubMesh(mesh, domain.cells_of(regions, ghosts=True), cuts)
            mesh = self.submesh.mesh
        self.size = info.size
        self.differential = any(info.rates)
        shape = (self.size,) if info.vector else None
        self.space = fem.functionspace(mesh, ("Lagrange", degree, shape))
        self.value = fem.Function(self.space, name=self.name)
        self.rate = (
            fem.Function(self.space, name=f"{self.name}_rate") if self.differential else None
        )
        self.test = ufl.TestFunction(self.space)
        self.trial = ufl.TrialFunction(self.space)
        self.nodes = self.space.dofmap.index_map.size_local
        self.owned = self.nodes * self.size

    def cells(self, parent_cells: Indices) -> Indices:
        """Cells of this block's mesh for cells of the parent mesh (-1 outside)."""
        return parent_cells if self.submesh is None else self.submesh.parent_to_sub[parent_cells]

    @property
    def components(self) -> tuple[Any, ...]:
        """Values of the single components."""
        if not self.info.vector:
            return (self.value,)
        return tuple(self.value[k] for k in range(self.size))

    def fill(self, values: npt.ArrayLike, dofs: Indices | None = None) -> None:
        """Set the unknowns of nodes: a number, or one for each component.

        Args:
            values: [unit of the unknowns].
            dofs: of all components of some nodes, node by node; None: all.
        """
        array = self.value.x.array
        chosen = np.arange(array.size) if dofs is None else dofs
        each = np.broadcast_to(np.asarray(values, dtype=float), (self.size,))
        array[chosen] = np.tile(each, len(chosen) // self.size)

    def begin(self) -> None:
        """Every unknown as its declaration starts it, nothing moving."""
        self.fill(self.info.starts)
        if self.rate is not None:
            self.rate.x.array[:] = 0.0

    def facet_dofs(self, facets: Indices) -> Indices:
        """Local dofs (ghosts too) on parent facets (rows cell, local facet), over all ranks."""
        fdim = self.space.mesh.topology.dim - 1
        cells = self.cells(facets[:, 0])
        inside = cells >= 0
        layout = self.space.dofmap.dof_layout
        marker = fem.Function(self.space)
        by_node = marker.x.array.reshape(-1, self.size)
        for local in np.unique(facets[inside, 1]):
            closure = layout.entity_closure_dofs(fdim, int(local))
            chosen = cells[inside & (facets[:, 1] == local)]
            by_node[self.space.dofmap.list[chosen][:, closure].ravel()] = 1.0
        marker.x.scatter_reverse(la.InsertMode.add)
        marker.x.scatter_forward()
        return np.flatnonzero(marker.x.array > 0.5).astype(np.int32)

    def region_dofs(self, domain: Domain, regions: Sequence[Region]) -> Indices:
        """Local dofs of some of its regions."""
        cells = self.cells(domain.cells_of(list(regions), ghosts=True))
        nodes = np.unique(self.space.dofmap.list[cells[cells >= 0]])
        dofs: Indices = (nodes[:, None] * self.size + np.arange(self.size)).ravel()
        return dofs.astype(np.int32)

    def vertex_nodes(self, domain: Domain) -> Indices:
        """Node of each local vertex of the parent mesh, -1 outside (degree 1 only)."""
        cells = domain.cells_of(self.regions, ghosts=True)
        own = self.cells(cells)
        connectivity = domain.mesh.topology.connectivity(domain.tdim, 0)
        per_cell = connectivity.offsets[1] - connectivity.offsets[0]
        vertices = connectivity.array.reshape(-1, per_cell)[cells[own >= 0]]
        imap = domain.mesh.topology.index_map(0)
        found = np.full(imap.size_local + imap.num_ghosts, -1, dtype=np.int32)
        found[vertices] = self.space.dofmap.list[own[own >= 0]]
        return found


class Field:
    """A field or a local state on the regions where it exists, as one block per colour.

    Attributes:
        info: what it is.
        regions: where it exists.
        jumps: names of the interfaces over which it may jump.
        blocks: its functions.
    """

    def __init__(
        self,
        info: Info,
        domain: Domain,
        regions: Sequence[Region],
        resistive: Collection[Interface],
        degree: int = 1,
        apart: Callable[[Region], Hashable] = lambda region: None,
    ) -> None:
        """Split the field at resistive interfaces.

        Args:
            info: what it is.
            domain: the meshed cell.
            regions: where the field exists.
            resistive: interfaces over which it jumps.
            degree: polynomial degree.
            apart: components whose first regions differ in it do not share a block.

        Raises:
            CaseError: both sides of a resistive interface are joined perfectly some other way.
        """
        self.info = info
        self.regions = tuple(regions)
        self.jumps = frozenset(i.name for i in resistive)
        present = {r.id for r in regions}
        component = _components(domain, present, resistive)
        for interface in resistive:
            a, b = (s.id for s in interface.sides)
            if a in present and b in present and component[a] == component[b]:
                raise CaseError(
                    Problem(
                        f"interface {interface.name}",
                        f"carries a resistance for {info.label}, yet both sides are joined "
                        "perfectly through other layers",
                        "give the way around a contact resistance too, or make this one perfect",
                    )
                )
        kinds = {component[r.id]: apart(r) for r in reversed(regions)}
        colour = _colours(domain, component, kinds)
        cuts = np.vstack([i.facets for i in resistive] or [np.zeros((0, 4), dtype=np.int32)])
        outer = [
            i.facets
            for i in domain.interfaces
            if (i.sides[0].id in present) != (i.sides[1].id in present)
        ]
        cuts = np.vstack([cuts, *outer])
        self.blocks = tuple(
            Block(
                info, c, domain, [r for r in regions if colour[component[r.id]] == c], cuts, degree
            )
            for c in range(max(colour.values(), default=-1) + 1)
        )
        self._block_of = {r.id: b for b in self.blocks for r in b.regions}

    def __contains__(self, region: Region) -> bool:
        """Tell whether the field exists on a region."""
        return region.id in self._block_of

    def block(self, region: Region) -> Block:
        """The block that covers a region."""
        return self._block_of[region.id]

    def fill(self, domain: Domain, values: npt.ArrayLike, layer: str | None = None) -> None:
        """Set the unknowns everywhere or in a layer: a number, or one for each component.

        A field may not jump inside a block: what was set last holds where two layers meet.
        """
        for region in self.regions:
            if layer in (None, region.layer):
                block = self.block(region)
                block.fill(values, block.region_dofs(domain, [region]))


def _components(
    domain: Domain, present: set[int], resistive: Collection[Interface]
) -> dict[int, int]:
    """Component of each region: regions joined over facets without resistance."""
    parent = {r: r for r in present}

    def root(r: int) -> int:
        while parent[r] != r:
            r = parent[r]
        return r

    split = {tuple(s.id for s in i.sides) for i in resistive}
    for interface in domain.interfaces:
        a, b = (s.id for s in interface.sides)
        if a in present and b in present and (a, b) not in split:
            parent[max(root(a), root(b))] = min(root(a), root(b))
    return {r: root(r) for r in present}


def _colours(
    domain: Domain, component: dict[int, int], kinds: Mapping[int, Hashable]
) -> dict[int, int]:
    """Greedy colouring: components that touch or are of different kinds get different colours."""
    conflicts: dict[int, set[int]] = {c: set() for c in component.values()}
    for a, b in domain.touching_vertices:
        if a in component and b in component and component[a] != component[b]:
            conflicts[component[a]].add(component[b])
            conflicts[component[b]].add(component[a])
    colour: dict[int, int] = {}
    kind_of: dict[int, Hashable] = {}
    for c in sorted(conflicts):
        taken = {colour[n] for n in conflicts[c] if n in colour}
        taken |= {k for k, kind in kind_of.items() if kind != kinds[c]}
        colour[c] = next(k for k in range(len(conflicts)) if k not in taken)
        kind_of[colour[c]] = kinds[c]
    return colour


__all__ = ["Block", "Field", "FieldInfo", "LocalState"]
