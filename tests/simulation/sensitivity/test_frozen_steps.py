"""Derivatives along the steps of a run against differences of runs with the same steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mpi4py import MPI

import joulestack as js
from joulestack.outputs import headline
from joulestack.simulation.sensitivity.numbers import number

from .frozen import Frozen, exact, solved

CASE = Path(__file__).parents[3] / "benchmarks" / "cell_1c.toml"
COOLED = {"kind": "convection", "coefficient": "10 W/(m^2 K)", "ambient": "25 degC"}
SHORT: dict[str, Any] = {
    "load.protocol": ["Discharge at 2C for 1 hour or until 3.8 V", "Rest for 2 min"],
    "thermal.faces": {"bottom": COOLED, "top": COOLED},
    "mesh.layers": {"separator": 1, "cathode": 3, "positive collector": 1},
    "mesh.radial_modes": 9,
}
STEP = 50.0
NUMBERS = ("cell.layers.cathode.thickness", "materials.cathode.diffusivity")
MOVED = 150
"""Steps of the twins that differences are taken over: their own would drown in round-off."""


@pytest.fixture(scope="module")
def run() -> Frozen:
    with pytest.MonkeyPatch.context() as monkeypatch:
        exact(monkeypatch)
        return solved(js.Case.load(CASE, SHORT), STEP, NUMBERS)


def test_a_run_is_the_same_with_models_beside_it(
    run: Frozen, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact(monkeypatch)
    alone = solved(js.Case.load(CASE, SHORT), STEP).figures
    assert run.figures == pytest.approx(alone, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("name", NUMBERS)
def test_every_figure_is_differentiated(
    run: Frozen, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To 1e-6 of a difference of fourth order, past a limit; what is left out is of order two."""
    exact(monkeypatch)
    case, there = js.Case.load(CASE, SHORT), run.found
    assert there is not None
    moved = number(case, name)
    h = MOVED * moved.step
    at = {
        n: solved(moved.moved(case, n * h, MPI.COMM_SELF)[0], STEP).figures for n in (-2, -1, 1, 2)
    }
    for figure, value in run.figures.items():
        derivative = there.of(figure)[name]
        ones, twos = at[1][figure] - at[-1][figure], at[2][figure] - at[-2][figure]
        scale = 1e-7 * abs(value) / abs(moved.value)
        assert derivative == pytest.approx((8 * ones - twos) / (12 * h), rel=1e-6, abs=scale)
    figure = headline.lasts(0)
    left = [at[n][figure] - run.figures[figure] - n * h * there.of(figure)[name] for n in (1, 2)]
    assert left[1] / left[0] == pytest.approx(4.0, rel=0.05)
