"""Metals that a case heats beyond their melting point: no law holds for the liquid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from joulestack.case import Case
from joulestack.case.interfaces.contacts import is_metal_electrode
from joulestack.case.layers.recipes import material_folders
from joulestack.constants import ROOM_TEMPERATURE
from joulestack.laws.medium import Medium
from joulestack.laws.state import State
from joulestack.materials import library


def molten(case: Case, media: Mapping[str, Medium]) -> Iterator[str]:
    """Warnings of metal electrodes that are liquid at a temperature which the case gives."""
    given = [s.ambient for s in case.protocol.steps if s.ambient is not None]
    hottest = max([case.start_temperature, *given])
    surfaces = [m.surface for m in media.values() if is_metal_electrode(m)]
    for surface in dict.fromkeys(surfaces):
        known = library.load(surface, material_folders(case.folder)).properties
        if "melting_temperature" not in known:
            continue
        melts = float(known["melting_temperature"](State(T=ROOM_TEMPERATURE)))
        if hottest >= melts:
            yield (
                f"{surface} melts at {melts - 273.15:.4g} degC, and {hottest - 273.15:.4g} degC is "
                "given: no law here holds for the liquid"
            )
