"""A resistance between the terminals: closed forms, and the same as the current that it draws."""

from __future__ import annotations

from dataclasses import replace

import pytest

from joulestack.errors import CaseError
from tests.mpi import on_ranks
from tests.verification.drives.test_first_steps import same
from tests.verification.drives.test_powers import KINDS, OPEN, resistance, under
from tests.verification.procedures import AREA, follow


@pytest.mark.parametrize("kind", KINDS)
def test_a_voltage_divider(kind: str) -> None:
    """V = U R/(R + r) of a cell whose parts are linear; a negative R charges it."""
    inner = resistance(kind)
    worst = 0.0
    shares = (-20.0, -1.5, 1e-3, 0.3, 1.0, 50.0) if kind == "line" else (-1.5, 0.3)
    for share in shares:
        run = under(kind, resistance=share * inner)
        exact = OPEN * share / (share + 1)
        worst = max(worst, abs(run.row["Voltage [V]"] / exact - 1))
        drawn = run.row["Voltage [V]"] / (share * inner)
        assert run.row["Current [A]"] == pytest.approx(drawn, rel=1e-6)
    print(f"MEASURED resistances {kind} {worst:.1e} of the voltage")
    assert worst < 1e-7


def test_a_resistance_below_that_of_the_cell_charges_nothing() -> None:
    with pytest.raises(CaseError, match="its own resistance is above the one"):
        follow(["Charge at 0.5 Ohm for 1 s"])


SENTENCE = "Discharge at 50 Ohm for 5 min"


def test_a_discharge_over_a_resistor() -> None:
    """First, after a rest, after a charge and a rest, per area: one state; V = R I all through."""
    first = follow([SENTENCE])
    for row in first.rows:
        assert row["Voltage [V]"] == pytest.approx(50 * row["Current [A]"], rel=1e-6)
    step = first.steps[0]
    assert step.charge > 0
    # Charge is V t/R with V between that of the start and that of the end.
    ends = sorted(row["Voltage [V]"] / 50 for row in (first.rows[0], first.rows[-1]))
    assert ends[0] < step.charge * 3.6 / 300 < ends[1]
    same(step, follow(["Rest for 1 min", SENTENCE]).steps[1])
    same(step, follow([f"Discharge at {50 * AREA} ohm cm2 for 5 min"]).steps[0])
    same(step, follow(["Hold at 50 Ohm for 5 min"]).steps[0])


def test_a_resistor_means_the_current_that_it_draws() -> None:
    """At one moment, after anything; and charging, by a source of I = V/R."""
    for before in ([], ["Charge at 1C for 60 s"], ["Discharge at 200 mW for 60 s"]):
        for verb, sign in (("Discharge", 1.0), ("Charge", -1.0)):
            number = len(before) + 1
            row = follow([*before, f"{verb} at 60 Ohm for 1 s"]).begins(number)
            current, voltage = row["Current [A]"], row["Voltage [V]"]
            assert current == pytest.approx(sign * voltage / 60, rel=1e-6)
            given = follow([*before, f"{verb} at {abs(current):.15g} A for 1 s"]).begins(number)
            assert given["Voltage [V]"] == pytest.approx(voltage, abs=1e-7)


def test_limits_of_a_resistor() -> None:
    """A voltage, a current and the table of the same resistance end where they say."""
    by_voltage = follow([f"{SENTENCE.split(' for')[0]} until 3.6 V"], 0.5).steps[0]
    by_current = follow([f"{SENTENCE.split(' for')[0]} until 72 mA"], 0.5).steps[0]
    assert by_voltage.voltage == pytest.approx(3.6, abs=2e-5)
    assert by_current.voltage == pytest.approx(3.6, abs=2e-5)
    assert by_current.end == pytest.approx(by_voltage.end, rel=1e-3)
    assert by_current.charge == pytest.approx(by_voltage.charge, rel=1e-3)


def test_a_state_of_charge_ends_a_step() -> None:
    """The charge passed is the share of the usable capacity, in both directions."""
    down = follow(["Discharge at C/2 until 40 % SOC", "Charge at C/2 until SOC 0.5"], 0.6)
    first, second = down.steps
    assert (first.ended_by, second.ended_by) == ("40 % SOC", "SOC 0.5")
    assert down.rows[-1]["cathode state of charge [-]"] == pytest.approx(0.5, abs=1e-5)
    assert first.charge > 0 > second.charge
    assert first.charge == pytest.approx(-2 * second.charge, rel=1e-4)


def test_cccv_in_one_sentence() -> None:
    one = follow(["CCCV at C/2 to 4 V until C/3"], 0.6).steps
    two = follow(["Charge at C/2 until 4 V", "Hold at 4 V until C/3"], 0.6).steps
    assert len(one) == 2
    assert [replace(s, text="") for s in one] == [replace(s, text="") for s in two]


def voltages(comm: object) -> list[float]:
    return [under("pouch", comm, resistance=r).row["Voltage [V]"] for r in (0.05, 5.0, -5.0)]


@pytest.mark.mpi
def test_two_ranks() -> None:
    from mpi4py import MPI

    assert on_ranks(2, voltages) == pytest.approx(voltages(MPI.COMM_SELF), rel=1e-8)
