"""Impedance against closed forms, itself (Kramers-Kronig) and runs in time."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from joulestack.errors import CaseError
from joulestack.fabrication.constant_media import GivenResistance
from joulestack.laws.kinetics import Linear
from joulestack.laws.solids.voids import VoidLaw
from joulestack.measurements import run
from joulestack.measurements.impedance import logarithmic, measured, spectrum
from joulestack.measurements.linear import Complex, Floats
from joulestack.measurements.sample import Sample
from joulestack.physics.context import Blocking, Contacts
from joulestack.simulation.model import Model
from joulestack.simulation.setup import Drive, Setup
from tests.measurements import samples as s
from tests.verification.harness import Run

FREQUENCY = logarithmic(1e-3, 1e6, 3)


def rate(frequency: Floats) -> Complex:
    return 2j * math.pi * frequency


def deviation(found: Complex, exact: Complex) -> float:
    return float(np.abs(found / exact - 1).max())


@pytest.mark.parametrize("pellet", [False, True])
def test_pellet_between_blocking_contacts(pellet: bool) -> None:
    """(R_i parallel C_geo) in series with the contacts: exact, whatever the mesh, with thin foils.

    Foils conduct 1e13 times better than the contacts at 1 mHz: round-off must not pass for current.
    """
    frequency = logarithmic(1e-3, 1e9, 3)
    found = spectrum(s.blocking_cell(pellet, permittivity=10.0), frequency, thickness=s.THICK)
    w = rate(found.frequency)
    bulk = s.THICK / (s.SIGMA + w * VACUUM_PERMITTIVITY * 10.0)
    exact = (bulk + 2 * (s.R + 1 / (w * s.C)) + 2 * s.FOIL / s.METAL) / s.AREA
    assert found.area == pytest.approx(s.AREA, rel=1e-9)
    assert deviation(found.impedance, exact) < (1e-8 if pellet else 1e-10)
    assert math.isnan(found.direct)
    apparent = s.THICK / (s.THICK / s.SIGMA + 2 * s.R)
    assert found.apparent_conductivity == pytest.approx(apparent, rel=1e-3)


@pytest.mark.parametrize("own", ["lower", "upper"])
def test_layers_of_one_material_keep_their_own_permittivity(own: str) -> None:
    """Two halves of the electrolyte, one with three times the permittivity: in series."""
    half = (s.electrolyte, s.THICK / 2, 4)
    layers = {
        "bottom metal": (s.metal, s.FOIL, 4), "lower": half, "upper": half,
        "top metal": (s.metal, s.FOIL, 4),
    }  # fmt: skip
    stores = s.stores(permittivity=10.0, layers={own: 30.0})
    found = spectrum(s.sample(layers, capacitances=stores), logarithmic(1e6, 1e11, 3))
    w = rate(found.frequency)
    bulk = sum(s.THICK / 2 / (s.SIGMA + w * VACUUM_PERMITTIVITY * e) for e in (10.0, 30.0))
    exact = (bulk + 2 * (s.R + 1 / (w * s.C)) + 2 * s.FOIL / s.METAL) / s.AREA
    assert deviation(found.impedance, exact) < 1e-9


def test_contacts_of_their_own_and_constant_phase() -> None:
    """Each contact as stated; the contacts' capacitors become C s^n, 45 degrees at n = 1/2."""
    own = {("top metal", "electrolyte"): Blocking(0.02, GivenResistance(3e-5))}
    found = spectrum(s.blocking_cell(contacts=own), FREQUENCY, exponent=0.5)
    root = np.sqrt(rate(found.frequency))
    contacts = s.R + 1 / (s.C * root) + 3e-5 + 1 / (0.02 * root)
    exact = (s.THICK / s.SIGMA + contacts + 2 * s.FOIL / s.METAL) / s.AREA
    assert deviation(found.impedance, exact) < 1e-9
    assert found.phase[-1] == pytest.approx(-45, abs=0.1)


def test_a_blocked_cell_carries_no_direct_current() -> None:
    with pytest.raises(CaseError, match="no path for current"):
        Model(replace(s.blocking_cell(), capacitances=None))


RCT = 5e-3


def symmetric(**more: Any) -> Setup:
    layers = {
        "bottom": (s.lithium, s.FOIL, 3),
        "electrolyte": (s.electrolyte, s.THICK, 4),
        "top": (s.lithium, s.FOIL, 3),
    }
    contact = Contacts(charge_transfer=GivenResistance(RCT))
    pairs = {(end, "electrolyte"): contact for end in ("bottom", "top")}
    arguments: dict[str, Any] = {"contacts": pairs, "capacitances": s.stores()}
    return s.sample(layers, **(arguments | more))


def test_symmetric_lithium_cell() -> None:
    """R + 2 R_ct/(1 + i w R_ct C); its direct-current limit is a run's resistance."""
    found = spectrum(symmetric(), FREQUENCY, thickness=s.THICK)
    ohmic = s.THICK / s.SIGMA + 2 * s.FOIL / 1e7
    exact = (ohmic + 2 * RCT / (1 + rate(found.frequency) * RCT * s.C)) / s.AREA
    assert deviation(found.impedance, exact) < 1e-9
    assert found.intercept == pytest.approx(ohmic / s.AREA, rel=1e-4)
    current = 1e-6
    drive = Drive("bottom", "top", current=lambda t: current)
    row = Run(symmetric(capacitances=None, drive=drive)).begin()
    assert found.direct == pytest.approx(-row["Voltage [V]"] / current, rel=1e-6)


def cell_exact(w: Complex, capacitance: float = s.C) -> Complex:
    """Randles at both electrodes: charge transfer, diffusion in spheres, double layers."""
    thermal = GAS_CONSTANT * s.START / FARADAY
    surface = 1 / (w * capacitance + 1 / (thermal / s.I0 + s.sphere(w)))
    metal = 1 / (w * capacitance + s.I0_LI / thermal)
    ohmic = 50e-6 / s.SIGMA + s.FOIL / 1e7
    return (ohmic + metal + surface / s.area_of_particles()) / s.AREA


def test_half_cell_with_diffusion_in_spheres() -> None:
    """Randles with the sphere's coth: Warburg's 45 degrees, then the capacitor of the full grain.

    Over eleven decades, with waves from half the sphere to R/50000: crowded radial functions see
    them all, polynomials in r^2 missed shallow ones by 2 %.
    """
    exact = cell_exact(rate(logarithmic(1e-6, 1e5, 3)))
    for modes, most in ((9, 2e-3), (12, 7e-4), (16, 2e-4)):
        setup = replace(s.half_cell(), radial_modes=modes)
        found = spectrum(setup, logarithmic(1e-6, 1e5, 3))
        assert deviation(found.impedance, exact) < most, modes
    shallow = s.RADIUS * np.sqrt(2 * math.pi * found.frequency / s.D)
    assert deviation(found.impedance[shallow < 15], exact[shallow < 15]) < 1e-5
    assert math.isnan(found.direct)
    assert found.phase[-1] < -85


def test_radial_modes_converge() -> None:
    """Four more take at least nine tenths of the error off."""
    frequency = logarithmic(3e-4, 3e-3, 4)
    setup = s.half_cell()
    errors = []
    for modes in (4, 8, 12):
        found = spectrum(replace(setup, radial_modes=modes), frequency)
        errors.append(deviation(found.impedance, cell_exact(rate(found.frequency))))
    assert errors[0] > 10 * errors[1] > 100 * errors[2]
    assert errors[2] < 1e-4


def test_shallow_waves_get_functions_enough(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Spheres of 8 um, D = 2e-16 m2/s: twelve functions miss 1 % at 50 Hz."""
    monkeypatch.setattr(s, "RADIUS", 8e-6)
    monkeypatch.setattr(s, "D", 2e-16)
    stores = {"double_layer": f"{s.C} F/m^2", "permittivity": 0.0, "points_per_decade": 3}
    ends = (1e-3, 1e4)
    found = js.impedance(s.half_cell(), frequencies=ends, **stores)
    exact = cell_exact(rate(found.frequency))
    assert deviation(found.impedance, exact) < 1e-3
    assert "radial functions may miss" not in caplog.text
    asked = []
    monkeypatch.setattr(run, "prepared", lambda setup, **_: asked.append(setup) or 1 / 0)
    for given in ({}, {"radial_modes": 12}):
        with pytest.raises(ZeroDivisionError):
            js.impedance(s.half_cell(), frequencies=ends, **stores, **given)
    assert [setup.resolution.fixed for setup in asked] == [False, True]
    assert [setup.radial_modes for setup in asked] == [12, 12]


POWER = {
    "law": "power", "reference_resistance": "30 ohm cm^2", "reference_pressure": "1 MPa",
    "exponent": 0.5,
}  # fmt: skip
PRESSURE = 9e6
WIDE = logarithmic(1e-5, 1e7, 2)
"""Ten microhertz to ten megahertz."""


@pytest.mark.parametrize("share", [1.0, 0.3])
@pytest.mark.parametrize("law", ["butler-volmer", "linear", "marcus"])
@pytest.mark.parametrize(("series", "constriction"), [("12 ohm cm^2", 12e-4), (POWER, 10e-4)])
def test_contacts_stand_in_series_with_the_double_layer(
    share: float, law: str, series: Any, constriction: float
) -> None:
    """R_contact + 1/(1/R_ct + s C): the double layer is beside the reaction alone.

    An interphase counts per area in contact, and so do exchange current and capacitance.
    """
    film, i0 = 3e-4, 10.0
    kinetics: dict[str, Any] = {
        "law": law, "exchange_current_density": f"{i0} A/m^2", "contact_area": share,
        "film_resistance": f"{film} ohm m^2",
    }  # fmt: skip
    if law == "marcus":
        kinetics["reorganisation_energy"] = "40 kJ/mol"
    met = js.contact(s.lithium, s.electrolyte, charge_transfer=series, kinetics=kinetics)
    contacts = {(end, "electrolyte"): met for end in ("bottom", "top")}
    found = spectrum(symmetric(contacts=contacts, pressure=lambda t: PRESSURE), WIDE)
    w = rate(found.frequency)
    transfer = GAS_CONSTANT * s.START / FARADAY / (share * i0)
    electrode = constriction + film / share + 1 / (1 / transfer + w * share * s.C)
    ohmic = s.THICK / s.SIGMA + 2 * s.FOIL / 1e7
    assert deviation(found.impedance, (ohmic + 2 * electrode) / s.AREA) < 1e-9


@pytest.mark.parametrize(("whole", "exact"), [("12 ohm cm^2", 12e-4), (POWER, 10e-4)])
def test_a_resistance_without_kinetics_is_all_charge_transfer(whole: Any, exact: float) -> None:
    """1/(1/R + s C), for a constant and a power law of the stack pressure."""
    met = js.contact(s.lithium, s.electrolyte, charge_transfer=whole)
    contacts = {(end, "electrolyte"): met for end in ("bottom", "top")}
    found = spectrum(symmetric(contacts=contacts, pressure=lambda t: PRESSURE), WIDE)
    electrode = 1 / (1 / exact + rate(found.frequency) * s.C)
    ohmic = s.THICK / s.SIGMA + 2 * s.FOIL / 1e7
    assert deviation(found.impedance, (ohmic + 2 * electrode) / s.AREA) < 1e-9


def test_voids_take_the_double_layer_along() -> None:
    """On the share a of the face that voids leave: R_series/a + 1/(a/R_ct + s a C)."""
    depth, series = 0.7, 12e-4
    law = VoidLaw(
        capacity=1e5, closing_rate=1e-9, reference_pressure=1e6, exponent=1.0, activation_energy=0.0
    )
    kinetics = Linear(exchange_current_density=10.0, activation_energy=0.0)
    met = Contacts(charge_transfer=GivenResistance(series), kinetics=kinetics, voids=law)
    contacts = {(end, "electrolyte"): met for end in ("bottom", "top")}
    sample = Sample(symmetric(contacts=contacts))
    for points in sample.model.terms.points:
        block = points.block
        block.value.x.array.reshape(-1, block.size)[:, 0] = depth
    sample.model.epoch += 1  # the state has been set from outside
    sample.settle(sample.model.setup.drive)
    found = measured(sample, sample.linearised(True), logarithmic(1e-1, 1e7, 2))
    share = math.exp(-depth)
    transfer = GAS_CONSTANT * s.START / FARADAY / 10.0
    electrode = series / share + 1 / (share / transfer + rate(found.frequency) * share * s.C)
    ohmic = s.THICK / s.SIGMA + 2 * s.FOIL / 1e7
    assert deviation(found.impedance, (ohmic + 2 * electrode) / s.AREA) < 1e-9


def test_a_film_on_particles_stands_in_series_with_their_double_layer() -> None:
    """As on metals: R_film + 1/(s C + 1/(R_ct + diffusion)) on the surface of all particles."""
    film = 4e-3
    setup = replace(s.half_cell(), radial_modes=12)
    cathode = setup.media["cathode"]
    assert cathode.particles is not None
    (grains,) = cathode.particles
    coated = replace(grains, kinetics=replace(grains.kinetics, film_resistance=film))
    media = setup.media | {"cathode": replace(cathode, particles=(coated,))}  # type: ignore[type-var]
    found = spectrum(replace(setup, media=media), logarithmic(1e-5, 1e7, 2))
    exact = cell_exact(rate(found.frequency)) + film / s.area_of_particles() / s.AREA
    fast = found.frequency > 1e5
    assert fast.sum() > 3
    assert deviation(found.impedance[fast], exact[fast]) < 1e-4
    # Twelve radial functions, waves of any depth: as without a film.
    assert deviation(found.impedance, exact) < 7e-4


def test_kramers_kronig() -> None:
    """The imaginary part follows from the real one: causal, linear, stable."""
    found = spectrum(symmetric(), logarithmic(1e-4, 1e7, 20))
    w, real = 2 * math.pi * found.frequency[::-1], found.impedance.real[::-1]
    imaginary = found.impedance.imag[::-1]
    fine = np.geomspace(w[0], w[-1], 40001)
    value = np.interp(np.log(fine), np.log(w), real)
    for w0 in np.geomspace(1e2, 1e5, 7):
        at = np.interp(math.log(w0), np.log(w), real)
        integrand = (value - at) / (fine**2 - w0**2) * fine
        integral = np.trapezoid(integrand, np.log(fine))
        rest = (real[-1] - at) / w[-1] - 0.0  # beyond the ends the real part is settled
        low = -(real[0] - at) * w[0] / w0**2
        implied = 2 * w0 / math.pi * (integral + rest + low)
        exact = np.interp(math.log(w0), np.log(w), imaginary)
        assert implied == pytest.approx(exact, abs=5e-3 * np.abs(imaginary).max())


def test_mesh_converges_along_a_distributed_electrode() -> None:
    """A mixed conductor with chemical capacitance is a transmission line: second order."""
    frequency = np.array([10.0, 1.0])
    mixed = s.GivenMedium("mixed", k=1.0, rho_cp=1.0, sigma_s=0.05, sigma_e=0.2)
    c = 1e4
    values = []
    for cells in (4, 8, 16, 32):
        layers = {
            "bottom": (s.metal, s.FOIL, 2),
            "mixed": (mixed, s.THICK, cells),
            "top": (s.metal, s.FOIL, 2),
        }
        setup = s.sample(layers, capacitances=s.stores(chemical={"mixed": c}))
        values.append(spectrum(setup, frequency).impedance)
    errors = [float(np.abs(v - values[-1]).max()) for v in values[:-1]]
    assert errors[0] > 3 * errors[1]
    assert errors[1] > 3 * errors[2]


def test_temperature_that_answers() -> None:
    """At a load, self-heating lowers the resistance of a slow oscillation, not of a fast one."""
    from joulestack import xmath
    from tests.verification.harness import cooled

    warm = replace(
        s.electrolyte, sigma_e=lambda state: 0.3 * xmath.exp(3500 * (1 / s.START - 1 / state.T))
    )
    setup = symmetric()
    faces = {face: cooled(20.0, s.START) for face in ("bottom", "top")}
    drive = Drive("bottom", "top", current=lambda t: 0.02)
    setup = replace(setup, media=setup.media | {"electrolyte": warm}, faces=faces, drive=drive)
    frequency = np.array([1e3, 1e-5])
    held = spectrum(setup, frequency, loaded=True).impedance.real
    free = spectrum(setup, frequency, loaded=True, isothermal=False).impedance.real
    assert free[0] == pytest.approx(held[0], rel=1e-6)
    assert free[1] < 0.99 * held[1]
