"""Pellets and composites that the laws of the library were not fitted to.

Made as each paper says, as far as it says so. Where a paper gives no porosity, what is assumed
stands in the name of the row. Limits stand for each kind of quantity (compare.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from compare import (
    COMPOSITE,
    DENSITY,
    HEAT,
    RATIO,
    SIGMA,
    THERMAL,
    Promise,
    Row,
    Worth,
    show,
)

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.laws.vibrations import Einstein
from joulestack.materials import library

CRYSTAL_DENSITY = 1.86  # of Li6PS5Cl, which the papers refer theirs to [g/cm3]
PELLET = 0.06  # of k, +-0.02 of 0.32 W/(m K) (Ketter 2025)
BY = "law of the library, fitted to "


def pellet(material: str, moulded: float | None = None, phi: float | None = None, **how):
    """A pellet pressed at [MPa], or of a relative density; no heat capacity is needed here."""
    return fabricate(
        Fabrication(material, None if moulded is None else moulded * 1e6, relative_density=phi,
                    overrides={"specific_heat_capacity": 1e3}, **how)
    )  # fmt: skip


def sigma(made, p: float = 50.0, T: float = 298.15) -> float:
    """Ionic conductivity under a stack pressure [MPa -> mS/cm]."""
    return 10 * float(made.ionic_conductivity(State(T=T, p=p * 1e6)))


def densities() -> Iterable[Promise]:
    """Pellets of Li6PS5Cl out of the die."""
    by = BY + "Lee 2026, Doux 2020 and Ohno 2020"
    for source, points in (
        ("Cronau 2021", ((97, 135 / 1.86), (195, 147 / 1.86), (292, 154 / 1.86))),
        ("Ketter 2025", ((500, 87.9),)),
        ("Song 2025", ((360, 87.0),)),
    ):
        rows = tuple(
            Row(f"density after {p} MPa",
                100 * float(pellet("Li6PS5Cl", p).relative_density(State(T=298.15, p=0.0))), phi,
                "%", DENSITY)
            for p, phi in points
        )  # fmt: skip
        yield Promise("density of pellets of Li6PS5Cl", Worth.PREDICTION, source, by, rows)


def conductivities() -> Iterable[Promise]:
    """Pellets of Li6PS5Cl, under more than the 49 MPa below which the level is Ohno's."""
    for source, points in (
        ("Ohno 2020, labs A, C, G", ((380, 50, 1.79), (370, 75, 2.6), (441, 315, 2.98))),
        ("Ketter 2025", ((370, 50, 2.33),)),
        ("Minnmann 2021", ((380, 40, 1.6),)),
        ("Yun 2023", ((250, 250, 1.6),)),
    ):
        rows = tuple(
            Row(f"sigma, {made} MPa, under {p} MPa", sigma(pellet("Li6PS5Cl", made), p), v,
                "mS/cm", SIGMA)
            for made, p, v in points
        )  # fmt: skip
        yield Promise("sigma of pellets of Li6PS5Cl", Worth.PREDICTION, source,
                      BY + "Cronau 2021 and Lee 2026", rows)  # fmt: skip


OTHERS = (
    # material, relative density, measured [mS/cm], paper, doi, library's number from
    ("LATP", 1.0, 1.13, "LATP 2012", "", "Jackman 2012"),
    ("LATP", 1.0, 0.72, "Aono 1990", "10.1149/2.1086597", "Jackman 2012"),
    ("Al-LLZO", 0.96, 0.21, "LLZO 2015", "", "Milan 2023"),
    ("Ta-LLZO", 0.98, 0.454, "Chin. Phys. Lett., hardness of LLZTO", "", "LiY 2012"),
    ("Ta-LLZO", 1.0, 0.87, "Li6.75La3Zr1.75Ta0.25O12 in OBELiX", "10.1016/j.jpowsour.2012.01.131",
     "LiY 2012"),
    ("Li3YCl6", 0.9, 0.345, "Wang 2021", "", "Asano 2018"),
    ("Li3InCl6", 0.85, 0.7, "Rosenbach 2023", "10.1002/aenm.202203673", "Li 2019"),
    ("Li3InCl6", 0.85, 1.2, "Yun 2023", "", "Li 2019"),
    ("Li3InCl6", 0.85, 0.23, "Hendriks 2023 in Ketter 2025", "", "Li 2019"),
)  # fmt: skip


def other_batches() -> Iterable[Promise]:
    """One number of the library, scaled to a relative density, beside another laboratory's."""
    for material, phi, v, source, doi, by in OTHERS:
        row = Row(f"sigma of {material}, relative density {phi:g} assumed",
                  sigma(pellet(material, phi=phi)), v, "mS/cm", SIGMA)  # fmt: skip
        yield Promise(f"sigma of {material}", Worth.PREDICTION, source,
                      f"the library's, from {by}", (row,), doi, another=True)  # fmt: skip


def heat() -> Iterable[Promise]:
    """k against temperature, gas in the pores, heat capacity."""
    made = pellet("Li6PS5Cl", phi=0.879)

    def k(T: float) -> float:
        return float(made.thermal_conductivity(State(T=T, p=0.0)))

    rows = tuple(
        Row(f"k at {T} K over 298 K", k(T) / k(298.0), v / 0.323, "", PELLET)
        for T, v in ((173, 0.336), (373, 0.33))
    )
    yield Promise("k of a cold pellet against temperature", Worth.PREDICTION, "Ketter 2025",
                  "phonons and diffusons of sintered pellets (Boeger 2023)", rows)  # fmt: skip

    def share(phi: float) -> float:
        filled, empty = (
            float(pellet("Li6PS5Cl", phi=phi, laws=laws).thermal_conductivity(
                State(T=298.15, p=0.0)))
            for laws in ({"pore_gas": "argon"}, {})
        )  # fmt: skip
        return 100 * (filled / empty - 1)

    rows = tuple(
        Row(f"share of argon in k, relative density {phi}", share(phi), v, "%", RATIO)
        for phi, v in ((0.75, 9.0), (0.85, 4.0), (0.9, 2.4))
    )
    yield Promise("argon in the pores", Worth.PREDICTION, "Boeger 2023",
                  "generalised Bruggeman, k of argon from the library", rows)  # fmt: skip
    law = Einstein(value=989.0, atoms=12.5, molar_mass=0.26659)
    rows = tuple(
        Row(f"c_p at {T} K", float(law(T=T)) / 1e3, v, "J/(g K)", HEAT)
        for T, v in ((173, 0.77), (523, 1.102))
    )
    yield Promise("c_p of Li5.5PS4.5Cl1.5 against temperature", Worth.PREDICTION, "Boeger 2023",
                  "Einstein's law from the value at 298 K and the formula", rows)  # fmt: skip


def composite(active: str, shares: dict[str, float], pressure: float, porosity: float | None,
              additive: str | None = None):  # fmt: skip
    """An electrode by mass fractions, pressed at [MPa]."""
    return fabricate(
        Composite(active, Fabrication("Li6PS5Cl", pressure * 1e6), shares, additive,
                  porosity=porosity, particle_radius=2.5e-6, stoichiometry=0.9,
                  moulding_pressure=None if porosity is not None else pressure * 1e6)
    )  # fmt: skip


def of(method: str, scale: float = 10.0) -> Callable[[Callable], float]:
    """Reads a property; an electrode that the package refuses is nan."""

    def read(make: Callable) -> float:
        try:
            return scale * float(getattr(make(), method)(State(T=298.15, p=50e6, x=0.9)))
        except ValueError:
            return float("nan")

    return read


NMC811 = {"active": 0.7, "electrolyte": 0.3}

SCHLAUTMANN = ((4, 14.1, 0.254, 0.301), (11, 18.1, 0.199, 0.257), (20, 21.4, 0.153, 0.311),
               (40, 24.3, 0.165, 0.406))  # fmt: skip
"""Electrolyte [um], porosity [%], ionic, electronic [mS/cm]; 70 wt% NMC811."""

FIBRES = ((1, 5.406, 0.1565, 0.447), (2, 56.92, 0.1359, 0.459), (3, 73.81, 0.1507, 0.528),
          (4, 52.85, 0.0994, 0.387), (5, 45.88, 0.0396, 0.287))  # fmt: skip
"""VGCF [wt%], electronic, ionic [mS/cm], k [W/(m K)]; NMC83 is 40 vol% of the solids."""


def fibres(share: float):
    """Ketter's electrode with fibres, the porosity of the one without (21.2 %)."""
    rho = [float(library.load(m).properties["density"](State(T=298.15, x=1.0)))
           for m in ("NMC83", "Li6PS5Cl")]  # fmt: skip
    active, electrolyte = 0.4 * rho[0], 0.6 * rho[1]
    whole = (active + electrolyte) / (1 - share)
    return composite("NMC83", {"active": active / whole, "electrolyte": electrolyte / whole,
                               "additive": share}, 500, 0.212, "VGCF")  # fmt: skip


def composites() -> Iterable[Promise]:
    """Other electrodes than those of the percolation laws."""
    by = "percolation fitted to Minnmann 2021, measured porosity"
    for word, method, place in (("ionic", "ionic_conductivity", 2),
                                ("electronic", "electronic_conductivity", 3)):  # fmt: skip
        rows = tuple(
            Row(f"{word}, electrolyte of {line[0]} um", of(method)(
                lambda line=line: composite("NMC811", NMC811, 370, line[1] / 100)),
                line[place], "mS/cm", None, "", COMPOSITE)
            for line in SCHLAUTMANN
        )  # fmt: skip
        yield Promise(f"{word} conductivity of composites", Worth.PREDICTION, "Schlautmann 2023",
                      by, rows)  # fmt: skip
    for word, method, place, scale, limit in (
        ("electronic conductivity", "electronic_conductivity", 1, 10.0, {"factor": COMPOSITE}),
        ("ionic conductivity", "ionic_conductivity", 2, 10.0, {"factor": COMPOSITE}),
        ("k", "thermal_conductivity", 3, 1.0, {"within": THERMAL}),
    ):
        rows = tuple(
            Row(f"{word}, {line[0]} wt% of fibres",
                of(method, scale)(lambda line=line: fibres(line[0] / 100)), line[place],
                "W/(m K)" if scale == 1 else "mS/cm", **limit)
            for line in FIBRES
        )  # fmt: skip
        yield Promise(f"{word} of composites with fibres", Worth.PREDICTION, "Ketter 2025",
                      "fibres from Endo 2001, composites without fibres", rows)  # fmt: skip


def promises() -> list[Promise]:
    """All of them."""
    parts = densities, conductivities, other_batches, heat, composites
    return [promise for part in parts for promise in part()]


def rows() -> list[Row]:
    """Every number."""
    return [row for promise in promises() for row in promise.rows]


def main() -> None:
    """Print."""
    show("Pellets and composites that nothing was fitted to", rows())


if __name__ == "__main__":
    main()
