"""How far a solution is from the tightly converged one in tests/reference; plain Python."""

from __future__ import annotations

import csv
import json
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[1] / "tests" / "reference" / "half_cell"
Row = Sequence[float]
"""Time [s], voltage [V], temperature [K]."""


def reference(name: str) -> tuple[list[Row], float]:
    """Rows of a data set, and until when programs agree on what a full particle does [s]."""
    with (REFERENCE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            tuple(float(row[key]) for key in ("time_s", "voltage_V", "temperature_K"))
            for row in csv.DictReader(file)
        ]
    runs = json.loads((REFERENCE / "half_cell.json").read_text(encoding="utf-8"))["runs"]
    return list(rows), float(runs[name]["smooth_until_s"])


def read(path: Path) -> list[Row]:
    """Rows of an isothermal run as either side writes them."""
    with path.open(newline="", encoding="utf-8") as file:
        names = [name.strip("# \r\n") for name in file.readline().split(",")]
        columns = [
            next(i for i, name in enumerate(names) if name in wanted)
            for wanted in (("time_s", "Time [s]"), ("voltage_V", "Voltage [V]"))
        ]
        rows = [line.split(",") for line in file]
    return [(*(float(row[i]) for i in columns), 298.15) for row in rows]


def errors(rows: Sequence[Row], name: str) -> str:
    """RMS in time of the voltage's error and the worst one of temperature, in words.

    At the solution's own steps, to which the dense reference is interpolated, each weighted with
    the time that it stands for.
    """
    exact, until = reference(name)
    times = [row[0] for row in exact]
    kept = [row for row in rows if 0 < row[0] <= until]
    square = weight = worst = 0.0
    before = 0.0
    for t, voltage, temperature in kept:
        i = min(bisect_right(times, t), len(times) - 1)
        a, b = exact[i - 1], exact[i]
        part = (t - a[0]) / (b[0] - a[0])
        V, T = (a[k] + part * (b[k] - a[k]) for k in (1, 2))
        square += (t - before) * (voltage - V) ** 2
        weight += t - before
        worst = max(worst, abs(temperature - T))
        before = t
    text = f"{1e3 * (square / weight) ** 0.5:.2f} mV RMS"
    return text if exact[-1][2] == exact[0][2] else f"{text}, {1e3 * worst:.1f} mK"
