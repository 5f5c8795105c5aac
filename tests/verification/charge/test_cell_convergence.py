"""The half cell's voltage against mesh, time tolerance and radial modes: asserted slopes."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from joulestack.solver.stepper import Tolerances
from tests.verification.half_cell import half_cell
from tests.verification.harness import Run, orders

FIVE_C = 175.0  # A/m2


@cache
def voltage(end: float, cells: int = 8, modes: int = 6, tolerance: float = 1e-6) -> float:
    """Voltage after 5C until `end` [V]."""
    setup = half_cell(
        None, lambda t: FIVE_C, cells=cells, separator_cells=1, modes=modes, grading=1.0
    )
    tolerances = Tolerances(temperature=1.0, lithiation=tolerance, newton=1e-3, potential=1e-12)
    run = Run(setup, tolerances=tolerances)
    if end == 0:
        run.begin()
        return run.observer.voltage()
    run.advance(end)
    return run.row["Voltage [V]"]


@pytest.mark.parametrize("end", [0.0, 60.0])
def test_mesh(end: float) -> None:
    """Second order in the cells of the cathode (the electrolyte's are exact)."""
    finest = voltage(end, 80)
    errors = [abs(voltage(end, n) - finest) for n in (5, 10, 20)]
    print(f"MEASURED mesh {end} {errors} {orders(errors)}")
    # Against 80 cells 20 look better by 1/15; 5 are coarse for the reaction zone of the start.
    for order in orders(errors):
        assert order == pytest.approx(2.0, abs=0.15)


def test_radial_modes() -> None:
    """Three modes more take at least 0.9 decades off the error."""
    finest = voltage(60.0, modes=16)
    errors = [abs(voltage(60.0, modes=n) - finest) for n in (3, 6, 9)]
    print(f"MEASURED modes {errors}")
    assert all(a > 8 * b for a, b in pairwise(errors))
    assert errors[-1] < 1e-5


def test_time() -> None:
    """Error against tolerance: at least half an order (theory of BDF2: 2/3)."""
    finest = voltage(60.0, tolerance=1e-7)
    errors = [abs(voltage(60.0, tolerance=t) - finest) for t in (1e-4, 1e-5, 1e-6)]
    print(f"MEASURED time {errors} {orders(errors, 10)}")
    assert all(order > 0.5 for order in orders(errors, 10))
    assert errors[0] < 5e-4
