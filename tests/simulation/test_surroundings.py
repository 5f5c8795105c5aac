"""Steps of a protocol change what is around the cell, against closed forms of a lumped cell."""

from __future__ import annotations

import math
from typing import Any

import pytest

import joulestack as js
from joulestack.laws.state import State
from joulestack.outputs.result import Result

START, COLD, H, WEAK, FLUX = 298.15, 283.15, 20.0, 5.0, 400.0
LENGTH = 2e-3
MINUTES = 60.0
STEPS: list[Any] = [
    {"step": "Rest for 20 min", "ambient": "10 degC"},
    {"step": "Rest for 10 min", "ambient": "10 degC", "cooling": {"top": "5 W/(m^2 K)"}},
    {"step": "Rest for 5 min", "cooling": {"top": 0}, "heat_flux": {"bottom": "400 W/m^2"}},
    "Rest for 10 min",
]
CELL: dict[str, Any] = {
    "joulestack": 1,
    "cell": {
        "geometry": "line",
        "area": "1 cm^2",
        "stack_pressure": 0,
        "start_temperature": "25 degC",
        "layers": [
            {"name": "lower", "material": "copper", "thickness": "1 mm"},
            {"name": "upper", "material": "copper", "thickness": "1 mm"},
        ],
    },
    "load": {"protocol": STEPS},
    "thermal": {
        "faces": {
            "bottom": {"kind": "heat flux", "flux": 0},
            "top": {"kind": "convection", "coefficient": "20 W/(m^2 K)", "ambient": "25 degC"},
        }
    },
    "mesh": {"cells_per_layer": 2},
    "time": {"temperature_tolerance": "0.2 mK", "relative_tolerance": 1e-6},
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    case = js.Case.from_dict(CELL, name="around")
    return js.run(case, tmp_path_factory.mktemp("around") / "out", progress=False)


def test_ambient_coolant_and_heater_of_each_step(result: Result) -> None:
    copper = js.Case.from_dict(CELL).media()["lower"]
    # One heat capacity stands for that of each step: copper's changes by 0.8 % over 15 K.
    stored = LENGTH * copper.volumetric_heat_capacity(State(T=0.5 * (START + COLD)))

    def toward(T: float, ambient: float, h: float, minutes: float) -> float:
        return ambient + (T - ambient) * math.exp(-h * minutes * MINUTES / stored)

    expected = [toward(START, COLD, H, 20)]
    expected.append(toward(expected[-1], COLD, WEAK, 10))
    expected.append(expected[-1] + FLUX * 5 * MINUTES / stored)
    expected.append(toward(expected[-1], START, H, 10))
    found = [result.temperature_at(step.end).maximum for step in result.protocol]
    assert found == pytest.approx(expected, abs=0.02)
    assert result.summary["energy_balance_relative"] < 1e-3


def test_a_heater_counts_as_heat_that_enters(result: Result) -> None:
    step = result.protocol[2]
    middle = 0.5 * (step.start + step.end)
    assert result["Heat removed bottom [W]"](middle) == pytest.approx(-FLUX * 1e-4, rel=1e-6)
    assert result["Heat removed top [W]"](middle) == pytest.approx(0.0, abs=1e-9)


def test_the_case_says_again_what_a_step_does_not(result: Result) -> None:
    assert result["Heat removed bottom [W]"].entries[-1] == pytest.approx(0.0, abs=1e-9)
