"""Schneider 2023: conductivity of t-Li7SiPS8 on loading and release, both size fractions.

Stated accuracy: the stated points within 15 % on both branches, the maximum on loading between 0.4
and 0.6 GPa. Of the stack-pressure series (Fig. 5) the text has no numbers: what it says in words is
shown beside the model's numbers.
"""

from __future__ import annotations

import numpy as np
from compare import Promise, Row, Worth, limited, pick, picture, show

from joulestack.constants import GAS_CONSTANT
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State

FRACTIONS = ("<50 um", ">50 um")
LOADING = {"<50 um": ((10, 0.3), (500, 4.1)), ">50 um": ((10, 0.7), (500, 5.7))}
RELEASED = {"<50 um": (5.3, (10, 3.8)), ">50 um": (6.6, (10, 1.1))}  # maximum at 100-200 MPa
TOP = 1700.0


def sigma(fraction: str, p, highest, pressings: int = 1):
    """Conductivity at a pressure after a highest one, reached so often [MPa -> mS/cm]."""
    # Moulded at next to nothing: the highest pressure of the state is the history.
    made = fabricate(Fabrication("Li7SiPS8", 1e5, particle_class=fraction, pressings=pressings))
    p, highest = np.asarray(p, float) * 1e6, np.asarray(highest, float) * 1e6
    return 10 * made.ionic_conductivity(State(T=298.15, p=p, p_max=highest))


def loading_maximum(fraction: str) -> tuple[float, float]:
    """Pressure and conductivity of the maximum on loading [MPa, mS/cm]."""
    p = np.linspace(10, TOP, 3381)
    y = sigma(fraction, p, p)
    return float(p[y.argmax()]), float(y.max())


def release_maximum(fraction: str) -> tuple[float, float]:
    """Pressure and conductivity of the maximum on release [MPa, mS/cm]."""
    p = np.linspace(10, TOP, 3381)
    y = sigma(fraction, p, TOP)
    return float(p[y.argmax()]), float(y.max())


def activation_volume(fraction: str) -> float:
    """From the slope of ln sigma on release above 0.5 GPa [cm3/mol]."""
    p = np.linspace(500, TOP, 100)
    slope = np.polyfit(p * 1e6, np.log(sigma(fraction, p, TOP)), 1)[0]
    return -slope * GAS_CONSTANT * 298.15 * 1e6


def rows() -> list[Row]:
    """Points and maxima."""
    found = []
    for f in FRACTIONS:
        for p, paper in LOADING[f]:
            found.append(Row(f"{f} loading, {p} MPa", float(sigma(f, p, p)), paper, "mS/cm", 0.15))
        found.append(
            Row(f"{f} loading, pressure of the maximum", loading_maximum(f)[0], 500, "MPa", 0.2)
        )
        top, (p, low) = RELEASED[f]
        found.append(Row(f"{f} release, maximum", release_maximum(f)[1], top, "mS/cm", 0.15))
        found.append(
            Row(
                f"{f} release, pressure of the maximum",
                release_maximum(f)[0],
                150,
                "MPa",
                None,
                "100-200 MPa in the paper",
            )
        )
        found.append(Row(f"{f} release, {p} MPa", float(sigma(f, p, TOP)), low, "mS/cm", 0.15))
        found.append(Row(f"{f} activation volume", activation_volume(f), 1.4, "cm3/mol", 0.05))
    second = {"<50 um": 4.4, ">50 um": 2.1}
    found += [
        Row(
            f"{f} 10 MPa after the second cycle",
            float(sigma(f, 10, TOP, 2)),
            v,
            "mS/cm",
            0.15,
            "electrodes on a surface pressed twice: half of their resistance",
        )
        for f, v in second.items()
    ]
    return found


def series(fraction: str, stack: float, highest, pressings: int = 1) -> np.ndarray:
    """Conductivity at a stack pressure after pelletising pressures [MPa -> mS/cm]."""
    return np.asarray(sigma(fraction, np.full(len(highest), stack), highest, pressings))


def notes() -> list[str]:
    """The stack-pressure series in words and numbers."""
    after = (100, 300, 500, 1000, 1700)
    said = ["Fig. 5, stack-pressure series (no numbers in the text), sigma in mS/cm:"]
    for stack in (100, 10):
        for f in FRACTIONS:
            values = ", ".join(f"{v:.2f}" for v in series(f, stack, after))
            said.append(f"  {f} at {stack} MPa after {after} MPa: {values}")
    gains = [
        f"+{100 * (v[-1] / v[2] - 1):.0f} % (from 300 MPa +{100 * (v[-1] / v[1] - 1):.0f} %)"
        for v in (series(f, 100, after) for f in FRACTIONS)
    ]
    said.append(
        "  paper at 100 MPa: nearly independent of pelletising above 300-500 MPa. Model: from "
        f"500 to 1700 MPa {' and '.join(gains)} for the two fractions."
    )
    ends = [
        " and ".join(
            f"{series(f, 100, after, n)[-1] / series(f, 10, after, n)[-1]:.1f}" for f in FRACTIONS
        )
        for n in (1, 10)
    ]
    said.append(
        "  paper at 10 MPa: rise, plateau, rise, in the end near the values at 100 MPa, but lower. "
        f"Model: rise, flatter from 500 to 1000 MPa, rise; in the end {ends[0]} times below "
        "100 MPa after one pressing, as Fig. 3 has it on release (6.6 against 1.1 for >50 um), "
        f"{ends[1]} times after ten, as in the series of Fig. 5, where each step presses again."
    )
    return said


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    made = []
    for f in FRACTIONS:
        made += [
            Promise(f"loading: {f}", Worth.CALIBRATION, "Schneider 2023, Fig. 3",
                    "five or six parameters for five values and two maxima",
                    pick(found, f, "loading")),
            Promise(f"release: {f}", Worth.CALIBRATION, "Schneider 2023, Fig. 3",
                    "the same parameters; the pressure of the maximum within 100-200 MPa",
                    (*pick(found, f, "release, maximum"), *pick(found, f, "release, 10"),
                     *limited(pick(found, f, "release, pressure"), 1 / 3))),
            Promise(f"activation volume: {f}", Worth.IDENTITY, "Schneider 2023, section 2.3",
                    "it goes in", pick(found, f, "activation")),
            Promise(f"second cycle: {f}", Worth.CALIBRATION, "Schneider 2023, section 2.2",
                    "one rule, half of the electrodes' resistance, chosen in view of both",
                    pick(found, f, "second")),
        ]
    return made


def main() -> None:
    """Print and draw."""
    show("Schneider 2023, Figs 3-5: t-Li7SiPS8", rows(), notes())
    p = np.geomspace(1, TOP, 400)
    curves = [(p, sigma(f, p, p), f) for f in FRACTIONS]
    curves += [(p, sigma(f, p, TOP), f) for f in FRACTIONS]
    points = [(*zip(*LOADING[f], strict=True), f) for f in FRACTIONS]
    points += [((150, 10), (RELEASED[f][0], RELEASED[f][1][1]), f) for f in FRACTIONS]
    made = np.geomspace(10, TOP, 100)
    stacks = [
        (made[made >= s], series(f, s, made[made >= s]), f"{f}, {s} MPa")
        for f in FRACTIONS
        for s in (100, 10)
    ]
    picture(
        "schneider_conductivity",
        [
            {
                "x": "pressure [MPa]",
                "y": "sigma [mS/cm]",
                "curves": curves,
                "points": points,
                "scales": ("log", "linear"),
            },
            {
                "x": "pelletising pressure [MPa]",
                "y": "sigma at the stack pressure [mS/cm]",
                "curves": stacks,
                "scales": ("log", "linear"),
            },
        ],
    )


if __name__ == "__main__":
    main()
