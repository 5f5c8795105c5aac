"""Schneider 2023, section 2.6 and Fig. 6b: pressed spheres of the measured sizes, then voxels.

Spheres of the gamma distribution of the paper (a = 1.94431, b = 7.04802 um), pressed to the
densities that the library's densification law of t-Li7SiPS8 below 50 um gives at each pressure (the
paper takes the measured thickness; its curve is a figure). The conductivity of the solid is
constant (stack pressure 0.1 GPa) or falls with the activation volume 1.4 cm3/mol (variable
pressure). Normalised at 0.5 GPa, as in the paper. Stated accuracy: slope of ln sigma above 0.7 GPa
within 25 % of the measured -1.4 cm3/mol; without activation volume the conductivity rises all the
way. At low pressure the spheres conduct better than the powder, in the paper's simulation as here
(section 2.6: "consistently higher"): shown, not promised.

`--full`: all 9591 particles on 210 x 210 um between plates, voxels of 2.5 um.
"""

from __future__ import annotations

import functools
import sys

import numpy as np
from compare import RATIO, Promise, Row, Worth, limited, pick, picture, show
from scipy.interpolate import PchipInterpolator

from joulestack.constants import GAS_CONSTANT
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.state import State
from joulestack.microstructure.conduction.solver import conduct
from joulestack.microstructure.imaging import trimmed
from joulestack.microstructure.packings.compaction import compact
from joulestack.microstructure.packings.filling import Species, fill
from joulestack.microstructure.packings.packing import Kind
from joulestack.microstructure.packings.sizes import Gamma
from joulestack.microstructure.packings.voxelising import voxelise

PRESSURES = (10, 50, 100, 200, 300, 500, 700, 1000, 1350, 1700)  # [MPa]
MEASURED = ((10, 0.3), (500, 4.1))  # loading, below 50 um [MPa, mS/cm]
ACTIVATION_VOLUME = 1.4e-6  # [m3/mol]
UM = 1e-6


def density(pressure: float) -> float:
    """Relative density of the library at a pressure [MPa]."""
    made = fabricate(Fabrication("Li7SiPS8", pressure * 1e6, particle_class="<50 um"))
    return float(made.relative_density(State(T=298.15, p=pressure * 1e6)))


@functools.cache
def structure(full: bool = False) -> tuple[tuple[float, float], ...]:
    """Relative density and conductivity over the dense solid at each pressure."""
    sizes = Gamma(1.94431, 7.04802 * UM)
    particles, voxel = (9591, 2.5 * UM) if full else (2000, 3.5 * UM)
    heap = fill(
        [Species(Kind("SE"), sizes)], (210 * UM, 210 * UM), particles=particles, plates=full,
        cohesion=0.03, seed=1, relative_density=0.53,
    )  # fmt: skip
    densities = [density(p) for p in PRESSURES]
    found = []
    for phi, state in zip(densities, compact(heap, densities, step=0.04), strict=True):
        image = voxelise(state.packing, voxel, particles=False).image
        # Spheres touch plates in points; the pellet's electrodes are pressed flat.
        image = trimmed(image, 30 * UM if full else 0.0)
        solved = conduct(image, {"pore": 0.0, "SE": 1.0}, sides="periodic")
        found.append((phi, solved.conductivity))
    return tuple(found)


def normalised(activated: bool, full: bool = False) -> np.ndarray:
    """Conductivity at the pressures over that at 0.5 GPa."""
    sigma = np.array([s for _, s in structure(full)])
    if activated:
        p = np.array(PRESSURES) * 1e6
        sigma = sigma * np.exp(-ACTIVATION_VOLUME * p / (GAS_CONSTANT * 298.15))
    return sigma / sigma[PRESSURES.index(500)]


def maximum(full: bool = False) -> tuple[float, float, float]:
    """Pressure of the maximum with activation volume, and of 1 % below it on both sides [MPa].

    The conductivity of the structure is interpolated between the pressures; the activation volume's
    share is exact.
    """
    plain = PchipInterpolator(np.log(PRESSURES), np.log(normalised(False, full)))
    p = np.geomspace(100, 1000, 2000)
    sigma = np.exp(plain(np.log(p)) - ACTIVATION_VOLUME * p * 1e6 / (GAS_CONSTANT * 298.15))
    flat = p[sigma > 0.99 * sigma.max()]
    return float(p[sigma.argmax()]), float(flat[0]), float(flat[-1])


def slope(full: bool = False) -> float:
    """Apparent activation volume above 0.7 GPa [cm3/mol]."""
    high = np.array(PRESSURES) >= 700
    p = np.array(PRESSURES)[high] * 1e6
    fitted = np.polyfit(p, np.log(normalised(True, full)[high]), 1)[0]
    return float(-fitted * GAS_CONSTANT * 298.15 * 1e6)


def rows(full: bool = False) -> list[Row]:
    """Slope, low pressure, maximum."""
    (_, low), (_, top) = MEASURED
    with_volume = normalised(True, full)
    top_at, low_end, high_end = maximum(full)
    return [
        Row("slope of ln sigma above 0.7 GPa", slope(full), 1.4, "cm3/mol", 0.25, "section 2.6"),
        Row("10 MPa over 500 MPa, activated", float(with_volume[0]), low / top, "", None,
            "section 2.6: simulated values consistently higher"),
        Row("pressure of the maximum", top_at, 500, "MPa", None, f"flat: 1 % from {low_end:.0f} to "
            f"{high_end:.0f} MPa"),
    ]  # fmt: skip


def promises(full: bool = False) -> list[Promise]:
    """What the numbers are worth."""
    found = rows(full)
    return [
        Promise("slope of ln sigma above 0.7 GPa", Worth.CALIBRATION, "Schneider 2023, section 2.6",
                "the measured activation volume goes in; packings reduce it",
                pick(found, "slope")),
        Promise("sigma, 10 over 500 MPa", Worth.PREDICTION,
                "Schneider 2023, Fig. 6b", "voxels of spheres",
                limited(pick(found, "10 MPa over"), RATIO)),
        Promise("pressure of the maximum", Worth.PREDICTION,
                "Schneider 2023, Fig. 6b", "voxels of spheres, activation volume of the release",
                limited(pick(found, "pressure of the maximum"), RATIO)),
    ]


def main() -> None:
    """Print and draw."""
    full = "--full" in sys.argv
    plain, activated = normalised(False, full), normalised(True, full)
    notes = ["p [MPa]  phi     sigma/sigma_0   normalised   with activation volume"]
    notes += [
        f"{p:7d}  {phi:.3f}   {s:.3f}           {a:.3f}        {b:.3f}"
        for p, (phi, s), a, b in zip(PRESSURES, structure(full), plain, activated, strict=True)
    ]
    notes.append("assumption: cohesion 0.03; above some 90 % spheres are a poor picture of pores.")
    show("Schneider 2023, Fig. 6b: pressed spheres", rows(full), notes)
    points = [(p, s / MEASURED[1][1]) for p, s in MEASURED]
    picture(
        "schneider_microstructure",
        [
            {
                "x": "pressure [MPa]",
                "y": "conductivity over that at 500 MPa [-]",
                "curves": [
                    (PRESSURES, plain, "stack pressure constant"),
                    (PRESSURES, activated, "with activation volume"),
                ],
                "points": [(*zip(*points, strict=True), "with activation volume")],
            }
        ],
    )


if __name__ == "__main__":
    main()
