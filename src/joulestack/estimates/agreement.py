"""Layers whose microstructure says another number than the laws that would stand in for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from joulestack.case import Case
from joulestack.case.layers.recipes import material_folders, specification_of
from joulestack.case.stack.stack import layers as stack_layers
from joulestack.errors import CaseError
from joulestack.estimates.figures import number
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Computed
from joulestack.fabrication.tabulated import read
from joulestack.laws.medium import Medium
from joulestack.laws.state import State
from joulestack.units import format_quantity

DEVIATIONS = 2.0
"""Standard deviations within which both agree."""

FLOOR = 0.05
"""Relative difference that is not worth a word, whatever the spread."""


def disagreements(case: Case, media: Mapping[str, Medium], state: State) -> Iterator[str]:
    """Say where a computed property is off that of the laws by more than these state.

    Args:
        case: a valid case.
        media: of its layers.
        state: T and p at the start.
    """
    for body in stack_layers(case.cell):
        spec, _ = specification_of(case.file, body.material, case.folder)
        if spec.effective is None:
            continue
        folders = material_folders(case.folder)
        given = spec.effective
        if isinstance(given, str):
            given = read(given, folders, f"materials.{body.material}.effective.microstructure")
        if given.table is None:
            continue
        where = f"materials.{body.material}"
        plain = replace(spec, effective=None)
        if isinstance(plain, Composite):
            plain = replace(plain, electrolyte=replace(plain.electrolyte, effective=None))
        try:
            laws = fabricate(plain, folders, where)
        except CaseError:  # what the microstructure says cannot be said without it
            continue
        yield from _compared(body.name, given, media[body.name], laws, state)


def _compared(
    layer: str, given: Computed, medium: Medium, laws: object, state: State
) -> Iterator[str]:
    reported = laws.values(state)  # type: ignore[attr-defined]
    for name in given.provides:
        if name not in reported:
            continue
        law, unit, spread = reported[name].value, reported[name].unit, reported[name].uncertainty
        expected, found = number(law), number(getattr(medium, name)(state))
        off = abs(found - expected)
        if math.isnan(off) or off <= FLOOR * abs(expected):
            continue
        if spread is not None and off <= DEVIATIONS * float(spread):
            continue
        told = "of which no spread is stated"
        if spread is not None:
            told = f"+- {100 * float(spread) / abs(expected):.2g} %"
        yield (
            f"{layer}: {name.replace('_', ' ')} is {format_quantity(found, unit, 3)} by the "
            f"microstructure {given.name}, {found / expected:.2g} times the "
            f"{format_quantity(expected, unit, 3)} of the laws ({told}); the microstructure counts"
        )
