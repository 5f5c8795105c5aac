"""What integrals at the vertices alone count: the exact measure, on the axis too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI

from joulestack.discretisation.vertex_weights import geometric_weights, vertex_weight
from joulestack.mesh import LayerSpec, Line, Pellet, TaggedMesh, build
from joulestack.physics.context import AT_VERTICES
from tests.mesh.measures import total

RADIUS, HEIGHT = 5e-3, 3e-4


def pellet(cells: int) -> TaggedMesh:
    return build(
        Pellet((LayerSpec("pellet", HEIGHT, 2),), RADIUS, radial_cells=cells), MPI.COMM_SELF
    )


def integral(tagged: TaggedMesh, integrand: Any) -> float:
    """At the vertices, with what their shares of the cells count."""
    dx = ufl.Measure("dx", domain=tagged.mesh, metadata=AT_VERTICES)
    return total(tagged, integrand * vertex_weight(tagged.mesh, tagged.system) * dx)


@pytest.mark.parametrize("cells", [1, 3, 8])
def test_volume_and_first_moment_are_exact(cells: int) -> None:
    """1 and r are in the span of the hat functions; with 2 pi r at the vertices r is not."""
    tagged = pellet(cells)
    r = ufl.SpatialCoordinate(tagged.mesh)[0]
    one = fem.Constant(tagged.mesh, 1.0)
    assert integral(tagged, one) == pytest.approx(np.pi * RADIUS**2 * HEIGHT, rel=1e-13)
    assert integral(tagged, r) == pytest.approx(2 * np.pi / 3 * RADIUS**3 * HEIGHT, rel=1e-13)
    dx = ufl.Measure("dx", domain=tagged.mesh, metadata=AT_VERTICES)
    plain = total(tagged, r * 2 * np.pi * r * dx)
    assert plain > (1 + 0.1 / cells**2) * integral(tagged, r)


def test_a_vertex_on_the_axis_has_a_share() -> None:
    """That of a cone: int 2 pi r (1 - r/h) dr / int (1 - r/h) dr = 2 pi h/3."""
    tagged = pellet(4)
    weight = vertex_weight(tagged.mesh, tagged.system)
    radii = weight.function_space.tabulate_dof_coordinates()[:, 0]
    assert np.all(weight.x.array > 0)
    h = np.unique(np.round(radii, 12))[1]
    assert weight.x.array[radii < 1e-12] == pytest.approx(2 * np.pi * h / 3, rel=1e-12)


def test_a_line_counts_with_its_area_everywhere() -> None:
    tagged = build(Line((LayerSpec("one", 1e-3, 2),)), MPI.COMM_SELF)
    weights = geometric_weights(tagged, 2e-4, float)
    assert (weights.inside, weights.nodal, weights.facet) == (2e-4, 2e-4, 2e-4)
