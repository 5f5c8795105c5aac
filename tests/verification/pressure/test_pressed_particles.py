"""Contact of particles that follows the stack pressure: equality, balances, steps, loss, ranks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.laws.pressed_contact import PressedContact
from joulestack.laws.state import State
from joulestack.mechanics.fixtures import Fixture
from joulestack.simulation.exhaustion import exhaustion_stops
from joulestack.simulation.setup import Setup
from joulestack.solver.stepper import StepControl
from tests.mpi import on_ranks
from tests.verification.breathing_cells import ASSEMBLY, START, cell
from tests.verification.harness import Run
from tests.verification.pressure.test_fixtures import COMPLIANCE, FRAME, GAP, HOUR, TIGHT, grown

LAW = PressedContact(half=5e6, least=0.05)
SOFT = Fixture("spring", stiffness=1e12, compliance=COMPLIANCE)


def gripping(setup: Setup, change: Callable[[Any], Any]) -> Setup:
    """The same cell with other particles in its cathode."""
    cathode: Any = setup.media["cathode"]
    populations = tuple(change(p) for p in cathode.particles)
    other = replace(cathode, reaction=replace(cathode.reaction, particles=populations))
    return replace(setup, media={**setup.media, "cathode": other})


def pressed(setup: Setup, law: PressedContact = LAW) -> Setup:
    """The contact of its particles follows the pressure."""
    return gripping(setup, lambda p: replace(p, pressed=law))


# -- the law -----------------------------------------------------------------------------------


def test_law_is_smooth_and_never_zero() -> None:
    """Its ends, its middle, its slope at p = 0 from both formulas, and its memory."""
    assert LAW(State(T=START, p=0.0)) == LAW.least
    assert LAW(State(T=START, p=5e6)) == pytest.approx(0.5 * (1 + LAW.least))
    assert LAW(State(T=START, p=1e12)) == pytest.approx(1.0, abs=1e-5)
    p = np.array([0.0, 1.0, 2.0])
    slopes = np.diff(LAW(State(T=START, p=p)))
    assert slopes == pytest.approx((1 - LAW.least) / LAW.half, rel=1e-5)
    keeping = replace(LAW, kept=0.5)
    up, down = (State(T=START, p=2e6, p_max=highest) for highest in (2e6, 8e6))
    assert keeping(up) == pytest.approx(LAW(up))
    assert keeping(down) == pytest.approx(LAW(State(T=START, p=4e6)), rel=1e-3)
    assert keeping(State(T=START, p=0.0, p_max=8e6)) == LAW.least


# -- the cell ----------------------------------------------------------------------------------


def test_held_pressure_is_a_smaller_contact_fraction() -> None:
    """At p = half every number is that of a cell whose contact_fraction is 0.525."""
    share = 0.5 * (1 + LAW.least)
    law = Run(pressed(cell(None)), tolerances=TIGHT)
    fixed = Run(
        gripping(cell(None), lambda p: replace(p, contact_fraction=share)), tolerances=TIGHT
    )
    for run in (law, fixed):
        run.advance(600.0)
    assert law.row["cathode particles in contact [-]"] == pytest.approx(share, rel=1e-12)
    for name, value in fixed.row.items():
        assert law.row[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_lithium_is_conserved_while_contact_goes() -> None:
    """The area changes, the particles keep what they hold: thickness by hand, balances closed."""
    run = Run(pressed(cell(FRAME, 1.0)), tolerances=TIGHT)
    run.advance(0.25 * HOUR)
    shares = [row["cathode particles in contact [-]"] for row in run.rows]
    assert shares[0] == pytest.approx(0.525, rel=1e-6)
    assert shares[-1] < 0.97 * shares[0]
    assert run.row["Stack thickness change [um]"] == pytest.approx(1e6 * grown(9000.0), rel=1e-6)
    balances = run.observer.balances()
    assert balances["lithium_balance_relative"] < 1e-6
    assert balances["power_balance_relative_max"] < 1e-9


def test_answer_does_not_depend_on_steps() -> None:
    """Half and a quarter of the step: the same pressure, contact and voltage."""
    found = []
    for step in (60.0, 30.0, 15.0):
        run = Run(pressed(cell(FRAME, 1.0)), control=StepControl(first=1.0, largest=step))
        run.advance(0.25 * HOUR)
        row = run.row
        found.append(
            (
                row["Stack pressure [MPa]"],
                row["cathode particles in contact [-]"],
                row["Voltage [V]"],
            )
        )
    for pressure, contact, voltage in found[1:]:
        assert pressure == pytest.approx(found[0][0], rel=2e-7)
        assert contact == pytest.approx(found[0][1], rel=2e-7)
        assert voltage == pytest.approx(found[0][2], abs=2e-5)


def test_less_is_got_out_under_less_pressure() -> None:
    """Utilisation: charge until 3.4 V at 5 mA/cm2 and 1, 5 and 50 MPa, and without the law."""
    charges = []
    for p in (1e6, 5e6, 50e6, None):
        setup = cell(None, 5.0, law=lambda state: 1e-4)
        setup = replace(setup, pressure=lambda t, p=p: p or 50e6)
        run = Run(setup if p is None else pressed(setup, replace(LAW, least=0.01)))
        stop = exhaustion_stops(run.model, run.observer)[-2]
        low = replace(stop, distance=lambda run=run: run.observer.voltage() - 3.4)
        assert run.advance(3 * HOUR, stops=[low])
        charges.append(run.model.time)
    assert charges == sorted(charges)
    assert charges[0] < 0.9 * charges[2]
    assert charges[2] == pytest.approx(charges[3], rel=0.02)


@pytest.mark.parametrize("fixture", [GAP, SOFT], ids=["fixed gap", "spring"])
def test_contact_that_is_lost_is_told(fixture: Fixture) -> None:
    """The current goes on over the contact that is left, or ends by name; nothing crashes."""
    setup = pressed(cell(fixture, 1.0, law=lambda state: 2e-3))
    if fixture is SOFT:
        setup = replace(setup, pressure=lambda t: 0.2e6)  # lost after a fifth of a micrometre
    run = Run(setup)
    run.advance(600.0, stops=exhaustion_stops(run.model, run.observer))
    lost = [row for row in run.rows if row["Contact lost [-]"]]
    assert lost
    assert run.rows[0]["Contact lost [-]"] == 0.0
    assert run.model.time == pytest.approx(600.0)
    assert run.row["cathode particles in contact [-]"] == pytest.approx(LAW.least, rel=1e-3)
    assert run.row["Voltage [V]"] < run.rows[0]["Voltage [V]"]
    assert np.isfinite(list(run.row.values())).all()
    assert run.observer.balances()["lithium_balance_relative"] < 1e-6


# -- ranks -------------------------------------------------------------------------------------


def answers(comm: Any) -> dict[str, float]:
    run = Run(pressed(cell(FRAME, 1.0, comm), replace(LAW, kept=0.3)), tolerances=TIGHT)
    run.advance(300.0)
    return run.row


@pytest.mark.mpi
def test_two_ranks_answer_as_one() -> None:
    one = answers(MPI.COMM_SELF)
    two = on_ranks(2, answers)
    for key in ("Stack pressure [MPa]", "cathode particles in contact [-]", "Voltage [V]"):
        assert two[key] == pytest.approx(one[key], rel=1e-8), key
    assert one["Stack pressure [MPa]"] < ASSEMBLY / 1e6
