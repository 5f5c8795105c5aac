"""Deysher 2022, section 4.2 and Fig. 6c-e: spectra and polarisation of mixed conductors.

The paper says, without numbers: electrons that leak make the capacitive tail disappear; where ions
and electrons carry alike there are two semicircles; electron-blocking layers on both sides bring
the tail back; and under a held voltage the current falls to that of the electrons. The cells here
are 1 mm thick, ions at 1 mS/cm, contacts of 10 uF/cm2; all of these numbers are assumptions.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from compare import Promise, Row, Worth, picture, show
from mpi4py import MPI

from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.measurements.impedance import Spectrum, logarithmic, spectrum
from joulestack.measurements.polarisation import Polarisation, polarisation
from joulestack.mesh import LayerSpec, Line, build
from joulestack.physics.capacitance import Capacitances
from joulestack.physics.context import Blocking
from joulestack.simulation.setup import Drive, FaceCondition, Setup

AREA, THICKNESS, START = 1e-4, 1e-3, 298.15
IONIC, CONTACT, CAPACITANCE, PERMITTIVITY = 0.1, 1e-6, 0.1, 10.0
LEAKS = {"electrolyte": None, "equal": IONIC, "electronic": 100 * IONIC}
VOLTAGE = 0.05
HEAT = {"k": 1.0, "rho_cp": 2e6}
"""The temperature is held: these do not matter."""


def cell(electronic: float | None, blockers: bool = False) -> Setup:
    """Steel | conductor | steel, with or without electron-blocking electrolyte on both sides."""
    steel = GivenMedium("steel", **HEAT, sigma_s=1.4e6)
    layer = GivenMedium("layer", **HEAT, sigma_e=10 * IONIC)
    middle = GivenMedium("conductor", **HEAT, sigma_s=electronic, sigma_e=IONIC)
    stack = [("lower", steel, 1e-4), ("conductor", middle, THICKNESS), ("upper", steel, 1e-4)]
    if blockers:
        stack[1:1] = [("below", layer, 1e-4)]
        stack[-1:-1] = [("above", layer, 1e-4)]
    return Setup(
        tagged=build(Line(tuple(LayerSpec(n, t, 8) for n, _, t in stack)), MPI.COMM_SELF),
        media={n: m for n, m, _ in stack},
        start_temperature=START,
        faces={"bottom": [FaceCondition(temperature=lambda t: START)]},
        drive=Drive("bottom", "top"),
        area=AREA,
        thickness={n: t for n, _, t in stack},
        capacitances=Capacitances(
            double_layer=CAPACITANCE,
            blocking=Blocking(CAPACITANCE, GivenResistance(CONTACT)),
            permittivity=PERMITTIVITY,
        ),
    )


@cache
def spectra() -> dict[str, Spectrum]:
    """1 mHz to 1 GHz: the arc of the dielectric is above what instruments reach."""
    frequency = logarithmic(1e-3, 1e9, 10)
    found = {n: spectrum(cell(e), frequency, thickness=THICKNESS) for n, e in LEAKS.items()}
    found["electronic, blocked"] = spectrum(cell(LEAKS["electronic"], blockers=True), frequency)
    return found


@cache
def held() -> Polarisation:
    """50 mV over the conductor whose ions and electrons carry alike."""
    return polarisation(cell(LEAKS["equal"]), VOLTAGE, 0.02, THICKNESS)


def arcs(found: Spectrum) -> int:
    """Maxima of -Im Z over frequency."""
    minus = -found.impedance.imag
    rises = np.diff(minus) > 1e-3 * np.abs(found.impedance).min() * 1e-3
    return int((rises[:-1] & ~rises[1:]).sum())


def rows() -> list[Row]:
    """Words of the paper as numbers."""
    found, step = spectra(), held()
    phase = {name: float(s.phase[-1]) for name, s in found.items()}
    half = 0.5 * THICKNESS / (IONIC * AREA)
    equal = found["equal"]
    said = "tail of a capacitor: -90 degree"
    return [
        Row("electrolyte: phase at 1 mHz", phase["electrolyte"], -90.0, "degree", 0.01, said),
        Row("electrons lead: 1 + phase at 1 mHz", 1 + phase["electronic"], 1, "", 0.01, "no tail"),
        Row("with electron blockers", phase["electronic, blocked"], -90.0, "degree", 0.01, said),
        Row("alike: semicircles", arcs(equal), 2, "", 0.0, "two in the paper"),
        Row(
            "alike: first semicircle ends at",
            equal.intercept,
            half,
            "Ohm",
            0.01,
            "R_i R_e/(R_i + R_e)",
        ),
        Row("alike: second one ends at", equal.direct, 2 * half, "Ohm", 0.01, "R_e"),
        Row("polarisation: electrons, plateau", 10 * step.passing, 10 * IONIC, "mS/cm", 0.01),
        Row("polarisation: ions, what died away", 10 * step.blocked, 10 * IONIC, "mS/cm", 0.01),
    ]


def notes() -> list[str]:
    """What the layers cost."""
    ohmic = spectra()["electronic, blocked"].intercept
    pure = THICKNESS / (IONIC * AREA)
    return [
        "The paper has no numbers: column 'paper' is what its words and the inputs imply.",
        f"With electron blockers the axis is met at {ohmic:.1f} Ohm, not at the ions' "
        f"{pure:.0f} Ohm: beyond the layers the electrons go on carrying, and ions cross only "
        "where these end. Blockers bring the tail back, the intercept is not the ionic resistance.",
    ]


def promises() -> list[Promise]:
    """What the numbers are worth."""
    return [
        Promise("spectra and polarisation of mixed conductors", Worth.IDENTITY,
                "Deysher 2022, section 4.2, Fig. 6c-e", "what its words and the inputs imply",
                tuple(rows())),
    ]


def main() -> None:
    """Print and draw."""
    show("Deysher 2022, section 4.2: mixed conductors", rows(), notes())
    found, step = spectra(), held()
    limit = 1.3 * THICKNESS / (IONIC * AREA)
    curves = []
    for name, s in found.items():
        seen = -s.impedance.imag < limit
        curves.append((s.impedance.real[seen], -s.impedance.imag[seen], name))
    picture(
        "mixed_conductor",
        [
            {"x": "Re Z [Ohm]", "y": "-Im Z [Ohm]", "curves": curves},
            {
                "x": "time [ms]",
                "y": "current [mA]",
                "curves": [(1e3 * step.time, 1e3 * step.current, "50 mV held")],
            },
        ],
    )


if __name__ == "__main__":
    main()
