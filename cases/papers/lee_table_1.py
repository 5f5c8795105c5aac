"""Lee 2026: Table 1 (density against pressure) and the ratios of section 3.2.

Stated accuracy: densities within 2 %; ratios of k and alpha within 10 %, except for Li6PS5Cl, where
the paper's 1.7 (k) and 1.2 (alpha) exclude each other: by Eqs 6-8 their quotient is the ratio of
densities, 1.23, not 1.42.
"""

from __future__ import annotations

import numpy as np
from compare import Promise, Row, Worth, limited, pick, picture, show

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State

PRESSURES = (15, 50, 100, 200)
TABLE_1 = {  # volume fraction [%], Lee 2026, Table 1
    "LPS glass": (52.4, 65.8, 73.0, 77.7),
    "Li3PS4": (57.8, 65.1, 73.1, 77.5),
    "Li6PS5Cl": (62.5, 68.3, 73.8, 76.9),
}
RATIOS = {  # k, alpha, sigma at 200 over 15 MPa, Lee 2026, section 3.2
    "LPS glass": (2.3, 1.5, 2.0),
    "Li3PS4": (1.9, 1.4, 2.1),
    "Li6PS5Cl": (1.7, 1.2, 2.7),
}


def pressed(material: str, pressure: float, law: str | None = None):
    """Pellet of a material, at the pressure that made it [MPa]."""
    laws = {"thermal_conductivity": law} if law else {}
    made = fabricate(Fabrication(material, pressure * 1e6, laws=laws))
    return made, State(T=298.15, p=pressure * 1e6)


def ratio(material: str, method: str, law: str | None = None) -> float:
    """Property at 200 MPa over that at 15 MPa."""
    ends = []
    for pressure in (200, 15):
        medium, state = pressed(material, pressure, law)
        ends.append(float(getattr(medium, method)(state)))
    return ends[0] / ends[1]


def densities() -> list[Row]:
    """Table 1."""
    rows = []
    for material, values in TABLE_1.items():
        for p, paper in zip(PRESSURES, values, strict=True):
            medium, state = pressed(material, p)
            model = 100 * float(medium.relative_density(state))
            rows.append(Row(f"phi {material}, {p} MPa", model, paper, "%", 0.02))
    return rows


def ratios() -> list[Row]:
    """Ratios of section 3.2, the default law (phi^n) and the symmetric Bruggeman law."""
    rows = []
    for material, (k, alpha, sigma) in RATIOS.items():
        contradiction = material == "Li6PS5Cl"
        for law in (None, "bruggeman"):
            name = law or "default"
            within = None if contradiction or law else 0.10
            note = "k and alpha of the paper exclude each other" if contradiction else ""
            rows.append(
                Row(
                    f"k ratio {material}, {name}",
                    ratio(material, "thermal_conductivity", law),
                    k,
                    "",
                    within,
                    note,
                )
            )
            rows.append(
                Row(
                    f"alpha ratio {material}, {name}",
                    ratio(material, "thermal_diffusivity", law),
                    alpha,
                    "",
                    within,
                    note,
                )
            )
        rows.append(
            Row(
                f"sigma ratio {material}",
                ratio(material, "ionic_conductivity"),
                sigma,
                "",
                None,
                "at the pressure of each; not promised",
            )
        )
    return rows


def rows() -> list[Row]:
    """Everything."""
    # By phi/tau^2 and what the k ratio would need: about 1.2 at 200 MPa (Lee 2026, section 3.1).
    tau = [
        Row(
            f"tau {m} at 200 MPa from the default k law",
            _tau(m),
            1.2,
            "",
            None,
            "sqrt(phi/f(phi)); the paper's is from an electric field in the CT image, Eqs 1-4",
        )
        for m in TABLE_1
    ]
    return [*densities(), *ratios(), *tau]


def _tau(material: str) -> float:
    medium, state = pressed(material, 200)
    phi = float(medium.relative_density(state))
    return (phi / float(medium.thermal_scaling(state, phi=phi))) ** 0.5


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    made = []
    for m in TABLE_1:
        own = m != "Li6PS5Cl"
        law = "two-stage law fitted to them" + ("" if own else " and to pellets of 275-441 MPa")
        heat = ("exponent fitted to this ratio" if own else
                "exponent of sintered pellets (Boeger 2023)")
        made += [
            Promise(f"density against pressure: {m}", Worth.CALIBRATION, "Lee 2026, Table 1", law,
                    pick(found, f"phi {m},")),
            Promise(f"k against pressure: {m}",
                    Worth.CALIBRATION if own else Worth.PREDICTION, "Lee 2026, section 3.2", heat,
                    limited(pick(found, f"k ratio {m}, default"), 0.10)),
            Promise(f"alpha against pressure: {m}",
                    Worth.CALIBRATION if own else Worth.PREDICTION, "Lee 2026, section 3.2",
                    heat.replace("this", "the k") + "; Eqs 6-8",
                    limited(pick(found, f"alpha ratio {m}, default"), 0.10)),
            Promise(f"sigma against pressure: {m}", Worth.CALIBRATION,
                    "Lee 2026, section 3.2",
                    "exponent fitted to this ratio" if own else
                    "fitted to this ratio together with Cronau 2021",
                    limited(pick(found, f"sigma ratio {m}"), 0.10)),
        ]
    return made


def main() -> None:
    """Print and draw."""
    show(
        "Lee 2026, Table 1 and section 3.2",
        rows(),
        [
            "Li6PS5Cl: k 1.7 and alpha 1.2 cannot both hold: densities demand k/alpha = 1.23.",
        ],
    )
    p = np.linspace(10, 250, 200)
    curves = [
        (p, [float(pressed(m, q)[0].relative_density(State(T=298.15, p=0.0))) * 100 for q in p], m)
        for m in TABLE_1
    ]
    points = [(PRESSURES, v, m) for m, v in TABLE_1.items()]
    k = [
        (p, [float(pressed(m, q)[0].thermal_conductivity(State(T=298.15, p=0.0))) for q in p], m)
        for m in TABLE_1
    ]
    picture(
        "lee_table_1",
        [
            {
                "x": "moulding pressure [MPa]",
                "y": "relative density [%]",
                "curves": curves,
                "points": points,
            },
            {"x": "moulding pressure [MPa]", "y": "k [W/(m K)]", "curves": k},
        ],
    )


if __name__ == "__main__":
    main()
