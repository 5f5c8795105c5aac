"""What tests ask of a tagged mesh, over all ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from mpi4py import MPI

from joulestack.mesh import LayerSpec, Line, Pellet, Pouch, RingSpec, TabSpec, TaggedMesh

UNIT_CELL = (
    LayerSpec("Cu", 10e-6, 2),
    LayerSpec("separator", 30e-6, 3, 2.0),
    LayerSpec("cathode", 100e-6, 4),
    LayerSpec("Al", 12e-6, 2),
)
TABS = (
    TabSpec("left", "Cu", width=10e-3, length=8e-3, offset=5e-3),
    TabSpec("back", "Al", width=11e-3, length=7e-3, busbar=2e-3),
)
SPECS: dict[str, Any] = {
    "line": Line((LayerSpec("separator", 30e-6, 5), LayerSpec("cathode", 80e-6, 7, 1.0))),
    "pellet": Pellet(
        (
            LayerSpec("lower plunger", 6e-3, 7),
            LayerSpec("separator", 1e-3, 6),
            LayerSpec("cathode", 0.2e-3, 5),
            LayerSpec("upper plunger", 5e-3, 7),
        ),
        radius=5e-3,
        rings=(RingSpec("PEEK", 4e-3, 8e-3, cells=3), RingSpec("steel", 6e-3, 14e-3, cells=4)),
        radial_cells=9,
    ),
    "pouch": Pouch(UNIT_CELL, 40e-3, 60e-3, TABS, in_plane_size=5e-3),
    "stack": Pouch(UNIT_CELL, 40e-3, 60e-3, TABS, unit_cells=3, in_plane_size=5e-3),
}


def total(tagged: TaggedMesh, form: Any) -> float:
    """Integral over all ranks."""
    return float(tagged.mesh.comm.allreduce(fem.assemble_scalar(fem.form(form)), MPI.SUM))


def measures(tagged: TaggedMesh) -> dict[str, float]:
    """Length, area or volume of every region and face (no factor 2 pi r)."""
    mesh = tagged.mesh
    one = fem.Constant(mesh, 1.0)
    dx = ufl.Measure("dx", domain=mesh, subdomain_data=tagged.cell_tags)
    ds = ufl.Measure("ds", domain=mesh, subdomain_data=tagged.facet_tags)
    found = {f"region {r.name}": total(tagged, one * dx(r.id)) for r in tagged.regions}
    found |= {f"face {name}": total(tagged, one * ds(i)) for name, i in tagged.faces.items()}
    return found | {"all cells": total(tagged, one * ufl.dx), "all faces": total(tagged, one * ds)}


def sizes(tagged: TaggedMesh) -> dict[str, int]:
    """Global numbers of cells, vertices, tagged facets and facets between two regions."""
    topology = tagged.mesh.topology
    tdim = topology.dim
    comm = tagged.mesh.comm
    facet_map, cell_map = topology.index_map(tdim - 1), topology.index_map(tdim)
    owned = facet_map.size_local
    region = np.zeros(cell_map.size_local + cell_map.num_ghosts, dtype=np.int32)
    region[tagged.cell_tags.indices] = tagged.cell_tags.values
    assert (region > 0).all()
    facet_to_cell = topology.connectivity(tdim - 1, tdim)
    offsets, array = facet_to_cell.offsets, facet_to_cell.array
    inner = offsets[:-1][:owned][np.diff(offsets)[:owned] == 2]
    between = region[array[inner]] != region[array[inner + 1]]
    return {
        "cells": cell_map.size_global,
        "vertices": topology.index_map(0).size_global,
        "tagged facets": comm.allreduce(int((tagged.facet_tags.indices < owned).sum())),
        "interior facets": comm.allreduce(len(inner)),
        "interface facets": comm.allreduce(int(between.sum())),
    }
