"""Drive cycles of many points: what a point costs, and that steps carry over its kink."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.in_time import Profile
from joulestack.simulation.setup import Drive
from joulestack.simulation.simulation import Simulation, solve
from joulestack.solver.stepper import Tolerances
from tests.verification.half_cell import half_cell

ROWS, HERTZ = 60, 10.0
TIMES = np.arange(ROWS + 1) / HERTZ
C_RATE = 8e-3
"""Power of a discharge in about an hour [W]."""


def cycle(kind: str, size: float, tolerances: Tolerances | None = None) -> Simulation:
    """Random load at 10 Hz, of both directions, on the reference's half cell."""
    load = size * np.random.default_rng(1).uniform(-1.0, 1.3, ROWS + 1)
    drive = Drive("bottom", "top", **{kind: Profile(tuple(TIMES), tuple(load))})
    setup = half_cell(cells=6, modes=6, drive=drive)
    return solve(setup, TIMES[-1], tolerances=tolerances)


def voltages(simulation: Simulation) -> np.ndarray:
    """At the rows: every one has a record of its own."""
    times = simulation["Time [s]"].entries
    where = [int(np.argmin(np.abs(times - t))) for t in TIMES]
    assert np.abs(times[where] - TIMES).max() < 1e-9
    return np.asarray(simulation["Voltage [V]"].entries[where])


@pytest.mark.parametrize(("kind", "size"), [("power", 0.3 * C_RATE), ("current", 0.3 * C_RATE / 4)])
def test_a_point_takes_few_steps(kind: str, size: float) -> None:
    """A power costs what its current does: that it bends at each point is no error of a step."""
    normal = cycle(kind, size, Tolerances(lithiation=1e-4))
    counts = normal.stepper.statistics
    print(f"MEASURED {kind} cycle: {counts.steps} steps, {counts.rejected} lost, {ROWS} points")
    assert counts.steps + counts.rejected <= 2.0 * ROWS
    exact = cycle(kind, size, Tolerances(1e-5, 1e-5, lithiation=2e-6))
    assert np.abs(voltages(normal) - voltages(exact)).max() < 3e-4
