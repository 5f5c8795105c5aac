"""Thermal wave: one face of a pellet is heated sinusoidally, the other one answers with a delay.

The thermal analogue of impedance. Between adiabatic faces the rear follows the heated face as
1/cosh((1 + i) u), u = L sqrt(pi f/alpha), so that the phase alone gives the diffusivity alpha
(Angstrom's method; as Lee 2026, section 2.3, measures it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from joulestack.measurements.linear import Complex, Floats
from joulestack.measurements.sample import Sample
from joulestack.simulation.setup import Setup

LARGEST_DEPTH = 40.0
"""u beyond which nothing arrives."""


@dataclass(frozen=True)
class ThermalWave:
    """What was measured.

    Attributes:
        frequency: [Hz].
        heated, rear: temperature of both faces per heat flux into the heated one [K m2/W].
        thickness: between them [m].
    """

    frequency: Floats
    heated: Complex
    rear: Complex
    thickness: float

    @property
    def delay(self) -> Floats:
        """Phase by which the rear face lags [rad], as low frequencies continue upwards."""
        order = np.argsort(self.frequency)
        lag = np.unwrap(-np.angle(self.rear / self.heated)[order])
        out = np.empty_like(lag)
        out[order] = lag
        return out

    @property
    def diffusivity(self) -> Floats:
        """Apparent thermal diffusivity at each frequency [m2/s]."""
        u = np.array([_depth(float(lag)) for lag in self.delay])
        return math.pi * self.frequency * self.thickness**2 / u**2

    def summary(self) -> dict[str, Any]:
        """Figures for a file."""
        found = self.diffusivity
        return {
            "thermal_diffusivity_m2_per_s": float(np.median(found)),
            "spread_over_frequencies": float(np.ptp(found) / np.median(found)),
            "thickness_m": self.thickness,
        }


def thermal_wave(
    setup: Setup,
    frequency: Floats,
    thickness: float,
    heated: str = "bottom",
    rear: str = "top",
) -> ThermalWave:
    """Measure a setup about its start.

    Args:
        setup: its thermal conditions hold as in a run; losses show as a spread of the result.
            Temperatures are quadratic in each cell, whatever its degree.
        frequency: [Hz].
        thickness: between the faces [m].
        heated, rear: faces.
    """
    sample = Sample(replace(setup, drive=None, degree=2), faces=(heated, rear))
    sample.settle(None)
    system = sample.linearised(isothermal=False)
    source, ear = sample.face(heated), sample.face(rear)
    area = [w.sum() for w in (source, ear)]
    waves = [system.solve(2j * math.pi * f, source) for f in frequency]
    return ThermalWave(
        np.asarray(frequency, dtype=float),
        np.array([source @ w / area[0] for w in waves]),
        np.array([ear @ w / area[1] for w in waves]),
        thickness,
    )


def suited(diffusivity: float, thickness: float, depths: Sequence[float] = (0.5, 1, 2)) -> Floats:
    """Frequencies [Hz] at which waves of these depths u cross a pellet."""
    return np.array([diffusivity * u * u / (math.pi * thickness**2) for u in depths])


def lag_of(u: float) -> float:
    """Phase by which the rear lags [rad] at a depth u."""
    return u + float(np.angle(1 + np.exp(-2 * (1 + 1j) * u)))


def _depth(lag: float) -> float:
    from scipy.optimize import brentq

    if not 0 < lag < lag_of(LARGEST_DEPTH):
        return math.nan
    return float(brentq(lambda u: lag_of(u) - lag, 1e-9, LARGEST_DEPTH, xtol=1e-14, rtol=1e-13))
