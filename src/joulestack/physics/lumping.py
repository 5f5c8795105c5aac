"""Weight of axisymmetric integrals whose integrand is taken at the vertices alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from dolfinx import fem, la

SHARES: dict[int, tuple[tuple[int, ...], ...]] = {
    3: ((2, 1, 1), (1, 2, 1), (1, 1, 2)),
    4: ((4, 2, 2, 1), (2, 4, 1, 2), (2, 1, 4, 2), (1, 2, 2, 4)),
}
"""Mass matrix of linear elements by number of vertices, up to a factor: triangle,
parallelogram."""


def vertex_radius(mesh: Any) -> fem.Function:
    """Radius by which a vertex's share of the area counts: int r v / int v for its hat function v.

    With r itself nothing would react on the axis, where r = 0, while current and heat flow there.
    """
    radius = fem.Function(fem.functionspace(mesh, ("Lagrange", 1)), name="vertex_radius")
    dofs = radius.function_space.dofmap.list
    owned = mesh.topology.index_map(mesh.topology.dim).size_local
    corners = mesh.geometry.x[mesh.geometry.dofmap[:owned]]
    edges = corners - corners[:, :1]
    area = np.linalg.norm(np.cross(edges[:, 1], edges[:, 2]), axis=1)
    shares = np.array(SHARES[corners.shape[1]], dtype=float)
    shares /= shares.sum()
    volume = fem.Function(radius.function_space)
    for function, values in ((radius, corners[:, :, 0] @ shares), (volume, shares.sum(axis=0))):
        np.add.at(function.x.array, dofs[:owned], area[:, None] * values)
        function.x.scatter_reverse(la.InsertMode.add)
        function.x.scatter_forward()
    radius.x.array[:] /= volume.x.array
    return radius
