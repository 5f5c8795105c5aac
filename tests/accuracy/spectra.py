"""Impedance from 10 uHz to 10 MHz against closed forms."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

import joulestack as js
from joulestack.constants import FARADAY, GAS_CONSTANT
from joulestack.laws.kinetics import Linear
from joulestack.measurements import depth
from joulestack.measurements.impedance import Spectrum
from tests.accuracy import record
from tests.accuracy.level import Level
from tests.accuracy.record import Case, Figure, Outcome
from tests.measurements import samples

Complex = npt.NDArray[np.complex128]

WIDE = (1e-5, 1e7)
THERMAL = GAS_CONSTANT * samples.START / FARADAY


def against(measure: Callable[[], Spectrum], exact: Callable[[Complex], Complex]) -> Outcome:
    """Largest deviation of a spectrum, as a part of |Z| there."""
    begun = time.process_time()
    found = measure()
    seconds = time.process_time() - begun
    right = exact(2j * math.pi * found.frequency)
    off = np.abs(found.impedance / right - 1)
    names = ("impedance", "impedance, worst above 1 kHz")
    fast = found.frequency > 1e3
    figures = [
        Figure(names[0], float(off[~fast].max()), record.IMPEDANCE),
        Figure(names[1], float(off[fast].max()), record.IMPEDANCE),
    ]
    return Outcome(tuple(figures), seconds, len(found.frequency))


def blocking(level: Level) -> Outcome:
    """Pellet between contacts with constant phase: R + 2 (R_c + 1/(C s^n))."""
    s = samples
    setup = s.blocking_cell(pellet=True)
    stores = {
        "blocking_capacitance": f"{s.C} F/m^2", "blocking_resistance": f"{s.R} ohm m^2",
        "permittivity": 0.0, "constant_phase_exponent": 0.8,
    }  # fmt: skip

    def exact(w: Complex) -> Complex:
        return (s.THICK / s.SIGMA + 2 * (s.R + 1 / (s.C * w**0.8)) + 2 * s.FOIL / s.METAL) / s.AREA

    return against(lambda: js.impedance(setup, frequencies=WIDE, **stores), exact)


def symmetric(level: Level) -> Outcome:
    """Lithium on both faces: contact and film in series with charge transfer and double layer."""
    s, share, i0, film = samples, 0.4, 8.0, 3e-4
    layers = {"below": (s.lithium, s.FOIL, 4), "electrolyte": (s.electrolyte, s.THICK, 8),
              "above": (s.lithium, s.FOIL, 4)}  # fmt: skip
    kinetics = {
        "law": "butler-volmer", "exchange_current_density": f"{i0} A/m^2", "contact_area": share,
        "film_resistance": f"{film} ohm m^2",
    }  # fmt: skip
    met = js.contact(s.lithium, s.electrolyte, charge_transfer="12 ohm cm^2", kinetics=kinetics)
    setup = s.sample(layers, contacts={(e, "electrolyte"): met for e in ("below", "above")})

    def exact(w: Complex) -> Complex:
        transfer = 1 / (share * i0 / THERMAL + w * share * s.C)
        electrode = 12e-4 + film / share + transfer
        return (s.THICK / s.SIGMA + 2 * s.FOIL / 1e7 + 2 * electrode) / s.AREA

    return against(
        lambda: js.impedance(
            setup, frequencies=WIDE, double_layer=f"{s.C} F/m^2", permittivity=0.0
        ),
        exact,
    )


def spheres(
    radius: float, D: float, kappa: float, sigma: float, thickness: float
) -> Callable[[Level], Outcome]:
    """Transmission line of ions and electrons with spheres and double layers, lithium opposite.

    Z = L/(k+s) (1 + (2 + (s/k + k/s) cosh v)/(v sinh v)), v = L sqrt(y (1/k + 1/s)).
    """
    slope, c_max, fraction, i0, i0_li = 0.8, 5e4, 0.5, 2.0, 50.0

    def run(level: Level) -> Outcome:
        s = samples
        grains = js.Particles(
            name="grains", fraction=fraction, radius=radius, contact_fraction=1.0,
            maximum_concentration=c_max,
            open_circuit_voltage=s.law("U", s.Polynomial("x", (4.2, -slope)), "V"),
            entropic_coefficient=None, diffusivity=s.law("D", s.Value(D), "m^2/s"),
            start=0.5, window=(0.3, 0.9),
            kinetics=js.ButlerVolmer(exchange_current_density=i0, activation_energy=0.0),
        )  # fmt: skip
        cathode = js.GivenMedium(
            "cathode", k=1.0, rho_cp=2e6, sigma_s=sigma, sigma_e=kappa, particles=(grains,)
        )
        through = {"lithium": 10e-6, "electrolyte": 50e-6, "cathode": thickness}
        geometry = level.geometry(geometry="line", area="1 cm^2", layers=through)
        contacts = {
            ("lithium", "electrolyte"): js.Contacts(
                kinetics=Linear(exchange_current_density=i0_li, activation_energy=0.0)
            )
        }
        media = {"lithium": s.lithium, "electrolyte": s.electrolyte, "cathode": cathode}
        setup = js.Setup(
            js.build(geometry, s.MPI.COMM_SELF), media, s.START, contacts,
            drive=js.Drive("bottom", "top", current=0.0), area=s.AREA,
        )  # fmt: skip

        # As of a case: its cells are graded to the depth that the current reaches.
        finest = depth.needed(replace(setup, capacitances=s.stores()), WIDE[1])
        setup = replace(setup, tagged=js.build(geometry.refined(finest), s.MPI.COMM_SELF))

        def exact(w: Complex) -> Complex:
            k = radius * np.sqrt(w / D)
            coth = np.where(k.real > 300, 1.0, 1 / np.tanh(np.where(k.real > 300, 1.0, k)))
            diffusion = slope * radius / (FARADAY * c_max * D) / (k * coth - 1)
            y = 3 * fraction / radius * (w * s.C + 1 / (THERMAL / i0 + diffusion))
            v = thickness * np.sqrt(y * (1 / kappa + 1 / sigma))
            sinh_v, tanh_v = _shaped(v)
            line = (2 / (v * sinh_v) + (sigma / kappa + kappa / sigma) / (v * tanh_v) + 1) * (
                thickness / (kappa + sigma)
            )
            metal = 1 / (w * s.C + i0_li / THERMAL)
            return (line + metal + 50e-6 / s.SIGMA + 10e-6 / 1e7) / s.AREA

        asked: dict[str, Any] = {"double_layer": f"{s.C} F/m^2", "permittivity": 0.0}
        return against(lambda: js.impedance(setup, frequencies=WIDE, **asked), exact)

    return run


def _shaped(v: Complex) -> tuple[Complex, Complex]:
    """Hyperbolic sine (infinite where it overflows) and tangent."""
    large = v.real > 300
    small = np.where(large, 1.0, v)
    return np.where(large, 1e300, np.sinh(small)), np.where(large, 1.0, np.tanh(small))


QUICK = ("impedance_symmetric", "impedance_spheres")


def cases() -> Iterator[Case]:
    """All of them."""
    rows: dict[str, tuple[str, Callable[[Level], Outcome]]] = {
        "impedance_blocking": ("pellet between blocking contacts of constant phase", blocking),
        "impedance_symmetric": ("Li on both faces, contact, film, reaction", symmetric),
        "impedance_spheres": (
            "spheres of 2 um, both conductors good", spheres(2e-6, 1e-15, 1e4, 1e5, 20e-6)
        ),
        "impedance_large_spheres": (
            "spheres of 8 um, slow diffusion", spheres(8e-6, 2e-16, 1e4, 1e5, 40e-6)
        ),
        "impedance_line": (
            "a transmission line of ions and electrons with spheres",
            spheres(2e-6, 1e-15, 0.05, 10.0, 60e-6),
        ),
        "impedance_line_slow_electrons": (
            "the same with electrons slower than ions", spheres(1e-6, 5e-15, 0.2, 0.02, 40e-6)
        ),
    }  # fmt: skip
    for name, (what, run) in rows.items():
        yield Case(name, "impedance, closed forms", what, run, name in QUICK)
