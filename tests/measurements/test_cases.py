"""Measurements of case files: what goes in comes out, files are written, bad input is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.laws.state import State
from joulestack.measurements.run import spectrum_of

CASES = Path(__file__).parents[2] / "cases" / "measurements"


def test_impedance_of_a_pellet_in_its_case(tmp_path: Path) -> None:
    """Pellet, two contacts of 1 Ohm cm2; everything is written, assumptions are told."""
    case = js.Case.load(CASES / "blocking_pellet.toml", {"impedance.points_per_decade": 2})
    found = js.impedance(case, tmp_path)
    sigma = case.media()["pellet"].ionic_conductivity(State(T=298.15, p=50e6, p_max=50e6))
    exact = (1e-3 / sigma + 2e-4) / case.area
    assert found.intercept == pytest.approx(exact, rel=1e-3)
    told = json.loads((tmp_path / "impedance.json").read_text())
    assert told["direct_current_resistance_ohm"] is None
    assert set(told["assumed"]) == {"double_layer", "permittivity"}
    table = np.genfromtxt(tmp_path / "impedance.csv", delimiter=",", names=True)
    np.testing.assert_allclose(table["Re_Z_Ohm"], found.impedance.real, rtol=1e-9)
    assert (tmp_path / "impedance.png").stat().st_size > 10_000
    with pytest.raises(js.CaseError, match="overwrite"):
        js.impedance(case, tmp_path)


def test_thermal_wave_of_a_case(tmp_path: Path) -> None:
    """The diffusivity that went in, to 0.1 %."""
    case = js.Case.load(CASES / "thermal_wave.toml")
    found = js.thermal_wave(case, tmp_path)
    medium, state = case.media()["pellet"], State(T=298.15, p=0.0, p_max=0.0)
    alpha = medium.thermal_conductivity(state) / medium.volumetric_heat_capacity(state)
    np.testing.assert_allclose(found.diffusivity, alpha, rtol=1e-3)


def test_polarisation_of_a_case(tmp_path: Path) -> None:
    """The plateau between ion-blocking contacts is the electrons' conductivity."""
    case = js.Case.load(CASES / "mixed_conductor.toml")
    found = js.polarisation(case, tmp_path)
    state = State(T=298.15, p=50e6, p_max=50e6)
    electronic = case.media()["composite"].electronic_conductivity(state)
    assert found.settled < 1e-3
    assert found.passing == pytest.approx(electronic, rel=0.01)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"impedance.lowest_frequency": "2 MHz"}, "not below the highest"),
        ({"impedance.state": "load"}, "there is none"),
        ({"impedance.layer": "pelet"}, "pellet"),
        ({"impedance.contacts": [{"between": ["lower plunger", "upper plunger"]}]}, "not touch"),
        ({"impedance.blocking_capacitance": "10 uF"}, "10 uF/cm"),
        ({"polarisation": {"voltage": "0 V", "duration": "1 s"}}, "is zero"),
        ({"thermal_wave": {"heated": "left"}}, "no face"),
    ],
)
def test_bad_input(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(js.CaseError, match=message):
        js.Case.load(CASES / "blocking_pellet.toml", changes)


def test_a_perfect_blocking_contact_is_refused() -> None:
    contact = {"between": ["lower plunger", "pellet"], "resistance": "perfect"}
    case = js.Case.load(CASES / "blocking_pellet.toml", {"impedance.contacts": [contact]})
    with pytest.raises(js.CaseError, match=r"0\.01 ohm cm"):
        spectrum_of(case)
