"""A layer that melts: when and with how much heat, of the library or the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.layers import AnyMedium
from joulestack.laws.runaway.melting import Melting
from joulestack.laws.state import ROOM
from joulestack.materials.property import Property


@dataclass(frozen=True)
class MeltingRecipe:
    """What a case says of melting.

    Attributes:
        temperature: melting point [K]; None: the library's.
        latent_heat: [J/kg]; None: the library's.
        width: half of what it is spread over [K].
        delay: in which the liquid share follows the temperature [s].
    """

    temperature: float | None
    latent_heat: float | None
    width: float
    delay: float


def with_melting(
    medium: AnyMedium, given: MeltingRecipe, known: Mapping[str, Property], where: str = ""
) -> AnyMedium:
    """The medium with its latent heat.

    Args:
        medium: as it was made.
        given: what the case says.
        known: properties of the material in the library.
        where: path of it in the case, for messages.

    Raises:
        CaseError: neither the case nor the library knows the melting point or the latent heat.
    """
    numbers, problems, lines = {}, [], []
    for key, name in (("temperature", "melting_temperature"), ("latent_heat", "latent_heat")):
        own = getattr(given, key)
        if own is None and name in known:
            used = known[name]
            numbers[key] = float(used(ROOM))
            lines.append((f"{medium.name}: {name}", used.source, used.status, used.note))
        elif own is None:
            what = f"is not known of {medium.name} in the library"
            problems.append(Problem(f"{where}.{key}", what, "give a number"))
        else:
            numbers[key] = float(own)
            lines.append((f"{medium.name}: {name}", "user", "user", ""))
    if problems:
        raise CaseError(problems)
    density = float(medium.parts(ROOM)["density"][0])
    law = Melting(
        numbers["temperature"], density * numbers["latent_heat"], given.width, given.delay
    )
    more = (*medium.reacting, *lines)
    return cast(AnyMedium, replace(medium, melting=law, reacting=more))
