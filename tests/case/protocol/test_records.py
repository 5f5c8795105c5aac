"""Records of cyclers as loads: which way is positive, where they begin, rows that share a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.estimates.evaluate import evaluate
from joulestack.estimates.report import print_report
from joulestack.tables.repeated_times import one_time_each
from tests.case.protocol.test_forms import case

RECORD = (
    "Test Time / s,Voltage / V,Current / A\n"
    "100,3.70,0\n160,3.70,0\n160,3.65,-0.002\n220,3.60,-0.002\n220,3.72,0.001\n280,3.75,0.001\n"
)


def loaded(folder: Path, text: str, **more: Any) -> Case:
    (folder / "a.csv").write_text(text)
    return case({"protocol": [{"step": "Run a.csv (A)", **more}]}, folder=folder)


def test_a_record_is_turned_and_begins_at_its_first_row(tmp_path: Path) -> None:
    found = loaded(tmp_path, RECORD)
    steps = found.protocol.steps
    assert [s.duration for s in steps] == pytest.approx([60, 60, 60])
    assert [s.value.values for s in steps] == [(0.0,), (0.002,), (-0.001,)]
    (told,) = found.table_notes
    assert "a.csv: " in told
    assert "current is charge positive, as shown by its voltage" in told
    assert "begins at 100 s, which becomes 0 s" in told


@pytest.mark.parametrize("sign", ["charge positive", "discharge positive"])
def test_what_the_case_says_wins(tmp_path: Path, sign: str) -> None:
    found = loaded(tmp_path, RECORD, sign=sign)
    way = -1 if sign == "charge positive" else 1
    assert [s.value.values[0] for s in found.protocol.steps] == [0.0, -0.002 * way, 0.001 * way]
    table = case({"table": {"csv": "a.csv", "sign": sign}}, folder=tmp_path)
    assert [s.value.values[0] for s in table.protocol.steps] == [0.0, -0.002 * way, 0.001 * way]


def test_check_says_what_was_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(tmp_path, "time [s],current [mA]\n0,1\n60,1\n")
    print_report(found, evaluate(found))
    said = capsys.readouterr().out
    assert "table: a.csv: current is taken as discharge positive" in " ".join(said.split())


def test_columns_and_units(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, "0;7;5\n1;8;5\n", columns={"time": 1, "current": 2},
        units={"time": "min", "current": "mA"}, sign="discharge positive",
    )  # fmt: skip
    (step,) = found.protocol.steps
    assert step.value.values == pytest.approx((7e-3, 8e-3))
    assert step.duration == pytest.approx(60)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"columns": {"current": "I9"}}, 'no column "I9"'),
        ({"columns": {"pressure": 1}}, "columns.pressure has no effect"),
        ({"units": {"current": "mm"}}, "a length"),
        ({"sign": "positive"}, "charge positive"),
        ({"step": "Rest for 1 s", "sign": "charge positive"}, "have no effect without a file"),
        ({"step": "Run v.csv (V)", "sign": "charge positive"}, "no effect on a voltage"),
    ],
)
def test_settings_without_effect(tmp_path: Path, changes: dict[str, Any], what: str) -> None:
    (tmp_path / "v.csv").write_text("t/s,U/V\n0,3.5\n9,3.6\n")
    with pytest.raises(CaseError) as caught:
        loaded(tmp_path, RECORD, **changes)
    assert what in str(caught.value)


def test_decimal_commas_between_commas_are_no_zero_current(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"a\.csv, line 2: a row of 4 cells under a head of 2"):
        loaded(tmp_path, "time [s],current [mA]\n0,0,1,5\n60,0,2,5\n")


def test_points_on_a_line_are_no_kinks(tmp_path: Path) -> None:
    rows = "".join(f"{i},{min(i, 50) / 50}\n" for i in range(101))
    (step,) = loaded(tmp_path, f"time [s],current [mA]\n{rows}").protocol.steps
    assert step.value.times == (0.0, 50.0, 100.0)


def test_rows_that_share_a_time() -> None:
    times = np.array([0.0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    values = np.arange(12.0)
    t, v, note = one_time_each(times, values, record=False)
    assert t == pytest.approx(np.arange(12) / 4)
    assert (v == values).all()
    assert "9 rows share their time" in note
    by_hand = np.array([0.0, 60, 60, 120, 120, 180])
    t, v, note = one_time_each(by_hand, np.array([1.0, 1, 2, 2, 3, 3]), record=False)
    assert t == pytest.approx(by_hand)
    assert not note
    t, v, note = one_time_each(np.array([0.0, 1, 1, 1, *range(2, 20)]), np.arange(22.0), True)
    assert t[:4] == pytest.approx([0, 1, 1, 2])
    assert v[:4] == pytest.approx([0, 1, 3, 4])
    assert "as a jump" in note
