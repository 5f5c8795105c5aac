"""From plain arrays on one rank to a distributed, tagged DOLFINx mesh."""

from __future__ import annotations

from typing import Any

import basix.ufl
import dolfinx
import numpy as np
from mpi4py import MPI

from joulestack._compat import shared_facet_partitioner
from joulestack.errors import MeshError, Problem
from joulestack.mesh.raw import CELL_FACETS, RawMesh
from joulestack.mesh.tagged import TaggedMesh


def distribute(raw: RawMesh | None, comm: MPI.Comm, root: int = 0) -> TaggedMesh:
    """Distribute a whole mesh over the ranks, with shared-facet ghosts.

    Tags travel by numbers that DOLFINx keeps (original cell indices and input node numbers), never
    by coordinates.

    Args:
        raw: the mesh on `root`; ignored elsewhere.
        comm: ranks that share the mesh.
        root: rank that has it.

    Raises:
        MeshError: on every rank, if there are fewer cells than ranks.
    """
    head: Any = None
    if comm.rank == root and raw is not None:
        head = (
            raw.cell, raw.points.shape[1], raw.regions, raw.faces, raw.stacking_axis,
            raw.coordinates, raw.cell_region.astype(np.int32), raw.facets,
            raw.facet_face.astype(np.int32),
        )  # fmt: skip
    cell, dim, regions, faces, axis, coordinates, cell_region, facets, face = comm.bcast(head, root)

    if len(cell_region) < comm.size:  # partitioners may crash on this
        raise MeshError(
            Problem(
                "mesh",
                f"{len(cell_region)} cells cannot be shared by {comm.size} ranks",
                f"run on {len(cell_region)} ranks at most, or resolve the layers finer",
            )
        )
    if comm.rank == root and raw is not None:
        cells, points = raw.cells, raw.points
    else:
        corners = max(max(f) for f in CELL_FACETS[cell]) + 1
        cells, points = np.zeros((0, corners), dtype=np.int64), np.zeros((0, dim))
    element = basix.ufl.element("Lagrange", cell, 1, shape=(dim,))
    mesh = dolfinx.mesh.create_mesh(
        comm=comm,
        cells=cells,
        x=points,
        e=element,
        partitioner=shared_facet_partitioner(comm.size),
    )

    tdim = mesh.topology.dim
    imap = mesh.topology.index_map(tdim)
    local = np.arange(imap.size_local + imap.num_ghosts, dtype=np.int32)
    original = np.asarray(mesh.topology.original_cell_index)
    cell_tags = dolfinx.mesh.meshtags(mesh, tdim, local, cell_region[original])
    cell_tags.name = "regions"
    facet_tags = _tag_facets(mesh, facets, face)
    return TaggedMesh(mesh, cell_tags, facet_tags, regions, faces, axis, coordinates)


def _tag_facets(mesh: Any, facets: Any, face: Any) -> Any:
    """Facet tags from sorted vertex lists in input numbering; ghosts that are visible included."""
    tdim = mesh.topology.dim
    mesh.topology.create_connectivity(tdim - 1, tdim)
    mesh.topology.create_connectivity(tdim - 1, 0)
    mesh.topology.create_connectivity(tdim, 0)
    imap = mesh.topology.index_map(tdim - 1)
    # Facets with one visible cell: all exterior ones, and some at the rim of the ghost layer.
    links = np.diff(mesh.topology.connectivity(tdim - 1, tdim).offsets)
    count = imap.size_local + imap.num_ghosts
    candidates = np.flatnonzero(links[:count] == 1).astype(np.int32)
    nodes = dolfinx.mesh.entities_to_geometry(mesh, tdim - 1, candidates)
    width = facets.shape[1]
    keys = np.sort(mesh.geometry.input_global_indices[nodes].reshape(-1, width), axis=1)

    order = np.lexsort(facets.T[::-1])
    record = np.dtype([(f"v{i}", np.int64) for i in range(width)])
    table = np.ascontiguousarray(facets[order], dtype=np.int64).view(record).ravel()
    wanted = np.ascontiguousarray(keys, dtype=np.int64).view(record).ravel()
    position = np.searchsorted(table, wanted)
    position[position == len(table)] = 0
    found = table[position] == wanted if len(table) else np.zeros(len(wanted), dtype=bool)
    tags = dolfinx.mesh.meshtags(
        mesh, tdim - 1, candidates[found], face[order][position[found]].astype(np.int32)
    )
    tags.name = "faces"
    return tags
