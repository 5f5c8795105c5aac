"""Lee 2026, section 3.3 and Fig. 8: density of Ga-LLZO against sintering temperature.

Stated accuracy: within 2 % of density. The library holds the three stated points as a table, so
this shows that the table is used as it stands; between them the paper says only "gradual".
"""

from __future__ import annotations

import numpy as np
from compare import Promise, Row, Worth, picture, show

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State

POINTS = ((800, 57), (950, 79), (1150, 86))  # [degC, %], Lee 2026, section 3.3


def density(celsius: float) -> float:
    """Relative density [%]."""
    made = fabricate(Fabrication("Ga-LLZO", sintering_temperature=celsius + 273.15))
    return 100 * float(made.relative_density(State(T=298.15)))


def rows() -> list[Row]:
    """The three points."""
    return [Row(f"phi at {T} degC", density(T), phi, "%", 0.02) for T, phi in POINTS]


def promises() -> list[Promise]:
    """What the numbers are worth."""
    return [
        Promise("density of Ga-LLZO", Worth.IDENTITY, "Lee 2026, Fig. 8",
                "the library holds the three points as a table", tuple(rows())),
    ]


def main() -> None:
    """Print and draw."""
    show("Lee 2026, Fig. 8: sintering curve of Ga-LLZO", rows())
    T = np.linspace(800, 1150, 100)
    picture(
        "lee_sintering",
        [
            {
                "x": "sintering temperature [degC]",
                "y": "relative density [%]",
                "curves": [(T, [density(t) for t in T], "Ga-LLZO")],
                "points": [(*zip(*POINTS, strict=True), "Ga-LLZO")],
            }
        ],
    )


if __name__ == "__main__":
    main()
