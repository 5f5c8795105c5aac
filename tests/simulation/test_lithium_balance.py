"""Lithium lost is judged against the charge passed: a leak is told, the noise of Newton is not."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

import joulestack as js
from joulestack.simulation.observe.lithiation import Lithiation

CELL = Path(__file__).parents[2] / "cases" / "nmc_lpscl_cell.toml"
OPEN = "BALANCE NOT CLOSED: lithium"


def driven(folder: Path, protocol: list[str], files: dict[str, str] | None = None) -> js.Result:
    for name, text in (files or {}).items():
        (folder / name).write_text(text)
    case = folder / "cell.toml"
    case.write_text(CELL.read_text())
    changes = {"load.protocol": protocol, "outputs.pictures": False, "cell.state_of_charge": 0.7}
    return js.run(js.Case.load(case).replace(changes), folder / "out", progress=False)


def test_a_drive_cycle_is_no_alarm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Currents of both signs that come back to nearly nothing, at default tolerances."""
    amps = np.random.default_rng(3).normal(0.0, 0.05, 16)
    rows = "".join(f"{15 * i},{a:.5f}\n{15 * (i + 1)},{a:.5f}\n" for i, a in enumerate(amps))
    with caplog.at_level(logging.WARNING, "joulestack"):
        table = {"cycle.csv": "Time [s],Current [A]\n" + rows}
        found = driven(tmp_path, ["Run cycle.csv (A)"], table)
    assert found.summary["lithium_balance_relative"] < 1e-6
    assert "BALANCE NOT CLOSED" not in caplog.text
    assert found.summary["energy_balance_relative"] < 1e-6


@pytest.mark.parametrize("share", [1e-4, -1e-4])
def test_a_leak_is_told(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    share: float,
) -> None:
    """Of a ten-thousandth of what the current brings: that is the balance, to the figure."""
    true = Lithiation.gains
    monkeypatch.setattr(
        Lithiation, "gains", lambda self, sums: [(1 - share) * g for g in true(self, sums)]
    )
    with caplog.at_level(logging.WARNING, "joulestack"):
        found = driven(tmp_path, ["Discharge at C/2 for 10 min", "Rest for 10 min"])
    assert found.summary["lithium_balance_relative"] == pytest.approx(abs(share), rel=1e-2)
    assert OPEN in caplog.text


def test_a_cell_at_rest_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "joulestack"):
        found = driven(tmp_path, ["Rest for 10 min"])
    assert found.summary["lithium_balance_relative"] < 1e-6
    assert "BALANCE NOT CLOSED" not in caplog.text
