"""Steps too inaccurate are given up before Newton's method ends; nothing else changes."""

from __future__ import annotations

import pytest

import joulestack as js
from joulestack.solver.stepping import segment
from joulestack.tolerances import Tolerances
from tests.verification import half_cell as cell


def emptied() -> tuple[float, js.Simulation]:
    """A half cell at 1C to 3 V: at the end particles fill up one after another [s]."""
    setup = cell.half_cell(current=lambda t: 35.0, cells=24, separator_cells=4, lumped=True)
    coarse = Tolerances(temperature=3e-3, relative=1e-4, lithiation=2e-3, potential=1e-5)
    ours = js.Simulation(setup, coarse)
    observer = ours.observer
    ours.advance(5400.0, stops=[js.Stop("cut-off", lambda: observer.voltage() - 3.0, 1e-4)])
    return ours.time, ours


def test_steps_that_fail_are_given_up_early(monkeypatch: pytest.MonkeyPatch) -> None:
    ends, early = emptied()
    monkeypatch.setattr(segment, "SETTLED_ERROR", -1.0)
    same, late = emptied()
    counts, all_of_them = early.stepper.statistics, late.stepper.statistics
    assert counts.newton < all_of_them.newton - 5
    assert abs(counts.steps - all_of_them.steps) <= 1
    assert counts.rejected <= all_of_them.rejected + 1
    assert ends == pytest.approx(same, rel=2e-5)
