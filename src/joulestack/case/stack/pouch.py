"""geometry = "pouch"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from joulestack.case.messages import one_of
from joulestack.case.stack.case_geometry import GRID_KEYS, CaseGeometry, layer_specs
from joulestack.errors import Problem
from joulestack.mesh.pouch import Pouch
from joulestack.mesh.tabs import TabSpec

if TYPE_CHECKING:
    from joulestack.case.check_context import CheckContext
    from joulestack.case.settings.numerics import Mesh
    from joulestack.case.stack.cell import Cell, Tab

SIDE_CELLS = 26
"""Cells along the longer side of a pouch if mesh.in_plane is not given."""


def _pouch(cell: Cell, mesh: Mesh) -> Pouch:
    """Stacked unit cells with their tabs, and what lies below and above them."""
    width, length = cell.width or 0.0, cell.length or 0.0
    tabs = (cell.tabs.negative, cell.tabs.positive) if cell.tabs else ()
    return Pouch(
        layer_specs(cell.layers, mesh),
        width,
        length,
        tuple(_tab(tab) for tab in tabs),
        cell.unit_cells,
        (mesh.in_plane or max(width, length) / SIDE_CELLS) / mesh.refinement,
        layer_specs(cell.below, mesh),
        layer_specs(cell.above, mesh),
    )


def _tab(tab: Tab) -> TabSpec:
    busbar = TabSpec.busbar if tab.busbar is None else tab.busbar
    return TabSpec(tab.edge, tab.layer, tab.width, tab.length, tab.offset, busbar)


def _tabs_fit(look: CheckContext) -> Iterator[Problem]:
    """Tabs sit on layers of the stack and within their edge."""
    cell = look.case.cell
    if cell.tabs is None:
        if cell.unit_cells > 1 and look.case.load is not None:
            yield look.problem(
                ("cell", "unit_cells"),
                f"{cell.unit_cells} unit cells under a load need tabs: every second one is upside "
                "down, and their collectors are joined by the busbars of tabs alone",
                "give [cell.tabs], or unit_cells = 1",
            )
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


POUCH = CaseGeometry(
    "pouch",
    _pouch,
    {
        "width": True,
        "length": True,
        "unit_cells": False,
        "tabs": False,
        "below": False,
        "above": False,
    },
    (*GRID_KEYS, "in_plane"),
    check_cell=_tabs_fit,
)
