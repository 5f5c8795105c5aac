"""Problem 7: observed orders in space and time against theory (docs/verification.md)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.base import Physics
from joulestack.physics.context import Context
from joulestack.physics.terms import Terms
from joulestack.simulation.setup import Drive, Setup
from joulestack.solver.stepper import StepControl, Tolerances
from tests.media import filler
from tests.verification.harness import Run, cooled, orders
from tests.verification.manufactured import (
    LINEAR,
    SMOOTH,
    UPPER,
    ManufacturedRun,
    manufactured,
    problem,
)

FIELDS = ("T", "phi_s", "phi_e")
TIGHT = Tolerances(1e-9, 1e-9, potential=1e-12)


@pytest.mark.parametrize(
    ("kind", "degree", "cells", "layers"),
    [
        ("line", 1, (8, 16, 32), "abcd"),
        ("line", 2, (8, 16, 32), "abcd"),
        ("pellet", 1, (16, 32), "abcd"),
        ("pellet", 2, (16, 32), "cd"),
        ("plane", 1, (16, 32), "cd"),
        ("pouch", 1, (4, 8), "cd"),
    ],
)
def test_order_in_space(kind: str, degree: int, cells: tuple[int, ...], layers: str) -> None:
    """Coupled heat and charge with jumps: degree + 1 in L2 and degree in H1, each field.

    Some with the upper two layers alone: fewer forms to compile.
    """
    model = manufactured(SMOOTH if layers == "abcd" else UPPER)
    found = []
    for n in cells:
        run = ManufacturedRun(
            problem(kind, n, degree, layers), kind=model, tolerances=TIGHT, measured=False
        )
        run.steady()
        found.append(run.errors())
    for key in FIELDS:
        for norm, theory in (("L2", degree + 1), ("H1", degree)):
            observed = orders([e[key, norm] for e in found])
            assert observed == pytest.approx([theory] * len(observed), abs=0.1), (key, norm)


def transient(
    tolerances: Tolerances, control: StepControl, **more: Any
) -> dict[tuple[str, str], float]:
    """Errors at t = 1 of a solution linear in space (no error there) and sin(2 t) in time."""
    model = manufactured(LINEAR, lambda t: math.sin(2 * t), lambda t: 2 * math.cos(2 * t))
    run = ManufacturedRun(
        problem("line", 8), kind=model, tolerances=tolerances, control=control, measured=False,
        **more,
    )  # fmt: skip
    run.advance(1.0)
    return run.errors()


def test_order_in_time_with_fixed_steps() -> None:
    """BDF of order 2, temperature and both potentials that follow it."""
    found = [
        transient(TIGHT, StepControl(first=1 / n, largest=1 / n, order=2, adaptive=False))
        for n in (80, 160, 320)
    ]
    for key in FIELDS:
        observed = orders([e[key, "L2"] for e in found])
        assert observed == pytest.approx([2.0, 2.0], abs=0.1), key


def test_error_in_time_follows_the_tolerance() -> None:
    """At order k: error of a step ~ tolerance ~ dt^(k+1), at the end ~ dt^k.

    Orders 2 to 5 take turns: exponents from 2/3 to 5/6 of the tolerance.
    """
    found = [
        transient(Tolerances(tol, tol, potential=1e-12), StepControl())
        for tol in (1e-4, 1e-5, 1e-6, 1e-7)
    ]
    for key in FIELDS:
        errors = [e[key, "L2"] for e in found]
        total = orders([errors[0], errors[-1]], ratio=1000.0)[0]
        assert 2 / 3 - 0.1 < total < 5 / 6 + 0.1, key
    # 7 K of rise at the largest; the default tolerance gives 4 parts in 10000 of it.
    assert found[0]["T", "L2"] < 3e-3


# -- a known set -----------------------------------------------------------------------------

H_END, AMBIENT = 1.35, 300.0


def phi(x: Any) -> Any:
    return 3.565 * np.exp(x) - 4.71 * x**2 + 7.1 * x - 3.4


def dphi(x: Any) -> Any:
    return 3.565 * np.exp(x) - 9.42 * x + 7.1


class KnownSource(Physics):
    """div(-(1 + x) Phi') = 2.32 + e^x (-7.13 - 3.565 x) + 18.84 x."""

    def contribute(self, context: Context, terms: Terms) -> None:
        x = ufl.SpatialCoordinate(context.domain.mesh)[0]
        source = 2.32 + ufl.exp(x) * (-7.13 - 3.565 * x) + 18.84 * x
        for group in context.regions:
            block = group.blocks["phi_s"]
            terms.add(block, -source * block.test * context.dx(group))


def known_temperature(points: Any) -> Any:
    """Rise by quadrature: -k T' = F, F' = (1 + x) Phi'^2, convection at both ends."""
    nodes, weights = np.polynomial.legendre.leggauss(40)

    def integral(f: Any, a: Any, b: Any) -> Any:
        half = 0.5 * (np.asarray(b) - a)
        return half * sum(w * f(a + half * (1 + s)) for s, w in zip(nodes, weights, strict=True))

    def heat(x: Any) -> Any:
        return integral(lambda s: (1 + s) * dphi(s) ** 2, 0.0, x)

    def k(x: Any) -> Any:
        return 3 - 2.6 * x

    one = integral(lambda s: 1 / k(s), 0.0, 1.0)
    driven = integral(lambda s: heat(s) / k(s), 0.0, 1.0)
    # F(0) = -h T0 and F(1) = h T1 = F(0) + heat(1), T1 = T0 - F(0) one - driven.
    T0 = (heat(1.0) + H_END * driven) / (2 * H_END + H_END**2 * one)
    points = np.asarray(points)
    return (
        T0
        + H_END * T0 * integral(lambda s: 1 / k(s), 0.0, points)
        - integral(lambda s: heat(s) / k(s), 0.0, points)
    )


def test_known_set_of_potential_and_heat() -> None:
    """Phi = 3.565 e^x - 4.71 x^2 + 7.1 x - 3.4, sigma = 1 + x; k = 3 - 2.6 x, h = 1.35."""
    nodes, weights = np.polynomial.legendre.leggauss(5)
    found: dict[str, list[float]] = {"phi_s": [], "T": []}
    for n in (32, 64, 128):
        tagged = build(Line((LayerSpec("bar", 1.0, n, 1.0),)), MPI.COMM_SELF)
        x = ufl.SpatialCoordinate(tagged.mesh)[0]
        run = Run(
            Setup(
                tagged,
                {"bar": filler(k=3 - 2.6 * x, sigma_s=1 + x)},
                AMBIENT,
                faces={"bottom": cooled(H_END, AMBIENT), "top": cooled(H_END, AMBIENT)},
                drive=Drive("bottom", "top", lambda t: None, lambda t: phi(1.0) - phi(0.0)),
                physics=(KnownSource(),),
            ),
        )
        run.steady()
        for key, exact in (("phi_s", lambda s: phi(s) - phi(0.0)), ("T", known_temperature)):
            at, values = run.profile(key, "bar")
            middle, half = 0.5 * (at[1:] + at[:-1]), 0.5 * np.diff(at)
            square = 0.0
            for s, w in zip(nodes, weights, strict=True):
                points = middle + half * s
                square += float(w * half @ (np.interp(points, at, values) - exact(points)) ** 2)
            found[key].append(math.sqrt(square))
    for key, errors in found.items():
        assert orders(errors) == pytest.approx([2.0, 2.0], abs=0.1), key
    rise = float(known_temperature(1.0))
    assert found["T"][-1] < 1e-4 * rise
    assert found["phi_s"][-1] < 1e-4 * phi(1.0)
