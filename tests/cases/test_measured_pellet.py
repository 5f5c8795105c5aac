"""The main job: its measured capacities are those of the validation set, its cell is the same cell."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import joulestack as js

CASES = Path(__file__).parents[2] / "cases"


def test_measured_capacities_are_those_that_were_read() -> None:
    """Table 1 of Nam et al. 2018 stands in measured.toml; sentences and rates agree with it."""
    case = js.Case.load(CASES / "measured_pellet.toml")
    curves = tomllib.loads((CASES / "validation" / "measured.toml").read_text())["curves"]
    (curve,) = (c for c in curves if c["cell"] == "nam2018_thick")
    known = dict(zip(curve["rate"], curve["capacity"], strict=True))
    measured = case.file.load.measured  # type: ignore[union-attr]
    assert measured is not None and measured.specific_capacity
    for number, charge in measured.specific_capacity.items():
        step = next(s for s in case.protocol.steps if s.number == int(number))
        rate = step.value.values[0] / (case.capacity / 3600)  # type: ignore[operator]
        assert charge / 3600 == pytest.approx(known[round(rate, 6)])


def test_a_die_does_not_change_the_capacity(tmp_path: Path) -> None:
    """A charge at 2C in the die, and of the same layers between faces of 30 degC: 0.1 K apart."""
    changes = {
        "load.protocol": ["Charge at 2C until 4.25 V"],
        "load.measured": {"specific_capacity": {"1": "42 mA h/g"}},
        "mesh.radial_modes": 6,
        "mesh.layers": {"anode": 8, "separator": 6, "cathode": 8},
    }
    found = {
        name: js.run(js.Case.load(CASES / f"{name}.toml", changes), tmp_path / name, progress=False)
        for name in ("measured_pellet", "validation/nam2018_thick")
    }
    rows = [run.summary["measured"]["steps"][0] for run in found.values()]
    assert rows[0]["computed_mAh_per_g"] == pytest.approx(rows[1]["computed_mAh_per_g"], rel=3e-3)
    assert rows[0]["measured_mAh_per_g"] == pytest.approx(42)
    rise = found["measured_pellet"].summary["temperature_rise_max_K"]
    assert 0.01 < rise < 0.5  # 2 mW of loss through 5 W/(m2 K) of 30 cm2: a tenth of a kelvin
