"""Ketter 2025 and Minnmann 2021: heat, ions and electrons in NMC-Li6PS5Cl composites.

Stated accuracy: k of Ketter's composites within 10 %. Transport of charge is shown, not promised:
the two papers differ 3.7 times from each other at equal composition. Ketter's fractions are of the
solids, Minnmann's of the total.
"""

from __future__ import annotations

import numpy as np
from compare import COMPOSITE, Promise, Row, Worth, limited, pick, picture, show

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials import library

KETTER_K = ((20, 0.36, 15.6), (40, 0.40, 21.2), (60, 0.44, 22.4), (80, 0.50, 25.3))
"""NMC83 of the solids [vol%], k [W/(m K)], porosity [%]; Ketter 2025."""

KETTER_SIGMA = ((40, 0.3579, 0.2257), (60, 0.00926, 1.121))
"""NMC83 of the solids [vol%], ionic, electronic [mS/cm]; Ketter 2025. At 20 % the law's electrons
and at 80 % its ions are below their thresholds (0.19 and 0.22): the package refuses those
electrodes, where the paper has 0.014 and 6e-5 mS/cm."""

MINNMANN = (
    (25, 0.0206, 0.408),
    (33, 0.236, 0.266),
    (42, 0.556, 0.166),
    (53, 1.11, 0.0345),
    (61, 1.43, 0.00306),
)
"""NMC622 of the total [vol%], electronic, ionic [mS/cm]; Minnmann 2021; porosity 14 %."""

KETTER_POROSITY = {share: porosity for share, _, porosity in KETTER_K}


def electrode(active: str, of_solids: float, porosity: float, pressure: float, heat: bool = False):
    """Composite by volume fraction of the solids; for heat alone percolation does not matter."""
    room = State(T=298.15, x=1.0)
    rho = [float(library.load(m).properties["density"](room)) for m in (active, "Li6PS5Cl")]
    mass = of_solids * rho[0], (1 - of_solids) * rho[1]
    shares = {"active": mass[0] / sum(mass), "electrolyte": mass[1] / sum(mass)}
    given = {"electronic_conductivity": 1.0, "ionic_conductivity": 1.0} if heat else {}
    return fabricate(
        Composite(
            active,
            Fabrication("Li6PS5Cl", pressure),
            shares,
            porosity=porosity,
            particle_radius=2.5e-6,
            open_circuit_voltage=3.8,
            overrides=given,
        )
    )


def ketter(of_solids: float, porosity: float, heat: bool = False):
    """Composite of Ketter 2025 [vol%, %]."""
    return electrode("NMC83", of_solids / 100, porosity / 100, 500e6, heat)


def minnmann(of_total: float):
    """Composite of Minnmann 2021 [vol%]."""
    return electrode("NMC622", of_total / 100 / 0.86, 0.14, 380e6)


def value(made, method: str, p: float) -> float:
    """Property at room temperature; conductivities in mS/cm."""
    factor = 1.0 if method == "thermal_conductivity" else 10.0
    return factor * float(getattr(made, method)(State(T=298.15, p=p, x=1.0)))


def rows() -> list[Row]:
    """Both papers."""
    found = [
        Row(
            f"Ketter k, {f} vol% of solids",
            value(ketter(f, e, True), "thermal_conductivity", 50e6),
            k,
            "W/(m K)",
            0.10,
        )
        for f, k, e in KETTER_K
    ]
    for f, ions, electrons in KETTER_SIGMA:
        made = ketter(f, KETTER_POROSITY[f])
        found.append(
            Row(
                f"Ketter ionic, {f} vol% of solids",
                value(made, "ionic_conductivity", 50e6),
                ions,
                "mS/cm",
                None,
                "law fitted to Minnmann",
            )
        )
        found.append(
            Row(
                f"Ketter electronic, {f} vol% of solids",
                value(made, "electronic_conductivity", 50e6),
                electrons,
                "mS/cm",
                None,
                "law fitted to Minnmann",
            )
        )
    for f, electrons, ions in MINNMANN:
        made = minnmann(f)
        found.append(
            Row(
                f"Minnmann ionic, {f} vol%",
                value(made, "ionic_conductivity", 40e6),
                ions,
                "mS/cm",
                None,
                "their pellet 1.6 mS/cm, the library's more",
            )
        )
        found.append(
            Row(
                f"Minnmann electronic, {f} vol%",
                value(made, "electronic_conductivity", 40e6),
                electrons,
                "mS/cm",
                None,
                "fit within a factor of 2 (Minnmann 2021)",
            )
        )
    return found


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    by = "percolation fitted to Minnmann 2021"
    return [
        Promise("k of composites", Worth.CALIBRATION, "Ketter 2025",
                "Bruggeman's law between pellets of the same paper, with its interface",
                pick(found, "Ketter k")),
        Promise("ionic conductivity of composites", Worth.PREDICTION, "Ketter 2025", by,
                limited(pick(found, "Ketter ionic"), factor=COMPOSITE)),
        Promise("electronic conductivity of composites", Worth.PREDICTION, "Ketter 2025", by,
                limited(pick(found, "Ketter electronic"), factor=COMPOSITE)),
        Promise("ionic conductivity of composites", Worth.CALIBRATION, "Minnmann 2021",
                "threshold and exponent fitted to them; the pellet is the library's",
                limited(pick(found, "Minnmann ionic"), factor=COMPOSITE)),
        Promise("electronic conductivity of composites", Worth.CALIBRATION, "Minnmann 2021",
                "threshold and exponent fitted to these five values",
                limited(pick(found, "Minnmann electronic"), factor=COMPOSITE)),
    ]


def main() -> None:
    """Print and draw."""
    show("Ketter 2025, Minnmann 2021: NMC-Li6PS5Cl composites", rows())
    x = np.linspace(22, 62, 40)
    ours = [minnmann(v) for v in x]
    picture(
        "composites",
        [
            {
                "x": "NMC83 of the solids [vol%]",
                "y": "k [W/(m K)]",
                "curves": [
                    (
                        [f for f, *_ in KETTER_K],
                        [
                            value(ketter(f, e, True), "thermal_conductivity", 50e6)
                            for f, _, e in KETTER_K
                        ],
                        "Ketter 2025",
                    )
                ],
                "points": [([f for f, *_ in KETTER_K], [k for _, k, _ in KETTER_K], "Ketter 2025")],
            },
            {
                "x": "NMC622 of the total [vol%]",
                "y": "sigma [mS/cm]",
                "scales": ("linear", "log"),
                "curves": [
                    (x, [value(m, "ionic_conductivity", 40e6) for m in ours], "ionic"),
                    (x, [value(m, "electronic_conductivity", 40e6) for m in ours], "electronic"),
                ],
                "points": [
                    ([r[0] for r in MINNMANN], [r[2] for r in MINNMANN], "ionic"),
                    ([r[0] for r in MINNMANN], [r[1] for r in MINNMANN], "electronic"),
                ],
            },
        ],
    )


if __name__ == "__main__":
    main()
