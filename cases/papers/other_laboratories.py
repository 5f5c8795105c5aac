"""Numbers of the library beside the same quantities from other laboratories and batches.

Each is a prediction in the weakest sense: the default was taken from one source before this other
one was put beside it, and nothing was fitted. Limits stand for each kind of quantity (compare.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from compare import (
    CRYSTAL,
    ELASTIC,
    ENERGY,
    HEAT,
    METAL,
    SIGMA,
    STRENGTH,
    THERMAL,
    Promise,
    Row,
    Worth,
    show,
)

from joulestack.laws.state import State
from joulestack.materials import library


def value(material: str, name: str, **state: float) -> float:
    """A property of the library [SI]."""
    return float(library.load(material).properties[name](State(**{"T": 298.15, **state})))


def numbers(
    material: str, name: str, points: Sequence[tuple[float, float]], unit: str, scale: float,
    within: float | None = None, factor: float | None = None,
) -> tuple[Row, ...]:  # fmt: skip
    """Rows at temperatures [K, value in the unit]; `scale` is a unit's worth in SI."""
    return tuple(
        Row(f"{material}, {name.replace('_', ' ')}, {T:g} K", value(material, name, T=T) / scale,
            v, unit, within, "", factor)
        for T, v in points
    )  # fmt: skip


ROOM = 298.15

SINGLE = (
    # material, property, measured, unit, SI of it, limit (a tuple: factor), paper, doi
    (
        "Li6PS5Cl",
        "density",
        1.838,
        "g/cm3",
        1e3,
        CRYSTAL,
        "Kraft 2017, lattice",
        "10.1021/jacs.7b06327",
    ),
    (
        "Li6PS5Cl",
        "density",
        1.871,
        "g/cm3",
        1e3,
        CRYSTAL,
        "Boulineau 2012, lattice",
        "10.1016/j.ssi.2012.06.008",
    ),
    ("Li6PS5Cl", "density", 1.874, "g/cm3", 1e3, CRYSTAL, "Ohno 2020, pycnometer", ""),
    ("Li10GeP2S12", "density", 2.035, "g/cm3", 1e3, CRYSTAL, "another lattice in OBELiX", ""),
    (
        "Li3InCl6",
        "density",
        2.5,
        "g/cm3",
        1e3,
        CRYSTAL,
        "as used by the Nazar and Janek groups in 2022",
        "",
    ),
    (
        "Al-LLZO",
        "density",
        5.115,
        "g/cm3",
        1e3,
        CRYSTAL,
        "Murugan 2007, lattice",
        "10.1002/anie.200701144",
    ),
    ("stainless steel", "density", 8000, "kg/m3", 1.0, METAL, "ASM316", "-"),
    ("copper", "density", 8.96, "g/cm3", 1e3, METAL, "Haynes 2014", "-"),
    ("Al-LLZO", "specific_heat_capacity", 0.927, "J/(g K)", 1e3, HEAT, "Huang 2025", ""),
    ("Al-LLZO", "dense_thermal_conductivity", 0.46, "W/(m K)", 1.0, THERMAL, "Huang 2025", ""),
    ("copper", "specific_heat_capacity", 24.442 / 63.546, "J/(g K)", 1e3, HEAT, "Chase 1998", "-"),
    (
        "aluminium",
        "specific_heat_capacity",
        24.209 / 26.982,
        "J/(g K)",
        1e3,
        HEAT,
        "Chase 1998",
        "-",
    ),
    ("copper", "thermal_conductivity", 401, "W/(m K)", 1.0, METAL, "Mendeleev", "-"),
    (
        "stainless steel",
        "specific_heat_capacity",
        490.21,
        "J/(kg K)",
        1.0,
        HEAT,
        "NIST 2000, 316, 300 K",
        "-",
    ),
    ("stainless steel", "thermal_expansion", 18.6e-6, "1/K", 1.0, ENERGY, "Choong 1975", "-"),
    ("PEEK", "thermal_expansion", 4.8e-5, "1/K", 1.0, ENERGY, "Crawford 1998", "-"),
    (
        "Li6PS5Cl",
        "youngs_modulus",
        28.0,
        "GPa",
        1e9,
        ELASTIC,
        "Ning 2023 in Song 2025, indentation",
        "",
    ),
    ("Li6PS5Cl", "youngs_modulus", 32.8, "GPa", 1e9, ELASTIC, "Yun 2023, force spectroscopy", ""),
    ("Al-LLZO", "youngs_modulus", 175, "GPa", 1e9, ELASTIC, "Deng 2016, calculated", ""),
    (
        "lithium",
        "youngs_modulus",
        7.81,
        "GPa",
        1e9,
        ELASTIC,
        "Anand and Narayan 2019",
        "10.1149/2.0861906jes",
    ),
    ("lithium", "yield_strength", 0.77, "MPa", 1e6, ELASTIC, "Masias 2019, Table 2", ""),
    (
        "lithium",
        "creep_exponent",
        6.4,
        "1",
        1.0,
        ENERGY,
        "Sargent and Ashby 1984 in Masias 2019",
        "",
    ),
    ("lithium", "latent_heat", 2890 / 6.941, "J/g", 1e3, HEAT, "Mendeleev, 2.89 kJ/mol", "-"),
    (
        "Li6PS5Cl",
        "fracture_toughness",
        0.69,
        "MPa m^0.5",
        1e6,
        (STRENGTH,),
        "Ning 2023 in Song 2025, indentation",
        "",
    ),
    (
        "Li6PS5Cl",
        "fracture_toughness",
        0.17,
        "MPa m^0.5",
        1e6,
        (STRENGTH,),
        "Song 2025, compact tension",
        "",
    ),
    (
        "LPS glass",
        "fracture_toughness",
        0.23,
        "MPa m^0.5",
        1e6,
        (STRENGTH,),
        "McGrogan 2017 in Song 2025, 70:30",
        "",
    ),
    (
        "LPS glass",
        "youngs_modulus",
        18.5,
        "GPa",
        1e9,
        ELASTIC,
        "McGrogan 2017 in Song 2025, 70:30",
        "",
    ),
    ("LAGP", "ionic_conductivity", 0.336, "mS/cm", 0.1, SIGMA, "LAGP 2018", ""),
)

CURVES = (
    # material, property, [K, measured], unit, SI of it, limit, source
    (
        "graphite",
        "specific_heat_capacity",
        tuple((T, v / 12.011) for T, v in ((298.15, 8.517), (350, 10.241), (400, 11.817))),
        "J/(g K)",
        1e3,
        HEAT,
        "Chase 1998",
    ),
    (
        "stainless steel",
        "thermal_conductivity",
        ((293, 14.315), (320, 14.752), (360, 15.408), (400, 16.1), (500, 17.997)),
        "W/(m K)",
        1.0,
        METAL,
        "Antoniadis 2020, 304",
    ),
    (
        "stainless steel",
        "thermal_conductivity",
        ((306, 13.9), (348, 14.46), (401, 15.11)),
        "W/(m K)",
        1.0,
        METAL,
        "Bogaard 1983, about 304",
    ),
    (
        "stainless steel",
        "thermal_conductivity",
        ((293.15, 15.123), (300, 15.309)),
        "W/(m K)",
        1.0,
        METAL,
        "NIST 2000, 304L and 316",
    ),
)


def limits(limit: float | tuple[float]) -> dict[str, float]:
    """Keywords of a row."""
    return {"factor": limit[0]} if isinstance(limit, tuple) else {"within": limit}


def promises() -> list[Promise]:
    """Numbers alone, then curves."""
    made = []
    for material, name, v, unit, scale, limit, source, doi in SINGLE:
        rows = numbers(material, name, [(ROOM, v)], unit, scale, **limits(limit))
        made.append(_promise(material, name, rows, source, doi))
    for material, name, points, unit, scale, limit, source in CURVES:
        rows = numbers(material, name, points, unit, scale, **limits(limit))
        made.append(_promise(material, name, rows, source, "-"))
    return made


def _promise(
    material: str, name: str, rows: tuple[Row, ...], source: str, doi: str
) -> Promise:  # fmt: skip
    of = library.load(material).properties[name].source
    return Promise(f"{name.replace('_', ' ')} of {material}", Worth.PREDICTION, source,
                   f"the library's, from {of or 'no source'}", rows, doi, another=True)  # fmt: skip


def rows() -> list[Row]:
    """Every number."""
    return [row for promise in promises() for row in promise.rows]


def main() -> None:
    """Print."""
    show("The library beside other laboratories", rows())


if __name__ == "__main__":
    main()
