"""Problem 4: slabs cooled by convection against eigenfunction series (docs/verification.md)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from mpi4py import MPI
from scipy.optimize import brentq

from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Setup
from joulestack.solver.stepper import Tolerances
from tests.measured import measured
from tests.verification.harness import Floats, Run, cooled

Errors = dict[str, float]
START, AMBIENT = 400.0, 300.0
RISE = START - AMBIENT
LIMIT = 1e-3


@dataclass(frozen=True)
class Slab:
    """Layers bottom first; contact resistances between them; films at both ends."""

    thickness: tuple[float, ...]
    k: tuple[float, ...]
    rho_cp: tuple[float, ...]
    h_bottom: float
    h_top: float
    R: tuple[float, ...] = ()

    def march(self, mu: float, upto: int | None = None, depth: float = 0.0) -> tuple[float, float]:
        """(u, -k u') of the solution that fits the bottom, at the top or inside a layer."""
        u, q = 1.0, -self.h_bottom
        for i, (d, k, c) in enumerate(zip(self.thickness, self.k, self.rho_cp, strict=True)):
            w = mu * np.sqrt(c / k)
            s = d if i != upto else depth
            cos, sin = np.cos(w * s), np.sin(w * s)
            u, q = u * cos - q / (k * w) * sin, q * cos + u * k * w * sin
            if i == upto:
                break
            if i < len(self.R):
                u -= self.R[i] * q
        return u, q

    def eigenvalues(self, count: int) -> list[float]:
        """mu_n of exp(-mu^2 t): roots of an entire function, found by scanning for signs."""

        def top(mu: float) -> float:
            u, q = self.march(mu)
            return q - self.h_top * u

        crossing = sum(d * np.sqrt(c / k) for d, k, c in
                       zip(self.thickness, self.k, self.rho_cp, strict=True))  # fmt: skip
        grid = np.arange(1e-6, (count + 2) * np.pi / crossing, 0.01 / crossing)
        values = np.array([top(m) for m in grid])
        change = np.flatnonzero(values[:-1] * values[1:] < 0)[:count]
        return [brentq(top, grid[i], grid[i + 1], xtol=1e-14) for i in change]

    def series(self, layer: int, depth: Floats, times: Floats, modes: int = 40) -> Floats:
        """(T - T_amb) / (T_start - T_amb) at depths in a layer, one row for each time."""
        nodes, weights = np.polynomial.legendre.leggauss(150)
        result = np.zeros((len(times), len(depth)))
        for mu in self.eigenvalues(modes):
            mean = square = 0.0
            for i, (d, c) in enumerate(zip(self.thickness, self.rho_cp, strict=True)):
                u = np.array([self.march(mu, i, 0.5 * d * (1 + s))[0] for s in nodes])
                mean += 0.5 * d * c * float(weights @ u)
                square += 0.5 * d * c * float(weights @ u**2)
            shape = np.array([self.march(mu, layer, s)[0] for s in depth])
            result += mean / square * np.exp(-(mu**2) * times)[:, None] * shape
        return result


def solve(slab: Slab, times: Floats, tolerance: float, cells: int = 24) -> list[Errors]:
    """Largest error of each layer at each time, relative to the initial rise."""
    names = "ab"[: len(slab.k)]
    tagged = build(
        Line(tuple(LayerSpec(n, d, cells) for n, d in zip(names, slab.thickness, strict=True))),
        MPI.COMM_SELF,
    )
    contacts = {("a", "b"): Contacts(thermal=GivenResistance(slab.R[0]))} if slab.R else {}
    run = Run(
        Setup(
            tagged,
            {
                n: GivenMedium(n, k=k, rho_cp=c)
                for n, k, c in zip(names, slab.k, slab.rho_cp, strict=True)
            },
            START,
            contacts,
            {"bottom": cooled(slab.h_bottom, AMBIENT), "top": cooled(slab.h_top, AMBIENT)},
            degree=2,
            thickness=dict(zip(names, slab.thickness, strict=True)),
        ),
        tolerances=Tolerances(tolerance, tolerance),
    )
    found: list[list[Floats]] = []
    run.advance(
        float(times[-1]),
        outputs=list(times),
        on_output=lambda t: found.append([run.profile("T", n)[1] + RISE for n in names]),
    )
    assert len(found) == len(times)
    errors: list[Errors] = [{} for _ in times]
    for i, name in enumerate(names):
        depth = run.profile("T", name)[0] - sum(slab.thickness[:i])
        exact = exact_series(slab, i, tuple(depth), tuple(times))
        for row, values, reference in zip(errors, found, exact, strict=True):
            row[name] = float(np.abs(values[i] / RISE - reference).max())
    return errors


@cache
def exact_series(
    slab: Slab, layer: int, depth: tuple[float, ...], times: tuple[float, ...]
) -> Floats:
    return slab.series(layer, np.array(depth), np.array(times))


# Insulated below, Bi = 2: Fo = t. Times from the first cooling of the surface to the tail.
ONE = Slab((1.0,), (1.0,), (1.0,), 0.0, 2.0)
ONE_TIMES = np.array([0.02, 0.1, 0.3, 1.0, 2.0])
# Unlike layers, unlike films, and a resistance as large as the layers' own.
TWO = Slab((0.6, 1.1), (0.5, 3.0), (2.0, 0.9), 0.8, 4.0, (1.3,))
TWO_TIMES = np.array([0.02, 0.1, 0.5, 1.5, 4.0])


def test_series_of_one_layer_is_the_textbook_one() -> None:
    """zeta tan zeta = Bi; C = 4 sin zeta/(2 zeta + sin 2 zeta)."""
    zeta = np.array(ONE.eigenvalues(6))
    assert zeta * np.tan(zeta) == pytest.approx(2.0, rel=1e-9)
    assert zeta[0] == pytest.approx(1.0769, abs=5e-5)
    C = 4 * np.sin(zeta) / (2 * zeta + np.sin(2 * zeta))
    textbook = sum(
        c * np.exp(-(z**2) * 1.0) * np.cos(z * 0.4) for c, z in zip(C, zeta, strict=True)
    )
    found = ONE.series(0, np.array([0.4]), np.array([1.0]))[0, 0]
    assert found == pytest.approx(textbook, rel=1e-9)


def test_series_of_two_layers_meets_its_conditions() -> None:
    """The start, the jump, the flux at the contact: the reference itself is right."""
    at = np.array([0.3])
    start = [TWO.series(i, at, np.array([1e-3]), 60)[0, 0] for i in range(2)]
    assert start == pytest.approx([1.0, 1.0], abs=1e-6)
    step, t = 1e-5, np.array([0.5])
    low = TWO.series(0, np.array([0.6 - 2 * step, 0.6 - step, 0.6]), t)[0]
    high = TWO.series(1, np.array([0.0, step, 2 * step]), t)[0]
    flux_low = -0.5 * (3 * low[2] - 4 * low[1] + low[0]) / (2 * step)
    flux_high = -3.0 * (-3 * high[0] + 4 * high[1] - high[2]) / (2 * step)
    assert flux_low == pytest.approx(flux_high, rel=1e-6)
    assert flux_low == pytest.approx((low[2] - high[0]) / 1.3, rel=1e-6)


@pytest.mark.parametrize(("slab", "times"), [(ONE, ONE_TIMES), (TWO, TWO_TIMES)])
def test_cooling_follows_the_series(slab: Slab, times: Floats) -> None:
    """At every node of every layer, at five times, relative to the initial rise of 100 K."""
    by_tolerance = []
    for tolerance, limit in ((1e-4, LIMIT), (1e-5, LIMIT / 3), (1e-6, LIMIT / 9)):
        errors = solve(slab, times, tolerance)
        for t, row in zip(times, errors, strict=True):
            for layer, error in row.items():
                assert error < limit, (tolerance, t, layer)
        by_tolerance.append(max(max(row.values()) for row in errors))
        measured(f"cooling {'one' if slab is ONE else 'two'} {tolerance:.0e}", by_tolerance[-1])
    # dt^2 ~ tolerance^(2/3): 4.6 a decade.
    assert by_tolerance[1] < by_tolerance[0] / 3
    assert by_tolerance[2] < by_tolerance[1] / 3
