"""Deysher 2022, section 4.2: a good electrolyte between ion-blocking metals is a Debye circuit.

R_i in series with C_int, both in parallel with C_geo. The paper gives the circuit and no numbers:
those beside the model's are the circuit's own, from the conductivity, capacitances and permittivity
that went into the cell. The dielectric of the cell spans the electrolyte alone, not its contacts:
the difference is C_geo/C_int, 1e-6, and the contacts' own 1e-4 Ohm cm2 at 10 GHz.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from compare import Promise, Row, Worth, picture, show

from joulestack.case import Case
from joulestack.constants import VACUUM_PERMITTIVITY
from joulestack.laws.state import State
from joulestack.measurements.impedance import Spectrum
from joulestack.measurements.run import spectrum_of

AREA, THICKNESS, C_CONTACT, PERMITTIVITY, STACK = 1e-4, 1e-3, 0.1, 10.0, 50e6
CASE = {
    "joulestack": 1,
    "cell": {
        "geometry": "line",
        "area": AREA,
        "stack_pressure": STACK,
        "layers": [
            {"name": "lower", "material": "stainless steel", "thickness": 1e-4},
            {"name": "electrolyte", "material": "pressed", "thickness": THICKNESS},
            {"name": "upper", "material": "stainless steel", "thickness": 1e-4},
        ],
    },
    "materials": {"pressed": {"material": "Li6PS5Cl", "moulding_pressure": 370e6}},
    "thermal": {"faces": {"bottom": {"kind": "fixed temperature", "temperature": 298.15}}},
    "time": {"end": 1.0},
    "impedance": {
        "blocking_capacitance": C_CONTACT,
        "blocking_resistance": 1e-8,
        "permittivity": PERMITTIVITY,
        "highest_frequency": 1e10,
        "points_per_decade": 10,
    },
}


@cache
def measured() -> tuple[Spectrum, float]:
    """The spectrum, and the conductivity that went in [S/m]."""
    case = Case.from_dict(CASE)
    medium = case.media()["electrolyte"]
    sigma = medium.ionic_conductivity(State(T=298.15, p=STACK, p_max=STACK))
    return spectrum_of(case), float(sigma)


def circuit(frequency, sigma: float):
    """Debye's circuit [Ohm]."""
    s = 2j * np.pi * np.asarray(frequency)
    R_i = THICKNESS / (sigma * AREA)
    ions = R_i + 2 / (s * C_CONTACT * AREA)
    return 1 / (1 / ions + s * VACUUM_PERMITTIVITY * PERMITTIVITY * AREA / THICKNESS)


def rows() -> list[Row]:
    """What a reader takes from the plot, against the circuit."""
    found, sigma = measured()
    f, Z = found.frequency, found.impedance
    R_i = THICKNESS / (sigma * AREA)
    low = int(np.argmin(f))
    C_int = -1 / (2 * np.pi * f[low] * Z.imag[low])
    geometric = (1 / Z[0]).imag / (2 * np.pi * f[0])
    away = float(np.abs(Z / circuit(f, sigma) - 1).max())
    return [
        Row("R_i from the intercept", found.intercept, R_i, "Ohm", 1e-3),
        Row("C_int from the tail", 1e6 * C_int, 1e6 * C_CONTACT * AREA / 2, "uF", 1e-3),
        Row(
            "C_geo from the arc",
            1e12 * geometric,
            1e12 * VACUUM_PERMITTIVITY * PERMITTIVITY * AREA / THICKNESS,
            "pF",
            1e-3,
        ),
        Row("1 + largest deviation, 1 mHz to 10 GHz", 1 + away, 1.0, "", 1e-3),
        Row("phase at 1 mHz", float(found.phase[low]), -90.0, "degree", 1e-3),
    ]


def notes() -> list[str]:
    """What stands where in the spectrum."""
    _, sigma = measured()
    top = sigma / (2 * np.pi * VACUUM_PERMITTIVITY * PERMITTIVITY)
    return [
        f"The arc of C_geo has its top at {top / 1e6:.0f} MHz: an instrument that ends at 1 MHz "
        "sees a point on the axis and the tail. Blocking capacitance and permittivity are "
        "assumptions.",
    ]


def promises() -> list[Promise]:
    """What the numbers are worth."""
    return [
        Promise("Debye circuit", Worth.IDENTITY, "Deysher 2022, section 4.2",
                "circuit from the inputs of the cell", tuple(rows())),
    ]


def main() -> None:
    """Print and draw."""
    show("Deysher 2022, section 4.2: Debye cell (paper: the circuit)", rows(), notes())
    found, sigma = measured()
    exact = circuit(found.frequency, sigma)
    seen = -found.impedance.imag < 3 * found.intercept
    picture(
        "debye_cell",
        [
            {
                "x": "Re Z [Ohm]",
                "y": "-Im Z [Ohm]",
                "curves": [(found.impedance.real[seen], -found.impedance.imag[seen], "cell")],
                "points": [(exact.real[seen][::5], -exact.imag[seen][::5], "circuit")],
            }
        ],
    )


if __name__ == "__main__":
    main()
