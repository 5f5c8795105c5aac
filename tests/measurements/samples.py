"""Samples with known impedances."""

from __future__ import annotations

from typing import Any

from mpi4py import MPI

from joulestack.constants import FARADAY
from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.laws.forms import Polynomial, Value
from joulestack.laws.kinetics import ButlerVolmer, Linear
from joulestack.laws.particles import Particles
from joulestack.materials.property import Property
from joulestack.mesh import LayerSpec, Line, Pellet, build
from joulestack.physics.capacitance import Capacitances
from joulestack.physics.context import Blocking, Contacts
from joulestack.simulation.setup import Drive, Setup

AREA, THICK, FOIL = 1e-4, 1e-3, 10e-6
SIGMA, METAL = 0.3, 6e7
C, R = 0.1, 1e-5
START = 298.15

metal = GivenMedium("metal", k=100.0, rho_cp=2e6, sigma_s=METAL)
lithium = GivenMedium("lithium", k=85.0, rho_cp=1.9e6, sigma_s=1e7, electrode_potential=0.0)
electrolyte = GivenMedium("electrolyte", k=0.5, rho_cp=1.8e6, sigma_e=SIGMA)


def sample(
    layers: dict[str, tuple[Any, float, int]],
    pellet: bool = False,
    comm: Any = MPI.COMM_SELF,
    **more: Any,
) -> Setup:
    """Layers: name -> medium, thickness, cells; rest between the faces bottom and top."""
    specs = tuple(LayerSpec(n, t, cells) for n, (_, t, cells) in layers.items())
    spec = (
        Pellet(specs, (AREA / 3.141592653589793) ** 0.5, radial_cells=4) if pellet else Line(specs)
    )
    arguments: dict[str, Any] = {
        "tagged": build(spec, comm),
        "media": {n: m for n, (m, _, _) in layers.items()},
        "start_temperature": START,
        "drive": Drive("bottom", "top", current=lambda t: 0.0),
        "area": 1.0 if pellet else AREA,
        "thickness": {n: t for n, (_, t, _) in layers.items()},
    }
    return Setup(**(arguments | more))


def stores(**more: Any) -> Capacitances:
    arguments: dict[str, Any] = {"double_layer": C, "blocking": Blocking(C, GivenResistance(R))}
    return Capacitances(**(arguments | more))


def blocking_cell(
    pellet: bool = False, cells: int = 8, comm: Any = MPI.COMM_SELF, **more: Any
) -> Setup:
    """Metal | electrolyte | metal."""
    layers = {
        "bottom metal": (metal, FOIL, 4),
        "electrolyte": (electrolyte, THICK, cells),
        "top metal": (metal, FOIL, 4),
    }
    return sample(layers, pellet, comm, capacitances=stores(**more))


RADIUS, D, C_MAX, SLOPE, FRACTION = 2e-6, 1e-15, 5e4, 0.8, 0.5
I0, CATHODE, I0_LI = 2.0, 20e-6, 50.0


def law(name: str, form: Any, unit: str) -> Property:
    return Property(name, unit, form)


def half_cell(**more: Any) -> Setup:
    """Li | electrolyte | particles with a straight U(x), electrons and ions there unhindered."""
    particles = Particles(
        name="grains",
        fraction=FRACTION,
        radius=RADIUS,
        contact_fraction=1.0,
        maximum_concentration=C_MAX,
        open_circuit_voltage=law("open_circuit_voltage", Polynomial("x", (4.2, -SLOPE)), "V"),
        entropic_coefficient=None,
        diffusivity=law("diffusivity", Value(D), "m^2/s"),
        start=0.5,
        window=(0.3, 0.9),
        kinetics=ButlerVolmer(exchange_current_density=I0, activation_energy=0.0),
    )
    cathode = GivenMedium(
        "cathode", k=1.0, rho_cp=2e6, sigma_s=1e5, sigma_e=1e4, particles=(particles,)
    )
    layers = {
        "lithium": (lithium, FOIL, 3),
        "electrolyte": (electrolyte, 50e-6, 3),
        "cathode": (cathode, CATHODE, 4),
    }
    kinetics = Linear(exchange_current_density=I0_LI, activation_energy=0.0)
    arguments: dict[str, Any] = {
        "contacts": {("lithium", "electrolyte"): Contacts(kinetics=kinetics)},
        "radial_modes": 8,
        "capacitances": stores(),
    }
    return sample(layers, **(arguments | more))


def area_of_particles() -> float:
    """Of all particles per face area [-]."""
    return 3 * FRACTION / RADIUS * CATHODE


def sphere(s: Any) -> Any:
    """Diffusion impedance of a sphere on its own surface [Ohm m2]."""
    import numpy as np

    k = RADIUS * np.sqrt(s / D)
    return SLOPE * RADIUS / (FARADAY * C_MAX * D) / (k / np.tanh(k) - 1)
