"""What the library does not know: gaps are said, never filled with invented numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from joulestack.errors import Problem
from joulestack.materials.library import Material
from joulestack.materials.property import Property, user_property
from joulestack.materials.quantities import QUANTITIES

_MECHANICS = ("youngs_modulus", "poisson_ratio", "hardness", "thermal_expansion")

WANTED: dict[str, tuple[str, ...]] = {
    "solid electrolyte": (
        "density",
        "specific_heat_capacity",
        "relative_density",
        "dense_thermal_conductivity",
        "thermal_scaling",
        "ionic_conductivity",
        "ionic_scaling",
        "electronic_conductivity",
        "fracture_toughness",
        *_MECHANICS,
    ),
    "active material": (
        "density",
        "specific_heat_capacity",
        "dense_thermal_conductivity",
        "thermal_disorder",
        "electronic_conductivity",
        "open_circuit_voltage",
        "entropic_coefficient",
        "maximum_concentration",
        "diffusivity",
        "specific_capacity",
        "particle_radius",
        "relative_volume",
        "volume_change_on_charge",
        *_MECHANICS,
    ),
    "carbon": (
        "density",
        "specific_heat_capacity",
        "dense_thermal_conductivity",
        "electronic_conductivity",
        "electronic_scaling",
    ),
    "conductor": (
        "density",
        "specific_heat_capacity",
        "thermal_conductivity",
        "electronic_conductivity",
        *_MECHANICS,
    ),
    "insulator": ("density", "specific_heat_capacity", "thermal_conductivity", *_MECHANICS),
    "gas": ("density", "specific_heat_capacity", "thermal_conductivity"),
}
"""Properties that a user of each kind of material may look for."""

_INSTEAD = {
    "dense_thermal_conductivity": "thermal_conductivity",
    "ionic_conductivity": "ionic_conductivity",
}
"""Property of the solid -> property of the finished layer that makes it needless."""


def gaps(material: Material) -> list[str]:
    """Properties of `WANTED` for which the library holds no number."""
    known = set(material.properties).union(*material.classes.values())
    return [n for n in WANTED.get(material.kind, ()) if n not in known]


def fill(
    material: Material,
    properties: dict[str, Property],
    needed: Iterable[str],
    overrides: Mapping[str, float],
    where: str,
) -> list[Problem]:
    """Put a user's overrides where the library has gaps.

    Args:
        material: for messages.
        properties: of it; changed.
        needed: to build a medium.
        overrides: of the case [SI].
        where: key of the material in the case.

    Returns:
        What is still missing, each with a remedy.
    """
    problems = []
    for name in needed:
        if name in properties:
            continue
        instead = _INSTEAD.get(name, "")
        given = overrides.get(name, overrides.get(instead) if instead else None)
        if given is not None:
            unit = QUANTITIES[name].unit
            properties[name] = user_property(name, unit, float(given), material.name)
            continue
        settable = [n for n in (name, instead) if n and not n.endswith("_scaling")]
        ways = " or ".join(f"overrides.{n}" for n in dict.fromkeys(settable))
        remedy = f"set {ways}" if ways else f"add [{name}] to a material file of your own"
        what = f"{material.name} has no {name}: no number found in the literature read"
        problems.append(Problem(where, what, remedy))
    return problems
