"""Charge transfer on particles and on lithium against closed forms, roots and quadrature."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from joulestack.constants import FARADAY, GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.fabrication.constant_media import GivenResistance
from joulestack.laws.forms import Polynomial, Value
from joulestack.laws.kinetics import ButlerVolmer, Kinetics, Linear, MarcusHushChidsey
from joulestack.laws.particles import Particles
from joulestack.physics.context import Contacts
from tests.verification.half_cell import START, THICKNESS, half_cell, law, media
from tests.verification.harness import Run

VT = GAS_CONSTANT * START / FARADAY
X0, WARM, ENERGY = 0.3, 320.0, 30e3
RATE = {"T": GAS_CONSTANT * WARM / FARADAY,
        "i0": 2 * math.sqrt(X0 * (1 - X0))
        * math.exp(ENERGY / GAS_CONSTANT * (1 / ROOM_TEMPERATURE - 1 / WARM))}  # fmt: skip


def sphere(kinetic: Kinetics) -> Particles:
    return Particles(
        "test", 0.5, 5e-6, 0.8, 5e4, law(Polynomial("x", (4.0, -1.0))), law(Value(1e-4)),
        law(Value(1e-14)), X0, (0.2, 0.8), kinetic,
    )  # fmt: skip


def cell(density: float, kinetic: Kinetics, contacts: Contacts) -> Run:
    """Electrodes at 320 K in which nothing else resists (2e-7 V at most)."""
    stuff = media([sphere(kinetic)])
    stuff["SE"] = replace(stuff["SE"], sigma_e=1e5)
    stuff["cathode"] = replace(stuff["cathode"], sigma_e=1e5, sigma_s=1e5)
    setup = half_cell(
        None, lambda t: density, cells=1, separator_cells=1, modes=3, media=stuff,
        contacts=contacts, start_temperature=WARM, faces={},
    )  # fmt: skip
    return Run(setup)


def local(density: float) -> float:
    """Current density on the particles' surface; lithium enters them in discharge [A/m2]."""
    return -density / (3 * 0.5 * 0.8 / 5e-6 * THICKNESS["cathode"])


def butler_volmer(j: float, i0: float, alpha: float, film: float) -> float:
    """Overpotential, the film's drop included, by scipy [V]."""
    s = brentq(lambda s: i0 * (math.exp((1 - alpha) * s) - math.exp(-alpha * s)) - j, -90, 90,
               xtol=1e-14, rtol=1e-15)  # fmt: skip
    return s * RATE["T"] + j * film


U0 = 4.0 - X0 + (WARM - ROOM_TEMPERATURE) * 1e-4
IDEAL = Contacts(charge_transfer=GivenResistance(1e-12))


@pytest.mark.parametrize("density", [-300.0, -1.0, 1.0, 300.0])
@pytest.mark.parametrize(("alpha", "film"), [(0.5, 0.0), (0.3, 0.0), (0.8, 0.0), (0.35, 5e-3)])
def test_butler_volmer_on_particles(density: float, alpha: float, film: float) -> None:
    kinetic = ButlerVolmer(
        exchange_current_density=0.2, activation_energy=ENERGY, transfer_coefficient=alpha,
        film_resistance=film,
    )  # fmt: skip
    V = cell(density, kinetic, IDEAL).begin()["Voltage [V]"]
    eta = butler_volmer(local(density), 0.2 * RATE["i0"], alpha, film)
    assert pytest.approx(eta, abs=3e-7) == V - U0


def test_linear_on_particles() -> None:
    kinetic = Linear(exchange_current_density=0.2, activation_energy=ENERGY,
                          film_resistance=2e-3)  # fmt: skip
    V = cell(100.0, kinetic, IDEAL).begin()["Voltage [V]"]
    eta = local(100.0) * (RATE["T"] / (0.2 * RATE["i0"]) + 2e-3)
    # i0 is softened by 3e-6 of itself at x = 0.3.
    assert pytest.approx(eta, abs=2e-6) == V - U0


@pytest.mark.parametrize("density", [-300.0, 2.0, 300.0])
def test_lithium_with_interphase(density: float) -> None:
    """Butler-Volmer and a resistance in series at the metal's face; particles almost ideal."""
    ideal = Linear(exchange_current_density=1e9, activation_energy=0.0)
    metal = ButlerVolmer(
        exchange_current_density=3.0, activation_energy=ENERGY, transfer_coefficient=0.4
    )
    contacts = Contacts(charge_transfer=GivenResistance(1e-3), kinetics=metal)
    run = cell(density, ideal, contacts)
    row = run.begin()
    i0 = 3.0 * RATE["i0"] / (2 * math.sqrt(X0 * (1 - X0)))
    # In discharge the lithium is the anode: its drop is taken off the voltage.
    eta = butler_volmer(density, i0, 0.4, 1e-3)
    assert U0 - row["Voltage [V]"] == pytest.approx(eta, abs=3e-7)
    heat = row["Li | SE charge transfer metal heat [W]"]
    assert heat == pytest.approx(density * eta * run.setup.area, rel=1e-4)


# -- Marcus-Hush-Chidsey ---------------------------------------------------------------------


def hush(s: float, reorganisation: float) -> float:
    """Oxidation less reduction rate of Marcus-Hush-Chidsey by quadrature, not scaled."""

    def rate(sign: float) -> float:
        def integrand(x: float) -> float:
            gauss = -((x - (reorganisation - sign * s)) ** 2) / (4 * reorganisation)
            return math.exp(gauss) / (1 + math.exp(x))

        width = 12 * math.sqrt(2 * reorganisation)
        middle = reorganisation - sign * s
        cuts = sorted({min(max(p, middle - width), middle + width) for p in (-20.0, 0.0, 20.0)})
        return quad(integrand, middle - width, middle + width, points=cuts, limit=400,
                    epsabs=0, epsrel=1e-10)[0]  # fmt: skip

    return float(rate(1.0) - rate(-1.0))


@pytest.mark.parametrize(("energy", "limit"), [(10e3, 0.2), (20e3, 0.1), (60e3, 0.17)])
def test_marcus_against_the_integral(energy: float, limit: float) -> None:
    """The closed form against quadrature, both scaled to slope 1 at rest; odd."""
    given = MarcusHushChidsey(exchange_current_density=1.0, activation_energy=0.0,
                        reorganisation_energy=energy)  # fmt: skip
    scaled = energy / (GAS_CONSTANT * ROOM_TEMPERATURE)
    slope = hush(1e-3, scaled) / 1e-3
    errors = [
        abs(float(given.relative_current(s)) / (hush(s, scaled) / slope) - 1)
        for s in (0.5, 2.0, 5.0, 10.0, 20.0, 40.0)
    ]
    print(f"MEASURED marcus {energy} {[f'{e:.4f}' for e in errors]}")
    assert max(errors) < limit
    assert float(given.relative_current(1e-6)) == pytest.approx(1e-6, rel=1e-5)
    assert float(given.relative_current(-7.0)) == -float(given.relative_current(7.0))


def test_marcus_on_particles() -> None:
    """The cell solves the law: its overpotential inserted gives its current back."""
    kinetic = MarcusHushChidsey(exchange_current_density=0.05, activation_energy=ENERGY,
                          reorganisation_energy=15e3)  # fmt: skip
    V = cell(10.0, kinetic, IDEAL).begin()["Voltage [V]"]
    given = float(kinetic.relative_current((V - U0) / RATE["T"]))
    assert given * 0.05 * RATE["i0"] == pytest.approx(local(10.0), rel=1e-5)


# -- the inverse form ------------------------------------------------------------------------


@pytest.mark.parametrize("start", [1e3, -1e3, 1e-9])
@pytest.mark.parametrize("density", [175.0, -175.0, 0.0])
def test_from_wildly_wrong_currents(start: float, density: float) -> None:
    """Newton comes to the same voltage from any start, in a bounded number of iterations."""
    run = Run(half_cell(None, lambda t: density, cells=4, modes=3))
    right = run.begin()["Voltage [V]"]
    system = run.model.system
    for points in system.points:
        points.block.value.x.array.reshape(-1, points.size)[:, -1] = start
    for block in run.model.blocks:
        block.value.x.array[:] = 0.0
    system.write(run.stepper.x)
    run.stepper.unsettle()
    before = run.stepper.statistics.newton
    again = run.begin()["Voltage [V]"]
    iterations = run.stepper.statistics.newton - before
    print(f"MEASURED wrong start {start:g} {density:g}: {iterations}")
    assert again == pytest.approx(right, abs=1e-8)
    assert iterations <= 14


def test_exchange_current_at_the_ends() -> None:
    """Finite with a finite slope at empty and full particles; the bare law in between."""
    given = ButlerVolmer(exchange_current_density=2.0, activation_energy=0.0)
    x = np.array([-0.05, -1e-3, 0.0, 1e-3, 0.01, 0.5, 0.99, 1.0, 1.05])
    i0 = np.array([float(given.exchange_current(ROOM_TEMPERATURE, v)) for v in x])
    assert (i0 > 0).all()
    assert i0[5] == pytest.approx(2.0, rel=1e-5)
    assert i0[4] == pytest.approx(4 * math.sqrt(0.01 * 0.99), rel=2e-3)
    h = 1e-7
    for v in x:
        rise = [float(given.exchange_current(ROOM_TEMPERATURE, v + d)) for d in (-h, h)]
        assert abs(rise[1] - rise[0]) / (2 * h) < 2e3
