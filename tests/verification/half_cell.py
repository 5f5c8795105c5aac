"""A half cell with particles: Li | electrolyte | composite, in 1D, axisymmetric and 3D.

By default the cell of tests/reference (see its README): the numbers that PyBaMM's solutions were
made with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from joulestack import xmath
from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.fabrication.constant_media import GivenMedium
from joulestack.laws.composition import Decades, Sum
from joulestack.laws.forms import Arrhenius, Form, Value
from joulestack.laws.kinetics import ButlerVolmer, Kinetics
from joulestack.laws.particles import Particles
from joulestack.materials.extension import voltage
from joulestack.materials.property import Property
from joulestack.mesh import Geometry, LayerSpec, Line, Pellet, Pouch, build
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive, FaceCondition, Setup

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "half_cell"
START = ROOM_TEMPERATURE
LAYERS = ("Cu", "Li", "SE", "cathode", "Al")
LUMPED = 1e3
"""Thermal conductivity [W/(m K)] at which the whole stack differs by less than 0.01 mK."""


@cache
def reference() -> Any:
    """All numbers of the cell, and what was run."""
    return json.loads((FOLDER / "half_cell.json").read_text(encoding="utf-8"))


def law(form: Form, unit: str = "1", name: str = "test", low: float = 0.0) -> Property:
    """A property without provenance."""
    return Property(name, unit, form, ranges={"x": (low, 1.0 - low)})


def arrhenius(value: float, energy: float) -> Callable[[Any], Any]:
    """value exp(Ea/R (1/T0 - 1/T)) of a state."""
    return lambda s: value * xmath.exp(energy / GAS_CONSTANT * (1 / START - 1 / s.T))


def open_circuit() -> Property:
    """U(x) of the cell."""
    given = reference()["cell"]["cathode"]["open_circuit_voltage_V"]
    return voltage(law(Sum(**{k: tuple(v) for k, v in given.items()}), "V"))


def diffusivity(name: str) -> Property:
    """D(x, T) of the cell, "constant" or "decades"."""
    cathode = reference()["cell"]["cathode"]
    given = cathode["diffusivity_m2_per_s"][name]
    energy = cathode["diffusivity_activation_J_per_mol"]
    if name == "constant":
        return law(Arrhenius(given["value"], energy), "m^2/s")
    lists = {k: tuple(given[k]) for k in ("amplitudes", "centres", "widths")}
    return law(Decades(given["value"], **lists, activation_energy=energy), "m^2/s")


def particles(start: float = 0.27, D: str = "constant", dUdT: float = 0.0) -> Particles:
    """The cell's particles."""
    c = reference()["cell"]["cathode"]
    return Particles(
        "NMC811",
        c["active_material_fraction"],
        c["particle_radius_m"],
        1.0,
        c["maximum_concentration_mol_per_m3"],
        open_circuit(),
        law(Value(dUdT), "V/K"),
        diffusivity(D),
        start,
        (0.27, 0.9),
        ButlerVolmer(
            exchange_current_density=c["exchange_current_at_half_A_per_m2"],
            activation_energy=c["exchange_current_activation_J_per_mol"],
            transfer_coefficient=c["transfer_coefficient"],
        ),
    )


def lithium_kinetics() -> Kinetics:
    """Of the lithium's face."""
    c = reference()["cell"]["lithium"]
    return ButlerVolmer(
        exchange_current_density=c["exchange_current_A_per_m2"],
        activation_energy=c["exchange_current_activation_J_per_mol"],
        transfer_coefficient=c["transfer_coefficient"],
    )


def media(populations: Sequence[Particles], k: float = LUMPED) -> dict[str, GivenMedium]:
    """Of all layers."""
    c = reference()["cell"]
    cathode, se = c["cathode"], c["separator"]
    found = {
        name: GivenMedium(
            name,
            k,
            c[key]["heat_capacity_J_per_m3_K"],
            c[key].get("electronic_conductivity_S_per_m"),
            electrode_potential=0.0 if name == "Li" else None,
        )
        for name, key in zip(
            LAYERS,
            ("negative_collector", "lithium", "separator", "cathode", "positive_collector"),
            strict=True,
        )
    }
    found["SE"] = replace(
        found["SE"],
        sigma_e=arrhenius(se["ionic_conductivity_S_per_m"], se["ionic_activation_J_per_mol"]),
    )
    found["cathode"] = replace(
        found["cathode"],
        sigma_s=cathode["effective_electronic_conductivity_S_per_m"],
        sigma_e=arrhenius(
            cathode["effective_ionic_conductivity_S_per_m"], cathode["ionic_activation_J_per_mol"]
        ),
        particles=tuple(populations),
    )
    return found


THICKNESS = dict(zip(LAYERS, (1e-5, 2e-5, 3e-5, 6e-5, 1.5e-5), strict=True))
RADIUS, WIDTH = 5e-3, 4e-3


def spec(kind: str, cells: Mapping[str, int], grading: float, in_plane: int = 3) -> Geometry:
    """Mesh of the stack."""
    layers = tuple(LayerSpec(name, t, cells.get(name, 1), grading) for name, t in THICKNESS.items())
    if kind == "line":
        return Line(layers)
    if kind == "pellet":
        return Pellet(layers, RADIUS, radial_cells=in_plane)
    return Pouch(layers, WIDTH, WIDTH, (), in_plane_size=WIDTH / in_plane)


AREA = {"line": 1e-4, "pellet": np.pi * RADIUS**2, "box": WIDTH**2}


def half_cell(
    populations: Sequence[Particles] | None = None,
    current: Callable[[float], float | None] = lambda t: 0.0,
    voltage: Callable[[float], float | None] = lambda t: None,
    *,
    kind: str = "line",
    comm: Any = MPI.COMM_SELF,
    cells: int = 10,
    separator_cells: int = 3,
    grading: float = 3.0,
    modes: int = 6,
    in_plane: int = 3,
    lumped: bool = False,
    contacts: Contacts | None = None,
    **changes: Any,
) -> Setup:
    """The cell.

    Args:
        populations: of particles; by default the reference's.
        current: density of the discharge [A/m2].
        voltage: of the terminals instead [V].
        kind: line, pellet or box.
        comm: of the mesh.
        cells, separator_cells, grading: of the cathode and the separator.
        modes: of each particle.
        in_plane: cells along the radius or an edge.
        lumped: cooled as the reference's lumped cells; else both faces keep the temperature.
        contacts: of lithium and electrolyte.
        changes: of the setup.
    """
    cooling = reference()["cell"]["cooling"]
    given = media(populations if populations is not None else [particles()])
    area = AREA[kind]
    face = (
        FaceCondition(
            coefficient=cooling["heat_transfer_coefficient_W_per_m2_K"], ambient=lambda t: START
        )
        if lumped
        else FaceCondition(temperature=lambda t: START)
    )

    def total(t: float) -> float | None:
        density = current(t)
        return None if density is None else density * area

    counts = {"SE": separator_cells, "cathode": cells}
    arguments: dict[str, Any] = {
        "tagged": build(spec(kind, counts, grading, in_plane), comm),
        "media": given,
        "start_temperature": START,
        "contacts": {("Li", "SE"): contacts or Contacts(kinetics=lithium_kinetics())},
        "faces": {"top": [face]} if lumped else {"top": [face], "bottom": [face]},
        "drive": Drive("bottom", "top", total, voltage),
        "area": area if kind == "line" else 1.0,
        "radial_modes": modes,
        "thickness": THICKNESS,
    }
    return Setup(**(arguments | changes))
