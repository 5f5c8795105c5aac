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
from compare import Promise, Row, Worth, pick, picture, show
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import joulestack as js

CASES = Path(__file__).parents[1] / "fixtures"
FIXTURES = ("constant_pressure", "spring", "fixed_gap")
AREA = 1e-4
"""Of the face [m2]."""


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


def work(series: dict[str, np.ndarray]) -> tuple[float, float]:
    """Work done on the fixture until the stack is thickest, and in all [J/m2].

    It is not in the energy balance; the cell would have to give it as electrical energy.
    """
    p, h = 1e6 * series["Stack pressure [MPa]"], 1e-6 * series["Stack thickness change [um]"]
    done = np.concatenate([[0.0], np.cumsum(0.5 * (p[1:] + p[:-1]) * np.diff(h))])
    return float(done[np.argmax(h)]), float(done[-1])


def table() -> dict[str, dict[str, str]]:
    """Fixture -> column -> what it came to."""
    found = {}
    for name in FIXTURES:
        s = result(name)
        p, h = s["Stack pressure [MPa]"], s["Stack thickness change [um]"]
        discharge = s["Current [A]"] > 0
        heat = np.trapezoid(s["Heat generated [W]"], s["Time [s]"])
        found[name.replace("_", " ")] = {
            "pressure [MPa]": f"{p.min():.2f} to {p.max():.2f}",
            "thickness [um]": f"{h.min():+.2f} to {h.max():+.2f}",
            "voltage [V]": f"{s['Voltage [V]'].min():.2f} to {s['Voltage [V]'].max():.2f}",
            "mean on discharge [V]": f"{_mean(s['Time [s]'], s['Voltage [V]'], discharge):.3f}",
            "charge in [mAh/cm2]": f"{charge(s).max():.3f}",
            "heat [J]": f"{heat:.3f}",
            "hottest [mK]": f"+{1e3 * (s['Temperature max [K]'].max() - 298.15):.1f}",
            "work on charge [J]": f"{AREA * work(s)[0]:.4f}",
        }
    return found


def _mean(t: np.ndarray, values: np.ndarray, chosen: np.ndarray) -> float:
    """Mean in time where `chosen`."""
    return float(np.trapezoid(values[chosen], t[chosen]) / np.ptp(t[chosen]))


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


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    return [
        Promise("lithium per areal capacity", Worth.IDENTITY, "Deysher 2022, section 3.1",
                "Faraday's law and the density of lithium", pick(found, "per areal")),
        Promise("highest pressure of spring and gap", Worth.IDENTITY, "Deysher 2022, section 3.2",
                "the fixture's own law", pick(found, "highest pressure")),
    ]


def main() -> None:
    """Print and draw."""
    show("Deysher 2022, section 3.2: three fixtures", rows())
    found = table()
    side = Table(show_edge=False, pad_edge=False)
    side.add_column("")
    for name in found:
        side.add_column(name, justify="right")
    for quantity in next(iter(found.values())):
        side.add_row(escape(quantity), *(entries[quantity] for entries in found.values()))
    Console(highlight=False, width=100).print(side)
    panels = []
    for label, name, scale, zero in (
        ("Stack pressure [MPa]", "stack pressure [MPa]", 1.0, 0.0),
        ("Stack thickness change [um]", "thickness change [um]", 1.0, 0.0),
        ("Voltage [V]", "voltage [V]", 1.0, 0.0),
        ("Heat generated [W]", "heat [W/m2]", 1 / AREA, 0.0),
        ("Temperature max [K]", "hottest point above 25 degC [mK]", 1e3, 298.15),
    ):
        curves = [
            (result(n)["Time [s]"] / 3600, scale * (result(n)[label] - zero), n.replace("_", " "))
            for n in FIXTURES
        ]
        panels.append({"x": "time [h]", "y": name, "curves": curves})
    picture("fixture_comparison", panels)


if __name__ == "__main__":
    main()
