"""Relative density and grain size as they follow from the fabrication of an electrolyte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.electrolyte import Compaction
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.densification import oedometric_modulus
from joulestack.laws.state import ROOM
from joulestack.materials.library import Material
from joulestack.materials.property import Property, user_property


def key_of(where: str, name: str) -> str:
    """Path of a key below the path of a material."""
    return f"{where}.{name}" if where else name


def with_stack(
    spec: Fabrication, properties: Mapping[str, Property]
) -> tuple[Fabrication, tuple[str, ...]]:
    """The same powder once the whole stack was pressed, and what of that has no effect."""
    press = spec.stack_moulding
    if press is None:
        return spec, ()
    law = properties.get("relative_density")
    if spec.relative_density is None and law and "highest_pressure" in law.form.variables:
        return replace(spec, moulding_pressure=max(press, spec.moulding_pressure or 0.0)), ()
    why = "its relative density is given" if spec.relative_density is not None else "it is sintered"
    shown = units.format_quantity(press, "Pa", 3)
    return spec, (f"{shown} on the whole stack has no effect on it: {why}",)


def compaction(
    spec: Fabrication,
    material: Material,
    properties: Mapping[str, Property],
    laws: Mapping[str, str],
    where: str,
) -> Compaction:
    """Relative density as it follows from the fabrication.

    Raises:
        CaseError: too little or too much is given.
    """
    modulus = _modulus(properties, laws, material, where)
    if spec.relative_density is not None:
        if spec.moulding_pressure is not None:
            raise CaseError(
                Problem(
                    key_of(where, "relative_density"),
                    "moulding_pressure is given too",
                    "give one: the density or what made it",
                )
            )
        return Compaction(
            user_property("relative_density", "1", spec.relative_density, material.name)
        )
    law = properties.get("relative_density")
    chosen = laws.get("relative_density")
    if chosen and (law is None or chosen != law.form.form_name):
        law = material.alternatives.get("relative_density", {}).get(chosen)
        if law is None:
            known = [
                *(
                    [properties["relative_density"].form.form_name]
                    if "relative_density" in properties
                    else []
                ),
                *material.alternatives.get("relative_density", {}),
            ]
            raise CaseError(
                Problem(
                    f"{key_of(where, 'laws')}.relative_density",
                    f'the library holds no numbers for "{chosen}" of {material.name}',
                    f"it holds {', '.join(known) or 'none'}",
                )
            )
    if law is None:
        raise CaseError(
            Problem(
                where,
                f"nothing is known of how pressing densifies {material.name}",
                "set relative_density",
            )
        )
    if "sintering_temperature" in law.form.variables:
        return _sintered(spec, material, law, where)
    if spec.moulding_pressure is None and law.form.variables:
        raise CaseError(
            Problem(
                where,
                f"{material.name} is pressed from powder, but nothing says how hard",
                'set moulding_pressure = "370 MPa" or relative_density = 0.85',
            )
        )
    return Compaction(law, spec.moulding_pressure, modulus=modulus)


def _sintered(spec: Fabrication, material: Material, law: Property, where: str) -> Compaction:
    if spec.sintering_temperature is None:
        raise CaseError(
            Problem(
                where,
                f"{material.name} is sintered, but nothing says at which temperature",
                'set sintering_temperature = "1100 degC" or relative_density = 0.85',
            )
        )
    if spec.moulding_pressure is not None:
        raise CaseError(
            Problem(
                key_of(where, "moulding_pressure"),
                f"has no effect: the density of {material.name} follows from its sintering",
                f"leave it out; the library's curve holds for {law.conditions}",
            )
        )
    return Compaction(law, sintering_temperature=spec.sintering_temperature)


def _modulus(
    properties: Mapping[str, Property], laws: Mapping[str, str], material: Material, where: str
) -> float | None:
    if laws.get("springback", "none") == "none":
        return None
    room = ROOM
    if own := properties.get("springback_modulus"):  # of the powder class, or given
        return float(own(room))
    if not {"bulk_modulus", "shear_modulus"} <= set(properties):
        raise CaseError(
            Problem(
                f"{key_of(where, 'laws')}.springback",
                f"the library holds no bulk and shear modulus of {material.name}",
                'set overrides.springback_modulus = "40 GPa", or springback = "none"',
            )
        )
    return float(
        oedometric_modulus(properties["bulk_modulus"](room), properties["shear_modulus"](room))
    )


def grain_size(spec: Fabrication, properties: Mapping[str, Property]) -> float | None:
    """Grain size given, or made by sintering as far as the library knows [m]."""
    if spec.grain_size is not None:
        return spec.grain_size
    law = properties.get("grain_size")
    if law is None or spec.sintering_temperature is None:
        return None
    return float(law(ROOM, sintering_temperature=spec.sintering_temperature))
