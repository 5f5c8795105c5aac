"""Stack pressure that follows the lithium, against closed forms, steps, meshes and ranks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.constants import FARADAY
from joulestack.laws.state import State
from joulestack.materials import blend as blending
from joulestack.mechanics.clamping import Clamping
from joulestack.mechanics.fixtures import Fixture, Stop
from joulestack.mechanics.volume_change import lithium_thickness, neutral_share, volume_law
from joulestack.solver.stepper import StepControl, Tolerances
from tests.mpi import on_ranks
from tests.verification.breathing_cells import (
    AREA,
    ASSEMBLY,
    START,
    THICKNESS,
    V_LI,
    cell,
    media,
    power_law,
)
from tests.verification.harness import Run, fixed

COMPLIANCE = sum(THICKNESS.values()) / 20e9
SPRING = Fixture("spring", stiffness=3e11, compliance=COMPLIANCE)
GAP = Fixture("fixed gap", stiffness=np.inf, compliance=COMPLIANCE)
FRAME = Fixture("fixed gap", stiffness=8e11, compliance=COMPLIANCE)
TIGHT = Tolerances(temperature=1e-5, relative=1e-6, lithiation=1e-6, newton=1e-6, potential=1e-9)
HOUR = 3600.0


def grown(charge: float, start: float = 1.0) -> float:
    """Thickness change after a charge per area [C/m2], by hand: lithium less, NMC622 more."""
    (p,) = media(start)["cathode"].particles
    law = volume_law(p)
    dx = charge / (FARADAY * p.maximum_concentration * p.fraction * THICKNESS["cathode"])
    cathode = THICKNESS["cathode"] * p.fraction * (law(p.start + dx) - law(p.start))
    return float(cathode - lithium_thickness(charge, V_LI))


# -- closed forms ------------------------------------------------------------------------------


@pytest.mark.parametrize("fixture", [SPRING, FRAME], ids=["spring", "fixed gap"])
@pytest.mark.parametrize("rate", [0.5, -0.5], ids=["discharge", "charge"])
def test_pressure_follows_the_charge(fixture: Fixture, rate: float) -> None:
    """p = p0 + dh/(C + 1/k) at every step, to the tolerance of the lithium content."""
    start = 1.0 if rate > 0 else 0.5
    run = Run(cell(fixture, rate, charge=start), tolerances=TIGHT)
    run.advance(0.25 * HOUR)
    for row in run.rows:
        dh = grown(rate * 10.0 * row["Time [s]"], start)
        assert row["Stack thickness change [um]"] == pytest.approx(1e6 * dh, abs=1e-6)
        expected = ASSEMBLY + dh / (COMPLIANCE + 1 / fixture.stiffness)
        assert row["Stack pressure [MPa]"] == pytest.approx(expected / 1e6, rel=2e-6)
    assert abs(run.rows[-1]["Stack pressure [MPa]"] - ASSEMBLY / 1e6) > 0.1
    layers = sum(run.row[f"{n} thickness change [um]"] for n in THICKNESS)
    assert layers == pytest.approx(run.row["Stack thickness change [um]"], rel=1e-12)


def test_lithium_is_counted_where_particles_touch_in_part() -> None:
    """Half of the surface in contact: the same lithium for the same charge."""
    run = Run(cell(SPRING, 0.5, media=media(1.0, None, 0.5)), tolerances=TIGHT)
    run.advance(0.1 * HOUR)
    dh = grown(5.0 * 0.1 * HOUR)
    assert run.row["Stack thickness change [um]"] == pytest.approx(1e6 * dh, rel=1e-5)


def test_stop_stiffens_the_spring() -> None:
    """A charge of 0.3 mAh/cm2 grows the stack past a stop at 0.5 um."""
    stopped = Fixture("spring", 1e11, COMPLIANCE, (Stop(0.5e-6, 5e12),))
    run = Run(cell(stopped, -1.0, charge=0.5))
    run.advance(0.3 * HOUR)
    dh = grown(-10.0 * 0.3 * HOUR, 0.5)
    free = ASSEMBLY + dh / (COMPLIANCE + 1e-11)
    assert run.row["Stack pressure [MPa]"] * 1e6 == pytest.approx(
        float(stopped.pressure(dh, ASSEMBLY)), rel=1e-4
    )
    assert run.row["Stack pressure [MPa]"] * 1e6 > 1.5 * free


def test_cells_on_top_of_each_other_add_up() -> None:
    """Ten cells move a soft spring ten times as far."""
    one, ten = (Fixture("spring", 1e10, cells=n) for n in (1, 10))
    found = []
    for fixture in (one, ten):
        run = Run(cell(fixture, 0.5))
        run.advance(0.1 * HOUR)
        found.append(run.row["Stack pressure [MPa]"] - ASSEMBLY / 1e6)
    assert found[1] == pytest.approx(10 * found[0], rel=1e-3)


def test_warm_layers_press_on_a_fixed_gap() -> None:
    """alpha t dT/(C + 1/k), with aluminium and a cell heated from outside (no current)."""
    setup = cell(None, drive=None, contacts={}, faces={"top": fixed(START + 20)})
    clamping = Clamping(FRAME, expansion={"Al": 2.3e-5, "Li": 4.6e-5})
    run = Run(replace(setup, clamping=clamping))
    run.steady()
    dh = 20.0 * (2.3e-5 * THICKNESS["Al"] + 4.6e-5 * THICKNESS["Li"])
    expected = ASSEMBLY + dh / (COMPLIANCE + 1 / FRAME.stiffness)
    assert run.row["Stack pressure [MPa]"] * 1e6 == pytest.approx(expected, rel=1e-7)


# -- zero breathing ----------------------------------------------------------------------------


def test_blend_of_neutral_share_does_not_breathe() -> None:
    """LCO + NMC622 at the share that the molar volumes predict between two states of charge.

    Both materials share one voltage, so the x of each at both ends follow from the voltages alone.
    """
    before = media(1.0, 0.5)["cathode"].particles
    after = blending.started(before, 0.4)
    x, y = ((b.start, a.start) for b, a in zip(before, after, strict=True))
    laws = [volume_law(p) for p in before]
    share = neutral_share(*laws, x, y)
    assert 0.05 < share < 0.95
    changes = []
    for lco in (share, 0.999):
        populations = media(1.0, lco)["cathode"].particles
        charge = 0.0
        for p, q in zip(populations, after, strict=True):
            charge += p.fraction * p.maximum_concentration * (q.start - p.start)
        charge *= FARADAY * THICKNESS["cathode"]

        def current(t: float, density: float = charge / (2 * HOUR)) -> float:
            return density * AREA if t < 2 * HOUR else 0.0

        run = Run(cell(FRAME, blend=lco, current=current))
        run.advance(3 * HOUR, landings=[2 * HOUR])
        changes.append(run.row["cathode thickness change [um]"])
    assert abs(changes[1]) > 0.1
    assert abs(changes[0]) < 0.02 * abs(changes[1])


# -- steps and meshes --------------------------------------------------------------------------


def test_answer_does_not_depend_on_steps() -> None:
    """Coupled, not lagged: with half and a quarter of the step the end agrees to the tolerance.

    A lagged pressure would be off by dp/dt times a step: 0.6 MPa/h x 60 s = 10 kPa.
    """
    found = []
    for step in (60.0, 30.0, 15.0):
        run = Run(cell(FRAME, 1.0), control=StepControl(first=1.0, largest=step))
        run.advance(0.25 * HOUR)
        found.append((run.row["Stack pressure [MPa]"] * 1e6, run.row["Voltage [V]"]))
    for pressure, voltage in found[1:]:
        assert pressure == pytest.approx(found[0][0], abs=1.0)
        assert voltage == pytest.approx(found[0][1], abs=2e-5)


def test_answer_does_not_depend_on_the_mesh() -> None:
    """The thickness follows the whole charge, whatever the profile; the voltage converges."""
    found = []
    for cells in (4, 8, 16):
        run = Run(cell(FRAME, 1.0, cells=cells), tolerances=TIGHT)
        run.advance(0.25 * HOUR)
        found.append((run.row["Stack pressure [MPa]"], run.row["Voltage [V]"]))
    pressures, volts = zip(*found, strict=True)
    assert pressures[1:] == pytest.approx(pressures[:1] * 2, rel=1e-6)
    assert abs(volts[2] - volts[1]) < 0.5 * abs(volts[1] - volts[0]) + 1e-6


def test_newton_needs_few_more_iterations() -> None:
    """The derivative left out of the Jacobian costs less than a tenth of the iterations."""
    counts = []
    for fixture in (None, FRAME):
        run = Run(cell(fixture, 1.0))
        run.advance(0.25 * HOUR)
        counts.append(run.stepper.statistics.newton / run.stepper.statistics.steps)
    assert counts[1] < 1.1 * counts[0]


# -- feedback, limits, balances ----------------------------------------------------------------


def test_resistance_follows_the_pressure() -> None:
    """V with a fixture less V without is -i (R(p) - R(p0))."""
    held, gap = (Run(cell(f, 1.0), tolerances=TIGHT) for f in (None, FRAME))
    for run in (held, gap):
        run.advance(0.25 * HOUR)
    states = [_state(run.row["Stack pressure [MPa]"] * 1e6) for run in (held, gap)]
    rise = power_law(states[1]) - power_law(states[0])
    assert rise > 1e-4
    shown = gap.row["Li | SE charge transfer resistance [ohm m^2]"]
    assert shown == pytest.approx(power_law(states[1]), rel=1e-9)
    difference = held.row["Voltage [V]"] - gap.row["Voltage [V]"]
    assert difference == pytest.approx(10.0 * rise, rel=0.05)


@pytest.mark.parametrize(("R", "rate"), [(1e-9, 1.0), (5e-2, 0.1)])
def test_limits_of_the_contact(R: float, rate: float) -> None:
    """R -> 0: the fixture does not matter; R large at p0: all of the voltage hangs on p."""
    held, gap = (Run(cell(f, rate, law=_law(R))) for f in (None, FRAME))
    for run in (held, gap):
        run.advance(0.1 * HOUR)
    lost = held.row["Voltage [V]"] - gap.row["Voltage [V]"]
    p = gap.row["Stack pressure [MPa]"] * 1e6
    i = gap.row["Current [A]"] / AREA
    expected = i * R * (ASSEMBLY / p - 1)
    assert R < 1e-6 or expected > 1e-4
    assert lost == pytest.approx(expected, rel=0.1, abs=5e-5)  # sigma(p) has a share
    assert gap.observer.balances()["power_balance_relative_max"] < 1e-8


def _law(R: float) -> Any:
    return lambda state: R * ASSEMBLY / (state.p + 1e2)


def _state(p: float) -> State:
    return State(T=START, p=p)


def test_lost_contact_is_a_state_and_not_a_crash() -> None:
    """A rigid gap loses its pressure after 0.01 mAh/cm2; a held voltage then drives no current."""
    run = Run(cell(GAP, 1.0))
    run.model.follow(_held(3.9, run))
    run.advance(600.0)
    lost = [row for row in run.rows if row["Contact lost [-]"]]
    assert lost
    found = run.row
    assert found["Contact lost [-]"] == 1.0
    assert 0 < found["Stack pressure [MPa]"] < 1e-3
    assert abs(found["Current [A]"]) < 0.05 * abs(run.rows[0]["Current [A]"])
    assert np.isfinite(list(found.values())).all()


def _held(voltage: float, run: Run) -> Any:
    drive = run.setup.drive
    assert drive is not None
    return replace(drive, current=lambda t: None, voltage=lambda t: voltage)


def test_energy_balance_is_not_touched() -> None:
    """Heat and electrical work still balance; the work of the fixture is not counted (docs)."""
    balances = []
    for fixture in (None, FRAME):
        run = Run(cell(fixture, 1.0), tolerances=TIGHT)
        run.advance(0.25 * HOUR)
        balances.append(run.observer.balances())
        row = run.row
        assert abs(row["Electrical identity error [W]"]) < 1e-9 * row["Chemical power [W]"] + 1e-9
    assert balances[1]["power_balance_relative_max"] < 1e-9
    assert balances[1]["energy_balance_relative"] < 1.5 * balances[0]["energy_balance_relative"]


def test_highest_pressure_is_remembered() -> None:
    """Charged and discharged: contact made under the peak is kept in part."""

    def law(state: Any) -> Any:
        return 2e-3 * (state.p / ASSEMBLY) ** -0.5 * (state.highest_pressure / ASSEMBLY) ** -0.5

    def current(t: float) -> float:
        return (-10.0 if t < 900.0 else 10.0) * AREA

    run = Run(cell(FRAME, charge=0.5, current=current, law=law))
    run.advance(1800.0, landings=[900.0])
    peak = max(row["Stack pressure [MPa]"] for row in run.rows) * 1e6
    assert run.model.pressure.highest(1800.0) == pytest.approx(peak, rel=1e-9)
    assert peak > 1.1 * ASSEMBLY
    assert run.row["Stack pressure [MPa]"] * 1e6 == pytest.approx(ASSEMBLY, rel=1e-4)


def test_restarted_stack_is_as_assembled() -> None:
    """A second run of the same model remembers no pressure of the first."""
    run = Run(cell(FRAME, -1.0, charge=0.5))
    ends = []
    for _ in range(2):
        run.model.restart()
        run.observer.restart()
        run.stepper = type(run.stepper)(
            run.model, {key: lambda k=key: run.observer.flow(k) for key in run.model.fields}
        )
        start = run.model.pressure.highest(0.0)
        run.advance(600.0)
        ends.append((start, run.model.pressure.highest(600.0), run.row["Voltage [V]"]))
    assert ends[0][0] == pytest.approx(ASSEMBLY, rel=1e-6)
    assert ends[0][1] > 1.05 * ASSEMBLY
    assert ends[1] == pytest.approx(ends[0], rel=1e-9)


# -- ranks -------------------------------------------------------------------------------------


def answers(comm: Any) -> dict[str, float]:
    run = Run(cell(FRAME, 1.0, comm), tolerances=TIGHT)
    run.advance(300.0)
    return run.row


@pytest.mark.mpi
def test_two_ranks_answer_as_one() -> None:
    one = answers(MPI.COMM_SELF)
    two = on_ranks(2, answers)
    assert one.keys() == two.keys()
    for key in ("Stack pressure [MPa]", "Stack thickness change [um]", "Voltage [V]"):
        assert two[key] == pytest.approx(one[key], rel=1e-8), key
