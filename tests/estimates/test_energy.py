"""Wh/kg and Wh/L: what is counted over, and what of it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.estimates import evaluate
from joulestack.estimates.energy import Body, bodies, of_run, theoretical

CASES = Path(__file__).parents[2] / "cases" / "validation"


def case() -> Case:
    return Case.load(CASES / "minnmann2021_42.toml").replace({"cell.fixture_mass": "150 g"})


def test_an_energy_over_a_body() -> None:
    """3.6 kJ in 10 g and 5 cm3: 100 Wh/kg, 200 Wh/L."""
    found = Body(10e-3, 5e-6).specific(3600.0)
    assert found["Wh_per_kg"] == pytest.approx(100)
    assert found["Wh_per_L"] == pytest.approx(200)


def test_masses_are_those_that_were_weighed() -> None:
    found = bodies(case())
    foil = 7310 * 100e-6 * math.pi * 0.01**2 / 4
    assert found["electrodes"].mass == pytest.approx(72e-6 + foil, rel=2e-3)
    assert found["fixture"].mass == pytest.approx(0.15 + found["layers"].mass)
    assert math.isnan(found["fixture"].volume)


def test_collectors_count_with_the_layers_alone() -> None:
    cell = Case.load(CASES.parent / "nmc_lpscl_cell.toml")
    found = bodies(cell)
    metals = 20e-4 * (8960 * 10e-6 + 2700 * 15e-6)
    assert found["layers"].mass - found["electrodes"].mass == pytest.approx(metals, rel=0.01)
    assert found["layers"].volume == pytest.approx(20e-4 * 185e-6)


def test_the_energy_that_is_held_is_capacity_times_mean_voltage() -> None:
    figures = evaluate(case())
    low, high = figures.voltage_window
    assert low < figures.mean_voltage < high
    held = figures.electrodes[0].usable
    assert theoretical(figures) == pytest.approx(held * figures.mean_voltage)


def test_the_largest_discharge_counts() -> None:
    steps = [{"energy_Wh": -5e-3}, {"energy_Wh": 3e-3}, {"energy_Wh": 2e-3}, {"energy_Wh": None}]
    found = of_run(case(), steps)
    assert found["largest_discharge_Wh"] == 3e-3
    assert found["over"]["fixture"]["Wh_per_kg"] == pytest.approx(3e-3 / 0.15013, rel=1e-3)
    assert of_run(case(), steps[:1]) == {}
