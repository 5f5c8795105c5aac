"""Weight of axisymmetric integrals whose integrand is taken at the vertices alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from dolfinx import fem

from joulestack._compat import geometry_nodes

SHARES: dict[int, tuple[tuple[int, ...], ...]] = {
    3: ((2, 1, 1), (1, 2, 1), (1, 1, 2)),
    4: ((4, 2, 2, 1), (2, 4, 1, 2), (2, 1, 4, 2), (1, 2, 2, 4)),
}
"""Mass matrix of linear elements by number of vertices, up to a factor: triangle,
parallelogram."""


def vertex_radius(mesh: Any) -> fem.Function:
    """Radius by which a vertex's share of a cell counts: int r v / int v for its hat function v.

    With r itself nothing would react on the axis, where r = 0, while current and heat flow there.
    Cell by cell, so that the volume of every region is exact.
    """
    radius = fem.Function(fem.functionspace(mesh, ("DG", 1)), name="vertex_radius")
    corners = mesh.geometry.x[geometry_nodes(mesh), 0]
    shares = np.array(SHARES[corners.shape[1]], dtype=float)
    dofs = radius.function_space.dofmap.list[: len(corners)]
    radius.x.array[dofs] = corners @ shares / shares.sum(axis=0)
    return radius
