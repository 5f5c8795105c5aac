"""The hottest point lies inside quadratic cells, at no node: polynomials and a heated slab."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dolfinx import fem, mesh
from mpi4py import MPI

import joulestack as js
from joulestack.simulation.observe.crests import Crests
from tests.mpi import run_ranks

Floats = Any


def box(kind: str) -> mesh.Mesh:
    """The unit line, square or cube in few cells."""
    comm, cell = MPI.COMM_SELF, mesh.CellType
    if kind == "interval":
        return mesh.create_unit_interval(comm, 3)
    if kind in ("triangle", "quadrilateral"):
        return mesh.create_unit_square(comm, 3, 2, getattr(cell, kind))
    return mesh.create_unit_cube(comm, 3, 2, 2, getattr(cell, kind))


KINDS = ["interval", "triangle", "quadrilateral", "tetrahedron", "hexahedron"]


def highest(kind: str, function: Callable[[Floats], Floats]) -> tuple[float, float]:
    """Largest value in the mesh of the interpolated function, and at its nodes."""
    grid = box(kind)
    space = fem.functionspace(grid, ("Lagrange", 2))
    value = fem.Function(space)
    value.interpolate(function)
    cells = np.arange(grid.topology.index_map(grid.topology.dim).size_local)
    block: Any = SimpleNamespace(space=space)
    return Crests(block, cells).highest(value.x.array), float(value.x.array.max())


BEND = np.array([[2.0, 0.7, -0.3], [0.7, 1.5, 0.4], [-0.3, 0.4, 1.0]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [(0.41, 0.37, 0.29), (0.11, 0.83, 0.9), (0.7, 0.6, 0.53)])
def test_a_crest_anywhere_in_a_cell(kind: str, place: tuple[float, ...]) -> None:
    """Skewed paraboloids: degree two on simplices and in each direction, so held exactly."""
    dim = box(kind).topology.dim
    bend, at = BEND[:dim, :dim], np.array(place[:dim])

    def hill(x: Floats) -> Floats:
        d = x[:dim] - at[:, None]
        return 5.0 - np.einsum("in,ij,jn->n", d, bend, d)

    found, nodes = highest(kind, hill)
    assert found == pytest.approx(5.0, abs=1e-12)
    assert nodes < 5.0 - 1e-4


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_crest_on_a_face(kind: str) -> None:
    """Rising out of the mesh at y = 0, where the crest along x is between nodes; flat in z."""
    found, nodes = highest(kind, lambda x: 1.0 - 3.0 * (x[0] - 0.26) ** 2 - x[1] * (1 + x[1]))
    assert found == pytest.approx(1.0, abs=1e-12)
    assert nodes < 1.0 - 1e-4


@pytest.mark.parametrize("kind", ["quadrilateral", "hexahedron"])
def test_products_of_parabolas(kind: str) -> None:
    """Degree four in the cell, where one step of Newton's method is not enough."""
    dim, at = box(kind).topology.dim, (0.28, 0.31, 0.22)

    def hill(x: Floats) -> Floats:
        return np.prod([1.0 - 0.8 * (x[i] - at[i]) ** 2 for i in range(dim)], axis=0)

    found, nodes = highest(kind, hill)
    assert found == pytest.approx(1.0, abs=1e-11)
    assert nodes < 1.0 - 1e-4


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_no_crest_keeps_its_nodes(kind: str) -> None:
    for function in (lambda x: 2.0 * x[0], lambda x: (x[0] - 0.5) ** 2, lambda x: 0.0 * x[0] + 3.0):
        found, nodes = highest(kind, function)
        assert found == pytest.approx(nodes, abs=1e-13)


def slab(comm: MPI.Comm = MPI.COMM_WORLD, cells: int = 3) -> js.Simulation:
    """Heated within, its faces held at two temperatures: a parabola with its crest off any node."""
    media = {"slab": js.GivenMedium("slab", k=0.5, rho_cp=2e6)}
    held = {"bottom": 300.0, "top": 301.0}
    faces = {face: [js.FaceCondition(temperature=T)] for face, T in held.items()}
    grid = js.build(js.Line((js.LayerSpec("slab", 1e-3, cells=cells),)), comm)
    setup = js.Setup(grid, media, 300.0, faces=faces, heat_sources={"slab": 5e6}, degree=2)
    return js.solve(setup)


def crest() -> float:
    """Of 300 + x/L + q L2/(2k) (x/L)(1 - x/L): a bend of 5 K and a slope of 1 K."""
    x = 0.5 + 1.0 / (2 * 5.0)
    return 300.0 + x + 5.0 * x * (1 - x)


def test_a_heated_slab() -> None:
    found = slab()
    assert found.row["Temperature max [K]"] == pytest.approx(crest(), abs=1e-8)
    assert found.row["slab temperature max [K]"] == pytest.approx(crest(), abs=1e-8)
    assert found.row["Temperature min [K]"] == pytest.approx(300.0, abs=1e-9)
    assert found.observer.hottest() == pytest.approx(crest(), abs=1e-8)
    nodes = found.snapshot().nodes["Temperature [K]"]
    assert nodes.max() < crest() - 1e-3


RANKS = """
import json
from mpi4py import MPI
from tests.simulation.test_crests import slab
found = slab(MPI.COMM_WORLD, 4).row["Temperature max [K]"]
if MPI.COMM_WORLD.rank == 0:
    print(json.dumps(found))
"""


def test_the_slab_on_two_ranks() -> None:
    assert json.loads(run_ranks(2, RANKS)) == pytest.approx(crest(), abs=1e-8)
