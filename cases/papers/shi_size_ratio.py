"""Shi 2020 (Deysher 2022, Fig. 2a-b): how much NMC532 ions reach in LPS glass, by size and loading.

The law of the library is fitted to what the paper computed on packings of spheres. Ten cells that
it measured at 0.05 mA/cm2, first discharge over 155 mAh/g, are no part of the fit. Stated accuracy:
within 20 % of the measured capacity. All numbers come through a public summary of the paper.
Loadings are wt% of active material in a mixture that holds 5 wt% of carbon fibre.
"""

from __future__ import annotations

import numpy as np
from compare import Promise, Row, Worth, limited, pick, picture, show

from joulestack.fabrication.composite.size_ratio import utilisation
from joulestack.laws.state import State

CELLS = (
    (0.625, 60, 76.1), (1.0, 60, 122.8), (1.67, 60, 151.4), (3.33, 60, 152.3), (1.67, 70, 137.6),
    (3.33, 70, 154.0), (1.67, 80, 78.4), (3.33, 80, 96.4), (4.0, 80, 127.9), (8.0, 80, 141.1),
)  # fmt: skip
"""Size ratio, wt% of active material, mAh/g; Figs 5 and 6, read off (+-2 mAh/g)."""

FULL = 155.0
"""mAh/g that the paper takes as all of it."""

STATED = ((1.67, 70, 0.98), (2.1, 75, 0.98), (1.67, 80, 0.52), (1.0, 80, 0.25), (3.0, 80, 0.60),
          (8.0, 85, 0.20))  # fmt: skip
"""Size ratio, wt%, computed utilisation that the text states."""

DENSITIES = 4.85, 1.87  # NMC532 and LPS in the paper [g/cm3]


def fraction(loading: float) -> float:
    """Volume of active material over that of active material and electrolyte."""
    active, electrolyte = loading / DENSITIES[0], (95 - loading) / DENSITIES[1]
    return active / (active + electrolyte)


def law(ratio: float, loading: float) -> float:
    """Utilisation by the library."""
    value = utilisation()(State(T=298.15), fraction=fraction(loading), size_ratio=ratio)
    return float(value)


def rows() -> list[Row]:
    """Cells, then what the text says of the packings."""
    cells = [
        Row(f"measured, ratio {r:g}, {x} wt%", FULL * law(r, x), C, "mAh/g", 0.20)
        for r, x, C in CELLS
    ]
    text = [
        Row(f"packing, ratio {r:g}, {x} wt%", 100 * law(r, x), 100 * theta, "%")
        for r, x, theta in STATED
    ]
    return cells + text


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    return [
        *(
            Promise(f"capacity of cells with {x} wt%, against size ratio", Worth.PREDICTION,
                    "Shi 2020, Figs 5-6", "law fitted to utilisations computed on packings",
                    pick(found, "measured", f"{x} wt%"))
            for x in (60, 70, 80)
        ),
        Promise("utilisation of packings", Worth.CALIBRATION, "Shi 2020",
                "law fitted to the map of the same packings",
                limited(pick(found, "packing"), 0.20)),
    ]


def main() -> None:
    """Print and draw."""
    found = rows()
    cells = np.array([[r.model / FULL, r.paper / FULL] for r in found[: len(CELLS)]])
    off = cells[:, 0] - cells[:, 1]
    show(
        "Shi 2020: utilisation against size ratio",
        found,
        [f"cells: {100 * np.sqrt(np.mean(off**2)):.1f} % rms, at most {100 * abs(off).max():.0f} "
         "% of full utilisation"],
    )  # fmt: skip
    ratios = np.geomspace(0.4, 8, 100)
    picture(
        "shi_size_ratio",
        [
            {
                "x": "diameter CAM / SE [-]",
                "y": "utilisation [%]",
                "curves": [
                    (ratios, [100 * law(r, x) for r in ratios], f"{x} wt%") for x in (60, 70, 80)
                ],
                "points": [
                    ([r for r, y, _ in CELLS if y == x],
                     [100 * C / FULL for _, y, C in CELLS if y == x], f"{x} wt%, cells")
                    for x in (60, 70, 80)
                ],
            }
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
