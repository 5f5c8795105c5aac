"""Milan 2023, Table 1 (Sharafi): conductivity of hot-pressed LLZO against grain size.

A brick layer of grains, 1/sigma = 1/sigma_b + R_gb/d (Sharafi 2017). Stated accuracy: 5 %.
"""

from __future__ import annotations

import numpy as np
from compare import Promise, Row, Worth, picture, show

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State

TABLE = (
    ("HP-1100", 1100, 5, 0.46),
    ("HP-1200", 1200, 40, 0.52),
    ("HP-1250", 1250, 60, 0.54),
    ("HP-1300", 1300, 80, 0.56),
    ("A-1300", 1300, 600, 0.57),
)
"""Hot-pressed at [degC], grain size [um], conductivity [mS/cm]; Milan 2023, Table 1."""


def sigma(celsius: float, size: float) -> float:
    """Conductivity of the library's Al-LLZO as it was made [mS/cm]."""
    made = fabricate(
        Fabrication("Al-LLZO", sintering_temperature=celsius + 273.15, grain_size=size * 1e-6)
    )
    return 10 * float(made.ionic_conductivity(State(T=298.15)))


def rows() -> list[Row]:
    """The five bodies."""
    return [
        Row(f"{name}, {d} um", sigma(T, d), paper, "mS/cm", 0.05) for name, T, d, paper in TABLE
    ]


def promises() -> list[Promise]:
    """What the numbers are worth."""
    return [
        Promise("conductivity against grain size", Worth.CALIBRATION, "Milan 2023, Table 1",
                "grains and boundaries fitted to these five bodies", tuple(rows())),
    ]


def main() -> None:
    """Print and draw."""
    show(
        "Milan 2023, Table 1 (Sharafi): LLZO against grain size",
        rows(),
        [
            "Two numbers fitted to five points; the density (96.0-99.4 %) changes with the grains.",
        ],
    )
    d = np.geomspace(5, 600, 60)
    picture(
        "sharafi_grain_size",
        [
            {
                "x": "grain size [um]",
                "y": "sigma [mS/cm]",
                "curves": [(d, [sigma(1300, v) for v in d], "1300 degC")],
                "points": [([t[2] for t in TABLE], [t[3] for t in TABLE], "Sharafi")],
                "scales": ("log", "linear"),
            }
        ],
    )


if __name__ == "__main__":
    main()
