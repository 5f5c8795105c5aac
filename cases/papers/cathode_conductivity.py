"""k of layered oxides against lithium and composition: Klemens' law against what is known.

One constant is fitted to Cho 2014, which is promised within 1 %; that a crystal with
Klemens' own constant falls by 40 to 70 % as Feng, O'Hara and Pantelides calculated (Feng 2019),
too. The rest is shown: it is not reached, or nobody measured it. Electrons stand beside, from
Amin & Chiang 2016 and the rules of docs/materials.md.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from compare import THERMAL, Promise, Row, Worth, limited, pick, picture, show

from joulestack.laws.lattice import PointDefects
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.reports.cathodes import evaluated

OXIDES = ("LiCoO2", "NMC111", "NMC532", "NMC622", "NMC811", "NMC83", "NCA")
CHO = ((1.0, 5.4), (0.6, 3.7))
"""x and k [W/(m K)] of a sputtered film of LiCoO2."""

CRYSTAL, KLEMENS = 6.0, 4.07
"""Calculated limit of k of LiCoO2 [W/(m K)]; C for a speed of sound of 4400 m/s [m K/W]."""


def k(name: str, x: float, stronger: float = 1.0) -> float:
    """Of the dense oxide [W/(m K)].

    Args:
        name: of the oxide.
        x: lithium.
        stronger: factor on the strength of disorder.
    """
    own = library.load(name).properties
    state = State(T=298.15, x=x)
    sample = own["dense_thermal_conductivity"](state)
    return float(sample * law(name).stronger(stronger)(x=x, k=sample))


def law(name: str) -> PointDefects:
    """Of disorder in an oxide."""
    form = library.load(name).properties["thermal_disorder"].form
    assert isinstance(form, PointDefects)
    return form


def factor(name: str) -> float:
    """Uncertainty of the strength, as the library states it."""
    return library.load(name).properties["thermal_disorder"].uncertainty.size


def rows() -> list[Row]:
    """What others say."""
    crystal = replace(law("LiCoO2"), strength=KLEMENS)
    fall = [100 * (1 - float(crystal(x=x, k=CRYSTAL))) for x in (0.6, 0.5)]
    measured = [Row(f"LiCoO2, x = {x:g}", k("LiCoO2", x), v, "W/(m K)", 0.01) for x, v in CHO]
    return [
        *measured,
        *(
            Row(f"crystal of 6 W/(m K), lost at x = {x:g}", f, 55, "%", 15 / 55, "40 to 70 %: Feng")
            for x, f in zip((0.6, 0.5), fall, strict=True)
        ),
        Row("LiCoO2 film, lost at x = 0.5", 100 * (1 - k("LiCoO2", 0.5) / 5.4), 55, "%", None,
            "40 to 70 % of a crystal: Feng"),
        Row("k(1)/k(0.6), film annealed hotter", k("LiCoO2", 1) / k("LiCoO2", 0.6), 2.7, "", None,
            "more than 2.7: Cho 2014"),
        Row("half-filled layers, x = 0.5", k("LiCoO2", 0.5), 1.8, "W/(m K)", None,
            "NaCo2O4: Takahata 2000, abstract"),
        Row("NMC111 over NMC83, x = 1", k("NMC111", 1) / k("NMC83", 1), 1, "", None,
            "below 1: Agne 2022, Fig. 3"),
    ]  # fmt: skip


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    return [
        Promise("k of a LiCoO2 film along lithium", Worth.CALIBRATION, "Cho 2014",
                "k of the parent is its first value, strength of disorder fitted to the other",
                pick(found, "LiCoO2, x =")),
        Promise("k lost by delithiated crystals, calculated", Worth.PREDICTION, "Feng 2019",
                "Klemens' law with his own constant, k of the perfect crystal",
                pick(found, "crystal of 6"), "arXiv:1912.00570"),
        Promise("k(1)/k(0.6) of a film annealed hotter", Worth.PREDICTION, "Cho 2014",
                "the law fitted to the other film",
                limited(pick(found, "annealed hotter"), THERMAL)),
        Promise("k of NaCo2O4", Worth.PREDICTION, "Takahata 2000, abstract",
                "the law of half-filled lithium layers",
                limited(pick(found, "half-filled"), THERMAL)),
    ]


def main() -> None:
    """Print and draw."""
    show(
        "k of layered oxides against lithium and composition",
        rows(),
        [
            "NMC and NCA were not measured against lithium: unverified. Bands: a factor "
            f"{factor('NMC83'):g} on the strength.",
        ],
    )
    x = np.linspace(0.3, 1.0, 71)
    bands = [
        (x, [k(name, v, f) for v in x], f"{name}, 16 to 84 %")
        for name in ("LiCoO2", "NMC83")
        for f in (1 / factor(name), factor(name))
    ]
    picture(
        "cathode_conductivity",
        [
            {
                "x": "x in Li_x",
                "y": "k [W/(m K)]",
                "curves": [(x, [k("LiCoO2", v) for v in x], "LiCoO2"), *bands[:2]],
                "points": [(*np.array(CHO).T, "Cho 2014")],
            },
            {
                "x": "x in Li_x",
                "y": "k [W/(m K)], unverified",
                "curves": [
                    *((x, [k(n, v) for v in x], n) for n in OXIDES[1:]),
                    *bands[2:],
                ],
                "points": [([1.0], [1.26], "NMC83: Ketter 2025")],
            },
            {
                "x": "x in Li_x",
                "y": "electrons [mS/cm]",
                "curves": [
                    (x, [evaluated(library.load(n), "sigma_s [mS/cm]", v) for v in x], n)
                    for n in OXIDES
                ],
                "scales": ("linear", "log"),
            },
        ],
    )


if __name__ == "__main__":
    main()
