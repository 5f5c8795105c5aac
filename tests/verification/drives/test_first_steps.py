"""A load does the same as the first step, after a rest, and in whatever words it is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verification.procedures import AREA, CAPACITY, follow

EXACT = {"time.potential_tolerance": "1e-9 V"}
"""Newton's method leaves less than what is compared."""

RATES = st.floats(0.05, 1.5)
CHARGES = st.floats(0.15, 0.95)
WORDS = ["{A:.6g} A", "{C:.6g} C", "{d:.6g} mA/cm2", "{W:.6g} W", "{w:.6g} mW/cm2"]


def said(word: str, rate: float) -> str:
    """A rate in words: of a current, or of about the power that goes with it."""
    current = rate * CAPACITY
    return word.format(
        A=current, C=rate, d=1e3 * current / AREA, W=3.7 * current, w=3.7e3 * current / AREA
    )


loads = st.one_of(
    st.builds(
        lambda verb, word, rate: f"{verb} at {said(word, rate)} for 20 s",
        st.sampled_from(["Charge", "Discharge"]), st.sampled_from(WORDS), RATES,
    ),
    st.builds("Hold at {:.4f} V for 20 s".format, st.floats(3.4, 4.2)),
)  # fmt: skip


def same(one: Any, other: Any) -> None:
    """What two steps came to, from the same state: charge to 1e-6, voltage to 1 uV."""
    assert one.ended_by == other.ended_by
    assert one.end - one.start == pytest.approx(other.end - other.start, rel=1e-9)
    assert one.charge == pytest.approx(other.charge, rel=1e-6)
    assert one.energy == pytest.approx(other.energy, rel=1e-6)
    assert one.voltage == pytest.approx(other.voltage, abs=1e-6)


def test_a_discharge_of_200_mW_from_the_start() -> None:
    """The first step of the shipped cell gives what the same step gives after a rest."""
    sentence = "Discharge at 200 mW for 10 min"
    mesh = {"mesh__layers": {"cathode": 20}}
    first = follow([sentence], **mesh).steps[0]
    assert first.energy == pytest.approx(0.2 / 6, rel=1e-6)
    assert first.charge == pytest.approx(9.0215, abs=2e-3)
    assert first.voltage == pytest.approx(3.6204, abs=1e-3)
    same(first, follow(["Rest for 1 min", sentence], **mesh).steps[1])


@settings(max_examples=8, derandomize=True)
@given(loads, CHARGES)
def test_first_or_after_a_rest(sentence: str, soc: float) -> None:
    first = follow([sentence], soc).steps[0]
    later = follow(["Rest for 1 min", sentence], soc).steps[1]
    same(first, later)
    assert first.voltage > 1.0


@settings(max_examples=5, derandomize=True)
@given(st.lists(loads | st.just("Rest for 1 min"), max_size=2), CHARGES, RATES, st.booleans())
def test_power_current_and_voltage_that_mean_the_same(
    before: list[str], soc: float, rate: float, charging: bool
) -> None:
    """P, the current that it means and the voltage that both mean: one state, after anything."""
    verb = "Charge" if charging else "Discharge"
    power = rate * CAPACITY * 3.7
    number = len(before) + 1
    row = follow([*before, f"{verb} at {power:.12g} W for 1 s"], soc, **EXACT).begins(number)
    current, voltage = row["Current [A]"], row["Voltage [V]"]
    assert current * voltage == pytest.approx(-power if charging else power, rel=1e-6)
    assert voltage > 1.5
    as_current = follow([*before, f"{verb} at {abs(current):.15g} A for 1 s"], soc, **EXACT)
    assert as_current.begins(number)["Voltage [V]"] == pytest.approx(voltage, abs=1e-7)
    as_voltage = follow([*before, f"Hold at {voltage:.15g} V for 1 s"], soc, **EXACT)
    # A foil held at 4 V loses 1e-7 A in the round-off of its potential.
    held = as_voltage.begins(number)["Current [A]"]
    assert held == pytest.approx(current, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("column", ["A", "C", "W", "V"])
def test_a_table_is_its_sentence(column: str, tmp_path: Path) -> None:
    """As the first step and after a discharge."""
    names = {"A": "current", "C": "c_rate", "W": "power", "V": "voltage"}
    value = {"A": 0.02, "C": 0.4, "W": 0.1, "V": 3.8}[column]
    file = tmp_path / "table.csv"
    file.write_text(f"time,{names[column]}\n0,{value}\n10,{value}\n20,{value}\n")
    unit = {"A": "A", "C": "C", "W": "W", "V": "V"}[column]
    sentence = f"Hold at {value} V" if column == "V" else f"Discharge at {value} {unit}"
    for before in ([], ["Discharge at 1C for 10 s"]):
        run = follow([*before, f"Run '{file}' ({column})"]).steps[-1]
        plain = follow([*before, f"{sentence} for 20 s"]).steps[-1]
        assert run.charge == pytest.approx(plain.charge, rel=2e-5)
        assert run.voltage == pytest.approx(plain.voltage, abs=2e-5)
