"""What PyBaMM's side of benchmarks/cell.py answers, beside its times (pybamm_cell.py).

PYTHON benchmarks/cell_theirs.py, in an environment that has PyBaMM; JSON on stdout: for the
isothermal and the lumped 1C discharge as timed, rows of time, voltage and temperature.
"""

from __future__ import annotations

import json
from typing import Any

from pybamm_cell import SPAN, half_cell

NAMES = ("Voltage [V]", "Volume-averaged cell temperature [K]")


def rows(lumped: bool) -> list[list[float]]:
    """At the solver's own times."""
    solution: Any = half_cell(lumped).solve(SPAN)
    t = solution.t
    columns = [t, *(solution[name](t) for name in NAMES)]
    return [[float(v) for v in row] for row in zip(*columns, strict=True)]


if __name__ == "__main__":
    print(json.dumps({"isothermal": rows(lumped=False), "lumped": rows(lumped=True)}))
