"""Limits of metal electrodes at the state that a run is in, against its own columns by hand."""

from __future__ import annotations

import logging
import math
from pathlib import Path

import numpy as np
import pytest

import joulestack as js
from joulestack.constants import GAS_CONSTANT

BASE = Path(__file__).parents[2] / "cases" / "fixtures" / "stripping_voids.toml"
LOWER, UPPER = "lower lithium | separator", "upper lithium | separator"


def borne(T: np.ndarray, pressure: float) -> np.ndarray:
    """Kasemchainan 2019 with the activation energy of LePage 2019 [mA/cm2]."""
    heat = np.exp(37e3 / GAS_CONSTANT * (1 / 298.15 - 1 / T))
    return 0.2 * (pressure / 3) ** (math.log(5) / math.log(7 / 3)) * heat


def test_a_limit_is_told_when_the_metal_is_too_cold_for_the_current(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """0.5 mA/cm2 at 3 MPa is less than is borne at 60 degC, more than at 10; a discharge strips
    the lower electrode, and what it plates on the upper one is far below what shorts."""
    steps = [f"Discharge at 0.5 mA/cm^2 for 2 minutes at {t}oC" for t in (60, 10)]
    air = {"kind": "convection", "coefficient": "20 W/(m^2 K)", "ambient": "60 degC"}
    case = js.Case.load(
        BASE,
        {"interfaces": [], "load.protocol": steps, "cell.start_temperature": "60 degC",
         "thermal.faces": {"bottom": air, "top": air}, "outputs.pictures": False},
    )  # fmt: skip
    with caplog.at_level(logging.WARNING, "joulestack"):
        result = js.run(case, tmp_path / "run", progress=False)
    cold = result["lower lithium temperature min [K]"]
    over = 0.5 / borne(cold.entries, 3.0)
    assert over[0] < 1 < over[-1]
    said = [line for line in result.summary["limits_exceeded"] if "stripping" in line]
    assert len(said) == 1
    assert said[0].startswith(f"{LOWER}: 0.5 mA/cm^2 of stripping")
    assert f"is {over.max():.3g} times the critical stripping current of" in said[0]
    since = cold.times[np.flatnonzero(over > 1.001)[0]]
    assert 121 < since < 180  # it cools for half a minute
    assert said[0].endswith(f"exceeded from t = {since:.6g} s on")
    assert sum(said[0] in r.getMessage() for r in caplog.records) == 1
    assert not any(line.startswith(UPPER) and "plating" in line
                   for line in result.summary["limits_exceeded"])  # fmt: skip


def test_a_run_within_its_limits_says_nothing(tmp_path: Path) -> None:
    changes = {"interfaces": [], "load.protocol": ["Discharge at 0.15 mA/cm^2 for 1 minute"],
               "outputs.pictures": False}  # fmt: skip
    result = js.run(js.Case.load(BASE, changes), tmp_path / "run", progress=False)
    assert result.summary["limits_exceeded"] == []


def test_a_film_of_lipon_in_a_cell(tmp_path: Path) -> None:
    """Milan 2023, section 4.1: 1e-6 S/cm and 10 mA/cm2 borne; 1 um resists 100 ohm cm2. What no
    paper has of its heat is given; the film has a limit of its own, whatever the pair."""
    contacts = [
        {"between": list(pair), "charge_transfer": "2 ohm cm^2"}
        for pair in (("lower lithium", "separator"), ("separator", "upper lithium"))
    ]
    changes = {
        "interfaces": contacts,
        "materials.separator": {
            "material": "LiPON",
            "overrides": {"specific_heat_capacity": "900 J/(kg K)",
                          "thermal_conductivity": "1 W/(m K)"},
        },
        "cell.layers[1].thickness": "1 um",
        "load.protocol": ["Discharge at 12 mA/cm^2 for 10 s"],
        "outputs.pictures": False,
    }  # fmt: skip
    result = js.run(js.Case.load(BASE, changes), tmp_path / "film", progress=False)
    assert result["Voltage [V]"].entries[-1] == pytest.approx(-12e-3 * (100 + 2 * 2), rel=1e-3)
    (said,) = [line for line in result.summary["limits_exceeded"] if "current density" in line]
    assert said.startswith(f"{UPPER}: 12 mA/cm^2 of plating")
    assert "1.2 times the critical current density of 10 mA/cm^2" in said
