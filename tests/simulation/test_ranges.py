"""Laws of x and T that a run asks outside what their source covers are named, once each."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

import joulestack as js
from joulestack.estimates import evaluate

CELL = Path(__file__).parents[2] / "cases" / "nmc_lpscl_cell.toml"
U = "NMC811 open_circuit_voltage"


def cell(**changes: object) -> js.Case:
    return js.Case.load(CELL).replace({"outputs.pictures": False} | changes)


def told(caplog: pytest.LogCaptureFixture, name: str) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.getMessage().startswith(name)]


DEEP = {
    "cell.state_of_charge": 0.5,
    "load.protocol": ["Discharge at C/2 for 90 minutes or until 1.5 V"],
    "materials.cathode.window": [0.3, 0.99],
}


def test_a_run_says_when_and_how_far(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """U and dU/dT of NMC811 are known up to x = 0.91; the time is that of the first such row."""
    with caplog.at_level(logging.WARNING, "joulestack"):
        result = js.run(cell(**DEEP), tmp_path / "deep", progress=False)
    highest = result["cathode NMC811 lithiation surface max [-]"]
    assert highest.entries.max() > 0.95
    (message,) = told(caplog, U)
    beyond = highest.times[np.flatnonzero(highest.entries > 0.91 + 1e-3 * 0.64)[0]]
    assert f"from t = {beyond:.6g} s on" in message
    assert f"reached {highest.entries.max():.4g}, above 0.91" in message
    assert "below" not in message
    assert len(told(caplog, "NMC811 entropic_coefficient")) == 1
    assert not told(caplog, "NMC811 electronic_conductivity")  # known up to x = 1
    assert any(line.startswith(U) for line in result.summary["extrapolated"])


def test_a_run_inside_says_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    inside = {"cell.state_of_charge": 0.8, "load.protocol": ["Discharge at C/2 for 5 min"]}
    with caplog.at_level(logging.WARNING, "joulestack"):
        result = js.run(cell(**inside), tmp_path / "inside", progress=False)
    assert not told(caplog, "NMC811 ")
    assert not any("lithiation" in t or "NMC811" in t for t in result.summary["extrapolated"])


def test_temperatures_beyond_the_range(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """c_p of NMC811 is known from 173 to 373 K, and 5 K are not worth a word; a hot chamber is."""
    hot = {
        "cell.state_of_charge": 0.8,
        "cell.start_temperature": "95 degC",
        "load.protocol": ["Rest for 5 min"],
        "thermal.faces.bottom.ambient": "130 degC",
        "thermal.faces.bottom.coefficient": "2000 W/(m^2 K)",
    }
    with caplog.at_level(logging.WARNING, "joulestack"):
        result = js.run(cell(**hot), tmp_path / "hot", progress=False)
    hottest = result["cathode temperature max [K]"]
    since = hottest.times[np.flatnonzero(hottest.entries > 378.0)[0]]
    (message,) = told(caplog, "NMC811 specific_heat_capacity: temperature")
    assert f"from t = {since:.6g} s on" in message
    assert since > 0.0


def test_check_says_where_the_load_is_sure_to_go() -> None:
    """60 % of what is usable at C/2 in 72 min; a limit makes it unsure."""
    window = {"materials.cathode.window": [0.3, 0.99], "cell.state_of_charge": 0.5}
    sure = cell(**window, **{"load.protocol": ["Discharge at C/2 for 54 min"]})
    assert sure.media()["cathode"].particles[0].start == pytest.approx(0.645)
    assert any(f"by the charge of the load: {U}" in w for w in evaluate(sure).warnings)
    for protocol in (["Discharge at C/2 for 12 min"], ["Discharge at C/2 for 54 min or until 3 V"]):
        unsure = cell(**window, **{"load.protocol": protocol})
        assert not any(U in w for w in evaluate(unsure).warnings)
    charged = cell(**window, **{"load.protocol": ["Charge at C/2 for 66 min"]})
    (found,) = [w for w in evaluate(charged).warnings if U in w]
    assert "is below 0.27" in found
