"""Published cells, predicted and measured: discharge capacities against rate.

    docker/joulestack python cases/validation/run.py [NAME...]

Runs the cells of measured.toml, or those whose names begin with NAME, each rate from the state as
assembled: charged as the curve says, then discharged. Nothing is fitted to the measured capacities.
"""

from __future__ import annotations

import math
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import joulestack as js

HERE = Path(__file__).parent
MILLIAMPERE_HOUR_PER_GRAM = 1e-3
"""mAh over kg in mAh/g."""


@dataclass(frozen=True)
class Point:
    """One discharge.

    Attributes:
        cell: name of the case.
        rate: C-rate [1/h].
        measured, predicted: capacity [mAh per g of active material]; predicted is nan where the
            run failed.
    """

    cell: str
    rate: float
    measured: float
    predicted: float

    @property
    def ratio(self) -> float:
        """Predicted over measured [-]."""
        return self.predicted / self.measured


def curves(names: Sequence[str] = ()) -> list[Mapping[str, Any]]:
    """Curves of measured.toml whose cells begin with one of the names; all without any."""
    read = tomllib.loads((HERE / "measured.toml").read_text("utf-8"))["curves"]
    return [c for c in read if not names or any(c["cell"].startswith(n) for n in names)]


def protocol(curve: Mapping[str, Any], rate: float) -> list[str]:
    """Charge as the curve says, then the discharge that was measured."""
    charge = rate if curve["charge"] == "as discharge" else curve["charge"]
    high, low = curve["until"]
    return [f"Charge at {charge:g}C until {high}", f"Discharge at {rate:g}C until {low}"]


def predict(curve: Mapping[str, Any], rate: float, results: Path) -> float:
    """Capacity of one discharge [mAh/g]; nan if the run failed, which it says itself."""
    name = curve["cell"]
    changes = {"load.protocol": protocol(curve, rate), "outputs.pictures": False}
    case = js.Case.load(HERE / f"{name}.toml").replace(changes)
    assert case.active_mass is not None
    try:
        run = js.run(case, results / f"{name}_{rate:g}C", overwrite=True, progress=False)
    except js.ConvergenceError as error:
        print(f"{name} at {rate:g}C: {error}", file=sys.stderr)
        return math.nan
    steps = run.summary["protocol"]
    held = abs(steps[-1]["charge_mAh"]) if len(steps) > 1 else 0.0
    return float(held / case.active_mass * MILLIAMPERE_HOUR_PER_GRAM)


def points(names: Sequence[str], results: Path) -> Iterator[Point]:
    """Every measured discharge, predicted."""
    for curve in curves(names):
        for rate, measured in zip(curve["rate"], curve["capacity"], strict=True):
            yield Point(curve["cell"], rate, measured, predict(curve, rate, results))


def figures(found: Sequence[Point]) -> str:
    """How far off predictions are: median of |predicted/measured - 1|, rms of the logarithm."""
    sound = [p.ratio for p in found if p.ratio > 0]
    if not sound:
        return "no discharge was predicted"
    off = median(abs(r - 1) for r in sound)
    rms = math.sqrt(sum(math.log(r) ** 2 for r in sound) / len(sound))
    failed = len(found) - len(sound)
    told = f"; {failed} failed or gave nothing and are not counted" if failed else ""
    return f"{len(sound)} discharges: median error {100 * off:.0f} %, rms ln ratio {rms:.2f}{told}"


def main(names: Sequence[str]) -> None:
    """Predict, print as it goes, and judge each curve and all."""
    found: list[Point] = []
    print(f"{'cell':22}{'rate':>7}{'predicted':>11}{'measured':>10}{'ratio':>8}  [mAh/g]")
    for point in points(names, Path("results/validation")):
        found.append(point)
        rate = f"{point.rate:g}C"
        print(
            f"{point.cell:22}{rate:>7}{point.predicted:11.1f}{point.measured:10.0f}"
            f"{point.ratio:8.2f}",
            flush=True,
        )
    for cell in dict.fromkeys(p.cell for p in found):
        print(f"{cell:22} {figures([p for p in found if p.cell == cell])}")
    print(f"{'all':22} {figures(found)}")


if __name__ == "__main__":
    main(sys.argv[1:])
