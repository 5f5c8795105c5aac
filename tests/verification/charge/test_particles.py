"""Problem 8 and lithium of problem 9: diffusion in particles (docs/verification.md)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from joulestack.constants import FARADAY
from joulestack.discretisation.fields import Field
from joulestack.fabrication.constant_media import GivenResistance
from joulestack.laws.forms import Form, Polynomial, Value
from joulestack.laws.kinetics import Linear
from joulestack.laws.particles import Particles
from joulestack.laws.state import State
from joulestack.physics.context import PARTICLES, Contacts
from joulestack.physics.particles import _diffusion
from joulestack.physics.radial import radial_basis
from joulestack.solver.stepper import Tolerances
from tests.verification.half_cell import START, THICKNESS, half_cell, law, media, particles
from tests.verification.harness import Run

Floats = npt.NDArray[np.float64]

D, R, C_MAX, X0 = 1e-14, 5e-6, 5e4, 0.4
TAU = R**2 / D
"""Time constant of the diffusion [s]."""
FAST = Linear(exchange_current_density=1e7, activation_energy=0.0)


def sphere(start: float = X0, slope: float = -1.0, **changes: Any) -> Particles:
    """Particles with U = 4 V + slope x and constant D, in equilibrium at their surface."""
    made = Particles(
        "test", 0.5, R, 1.0, C_MAX, law(Polynomial("x", (4.0, slope))), None, law(Value(D)),
        start, (0.2, 0.8), FAST,
    )  # fmt: skip
    return replace(made, **changes)


def ideal(populations: list[Particles], modes: int, **changes: Any) -> Any:
    """A cell in which nothing but the particles resists; all of them see the same."""
    stuff = media(populations)
    stuff["SE"] = replace(stuff["SE"], sigma_e=1e4)
    stuff["cathode"] = replace(stuff["cathode"], sigma_e=1e4, sigma_s=1e4)
    return half_cell(
        populations, cells=1, separator_cells=1, modes=modes, media=stuff,
        contacts=Contacts(charge_transfer=GivenResistance(1e-9)), **changes,
    )  # fmt: skip


def particle_states(run: Run) -> list[Field]:
    """Local states of the populations, in their order."""
    return [f for f in run.model.states.values() if f.info.kind == PARTICLES]


def lithium(run: Run, number: int = 0) -> Floats:
    """Modes of a population, a row for each point."""
    block = particle_states(run)[number].blocks[0]
    rows: Floats = block.value.x.array.reshape(-1, block.size)[:, :-1]
    return rows


# -- series ----------------------------------------------------------------------------------


def flux_series(tau: Floats) -> Floats:
    """Surface value under a constant inflow of R J/D = 1, over the start (Crank 1975, eq. 6.45)."""
    roots = [brentq(lambda z: np.sin(z) - z * np.cos(z), n * np.pi, (n + 0.5) * np.pi)
             for n in range(1, 400)]  # fmt: skip
    terms = sum(np.exp(-(z**2) * tau) / z**2 for z in roots)
    return 3 * tau + 0.2 - 2 * terms


def uptake_series(tau: Floats) -> Floats:
    """Part of the final uptake after a step of the surface value (Crank 1975, eq. 6.20)."""
    n = np.arange(1, 2000)[:, None]
    series: Floats = 1 - 6 / np.pi**2 * (np.exp(-((n * np.pi) ** 2) * tau) / n**2).sum(axis=0)
    return series


FINE = Tolerances(temperature=1.0, lithiation=1e-7, potential=1e-12, newton=1e-3)
TIMES = np.array([0.02, 0.1, 0.3])


@cache
def constant_flux(modes: int) -> float:
    """Largest error of the surface value, of a change of up to 1.1 D/(R J)."""
    area_ratio = 3 * 0.5 / R * THICKNESS["cathode"]
    J = 0.3 * D * C_MAX / R  # into the particle [mol/m2/s]
    setup = ideal([sphere()], modes, current=lambda t: J * FARADAY * area_ratio)
    run = Run(setup, tolerances=FINE)
    got: list[float] = []
    run.advance(
        TIMES[-1] * TAU, outputs=list(TIMES * TAU),
        on_output=lambda t: got.append(float(lithium(run)[0].sum())),
    )  # fmt: skip
    return float(np.abs((np.array(got) - X0) / 0.3 - flux_series(TIMES)).max())


def test_constant_flux() -> None:
    """Spectral: three modes more take some nine tenths of the error off, down to the time's."""
    errors = [constant_flux(n) for n in (3, 6, 9)]
    print(f"MEASURED flux {errors}")
    assert all(b < a / 8 for a, b in pairwise(errors))
    assert errors[-1] < 3e-5


@cache
def surface_held(modes: int) -> float:
    """Largest error of the uptake after a step of the voltage, as a part of the final uptake."""
    setup = ideal([sphere()], modes, current=lambda t: None, voltage=lambda t: 4.0 - X0 - 0.2)
    run = Run(setup, tolerances=FINE)
    got: list[float] = []
    run.advance(
        TIMES[-1] * TAU, outputs=list(TIMES * TAU),
        on_output=lambda t: got.append(float(lithium(run)[0][0])),
    )  # fmt: skip
    return float(np.abs((np.array(got) - X0) / 0.2 - uptake_series(TIMES)).max())


def test_surface_held() -> None:
    """The start jumps: the hardest case for smooth functions."""
    errors = [surface_held(n) for n in (3, 6, 9)]
    print(f"MEASURED held {errors}")
    assert all(b < a / 8 for a, b in pairwise(errors))
    assert errors[-1] < 5e-5


# -- D(x, T), manufactured -------------------------------------------------------------------


class Steep(Form):
    """D0 exp(2 x) (T/T0)^2."""

    takes = ("x", "T")

    def __call__(self, *, x: Any, T: Any, **_: Any) -> Any:
        return D * np.exp(2 * x) * (T / START) ** 2


def wave(rho: Any, t: Any) -> Any:
    """x(r, t); even in r, as smooth functions in a ball are."""
    return 0.5 + 0.2 * np.cos(2 * rho) * np.exp(-t)


def test_manufactured_with_D_of_x_and_T() -> None:
    """The package's diffusion operator, integrated by scipy against a solution put in by hand."""
    population = sphere(diffusivity=law(Steep()))
    points, weights = np.polynomial.legendre.leggauss(120)
    rho, weights = 0.5 * (points + 1), 0.5 * weights * (0.5 * (points + 1)) ** 2

    def temperature(t: float) -> float:
        return START + 30 * np.sin(t)

    def strong(r: Floats, t: float) -> Floats:
        """dx/dt - div(D grad x), in units of R2 and D, by a complex step in r and t."""
        h = 1e-30

        def flux(at: Any) -> Any:
            x = wave(at, t)
            slope = -0.4 * np.sin(2 * at) * np.exp(-t)
            return at**2 * np.exp(2 * x) * (temperature(t) / START) ** 2 * slope

        rate = wave(r, t + 1j * h).imag / h
        return rate - flux(r + 1j * h).imag / h / r**2

    def error(modes: int) -> float:
        basis = radial_basis(modes)
        P = basis.at(rho).T

        def rate(t: float, y: Floats) -> Floats:
            T = temperature(t)
            x, slope = wave(1.0, t), -0.4 * np.sin(2.0) * np.exp(-t)
            value = float(population.diffusivity(State(T=T, x=x)))
            j = -value * slope * FARADAY * C_MAX / R
            rows, inside = _diffusion(population, basis, list(y), [0.0] * modes, j, T)
            assert inside is not None
            rows += np.array([inside.law(x) for x in inside.values @ y]) @ (inside.pull @ y)
            source = P @ (weights * strong(rho, t)) / basis.mass
            return source - TAU * np.array(rows, dtype=float)

        start = P @ (weights * wave(rho, 0.0)) / basis.mass
        end = solve_ivp(rate, (0, 1), start, "LSODA", rtol=1e-10, atol=1e-12).y[:, -1]
        return float(np.abs(end @ P - wave(rho, 1.0)).max())

    errors = [error(n) for n in (3, 6, 9, 12)]
    print(f"MEASURED manufactured {errors}")
    assert all(b < a / 5 for a, b in pairwise(errors))
    assert errors[-1] < 5e-5


# -- conservation ----------------------------------------------------------------------------


def held_lithium(run: Run) -> float:
    """Lithium in all particles as charge [C]."""
    total = 0.0
    populations = run.setup.media["cathode"].particles
    for field, population in zip(particle_states(run), populations, strict=True):
        block = field.blocks[0]
        points = next(p for p in run.model.system.points if p.block is block)
        y0 = block.value.x.array.reshape(-1, block.size)[: block.nodes, 0]
        density = float(population.theoretical_capacity_density)
        total += density * float(points.weight @ y0)
    return total


def test_lithium_is_conserved() -> None:
    """1C out, in and rest: what the particles hold less what the current brought, at every step."""
    density = 35.0

    def current(t: float) -> float:
        return density if t < 1200 else -density if t < 2400 else 0.0

    big = replace(particles(0.5), radius=6e-6, fraction=0.3, start=0.45)
    small = replace(particles(0.5), fraction=0.25)
    run = Run(half_cell([big, small], current, cells=6))
    worst = 0.0
    run.begin()
    before = held_lithium(run)

    def check(t: float) -> None:
        nonlocal worst
        run._record(t, "step")
        brought = min(t, 1200) - max(min(t, 2400) - 1200, 0)
        held = held_lithium(run) - before - brought * density * run.setup.area
        worst = max(worst, abs(held) / before)

    run.stepper.advance(0.0, 3000.0, [1200.0, 2400.0], check)
    print(f"MEASURED lithium {worst:.2e} {run.stepper.statistics}")
    assert worst < 3e-12


def test_populations_share_lithium_at_rest() -> None:
    """Two sizes and materials, out of balance: at rest U becomes one, the lithium stays."""
    first, second = sphere(0.2, fraction=0.2), sphere(0.7, -0.5, fraction=0.3, radius=2e-6)
    run = Run(ideal([first, second], 5, current=lambda t: 0.0))
    run.advance(20 * TAU)
    a, b = (lithium(run, n)[0] for n in (0, 1))
    # 0.2 x1 + 0.3 x2 = 0.25, 4 - x1 = 4 - x2/2
    x2 = 0.25 / (0.2 * 0.5 + 0.3)
    print(f"MEASURED share {a[0] - x2 / 2:.2e} {b[0] - x2:.2e}")
    assert b[0] == pytest.approx(x2, abs=1e-6)
    assert a[0] == pytest.approx(0.5 * x2, abs=1e-6)
    assert a[0] * 0.2 + b[0] * 0.3 == pytest.approx(0.25, abs=1e-13)
