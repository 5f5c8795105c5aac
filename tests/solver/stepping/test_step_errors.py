"""What steps have made wrong of a state, told by the run itself, against converged runs."""

from __future__ import annotations

from pathlib import Path

from joulestack.case import Case
from joulestack.fabrication.composite.losses import IDEAL
from joulestack.outputs.headline import figures
from joulestack.simulation.run import run

SEEN = 2e-4
"""Relative errors above which the estimate has to be right."""


def test_errors_of_long_steps_are_told(tmp_path: Path) -> None:
    """Steps of a thirtyfold tolerance, to a limit of the voltage, against a hundredth of normal."""
    case = Case.load("cases/nmc_lpscl_cell.toml")
    case = case.replace(
        {"outputs.pictures": False, "mesh.refinement": 0.5, "materials.cathode.laws": dict(IDEAL)}
    )

    def at(tolerance: float, newton: float, name: str) -> dict:
        asked = {
            f"time.{k}_tolerance": tolerance for k in ("relative", "temperature", "lithiation")
        }
        changed = case.replace(asked | {"time.potential_tolerance": newton})
        return dict(run(changed, tmp_path / name, progress=False).summary)

    told, truth = at(3e-3, 1e-5, "loose"), figures(at(1e-6, 1e-8, "fine"))
    ratios = {}
    for name, (value, scale) in figures(told).items():
        wrong = truth[name][0] - value
        if abs(wrong) > SEEN * scale:
            ratios[name] = abs(told["numerical_error"][name]["steps"] / wrong)
    assert len(ratios) >= 3
    assert all(0.1 < ratio < 10 for ratio in ratios.values()), ratios
