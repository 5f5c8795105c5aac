"""Result folders with known contents, made without solving anything."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.outputs.fields import FieldWriter
from joulestack.outputs.report import write
from joulestack.outputs.result import Result
from joulestack.outputs.summary import write_json
from joulestack.outputs.timeseries import TimeSeries
from tests.outputs.report.in_browser import HOSTILE
from tests.outputs.stand_in import fill, stand_in

TIMES = (0.0, 30.0, 60.0)
STRIPPED = "Li | LPSCl: 6.9 mA/cm^2 of stripping at t = 3 s is 13 times the limit (Deysher2022)"
SUMMARY: dict[str, Any] = {
    "case": "made",
    "completed": True,
    "failure": None,
    "stopped_by": None,
    "ended_by": "2.8 V",
    "end_time_s": 60.0,
    "protocol": [
        {
            "step": 1, "cycle": 1, "text": "Discharge at 2C until 2.8 V", "start_s": 0.0,
            "end_s": 60.0, "ended_by": "2.8 V", "charge_mAh": 1.5, "energy_Wh": 0.005,
            "voltage_V": 2.8, "late_s": 0.0, "tags": [],
        }
    ],
    "temperature_max_K": 310.25,
    "temperature_rise_max_K": 12.1,
    "temperature_max_time_s": 60.0,
    "voltage_V": 2.8,
    "heat_J": {"Joule ionic": 3.0, "reversible": -0.5},
    "heat_by_layer_J": {"lower": {"Joule ionic": 3.0}, "upper": {"reversible": -0.5}},
    "energy_balance_relative": 2e-9,
    "limits": ["Li | LPSCl: 6.86 mA/cm^2 of stripping is above the limit (Deysher2022, primary)"],
    "limits_exceeded": [STRIPPED],
    "extrapolated": ["NMC811 diffusivity: stoichiometry reached 1, outside what Chen2020 covers"],
    "ceilings": [],
    "numerical_error": {
        "largest rise [K]": {"steps": 0.01, "mesh": 0.02, "error": 0.03, "relative": 0.0025}
    },
}  # fmt: skip
MANIFEST: dict[str, Any] = {
    "date": "2026-01-02T03:04:05+00:00",
    "versions": {"joulestack": "0.1.0"},
    "case": {"cell": {"layers": [{"name": "lower", "thickness": 1e-3}], "diameter": 0.03}},
    "heat_sources": [
        {"name": n, "column": f"Heat {n} [W]", "label": n, "colour": c, "hatch": h}
        for n, c, h in (("Joule ionic", "#4477aa", ""), ("reversible", "#44aa99", "//"))
    ],
    "losses": [],
    "sources": [
        {"where": "upper", "property": "NMC811: density", "source": "Chen2020", "status": "primary"}
    ],
}
REFERENCES = """@article{Chen2020,
  author = {Chen, Chang-Hui and B{\\"o}ger, Thorben},
  title = {Development of {P}arameters}, journal = {J. Electrochem. Soc.}, year = {2020},
  doi = {10.1149/1945-7111/ab9050}
}
"""
LOG = f"""2026-01-02 03:04:05,678 INFO    meshing
2026-01-02 03:04:05,679 WARNING {SUMMARY["limits"][0]}
2026-01-02 03:04:05,680 WARNING contact is lost to voids at t = 7 s
2026-01-02 03:04:05,681 WARNING {STRIPPED}
"""


def made(
    folder: Path,
    kind: str = "pellet",
    title: str = "made",
    volts: float = 4.0,
    times: Sequence[float] = TIMES,
) -> Result:
    """A result: a temperature rise linear in space and time, with a jump between the layers."""
    folder.mkdir(parents=True, exist_ok=True)
    model = stand_in(kind)
    writer = FieldWriter(model, folder / "fields.pvd")
    for t in times:
        fill(model, t)
        writer.write(t)
    with TimeSeries(folder / "timeseries.csv") as series:
        for t in np.linspace(times[0], times[-1], 25 if len(times) > 1 else 1):
            series.append(
                {
                    "Time [s]": t, "Step": 1.0, "Current [A]": 0.05, "Voltage [V]": volts - t / 50,
                    "Temperature max [K]": 298.15 + t / 5, "Temperature min [K]": 298.15,
                    "Heat Joule ionic [W]": 0.05, "Heat reversible [W]": -0.01,
                }
            )  # fmt: skip
    write_json(folder / "summary.json", SUMMARY | {"title": title})
    write_json(folder / "manifest.json", MANIFEST)
    (folder / "references.bib").write_text(REFERENCES, "utf-8")
    (folder / "run.log").write_text(LOG, "utf-8")
    (folder / "case.toml").write_text(f"title = '{title}'\n", "utf-8")
    return Result(folder)


def pages(folder: Path) -> Path:
    """Those that are looked at in a browser; gives the folder."""
    for kind in ("line", "pellet", "pouch"):
        made(folder / kind, kind).report(folder / f"{kind}.html", True)
    made(folder / "hostile", "line", HOSTILE).report(folder / "hostile.html", True)
    made(folder / "steady", times=(0.0,)).report(folder / "steady.html", True)
    bare = made(folder / "bare", "line")
    (bare.path / "fields.pvd").unlink()
    Result(bare.path).report(folder / "bare.html", True)
    first, second = Result(folder / "pellet"), made(folder / "b", "pellet", "other", 3.9)
    write.compare(first, second, folder / "both.html", True)
    return folder


if __name__ == "__main__":
    pages(Path(sys.argv[1]))
