"""A fixture answers to the thickness, and the derivative to the fixture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mpi4py import MPI

import joulestack as js
from joulestack.outputs import headline
from joulestack.simulation.sensitivity.numbers import number

from .frozen import exact, solved

CASE = Path(__file__).parents[3] / "cases" / "fixtures" / "spring.toml"
SHORT: dict[str, Any] = {
    "load.protocol": ["Charge at 4 mA/cm^2 for 1 hour or until 4.0 V", "Rest for 5 minutes"],
    "mesh.layers": {"cathode": 4},
    "outputs.every": "1 h",
}
STIFFNESS = "cell.fixture.springs.0.stiffness"


def test_the_stiffness_of_springs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the matrix of Newton's method leaves out, how pressure follows the state, is in it."""
    exact(monkeypatch)
    case = js.Case.load(CASE, SHORT)
    run = solved(case, 130.0, [STIFFNESS])
    moved = number(case, STIFFNESS)
    h = 300 * moved.step
    above, below = (
        solved(moved.moved(case, by, MPI.COMM_SELF)[0], 130.0).figures for by in (h, -h)
    )
    assert run.found is not None
    for figure in (headline.LARGEST_RISE, headline.lasts(0), headline.heat("charge transfer")):
        derivative = run.found.of(figure)[STIFFNESS]
        difference = (above[figure] - below[figure]) / (2 * h)
        assert derivative == pytest.approx(difference, rel=1e-4)
    found = run.found.of("Stack pressure [MPa]")[STIFFNESS]
    assert max(abs(found)) > 0
