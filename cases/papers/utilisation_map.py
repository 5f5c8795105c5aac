"""Deysher 2022, section 2.1 and Fig. 2a-b (Shi 2020): what share of the cathode ions can reach.

NMC811 and Li6PS5Cl at 85 % of full density, no carbon: a particle of active material counts where
it touches electrolyte that percolates. The paper's map is a picture without numbers;
its text says that small electrolyte particles and low loading use more, and that porosity below
20 % can reach full utilisation above 55 wt%. Stated accuracy: full utilisation within 5 % at 60 and
75 wt% with electrolyte a third as large as the active material; smaller electrolyte and less active
material never use less (tests/cases/papers/test_packings.py).

`--full`: a finer map, three packings a point.
"""

from __future__ import annotations

import functools
import sys

import numpy as np
from compare import Promise, Row, Worth, picture, show

from joulestack.fabrication.composite.size_ratio import utilisation as reached
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.microstructure.packings.compaction import compact
from joulestack.microstructure.packings.filling import Species, fill
from joulestack.microstructure.packings.packing import Kind
from joulestack.microstructure.packings.sizes import Uniform
from joulestack.microstructure.packings.voxelising import voxelise
from joulestack.microstructure.utilisation import Utilisation, utilisation

CAM = 5e-6  # diameter [m]
RELATIVE_DENSITY = 0.85  # assumption
RATIOS = (0.8, 1.5, 3.0)  # diameter of active material over that of electrolyte
LOADINGS = (60, 75, 85, 90)  # wt% of active material
FINE = ((0.5, 0.8, 1.2, 1.5, 2.0, 3.0, 4.0), (50, 60, 70, 75, 80, 85, 90, 95))


def volume_share(loading: float) -> float:
    """Share of active material in the volume of solids."""
    room = State(T=298.15)
    cam, se = (library.load(n).properties["density"](room) for n in ("NMC811", "Li6PS5Cl"))
    x = loading / 100
    return float(x / cam / (x / cam + (1 - x) / se))


@functools.cache
def used(ratio: float, loading: float, width: float = 5.0, seed: int = 1) -> Utilisation:
    """Utilisation of one mixture in a box some particles wide."""
    x, d = volume_share(loading), CAM / ratio
    mixture = [
        Species(Kind("CAM", stiffness=10.0, rigid=True), Uniform(0.8 * CAM, 1.2 * CAM), x),
        Species(Kind("SE"), Uniform(0.8 * d, 1.2 * d), 1 - x),
    ]
    edge = width * max(CAM, d)
    heap = fill(mixture, (edge, edge), solid=RELATIVE_DENSITY * 1.5 * edge**3, seed=seed)
    state = list(compact(heap, [RELATIVE_DENSITY], step=0.05))[-1]
    image = voxelise(state.packing, min(CAM, d) / 6).image
    return utilisation(image, "CAM", ["SE"], ["CAM"], sides="periodic")


def shi(ratio: float, loading: float) -> float:
    """The library's law, from packings that are not pressed as densely."""
    v = volume_share(loading)
    return float(reached()(State(T=298.15), fraction=v, size_ratio=ratio))


def rows() -> list[Row]:
    """What the text gives a number for."""
    note = "section 2.1: full utilisation below 20 % porosity"
    return [
        Row(f"ratio 3, {x} wt%, 15 % porosity", 100 * used(3.0, x).ionic, 100, "%", 0.05, note)
        for x in (60, 75)
    ]


def promises() -> list[Promise]:
    """What the numbers are worth."""
    return [
        Promise("full utilisation below 20 % porosity", Worth.PREDICTION,
                "Deysher 2022, section 2.1", "contacts and percolation in packings", tuple(rows())),
    ]


def main() -> None:
    """Print and draw."""
    full = "--full" in sys.argv
    ratios, loadings = FINE if full else (RATIOS, LOADINGS)
    seeds = (1, 2, 3) if full else (1,)
    table = {
        x: [float(np.mean([100 * used(r, x, seed=s).ionic for s in seeds])) for r in ratios]
        for x in loadings
    }
    notes = [
        "share of NMC811 that ions reach [%]; columns: diameter of NMC811 over that of Li6PS5Cl",
        "wt%   " + "".join(f"{r:8.2g}" for r in ratios),
        *(f"{x:3d}   " + "".join(f"{v:8.1f}" for v in line) for x, line in table.items()),
        "the same by the law of Shi 2020 (loose packings at 200 MPa, carbon left out)",
        *(f"{x:3d}   " + "".join(f"{100 * shi(r, x):8.1f}" for r in ratios) for x in loadings),
        f"assumptions: {100 * RELATIVE_DENSITY:.0f} % of full density, NMC811 rigid, 5 um +- 20 %",
    ]
    show("Deysher 2022, Fig. 2a-b: utilisation", rows(), notes)
    picture(
        "utilisation_map",
        [
            {
                "x": "diameter CAM / SE [-]",
                "y": "utilisation by ions [%]",
                "curves": [(ratios, line, f"{x} wt%") for x, line in table.items()],
            }
        ],
    )


if __name__ == "__main__":
    main()
