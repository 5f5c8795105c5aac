"""Schneider 2023, Fig. 5: conductivity read from impedance at a stack pressure, and the true one.

t-Li7SiPS8 pressed at some pressure, measured between steel at 100 and at 10 MPa. The text of the
paper has no numbers of Fig. 5 and asks how much of the fall at 10 MPa is contact between electrode
and pellet. Here contacts follow R (p/10 MPa)^-0.5 (arXiv:2501.00600, exponent only), and R and the
pellet's own conductivity are what the two numbers of the release branch (Fig. 3) ask for if
contacts are all that changes; R is told for 1 mm, as the paper states no thickness.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from compare import Promise, Row, Worth, pick, picture, show

from joulestack.case import Case
from joulestack.laws.state import State
from joulestack.measurements.run import spectrum_of

AREA, THICKNESS, REFERENCE, EXPONENT = 1e-4, 1e-3, 10e6, 0.5
RELEASED = {"<50 um": ((150, 5.3), (10, 3.8)), ">50 um": ((150, 6.6), (10, 1.1))}
"""Pressure [MPa] and conductivity [mS/cm] of the release branch, Fig. 3."""
PRESSED = (100, 300, 500, 1700)
STACKS = (100, 10)


def case(material: dict[str, Any], stack: float, contact: float | None) -> Case:
    """Steel | pellet | steel at a stack pressure [Pa]; contact at 10 MPa [Ohm m2] or none."""
    section: dict[str, Any] = {"lowest_frequency": 1e4, "points_per_decade": 2}
    if contact is not None:
        law = {
            "law": "power",
            "reference_resistance": contact,
            "reference_pressure": REFERENCE,
            "exponent": EXPONENT,
        }
        ends = (["lower", "pellet"], ["pellet", "upper"])
        section["contacts"] = [{"between": pair, "resistance": law} for pair in ends]
    else:
        section["blocking_resistance"] = 1e-9
    steel = {"material": "stainless steel", "thickness": 1e-3}
    return Case.from_dict(
        {
            "joulestack": 1,
            "cell": {
                "geometry": "line",
                "area": AREA,
                "stack_pressure": stack,
                "layers": [
                    {"name": "lower"} | steel,
                    {"name": "pellet", "material": "pressed", "thickness": THICKNESS},
                    {"name": "upper"} | steel,
                ],
            },
            "materials": {"pressed": material},
            "thermal": {"faces": {"bottom": {"kind": "fixed temperature", "temperature": 298.15}}},
            "time": {"end": 1.0},
            "impedance": section,
        }
    )


@cache
def solved(fraction: str) -> tuple[float, float]:
    """Conductivity [S/m] and contact at 10 MPa [Ohm m2] that the release branch asks for."""
    (p1, s1), (p0, s0) = RELEASED[fraction]
    share = np.array([(p * 1e6 / REFERENCE) ** -EXPONENT for p in (p1, p0)])
    resistivity = np.array([10 / s1, 10 / s0])
    slope = (resistivity[1] - resistivity[0]) / (share[1] - share[0])
    return float(1 / (resistivity[0] - slope * share[0])), float(0.5 * slope * THICKNESS)


@cache
def apparent(fraction: str, stack: float) -> float:
    """Conductivity read from the spectrum of a pellet that does not change [mS/cm]."""
    sigma, contact = solved(fraction)
    made = {"material": "Li7SiPS8", "particle_class": fraction, "moulding_pressure": 1.7e9}
    made["overrides"] = {"ionic_conductivity": f"{sigma!r} S/m"}
    return 10 * spectrum_of(case(made, stack * 1e6, contact)).apparent_conductivity


@cache
def series(fraction: str, pressed: float, stack: float, contacts: bool) -> tuple[float, float]:
    """True and read conductivity of a pellet by the library's law [mS/cm]."""
    made = {"material": "Li7SiPS8", "particle_class": fraction, "moulding_pressure": pressed * 1e6}
    built = case(made, stack * 1e6, solved("<50 um")[1] if contacts else None)
    state = State(T=298.15, p=stack * 1e6, p_max=stack * 1e6)
    true = 10 * float(built.media()["pellet"].ionic_conductivity(state))
    return true, 10 * spectrum_of(built).apparent_conductivity


def rows() -> list[Row]:
    """The method returns what went in; contacts alone reproduce the fine fraction's release."""
    found = []
    for stack in STACKS:
        true, read = series("<50 um", 500, stack, contacts=False)
        said = "paper: the conductivity that went in"
        found.append(Row(f"read without contacts, {stack} MPa", read, true, "mS/cm", 1e-3, said))
    for p, paper in RELEASED["<50 um"]:
        said = "two numbers for two unknowns"
        found.append(
            Row(f"<50 um release, {p} MPa", apparent("<50 um", p), paper, "mS/cm", 0.005, said)
        )
    return found


def least_exponent(fraction: str) -> float:
    """Exponent of contacts below which they would take more than the whole resistance."""
    (p1, s1), (p0, s0) = RELEASED[fraction]
    return float(np.log(s1 / s0) / np.log(p1 / p0))


def notes() -> list[str]:
    """What contacts can explain and what they cannot."""
    sigma, contact = solved("<50 um")
    impossible = solved(">50 um")[0] < 0
    assert impossible
    said = [
        f"<50 um: a pellet of {10 * sigma:.2f} mS/cm with contacts of {1e4 * contact:.1f} Ohm cm2 "
        "each at 10 MPa (1 mm thick) explains the release branch without any change inside it.",
        ">50 um: it cannot: contacts falling as p^-0.5 that make 6.6 mS/cm look like 1.1 at 10 MPa "
        "would at 150 MPa take more than the whole resistance; the exponent would have to exceed "
        f"{least_exponent('>50 um'):.2f}. So grains part inside the pellet, as the paper suspects "
        "(cracks), or contacts are lost faster than p^-0.5.",
        "The library's law tells electrodes and grains apart by the second cycle; a layer between "
        "others is without them, so that the contacts below count once: after 1700 MPa at 10 MPa "
        "the reading should be the measured 3.8 mS/cm.",
    ]
    for stack in STACKS:
        pairs = [series("<50 um", p, stack, contacts=True) for p in PRESSED]
        text = ", ".join(f"{read:.2f} for {true:.2f}" for true, read in pairs)
        said.append(f"  <50 um at {stack} MPa after {PRESSED} MPa, read for true: {text} mS/cm")
    return said


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    return [
        Promise("conductivity read from a spectrum", Worth.IDENTITY, "Schneider 2023, Fig. 5",
                "read is what went in", pick(found, "read without")),
        Promise("release of the fine fraction by contacts", Worth.CALIBRATION,
                "Schneider 2023, Fig. 3", "two unknowns solved from these two values",
                pick(found, "release")),
    ]


def main() -> None:
    """Print and draw."""
    show("Schneider 2023, Fig. 5: reading a conductivity through contacts", rows(), notes())
    curves = []
    for stack in STACKS:
        pairs = np.array([series("<50 um", p, stack, contacts=True) for p in PRESSED])
        curves.append((PRESSED, pairs[:, 0], f"true, {stack} MPa"))
        curves.append((PRESSED, pairs[:, 1], f"read, {stack} MPa"))
    picture(
        "pellet_impedance_pressure",
        [
            {
                "x": "pelletising pressure [MPa]",
                "y": "sigma [mS/cm]",
                "curves": curves,
                "scales": ("log", "linear"),
            }
        ],
    )


if __name__ == "__main__":
    main()
