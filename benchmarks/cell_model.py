"""The half-cell of tests/reference as a setup: a line, or a pouch with tabs, with or without load.

The numbers are read from half_cell.json, which PyBaMM's side was solved with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mpi4py import MPI

from joulestack.fabrication.constant_media import GivenMedium, GivenResistance
from joulestack.laws.composition import Sum
from joulestack.laws.forms import Arrhenius, Value
from joulestack.laws.kinetics import ButlerVolmer, Kinetics
from joulestack.laws.particles import Particles
from joulestack.materials.extension import voltage
from joulestack.materials.property import Property
from joulestack.mesh import Geometry, LayerSpec, Line, Pouch, TabSpec, build
from joulestack.physics.context import Contacts
from joulestack.simulation.setup import Drive, FaceCondition, Setup

REFERENCE = Path(__file__).resolve().parents[1] / "tests" / "reference" / "half_cell"
FACES = ("bottom", "top", "left", "right", "front", "back")
KEYS = {
    "Cu": "negative_collector",
    "Li": "lithium",
    "SE": "separator",
    "cathode": "cathode",
    "Al": "positive_collector",
}
LUMPED = 1e3
"""Thermal conductivity [W/(m K)] of every layer: one temperature in a thin stack."""
IN_PLANE = {"Cu": 390.0, "Li": 85.0, "SE": 0.5, "cathode": 0.8, "Al": 230.0}
"""Thermal conductivity [W/(m K)] of the layers of a pouch; the reference has none: assumptions."""


def reference() -> Any:
    """All numbers of the cell, and what was run."""
    return json.loads((REFERENCE / "half_cell.json").read_text(encoding="utf-8"))


def _law(form: Any, unit: str) -> Property:
    return Property("reference", unit, form, ranges={"x": (0.0, 1.0)})


def _activated(value: float, energy: float, start: float) -> Property:
    """Conductivity [S/m] with an activation energy [J/mol], `value` at the start temperature."""
    return _law(Arrhenius(value, energy, start), "S/m")


def _kinetics(given: Mapping[str, Any], key: str) -> Kinetics:
    return ButlerVolmer(
        exchange_current_density=given[key],
        activation_energy=given["exchange_current_activation_J_per_mol"],
        transfer_coefficient=given["transfer_coefficient"],
    )


def particles(cathode: Mapping[str, Any], stoichiometry: float) -> Particles:
    """The cell's particles, D constant."""
    ocv = {k: tuple(v) for k, v in cathode["open_circuit_voltage_V"].items()}
    energy = cathode["diffusivity_activation_J_per_mol"]
    D = cathode["diffusivity_m2_per_s"]["constant"]["value"]
    return Particles(
        "NMC811",
        cathode["active_material_fraction"],
        cathode["particle_radius_m"],
        1.0,
        cathode["maximum_concentration_mol_per_m3"],
        voltage(_law(Sum(**ocv), "V")),
        _law(Value(0.0), "V/K"),
        _law(Arrhenius(D, energy), "m^2/s"),
        stoichiometry,
        (0.27, 0.9),
        _kinetics(cathode, "exchange_current_at_half_A_per_m2"),
    )


def layers(
    cells: Mapping[str, int], grading: float = 3.0
) -> tuple[tuple[LayerSpec, ...], dict[str, float]]:
    """Layers as meshed, and their thickness."""
    cell = reference()["cell"]
    thickness = {name: cell[key]["thickness_m"] for name, key in KEYS.items()}
    specs = tuple(LayerSpec(n, t, cells.get(n, 1), grading) for n, t in thickness.items())
    return specs, thickness


def line(cells: Mapping[str, int]) -> Geometry:
    """One dimension."""
    return Line(layers(cells)[0])


def pouch(
    cells: Mapping[str, int], size: tuple[float, float], in_plane: float, tabs: bool
) -> Geometry:
    """A box; tabs at its back edge carry the current where there are any."""
    width = size[0]
    ends = (
        TabSpec("back", "Cu", width / 4, width / 6, width / 8),
        TabSpec("back", "Al", width / 4, width / 6, 5 * width / 8),
    )
    return Pouch(layers(cells)[0], *size, ends if tabs else (), in_plane_size=in_plane)


def setup(
    spec: Geometry,
    faces: Mapping[str, float],
    modes: int,
    loaded: bool = True,
    isothermal: bool = False,
    resistance: float | None = None,
) -> Setup:
    """The cell under 1C, or heated evenly by about what 1C releases.

    Args:
        spec: its mesh.
        faces: face -> heat transfer coefficient [W/(m2 K)].
        modes: polynomials for the lithium in a particle.
        loaded: with current; else heat alone with a given source.
        isothermal: top and bottom are held at the start temperature.
        resistance: thermal, at every interface [m2 K/W]; perfect without.
    """
    given = reference()
    cell, run = given["cell"], given["runs"]["lumped_1c"]
    start = cell["reference_temperature_K"]
    flat, se, cathode = isinstance(spec, Line), cell["separator"], cell["cathode"]
    media = {
        name: GivenMedium(
            name,
            LUMPED if flat else IN_PLANE[name],
            cell[key]["heat_capacity_J_per_m3_K"],
            cell[key].get("electronic_conductivity_S_per_m"),
            electrode_potential=0.0 if name == "Li" else None,
        )
        for name, key in KEYS.items()
    }
    media["SE"] = replace(
        media["SE"],
        sigma_e=_activated(
            se["ionic_conductivity_S_per_m"], se["ionic_activation_J_per_mol"], start
        ),
    )
    media["cathode"] = replace(
        media["cathode"],
        sigma_s=cathode["effective_electronic_conductivity_S_per_m"],
        sigma_e=_activated(
            cathode["effective_ionic_conductivity_S_per_m"],
            cathode["ionic_activation_J_per_mol"],
            start,
        ),
        particles=(particles(cathode, run["initial_stoichiometry"]),),
    )
    density = cell["nominal_capacity_Ah"] / cell["area_m2"]
    area = cell["area_m2"] if flat else spec.width * spec.length  # type: ignore[union-attr]
    ends = ("tab_negative", "tab_positive") if getattr(spec, "tabs", ()) else ("bottom", "top")
    contact = Contacts(kinetics=_kinetics(cell["lithium"], "exchange_current_A_per_m2"))
    law = None if resistance is None else GivenResistance(resistance)
    pairs = list(zip(list(KEYS), list(KEYS)[1:], strict=False))
    contacts = {p: Contacts(thermal=law) for p in pairs if law is not None}
    if loaded:
        contacts[("Li", "SE")] = replace(contact, thermal=law)
    held = FaceCondition(temperature=lambda t: start)
    return Setup(
        tagged=build(spec, MPI.COMM_SELF),
        media=media,
        start_temperature=start,
        contacts=contacts,
        faces={"bottom": [held], "top": [held]}
        if isothermal
        else {
            face: [FaceCondition(coefficient=h, ambient=lambda t: start)]
            for face, h in faces.items()
        },
        drive=Drive(*ends, lambda t: density * area) if loaded else None,
        heat_sources={} if loaded else dict.fromkeys(("SE", "cathode"), 4e4),
        area=cell["area_m2"] if flat else 1.0,
        radial_modes=modes,
        thickness=layers({})[1],
    )
