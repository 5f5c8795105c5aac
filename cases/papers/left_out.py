"""Calibrations cross-validated: each datum, or data set, predicted from a fit to the others.

The laws are those of the library, refitted without what is predicted. Limits are those of the kind
of quantity (compare.py), not of the scatter that is found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from compare import COMPOSITE, CURRENT, RATIO, THERMAL, Promise, Row, Worth, show
from composites import MINNMANN
from lee_table_1 import RATIOS, TABLE_1
from schneider_conductivity import FRACTIONS, TOP, sigma
from scipy.optimize import least_squares
from sharafi_grain_size import TABLE as SHARAFI
from stack_pressure_scan import DOUX

BOEGER = ((0.7544, 0.2693), (0.7781, 0.3344), (0.8152, 0.3829), (0.8152, 0.3922),
          (0.8834, 0.4396), (0.9087, 0.4983))  # fmt: skip
"""Relative density, k [W/(m K)] of sintered Li6PS5Cl."""

MASIAS = ((0.2, 2e-7), (0.301, 4.95e-6), (0.396, 1.58e-5), (0.4, 1.34e-5), (0.4, 1.36e-5),
          (0.4, 1.72e-5), (0.6, 3.89e-4))  # fmt: skip
"""Stress [MPa], creep of lithium [1/s]; one test each."""

SECOND = {"<50 um": 4.4, ">50 um": 2.1}
"""Conductivity at 10 MPa after the second cycle [mS/cm], Schneider 2023, section 2.2."""

Fit = Callable[[np.ndarray, np.ndarray], Callable[[float], float]]


def each(points: Sequence[tuple[float, float]], fit: Fit) -> list[tuple[float, float, float]]:
    """(x, predicted from the others, measured) of every point; equal x are left out together."""
    x, y = np.array(points, float).T
    return [(a, fit(x[x != a], y[x != a])(a), b) for a, b in zip(x, y, strict=True)]


def power(x: np.ndarray, y: np.ndarray) -> Callable[[float], float]:
    """A power law through the logarithms."""
    slope, start = np.polyfit(np.log(x), np.log(y), 1)
    return lambda at: float(np.exp(start + slope * np.log(at)))


def bricks(d: np.ndarray, s: np.ndarray) -> Callable[[float], float]:
    """1/sigma = 1/sigma_b + R/d."""
    slope, start = np.polyfit(1 / d, 1 / s, 1)
    return lambda at: float(1 / (start + slope / at))


def percolation(start: float) -> Fit:
    """s0 ((phi - t)/(1 - t))^m with the pure phase's s0 [mS/cm]."""

    def fit(phi: np.ndarray, s: np.ndarray) -> Callable[[float], float]:
        def law(u: np.ndarray, at: np.ndarray | float) -> np.ndarray:
            # The threshold stays below the least share that conducts.
            t = phi.min() / (1 + np.exp(-u[0]))
            inside = np.maximum((np.asarray(at) - t) / (1 - t), 1e-12)
            return np.log(start) + u[1] * np.log(inside)

        found = least_squares(lambda u: law(u, phi) - np.log(s), (2.0, 2.0)).x
        return lambda at: float(np.exp(law(found, at)))

    return fit


def second_cycle() -> tuple[Row, ...]:
    """The share of the electrodes' resistance that a second pressing leaves, of either fraction."""
    kept, first, electrodes = {}, {}, {}
    for f in FRACTIONS:
        once, twice = (1 / float(sigma(f, 10, TOP, n)) for n in (1, 2))
        first[f], electrodes[f] = once, 2 * (once - twice)  # the library's rule leaves half
        kept[f] = 1 - (once - 1 / SECOND[f]) / electrodes[f]
    rows = []
    for f, other in zip(FRACTIONS, reversed(FRACTIONS), strict=True):
        predicted = 1 / (first[f] - (1 - kept[other]) * electrodes[f])
        rows.append(Row(f"{f} from {other}", predicted, SECOND[f], "mS/cm", RATIO))
    return tuple(rows)


def powders(place: int) -> tuple[Row, ...]:
    """Ratio of one powder by the mean exponent of the other two, with its own densities."""
    exponent = {
        m: np.log(RATIOS[m][place]) / np.log(TABLE_1[m][-1] / TABLE_1[m][0]) for m in TABLE_1
    }
    rows = []
    for m in TABLE_1:
        n = np.mean([v for other, v in exponent.items() if other != m])
        model = float((TABLE_1[m][-1] / TABLE_1[m][0]) ** n)
        rows.append(Row(f"{m} from the other two", model, RATIOS[m][place], "", RATIO))
    return tuple(rows)


def left(
    points: Sequence[tuple[float, float]], fit: Fit, unit: str, within: float | None = None,
    factor: float | None = None,
) -> tuple[Row, ...]:  # fmt: skip
    """Rows of a curve."""
    return tuple(
        Row(f"at {a:g}, from the others", model, paper, unit, within, "", factor)
        for a, model, paper in each(points, fit)
    )


def promises() -> list[Promise]:
    """One of each calibration that has more than one datum for its parameters."""

    def one(what: str, source: str, fitted: str, rows: tuple[Row, ...]) -> Promise:
        return Promise(f"left out: {what}", Worth.CALIBRATION, source, fitted, rows)

    ions = [(1 - 0.14 - f / 100, s) for f, _, s in MINNMANN]
    electrons = [(f / 100, s) for f, s, _ in MINNMANN]
    return [
        one("second cycle", "Schneider 2023, section 2.2",
            "what the second pressing leaves of the electrodes, fitted to the other fraction",
            second_cycle()),
        one("exponent of k", "Lee 2026, section 3.2",
            "mean exponent of the other two powders", powders(0)),
        one("exponent of sigma", "Lee 2026, section 3.2",
            "mean exponent of the other two powders", powders(2)),
        one("k of sintered pellets", "Boeger 2023", "k0 phi^n fitted to the other pellets",
            left(BOEGER, power, "W/(m K)", THERMAL)),
        one("grains of LLZO", "Milan 2023, Table 1", "brick layer fitted to the other bodies",
            left([(d, s) for _, _, d, s in SHARAFI], bricks, "mS/cm", 0.05)),
        one("contact of lithium", "Doux 2020", "power law fitted to the other pressures",
            left(DOUX, power, "ohm cm2", factor=2.0)),
        one("creep of lithium", "Masias 2019", "power law fitted to the other stresses",
            left(MASIAS, power, "1/s", factor=CURRENT)),
        one("ions in composites", "Minnmann 2021",
            "threshold and exponent fitted to the other shares, pellet of 1.6 mS/cm",
            left(ions, percolation(1.6), "mS/cm", factor=COMPOSITE)),
        one("electrons in composites", "Minnmann 2021",
            "threshold and exponent fitted to the other shares, NMC of 10 mS/cm",
            left(electrons, percolation(10.0), "mS/cm", factor=COMPOSITE)),
    ]  # fmt: skip


def rows() -> list[Row]:
    """Every number."""
    return [row for promise in promises() for row in promise.rows]


def main() -> None:
    """Print."""
    show("Left out and predicted from the rest", rows())


if __name__ == "__main__":
    main()
