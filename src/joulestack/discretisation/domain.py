"""The meshed cell: named regions, named faces, and the interfaces between regions.

All integrals of the package run over one parent mesh; this module prepares their entities once:
cells of a region, facets of a face, and oriented facet pairs of an interface (side 0 is the region
that stands first in the case, and is always UFL's "+").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from joulestack._compat import Indices
from joulestack.mesh import Region, TaggedMesh


@dataclass(frozen=True)
class Interface:
    """Where two regions touch.

    Attributes:
        sides: the two regions; side 0 stands first in the case.
        facets: rows (cell0, local facet0, cell1, local facet1), owned by this rank.
    """

    sides: tuple[Region, Region]
    facets: Indices

    @property
    def name(self) -> str:
        """For people: "separator | cathode"."""
        return f"{self.sides[0].name} | {self.sides[1].name}"

    @property
    def layers(self) -> tuple[str, str]:
        """Layer names of both sides, as in the case."""
        return self.sides[0].layer, self.sides[1].layer


class Domain:
    """A tagged mesh with the integration entities of everything that has a name."""

    def __init__(self, tagged: TaggedMesh) -> None:
        """Collect the entities; one pass over the mesh, collective over its ranks."""
        self.tagged = tagged
        self.mesh = tagged.mesh
        self.regions = tagged.regions
        self.comm: MPI.Comm = self.mesh.comm
        topology = self.mesh.topology
        self.tdim = topology.dim
        self._fdim = self.tdim - 1
        topology.create_connectivity(self._fdim, self.tdim)
        topology.create_connectivity(self.tdim, self._fdim)
        topology.create_connectivity(self.tdim, 0)
        cells = topology.index_map(self.tdim)
        self.owned_cells = cells.size_local
        self.local_cells = cells.size_local + cells.num_ghosts
        self.cell_region = np.zeros(self.local_cells, dtype=np.int32)
        self.cell_region[tagged.cell_tags.indices] = tagged.cell_tags.values
        self.interfaces = self._find_interfaces()

    def total(self, value: Any) -> Any:
        """Sum of a number or array over all ranks; one rank alone is not asked."""
        return value if self.comm.size == 1 else self.comm.allreduce(value)

    def region(self, name: str) -> Region:
        """Region of that name."""
        return next(r for r in self.regions if r.name == name)

    def cells_of(self, regions: Sequence[Region], ghosts: bool = False) -> Indices:
        """Local cells of some regions, owned ones only unless `ghosts`."""
        count = self.local_cells if ghosts else self.owned_cells
        ids = [r.id for r in regions]
        return np.flatnonzero(np.isin(self.cell_region[:count], ids)).astype(np.int32)

    def face_facets(self, name: str) -> Indices:
        """Rows (cell, local facet) of a named outer face, owned by this rank."""
        tags = self.tagged.facet_tags
        owned = self.mesh.topology.index_map(self._fdim).size_local
        facets = tags.find(self.tagged.faces[name])
        facets = facets[facets < owned]
        f_to_c = self.mesh.topology.connectivity(self._fdim, self.tdim)
        cells = f_to_c.array[f_to_c.offsets[facets]]
        return np.column_stack([cells, self._local_facets(cells, facets)]).astype(np.int32)

    @cached_property
    def touching_vertices(self) -> set[tuple[int, int]]:
        """Pairs of region ids that share at least a vertex, over all ranks."""
        c_to_v = self.mesh.topology.connectivity(self.tdim, 0)
        region = np.repeat(self.cell_region, np.diff(c_to_v.offsets)[: self.local_cells])
        many = int(region.max(initial=0)) + 1
        incidence = np.unique(c_to_v.array.astype(np.int64) * many + region)
        vertex, region = np.divmod(incidence, many)
        pairs: set[tuple[int, int]] = set()
        for apart in range(1, many):  # regions of a vertex stand in a row, increasing
            same = vertex[apart:] == vertex[:-apart]
            if not same.any():
                break
            found = np.unique(region[:-apart][same] * many + region[apart:][same])
            pairs.update((int(k // many), int(k % many)) for k in found)
        return set().union(*self.comm.allgather(pairs))

    def _find_interfaces(self) -> tuple[Interface, ...]:
        f_to_c = self.mesh.topology.connectivity(self._fdim, self.tdim)
        owned = self.mesh.topology.index_map(self._fdim).size_local
        first = f_to_c.offsets[:owned]
        inner = np.flatnonzero(np.diff(f_to_c.offsets[: owned + 1]) == 2)
        pair = np.column_stack([f_to_c.array[first[inner]], f_to_c.array[first[inner] + 1]])
        ids = self.cell_region[pair]
        take = ids[:, 0] != ids[:, 1]
        inner, pair, ids = inner[take], pair[take], ids[take]
        flip = ids[:, 0] > ids[:, 1]
        pair[flip], ids[flip] = pair[flip][:, ::-1], ids[flip][:, ::-1]
        rows = np.column_stack(
            [
                pair[:, 0],
                self._local_facets(pair[:, 0], inner),
                pair[:, 1],
                self._local_facets(pair[:, 1], inner),
            ]
        ).astype(np.int32)
        here = {(int(a), int(b)) for a, b in ids}
        everywhere = sorted(set().union(*self.comm.allgather(here)))
        by_id = {r.id: r for r in self.regions}
        return tuple(
            Interface((by_id[a], by_id[b]), rows[(ids[:, 0] == a) & (ids[:, 1] == b)])
            for a, b in everywhere
        )

    def _local_facets(
        self, cells: npt.NDArray[np.integer], facets: npt.NDArray[np.integer]
    ) -> Indices:
        """Local number of each facet within its cell."""
        c_to_f = self.mesh.topology.connectivity(self.tdim, self._fdim)
        if len(cells) == 0:
            return np.zeros(0, dtype=np.int32)
        per_cell = c_to_f.offsets[1] - c_to_f.offsets[0]
        table = c_to_f.array.reshape(-1, per_cell)[cells]
        return np.argmax(table == np.asarray(facets)[:, None], axis=1).astype(np.int32)
