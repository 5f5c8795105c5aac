"""Checks of the cell: keys that belong to its geometry, names, tabs, pressure map, mesh."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.check_context import Look
from joulestack.case.clamping import pressure
from joulestack.case.messages import one_of
from joulestack.case.stack.geometry import mesh_spec
from joulestack.case.stack.stack import SIZES, layers
from joulestack.case.time_tables import IN_VAIN, in_time, varies
from joulestack.errors import MeshError, Problem
from joulestack.mesh.spec import MeshFile
from joulestack.mesh.validate import check


def cell_keys(look: Look) -> Iterator[Problem]:
    """Keys that a geometry needs are there, others are not."""
    cell = look.case.cell
    own = SIZES[cell.geometry]
    others = tuple(k for keys in SIZES.values() for k in keys if k not in own)
    why = f'for geometry = "{cell.geometry}"'
    yield from look.without_effect(cell, ("cell",), tuple(dict.fromkeys(others)), why)
    for key, needed in own.items():
        if needed and getattr(cell, key) is None:
            what = type(cell).model_fields[key].description
            yield look.problem(("cell", key), f"is missing {why}", f"give the {what}")
    for group in ("below", "layers", "above", "die"):
        for i, layer in enumerate(getattr(cell, group)):
            loc = ("cell", group, i, "thickness")
            if cell.geometry == "mesh" and cell.fixture is None:
                if layer.thickness is not None:
                    yield look.problem(loc, "has no effect: the mesh file has it", "remove it")
            elif cell.geometry == "mesh" and layer.thickness is None:
                what = "is missing: a fixture needs it, and the case does not read the mesh"
                yield look.problem(loc, what, 'that of the mesh, e.g. thickness = "50 um"')
            elif layer.thickness is None:
                yield look.problem(loc, "is missing", 'e.g. thickness = "50 um"')


def layer_names(look: Look) -> Iterator[Problem]:
    """Layers and rings go by different names."""
    cell, seen = look.case.cell, set()
    for group in ("below", "layers", "above", "die"):
        for i, body in enumerate(getattr(cell, group)):
            if body.name in seen:
                loc = ("cell", group, i, "name")
                yield look.problem(loc, f'"{body.name}" is used twice', "give each its own name")
            seen.add(body.name)


def tabs_fit(look: Look) -> Iterator[Problem]:
    """Tabs sit on layers of the stack and within their edge."""
    cell = look.case.cell
    if cell.tabs is None or cell.geometry != "pouch":
        return
    names = [layer.name for layer in cell.layers]
    for sign in ("negative", "positive"):
        tab = getattr(cell.tabs, sign)
        loc = ("cell", "tabs", sign)
        if tab.layer not in names:
            yield look.problem(
                (*loc, "layer"), f'there is no layer "{tab.layer}"', one_of(tab.layer, names)
            )
        if tab.busbar is not None and cell.unit_cells == 1:
            yield look.problem((*loc, "busbar"), "has no effect for one unit cell", "remove it")
        side = cell.length if tab.edge in ("left", "right") else cell.width
        if side is None:
            continue
        start = 0.5 * (side - tab.width) if tab.offset is None else tab.offset
        if start < -1e-9 or start + tab.width > side * (1 + 1e-9):
            yield look.problem(
                loc,
                f"the tab reaches from {start * 1e3:g} to {(start + tab.width) * 1e3:g} mm, "
                f"but the {tab.edge} edge is {side * 1e3:g} mm long",
                "change width or offset (measured from the corner with the lower coordinate)",
            )
    if cell.tabs.negative.layer == cell.tabs.positive.layer and len(names) > 1:
        yield look.problem(
            ("cell", "tabs"), "both tabs are on the same layer", "put them on the two collectors"
        )


def pressure_readable(look: Look) -> Iterator[Problem]:
    """The stack pressure can be read, and a map covers the whole face."""
    try:
        pressure.pressure_of(look.case.cell, look.folder)
    except ValueError as error:
        yield look.split(("cell", "stack_pressure"), str(error))


def heat_sources_readable(look: Look) -> Iterator[Problem]:
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


def mesh_fits(look: Look) -> Iterator[Problem]:
    """The mesh package accepts what it will be asked for."""
    if look.case.cell.geometry == "mesh":
        return
    spec = mesh_spec(look.case, look.folder)
    if isinstance(spec, MeshFile):
        return
    try:
        check(spec)
    except MeshError as error:
        yield from error.problems


def layer_path(look: Look, name: str) -> tuple[str | int, ...]:
    """Key path of a layer or ring."""
    cell = look.case.cell
    for group in ("below", "layers", "above", "die"):
        for i, body in enumerate(getattr(cell, group)):
            if body.name == name:
                return ("cell", group, i)
    return ("cell", "layers")


def known_layers(look: Look) -> list[str]:
    """Names of the layers and rings."""
    cell = look.case.cell
    return [b.name for b in (*layers(cell), *cell.die)]
