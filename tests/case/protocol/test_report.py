"""What `check` says of a protocol, and figures at its start."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from joulestack.case import Case
from joulestack.estimates import evaluate
from joulestack.estimates.report import print_report
from tests.case.protocol.test_forms import case


def printed(made: Case) -> list[list[str]]:
    """Words of each printed line."""
    out = io.StringIO()
    print_report(made, evaluate(made), Console(file=out, width=200, highlight=False))
    return [line.split() for line in out.getvalue().splitlines()]


def test_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time [s],current [mA]\n0,1\n60,2\n60,-3\n100,-3\n")
    warm = {"step": "Charge at 1 mA until 4.2 V", "ambient": "10 degC", "cooling": {"side": 0}}
    group = {"repeat": 2, "steps": [warm, "Run a.csv (A)"]}
    made = case(
        {"protocol": ["Discharge at C/2 for 1 h or until 2.5 V", group, "Hold at 4 V until C/20"]},
        folder=tmp_path,
        **{"cell.capacity": "4 mA h", "time.stop": {"temperature_above": "80 degC"}},
    )
    lines = [" ".join(words) for words in printed(made)]
    for line in (
        "Protocol: at most 57.1 h, 6 steps in 4 cycles",
        "1 Discharge at C/2 for 1 h or until 2.5 V 2 mA 2.5 V about 60 min",
        "2 x Charge at 1 mA until 4.2 V -1 mA 4.2 V about 4 h 10 degC, side 0 W/(m^2 K)",
        "2 x Run a.csv (A) -3 mA to 2 mA 100 s",
        "6 Hold at 4 V until C/20 4 V C/20 at most 48 h",
        "any step: time.stop.temperature_above = 80 degC",
    ):
        assert line in lines, "\n".join(lines)


def test_no_table_for_one_endless_step() -> None:
    assert not any(words[:1] == ["Protocol:"] for words in printed(case({"current": "1 mA"})))


def test_a_long_list_is_cut() -> None:
    made = case({"protocol": [f"Rest for {i + 1} s" for i in range(45)]})
    assert ["...", "and", "5", "more"] in printed(made)


def test_power_at_the_start() -> None:
    figures = evaluate(case({"protocol": ["Rest for 1 s", "Discharge at 20 mW until 2.5 V"]}))
    assert figures.voltage * figures.current == pytest.approx(0.02)
    assert 0.02 / figures.open_circuit_voltage < figures.current < 0.02 / 3.0
    charged = evaluate(case({"protocol": ["Charge at 20 mW until 4.2 V"]}))
    assert charged.voltage > charged.open_circuit_voltage
    assert charged.voltage * charged.current == pytest.approx(-0.02)
    assert figures.current_density == pytest.approx(figures.current / figures.area)


def test_more_power_than_the_cell_can_give() -> None:
    figures = evaluate(case({"protocol": ["Discharge at 20 W for 1 s"]}))
    assert figures.current != figures.current  # not a number


def test_overdrawn_without_limits_only() -> None:
    plain = case({"protocol": ["Discharge at 1C for 3 h"]})
    limited = case({"protocol": ["Discharge at 1C for 3 h or until 2.5 V"]})
    assert any("more than the capacity" in w for w in evaluate(plain).warnings)
    assert not any("more than the capacity" in w for w in evaluate(limited).warnings)


def test_pressures_of_steps_are_held_against_limits() -> None:
    pressed = {"step": "Discharge at 1 mA for 1 h", "stack_pressure": "300 MPa"}
    made = case({"protocol": [pressed, "Rest for 1 s"]}, **{"cell.stack_pressure": "5 MPa"})
    assert any("300 MPa" in warning for warning in evaluate(made).warnings)
