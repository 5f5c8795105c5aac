"""A vector field from outside the package: diffusion of vectors, with a jump at a contact.

-div(grad u) + M u = f in two layers, (u0 - u1)/R through the contact, u = 0 at the bottom, nothing
through the other faces. The solution is manufactured; f is what its strong form leaves over, with
the curvature of the coordinates where they are axisymmetric.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from joulestack.declarations import FieldInfo, Multigrid, Quantity
from joulestack.discretisation.domain import Domain
from joulestack.mesh import LayerSpec, Line, Pellet, Pouch, build
from joulestack.physics.base import Held, Physics, Placed, SetupView
from joulestack.physics.context import Context, sides
from joulestack.physics.terms import Terms
from joulestack.simulation.observe.sums import total
from joulestack.simulation.setup import Setup
from joulestack.tolerances import Tolerance
from tests.media import filler
from tests.mpi import on_ranks
from tests.verification.harness import Run, fixed, orders

R = 0.7
WIDTH = 0.8
THICKNESS = {"lower": 0.6, "upper": 0.5}
MIXED = [[1.0, 0.4, 0.2], [0.1, 0.8, 0.3], [0.3, 0.2, 1.2]]
"""M: couples the components; not symmetric."""
COMPONENTS = {"line": 2, "pellet": 2, "pouch": 3}
CASES = [
    ("line", 1, (8, 16, 32)),
    ("line", 2, (8, 16, 32)),
    ("pellet", 1, (8, 16, 32)),
    ("pellet", 2, (4, 8, 16)),
    ("pouch", 1, (4, 8)),
]
LINEAR = ("direct", "iterative")


def motions(points: np.ndarray) -> list[np.ndarray]:
    """Translations."""
    return [np.tile(row, (len(points), 1)) for row in np.eye(3)]


def displacement(kind: str) -> FieldInfo:
    """Three components carry their translations to multigrid, two leave that out."""
    n = COMPONENTS[kind]
    return FieldInfo(
        "u", "displacement", "m", Quantity("force", "N"),
        Tolerance("displacement", "m", 1e-10, newton_only=True), components=n,
        preconditioner=Multigrid(near_nullspace=motions if n == 3 else None),
    )  # fmt: skip


class Vectors(Physics):
    """The problem on a kind of mesh, and its solution."""

    def __init__(self, kind: str) -> None:
        self.kind, self.info = kind, displacement(kind)

    def fields(self, setup: SetupView, domain: Domain) -> Iterable[Placed]:
        yield Placed(self.info, domain.regions, jumps=lambda interface: True)

    def held(self, setup: SetupView, fields: Any) -> Iterable[Held]:
        yield Held("bottom", "u", lambda t: 0.0)

    def exact(self, context: Context, layer: str) -> Any:
        """The solution in a layer: its flux vanishes on top and at the sides."""
        x = ufl.SpatialCoordinate(context.domain.mesh)
        axis = context.domain.tagged.stacking_axis
        z, d = x[axis], THICKNESS["lower"]
        found = []
        for k in range(self.info.size):
            w, scale = 1.3 + 0.4 * k, 1.0 + 0.5 * k
            if layer == "lower":
                along: Any = scale * ufl.sin(w * z)
            else:
                slope, t = scale * w * math.cos(w * d), THICKNESS["upper"]
                start = scale * math.sin(w * d) + R * slope
                cubic = 0.3 + 0.2 * k
                square = -(slope + 3 * cubic * t * t) / (2 * t)
                s = z - d
                along = start + slope * s + square * s**2 + cubic * s**3
            across: Any = 1.0
            for i in range(context.domain.tdim):
                if i == axis:
                    continue
                if self.kind == "pellet":
                    r = x[i] / WIDTH
                    across = r - r**3 / 3 if k == 0 else 1 + 0.3 * ufl.cos(math.pi * r * r)
                else:
                    across = across * (1 + 0.3 * ufl.cos(math.pi * x[i] / WIDTH))
            found.append(along * across)
        return ufl.as_vector(found)

    def source(self, context: Context, layer: str) -> Any:
        """M u - div(grad u) of the solution."""
        u, n = self.exact(context, layer), self.info.size
        x = ufl.SpatialCoordinate(context.domain.mesh)
        found = []
        for k in range(n):
            mixed = sum(MIXED[k][m] * u[m] for m in range(n))
            laplace = ufl.div(ufl.grad(u[k]))
            if self.kind == "pellet":
                laplace += u[k].dx(0) / x[0] - (u[0] / x[0] ** 2 if k == 0 else 0.0)
            found.append(mixed - laplace)
        return ufl.as_vector(found)

    def contribute(self, context: Context, terms: Terms) -> None:
        n = self.info.size
        matrix = ufl.as_matrix([row[:n] for row in MIXED[:n]])
        for group in context.regions:
            u, v = group.blocks["u"], group.blocks["u"].test
            inside = ufl.inner(ufl.grad(u.value), ufl.grad(v)) + ufl.dot(matrix * u.value, v)
            if self.kind == "pellet":
                radius = ufl.SpatialCoordinate(context.domain.mesh)[0]
                inside += u.value[0] * v[0] / radius**2
            source = self.source(context, group.layer)
            terms.add(u, (inside - ufl.dot(source, v)) * context.dx(group))
        for interface in context.interfaces:
            u0, u1 = sides(interface, "u")
            v0, v1 = sides(interface, "u", "test")
            first, second = (s.blocks["u"] for s in interface.sides)
            terms.add(first, ufl.dot((u0 - u1) / R, v0) * context.dS(interface))
            terms.add(second, ufl.dot((u1 - u0) / R, v1) * context.dS(interface))


class VectorRun(Run):
    """With the norms of the error."""

    def before_finish(self) -> None:
        model = self.model
        (problem,) = self.setup.physics
        assert isinstance(problem, Vectors)
        degree = {"quadrature_degree": 2 * self.setup.degree + 3}
        dx = ufl.Measure("dx", domain=model.domain.mesh, metadata=degree)
        squares: dict[str, list[Any]] = {"L2": [], "H1": []}
        for group in model.context.regions:
            e = group.blocks["u"].value - problem.exact(model.context, group.layer)
            weight, measure = model.context.weight, dx(tuple(r.id for r in group.regions))
            squares["L2"].append(weight * ufl.inner(e, e) * measure)
            squares["H1"].append(weight * ufl.inner(ufl.grad(e), ufl.grad(e)) * measure)
        self.norms = {name: model.forms.add(total(parts)) for name, parts in squares.items()}

    def errors(self) -> dict[str, float]:
        comm = self.model.domain.comm
        return {k: math.sqrt(comm.allreduce(f[0].scalar())) for k, f in self.norms.items()}


def problem(kind: str, degree: int, n: int, comm: Any) -> Setup:
    layers = tuple(LayerSpec(name, d, n, 1.0) for name, d in THICKNESS.items())
    spec: Any = Line(layers)
    if kind == "pellet":
        spec = Pellet(layers, WIDTH, radial_cells=n, radial_exponent=1.0)
    if kind == "pouch":
        spec = Pouch(layers, WIDTH, WIDTH, in_plane_size=WIDTH / n)
    return Setup(
        build(spec, comm), {name: filler() for name in THICKNESS}, 300.0,
        faces={"bottom": fixed(300.0)}, degree=degree, thickness=THICKNESS,
        physics=(Vectors(kind),),
    )  # fmt: skip


def errors(kind: str, degree: int, cells: tuple[int, ...], linear: str, comm: Any) -> list[Any]:
    """Of each mesh: L2 and H1 norm of the error."""
    found = []
    for n in cells:
        run = VectorRun(problem(kind, degree, n, comm), linear=linear, measured=False)
        assert run.stepper.statistics.solver == linear
        assert len(run.model.fields["u"].blocks) == 2
        run.steady()
        found.append(run.errors())
    return found


def everything(comm: Any) -> list[Any]:
    return [
        [kind, degree, linear, errors(kind, degree, cells, linear, comm)]
        for kind, degree, cells in CASES
        for linear in LINEAR
    ]


@cache
def on_two_ranks() -> Mapping[tuple[str, int, str], Any]:
    return {(*key,): found for *key, found in on_ranks(2, everything)}  # type: ignore[misc]


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
@pytest.mark.parametrize("linear", LINEAR)
@pytest.mark.parametrize(("kind", "degree", "cells"), CASES)
def test_order_of_a_vector_field_with_a_jump(
    kind: str, degree: int, cells: tuple[int, ...], linear: str, ranks: int
) -> None:
    """Degree + 1 in L2, degree in H1."""
    found = (
        on_two_ranks()[kind, degree, linear]
        if ranks == 2
        else errors(kind, degree, cells, linear, MPI.COMM_SELF)
    )
    for norm, theory in (("L2", degree + 1), ("H1", degree)):
        observed = orders([e[norm] for e in found])
        assert observed == pytest.approx([theory] * len(observed), abs=0.1), norm
