"""Shipped cases of cells that breathe: thickness by hand, the fixture's law at every time."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.constants import FARADAY
from joulestack.outputs.result import Result
from tests.cases.test_shipped import CASES
from tests.cases.test_shipped import run as run_case

AREA = 1e-4
"""Of the face of the cells on a line [m2]."""
TOPS = {
    "constant_pressure": (5.0, 15.11, -1.456, 13.66),
    "spring": (5.273, 15.15, -1.460, 13.69),
    "fixed_gap": (17.93, 15.55, -1.500, 14.06),
}
"""When charged: stack pressure [MPa]; lithium, cathode, stack [um]. Pressure lets more in."""


def run(name: str, folder: Path, power: float = 1e-5) -> Result:
    """Newton's method stops at 1e-6 of the current; dp/du is not in its Jacobian."""
    found: Result = run_case(name, folder, power=power, charge=1e-6)
    return found


def charge(result: Result) -> Any:
    """Put into the cell until each time [C/m2]."""
    t, i = result["Time [s]"].entries, -result["Current [A]"].entries / AREA
    # The load is constant within a step; both sides of a jump are recorded.
    return np.concatenate([[0.0], np.cumsum(0.5 * (i[1:] + i[:-1]) * np.diff(t))])


def column(result: Result, name: str) -> Any:
    return result[name].entries


def answers(name: str, result: Result) -> None:
    """The recorded pressure is the fixture's law of the recorded thickness, at every time."""
    clamping = js.Case.load(CASES / f"{name}.toml").clamping
    assert clamping is not None
    assembly = 1e6 * column(result, "Stack pressure [MPa]")[0]
    law = clamping.fixture.pressure(1e-6 * column(result, "Stack thickness change [um]"), assembly)
    assert 1e6 * column(result, "Stack pressure [MPa]") == pytest.approx(law, rel=1e-4)
    assert not result.summary["contact_lost"]


@pytest.mark.parametrize("name", TOPS)
def test_lithium_cell_in_three_fixtures(name: str, tmp_path: Path) -> None:
    """4.85 um of lithium for each mAh/cm2 and a tenth back from NMC, whatever the fixture."""
    result = run(f"fixtures/{name}", tmp_path / name)
    answers(f"fixtures/{name}", result)
    lithium = column(result, "lithium thickness change [um]")
    assert lithium == pytest.approx(4.85 * charge(result) / 36e3, abs=0.005 * lithium.max())
    cathode = column(result, "cathode thickness change [um]").min()
    stack = column(result, "Stack thickness change [um]").max()
    pressure = column(result, "Stack pressure [MPa]").max()
    found = (pressure, lithium.max(), cathode, stack)
    assert found == pytest.approx(TOPS[name], rel=0.02)
    assert (tmp_path / name / "pressure_thickness.png").stat().st_size > 1e4


def test_silicon_grows_in_a_fixed_gap(tmp_path: Path) -> None:
    """0.9 of 3 volumes for each full particle, over c_max; the gap answers 0.93 MPa/um."""
    result = run("fixtures/silicon_anode", tmp_path / "silicon")
    answers("fixtures/silicon_anode", result)
    anode = column(result, "anode thickness change [um]")
    hand = 1e6 * 0.9 * 3.0 * charge(result) / (FARADAY * 278000.0)
    assert anode == pytest.approx(hand, abs=0.005 * anode.max())
    assert anode.max() == pytest.approx(12.5, abs=0.2)
    assert column(result, "cathode thickness change [um]").min() == pytest.approx(-1.44, abs=0.03)
    assert column(result, "Stack pressure [MPa]").max() == pytest.approx(60.2, abs=0.3)


def test_lithium_indium_grows_less_than_lithium(tmp_path: Path) -> None:
    """7.8 cm3/mol instead of 13: 2.9 um for each mAh/cm2; the voltage is 0.62 V lower."""
    result = run("fixtures/lithium_indium_anode", tmp_path / "indium")
    answers("fixtures/lithium_indium_anode", result)
    foil = column(result, "Li-In foil thickness change [um]")
    assert foil == pytest.approx(1e6 * 7.8e-6 * charge(result) / FARADAY, abs=0.005 * foil.max())
    assert foil.max() == pytest.approx(9.46, abs=0.15)
    assert column(result, "Stack pressure [MPa]").max() == pytest.approx(50.16, abs=0.01)
    assert column(result, "Voltage [V]").max() == pytest.approx(3.63, abs=1e-4)


def test_uneven_clamp(tmp_path: Path) -> None:
    """Where it presses more, more lithium is plated, and there it is warmest."""
    result = run("fixtures/uneven_clamping", tmp_path / "uneven", power=3e-5)
    low, high = (column(result, f"Stack pressure {w} [MPa]") for w in ("min", "max"))
    assert [low[0], high[0]] == pytest.approx([2.0, 6.0], rel=1e-6)
    top = int(np.argmax(column(result, "Stack pressure [MPa]")))
    assert (high[top] - high[0]) / (low[top] - low[0]) == pytest.approx(1.76, abs=0.05)
    assert result.summary["temperature_rise_max_K"] == pytest.approx(0.361, rel=0.03)


def test_anode_free(tmp_path: Path) -> None:
    """Lithium from nothing, stripped to nothing, and plated again: no crash, but told."""
    result = run("fixtures/anode_free", tmp_path / "free")
    answers("fixtures/anode_free", result)
    left, put = column(result, "Lithium left [um]"), charge(result)
    assert left == pytest.approx(1e6 * 1.3e-5 * put / FARADAY, abs=0.005 * left.max())
    assert left[0] == 0.0
    assert left.max() == pytest.approx(16.71, abs=0.3)
    assert column(result, "collector thickness change [um]") == pytest.approx(left, abs=2e-3)
    steps = result.summary["protocol"]
    assert steps[2]["ended_by"] == "no lithium is left on collector"
    assert steps[2]["end_s"] == pytest.approx(26597, rel=0.02)
    assert steps[2]["voltage_V"] > 3.0
    bare = np.flatnonzero(column(result, "Time [s]") == steps[2]["end_s"])
    assert left[bare] == pytest.approx(0.0, abs=1e-6)
    assert steps[4]["ended_by"] == "duration"
    assert left[-1] == pytest.approx(4.85 * 0.5, rel=1e-3)
    assert "no lithium is left on collector" in (tmp_path / "free" / "run.log").read_text()


def test_contact_in_the_cathode_follows_the_pressure(tmp_path: Path) -> None:
    """Pressed together by the lithium, loose again without it; the reaction is warmer for it."""
    result = run("fixtures/cathode_contact", tmp_path / "contact")
    answers("fixtures/cathode_contact", result)
    share = column(result, "cathode particles in contact [-]")
    p = 1e6 * column(result, "Stack pressure [MPa]")
    assert share == pytest.approx(0.2 + 0.8 * p / (p + 5e6), rel=1e-4)
    found = (share[0], share.max(), share.min())
    assert found == pytest.approx((0.600, 0.824, 0.517), abs=0.01)
    assert result.summary["heat_J"]["charge transfer"] == pytest.approx(0.699, rel=0.05)
