"""From how a layer was made to the medium that fills it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from joulestack import units
from joulestack.errors import CaseError, Problem
from joulestack.materials import library
from joulestack.materials.composite import CompositeElectrode
from joulestack.materials.compositing import composite_electrode
from joulestack.materials.electrolyte import SolidElectrolyte
from joulestack.materials.gaps import fill
from joulestack.materials.laws import resolve
from joulestack.materials.library import Material
from joulestack.materials.media import Solid
from joulestack.materials.overrides import Overrides
from joulestack.materials.pressing import solid_electrolyte
from joulestack.materials.specification import Composite, Fabrication

AnyMedium = Solid | SolidElectrolyte | CompositeElectrode

_LOWEST_MOULDING = 1e5
"""Below this a moulding pressure [Pa] is a forgotten unit."""

_LOWEST_SINTERING = 373.15
"""Below this a sintering temperature [K] is one in degrees Celsius."""


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


def check(spec: Fabrication, where: str) -> None:
    """Refuse impossible numbers of a fabrication.

    Raises:
        CaseError: lists them.
    """
    problems = []
    prefix = f"{where}." if where else ""
    p, T, phi = spec.moulding_pressure, spec.sintering_temperature, spec.relative_density
    if p is not None and not _LOWEST_MOULDING <= p < float("inf"):
        problems.append(
            Problem(
                f"{prefix}moulding_pressure",
                f"{units.format_quantity(p, 'Pa')} is impossible",
                'plain numbers are pascal; write "370 MPa"',
            )
        )
    if T is not None and not _LOWEST_SINTERING <= T < 3000:
        problems.append(
            Problem(
                f"{prefix}sintering_temperature",
                f"{T:g} K is impossible",
                'plain numbers are kelvin; write "1100 degC"',
            )
        )
    if phi is not None and not 0 < phi <= 1:
        problems.append(
            Problem(
                f"{prefix}relative_density",
                f"{phi:g} is impossible",
                "a relative density is above 0 and at most 1; 85 % is 0.85",
            )
        )
    if spec.grain_size is not None and not 1e-9 <= spec.grain_size < 0.01:
        problems.append(
            Problem(
                f"{prefix}grain_size",
                f"{units.format_quantity(spec.grain_size, 'm')} is impossible",
                'plain numbers are metre; write "40 um"',
            )
        )
    if spec.anneal_temperature is not None:
        problems.append(
            Problem(
                f"{prefix}anneal_temperature",
                "has no effect: no law of annealing a pressed layer yet",
                "leave it out; annealed powders are a particle_class, sintered layers have a "
                "sintering_temperature",
            )
        )
    if problems:
        raise CaseError(problems)


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
            "grain_size",
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
    overrides.into(properties, needed)
    result = Solid(
        material.name,
        material.kind,
        overrides.effective("volumetric_heat_capacity", "thermal_conductivity_in_plane"),
        properties["density"],
        properties["specific_heat_capacity"],
        properties["thermal_conductivity"],
        properties["electronic_conductivity"] if material.kind == "conductor" else None,
        properties.get("electrode_potential"),
    )
    overrides.finish()
    return result
