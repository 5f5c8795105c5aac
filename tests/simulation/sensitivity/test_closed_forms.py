"""Derivatives of slabs of copper, of which all is known; what cannot be followed is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.errors import CaseError
from joulestack.laws.state import State
from joulestack.materials import library

LENGTH, HEAT, H, END = 1e-3, 2e5, 20.0, 600.0
SLAB: dict[str, Any] = {
    "joulestack": 1,
    "cell": {
        "geometry": "line",
        "area": "1 cm^2",
        "stack_pressure": 0,
        "start_temperature": "25 degC",
        "layers": [
            {
                "name": "slab",
                "material": "copper",
                "thickness": "1 mm",
                "heat_source": "2e5 W/m^3",
            }
        ],
    },
    "thermal": {
        "faces": {
            "top": {"kind": "convection", "coefficient": "20 W/(m^2 K)", "ambient": "25 degC"}
        }
    },
    "mesh": {"cells_per_layer": 4},
    "outputs": {"pictures": False},
}


def test_a_steady_slab(tmp_path: Path) -> None:
    """Rise of the far side: q L/h + q L^2/2k."""
    names = [
        "thermal.faces.top.coefficient",
        "cell.layers.slab.heat_source",
        "cell.layers.slab.thickness",
        "thermal.faces.top.ambient",
    ]
    case = js.Case.from_dict(SLAB | {"time": {"steady": True}})
    result = js.run(case, tmp_path / "out", progress=False, sensitivities=names)
    found = result.sensitivity("temperature_rise_max_K")
    rise = result.summary["temperature_rise_max_K"]
    inside = HEAT * LENGTH**2 / 2 / _conductivity(298.15 + rise)
    assert rise == pytest.approx(HEAT * LENGTH / H + inside, rel=1e-6)
    assert found[names[0]] == pytest.approx(-HEAT * LENGTH / H**2, rel=1e-5)
    assert found[names[1]] == pytest.approx(rise / HEAT, rel=1e-5)
    assert found[names[2]] == pytest.approx(1e-3 * (HEAT / H + 2 * inside / LENGTH), rel=1e-5)
    assert found[names[3]] == pytest.approx(1.0, rel=1e-5)


def test_an_end_that_moves(tmp_path: Path) -> None:
    """Without a way out the slab warms by q t/(rho c): its end is a number as any other."""
    closed = {"thermal": {"faces": {"top": {"kind": "heat flux", "flux": 0}}}}
    case = js.Case.from_dict(SLAB | closed | {"time": {"end": "600 s", "relative_tolerance": 1e-6}})
    names = ["time.end", "copper: density", "cell.layers.slab.heat_source = 5 %"]
    result = js.run(case, tmp_path / "out", progress=False, sensitivities=names)
    state = State(T=298.15)
    properties = library.load("copper").properties
    density = float(properties["density"](state))
    rise = result.summary["temperature_rise_max_K"]
    hot = State(T=298.15 + rise)
    speed = HEAT / (density * float(properties["specific_heat_capacity"](hot)))
    found = result.sensitivity("temperature_rise_max_K")
    assert found["time.end"] == pytest.approx(speed, rel=2e-5)
    # rho int c dT = q t, so rho c dT = -drho/rho q t.
    assert found["copper: density"] == pytest.approx(-END * speed, rel=1e-5)
    curve = result.sensitivity("Temperature max [K]")["copper: density"]
    warm = State(T=result["Temperature max [K]"].entries)
    heat = density * np.asarray(properties["specific_heat_capacity"](warm))
    expected = -result["Time [s]"].entries * HEAT / heat
    assert np.asarray(curve) == pytest.approx(expected, rel=1e-4, abs=1e-6)
    told = result.summary["uncertainty"]["largest rise [K]"]
    assert told["deviation"] == pytest.approx(0.05 * END * speed, rel=1e-5)
    assert list(told["shares"]) == ["cell.layers.slab.heat_source"]
    errors = result.summary["numerical_error"]["largest rise [K]"]
    assert told["numerical_error"] == errors["error"]
    for name in ("sensitivities.csv", "uncertainty.csv", "sensitivities.json"):
        assert (tmp_path / "out" / name).is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mesh.cells_per_layer", "how finely it is solved is not differentiated"),
        ("cell.layers.slab.material", "is no number with a unit"),
        ("cell.layers.lid.thickness", "does not stand in the case"),
        ("copper: colour", "is no number of the library that the case uses"),
        ("cell.layers.slab.thickness = 5 kg", "is no standard deviation of it"),
        ("copper: density = 5 %", "has the uncertainty of its source"),
    ],
)
def test_what_cannot_be_followed_is_told(tmp_path: Path, name: str, said: str) -> None:
    case = js.Case.from_dict(SLAB | {"time": {"steady": True}})
    with pytest.raises(CaseError, match=said):
        js.run(case, tmp_path / "out", progress=False, sensitivities=[name])
    assert not (tmp_path / "out").exists()


def _conductivity(temperature: float) -> float:
    law = library.load("copper").properties["thermal_conductivity"]
    return float(law(State(T=temperature)))
