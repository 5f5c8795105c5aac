"""Deysher 2022, section 3.2 and Fig. 4b: one lithium cell in three fixtures, side by side.

The cell of cases/fixtures is charged and discharged under constant pressure, between springs and in
a fixed gap. The paper gives 5 um of plated lithium per mAh/cm2 and says what follows: a fixed gap
raises the pressure, springs and hydraulics hold it.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
from compare import Row, picture, show

import joulestack as js

CASES = Path(__file__).parents[1] / "fixtures"
FIXTURES = ("constant_pressure", "spring", "fixed_gap")


@functools.cache
def result(name: str) -> dict[str, np.ndarray]:
    """Time series of one fixture."""
    with tempfile.TemporaryDirectory() as folder:
        found = js.run(CASES / f"{name}.toml", Path(folder) / name, progress=False)
        return {label: found[label].entries for label in found}


def charge(series: dict[str, np.ndarray]) -> np.ndarray:
    """Charge per area put in until each time [mAh/cm2]; the face has 1 cm2."""
    t, i = series["Time [s]"], series["Current [A]"]
    steps = 0.5 * (i[1:] + i[:-1]) * np.diff(t)
    return -np.concatenate([[0.0], np.cumsum(steps)]) / 3.6


def rows() -> list[Row]:
    """What the paper says, and the fixtures' own laws at the highest pressure."""
    held = result("constant_pressure")
    top = int(np.argmax(held["Stack thickness change [um]"]))
    lithium = held["lithium thickness change [um]"][top] / charge(held)[top]
    found = [Row("lithium per areal capacity", lithium, 5.0, "um/(mAh/cm2)", 0.05)]
    for name in FIXTURES[1:]:
        series = result(name)
        clamping = js.Case.load(CASES / f"{name}.toml").clamping
        top = int(np.argmax(series["Stack pressure [MPa]"]))
        grown = series["Stack thickness change [um]"][top]
        exact = 5.0 + clamping.fixture.response * grown * 1e-12
        found.append(
            Row(f"highest pressure, {name.replace('_', ' ')}",
                series["Stack pressure [MPa]"][top], exact, "MPa", 1e-3,
                "the fixture's law at this thickness")
        )  # fmt: skip
    return found


def main() -> None:
    """Print and draw."""
    notes = []
    for name in FIXTURES:
        s = result(name)
        p, h = s["Stack pressure [MPa]"], s["Stack thickness change [um]"]
        heat = np.trapezoid(s["Heat generated [W]"], s["Time [s]"])
        rise = 1e3 * (s["Temperature max [K]"].max() - 298.15)
        notes.append(
            f"{name.replace('_', ' '):18s} pressure {p.min():6.2f} to {p.max():6.2f} MPa, "
            f"thickness {h.min():+6.2f} to {h.max():+6.2f} um, heat {heat:6.3f} J, "
            f"hottest +{rise:.1f} mK"
        )
    show("Deysher 2022, section 3.2: three fixtures", rows(), notes)
    panels = []
    for label, unit in (
        ("Stack pressure [MPa]", "stack pressure [MPa]"),
        ("Stack thickness change [um]", "thickness change [um]"),
        ("Voltage [V]", "voltage [V]"),
        ("Heat generated [W]", "heat [W]"),
    ):
        curves = [
            (result(n)["Time [s]"] / 3600, result(n)[label], n.replace("_", " ")) for n in FIXTURES
        ]
        panels.append({"x": "time [h]", "y": unit, "curves": curves})
    picture("fixture_comparison", panels)


if __name__ == "__main__":
    main()
