"""Voltage loss and heat of a lithium cell at stack pressures from 1 to 100 MPa.

The contact of Li | Li6PS5Cl against Doux 2020, and what the whole cell loses: ionic
conduction (Cronau 2021) and the contact both get better with pressure. Creep of lithium forbids the
upper end: see the warnings of `joulestack check`.
"""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from compare import Promise, Row, Worth, limited, pick, picture, show

import joulestack as js
from joulestack.laws.state import State

BASE = Path(__file__).parents[1] / "fixtures" / "constant_pressure.toml"
PRESSURES = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0)
CURRENT = 10.0
"""Of the discharge [A/m2]."""
DOUX = ((5, 50.0), (10, 12.0), (15, 5.7), (20, 2.5))
"""Pressure [MPa], resistance of one interface [ohm cm2]; 30 % uncertain."""


def case(pressure: float) -> js.Case:
    """A half charged cell, discharged for two minutes."""
    return js.Case.load(
        BASE,
        {
            "cell.stack_pressure": f"{pressure} MPa",
            "materials.cathode.state_of_charge": 0.5,
            "load.protocol": ["Discharge at 1 mA/cm^2 for 2 minutes"],
        },
    )


@dataclass(frozen=True)
class Solved:
    """After two minutes of discharge.

    Attributes:
        lost: voltage below that at rest [mV].
        slow: the part of diffusion, which heats the particles only as their lithium evens out [mV].
        heat: generated, in all [W/m2].
        reversible: the part that goes with the entropy of the reaction [W/m2].
    """

    lost: float
    slow: float
    heat: float
    reversible: float


@functools.cache
def solved(pressure: float) -> Solved:
    """The cell at a stack pressure [MPa]."""
    with tempfile.TemporaryDirectory() as folder:
        found = js.run(case(pressure), Path(folder) / "scan", progress=False)

        def last(name: str) -> float:
            return float(found[name].entries[-1])

        return Solved(
            1e3 * (last("Equilibrium voltage [V]") - last("Voltage [V]")),
            1e3 * last("Loss diffusion [V]"),
            last("Heat generated [W]") / 1e-4,
            last("Heat reversible [W]") / 1e-4,
        )


def contact(pressure: float) -> float:
    """Resistance of Li | Li6PS5Cl in the library's law [ohm cm2]."""
    law = case(pressure).contacts()["lithium", "separator"].charge_transfer
    return 1e4 * float(law.resistance(State(T=298.15, p=pressure * 1e6, p_max=pressure * 1e6)))


def rows() -> list[Row]:
    """Contact against Doux (a factor of two, Doux 2020); loss and heat fall with every step."""
    found = [solved(p) for p in PRESSURES]
    for values in ([s.lost for s in found], [s.heat for s in found]):
        assert values == sorted(values, reverse=True)
    rows = [
        Row(f"contact at {p} MPa", contact(p), R, "ohm cm2", None, "power law through all points")
        for p, R in DOUX
    ]
    drop = solved(3.0).lost - solved(10.0).lost
    own = CURRENT * 1e-4 * (contact(3.0) - contact(10.0)) * 1e3
    rows.append(Row("loss from 3 to 10 MPa over that of the contact", drop / own, 1.0, "", 0.25,
                     "the separator and the cathode add theirs"))  # fmt: skip
    for p in (1.0, 100.0):
        s = solved(p)
        rows.append(Row(f"irreversible heat over current, {p:g} MPa",
                        1e3 * (s.heat - s.reversible) / CURRENT, s.lost - s.slow, "mV", 1e-4,
                        "voltage lost without diffusion's part"))  # fmt: skip
    return rows


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    return [
        Promise("contact of lithium on Li6PS5Cl", Worth.CALIBRATION, "Doux 2020",
                "power law through these values", limited(pick(found, "contact at"), factor=2)),
        Promise("loss, heat and contact of a cell", Worth.IDENTITY, "the package itself",
                "voltage lost against heat; loss against the contact's own",
                (*pick(found, "loss from"), *pick(found, "irreversible"))),
    ]


def main() -> None:
    """Print and draw."""
    notes = [
        f"{p:5g} MPa: {solved(p).lost:8.1f} mV lost, {solved(p).heat:7.3f} W/m2 "
        f"({solved(p).reversible:.3f} reversible), contact {contact(p):7.2f} ohm cm2"
        for p in PRESSURES
    ]
    notes.append(
        "The contact was measured from 1 to 20 MPa; beyond, the library's law levels off. "
        "Separator and cathode were measured above 49 MPa; below, the law is extrapolated."
    )
    show("Stack pressure from 1 to 100 MPa", rows(), notes)
    p, fine = np.array(PRESSURES), np.geomspace(1.0, 100.0, 60)
    panels = [
        {
            "x": "stack pressure [MPa]",
            "y": name,
            "curves": [(p, values, "1 mA/cm2, after two minutes")],
            "scales": ("log", "log"),
        }
        for name, values in (
            ("voltage lost at 1 mA/cm2 [mV]", [solved(v).lost for v in PRESSURES]),
            ("heat at 1 mA/cm2 [W/m2]", [solved(v).heat for v in PRESSURES]),
        )
    ]
    panels.append(
        {
            "x": "stack pressure [MPa]",
            "y": "Li | Li6PS5Cl [ohm cm2]",
            "curves": [(fine, [contact(v) for v in fine], "law of the library")],
            "points": [([a for a, _ in DOUX], [b for _, b in DOUX], "Doux 2020")],
            "scales": ("log", "log"),
        }
    )
    picture("stack_pressure_scan", panels)


if __name__ == "__main__":
    main()
