"""Thermal wave, polarisation, titration: put a property in, get it out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from joulestack.measurements.polarisation import polarisation
from joulestack.measurements.thermal_wave import suited, thermal_wave
from joulestack.measurements.titration import pulses
from joulestack.simulation.setup import Drive
from tests.measurements import samples as s
from tests.verification.harness import Run, StepControl, cooled


def slab(cells: int, pellet: bool = False, **more: Any) -> Any:
    return s.sample({"pellet": (s.electrolyte, s.THICK, cells)}, pellet, drive=None, **more)


ALPHA = 0.5 / 1.8e6


@pytest.mark.parametrize("pellet", [False, True])
def test_thermal_wave_returns_the_diffusivity(pellet: bool) -> None:
    """Problem 6 of the verification list: 0.1 %."""
    frequency = suited(ALPHA, s.THICK)
    found = thermal_wave(slab(8, pellet), frequency, s.THICK)
    np.testing.assert_allclose(found.diffusivity, ALPHA, rtol=1e-4)
    k = np.sqrt(2j * math.pi * frequency / ALPHA)
    exact = 1 / (0.5 * k * np.sinh(k * s.THICK))
    np.testing.assert_allclose(found.rear, exact, rtol=1e-4)


def test_thermal_wave_converges() -> None:
    frequency = suited(ALPHA, s.THICK)
    errors = [
        np.abs(thermal_wave(slab(n), frequency, s.THICK).diffusivity / ALPHA - 1).max()
        for n in (4, 8, 16)
    ]
    assert errors[0] > 14 * errors[1] > 196 * errors[2]


def test_thermal_wave_shows_losses_as_a_spread() -> None:
    """With a film on both faces (Biot number 0.2) the adiabatic formula reads high at first."""
    faces = {face: cooled(100.0, s.START) for face in ("bottom", "top")}
    found = thermal_wave(slab(16, faces=faces), suited(ALPHA, s.THICK), s.THICK)
    assert found.diffusivity[0] > 1.05 * ALPHA
    assert abs(found.diffusivity[-1] / ALPHA - 1) < abs(found.diffusivity[0] / ALPHA - 1)
    assert found.summary()["spread_over_frequencies"] > 0.02


IONIC, ELECTRONIC = 0.3, 0.1


def test_polarisation_of_a_mixed_conductor() -> None:
    """Two branches in parallel, one of them with two capacitors: a run in time follows exp(-t/tau).

    First and last current give both partial conductivities; contacts of R count with the ions.
    """
    mixed = s.GivenMedium("mixed", k=0.5, rho_cp=1.8e6, sigma_s=ELECTRONIC, sigma_e=IONIC)
    layers = {
        "bottom": (s.metal, s.FOIL, 2),
        "mixed": (mixed, s.THICK, 4),
        "top": (s.metal, s.FOIL, 2),
    }
    faces = {"bottom": cooled(1e4, s.START)}
    setup = s.sample(layers, capacitances=s.stores(), faces=faces)
    branch = s.THICK / IONIC + 2 * s.R
    tau = branch * s.C / 2
    found = polarisation(setup, 0.05, 12 * tau, s.THICK)
    exact = 0.05 * s.AREA * (ELECTRONIC / s.THICK + np.exp(-found.time / tau) / branch)
    np.testing.assert_allclose(found.current, exact, rtol=2e-3)
    assert found.passing == pytest.approx(ELECTRONIC, rel=1e-3)
    assert found.blocked == pytest.approx(s.THICK / branch, rel=1e-3)
    assert found.settled < 1e-3


def test_titration_returns_the_diffusivity() -> None:
    """A pulse of tau = 0.02 R^2/D in the full model: D to 3 %."""
    tau, rest = 0.02 * s.RADIUS**2 / s.D, 1.5 * s.RADIUS**2 / s.D
    current = 0.5 * s.area_of_particles() * s.AREA * 0.02
    setup = s.half_cell(capacitances=None, radial_modes=12)

    def load(t: float) -> float:
        return current if 10.0 < t <= 10.0 + tau else 0.0

    run = Run(
        replace(setup, drive=Drive("bottom", "top", current=load)),
        control=StepControl(largest=tau / 60),
    )
    run.begin()
    stepper = run.stepper
    stepper.advance(0.0, 10.0, [], lambda t: run._record(t, "step"))
    stepper.begin(10.0, just_after=True)
    run._record(10.0, "jump")
    stepper.advance(10.0, 10.0 + tau, [], lambda t: run._record(t, "step"))
    stepper.control = StepControl()
    stepper.begin(10.0 + tau, just_after=True)
    run._record(10.0 + tau, "jump")
    stepper.advance(10.0 + tau, 10.0 + tau + rest, [], lambda t: run._record(t, "step"))
    time, amps, volts = (
        np.array([row[key] for row in run.rows])
        for key in ("Time [s]", "Current [A]", "Voltage [V]")
    )
    (pulse,) = pulses(time, amps, volts)
    assert pulse.duration == pytest.approx(tau)
    assert pulse.current == pytest.approx(current)
    assert pulse.diffusivity(s.RADIUS) == pytest.approx(s.D, rel=0.03)


def test_titration_by_the_series_alone() -> None:
    """The formula against the sphere's own series: 1 %, and it refuses pulses with few points."""
    R, D, slope, tau = 2e-6, 1e-15, 0.8, 40.0
    n = np.arange(1, 400)
    roots = (n + 0.5) * math.pi
    for _ in range(30):  # tan b = b
        roots = np.arctan(roots) + n * math.pi
    t = np.linspace(0, tau, 201)
    q = 1e-3  # j/(F c_max R) per second
    mean = 3 * q * t
    wave = 2 * np.exp(-np.outer(t, roots**2) * D / R**2) @ (1 / roots**2)
    surface = mean + q * R**2 / D * (0.2 - wave)
    after = np.linspace(tau, 5 * tau, 50)
    time = np.concatenate([[0.0], t, after])
    amps = np.concatenate([[0.0], np.ones_like(t), np.zeros_like(after)])
    volts = np.concatenate([[4.0], 3.99 - slope * surface, np.full(50, 4.0 - slope * mean[-1])])
    (pulse,) = pulses(time, amps, volts)
    assert pulse.diffusivity(R) == pytest.approx(D, rel=0.01)
    assert pulse.jump == pytest.approx(-0.01, rel=0.05)
    with pytest.raises(ValueError, match="max_step"):
        pulses(time[::40], amps[::40], volts[::40])
