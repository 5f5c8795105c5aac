"""Cells reduced to what has a closed form, and the balances of the full ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.constants import FARADAY, GAS_CONSTANT
from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.laws.forms import Value
from joulestack.laws.kinetics import ButlerVolmer, Linear
from joulestack.laws.state import State
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive, FaceCondition, Setup
from joulestack.solver.stepper import Tolerances
from tests.verification.half_cell import (
    START,
    THICKNESS,
    half_cell,
    law,
    media,
    open_circuit,
    particles,
)
from tests.verification.harness import Run

VT = GAS_CONSTANT * START / FARADAY


def test_infinitely_fast_cell_is_at_open_circuit() -> None:
    """Fast diffusion, kinetics and conduction: V = U(mean x) all along a slow discharge."""
    fast = Linear(exchange_current_density=1e6, activation_energy=0.0)
    given = replace(particles(0.3), diffusivity=law(Value(1e-9)), kinetics=fast)
    stuff = media([given])
    stuff["SE"] = replace(stuff["SE"], sigma_e=1e4)
    stuff["cathode"] = replace(stuff["cathode"], sigma_e=1e4, sigma_s=1e4)
    run = Run(
        half_cell(
            None, lambda t: 1.75, cells=4, separator_cells=1, modes=4, media=stuff,
            contacts=Contacts(charge_transfer=GivenResistance(1e-9)),
        )
    )  # fmt: skip
    run.advance(20 * 3600.0 * 0.6)
    U, capacity = open_circuit(), float(given.theoretical_capacity_density) * THICKNESS["cathode"]
    worst = 0.0
    for row in run.rows:
        x = 0.3 + 1.75 * row["Time [s]"] / capacity
        worst = max(worst, abs(row["Voltage [V]"] - float(U(State(T=START, x=x)))))
    assert x > 0.6
    print(f"MEASURED fast {worst:.2e} V over {len(run.rows)} steps")
    assert worst < 1e-6


def symmetric(density: float, contacts: Contacts) -> Run:
    """Li | SE | Li, both ends at 298.15 K."""
    layers = (("Li", 2e-5), ("SE", 3e-5), ("Li2", 2e-5))
    stuff = {
        "Li": GivenMedium("Li", 85.0, 1.9e6, 1e7, electrode_potential=0.0),
        "SE": GivenMedium("SE", 0.5, 1.8e6, sigma_e=0.25),
        "Li2": GivenMedium("Li2", 85.0, 1.9e6, 1e7, electrode_potential=0.0),
    }
    face = [FaceCondition(temperature=lambda t: START)]
    return Run(
        Setup(
            build(Line(tuple(LayerSpec(n, t, 4) for n, t in layers)), MPI.COMM_SELF),
            stuff,
            START,
            {("Li", "SE"): contacts, ("SE", "Li2"): contacts},
            {"bottom": face, "top": face},
            Drive("bottom", "top", lambda t: density * 1e-4),
            area=1e-4,
        ),
        tolerances=Tolerances(temperature=1e-6, potential=1e-12),
    )


def test_resistors_in_series() -> None:
    """Ohm: V = -i sum of resistances, heat I^2 R."""
    run = symmetric(50.0, Contacts(charge_transfer=GivenResistance(2e-3)))
    row = run.steady()
    R = 3e-5 / 0.25 + 2 * 2e-3 + 4e-5 / 1e7
    assert row["Voltage [V]"] == pytest.approx(-50 * R, rel=1e-9)
    assert row["Heat generated [W]"] == pytest.approx(50**2 * R * 1e-4, rel=1e-9)


def test_symmetric_lithium_cell() -> None:
    """No net heat but Joule's and the interfaces' loss; both interfaces lose the same at 298 K."""
    kinetic = ButlerVolmer(exchange_current_density=10.0, activation_energy=0.0)
    run = symmetric(100.0, Contacts(charge_transfer=GivenResistance(1e-3), kinetics=kinetic))
    row = run.begin()
    eta = 2 * VT * np.arcsinh(100 / 20) + 100 * 1e-3
    joule = 100 * (3e-5 / 0.25 + 4e-5 / 1e7)
    assert row["Voltage [V]"] == pytest.approx(-2 * eta - joule, rel=1e-8)
    assert row["Heat charge transfer metal [W]"] == pytest.approx(2 * eta * 1e-2, rel=1e-8)
    assert row["Heat generated [W]"] == pytest.approx((2 * eta + joule) * 1e-2, rel=1e-8)
    assert row.get("Heat reversible [W]", 0.0) == 0.0
    first, second = (
        row[f"{name} charge transfer metal heat [W]"] for name in ("Li | SE", "SE | Li2")
    )
    assert first == pytest.approx(second, rel=1e-9)


@pytest.mark.parametrize("kind", ["line", "pellet", "box"])
def test_balances_at_every_step(kind: str) -> None:
    """Heat = I (U - V) + reversible, heat in = out + stored, charge in = out: 1e-6 at each step.

    On the axis of the pellet the vertices of lumped integrals have no weight.
    """
    run = Run(
        half_cell(
            [particles(0.3, dUdT=1e-4)],
            lambda t: 175.0 if t < 20 else -100.0,
            kind=kind,
            cells=4,
            separator_cells=2,
            modes=4,
            in_plane=2,
            lumped=True,
        )
    )
    run.advance(40.0, [20.0])
    worst = dict.fromkeys(("identity", "heat", "charge"), 0.0)
    for row in run.rows:
        I, generated = abs(row["Current [A]"]), sum(
            abs(v) for k, v in row.items() if k.startswith("Heat ") and k.split()[1] in
            ("electronic", "ionic", "charge", "film", "reversible")
        )  # fmt: skip
        sizes = (generated, generated, I)
        keys = ("Electrical identity error [W]", "Heat imbalance [W]", "Charge imbalance [A]")
        for name, key, size in zip(worst, keys, sizes, strict=True):
            worst[name] = max(worst[name], abs(row[key]) / size)
    assert any(row["Heat reversible [W]"] > 0 for row in run.rows)
    assert any(row["Heat reversible [W]"] < 0 for row in run.rows)
    balance = run.observer.balances()["energy_balance_relative"]
    print(f"MEASURED balances {kind} {worst} energy {balance:.1e} steps {len(run.rows)}")
    assert max(worst.values()) < 1e-6
    assert balance < 2e-3


def first_voltage(kind: str, in_plane: int = 2) -> float:
    """At the start of 5C, faces uniform [V]."""
    setup = half_cell(
        None, lambda t: 175.0, kind=kind, cells=4, separator_cells=2, modes=2, in_plane=in_plane
    )
    return Run(setup).begin()["Voltage [V]"]


def test_box_and_pellet_are_the_line() -> None:
    """The box exactly; the pellet as its lumped radius converges, with second order or better."""
    line = first_voltage("line")
    assert first_voltage("box") == pytest.approx(line, abs=1e-7)
    errors = [abs(first_voltage("pellet", n) - line) for n in (4, 8, 16)]
    print(f"MEASURED pellet {errors}")
    assert all(b < a / 3.4 or b < 1e-7 for a, b in pairwise(errors))
    assert errors[-1] < 2e-3
