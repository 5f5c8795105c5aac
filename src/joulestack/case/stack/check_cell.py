"""Checks of the cell: keys that belong to its geometry, names, pressure map, mesh."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack import units
from joulestack.case.check_context import CheckContext
from joulestack.case.clamping import pressure
from joulestack.case.paths import Key
from joulestack.case.stack.cell import Body
from joulestack.case.stack.geometries import keys_of_others, stated
from joulestack.case.stack.stack import layers
from joulestack.case.time_tables import IN_VAIN, in_time, varies
from joulestack.errors import Problem

THICKEST = 0.5
"""Thickness of a layer that can be meant [m]."""


def cell_keys(look: CheckContext) -> Iterator[Problem]:
    """Keys that a geometry needs are there, others are not."""
    cell = look.case.cell
    own = stated(cell.geometry)
    why = f'for geometry = "{cell.geometry}"'
    others = tuple(k for k in keys_of_others(own) if k in type(cell).model_fields)
    yield from look.without_effect(cell, ("cell",), others, why)
    for key, needed in own.keys.items():
        if needed and getattr(cell, key) is None:
            what = type(cell).model_fields[key].description
            yield look.problem(("cell", key), f"is missing {why}", f"give the {what}")
    layered = look.geometry.layered
    for group in ("below", "layers", "above", "die"):
        for i, layer in enumerate(getattr(cell, group)):
            loc = ("cell", group, i, "thickness")
            yield from _weighed(look, (*loc[:-1],), layer)
            if not layered and cell.fixture is None:
                if layer.thickness is not None:
                    yield look.problem(loc, "has no effect: the mesh file has it", "remove it")
            elif not layered and layer.thickness is None:
                what = "is missing: a fixture needs it, and the case does not read the mesh"
                yield look.problem(loc, what, 'that of the mesh, e.g. thickness = "50 um"')
            elif layer.thickness is None:
                remedy = 'e.g. thickness = "50 um"; the mass of the layer says it, too'
                yield look.problem(loc, "is missing", remedy)


def _weighed(look: CheckContext, loc: tuple[Key, ...], layer: Body) -> Iterator[Problem]:
    """Masses are given once, where they say a thickness or a density."""
    given = [n for n in ("mass", "areal_mass") if getattr(layer, n, None) is not None]
    if not given:
        return
    if len(given) > 1:
        yield look.problem((*loc, "mass"), "areal_mass says it already", "keep one")
    if not look.geometry.layered:
        yield look.problem((*loc, given[0]), "has no effect: the mesh file says it", "remove it")
    elif loc[1] != "layers":
        yield look.problem((*loc, given[0]), "has no effect here", "give the thickness")
    elif layer.thickness is not None and layer.thickness > THICKEST:
        thick = units.format_quantity(layer.thickness, "m", 3)
        yield look.problem(
            (*loc, given[0]), f"makes a layer of {thick}", "check mass and face area"
        )
    recipe = look.case.materials.get(layer.material)
    if getattr(recipe, "loading", None) is not None:
        what = f"the loading of {layer.material} says it already"
        yield look.problem((*loc, given[0]), what, "keep one")


def layer_names(look: CheckContext) -> Iterator[Problem]:
    """Layers and rings go by different names."""
    cell, seen = look.case.cell, set()
    for group in ("below", "layers", "above", "die"):
        for i, body in enumerate(getattr(cell, group)):
            if body.name in seen:
                loc = ("cell", group, i, "name")
                yield look.problem(loc, f'"{body.name}" is used twice', "give each its own name")
            seen.add(body.name)


def geometry_fits(look: CheckContext) -> Iterator[Problem]:
    """What the geometry itself says of its keys."""
    yield from stated(look.case.cell.geometry).check_cell(look)


def pressure_readable(look: CheckContext) -> Iterator[Problem]:
    """The stack pressure can be read, and a map covers the whole face."""
    try:
        pressure.pressure_of(look.case.cell, look.folder, look.case.mesh)
    except ValueError as error:
        yield look.split(("cell", "stack_pressure"), str(error))


def heat_sources_readable(look: CheckContext) -> Iterator[Problem]:
    """Heat sources in time can be read, and there is a time for them to vary in."""
    cell = look.case.cell
    for group in ("below", "layers", "above"):
        for i, layer in enumerate(getattr(cell, group)):
            loc = ("cell", group, i, "heat_source")
            try:
                in_time(layer.heat_source, look.folder)
            except ValueError as error:
                yield look.split(loc, str(error))
            if look.case.time.steady and varies(layer.heat_source):
                yield look.problem(loc, IN_VAIN, "give a value")


def mesh_fits(look: CheckContext) -> Iterator[Problem]:
    """The mesh package accepts what it will be asked for."""
    yield from look.geometry.problems()


def layer_path(look: CheckContext, name: str) -> tuple[str | int, ...]:
    """Key path of a layer or ring."""
    cell = look.case.cell
    for group in ("below", "layers", "above", "die"):
        for i, body in enumerate(getattr(cell, group)):
            if body.name == name:
                return ("cell", group, i)
    return ("cell", "layers")


def known_layers(look: CheckContext) -> list[str]:
    """Names of the layers and rings."""
    cell = look.case.cell
    return [b.name for b in (*layers(cell), *cell.die)]
