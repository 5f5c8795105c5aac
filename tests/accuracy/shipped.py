"""Shipped cases against themselves, converged: figures of `joulestack accuracy`, from a run.

    docker/joulestack python -m tests.accuracy.shipped

solves the references (cells, functions, tolerances below) into tests/reference/shipped.json.
These alone are not independent: they show what steps, cells and functions cost in cases that users
start from, and hold the estimate of a run (`numerical_error` in its summary) against its error.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import joulestack as js
from joulestack.outputs.headline import figures
from tests.accuracy import record
from tests.accuracy.level import Level
from tests.accuracy.record import Case, Figure, Outcome

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "tests" / "reference" / "shipped.json"
NAMES = {
    "nmc_lpscl_cell": "a discharge at C/2, a rise of an eighth of a kelvin",
    "cold_start": "a fast discharge from the cold, a rise of 44 K",
    "fixtures/spring": "a cycle in a fixture that gives",
}
CONVERGED = {
    "accuracy": "fine",
    "mesh.refinement": 3.0,
    "mesh.radial_modes": 28,
    "time.relative_tolerance": 1e-7,
    "time.temperature_tolerance": 1e-7,
    "time.lithiation_tolerance": 1e-7,
    "time.potential_tolerance": 1e-9,
}
LIMITS = {"lasts": record.LASTS, "charge passed": record.CHARGE, "rise": record.RISE}


def summary(name: str, changes: Mapping[str, Any]) -> tuple[Mapping[str, Any], float]:
    """Of a run that leaves nothing, and the processor's seconds of it."""
    case = js.Case.load(ROOT / "cases" / f"{name}.toml", {"outputs.pictures": False, **changes})
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        found = js.run(case, Path(folder) / "run", progress=False)
        return dict(found.summary), time.process_time() - begun


@cache
def stored() -> Any:
    """Case -> figure -> value and what errors are held against."""
    return json.loads(STORED.read_text("utf-8"))


def compared(name: str) -> Callable[[Level], Outcome]:
    """Figures of a case at an accuracy against those that are stored."""

    def run(level: Level) -> Outcome:
        found, seconds = summary(name, {"accuracy": level.name})
        estimates = found.get("numerical_error") or {}
        rows = []
        for figure, (value, _) in figures(found).items():
            exact, scale = stored()[name][figure]
            limit = next((v for k, v in LIMITS.items() if k in figure), record.VOLTAGE)
            told = estimates.get(figure, {}).get("error", float("nan"))
            estimate = told / scale if scale else float("nan")
            rows.append(Figure(figure, (value - exact) / scale, limit, "%", exact, value, estimate))
        return Outcome(tuple(rows), seconds, int(found["steps"]))

    return run


def cases() -> Iterator[Case]:
    """All of them."""
    for name, what in NAMES.items():
        yield Case(f"shipped_{name.rpartition('/')[2]}", "shipped, converged", what, compared(name))


def main() -> None:
    """Make what is asked for, or all."""
    found = json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}
    for name in sys.argv[1:] or NAMES:
        got, seconds = summary(name, CONVERGED)
        found[name] = figures(got)
        print(name, f"{seconds:.0f} s", got["steps"], json.dumps(found[name]), flush=True)
        STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
