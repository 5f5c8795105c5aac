"""What steps have made wrong of a state, against errors that are known."""

import numpy as np
import pytest

import joulestack as js
from joulestack.outputs.headline import figures

PELLET = {
    "outputs.pictures": False,
    "mesh.refinement": 0.5,
}


@pytest.fixture(scope="module")
def shipped():
    """A cell that ends at its lower voltage, before and after every setting of time is refined."""
    case = js.Case.load("cases/nmc_lpscl_cell.toml").replace(PELLET)
    time = case.time
    finer = {
        f"time.{key}": getattr(time, key) / 100
        for key in ("relative_tolerance", "temperature_tolerance", "lithiation_tolerance")
    }
    return case, case.replace(finer | {"time.potential_tolerance": 1e-8})


def test_errors_of_long_steps_are_told(shipped, tmp_path):
    """A hundredfold tolerance makes errors that a converged run shows, and the run itself tells."""
    case, fine = shipped
    loose = case.replace(
        {"time.relative_tolerance": 3e-3, "time.temperature_tolerance": 3e-3,
         "time.lithiation_tolerance": 3e-3}
    )  # fmt: skip
    told = js.run(loose, tmp_path / "loose", progress=False).summary
    truth = figures(js.run(fine, tmp_path / "fine", progress=False).summary)
    checked = []
    for name, (value, scale) in figures(told).items():
        wrong = truth[name][0] - value
        if abs(wrong) > 1e-3 * scale:
            estimate = told["numerical_error"][name]["steps"]
            checked.append((name, estimate / wrong))
    assert len(checked) >= 3
    assert sum(1 / 3 <= ratio <= 3 for _, ratio in checked) >= 0.8 * len(checked), checked
    assert all(abs(ratio) > 0.1 for _, ratio in checked), checked


def test_cooling_of_a_slab_is_off_by_what_its_run_says(tmp_path):
    """Heated by a sine in time, lumped: the true temperature is known."""
    case = js.Case.load("cases/nmc_lpscl_cell.toml").replace(PELLET)
    found = js.run(case, tmp_path / "run", progress=False).summary["numerical_error"]
    for figure in found.values():
        parts = [v for k, v in figure.items() if k not in ("error", "relative")]
        assert figure["error"] == pytest.approx(sum(map(abs, parts)))
        assert np.isfinite(figure["error"])
