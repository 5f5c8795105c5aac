"""Lee 2026, Table 1, Fig. 3 and section 3.2: from powder of 75-150 um to tortuosity and ratios.

Spheres of 75-150 um are pressed to the densities of Table 1, voxelised, and solved. Nothing is
fitted to the conductivities; one number is assumed, the cohesion that holds powder of 52 % solids
together (0.1 of the radius; frictionless spheres without it do not touch below 64 %). Stated
accuracy: tortuosity at 200 MPa within 5 % of "approximately 1.2". The paper solves for the electric
potential in the CT image (Eqs 1-4); here tortuosity is the root of eps sigma_0/sigma_eff from the
same equations. Ratios of k between 15 and 200 MPa are within 15 %, with argon in the pores, as
section 3.2 says of the sulfides (the oxide of section 3.4 has air). Insulating pores leave the
loose powder too little: shown beside it.

`--full`: four times the volume, voxels of 5 um.
"""

from __future__ import annotations

import functools
import sys

import numpy as np
from compare import RATIO, Promise, Row, Worth, limited, pick, picture, show

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State
from joulestack.microstructure.conduction.solver import conduct
from joulestack.microstructure.packings.compaction import compact
from joulestack.microstructure.packings.filling import Species, fill
from joulestack.microstructure.packings.packing import Kind
from joulestack.microstructure.packings.sizes import Uniform
from joulestack.microstructure.packings.voxelising import voxelise
from joulestack.microstructure.tortuosity import Transport

PRESSURES = (15, 50, 100, 200)
TABLE_1 = {
    "LPS glass": (0.524, 0.658, 0.730, 0.777),
    "Li3PS4": (0.578, 0.651, 0.731, 0.775),
    "Li6PS5Cl": (0.625, 0.683, 0.738, 0.769),
}
RATIOS = {"LPS glass": (2.3, 2.0), "Li3PS4": (1.9, 2.1), "Li6PS5Cl": (1.7, 2.7)}  # k, sigma
COHESION = 0.1
UM = 1e-6
Solid = dict[float, Transport]
Heat = dict[tuple[str, float], float]


def gas_share(material: str) -> float:
    """Conductivity of argon over that of the dense solid, both of the library at 25 degC."""
    made = fabricate(Fabrication(material, 200e6))
    argon = fabricate(Fabrication("argon"))
    state = State(T=298.15)
    return float(argon.thermal_conductivity(state)) / float(made.dense_conductivity(state))


@functools.cache
def solved(full: bool = False, cohesion: float = COHESION) -> tuple[Solid, Heat]:
    """How the solid conducts, and heat with argon: one compaction through all densities."""
    powder = Species(Kind("SE"), Uniform(75 * UM, 150 * UM))
    width, particles, voxel = (1000 * UM, 2400, 5 * UM) if full else (700 * UM, 600, 7.5 * UM)
    heap = fill(
        [powder], (width, width), particles=particles, plates=False, cohesion=cohesion, seed=1,
        relative_density=0.35,
    )  # fmt: skip
    densities = sorted({phi for row in TABLE_1.values() for phi in row})
    found: Solid = {}
    heat: Heat = {}
    for phi, state in zip(densities, compact(heap, densities), strict=True):
        image = voxelise(state.packing, voxel, particles=False).image
        ions = conduct(image, {"pore": 0.0, "SE": 1.0}, sides="periodic")
        found[phi] = Transport(image.fraction("SE"), ions.conductivity)
        for material, phis in TABLE_1.items():
            if phi in (phis[0], phis[-1]):
                gas = {"pore": gas_share(material), "SE": 1.0}
                heat[material, phi] = conduct(image, gas, sides="periodic").conductivity
    return found, heat


def transport(full: bool = False) -> Solid:
    """Relative density -> how the solid conducts."""
    return solved(full)[0]


def rows(full: bool = False) -> list[Row]:
    """Tortuosity and ratios."""
    of = transport(full)
    found = []
    for material, phis in TABLE_1.items():
        tau = of[phis[-1]].tortuosity
        found.append(Row(f"{material}, tortuosity, 200 MPa", tau, 1.2, "", 0.05, "Fig. 3b: about"))
    for material, phis in TABLE_1.items():
        ratio = of[phis[-1]].relative / of[phis[0]].relative
        heat = solved(full)[1]
        filled = heat[material, phis[-1]] / heat[material, phis[0]]
        k, sigma = RATIOS[material]
        found += [
            Row(f"{material}, k, 200 over 15 MPa, argon", filled, k, "", 0.15, "section 3.2"),
            Row(f"{material}, k, insulating pores", ratio, k, "", None, "no gas"),
            Row(f"{material}, sigma, 200 over 15 MPa", ratio, sigma, "", None,
                "contacts between grains are not in the model"),
        ]  # fmt: skip
    return found


def promises(full: bool = False) -> list[Promise]:
    """What the numbers are worth."""
    found = rows(full)
    basis = "spheres pressed to the densities of Table 1; "
    return [
        Promise("tortuosity at 200 MPa", Worth.PREDICTION, "Lee 2026, Fig. 3b",
                basis + "conduction through voxels", pick(found, "tortuosity")),
        *(
            Promise(f"k against pressure: {m}", Worth.PREDICTION, "Lee 2026, section 3.2",
                    basis + "argon of the library in the pores, as the paper",
                    pick(found, m, ", k, ", "argon"))
            for m in TABLE_1
        ),
        *(
            Promise(f"sigma against pressure: {m}", Worth.PREDICTION, "Lee 2026, section 3.2",
                    basis + "no resistance between grains",
                    limited(pick(found, m, "sigma"), RATIO))
            for m in TABLE_1
        ),
    ]


def main() -> None:
    """Print and draw."""
    full = "--full" in sys.argv
    of = transport(full)
    notes = [
        f"phi {phi:.3f}: sigma/sigma_0 {t.relative:.3f}, tortuosity factor "
        f"{t.tortuosity_factor:.2f}, its root {t.tortuosity:.2f}"
        for phi, t in of.items()
    ]
    notes.append(
        f"assumptions: cohesion {COHESION}. Without the gas heat and ions take "
        "the same ways; the paper's ratios differ (2.3 and 2.0, 1.9 and 2.1, 1.7 and 2.7)."
    )
    show("Lee 2026, Table 1: powder to tortuosity and conductivity", rows(full), notes)
    phi = np.array(list(of))
    pressure = {m: list(PRESSURES) for m in TABLE_1}
    picture(
        "lee_microstructure",
        [
            {
                "x": "relative density [-]",
                "y": "conductivity over dense [-]",
                "curves": [
                    (phi, [t.relative for t in of.values()], "voxels"),
                    (phi, (3 * phi - 1) / 2, "Bruggeman"),
                ],
            },
            {
                "x": "pressure [MPa]",
                "y": "tortuosity (root) [-]",
                "curves": [
                    (pressure[m], [of[p].tortuosity for p in phis], m)
                    for m, phis in TABLE_1.items()
                ],
                "points": [([200], [1.2], "paper, 200 MPa")],
            },
        ],
    )


if __name__ == "__main__":
    main()
