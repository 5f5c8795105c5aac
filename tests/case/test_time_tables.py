"""Tables in time of conditions and heat sources: what is read, what is refused, what check says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.case.profiles import Convection, HeatFlux
from joulestack.errors import CaseError
from joulestack.estimates.evaluate import evaluate
from joulestack.in_time import Profile
from tests.case.samples import SAMPLES

HOT, TOP = "cell.layers.hot.heat_source", "thermal.faces.top"
RUNS = {"time": {"end": "1 h"}}
ROOM = {"time": ["0 s", "10 min"], "ambient": ["25 degC", "45 degC"]}
FILES = {
    "room.csv": "time [min],ambient [degC]\n0,20\n10,30\n10,40\n",
    "cold.csv": "time [s],ambient [degC]\n0,20\n10,-200\n",
    "fan.csv": "time [s],coefficient [W/(m^2 K)]\n0,5\n10,-1\n",
    "long.csv": "time [s],heat_source [W/cm^3]\n0,1\n1e12,2\n",
    "wrong.csv": "time [s],heat_source [W/cm^2]\n0,1\n1,2\n",
}


def sample(folder: Path, changes: dict[str, Any]) -> Case:
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return Case.from_dict(SAMPLES["line"](), folder).replace(RUNS | changes)


def test_inline_and_from_files(tmp_path: Path) -> None:
    """Units of both, degC with its zero, a unit with brackets."""
    (tmp_path / "still.csv").write_text("time,coefficient [W/(m^2 K)]\n0,5\n10,0\n")
    case = sample(
        tmp_path,
        {
            f"{TOP}.ambient": {"csv": "room.csv"},
            f"{TOP}.coefficient": {"csv": "still.csv"},
            "thermal.faces.bottom": {
                "kind": "heat flux",
                "flux": {"time": [0, "1 min"], "flux": ["1 W/cm^2", 0]},
            },
            HOT: {"time": [0, 60, 60], "heat_source": ["1 W/cm^3", "1 W/cm^3", 0]},
        },
    )
    (film,) = case.thermal_conditions["top"]
    assert isinstance(film, Convection)
    assert isinstance(film.ambient, Profile)
    assert film.ambient.times == (0.0, 600.0, 600.0)
    assert film.ambient.values == pytest.approx((293.15, 303.15, 313.15), rel=1e-12)
    assert film.coefficient == Profile((0, 10), (5, 0))
    (heater,) = case.thermal_conditions["bottom"]
    assert isinstance(heater, HeatFlux)
    assert isinstance(heater.flux, Profile)
    assert heater.flux.times == (0.0, 60.0)
    assert heater.flux.values == pytest.approx((1e4, 0.0))
    source = case.heat_sources["hot"]
    assert isinstance(source, Profile)
    assert [source.value(t) for t in (30, 60, 60.001)] == pytest.approx([1e6, 1e6, 0.0])
    assert source.breakpoints == (0.0, 60.0)
    assert source.jumps == (60.0,)
    again = Case.from_dict(json.loads(json.dumps(case.resolved())), tmp_path)
    assert again.thermal_conditions == case.thermal_conditions
    assert again.heat_sources == case.heat_sources


def test_estimates_are_those_of_the_start(tmp_path: Path) -> None:
    fixed = evaluate(sample(tmp_path, {}))
    table = sample(
        tmp_path,
        {
            f"{TOP}.ambient": ROOM,
            f"{TOP}.coefficient": {"time": [0, 9], "coefficient": [10, 50]},
            HOT: {"time": [0, 9], "heat_source": [1e6, 0]},
        },
    )
    found = evaluate(table)
    assert (found.heat, found.steady_rise) == pytest.approx((fixed.heat, fixed.steady_rise))
    still = sample(tmp_path, {f"{TOP}.coefficient": {"time": [0, 9], "coefficient": [0, 50]}})
    assert evaluate(still).steady_rise > 0


def test_a_table_replaces_a_table_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(sample(tmp_path, {f"{TOP}.ambient": ROOM}).to_toml())
    (tmp_path / "next.toml").write_text(
        'extends = "base.toml"\n[thermal.faces.top]\nambient = { csv = "room.csv" }\n'
    )
    (film,) = Case.load(tmp_path / "next.toml").thermal_conditions["top"]
    assert isinstance(film, Convection)
    assert isinstance(film.ambient, Profile)
    assert film.ambient.jumps == (600.0,)


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({f"{TOP}.ambient": {"time": [0, 1]}}, TOP, "ambient: has 2 times but 0 values"),
        ({f"{TOP}.ambient": {}}, TOP, "ambient: takes either csv or time and ambient"),
        ({f"{TOP}.ambient": ROOM | {"csv": "room.csv"}}, TOP, "takes either csv"),
        ({f"{TOP}.ambient": ROOM | {"ambeint": 1}}, f"{TOP}.ambient.ambeint", '"ambient"?'),
        (
            {f"{TOP}.ambient": {"time": [0, 1], "ambient": [25, 300]}},
            f"{TOP}.ambient.ambient",
            "plain numbers are kelvin",
        ),
        ({f"{TOP}.ambient": {"csv": "cold.csv"}}, TOP, "ambient: 73.15 K is out of range"),
        ({f"{TOP}.coefficient": {"csv": "fan.csv"}}, TOP, "must be at least 0"),
        ({f"{TOP}.ambient": {"csv": "none.csv"}}, TOP, "there is no file none.csv"),
        ({f"{TOP}.ambient": {"csv": "fan.csv"}}, TOP, "wanted: time [s], ambient [K]"),
        ({HOT: {"time": [1, 2], "heat_source": [1, 2]}}, HOT, "starts at 1 s"),
        ({HOT: {"time": [0, 2, 1], "heat_source": [1, 2, 3]}}, HOT, "put times in order"),
        ({HOT: {"time": [0, 0, 1], "heat_source": [1, 2, 3]}}, HOT, "jumps at 0 s"),
        ({HOT: {"time": [0], "heat_source": [1]}}, HOT, "fewer than two times"),
        ({HOT: {"csv": "long.csv"}}, HOT, "beyond"),
        ({HOT: {"csv": "wrong.csv"}}, HOT, "W/cm^2"),
        (
            {HOT: {"time": [0, 1], "heat_source": ["1 W", 2]}},
            f"{HOT}.heat_source[0]",
            '"1 W" is a power',
        ),
        (
            {"time": {"steady": True}, HOT: {"time": [0, 1], "heat_source": [1, 2]}},
            HOT,
            "no effect in a steady run",
        ),
        (
            {"time": {"steady": True}, f"{TOP}.ambient": ROOM},
            f"{TOP}.ambient",
            "no effect in a steady run",
        ),
    ],
)
def test_what_is_no_table_is_told(
    tmp_path: Path, changes: dict[str, Any], where: str, what: str
) -> None:
    with pytest.raises(CaseError) as caught:
        sample(tmp_path, changes)
    assert where in str(caught.value)
    assert what in str(caught.value)
