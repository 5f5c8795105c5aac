"""What a pressed electrode loses beside an ideal one: laws that `laws` chooses, all of them told.

    diffusion         how much longer the way of lithium is to where electrolyte touches a grain
    electron_network  share of the active material that hangs together, where no carbon joins it
    formation         share that the first charge, at which it shrinks, leaves in contact

What ions reach is `utilisation.py`; a microstructure says contact and networks itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from joulestack.errors import CaseError, Problem
from joulestack.fabrication.composite.composition import Composition
from joulestack.fabrication.media import Use
from joulestack.fabrication.specification import ActivePart, Composite
from joulestack.fabrication.surfaces import of_pair
from joulestack.laws.grains.contact_patches import longer_way
from joulestack.laws.grains.coordination import connected, touching
from joulestack.laws.state import ROOM
from joulestack.materials import library
from joulestack.materials.nudges import kept
from joulestack.materials.property import Property
from joulestack.materials.reader import Reader

DIFFUSION, NETWORK, FORMATION = SLOTS = "diffusion", "electron_network", "formation"

HARDLY = 0.05
"""Share that hangs together where the law finds no network, but something conducts."""

DEFAULTS: Mapping[str, str] = {
    DIFFUSION: "patches",
    NETWORK: "coordination",
    FORMATION: "first charge",
}
"""The law of each that is taken where nothing is chosen."""

IDEAL: Mapping[str, str] = {
    DIFFUSION: "whole surface",
    NETWORK: "all",
    FORMATION: "all",
}
"""The law of each that loses nothing."""


@dataclass(frozen=True)
class Losses:
    """What is left of active material, surface and diffusion.

    Attributes:
        connected: share of the active material that hangs together for electrons [-].
        formed: active material -> share of it that the first charge leaves in contact [-].
        contact_fraction: share of the surface that charge passes [-]; 1 where resistances count per
            surface of the particles, whatever touches it.
        way: what the diffusivity in particles is divided by [-].
        properties: numbers of the library that went in.
        remarks: what a user should know.
    """

    connected: float = 1.0
    formed: Mapping[str, float] = field(default_factory=dict)
    contact_fraction: float = 1.0
    way: float = 1.0
    properties: tuple[Property, ...] = ()
    remarks: tuple[str, ...] = ()

    def uses(self) -> Iterator[Use]:
        """Numbers that go in."""
        for law in self.properties:
            yield law, {}


def losses(
    spec: Composite,
    composition: Composition,
    laws: Mapping[str, str],
    contact: float | None,
    radius: float | None,
    materials: Sequence[str],
    key: str,
) -> Losses:
    """Losses of an electrode.

    Args:
        spec: the recipe.
        composition: how much there is of each solid.
        laws: chosen by the case.
        contact: share of the surface that touches electrolyte where a microstructure says it, which
            then says what hangs together, too.
        radius: of the grains of active material [m]; None: not known.
        materials: library names of the active materials.
        key: path of the material in the case, with a dot.

    Raises:
        CaseError: a law is chosen that something else makes vain.
    """
    _vain(spec, laws, contact is not None, key)
    law = {**DEFAULTS, **_stated(spec), **laws}
    own, other = _neighbours(spec, composition, radius)
    given = spec.contact_fraction if contact is None else contact
    said: dict[str, str] = {}
    used: list[Property] = []

    way = 1.0
    if spec.has_particles and law[DIFFUSION] == DEFAULTS[DIFFUSION]:
        touched = given
        if touched is None:
            used.append(covered())
            touched = float(covered()(ROOM))
        way = longer_way(touched, other)
        if way > 1:
            said[DIFFUSION] = (
                f"electrolyte touches {100 * touched:.0f} % of its surface in {max(other, 1):.1f} "
                f"patches, so that lithium diffuses {way:.1f} times slower than in a sphere "
                "touched all over"
            )
    connects = 1.0
    alone = spec.additive is None and contact is None
    if alone and law[NETWORK] == DEFAULTS[NETWORK]:
        connects = max(connected(own), HARDLY)
        hardly = " (hardly any: raise it, or add carbon)" if connects == HARDLY else ""
        if connects < 1:
            said[NETWORK] = f"{100 * connects:.0f} % of it hang together without carbon{hardly}"
    formed: dict[str, Property] = {}
    if law[FORMATION] == DEFAULTS[FORMATION]:
        for name in materials:
            left = after_first_charge(name, composition.electrolyte.name)
            if left is not None:
                formed[name] = left
        said |= {FORMATION: _said_of_formation(formed)} if formed else {}
    remarks = (f"{'; '.join(said.values())} (laws: {', '.join(said)})",) if said else ()
    return Losses(
        connects,
        {name: float(left(ROOM)) for name, left in formed.items()},
        1.0 if given is None else given,
        way,
        (*used, *formed.values()),
        remarks,
    )


def _neighbours(
    spec: Composite, composition: Composition, radius: float | None
) -> tuple[float, float]:
    """Contacts of a grain of active material with its own kind and with electrolyte."""
    f = composition.fractions(ROOM)
    active = sum(float(f[n]) for n in composition.actives)
    size = spec.electrolyte_particle_size
    ratio = 1.0 if radius is None or size is None else 2 * radius / size
    return touching(active / (active + float(f["electrolyte"])), ratio)


def _said_of_formation(formed: Mapping[str, Property]) -> str:
    parts = (
        f"{100 * float(left(ROOM)):.0f} % of {name} ({left.source}, {left.status})"
        for name, left in formed.items()
    )
    return f"the first charge leaves in contact {', '.join(parts)}"


@kept
def covered() -> Property:
    """Share of the active surface that electrolyte touches, where a case says nothing."""
    table = library.pairs("_composites")["contact_fraction"]
    law = Reader("composites").property("contact_fraction", table, "contact_fraction")
    assert law is not None  # the library is tested
    return law


def after_first_charge(active: str, electrolyte: str) -> Property | None:
    """Share of an active material that stays in contact; None where nothing is known.

    Args:
        active, electrolyte: library names.
    """
    for surface in of_pair("formation", active, electrolyte):
        return surface.properties["contact_after_first_charge"]
    return None


def _stated(spec: Composite) -> dict[str, str]:
    """Laws that stay out where a case states what they would change: it is taken as measured."""
    parts: tuple[Composite | ActivePart, ...] = (spec, *spec.parts)
    found = {}
    if any(p.diffusivity is not None for p in parts):
        found[DIFFUSION] = IDEAL[DIFFUSION]
    capacity = any(p.maximum_concentration is not None or p.window is not None for p in parts)
    if capacity or "specific_capacity" in spec.overrides:
        found[FORMATION] = IDEAL[FORMATION]
    if "electronic_conductivity" in spec.overrides:
        found[NETWORK] = IDEAL[NETWORK]
    return found


def _vain(spec: Composite, laws: Mapping[str, str], structured: bool, key: str) -> None:
    """Laws that a case chooses although something else says otherwise."""
    problems = []
    laws = {slot: name for slot, name in laws.items() if name != IDEAL[slot]}
    if structured and NETWORK in laws:
        what = "has no effect: the microstructure says what hangs together"
        problems.append(Problem(f"{key}laws.{NETWORK}", what, "leave it out"))
    if spec.additive is not None and NETWORK in laws:
        what = "has no effect: carbon joins the grains"
        problems.append(Problem(f"{key}laws.{NETWORK}", what, "leave it out"))
    if not spec.has_particles and DIFFUSION in laws:
        what = "has no effect without particles"
        problems.append(Problem(f"{key}laws.{DIFFUSION}", what, "leave it out"))
    if problems:
        raise CaseError(problems)
