"""`joulestack accuracy`: errors that are known, found by refining."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.case.settings.accuracy import LEVELS, MEANT_FOR
from joulestack.errors import CaseError
from joulestack.measurements.numerical_error import accuracy, causes, measured
from joulestack.outputs.headline import figures
from joulestack.simulation.run import run

W, K, T = 1e6, 2.0, 1e-2  # heat source [W/m3], conductivity [W/(m K)], thickness [m]
C = 2000.0 * 500.0  # heat capacity [J/(m3 K)]


def slab(**changes: object) -> Case:
    """A slab that heats itself, held at start temperature below, insulated above."""
    constants = {
        "thermal_conductivity": K,
        "density": 2000.0,
        "specific_heat_capacity": 500.0,
    }
    table = {
        "joulestack": 1,
        "cell": {
            "geometry": "line",
            "area": "1 cm^2",
            "start_temperature": "25 degC",
            "layers": [
                {
                    "name": "slab",
                    "thickness": T,
                    "material": "block",
                    "heat_source": W,
                }
            ],
        },
        "materials": {"block": {"material": "alumina", "overrides": constants}},
        "thermal": {"faces": {"bottom": {"kind": "fixed temperature", "temperature": "25 degC"}}},
        "mesh": {"cells_per_layer": 4, "grading": 1.0},
        "time": {"end": 50.0},
    }
    return Case.from_dict(table).replace(changes)


def exact(t: float) -> float:
    """Rise of the insulated face [K] (Carslaw and Jaeger, Conduction of Heat in Solids, 3.4)."""
    steady, series = W * T**2 / (2 * K), 0.0
    for n in range(60):
        odd = (2 * n + 1) * math.pi / 2
        series += (-1) ** n / odd**3 * math.exp(-(odd**2) * K * t / (C * T**2))
    return steady * (1 - 4 * series)


@pytest.mark.parametrize(
    "settings",
    [
        {"mesh.cells_per_layer": 3, "time.relative_tolerance": 1e-6},
        {"mesh.cells_per_layer": 64, "time.relative_tolerance": 3e-3},
    ],
)
def test_estimate_is_the_error(settings: dict[str, float]) -> None:
    """Where the mesh is coarse, and where the steps are long, within a factor of 3."""
    steps = settings["time.relative_tolerance"]
    case = slab(**settings | {"time.temperature_tolerance": steps})
    found = next(f for f in measured(case).figures if f.name.startswith("largest rise"))
    true = exact(50.0) - found.value
    assert abs(true) > 1e-5 * found.value
    assert abs(true) / 3 < abs(sum(found.by_cause.values())) < 3 * abs(true)


@pytest.mark.parametrize(
    ("cause", "settings"),
    [
        ("mesh", {"mesh.cells_per_layer": 3, "time.relative_tolerance": 1e-6}),
        ("steps", {"mesh.cells_per_layer": 64, "time.relative_tolerance": 1e-3}),
    ],
)
def test_a_run_tells_its_own_error(cause: str, settings: dict[str, float], tmp_path: Path) -> None:
    """Without another run: within a factor of 3, and by the right cause."""
    case = slab(**settings | {"time.temperature_tolerance": settings["time.relative_tolerance"]})
    found = run(case, tmp_path / "run", progress=False).summary
    told = found["numerical_error"]["largest rise [K]"]
    true = abs(exact(50.0) - found["temperature_rise_max_K"])
    assert true / 3 < told["error"] < 3 * true
    assert abs(told[cause]) > 0.5 * told["error"]
    assert told["relative"] == pytest.approx(told["error"] / found["temperature_rise_max_K"])


def test_fine_is_closer_than_normal_than_draft() -> None:
    """And each within what it promises: 2 %, 0.5 %, 0.05 %."""
    errors = []
    for level, promised in MEANT_FOR.items():
        case = slab(accuracy=level, **{"mesh.cells_per_layer": None})
        found = next(f for f in measured(case).figures if f.name.startswith("largest rise"))
        error = abs(found.value / exact(50.0) - 1)
        assert error < promised, level
        errors.append(error)
    assert errors[0] > errors[1] > errors[2]


def test_numbers_of_a_case_stand() -> None:
    """What the case says is not replaced by what its accuracy stands for."""
    case = slab(accuracy="fine", **{"time.relative_tolerance": 3e-4})
    assert case.time.relative_tolerance == 3e-4
    assert case.time.temperature_tolerance == LEVELS["fine"]["time"]["temperature_tolerance"]
    assert case.mesh.cells("slab") == 8  # four, twice as fine
    assert slab(accuracy="fine", **{"mesh.refinement": 1.0}).mesh.cells("slab") == 4
    again = Case.from_dict(case.resolved())
    assert (again.mesh, again.time) == (case.mesh, case.time)


def test_unknown_accuracy_is_refused() -> None:
    with pytest.raises(CaseError, match="accuracy"):
        slab(accuracy="perfect")


def test_files(tmp_path: Path) -> None:
    """A table, figures, and a picture; a second run does not replace them unasked."""
    case = slab(**{"mesh.cells_per_layer": 2, "time.end": 5.0})
    found = accuracy(case, tmp_path / "out")
    said = json.loads((tmp_path / "out/accuracy.json").read_text())
    assert said["figures"][0]["name"] == found.figures[0].name
    assert len((tmp_path / "out/accuracy.csv").read_text().splitlines()) == 1 + len(found.figures)
    assert (tmp_path / "out/accuracy.png").stat().st_size > 5000
    with pytest.raises(CaseError):
        accuracy(case, tmp_path / "out")


def test_what_is_refined() -> None:
    """Nothing electrical without a load; no steps in a steady state."""
    assert [c.name for c in causes(slab())[0]] == ["steps", "mesh"]
    steady = slab(**{"time.end": None, "time.steady": True})
    assert [c.name for c in causes(steady)[0]] == ["mesh"]


def test_figures_of_a_summary() -> None:
    """Durations count where a limit ended a step; heat is held against the largest source."""
    found = figures(
        {
            "temperature_rise_max_K": 2.0,
            "voltage_V": 3.5,
            "protocol": [
                {"start_s": 0.0, "end_s": 60.0, "ended_by": "duration", "charge_mAh": 1.0},
                {"start_s": 60.0, "end_s": 90.0, "ended_by": "3.5 V", "charge_mAh": -2.0},
            ],
            "heat_J": {"Joule ionic": 4.0, "reversible": -1.0},
        }
    )
    assert found["step 2 lasts [s]"] == (30.0, 30.0)
    assert "step 1 lasts [s]" not in found
    assert found["charge passed [mAh]"] == (3.0, 3.0)
    assert found["heat, reversible [J]"] == (-1.0, 4.0)
