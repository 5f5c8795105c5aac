"""From [materials] to fabricated media."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from joulestack import units
from joulestack.access import outside
from joulestack.case.layers.effective import Request, structured
from joulestack.case.layers.fabrication import ActivePart, CompositeElectrode, Fabricated
from joulestack.case.layers.masses import measured, relative_density
from joulestack.case.layers.reactions import recipe_of
from joulestack.case.root import CaseFile
from joulestack.case.stack.geometry import geometry_of
from joulestack.case.stack.stack import bodies
from joulestack.errors import CaseError, Problem
from joulestack.fabrication import specification
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.media import Solid
from joulestack.fabrication.melting import with_melting
from joulestack.fabrication.reactions import with_reactions
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.medium import Medium
from joulestack.laws.pressed_contact import PressedContact
from joulestack.materials import ceilings, library
from joulestack.materials.quantities import QUANTITIES
from joulestack.spelling import unknown


def material_folders(folder: Path) -> tuple[Path, ...]:
    """Where a case's own material files may lie: beside it, and in materials/ beside it."""
    own = [] if outside(folder, "materials") else [folder / "materials"]
    return tuple(f for f in (*own, folder) if f.is_dir())


def specification_of(
    case: CaseFile, material: str, folder: Path
) -> tuple[Fabrication | Composite, tuple[Request, ...]]:
    """How the material of a layer was made, and the microstructures that it is made of.

    Args:
        case: its models.
        material: key of [materials] or library name.
        folder: of the case file.

    Raises:
        CaseError: an override with a wrong name or unit, a microstructure that does not fit.
    """
    recipe = case.materials.get(material)
    if recipe is None:
        press = case.cell.moulding_pressure
        phi = relative_density(case, material, None, material_folders(folder))
        in_cell = _in_cell(case)
        bare = Fabrication(material, relative_density=phi, in_cell=in_cell, stack_moulding=press)
        return bare, ()
    requests: tuple[Request, ...] = ()
    electrolyte = None
    if isinstance(recipe, CompositeElectrode):
        inner, requests = specification_of(case, recipe.electrolyte, folder)
        if isinstance(inner, Composite):
            raise CaseError(f"{recipe.electrolyte} is a composite electrode itself")
        electrolyte = inner
    made = _without_structure(case, material, electrolyte, folder)
    if recipe.effective is None:
        return made, requests
    where, given = f"materials.{material}", recipe.effective.microstructure
    found, request = structured(made, given, folder, material_folders(folder), where)
    if isinstance(recipe, CompositeElectrode):
        requests = ()  # the electrolyte's own is that of a layer of its own
        if found.reaches and recipe.contact_fraction is not None:
            what = "has no effect: the microstructure says what electrolyte touches"
            raise CaseError(Problem(f"{where}.contact_fraction", what, "leave it out"))
    own = () if request is None else (request,)
    return replace(made, effective=found), (*requests, *own)


def requests_of(case: CaseFile, folder: Path) -> tuple[Request, ...]:
    """Microstructures that the layers of a case are made of, each once.

    Raises:
        CaseError: as for `specification_of`.
    """
    found: dict[Path, Request] = {}
    for material in dict.fromkeys(body.material for body in bodies(case.cell)):
        for request in specification_of(case, material, folder)[1]:
            found.setdefault(request.path, request)
    return tuple(found.values())


def _without_structure(
    case: CaseFile, material: str, electrolyte: Fabrication | None, folder: Path
) -> Fabrication | Composite:
    recipe = case.materials[material]
    overrides = read_overrides(recipe.overrides, f"materials.{material}")
    in_cell = _in_cell(case)
    if isinstance(recipe, Fabricated):
        folders = material_folders(folder)
        packed = relative_density(case, material, overrides.get("density"), folders)
        return Fabrication(
            recipe.material,
            recipe.moulding_pressure,
            recipe.sintering_temperature,
            recipe.particle_class,
            recipe.anneal_temperature,
            recipe.relative_density if packed is None else packed,
            overrides,
            recipe.laws,
            recipe.grain_size,
            pressings=recipe.pressings,
            in_cell=in_cell,
            stack_moulding=case.cell.moulding_pressure,
        )
    assert electrolyte is not None
    thickness, weighed = measured(case, material)
    by_volume, pressed = recipe.volume_fractions, recipe.contact_under_pressure
    return Composite(
        _active(recipe.active),
        electrolyte,
        recipe.mass_fractions.model_dump() if recipe.mass_fractions else {},
        recipe.additive,
        recipe.porosity,
        recipe.moulding_pressure,
        recipe.particle_radius,
        recipe.charge_transfer_resistance,
        recipe.open_circuit_voltage,
        recipe.stoichiometry,
        recipe.contact_fraction,
        overrides,
        recipe.laws,
        by_volume.model_dump() if by_volume else None,
        recipe.loading,
        thickness if recipe.loading is not None or weighed is not None else None,
        recipe.electrolyte_particle_size,
        case.cell.state_of_charge if follows_cell(recipe) else recipe.state_of_charge,
        recipe.window,
        recipe.kinetics.recipe() if recipe.kinetics else None,
        recipe.maximum_concentration,
        recipe.diffusivity,
        contact_under_pressure=None if pressed is None else PressedContact(**pressed.model_dump()),
        coating=recipe.coating,
        areal_mass=weighed,
    )


def _in_cell(case: CaseFile) -> bool:
    """Whether a layer has others beside it, at contacts of their own: not a pellet by itself."""
    return len(tuple(bodies(case.cell))) > 1


def follows_cell(recipe: CompositeElectrode) -> bool:
    """Whether an electrode starts from the state of charge of the cell."""
    stated = (recipe.state_of_charge, recipe.stoichiometry, recipe.open_circuit_voltage)
    return all(value is None for value in stated)


def _active(given: str | tuple[ActivePart, ...]) -> str | tuple[specification.ActivePart, ...]:
    if isinstance(given, str):
        return given
    return tuple(
        specification.ActivePart(
            part.material,
            part.share,
            part.particle_radius,
            part.maximum_concentration,
            part.diffusivity,
            part.window,
            part.kinetics.recipe() if part.kinetics else None,
            part.coating,
        )
        for part in given
    )


def read_overrides(overrides: Mapping[str, str | float], where: str) -> dict[str, float]:
    """Overrides of properties in SI.

    Raises:
        CaseError: unknown properties, wrong units.
    """
    result, problems = {}, []
    for name, value in overrides.items():
        key = f"{where}.overrides.{name}"
        if name not in QUANTITIES:
            problems.append(unknown(key, "property", name, QUANTITIES))
            continue
        try:
            result[name] = units.parse(value, QUANTITIES[name].unit)
        except ValueError as error:
            problems.append(Problem.of(key, error))
    if problems:
        raise CaseError(problems)
    return result


def medium_of(case: CaseFile, material: str, folder: Path, used: float = 1.0) -> Medium:
    """The fabricated medium of one material.

    Args:
        case: its models.
        material: key of [materials] or library name.
        folder: of the case file.
        used: share of its capacity that the cell uses, for a start from the cell's state of charge.

    Raises:
        CaseError: the library or the case does not say enough.
    """
    where = f"materials.{material}" if material in case.materials else ""
    spec, _ = specification_of(case, material, folder)
    if used != 1.0 and isinstance(spec, Composite):
        spec = replace(spec, state_of_charge=used * (spec.state_of_charge or 0.0))
    made = fabricate(spec, material_folders(folder), where)
    recipe = case.materials.get(material)
    if recipe is not None and recipe.reactions:
        given = {name: recipe_of(r) for name, r in recipe.reactions.items()}
        made = with_reactions(made, given, f"{where}.reactions")
    if isinstance(recipe, Fabricated) and recipe.melting is not None:
        known = library.load(recipe.material, material_folders(folder)).properties
        made = with_melting(made, recipe.melting.recipe(), known, f"{where}.melting")
    return cast(Medium, made)


def media_of(case: CaseFile, folder: Path) -> dict[str, Medium]:
    """The medium of every layer and ring; those of one material share it.

    With a state of charge of the cell, electrodes are as assembled, discharged, at 0 %; at 100 %
    the one that holds least is charged, and as much lithium has moved in the others.
    """
    made: dict[str, Medium] = {}
    for body in bodies(case.cell):
        if body.material not in made:
            made[body.material] = medium_of(case, body.material, folder)
    if case.cell.state_of_charge is not None:
        charges = capacities(case, {b.name: made[b.material] for b in case.cell.layers})
        for layer in case.cell.layers:
            recipe = case.materials.get(layer.material)
            follows = isinstance(recipe, CompositeElectrode) and follows_cell(recipe)
            if follows and layer.name in charges:
                used = min(charges.values()) / charges[layer.name]
                if used < 1.0:
                    made[layer.material] = medium_of(case, layer.material, folder, used)
    found = {body.name: made[body.material] for body in bodies(case.cell)}
    for layer in case.cell.layers:
        if layer.plating is not None:
            found[layer.name] = plated(found[layer.name], layer.plating, folder)
    return found


def plated(medium: Medium, metal: str, folder: Path) -> Medium:
    """A collector on which metal is plated: its surface reacts as that metal's.

    Args:
        medium: of the collector.
        metal: library name.
        folder: of the case file.

    Raises:
        CaseError: the metal is unknown or no electrode, or nothing can be plated on the layer.
    """
    material = library.load(metal, material_folders(folder))
    potential = material.properties.get("electrode_potential")
    what = ""
    if potential is None:
        what = f"{material.name} is no metal electrode: it has no potential against Li/Li+"
    elif not isinstance(medium, Solid) or not medium.conducts_electrons:
        what = f"has no effect on {medium.name}, which is no metal"
    elif medium.electrode_potential is not None:
        what = f"has no effect: {medium.name} is a metal electrode already"
    if what:
        raise CaseError(Problem("", what, 'plating = "lithium" on a copper or steel layer'))
    entropic = material.properties.get("entropic_coefficient")
    ends = (*cast(Solid, medium).ceilings, *ceilings.of_material(material.properties))
    made = replace(
        cast(Solid, medium),
        potential=potential,
        entropic=entropic,
        plated=material.name,
        ceilings=ends,
    )
    return cast(Medium, made)


def capacities(case: CaseFile, media: Mapping[str, Medium]) -> dict[str, float]:
    """Usable charge of each composite electrode per face area [C/m2], where it is known."""
    found, geometry = {}, geometry_of(case.cell)
    for layer in case.cell.layers:
        density = getattr(media[layer.name], "usable_capacity_density", None)
        if density is not None and layer.thickness is not None:
            thickness = geometry.equivalent_thickness(layer.name, layer.thickness)
            found[layer.name] = float(density) * thickness
    return {name: held for name, held in found.items() if not math.isnan(held)}


def capacity_of(case: CaseFile, media: Mapping[str, Medium], electrode_area: float) -> float | None:
    """Capacity [C] of the composite electrode that holds least; None if none tells it."""
    least = min(capacities(case, media).values(), default=None)
    return None if least is None else least * electrode_area


def active_mass(case: CaseFile, media: Mapping[str, Medium], electrode_area: float) -> float | None:
    """Mass of the active material that specific currents and capacities count per [kg].

    Of two composite electrodes the positive one counts, as papers count. None without one.
    """
    geometry = geometry_of(case.cell)
    for layer in reversed(case.cell.layers):
        density = getattr(media[layer.name], "active_mass_density", None)
        if density is not None and layer.thickness is not None:
            thickness = geometry.equivalent_thickness(layer.name, layer.thickness)
            return float(density) * thickness * electrode_area
    return None


def nominal(case: CaseFile, mass: Callable[[], float | None]) -> float | None:
    """Nominal capacity that a case states [C]; None where it states none.

    Args:
        case: its models.
        mass: asks for that of the active material [kg].
    """
    specific = case.cell.specific_capacity
    if specific is None:
        return case.cell.capacity
    held = mass()
    return None if held is None else specific * held
