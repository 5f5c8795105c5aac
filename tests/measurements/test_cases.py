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
from joulestack.simulation.case_to_setup import setup_of

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
    assert set(told["assumed"]) == {"permittivity"}  # nothing reacts, and both contacts are stated
    table = np.genfromtxt(tmp_path / "impedance.csv", delimiter=",", names=True)
    np.testing.assert_allclose(table["Re_Z_Ohm"], found.impedance.real, rtol=1e-9)
    assert (tmp_path / "impedance.png").stat().st_size > 10_000
    with pytest.raises(js.CaseError, match="overwrite"):
        js.impedance(case, tmp_path)


CELL = CASES.parent / "nmc_lpscl_cell.toml"
UNASKED = {"load": None, "impedance.points_per_decade": 1, "mesh.layers": {"cathode": 6}}


def test_a_spectrum_at_rest_asks_for_no_run(tmp_path: Path) -> None:
    """No load, no end; what is said of the state of charge counts. A run is still refused."""
    case = js.Case.load(CELL, UNASKED | {"impedance.lowest_frequency": "1 Hz"})
    found = js.impedance(case, tmp_path / "spectrum")
    loaded = js.Case.load(CELL, {k: v for k, v in UNASKED.items() if k != "load"})
    same = spectrum_of(loaded, (1.0, 1e6))
    np.testing.assert_allclose(found.impedance, same.impedance, rtol=1e-9)
    with pytest.raises(js.CaseError, match=r"time\.end"):
        js.run(case, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(js.CaseError, match=r"time\.end"):
        js.Case.load(CELL, {"load": None})


def test_what_a_spectrum_of_a_cell_does_not_rest_on_is_not_told(tmp_path: Path) -> None:
    """Nothing blocks in a cell, and its intercept is not that of layers side by side."""
    changes = {"impedance.points_per_decade": 1, "impedance.lowest_frequency": "1 Hz"}
    case = js.Case.load(CELL, changes)
    found = js.impedance(case, tmp_path)
    assert set(found.assumed) == {"double_layer", "permittivity"}
    assert np.isnan(found.apparent_conductivity)
    told = json.loads((tmp_path / "impedance.json").read_text())
    assert told["apparent_conductivity_S_per_m"] is None
    assert "cathode" in told["remarks"][0]
    own = {"impedance.double_layer": "20 uF/cm^2", "impedance.permittivities": {"separator": 12}}
    assert not spectrum_of(case.replace(own)).assumed
    named = spectrum_of(case.replace({"impedance.layer": "separator"}))
    assert named.apparent_conductivity == pytest.approx(50e-6 / (named.intercept * case.area))
    assert not named.untold


def test_a_line_is_graded_to_the_depth_that_the_current_reaches(tmp_path: Path) -> None:
    """The transmission line of the cathode with double layers, at default cells: 0.5 %.

    Z = L/(k+s) + [2 + (s/k + k/s) cosh v]/(v sinh v) L/(k+s) for currents in at one end by ions and
    out at the other by electrons, v = L sqrt(y (1/k + 1/s)). Spheres are dead at 100 kHz.
    """
    changes = {
        "mesh": None, "impedance.lowest_frequency": "99 kHz", "impedance.points_per_decade": 1,
        "impedance.permittivity": 0.0,
    }  # fmt: skip
    case = js.Case.load(CELL, changes)
    found = spectrum_of(case, (1e5, 1e7))
    assert not found.remarks
    state = State(T=case.start_temperature, p=5e6, p_max=5e6)
    media, double = case.media(), 0.1
    cathode, L = media["cathode"], 80e-6
    k, e = float(cathode.ionic_conductivity(state)), float(cathode.electronic_conductivity(state))
    assert cathode.particles is not None
    (grains,) = cathode.particles
    w = 2j * np.pi * found.frequency
    volt = 8.314462618 * state.T / 96485.33212
    i0 = grains.kinetics.exchange_current(state.T, grains.start)
    y = grains.specific_area(state) * (w * double + i0 / volt)
    v = L * np.sqrt(y * (1 / k + 1 / e))
    once, twice = np.exp(-v), np.exp(-2 * v)  # cosh and sinh overflow at 10 MHz
    ends = (4 * once + (e / k + k / e) * (1 + twice)) / (1 - twice)
    line = L / (k + e) * (1 + ends / v)
    contact = case.contacts()["negative electrode", "separator"].charge_transfer
    assert contact is not None
    metal = 1 / (1 / float(contact.resistance(state)) + w * double)
    rest = 50e-6 / float(media["separator"].ionic_conductivity(state))
    exact = (line + metal + rest) / case.area
    electrode = line / case.area
    assert np.abs((found.impedance - exact) / electrode).max() < 0.005


def test_cells_coarser_than_the_depth_are_told() -> None:
    """In a setup the mesh is its own: the layer and the frequency are named."""
    setup = setup_of(js.Case.load(CELL))
    found = js.impedance(setup, points_per_decade=1)
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith("cathode: from ")
    assert not js.impedance(setup, points_per_decade=1, highest_frequency="1 Hz").remarks


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
