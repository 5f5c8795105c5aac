"""Voids under lithium: contact area against closed forms, roots, scipy, steps and ranks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from joulestack.constants import FARADAY, GAS_CONSTANT
from joulestack.fabrication.constant_media import GivenResistance
from joulestack.laws.kinetics import KINETICS, ButlerVolmer
from joulestack.laws.solids import voids
from joulestack.laws.solids.voids import VoidLaw
from joulestack.mechanics.fixtures import Fixture
from joulestack.physics.context import Contacts
from joulestack.simulation.exhaustion import exhaustion_stops
from joulestack.solver.stepper import StepControl, Stop, Tolerances
from tests.mpi import on_ranks
from tests.verification.breathing_cells import AREA, ASSEMBLY, START, cell
from tests.verification.half_cell import half_cell, particles
from tests.verification.harness import Run, fixed
from tests.verification.whole.test_ranks import compare

TIGHT = Tolerances(temperature=1e-5, relative=1e-6, lithiation=1e-7, newton=1e-6, potential=1e-9)
Q, R = 3.6e3, 1e-3
"""0.1 mAh/cm2, so that a quarter of an hour at 1 mA/cm2 is far; and 10 ohm cm2."""
CLOSING = VoidLaw(
    capacity=Q, closing_rate=1e-3, reference_pressure=3e6, exponent=1.9, activation_energy=37e3
)
OPEN = replace(CLOSING, closing_rate=0.0)
NAME = "Li | SE"


def stripped(
    law: VoidLaw | None, current: Callable[[float], float], kinetics: Any = None, **changes: Any
) -> Run:
    """Cell with voids and nothing else that depends on pressure; current density [A/m2]."""
    contacts = {
        ("Li", "SE"): Contacts(charge_transfer=GivenResistance(R), kinetics=kinetics, voids=law)
    }
    setup = cell(
        None, contacts=contacts, current=lambda t: current(t) * AREA, charge=0.5, **changes
    )
    held = fixed(setup.start_temperature)
    return Run(replace(setup, faces={"top": held, "bottom": held}), tolerances=TIGHT)


def depth(run: Run) -> float:
    return -math.log(run.row[f"{NAME} contact area [-]"])


def rate(p: float, T: float = START) -> float:
    """k by hand [1/s]."""
    heat = math.exp(37e3 / GAS_CONSTANT * (1 / START - 1 / T))
    return 1e-3 * (p / 3e6) ** 1.9 * heat


# -- closed forms ------------------------------------------------------------------------------


@pytest.mark.parametrize("pressure", [0.0, 1e6, 5e6])
def test_stripping_at_constant_current(pressure: float) -> None:
    """w = j/(Q k) (1 - exp(-k t)) at every step; j t/Q where nothing presses."""
    run = stripped(CLOSING, lambda t: 10.0, pressure=lambda t: pressure)
    run.advance(800.0)
    k = rate(pressure)
    assert len(run.rows) > 10
    for row in run.rows:
        t = row["Time [s]"]
        w = 10.0 / Q * (-math.expm1(-k * t) / k if k else t)
        assert row[f"{NAME} contact area [-]"] == pytest.approx(math.exp(-w), rel=3e-5)
        # The interface's resistance, and what it takes off the voltage.
        felt = R / row[f"{NAME} contact area [-]"]
        assert row[f"{NAME} contact resistance [ohm m^2]"] == pytest.approx(felt, rel=1e-9)
        heat = row[f"{NAME} charge transfer metal heat [W]"]
        assert heat == pytest.approx(10.0**2 * felt * AREA, rel=1e-7)
        assert row["Loss metal interface [V]"] == pytest.approx(10.0 * felt, rel=1e-7)
    assert run.row[f"{NAME} contact area [-]"] < 0.4


@pytest.mark.parametrize(("pressure", "current"), [(1e6, 4.0), (1e6, 10.0), (3e6, 20.0)])
def test_charge_until_contact_is_lost(pressure: float, current: float) -> None:
    """A tenth of the contact is left after the charge that the law predicts."""
    charge = voids.stripped_until(CLOSING, current, pressure)
    run = stripped(CLOSING, lambda t: current, pressure=lambda t: pressure)
    lost = Stop("lost", lambda: math.log(10) - float(run.observer._contact.depths()[0]), 1e-7)
    assert run.advance(1.5 * charge / current, stops=[lost])
    assert run.model.time * current == pytest.approx(charge, rel=1e-5)


def test_current_below_the_critical_one_keeps_half_of_the_contact() -> None:
    """In the long run exp(-j/(Q k)): half at the critical current."""
    law = replace(CLOSING, capacity=0.05 * Q)
    critical = voids.critical_current(law, 5e6)
    assert critical == pytest.approx(math.log(2) * 0.05 * Q * rate(5e6))
    for part, left in ((1.0, 0.5), (0.5, math.sqrt(0.5)), (2.0, 0.25)):
        run = stripped(law, lambda t, j=part * critical: j, pressure=lambda t: 5e6)
        run.advance(12 / rate(5e6))
        assert run.row[f"{NAME} contact area [-]"] == pytest.approx(left, rel=1e-4)


def test_pressure_restores() -> None:
    """At rest w falls as exp(-k t), faster under a pressure that is raised."""
    t1, t2, end = 300.0, 900.0, 1400.0
    run = stripped(
        CLOSING,
        lambda t: 10.0 if t < t1 else 0.0,
        pressure=lambda t: 1e6 if t < t2 else 6e6,
    )
    run.advance(end, landings=[t1, t2])
    low, high = rate(1e6), rate(6e6)
    w = 10.0 / (Q * low) * -math.expm1(-low * t1)
    before = next(r for r in run.rows if r["Time [s]"] == t2)
    w *= math.exp(-low * (t2 - t1))
    assert before[f"{NAME} contact area [-]"] == pytest.approx(math.exp(-w), rel=3e-5)
    assert depth(run) == pytest.approx(w * math.exp(-high * (end - t2)), rel=5e-4)
    assert run.row[f"{NAME} contact area [-]"] > 0.85


def test_plating_restores() -> None:
    """With nothing closing, 1/a - 1 falls by 1/e with every Q that is plated."""
    t1, end = 500.0, 1300.0
    run = stripped(OPEN, lambda t: 10.0 if t < t1 else -10.0)
    run.advance(end, landings=[t1])
    opened = math.expm1(10.0 * t1 / Q)
    filled = opened * math.exp(-10.0 * (end - t1) / Q)
    assert 1 / run.row[f"{NAME} contact area [-]"] - 1 == pytest.approx(filled, rel=2e-4)


def test_plating_on_full_contact_changes_nothing() -> None:
    run = stripped(CLOSING, lambda t: -10.0)
    run.advance(600.0)
    for row in run.rows:
        assert 0 <= 1 - row[f"{NAME} contact area [-]"] < 1e-7


def test_warm_lithium_closes_faster() -> None:
    """Arrhenius: the same closed form at 330 K."""
    run = stripped(CLOSING, lambda t: 10.0, start_temperature=330.0)
    run.advance(200.0)
    warm = 0.5 * (run.row["Li temperature mean [K]"] + run.row["SE temperature mean [K]"])
    assert abs(warm - 330.0) < 0.05
    k = rate(ASSEMBLY, 330.0)
    assert depth(run) == pytest.approx(10.0 / (Q * k) * -math.expm1(-k * 200.0), rel=1e-3)


# -- kinetics ----------------------------------------------------------------------------------


@pytest.mark.parametrize("law", ["butler-volmer", "linear"])
def test_kinetics_see_the_contact_that_is_left(law: str) -> None:
    """The drop is that of the current density j/a, by scipy."""
    own = {} if law == "linear" else {"transfer_coefficient": 0.4}
    kinetics = KINETICS[law](
        exchange_current_density=3.0, activation_energy=0.0, film_resistance=5e-4, **own
    )
    run = stripped(OPEN, lambda t: 10.0, kinetics)
    run.advance(400.0)
    V = GAS_CONSTANT * START / FARADAY
    for row in (run.rows[0], run.rows[-1]):
        local = 10.0 / row[f"{NAME} contact area [-]"]

        def excess(s: float, local: float = local) -> float:
            if law == "linear":
                return 3.0 * s - local
            return 3.0 * (math.exp(0.6 * s) - math.exp(-0.4 * s)) - local

        eta = V * brentq(excess, 0, 90, xtol=1e-14) + local * (R + 5e-4)
        assert row["Loss metal interface [V]"] == pytest.approx(eta, rel=3e-5)
        small = (R + 5e-4 + V / 3.0) * local / 10.0
        assert row[f"{NAME} contact resistance [ohm m^2]"] == pytest.approx(small, rel=1e-4)
    assert run.row[f"{NAME} contact area [-]"] < 0.35


def test_contact_that_closes_at_once_is_the_plain_one() -> None:
    """k -> infinity: what the cell does without voids."""
    stiff = replace(CLOSING, closing_rate=1e6)
    found = []
    for law in (stiff, None):
        run = stripped(law, lambda t: 10.0)
        run.advance(200.0)
        found.append(run.row["Voltage [V]"])
    assert found[0] == pytest.approx(found[1], abs=3e-7)


# -- fixture -----------------------------------------------------------------------------------


def test_pressure_of_the_fixture_and_voids_are_solved_together() -> None:
    """A spring lets go as lithium is stripped; dw/dt integrated by scipy under its pressure."""
    spring = Fixture("spring", stiffness=1.2e12, compliance=1e-14)
    contacts = {("Li", "SE"): Contacts(charge_transfer=GivenResistance(R), voids=CLOSING)}
    run = Run(cell(spring, 1.0, contacts=contacts), tolerances=TIGHT)
    run.advance(900.0)
    times = np.array([r["Time [s]"] for r in run.rows])
    pressures = 1e6 * np.array([r["Stack pressure [MPa]"] for r in run.rows])
    assert pressures[-1] < 0.75 * ASSEMBLY
    fit = np.polynomial.Polynomial.fit(times, pressures, 6)
    solved = solve_ivp(
        lambda t, w: 10.0 / Q - rate(float(fit(t))) * w, (0, 900.0), [0.0], rtol=1e-10, atol=1e-12
    )
    # Temperature moves k: 4.5 % a kelvin.
    assert depth(run) == pytest.approx(solved.y[0, -1], rel=2e-3)


# -- accuracy and balances ---------------------------------------------------------------------


def test_steps_do_not_matter() -> None:
    """Ten times the accuracy in time, and steps held small, move the contact by its error."""
    found = []
    for tolerance, largest in ((1e-4, None), (1e-5, None), (1e-6, None), (1e-4, 5.0)):
        run = stripped(CLOSING, lambda t: 10.0 if t < 600 else -5.0)
        run = Run(
            run.setup,
            tolerances=replace(TIGHT, lithiation=tolerance),
            control=StepControl(largest=largest),
        )
        run.advance(1200.0, landings=[600.0])
        found.append(depth(run))
    print("MEASURED void depth", found)
    coarse, finer, _, small = (abs(w - found[2]) for w in found)
    assert coarse < 2e-3
    assert finer < 3e-4
    assert small < 1e-4


def test_balances_close() -> None:
    """Charge, lithium and heat over stripping, rest and plating, voids wide open in between."""
    run = stripped(
        CLOSING, lambda t: 20.0 if t < 600 else 0.0 if t < 900 else -10.0, pressure=lambda t: 2e6
    )
    run.advance(1500.0, landings=[600.0, 900.0])
    assert min(r[f"{NAME} contact area [-]"] for r in run.rows) < 0.1
    balances = run.observer.balances()
    assert balances["charge_balance_relative"] < 1e-10
    # Round-off of the charge held, in the first steps after a jump: 1.8e-8 at 80 us, as 1/dt,
    # whatever Newton's tolerance.
    assert balances["lithium_balance_relative"] < 5e-8
    assert balances["energy_balance_relative"] < 1e-3
    assert balances["power_balance_relative_max"] < 1e-8
    for row in run.rows:
        assert abs(row["Electrical identity error [W]"]) < 5e-9 * max(
            row["Heat generated [W]"], 1e-9
        )


def uneven(kind: str = "box", comm: Any = MPI.COMM_SELF, law: VoidLaw = CLOSING) -> Run:
    """A face pressed from 1 MPa at one edge to 5 MPa at the other, stripped for a while."""
    kinetics = ButlerVolmer(exchange_current_density=20.0, activation_energy=0.0)
    contacts = Contacts(charge_transfer=GivenResistance(R), kinetics=kinetics, voids=law)
    setup = half_cell(
        [particles(0.5)], lambda t: 20.0, kind=kind, comm=comm, cells=3, separator_cells=2,
        modes=3, in_plane=3, contacts=contacts,
        pressure=lambda t: 3e6, pressure_shape=lambda x: 1 / 3 + 4 / 3 * x[:, 0] / x[:, 0].max(),
    )  # fmt: skip
    tight = Tolerances(1e-4, 1e-4, lithiation=1e-4, newton=1e-6, potential=1e-12)
    run = Run(setup, tolerances=tight)
    run.advance(200.0)
    return run


def test_current_goes_where_contact_is() -> None:
    """Under an uneven pressure the contact differs over the face and the current is conserved."""
    run = uneven()
    row = run.row
    least, mean = (row[f"{NAME} contact area {k}[-]"] for k in ("min ", ""))
    assert least < 0.95 * mean
    assert row[f"{NAME} charge transfer metal current [A]"] == pytest.approx(
        row["Current [A]"], rel=1e-10
    )
    (touching,) = run.model.terms.touching
    block = touching.group.current
    assert block is not None
    values = block.value.x.array.reshape(-1, 2)
    contact = values[:, 1] != 0
    w, j = values[contact].T
    # Where half as much is in contact less current flows, but more of it by area in contact.
    print("MEASURED uneven", np.corrcoef(w, j)[0, 1], w.min(), w.max(), j.min(), j.max())
    assert np.corrcoef(w, j)[0, 1] < -0.9
    assert j.max() - j.min() > 0.3
    assert math.exp(-w.max()) == pytest.approx(least, rel=1e-12)


# -- end of contact ----------------------------------------------------------------------------


def test_no_contact_ends_the_run_with_a_reason() -> None:
    run = stripped(OPEN, lambda t: 10.0)
    stops = exhaustion_stops(run.model, run.observer)
    assert len({stop.name for stop in stops}) == len(stops) - 1
    reached = run.advance(5000.0, stops=stops)
    assert [stop.name for stop in reached] == [
        "the cell cannot carry the current: voids have taken more than half of the contact of "
        "Li | SE, and the voltage is used up"
    ]
    assert run.row["Voltage [V]"] == pytest.approx(0.0, abs=1e-3)
    # R/a takes what the rest of the cell leaves: about 3.7 V of 10 mV without voids.
    assert depth(run) == pytest.approx(math.log(3.7 / (10 * R)), abs=0.1)


# -- ranks -------------------------------------------------------------------------------------


def answers(comm: Any, kind: str) -> dict[str, float]:
    run = uneven(kind, comm)
    return run.row | {"steps": float(len(run.rows))}


@pytest.mark.mpi
@pytest.mark.parametrize("kind", ["pellet", "box"])
def test_two_ranks_answer_as_one(kind: str) -> None:
    compare(answers(MPI.COMM_SELF, kind), on_ranks(2, answers, kind))
