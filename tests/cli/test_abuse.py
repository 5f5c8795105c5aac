"""`joulestack abuse`: results of a test, what is said of it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tomli_w import dumps as to_toml
from typer.testing import CliRunner

from joulestack.cli.main import app
from joulestack.errors import CaseError

FIRE = {
    "pre_exponential_factor": "1e10 1/s", "activation_energy": "120 kJ/mol",
    "enthalpy": "400 J/g", "gas": 0.1,
}  # fmt: skip


def case(folder: Path, reactions: dict[str, Any] | None = None) -> Path:
    air = {"kind": "convection", "coefficient": "10 W/(m^2 K)", "ambient": "25 degC"}
    table = {
        "joulestack": 1,
        "cell": {"geometry": "line", "area": "1 cm^2", "layers": [
            {"name": "block", "thickness": "5 mm", "material": "block"}]},
        "materials": {"block": {
            "material": "Li6PS5Cl", "moulding_pressure": "370 MPa",
            "reactions": {"fire": FIRE} if reactions is None else reactions}},
        "thermal": {"faces": {"bottom": air, "top": air}},
        "time": {"end": "1 h"}, "mesh": {"cells_per_layer": 2},
    }  # fmt: skip
    path = folder / "block.toml"
    path.write_text(to_toml(table))
    return path


def test_an_oven(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    words = ["abuse", str(case(tmp_path)), "--oven", "190 degC", "-q", "-o", str(folder)]
    said = CliRunner().invoke(app, words, catch_exceptions=False)
    assert "runaway (self-heating above 1 K/s) after" in said.output
    assert "in block" in said.output
    found = json.loads((folder / "summary.json").read_text())
    told = found["abuse"]
    assert told["oven_K"] == pytest.approx(463.15)
    assert told["peak"] == pytest.approx(found["temperature_max_K"], abs=1.0)
    assert told["temperature"] > 463.15
    assert told["gas"] > 0
    assert found["energy_balance_relative"] < 1e-4
    # Heat is counted where it is made, and belongs to what has reacted.
    (heat,) = found["heat_by_layer_J"]["block"].values()
    assert heat == pytest.approx(told["gas"] * 4e5 / 0.1, rel=1e-4)
    for file in ("fields.pvd", "timeseries.png", "manifest.json"):
        assert (folder / file).stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "one test is run at a time"),
        (["--oven", "150 degC", "--adiabatic"], "one test is run at a time"),
        (["--oven", "150 degC", "--start", "100 degC"], "without --adiabatic"),
        (["--oven", "150"], "has no unit"),
        (["--critical", "200 degC : 100 degC"], "lowest first"),
        (["--adiabatic", "--until", "0 s"], "more than 0 s"),
    ],
)
def test_what_is_refused(words: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=said):
        CliRunner().invoke(app, ["abuse", str(case(tmp_path)), *words], catch_exceptions=False)


def test_nothing_reacts(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="reactions: no layer has any"):
        CliRunner().invoke(
            app, ["abuse", str(case(tmp_path, {})), "--adiabatic"], catch_exceptions=False
        )
    assert not (tmp_path / "results").exists()
