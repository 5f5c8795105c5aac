"""A given power has two currents: the cell works at the smaller one, up to the most it can give."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from mpi4py import MPI

from joulestack.fabrication.constant_media import GivenResistance
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive
from joulestack.solver.stepper import Tolerances
from tests.mpi import on_ranks
from tests.verification.cells import AREA, full_cell
from tests.verification.charge.test_limits_of_cells import symmetric
from tests.verification.harness import Run

KINDS = ["line", "pellet", "pouch"]
OPEN = 3.8
"""Of the cell, whose parts are all linear: V = U - I R."""


def under(kind: str, comm: Any = MPI.COMM_SELF, **load: float) -> Run:
    """The linear cell under a constant load of one kind, from its first moment on."""
    setup = full_cell(kind, comm)
    assert setup.drive is not None
    loads = {name: (lambda t, v=value: v) for name, value in load.items()}
    drive = Drive(setup.drive.negative, setup.drive.positive, **loads)
    run = Run(replace(setup, drive=drive), tolerances=Tolerances(potential=1e-12))
    run.begin()
    return run


def resistance(kind: str) -> float:
    """Of the whole cell [Ohm]."""
    current = 10.0 * AREA[kind]
    return (OPEN - under(kind, current=current).row["Voltage [V]"]) / current


@pytest.mark.parametrize("kind", KINDS)
def test_voltages_of_powers(kind: str) -> None:
    """V = U/2 (1 + sqrt(1 - P/P_max)), P_max = U^2/4R; charging, too; more is refused."""
    R = resistance(kind)
    most = OPEN**2 / (4 * R)
    worst = 0.0
    for share in (-3.0, -0.2, 0.05, 0.6, 0.95, 0.999):
        run = under(kind, power=share * most)
        exact = 0.5 * OPEN * (1 + math.sqrt(1 - share))
        assert run.stepper.overasked == ()
        worst = max(worst, abs(run.row["Voltage [V]"] / exact - 1))
        given = run.row["Voltage [V]"] * run.row["Current [A]"]
        assert given == pytest.approx(share * most, rel=1e-6)
    print(f"MEASURED powers {kind} {worst:.1e} of the voltage")
    assert worst < 1e-8
    for share in (1.01, 50.0):
        (stop,) = under(kind, power=share * most).stepper.overasked
        assert "more than it can give at this state" in stop.name
        assert under(kind, power=share * most).stepper.power.most == pytest.approx(most, rel=1e-4)


def test_a_growing_power_ends_at_the_most() -> None:
    """A ramp to twice the most power ends in its middle, at half the voltage."""
    setup = full_cell("line")
    assert setup.drive is not None
    # So slow that the resistance is constant: temperatures are those of the start.
    most = OPEN**2 / (4 * resistance("line"))
    ends = (setup.drive.negative, setup.drive.positive)
    drive = Drive(*ends, power=lambda t: 2 * most * t / 1e-3)
    run = Run(replace(setup, drive=drive))
    (stop,) = run.advance(1e-3)
    assert "at most" in stop.name
    print(f"MEASURED ramp {run.model.time / 0.5e-3 - 1:.1e} {run.row['Voltage [V]'] / OPEN:.4f}")
    assert run.model.time == pytest.approx(0.5e-3, rel=1e-3)
    assert run.row["Voltage [V]"] == pytest.approx(0.5 * OPEN, rel=0.03)
    assert min(row["Voltage [V]"] for row in run.rows) > 0.49 * OPEN


def test_a_cell_without_voltage_can_be_charged_but_gives_nothing() -> None:
    """Li | SE | Li: V = sqrt(|P| R)."""
    for power, given in ((-2e-3, True), (2e-3, False)):
        run = symmetric(0.0, Contacts(charge_transfer=GivenResistance(2e-3)))
        ends = (run.setup.drive.negative, run.setup.drive.positive)
        run.model.follow(Drive(*ends, power=lambda t, p=power: p))
        row = run.begin()
        if given:
            R = (3e-5 / 0.25 + 2 * 2e-3 + 4e-5 / 1e7) / 1e-4
            assert row["Voltage [V]"] == pytest.approx(math.sqrt(2e-3 * R), rel=1e-8)
            assert row["Current [A]"] < 0
        else:
            assert run.stepper.power.most == 0.0
            assert row["Voltage [V]"] == pytest.approx(0.0, abs=1e-9)


def shares(comm: Any) -> list[tuple[str, float, float]]:
    """Voltages on the ranks of `comm`; the most power where more is asked for."""
    found = []
    for kind in KINDS:
        for density in (40.0, 1e9):  # W/m2
            run = under(kind, comm, power=density * AREA[kind])
            found.append((kind, density, run.stepper.power.most or run.row["Voltage [V]"]))
    return found


@cache
def on_one() -> list[tuple[str, float, float]]:
    return shares(MPI.COMM_SELF)


@pytest.mark.mpi
def test_two_ranks_find_the_same_branch() -> None:
    for one, two in zip(on_one(), on_ranks(2, shares), strict=True):
        assert list(one[:2]) == list(two[:2])
        assert two[2] == pytest.approx(one[2], rel=1e-6)
