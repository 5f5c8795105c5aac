"""From how a layer was made to the medium that fills it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.checks import check
from joulestack.fabrication.composite.assembly import composite_electrode
from joulestack.fabrication.composite.electrode import CompositeElectrode
from joulestack.fabrication.electrolyte import SolidElectrolyte
from joulestack.fabrication.grain_boundaries import boundaries
from joulestack.fabrication.law_choices import resolve
from joulestack.fabrication.media import Solid
from joulestack.fabrication.pressing import solid_electrolyte
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.materials import ceilings, library
from joulestack.materials.library import Material
from joulestack.materials.missing_properties import fill
from joulestack.materials.overrides import Overrides

AnyMedium = Solid | SolidElectrolyte | CompositeElectrode


def fabricate(
    spec: Fabrication | Composite, extra_dirs: Sequence[str | Path] = (), where: str = ""
) -> AnyMedium:
    """Medium of a fabricated material or a composite electrode.

    Args:
        spec: what it is made of and what was done to it [SI].
        extra_dirs: folders with a user's own material files.
        where: path of the material in the case file, for messages.

    Raises:
        CaseError: an unknown name, an impossible state, or a setting without effect; every
            message has a remedy.
    """
    if isinstance(spec, Composite):
        return composite_electrode(spec, extra_dirs, where)
    check(spec, where)
    material = library.load(spec.material, extra_dirs, f"{where}.material" if where else "material")
    if material.kind == "solid electrolyte":
        return solid_electrolyte(spec, material, extra_dirs, where)
    if material.kind in ("active material", "carbon"):
        raise CaseError(
            Problem(
                where,
                f"{material.name} ({material.kind}) does not fill a layer on its own",
                f'describe a composite: active = "{material.name}", electrolyte = "Li6PS5Cl", '
                "mass_fractions = {active = 0.7, electrolyte = 0.3}"
                if material.kind == "active material"
                else "name it as additive of a composite",
            )
        )
    return solid(spec, material, where)


def solid(spec: Fabrication, material: Material, where: str = "") -> Solid:
    """A bulk solid or a gas.

    Raises:
        CaseError: a setting that only powders have, or a property is missing.
    """
    problems = [
        Problem(
            f"{where}.{name}" if where else name,
            f"has no effect: {material.name} is not made from powder here",
            "leave it out",
        )
        for name in (
            "moulding_pressure",
            "sintering_temperature",
            "relative_density",
            "particle_class",
            "effective",
            "pressings",
        )
        if getattr(spec, name) is not None
    ]
    properties = dict(material.properties)
    needed = ["density", "specific_heat_capacity", "thermal_conductivity"]
    if material.kind == "conductor":
        needed.append("electronic_conductivity")
    problems += fill(material, properties, needed, spec.overrides, where)
    if problems:
        raise CaseError(problems)
    resolve(spec.laws, {}, where)
    overrides = Overrides(spec.overrides, material.name, where)
    overrides.into(properties, (*needed, *ceilings.EVENTS))
    _, heat = boundaries(spec, material, properties, None, overrides, where)
    if "electrode_potential" in properties:
        overrides.into(properties, ["entropic_coefficient"])
    result = Solid(
        material.name,
        material.kind,
        overrides.effective("volumetric_heat_capacity", "thermal_conductivity_in_plane"),
        properties["density"],
        properties["specific_heat_capacity"],
        properties["thermal_conductivity"],
        properties["electronic_conductivity"] if material.kind == "conductor" else None,
        properties.get("electrode_potential"),
        properties.get("entropic_coefficient"),
        thermal_boundaries=heat,
        ceilings=ceilings.of_material(properties),
    )
    overrides.finish()
    return result
