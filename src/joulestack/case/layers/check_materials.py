"""Checks of materials, interfaces, and of the way the current takes through the layers."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.check_context import CheckContext
from joulestack.case.interfaces import contacts
from joulestack.case.layers import recipes
from joulestack.case.layers.fabrication import CompositeElectrode, Fabricated
from joulestack.case.paths import Key, split_path
from joulestack.case.stack import stack
from joulestack.case.stack.check_cell import layer_path
from joulestack.errors import CaseError, Problem, shown
from joulestack.materials import library
from joulestack.spelling import did_you_mean


def material_names(look: CheckContext) -> Iterator[Problem]:
    """Materials exist and are used."""
    case = look.case
    own = tuple(case.materials)
    used = set()
    for group in ("below", "layers", "above", "die"):
        for i, body in enumerate(getattr(case.cell, group)):
            used.add(body.material)
            yield from _exists(look, ("cell", group, i, "material"), body.material, own)
    for key, recipe in case.materials.items():
        loc = ("materials", key)
        if isinstance(recipe, Fabricated):
            yield from _exists(look, (*loc, "material"), recipe.material)
            continue
        used.add(recipe.electrolyte)
        if isinstance(recipe.active, str):
            yield from _exists(look, (*loc, "active"), recipe.active)
        else:
            for i, part in enumerate(recipe.active):
                yield from _exists(look, (*loc, "active", i, "material"), part.material)
        if recipe.additive is not None:
            yield from _exists(look, (*loc, "additive"), recipe.additive)
        yield from _exists(look, (*loc, "electrolyte"), recipe.electrolyte, own)
        if isinstance(case.materials.get(recipe.electrolyte), CompositeElectrode):
            yield look.problem(
                (*loc, "electrolyte"),
                f'"{recipe.electrolyte}" is a composite electrode itself',
                "name the material of its electrolyte",
            )
    for key in case.materials:
        if key not in used:
            yield look.problem(
                ("materials", key),
                "has no effect: no layer is made of it",
                "remove it, or name it as the material of a layer",
            )


def _exists(
    look: CheckContext, loc: tuple[Key, ...], name: str, own: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """A name is one of the case's own materials or of the library."""
    if name in own:
        return
    folders = recipes.material_folders(look.folder)
    try:
        library.load(name, folders)
    except CaseError as error:
        found = error.problems
        if error.source:  # the file is there, but wrong
            for p in found:
                place = f"{error.source}: {p.where}: " if p.where else f"{error.source}: "
                yield look.problem(loc, place + p.what, p.remedy)
            return
        remedy = did_you_mean(name, (*own, *library.known_names(folders))) or (
            "add it to [materials], or see `joulestack materials` for the library"
        )
        yield look.problem(loc, f'there is no material "{shown(name)}"', remedy)


def composites(look: CheckContext) -> Iterator[Problem]:
    """Fabrication states are stated once, and completely."""
    for key, recipe in look.case.materials.items():
        loc = ("materials", key)
        if isinstance(recipe, CompositeElectrode):
            yield from _composite(look, loc, recipe)
            continue
        ways = [
            n
            for n in ("moulding_pressure", "sintering_temperature", "relative_density")
            if getattr(recipe, n) is not None
        ]
        if "relative_density" in ways and len(ways) > 1:
            yield look.problem(
                (*loc, "relative_density"), f"excludes {ways[0]}", "keep one of the two"
            )


_EXCLUDED = (
    (
        "stoichiometry",
        "open_circuit_voltage",
        "has no effect beside open_circuit_voltage",
        "keep one",
    ),
    (
        "contact_under_pressure",
        "open_circuit_voltage",
        "has no effect beside open_circuit_voltage: there are no particles",
        "give state_of_charge instead of the voltage",
    ),
    (
        "stoichiometry",
        "state_of_charge",
        "state_of_charge says it already",
        "keep one of the two",
    ),
)
"""Key of a composite electrode, the key beside which it must not stand, what to say, the remedy."""


def _composite(
    look: CheckContext, loc: tuple[Key, ...], recipe: CompositeElectrode
) -> Iterator[Problem]:
    yield from _porosity(look, loc, recipe)
    for key, other, what, remedy in _EXCLUDED:
        if getattr(recipe, key) is not None and getattr(recipe, other) is not None:
            yield look.problem((*loc, key), what, remedy)
    yield from _fractions(look, loc, recipe)


def _porosity(
    look: CheckContext, loc: tuple[Key, ...], recipe: CompositeElectrode
) -> Iterator[Problem]:
    """How much of a composite electrode is pores is stated once, and is not all of it."""
    cell = look.case.cell
    stated = (recipe.porosity, recipe.moulding_pressure, recipe.loading, recipe.volume_fractions)
    filled = any(
        la.material == loc[-1] and "thickness" in la.model_fields_set and (la.mass or la.areal_mass)
        for la in cell.layers
    )
    if all(s is None for s in (*stated, cell.moulding_pressure)) and not filled:
        yield look.problem(
            loc,
            "neither porosity nor moulding_pressure is given",
            'porosity = 0.15, or cell.moulding_pressure = "370 MPa"',
        )
    if recipe.porosity == 1.0:
        yield look.problem((*loc, "porosity"), "nothing but pores", "give less than 1")


def _fractions(
    look: CheckContext, loc: tuple[Key, ...], recipe: CompositeElectrode
) -> Iterator[Problem]:
    """Fractions of a composite electrode are given, add up, and go with its additive."""
    name = "volume_fractions" if recipe.mass_fractions is None else "mass_fractions"
    fractions = recipe.mass_fractions or recipe.volume_fractions
    if fractions is None:
        yield look.problem(
            loc,
            "neither mass_fractions nor volume_fractions is given",
            "mass_fractions = {active = 0.7, electrolyte = 0.3}",
        )
        return
    total = fractions.active + fractions.electrolyte + fractions.additive
    if name == "mass_fractions" and abs(total - 1.0) > 1e-6:
        yield look.problem((*loc, name), f"add up to {total:g}", "mass fractions add up to 1")
    if name == "volume_fractions" and total > 1.0 + 1e-6:
        yield look.problem((*loc, name), f"add up to {total:g}", "with the pores they add up to 1")
    kind = name.split("_")[0]
    if recipe.additive is None and fractions.additive > 0:
        yield look.problem(
            (*loc, name, "additive"), "but no additive is named", 'additive = "VGCF"'
        )
    if recipe.additive is not None and fractions.additive == 0:
        yield look.problem(
            (*loc, "additive"),
            f"has no effect: its {kind} fraction is 0",
            f"give its {kind} fraction",
        )


def media_build(look: CheckContext) -> Iterator[Problem]:
    """Every material can be fabricated."""
    materials = look.case.materials
    failed: set[str] = set()
    made = {body.material: body for body in stack.bodies(look.case.cell)}
    # Electrolytes of composites first: what is wrong with one is told once.
    for body in sorted(
        made.values(), key=lambda b: isinstance(materials.get(b.material), CompositeElectrode)
    ):
        recipe = materials.get(body.material)
        if isinstance(recipe, CompositeElectrode) and recipe.electrolyte in failed:
            continue
        try:
            medium = recipes.medium_of(look.case, body.material, look.folder)
            if look.case.electrical:
                _ = medium.charge_transfer  # complains if the kinetics are incomplete
        except CaseError as error:
            failed.add(body.material)
            around: tuple[Key, ...] = (*layer_path(look, body.name), "material")
            if body.material in materials:
                around = ("materials", body.material)
            for problem in error.problems:
                path = split_path(problem.where)
                inside = path[:2] == ("materials", body.material)
                yield look.problem(path if inside else around, problem.what, problem.remedy)
    for layer in stack.layers(look.case.cell):
        if layer.plating is not None and layer.material not in failed:
            medium = recipes.medium_of(look.case, layer.material, look.folder)
            try:
                recipes.plated(medium, layer.plating, look.folder)
            except CaseError as error:
                loc = (*layer_path(look, layer.name), "plating")
                yield from (look.problem(loc, p.what, p.remedy) for p in error.problems)


def particle_settings(look: CheckContext) -> Iterator[Problem]:
    """Settings of particles have particles to act on, and elements that carry them."""
    case = look.case
    media = recipes.media_of(case, look.folder)
    if case.electrical and any(medium.particles for medium in media.values()):
        if case.mesh.degree == 2:
            yield look.problem(
                ("mesh", "degree"),
                "2 cannot carry particles: their unknowns sit at the vertices",
                "degree = 1 with more cells, or a constant open_circuit_voltage",
            )
        return
    why = "without a composite electrode in which lithium moves"
    yield from look.without_effect(case.mesh, ("mesh",), ("radial_modes",), why)
    if not contacts.hollow(case, media):
        yield from look.without_effect(case.time, ("time",), ("lithiation_tolerance",), why)
    yield from look.without_effect(case.cell, ("cell",), ("state_of_charge",), why)


def reaction_settings(look: CheckContext) -> Iterator[Problem]:
    """Reactions are those of a layer, and settings of them have some to act on."""
    case = look.case
    bodies = {body.material for body in stack.bodies(case.cell)}
    melting = {k for k, r in case.materials.items() if getattr(r, "melting", None) is not None}
    reacting = {k for k, r in case.materials.items() if r.reactions}
    for key in melting - bodies:
        what = "has no effect: no layer is made of it alone"
        yield look.problem(("materials", key, "melting"), what, "remove it")
    for key in reacting - bodies:
        yield look.problem(
            ("materials", key, "reactions"),
            "have no effect: no layer is made of it alone",
            'give them to the composite electrode, with reactant = "electrolyte"',
        )
    if not reacting:
        why = "without reactions of a material"
        yield from look.without_effect(case.time, ("time",), ("reactant_tolerance",), why)
    fields = case.outputs.fields or ()
    for name, found in (("reactions", reacting), ("liquid_share", melting)):
        if name in fields and not found:
            place = ("outputs", "fields", fields.index(name))
            what = f'"{name}" has no effect: no material of the case has any'
            yield look.problem(place, what, "remove it")
    if (reacting or melting) and case.mesh.degree == 2:
        yield look.problem(
            ("mesh", "degree"),
            f"2 cannot carry {'reactions' if reacting else 'melting'}: unknowns at the vertices",
            "degree = 1 with more cells",
        )


def current_path(look: CheckContext) -> Iterator[Problem]:
    """The current finds a way from the negative terminal to the positive one."""
    case = look.case
    if case.load is None or not look.geometry.layered:
        return
    media = recipes.media_of(case, look.folder)
    if not any(m.conducts_electrons or m.conducts_ions for m in media.values()):
        yield look.problem(
            ("load",), "has no effect: no layer conducts current", "remove it, or add electrodes"
        )
        return
    tabs = case.cell.tabs
    ends = (
        (tabs.negative.layer, tabs.positive.layer)
        if tabs
        else (case.cell.layers[0].name, case.cell.layers[-1].name)
    )
    blocked = [n for n in ends if not media[n].conducts_electrons]
    for name in blocked:
        yield look.problem(
            layer_path(look, name),
            f'"{name}" is at a terminal but does not conduct electrons',
            "end the stack with a metal, or remove [load]",
        )
    if blocked:
        return
    reached = {("electrons", ends[0])}
    edge = list(reached)
    while edge:
        species, name = edge.pop()
        for found in _next(look, media, species, name) - reached:
            reached.add(found)
            edge.append(found)
    if ("electrons", ends[1]) not in reached:
        names = {name for _, name in reached}
        last = [layer.name for layer in case.cell.layers if layer.name in names][-1]
        yield look.problem(
            layer_path(look, last),
            f'the current does not get from "{last}" to "{ends[1]}"',
            "electrons become ions at a metal electrode (Li, Li-In) or in a composite electrode; "
            "blocking contacts carry no direct current",
        )


def _next(
    look: CheckContext, media: dict[str, recipes.Medium], species: str, name: str
) -> set[tuple[str, str]]:
    """Where charge in a layer can go next."""
    here = media[name]
    found = set()
    if here.charge_transfer is not None:
        found |= {("electrons", name), ("ions", name)}
    for pair in look.geometry.touching():
        if name not in pair:
            continue
        other = pair[1] if pair[0] == name else pair[0]
        there = media[other]
        if species == "electrons":
            if there.conducts_electrons:
                found.add(("electrons", other))
            if contacts.is_metal_electrode(here) and there.conducts_ions:
                found.add(("ions", other))
        else:
            if there.conducts_ions:
                found.add(("ions", other))
            if contacts.is_metal_electrode(there):
                found.add(("electrons", other))
    return found
