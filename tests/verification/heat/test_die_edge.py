"""A plunger that sticks out of a cold die: the rise in the cell at default cells and finer ones."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.measurements.numerical_error import figures
from joulestack.simulation.run import run

AIR = {"kind": "convection", "coefficient": "5 W/(m^2 K)", "ambient": "25 degC"}


def case(material: str, refinement: float) -> Case:
    """A heated disc between steel plungers, 20.6 mm high, in a die of PEEK of 15 mm held cold."""
    steel: dict[str, Any] = {"material": "stainless steel", "thickness": "10 mm"}
    disc = {
        "name": "disc", "material": material, "thickness": "0.6 mm", "heat_source": "1e7 W/m^3",
    }  # fmt: skip
    die = {
        "name": "die", "material": "PEEK", "thickness": "10 mm", "height": "15 mm",
        "contact": "1e-7 m^2 K/W",
    }  # fmt: skip
    return Case.from_dict(
        {
            "joulestack": 1,
            "cell": {
                "geometry": "pellet",
                "diameter": "10 mm",
                "start_temperature": "25 degC",
                "layers": [{"name": "low", **steel}, disc, {"name": "high", **steel}],
                "die": [die],
            },
            "thermal": {
                "faces": {
                    "bottom": AIR,
                    "top": AIR,
                    "side": {"kind": "fixed temperature", "temperature": "25 degC"},
                }
            },
            "mesh": {"refinement": refinement},
            "time": {"steady": True},
            "outputs": {"pictures": False},
        }
    )


@pytest.mark.parametrize(("material", "limit"), [("PEEK", 5e-3), ("alumina", 8e-3)])
def test_rise_at_default_cells(material: str, limit: float, tmp_path: Path) -> None:
    """Against cells four times as fine, and of second order; ungraded ones were of first.

    Alumina feeds the plungers past the edge of the disc, where all its heat goes into the die.
    """
    rises = []
    for refinement in (1.0, 2.0, 4.0):
        result = run(case(material, refinement), tmp_path / f"{refinement:g}", progress=False)
        rises.append(figures(result.summary)["largest rise [K]"][0])
    assert abs(rises[0] / rises[2] - 1) < limit
    order = math.log2((rises[1] - rises[0]) / (rises[2] - rises[1]))
    assert 1.5 < order < 2.5
