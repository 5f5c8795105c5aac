"""Cells in fixtures from case to results: tightening, series, fields on interfaces, pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.estimates.clamping import remarks
from joulestack.outputs.plots import stack_pressure
from joulestack.outputs.result import Result

CASES = Path(__file__).parents[2] / "cases" / "fixtures"
PROTOCOL: list[Any] = [
    "Charge at 1 mA/cm^2 for 6 min",
    {"step": "Rest for 1 min", "stack_pressure": "9 MPa"},
    "Charge at 1 mA/cm^2 for 6 min",
    {"step": "Discharge at 1 mA/cm^2 for 6 min", "stack_pressure": "3 MPa"},
]
P = "Stack pressure [MPa]"


def run(tmp: Path, name: str, **changes: Any) -> Result:
    short = {"load.protocol": PROTOCOL, "mesh": {"cells_per_layer": 3}, "outputs.every": "6 min"}
    case = js.Case.load(CASES / f"{name}.toml", short | changes)
    return js.run(case, output=tmp / name, progress=False)


def by_step(result: Result, label: str) -> dict[int, Any]:
    """Entries of each step, the first at its very beginning."""
    step = result["Step"].entries
    return {n: result[label].entries[step == n] for n in (1, 2, 3, 4)}


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run(tmp_path_factory.mktemp("spring"), "spring")


def test_a_step_tightens_the_fixture_anew(spring: Result) -> None:
    """At once to the new pressure; from there p follows the growth since, and stays so."""
    case = js.Case.load(CASES / "spring.toml")
    assert case.clamping is not None
    response = case.clamping.fixture.response
    pressure, grown = by_step(spring, P), by_step(spring, "Stack thickness change [um]")
    for steps, start in (((1,), 5.0), ((2, 3), 9.0), ((4,), 3.0)):
        p = np.concatenate([pressure[n] for n in steps])
        dh = np.concatenate([grown[n] for n in steps])
        assert p[0] == pytest.approx(start, rel=1e-6)
        assert p == pytest.approx(start + 1e-12 * response * (dh - dh[0]), rel=1e-6)
    assert np.ptp(grown[3]) > 0.3
    assert any("tightened anew in 2 of" in note for note in remarks(case.replace(
        {"load.protocol": PROTOCOL})))  # fmt: skip


def test_picture_shows_pressure_thickness_and_contacts(spring: Result) -> None:
    """Free growth and what a gauge reads differ by the squeeze of the layers."""
    case = js.Case.load(CASES / "spring.toml")
    assert case.clamping is not None
    squeeze = case.clamping.fixture.compliance * 1e6 * (spring[P].entries - 5.0)
    free, gauge = spring["Stack thickness change [um]"].entries, spring["Stack thickness [um]"]
    height = 1e6 * sum(layer.thickness or 0.0 for layer in case.cell.layers)
    assert gauge.entries == pytest.approx(height + free - 1e6 * squeeze, rel=1e-12)

    figure = stack_pressure.draw(spring._table, "A cell")
    panels = {a.get_ylabel().split("\n")[0]: a for a in figure.axes}
    assert list(panels) == [
        "stack pressure", "thickness change", "contact resistance", "thermal contact",
    ]  # fmt: skip
    (line,) = panels["contact resistance"].get_lines()[:1]
    found = spring["lithium | separator charge transfer resistance [ohm m^2]"].entries
    assert line.get_ydata() == pytest.approx(1e4 * found)
    assert (spring.path / "pressure_thickness.png").stat().st_size > 1e4


def test_constant_pressure_is_set_while_the_step_lasts(tmp_path: Path) -> None:
    pressure = by_step(run(tmp_path, "constant_pressure"), P)
    for step, expected in zip((1, 2, 3, 4), (5.0, 9.0, 5.0, 3.0), strict=True):
        assert pressure[step] == pytest.approx(np.full(len(pressure[step]), expected))


@pytest.mark.parametrize("kind", ["constant pressure", "spring"])
def test_points_are_tightened_to_the_map(tmp_path: Path, kind: str) -> None:
    """Twice the mean is twice the map at once; a held mean goes back, a tightened one stays."""
    protocol = ["Rest for 1 min", {"step": "Rest for 1 min", "stack_pressure": "8 MPa"},
                "Rest for 1 min"]  # fmt: skip
    changes: dict[str, Any] = {"load.protocol": protocol, "mesh": {"in_plane": "5 mm"}}
    if kind == "constant pressure":
        changes["cell.fixture"] = {"kind": kind, "balance": "points"}
    result = run(tmp_path, "uneven_clamping", **changes)
    low, high = (by_step(result, f"Stack pressure {w} [MPa]") for w in ("min", "max"))
    assert (low[1][0], high[1][0]) == pytest.approx((2.0, 6.0), rel=1e-3)
    assert (low[2][0], high[2][0]) == pytest.approx((4.0, 12.0), rel=1e-3)
    back = (2.0, 6.0) if kind == "constant pressure" else (4.0, 12.0)
    assert (low[3][-1], high[3][-1]) == pytest.approx(back, rel=2e-2)
