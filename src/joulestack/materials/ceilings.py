"""Where a material ends: it melts, softens, crystallises, decomposes, or leaves its window.

One record of the library is one ceiling: a property whose name is in `EVENTS`. Laws of a material
say nothing beyond; a case is told so, and a run may stop there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from joulestack import units
from joulestack.constants import ROOM_TEMPERATURE
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.nudges import kept
from joulestack.materials.property import Property
from joulestack.materials.reader import Reader


@dataclass(frozen=True)
class Event:
    """What happens to a material at a ceiling.

    Attributes:
        name: as a case names it.
        does: as a sentence says it.
        side: 1 where it happens above the number, -1 below.
        potential: the number is a potential against Li/Li+ [V], else a temperature [K].
    """

    name: str
    does: str
    side: int = 1
    potential: bool = False


EVENTS: Mapping[str, Event] = {
    "melting_temperature": Event("melting", "melts"),
    "glass_transition_temperature": Event("glass transition", "softens (glass transition)"),
    "crystallisation_temperature": Event("crystallisation", "crystallises"),
    "decomposition_temperature": Event("decomposition", "decomposes"),
    "oxidation_potential": Event("oxidation", "is oxidised", potential=True),
    "reduction_potential": Event("reduction", "is reduced", -1, potential=True),
}
"""Names of properties that are ceilings."""

NAMES = tuple(event.name for event in EVENTS.values())
"""What a case may name."""

Ceilings = tuple[Property, ...]
"""Properties named in `EVENTS`."""


def of_material(properties: Mapping[str, Property]) -> Ceilings:
    """Ceilings among the properties of a material."""
    return tuple(properties[name] for name in EVENTS if name in properties)


def of_mixture(materials: Iterable[str]) -> Ceilings:
    """What materials do that lie side by side, and not each by itself.

    Args:
        materials: library names of all that is mixed.
    """
    names = set(materials)
    return tuple(
        law
        for together, found in _together()
        if all(names & set(choices) for choices in together)
        for law in found
    )


def event(law: Property) -> Event:
    """What happens there."""
    return EVENTS[law.name]


def value(law: Property) -> float:
    """Where it happens [K] or [V]."""
    return float(law(State(T=ROOM_TEMPERATURE)))


def beyond(law: Property, reached: float) -> bool:
    """Whether a temperature [K] or a potential [V] is at or past a ceiling."""
    return event(law).side * (reached - value(law)) >= 0


def shown(law: Property, number: float) -> str:
    """A temperature or a potential for people."""
    if event(law).potential:
        return f"{units.format_quantity(number, 'V', 3)} against Li/Li+"
    return f"{number - 273.15:.4g} degC"


def said(law: Property) -> str:
    """What happens where: "lithium melts at 180.5 degC"."""
    what = event(law)
    word = "at" if not what.potential else ("above" if what.side > 0 else "below")
    return f"{law.material} {what.does} {word} {shown(law, value(law))}"


def source(law: Property) -> str:
    """Where the number is from, and for what it holds."""
    where = "given in the case" if law.source == "user" else law.source or "no source read"
    known = "" if law.conditions == "against Li/Li+" else law.conditions
    return f"({'; '.join(t for t in (where, known) if t)})"


def consequence(law: Property) -> str:
    """What that means for a run."""
    if event(law).potential:
        return "what forms there is no part of the model"
    return "no law here holds beyond"


@kept
def _together() -> tuple[tuple[tuple[tuple[str, ...], ...], Ceilings], ...]:
    rows = []
    for table in library.pairs("_ceilings")["ceilings"]:
        reader = Reader(" + ".join("/".join(names) for names in table["together"]))
        read = (reader.property(k, t, k) for k, t in table.items() if k in EVENTS)
        found = tuple(law for law in read if law is not None)
        rows.append((tuple(tuple(names) for names in table["together"]), found))
    return tuple(rows)
