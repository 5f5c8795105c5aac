"""Checks of layers on which metal is plated: anode-free cells."""

from __future__ import annotations

from collections.abc import Iterator

from joulestack.case.check_context import CheckContext
from joulestack.case.layers.recipes import media_of
from joulestack.case.stack import stack
from joulestack.case.stack.check_cell import layer_path
from joulestack.errors import Problem


def plating_fits(look: CheckContext) -> Iterator[Problem]:
    """Metal is plated where a collector meets an electrolyte, and a fixture counts it."""
    case = look.case
    layers = [layer for layer in stack.layers(case.cell) if layer.plating is not None]
    if not layers:
        return
    media = media_of(case, look.folder)
    inside = {layer.name for layer in case.cell.layers}
    for layer in layers:
        loc = (*layer_path(look, layer.name), "plating")
        pairs = [pair for pair in look.geometry.touching() if layer.name in pair]
        others = [name for pair in pairs for name in pair if name != layer.name]
        if layer.name not in inside or not any(media[name].conducts_ions for name in others):
            what = f'has no effect: "{layer.name}" does not touch a layer that conducts ions'
            yield look.problem(loc, what, "remove it, or put the collector on the separator")
        elif case.cell.fixture is None:
            what = "is not counted without [cell.fixture]"
            remedy = 'fixture = { kind = "constant pressure" } holds the pressure'
            yield look.problem(loc, what, remedy)
