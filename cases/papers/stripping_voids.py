"""Voids under stripped lithium at 1, 3 and 7 MPa (Kasemchainan 2019, quoted by Deysher 2022).

Published: critical stripping currents of 0.2 mA/cm2 at 3 MPa and 1.0 at 7 MPa (Deysher 2022);
75 uA/cm2 cycled for more than 1000 h at 5 MPa (Doux 2020); warm cells lasted at 0.25 to 2.5 mA/cm2
(Spencer Jolly 2021). The model's closing rate is taken from the first two, so they test the
solution only; what creep of bulk lithium gives instead, and what the law makes of warm cells, are
predictions. The charge that opens voids is that of Schlenker 2020, within a factor of five, and the
curves against capacity with it.
"""

from __future__ import annotations

import functools
import math
import tempfile
from pathlib import Path

import numpy as np
from compare import CURRENT, Promise, Row, Worth, limited, pick, picture, show

import joulestack as js
from joulestack.laws.solids import voids

BASE = Path(__file__).parents[1] / "fixtures" / "stripping_voids.toml"
PRESSURES = (1, 3, 7)
PAIR = "lower lithium | separator"
DENSITY = 1.0
"""Of the curves [mA/cm2]."""


def case(pressure: float, density: float, hours: float, closing: str = "") -> js.Case:
    """The lower lithium stripped all the time."""
    changes = {
        "cell.stack_pressure": f"{pressure} MPa",
        "load.protocol": [f"Discharge at {density} mA/cm^2 for {hours} hours"],
    }
    if closing:
        changes["interfaces"] = [
            {"between": ["lower lithium", "separator"], "voids": {"closing": closing}},
            {"between": ["separator", "upper lithium"], "voids": {"closing": closing}},
        ]
    return js.Case.load(BASE, changes)


@functools.cache
def stripped(pressure: float, density: float, hours: float) -> dict[str, np.ndarray]:
    """Capacity [mAh/cm2], contact left [-], polarisation of the lower interface [mV]."""
    with tempfile.TemporaryDirectory() as folder:
        found = js.run(case(pressure, density, hours), Path(folder) / "run", progress=False)
        return {
            "capacity": found["Capacity passed [mAh/cm2]"].entries,
            "contact": found[f"{PAIR} contact area [-]"].entries,
            "polarisation": 1e4 * density * found[f"{PAIR} contact resistance [ohm m^2]"].entries,
        }


def critical(pressure: float, closing: str = "", T: float = 298.15) -> float:
    """Stripping current that takes half of the contact in the long run [mA/cm2]."""
    law = case(pressure, 0.1, 1.0, closing).contacts()["lower lithium", "separator"].voids
    return 0.1 * voids.critical_current(law, pressure * 1e6, T)


def rows() -> list[Row]:
    """Half of the contact stays at the published currents; what creep would make of them."""
    found = []
    for pressure, current, hours in ((3, 0.2, 40.0), (7, 1.0, 8.0)):
        left = stripped(pressure, current, hours)["contact"][-1]
        half = -current * math.log(2) / math.log(left)
        found.append(
            Row(f"current that leaves half at {pressure} MPa", half, current, "mA/cm2", 0.02,
                "solved; the law is taken from this number")
        )  # fmt: skip
    for pressure, current in ((3, 0.2), (7, 1.0)):
        note = "predicted from creep of bulk lithium (Masias 2019)"
        found.append(
            Row(f"the same at {pressure} MPa, creep", critical(pressure, "creep"), current,
                "mA/cm2", None, note)
        )  # fmt: skip
    for pressure, celsius, current in ((1, 60, 0.25), (1, 80, 0.5), (5, 80, 2.5)):
        found.append(
            Row(f"the same at {pressure} MPa and {celsius} degC",
                critical(pressure, T=celsius + 273.15), current, "mA/cm2", None,
                "not fitted; cells lasted at it, the next higher current is not in the abstract")
        )  # fmt: skip
    return found


def hours_of(pressure: float) -> float:
    """As long as the interface takes less than some volts."""
    return {1: 2.5, 3: 4.0, 7: 4.0}[pressure]


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    solved = "closing rate from 3 and 7 MPa at room temperature; temperature as creep"
    return [
        Promise("stripping current against pressure", Worth.CALIBRATION,
                "Kasemchainan 2019 in Deysher 2022", "the closing rate is taken from them",
                pick(found, "leaves half")),
        Promise("stripping current against pressure", Worth.PREDICTION,
                "Kasemchainan 2019 in Deysher 2022", "creep of bulk lithium (Masias 2019)",
                limited(pick(found, "creep"), factor=CURRENT)),
        *(
            Promise(f"stripping current against temperature, {p} MPa", Worth.PREDICTION,
                    "Spencer Jolly 2021, abstract", solved,
                    limited(pick(found, f"{p} MPa and"), factor=CURRENT))
            for p in (1, 5)
        ),
    ]


def main() -> None:
    """Print and draw."""
    curves = {p: stripped(p, DENSITY, hours_of(p)) for p in PRESSURES}
    notes = []
    for p, found in curves.items():
        rise = found["polarisation"] / found["polarisation"][0]
        text = ", ".join(
            f"{r:.2f} at {q:g}"
            for q, r in ((q, float(np.interp(q, found["capacity"], rise))) for q in (0.5, 1.0, 2.0))
        )
        notes.append(f"{p} MPa, {DENSITY:g} mA/cm2: polarisation over its start {text} mAh/cm2")
    rest = stripped(5, 0.075, 20.0)["contact"][-1]
    notes.append(
        f"5 MPa, 0.075 mA/cm2: {100 * rest:.0f} % of the contact stays after 20 h; Doux 2020 "
        "cycled such a cell for more than 1000 h"
    )
    show("Voids under stripped lithium", rows(), notes)
    panels = []
    for key, label, scale in (
        ("contact", "contact left [-]", "linear"),
        ("polarisation", "polarisation of the stripped side [mV]", "log"),
    ):
        lines = [(found["capacity"], found[key], f"{p} MPa") for p, found in curves.items()]
        panels.append(
            {"x": "stripped [mAh/cm2]", "y": label, "curves": lines, "scales": ("linear", scale)}
        )
    picture("stripping_voids", panels)


if __name__ == "__main__":
    main()
