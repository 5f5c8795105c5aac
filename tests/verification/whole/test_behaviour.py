"""Refused setups, stops, failures, restarts, held voltage, pressure in time and in space."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from joulestack import xmath
from joulestack.errors import CaseError, ConvergenceError
from joulestack.fabrication.constant_media import GivenResistance
from joulestack.physics.context import Contacts
from joulestack.simulation.model import Model
from joulestack.solver.stepper import StepControl, Stop, Tolerances
from joulestack.solver.stepping import landing
from tests.verification.cells import AREA, START, contacts, full_cell, media
from tests.verification.harness import Run

I_FULL = 1000.0 * AREA["line"]


# -- refused -----------------------------------------------------------------------------------


def test_way_around_a_contact_resistance_is_refused() -> None:
    """Separator and cathode resist each other, yet the die joins both perfectly."""
    found = contacts()
    for layer in ("SE2", "cathode"):
        del found[(layer, "die")]
    with pytest.raises(CaseError) as caught:
        Model(full_cell("pellet", contacts=found))
    message = str(caught.value)
    assert "SE2 | cathode" in message
    assert "joined perfectly through other layers" in message
    assert "Temperature" in message


@pytest.mark.parametrize("missing", ["charge transfer", "ionic"])
def test_unconnected_terminals_are_refused(missing: str) -> None:
    """No way from the metal into the electrolyte, or a separator that blocks ions."""
    changes: dict[str, Any] = {}
    if missing == "charge transfer":
        changes["contacts"] = {
            pair: Contacts(c.thermal, c.electronic, c.ionic) for pair, c in contacts().items()
        }
    else:
        changes["media"] = media() | {"SE2": media()["die"]}
    with pytest.raises(CaseError, match="no path for current between the faces 'bottom' and 'top'"):
        Model(full_cell("line", **changes))


# -- stops -------------------------------------------------------------------------------------


def test_stop_at_a_temperature() -> None:
    """Landed on to 1 mK and 1 ms, from below; the last record is the landing itself."""
    limit = START + 1.5
    run = Run(full_cell("line"))
    stop = Stop("hot", lambda: limit - run.observer.hottest())
    assert run.advance(60.0, stops=[stop]) == (stop,)
    times = [row["Time [s]"] for row in run.rows]
    hottest = [row["Temperature max [K]"] for row in run.rows]
    assert limit - 1e-3 <= hottest[-1] <= limit
    assert max(hottest) <= limit
    # Within 1 ms: the heating rate leads from the landing past the limit in that time.
    rate = (hottest[-1] - hottest[-2]) / (times[-1] - times[-2])
    assert 0.0 <= limit - hottest[-1] <= 1e-3 * rate
    assert times[-1] < 60.0
    assert run.model.time == pytest.approx(times[-1], abs=1e-9)
    assert run.observer.hottest() == pytest.approx(hottest[-1], abs=1e-9)


def test_stop_at_a_voltage() -> None:
    """A current that rises 20 A/m2 every second: to 0.1 mV and 1 ms, never passed.

    The last step is taken anew until it ends there, so it solves the equations like any other.
    """
    limit = 3.0
    run = Run(full_cell("line", current=lambda t: 20.0 * t * AREA["line"]))
    stop = Stop("empty", lambda: run.observer.voltage() - limit)
    assert run.advance(60.0, stops=[stop])
    volts = [row["Voltage [V]"] for row in run.rows]
    times = [row["Time [s]"] for row in run.rows]
    assert limit <= volts[-1] <= limit + 1e-6
    assert min(volts[:-1]) > limit
    rate = (volts[-2] - volts[-1]) / (times[-1] - times[-2])
    assert abs(volts[-1] - limit) <= 1e-3 * rate
    assert run.row["Current [A]"] == pytest.approx(20.0 * times[-1] * AREA["line"], rel=1e-9)


def test_steps_go_on_after_a_landing_that_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is then for a later step, which begins with a guess of PETSc's own."""
    limit, real, cut = 3.0, landing.land, []

    def land(step_to: Any, guess: float, before: Any, after: Any) -> None:
        if cut:
            real(step_to, guess, before, after)
        else:
            cut.append(step_to(before[0] + 0.2 * (guess - before[0])))

    monkeypatch.setattr(landing, "land", land)
    run = Run(full_cell("line", current=lambda t: 20.0 * t * AREA["line"]))
    stop = Stop("empty", lambda: run.observer.voltage() - limit)
    assert run.advance(60.0, stops=[stop]) == (stop,)
    assert cut
    assert cut[0][0] < run.rows[-1]["Time [s]"]
    assert limit <= run.rows[-1]["Voltage [V]"] <= limit + 1e-6


# -- failures ----------------------------------------------------------------------------------


def broken_at(rise: float) -> dict[str, Any]:
    """The cathode's ionic conductivity is nan (root of a negative number) above a rise."""
    bad = media()
    bad["cathode"] = replace(
        bad["cathode"], sigma_e=lambda s: 0.06 * xmath.sqrt(1 - (s.T - START) / rise)
    )
    return bad


def absurd(state: Any) -> Any:
    """Negative in the solve; harmless where the set-up asks for a number."""
    return START - 1.0 - state.T if xmath.is_symbolic(state.T) else 1.0


def test_failing_solve_names_field_and_layer_and_keeps_the_last_good_state() -> None:
    run = Run(full_cell("line", media=broken_at(0.8)))
    with pytest.raises(ConvergenceError) as caught:
        run.advance(60.0)
    message = str(caught.value)
    assert "stepping in time" in message
    assert "field phi_e" in message
    assert "in cathode" in message
    assert len(run.rows) > 3
    # What is in the model is the last accepted step, finite and consistent.
    last = run.rows[-1]
    assert last["Temperature max [K]"] - START == pytest.approx(0.8, abs=0.1)
    for field in run.model.fields.values():
        for block in field.blocks:
            assert np.isfinite(block.value.x.array).all()
    assert run.observer.hottest() == pytest.approx(last["Temperature max [K]"], abs=1e-9)
    assert run.observer.voltage() == pytest.approx(last["Voltage [V]"], abs=1e-9)


def test_failing_start_names_field_and_layer() -> None:
    bad = media()
    bad["cathode"] = replace(bad["cathode"], sigma_e=lambda s: xmath.sqrt(absurd(s)))
    run = Run(full_cell("line", media=bad))
    with pytest.raises(
        ConvergenceError, match=r"consistent potentials failed.*field phi_e.*in cathode"
    ):
        run.begin()


# -- steps of the load and held voltage --------------------------------------------------------


def test_current_step_restarts_consistently() -> None:
    """The voltage jumps at once by I R; temperatures go on from where they were."""
    step = 5.0

    def current(t: float) -> float:
        return I_FULL if t < step else 0.25 * I_FULL

    run = Run(full_cell("line", current=current), control=StepControl(first=1e-7))
    temperatures: dict[float, np.ndarray] = {}

    def record(t: float) -> None:
        run.rows.append(run.observer.measure(t, "step"))
        temperatures[t] = run.profile("T", "cathode")[1]

    run.begin()
    run.stepper.advance(0.0, 10.0, [step], record)
    before = next(row for row in run.rows if row["Time [s]"] == step)
    first = next(row for row in run.rows if row["Time [s]"] > step)
    assert before["Current [A]"] == pytest.approx(I_FULL, rel=1e-9)
    assert first["Time [s]"] - step < 2e-7
    # Nearly ohmic, at temperatures that have not moved: V = U - I R on both sides of the step.
    R_before = (3.8 - before["Voltage [V]"]) / I_FULL
    R_after = (3.8 - first["Voltage [V]"]) / (0.25 * I_FULL)
    assert R_after == pytest.approx(R_before, rel=1e-5)
    assert first["Current [A]"] == pytest.approx(0.25 * I_FULL, rel=1e-9)
    change = np.abs(temperatures[first["Time [s]"]] - temperatures[step]).max()
    assert change < 1e-5
    for row in run.rows:
        assert abs(row["Charge imbalance [A]"]) < 1e-6 * I_FULL
    assert run.observer.balances()["power_balance_relative_max"] < 1e-6


@pytest.mark.parametrize("kind", ["line", "pouch"])
def test_held_voltage_returns_the_current(kind: str) -> None:
    """The voltage of a given current, held instead, gives that current back."""
    given = Run(full_cell(kind), tolerances=Tolerances(1e-6, 1e-6, potential=1e-12))
    row = given.steady()
    volt, current = row["Voltage [V]"], row["Current [A]"]
    held = Run(
        full_cell(kind, current=lambda t: None, voltage=lambda t: volt),
        tolerances=Tolerances(1e-6, 1e-6, potential=1e-12),
    )
    back = held.steady()
    # A pouch's terminal is an equipotential when held and has even current density when given:
    # the spreading in the tab differs a little.
    exact = 1e-8 if kind == "line" else 1e-5
    assert back["Voltage [V]"] == pytest.approx(volt, abs=1e-12)
    assert back["Current [A]"] == pytest.approx(current, rel=exact)
    assert back["Temperature max [K]"] - START == pytest.approx(
        row["Temperature max [K]"] - START, rel=10 * exact
    )
    assert back["Charge imbalance [A]"] < 1e-6 * current


# -- pressure ----------------------------------------------------------------------------------


def pressed(**changes: Any) -> dict[str, Any]:
    """The cathode's contact with the collector follows R = R0 (p/1 MPa)^-1."""
    law = GivenResistance(lambda s: 3e-4 * 1e6 / xmath.maximum(s.p, 1e4))
    return {
        "contacts": contacts() | {("cathode", "Al"): Contacts(GivenResistance(5e-5), law)},
        **changes,
    }


def test_pressure_table_changes_contact_resistance_in_time() -> None:
    """1 MPa at the start, rising to 3 MPa in 10 s: the contact's heat is I^2 R(p(t))/A."""

    def pressure(t: float) -> float:
        return 1e6 * (1 + 2 * min(t / 10.0, 1.0))

    run = Run(full_cell("line", **pressed(pressure=pressure)))
    run.advance(15.0, landings=[10.0])
    for row in run.rows:
        expected = I_FULL**2 * 3e-4 * 1e6 / pressure(row["Time [s]"]) / AREA["line"]
        assert row["cathode | Al contact electronic heat [W]"] == pytest.approx(expected, rel=1e-8)
        assert row["Stack pressure [MPa]"] == pytest.approx(pressure(row["Time [s]"]) / 1e6)
    assert run.rows[-1]["Stack pressure [MPa]"] == 3.0


def test_highest_pressure_keeps_what_was_pressed() -> None:
    """A law of the highest pressure seen does not let go when the pressure is released."""

    def pressure(t: float) -> float:
        return 1e6 * (1 + 2 * math.sin(math.pi * min(t / 10.0, 1.0)))

    def highest(t: float) -> float:
        return pressure(min(t, 5.0))

    law = GivenResistance(lambda s: 3e-4 * 1e6 / s.highest_pressure)
    found = contacts() | {("cathode", "Al"): Contacts(GivenResistance(5e-5), law)}
    run = Run(full_cell("line", contacts=found, pressure=pressure, highest_pressure=highest))
    run.advance(12.0, landings=[5.0, 10.0])
    end = run.row["cathode | Al contact electronic heat [W]"]
    assert run.row["Stack pressure [MPa]"] == pytest.approx(1.0)
    assert end == pytest.approx(I_FULL**2 * 1e-4 / AREA["line"], rel=1e-8)


def test_pressure_map_gives_an_uneven_result() -> None:
    """Pressed hard at the centre, hardly at the edge: current, heat and temperature follow.

    The metals are good conductors, so each ring of the pellet sees the same voltage.
    """

    def run(slope: float) -> Run:
        def shape(points: Any) -> Any:
            # Mean over the disc: 1.
            return 1 + slope * (2 / 3 - np.minimum(points[:, 0] / 5e-3, 1.0))

        pressure = pressed(pressure=lambda t: 1e5, pressure_shape=shape)
        return Run(full_cell("pellet", **pressure))

    even, uneven = run(0.0), run(1.2)
    rows = [r.steady() for r in (even, uneven)]
    assert rows[1]["Current [A]"] == pytest.approx(rows[0]["Current [A]"], rel=1e-9)
    # The layers' own resistances stand in series: an uneven contact resists more.
    assert rows[1]["Voltage [V]"] < rows[0]["Voltage [V]"] - 0.01
    # Contact current, centre over edge (1.8 over 0.6 of the mean pressure). Columns apart would
    # give (R_own + R_c/0.6)/(R_own + R_c/1.8); a cathode of one potential, 1.8/0.6. Sideways
    # conduction in the cathode (sqrt(5 S/m 120 um R_c) = 1.3 mm of 5 mm) lies between.
    R_c = 3e-3
    ratio = []
    for r, low, high in ((even, 1.0, 1.0), (uneven, 0.6, 1.8)):
        (below, phi), (above, psi) = r.values("phi_s", "cathode"), r.values("phi_s", "Al")
        upper, lower = below[:, 1] == below[:, 1].max(), above[:, 1] == above[:, 1].min()
        jump = [
            phi[upper][pick(below[upper, 0])] - psi[lower][pick(above[lower, 0])]
            for pick in (np.argmin, np.argmax)
        ]
        ratio.append(jump[0] * high / (jump[1] * low))
    R_own = (3.8 - rows[1]["Voltage [V]"]) / 1000.0 - R_c
    apart = (R_own + R_c / 0.6) / (R_own + R_c / 1.8)
    assert ratio[0] == pytest.approx(1.0, abs=1e-3)
    assert 1.1 * apart < ratio[1] < 0.9 * 3.0
    assert uneven.observer.balances(steady=True)["energy_balance_relative"] < 1e-6
