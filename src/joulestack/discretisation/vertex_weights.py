"""The measure of the coordinates in integrals, also of those taken at the vertices alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import basix
import numpy as np
import ufl
from dolfinx import fem

from joulestack._compat import geometry_nodes
from joulestack.mesh import CoordinateSystem, TaggedMesh

EXACT = 4
"""Quadrature degree of a vertex's share: that of 2 pi r needs 2."""


@dataclass(frozen=True)
class GeometricWeights:
    """What integrands are multiplied with.

    Attributes:
        inside: anywhere, at any point.
        nodal: in cells, where the integrand is taken at the vertices alone.
        facet: on the facets between layers, likewise.
    """

    inside: Any
    nodal: Any
    facet: Any


def geometric_weights(
    tagged: TaggedMesh, left_out: float, wrap: Callable[[float], Any]
) -> GeometricWeights:
    """Of the coordinates of a mesh.

    Args:
        tagged: the meshed cell.
        left_out: what its coordinates leave out, see `CoordinateSystem.left_out`.
        wrap: number -> constant of the mesh.
    """
    mesh, system = tagged.mesh, tagged.system
    factor: Any = wrap(left_out) if system.left_out else 1.0
    if system.weight is None:
        return GeometricWeights(factor, factor, factor)
    inside = factor * system.weight(ufl.SpatialCoordinate(mesh))
    nodal = factor * vertex_weight(mesh, system)
    # Between layers of which each lies farther out than the last the weight is the same all along
    # a facet: that of its vertices, not of the cells beside it.
    through = system.radial and tagged.stacking_axis == 0
    return GeometricWeights(inside, nodal, inside if through else nodal)


def vertex_weight(mesh: Any, system: CoordinateSystem) -> fem.Function:
    """By what a vertex's share of a cell counts: int w v / int v for its hat function v.

    With w = 2 pi r itself nothing would react on the axis, where r = 0, while current and heat flow
    there. Cell by cell, so that the volume of every region is exact.
    """
    assert system.weight is not None
    weight = fem.Function(fem.functionspace(mesh, ("DG", 1)), name="vertex_weight")
    cell = getattr(basix.CellType, mesh.topology.cell_name())
    points, shares = basix.make_quadrature(cell, EXACT + system.degree)
    element = basix.create_element(basix.ElementFamily.P, cell, 1)
    hats = element.tabulate(0, points)[0, :, :, 0]
    corners = mesh.geometry.x[geometry_nodes(mesh)]
    x = np.einsum("qv,cvi->icq", hats, corners)
    values = np.asarray(system.weight(x)) * shares
    dofs = weight.function_space.dofmap.list[: len(corners)]
    weight.x.array[dofs] = (values @ hats) / (shares @ hats)
    return weight
