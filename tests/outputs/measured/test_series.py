"""A run against a measurement: differences that are known, what is told, what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.outputs.measured.series import compare
from joulestack.outputs.result import Result


@pytest.fixture
def result(tmp_path: Path) -> Result:
    folder = tmp_path / "run"
    folder.mkdir()
    rows = "".join(f"{t},{3.7 - 1e-3 * t},{298.15 + 0.01 * t}\n" for t in (0, 40, 100))
    (folder / "timeseries.csv").write_text(f"Time [s],Voltage [V],Temperature max [K]\n{rows}")
    return Result(folder)


def measured(folder: Path, volts: float, kelvin: float, end: int = 100) -> Path:
    path = folder / "cell.csv"
    rows = "".join(
        f"{500 + t};{3.7 - 1e-3 * t - volts};{1e3};{25 + 0.01 * t - kelvin}\n"
        for t in range(0, end + 1, 10)
    )
    path.write_text(f"Test Time / s;Voltage / V;Current / mA;T1 (°C)\n{rows}")
    return path


def test_known_differences(result: Result, tmp_path: Path) -> None:
    found = compare(result, measured(tmp_path, 0.01, -0.5))
    volts, kelvin = found.differences
    assert volts.rms == pytest.approx(0.01, rel=1e-9)
    assert kelvin.rms == pytest.approx(0.5, rel=1e-9)
    assert np.mean(kelvin.computed - kelvin.measured) == pytest.approx(-0.5)
    assert any("its first row, at 500 s" in note for note in found.notes)


def test_rows_count_by_the_time_they_stand_for(result: Result, tmp_path: Path) -> None:
    """0.1 V too high for a tenth of the time, in nine tenths of the rows."""
    t = np.concatenate([np.linspace(0, 10, 901), np.linspace(10, 100, 101)[1:]])
    rows = "".join(f"{a},{3.7 - 1e-3 * a + 0.1 * (a <= 10)}\n" for a in t)
    (tmp_path / "a.csv").write_text(f"t/s,U/V\n{rows}")
    (volts,) = compare(result, tmp_path / "a.csv").differences
    assert volts.rms == pytest.approx(0.1 * np.sqrt(0.1), rel=5e-2)


def test_what_is_told_and_refused(result: Result, tmp_path: Path) -> None:
    found = compare(result, measured(tmp_path, 0, 0, end=300))
    assert found.differences[0].times[-1] == 100
    assert any("as long as the run lasts" in note for note in found.notes)
    with pytest.raises(CaseError, match=r"Temperature max \[K\]"):
        compare(result, tmp_path / "cell.csv", "Temperature mx [K]")
    (tmp_path / "b.csv").write_text("t/s,I/A\n0,1\n1,1\n")
    with pytest.raises(CaseError, match='"voltage" is missing'):
        compare(result, tmp_path / "b.csv")


def test_command(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from joulestack.cli.main import main

    measured(tmp_path, 0.01, 0.5)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["joulestack", "compare", "run", "cell.csv"])
    for code in (0, 2):  # the picture is there the second time
        with pytest.raises(SystemExit) as caught:
            main()
        assert (caught.value.code or 0) == code
    said = capsys.readouterr()
    assert "voltage: root mean square 0.01 V" in said.out
    assert "--overwrite" in said.err
    assert (tmp_path / "compare_run_cell.png").stat().st_size > 5000
