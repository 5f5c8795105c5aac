"""Impedance by linearising the residual that a run solves: Z = -dV/dI at each frequency."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from joulestack.errors import ConvergenceError
from joulestack.measurements.linear import Complex, Floats, Linearised
from joulestack.measurements.sample import Sample, at_rest, constant_phase
from joulestack.physics.context import BLOCKING, DOUBLE_LAYERS
from joulestack.simulation.setup import Setup

DIRECT = (1e-3, 1e-5)
"""Parts of the lowest frequency at which a direct-current limit is looked for."""


@dataclass(frozen=True)
class Spectrum:
    """An impedance spectrum.

    Attributes:
        frequency: [Hz], falling.
        impedance: of the whole cell [Ohm].
        area: of the cell [m2].
        thickness: that an apparent conductivity is told by [m].
        direct: limit at zero frequency [Ohm]; nan if charge is stored without end.
        untold: why there is no apparent conductivity; "" where there is one.
        assumed: defaults without a source that it rests on, with their status.
        remarks: what to know of its accuracy.
    """

    frequency: Floats
    impedance: Complex
    area: float
    thickness: float
    direct: float
    untold: str = ""
    assumed: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def phase(self) -> Floats:
        """Angle of the impedance [degree]; negative where it is capacitive."""
        return np.degrees(np.angle(self.impedance))

    @property
    def intercept(self) -> float:
        """High-frequency intercept [Ohm].

        Going down from the highest frequency, the real part where the phase is first nearest to
        zero: beyond the arc of the dielectric, before that of the contacts.
        """
        angle = np.abs(self.phase)
        rising = np.flatnonzero(np.diff(angle) > 0)
        return float(self.impedance.real[rising[0] if len(rising) else len(angle) - 1])

    @property
    def apparent_conductivity(self) -> float:
        """Thickness over area and intercept [S/m]: what a reader of the plot would take.

        nan where the spectrum is of more than the layers that the thickness is of (`untold`).
        """
        return self.thickness / (self.area * self.intercept)

    def summary(self) -> dict[str, Any]:
        """Figures for a file; None where there is none."""
        return {
            "high_frequency_intercept_ohm": self.intercept,
            "apparent_conductivity_S_per_m": _known(self.apparent_conductivity),
            "direct_current_resistance_ohm": _known(self.direct),
            "area_m2": self.area,
            "thickness_m": _known(self.thickness),
            "points": len(self.frequency),
            "assumed": dict(self.assumed),
            "remarks": [*([self.untold] if self.untold else []), *self.remarks],
        }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def logarithmic(lowest: float, highest: float, per_decade: int) -> Floats:
    """Frequencies, falling, both ends included [Hz]."""
    count = max(2, 1 + round(per_decade * math.log10(highest / lowest)))
    found: Floats = np.geomspace(highest, lowest, count).astype(np.float64)
    return found


def spectrum(
    setup: Setup,
    frequency: Floats,
    isothermal: bool = True,
    exponent: float = 1.0,
    loaded: bool = False,
    thickness: float = math.nan,
    area: float | None = None,
) -> Spectrum:
    """Measure a setup.

    Args:
        setup: with a drive, which names the terminals, and capacitances where they matter.
        frequency: [Hz].
        isothermal: hold the temperature; else it answers as in a run.
        exponent: of the constant phase of blocking contacts and double layers; 1 is a capacitor.
        loaded: measure under the setup's own drive at time zero; else without current.
        thickness: see `Spectrum`.
        area: that an apparent conductivity is told by [m2]; that of the terminal if not given.

    Raises:
        CaseError: no path for current.
        ConvergenceError: no such state, or no response.
    """
    sample, system = prepared(setup, isothermal, exponent, loaded)
    return measured(sample, system, frequency, thickness, area)


def prepared(
    setup: Setup, isothermal: bool = True, exponent: float = 1.0, loaded: bool = False
) -> tuple[Sample, Linearised]:
    """A setup in its state, and its equations there; see `spectrum`."""
    sample = Sample(setup if loaded else at_rest(setup))
    sample.settle(sample.model.setup.drive)
    laws = {name: constant_phase(exponent) for name in (BLOCKING, DOUBLE_LAYERS)}
    return sample, sample.linearised(isothermal, laws if exponent != 1.0 else None)


def measured(
    sample: Sample,
    system: Linearised,
    frequency: Floats,
    thickness: float = math.nan,
    area: float | None = None,
) -> Spectrum:
    """The spectrum of a sample already linearised."""
    frequency = np.sort(np.asarray(frequency, dtype=float))[::-1]
    values = np.array([impedance_at(sample, system, 2j * math.pi * f) for f in frequency])
    direct = _direct(sample, system, float(frequency[-1]))
    return Spectrum(frequency, values, area or sample.area, thickness, direct)


def impedance_at(sample: Sample, system: Linearised, s: complex) -> complex:
    """Z(s) = -dV/dI [Ohm] at a complex rate s [1/s]."""
    load = sample.load()
    return -complex(load @ system.solve(s, -load))


def _direct(sample: Sample, system: Linearised, lowest: float) -> float:
    """Real part far below the lowest frequency where it has settled, else nan."""
    try:
        near, far = (impedance_at(sample, system, 2j * math.pi * lowest * k) for k in DIRECT)
    except ConvergenceError:
        return math.nan
    settled = abs(near - far) < 1e-3 * abs(far) and abs(far.imag) < 1e-3 * abs(far.real)
    return far.real if settled else math.nan
