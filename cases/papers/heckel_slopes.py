"""Mean yield pressures by Heckel's law: Schneider 2023 in die, Lee 2026, Sakuda 2013.

Stated accuracy: yield pressures of Li7SiPS8 and springback 10 %, densities 2 %. For Li7SiPS8 the
library's intercepts are assumed, so only the slope above 0.5 GPa compares. Heckel's law of the
library is held against the line through Table 1 in one window, where the two-stage law is not
straight.
"""

from __future__ import annotations

import numpy as np
from compare import Promise, Row, Worth, limited, pick, picture, show

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State

LEE = {
    "LPS glass": (52.4, 65.8, 73.0, 77.7),
    "Li3PS4": (57.8, 65.1, 73.1, 77.5),
    "Li6PS5Cl": (62.5, 68.3, 73.8, 76.9),
}
"""Table 1: volume fraction at 15, 50, 100, 200 MPa [%]."""

SAKUDA = ((150, 75), (200, 80), (300, 86.5), (350, 90), (450, 94))
"""Pressure [MPa], relative density [%] in the window of Heckel's law."""


def density(material: str, p, law: str = "", particle_class: str | None = None) -> np.ndarray:
    """Relative density [-] at pressures [MPa]."""
    laws = {"relative_density": law} if law else {}
    made = fabricate(Fabrication(material, 1e5, particle_class=particle_class, laws=laws))
    p = np.asarray(p, float) * 1e6
    return np.asarray(made.relative_density(State(T=298.15, p=p)), float)


def yield_pressure(window: tuple[float, float], *what, **how) -> float:
    """1/K of ln(1/(1 - phi)) = K p + A in a window [MPa]."""
    p = np.linspace(*window, 50)
    return 1 / np.polyfit(p, -np.log(1 - density(what[0], p, **how)), 1)[0]


def line_through(row: tuple[float, ...]) -> float:
    """1/K of the line through the measured points of 50-200 MPa [MPa]."""
    return 1 / np.polyfit((50, 100, 200), -np.log(1 - np.array(row[1:]) / 100), 1)[0]


def released_slope(particle_class: str, modulus: float) -> float:
    """Out-of-die yield pressure by elastic springback of the in-die curve [MPa]."""
    p = np.linspace(500, 1700, 50)
    phi = density("Li7SiPS8", p, particle_class=particle_class) * (1 - p * 1e6 / modulus)
    return 1 / np.polyfit(p, -np.log(1 - phi), 1)[0]


def rows() -> list[Row]:
    """Slopes, and the springback from 1.7 GPa."""
    regime_ii = (500, 1700)
    found = [
        Row(
            f"Li7SiPS8 {size}, regime II in die",
            yield_pressure(regime_ii, "Li7SiPS8", particle_class=size),
            Py,
            "MPa",
            0.10,
        )
        for size, Py in (("<50 um", 950), (">50 um", 1650))
    ]
    for material, Py in (("LPS glass", 368), ("Li3PS4", 362), ("Li6PS5Cl", 503)):
        found.append(
            Row(
                f"{material} 50-200 MPa, Heckel's law",
                yield_pressure((50, 200), material, law="heckel"),
                line_through(LEE[material]),
                "MPa",
                0.01,
                f"the library's law; line through Lee 2026, Table 1: {Py} MPa",
            )
        )
        found.append(
            Row(
                f"{material} 50-200 MPa, two-stage law",
                yield_pressure((50, 200), material),
                Py,
                "MPa",
                None,
                "not one straight line",
            )
        )
    for p, phi in SAKUDA:
        found.append(
            Row(
                f"LPS glass, um powder, {p} MPa",
                100 * float(density("LPS glass", p, particle_class="um powder")),
                phi,
                "%",
                0.02,
                "Sakuda 2013, digitized +-3 % (Sakuda 2013)",
            )
        )
    pellet = Fabrication("Li7SiPS8", 1.7e9, laws={"springback": "elastic"})
    made = fabricate(pellet)
    up, down = (float(made.relative_density(State(T=298.15, p=p))) for p in (1.7e9, 0.0))
    found.append(
        Row(
            "Li7SiPS8 springback from 1.7 GPa", 100 * (1 - down / up), 4.0, "%", 0.10, "'about 4 %'"
        )
    )
    return found


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    return [
        *(
            Promise(f"yield pressure of regime II: {size}", Worth.CALIBRATION,
                    "Schneider 2023, section 2.1", "Py of the two-stage law is this number",
                    pick(found, size, "regime II"))
            for size in ("<50 um", ">50 um")
        ),
        Promise("slopes of Table 1", Worth.CALIBRATION, "Lee 2026, Table 1",
                "Heckel's law of the library, fitted to the same points",
                pick(found, "Heckel's law")),
        Promise("slopes of Table 1", Worth.CALIBRATION, "Lee 2026, Table 1",
                "the law is fitted to the same points",
                limited(pick(found, "two-stage"), 0.10)),
        Promise("density of LPS glass, um powder", Worth.CALIBRATION, "Sakuda 2013",
                "Heckel's law fitted to these points", pick(found, "um powder")),
        Promise("springback from 1.7 GPa", Worth.PREDICTION, "Schneider 2023, section 2.1",
                "elastic, by the calculated moduli of Li10SiP2S12 (Deng 2016)",
                pick(found, "springback")),
    ]


def main() -> None:
    """Print and draw."""
    modulus = 27.8e9 + 4 / 3 * 9.2e9
    out = ", ".join(f"{s} {released_slope(s, modulus):.0f} MPa" for s in ("<50 um", ">50 um"))
    show(
        "Heckel slopes",
        rows(),
        [
            f"Out of die, regime II after elastic springback (M = {modulus / 1e9:.0f} GPa): {out}; "
            "the paper says higher than in die for both, larger for the larger, without numbers.",
            "It also says that <50 um recovers more; one modulus for both cannot.",
        ],
    )
    p = np.linspace(10, 1700, 300)
    curves = [
        (p, -np.log(1 - density("Li7SiPS8", p, particle_class=s)), f"Li7SiPS8 {s}")
        for s in ("<50 um", ">50 um")
    ]
    q = np.linspace(15, 200, 100)
    picture(
        "heckel_slopes",
        [
            {"x": "pressure [MPa]", "y": "ln 1/(1 - phi)", "curves": curves},
            {
                "x": "pressure [MPa]",
                "y": "ln 1/(1 - phi)",
                "curves": [(q, -np.log(1 - density(m, q)), m) for m in LEE],
                "points": [
                    ((15, 50, 100, 200), -np.log(1 - np.array(v) / 100), m) for m, v in LEE.items()
                ],
            },
        ],
    )


if __name__ == "__main__":
    main()
