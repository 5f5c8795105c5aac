"""Deysher 2022, Fig. 5: how far a stack of lithium cells expands, against its number of layers.

"Tens to hundreds of um, linear in the number of layers" (Deysher 2022). Estimated from the capacity
for 1 to 40 cells, and solved for one and for ten.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from compare import Promise, Row, Worth, pick, picture, show

import joulestack as js
from joulestack.estimates.clamping import swings

BASE = Path(__file__).parents[1] / "fixtures" / "spring.toml"
COUNTS = (1, 2, 5, 10, 20, 40)
CATHODES = (45, 90, 135)
"""Thickness [um]: about 1.6, 3.3 and 4.9 mAh/cm2."""
SHARE = 0.8
"""Of the capacity that is charged."""
LITHIUM = 5.0
"""um per mAh/cm2 (Deysher 2022)."""


def case(cells: int, cathode: int = 90) -> js.Case:
    """The spring fixture with a number of cells in it, charged once."""
    changes = {
        "cell.fixture.cells": cells,
        "cell.layers.cathode.thickness": f"{cathode} um",
        "load.protocol": ["Charge at C/3 for 2.4 hours"],
    }
    return js.Case.load(BASE, changes)


def capacity(cathode: int = 90) -> float:
    """Of one cell [mAh/cm2]; the face has 1 cm2."""
    return (case(1, cathode).capacity or 0.0) / 3.6


def estimated(cells: int, cathode: int = 90) -> float:
    """Expansion of the fully charged stack [um]."""
    return 1e6 * swings(case(cells, cathode))[0].expansion


@functools.cache
def solved(cells: int) -> tuple[float, float]:
    """Expansion [um] and pressure [MPa] after 80 % of the capacity."""
    with tempfile.TemporaryDirectory() as folder:
        found = js.run(case(cells), Path(folder) / "stack", progress=False)
        labels = ("Stack thickness change [um]", "Stack pressure [MPa]")
        first, second = (float(found[label].entries[-1]) for label in labels)
        return first, second


def rows() -> list[Row]:
    """Linear in the layers; the lithium's share of it against 5 um per mAh/cm2."""
    one = case(1)
    clamping = one.clamping
    charge = capacity()
    lithium = 1e6 * clamping.metals["lithium"] / 96485.332 * 36000 * charge
    return [
        Row("lithium of one cell", lithium, LITHIUM * charge, "um", 0.05),
        Row("expansion of 10 cells over one, solved", solved(10)[0] / solved(1)[0], 10.0, "", 1e-3,
            "linear: Fig. 5; the pressure that rises lets 0.01 % less in"),
        Row("solved over estimated, 80 % charged", solved(1)[0] / (SHARE * estimated(1)), 1.0, "",
            5e-3),
    ]  # fmt: skip


def promises() -> list[Promise]:
    """What the numbers are worth."""
    found = rows()
    return [
        Promise("lithium per areal capacity", Worth.IDENTITY, "Deysher 2022, section 3.1",
                "Faraday's law and the density of lithium", pick(found, "lithium of one")),
        Promise("expansion is linear in the cells", Worth.IDENTITY, "Deysher 2022, Fig. 5",
                "equal cells in series under constant pressure",
                (*pick(found, "expansion"), *pick(found, "solved over"))),
    ]


def main() -> None:
    """Print and draw."""
    notes = [f"{n:3d} cells: {estimated(n):7.1f} um when fully charged" for n in COUNTS]
    notes += [
        f"solved, 80 % charged: {n} cells {solved(n)[0]:.1f} um, {solved(n)[1]:.2f} MPa from 5 MPa"
        for n in (1, 10)
    ]
    show("Deysher 2022, Fig. 5: expansion of a stack", rows(), notes)
    curves = [
        (COUNTS, [SHARE * estimated(n, c) for n in COUNTS], f"{capacity(c):.1f} mAh/cm2")
        for c in CATHODES
    ]
    paper = [LITHIUM * SHARE * capacity() * n for n in COUNTS]
    curves.append((COUNTS, paper, f"lithium alone, 5 um per mAh/cm2, {capacity():.1f} mAh/cm2"))
    points = [((1, 10), [solved(n)[0] for n in (1, 10)], f"solved, {capacity():.1f} mAh/cm2")]
    panel = {"x": "cells on top of each other", "y": "expansion, 80 % charged [um]"}
    picture("stack_thickness", [panel | {"curves": curves, "points": points}])


if __name__ == "__main__":
    main()
