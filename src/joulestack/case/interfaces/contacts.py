"""From [[interfaces]] and the library's defaults to the contact laws of every touching pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import ValidationError

from joulestack import units
from joulestack.case.interfaces.contact_choice import ContactTable
from joulestack.case.interfaces.stripping import strips
from joulestack.case.interfaces.voids import VoidChoice, known_for, voids_of
from joulestack.case.layers.fabrication import Interface
from joulestack.case.messages import Where, one_of, problems_from
from joulestack.case.root import CaseFile
from joulestack.case.stack.geometry import geometry_of
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.charge_transfer import on_metal
from joulestack.fabrication.contacts import LAWS, DefaultContact, build, default_contact
from joulestack.fabrication.specification import Contact
from joulestack.laws.kinetics import Kinetics
from joulestack.laws.medium import ContactLaw, Medium
from joulestack.laws.solids.voids import VoidLaw
from joulestack.materials.property import Property


@dataclass(frozen=True)
class Contacts:
    """How two touching layers meet: a law for each transport, None where perfect.

    Attributes:
        between: the layers, (lower, upper) or (inner, outer).
        thermal: law of the thermal resistance [m2 K/W].
        electronic: [Ohm m2]; without meaning unless both sides conduct electrons.
        ionic: [Ohm m2]; without meaning unless both sides conduct ions.
        charge_transfer: [Ohm m2]; without meaning unless a metal electrode meets an ion conductor;
            in series with `kinetics` where there are any.
        kinetics: of a metal electrode, per area of the face.
        voids: that stripping leaves under a metal electrode.
        void_properties: of the library that went into their law.
        defaults: transport -> what the library says, where its law was taken.
        assumed: transports that are perfect because nothing is stated and nothing known.
    """

    between: tuple[str, str]
    thermal: ContactLaw | None = None
    electronic: ContactLaw | None = None
    ionic: ContactLaw | None = None
    charge_transfer: ContactLaw | None = None
    kinetics: Kinetics | None = None
    voids: VoidLaw | None = None
    void_properties: tuple[Property, ...] = ()
    defaults: Mapping[str, DefaultContact] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()


def transports(a: Medium, b: Medium) -> tuple[str, ...]:
    """The transports that exist between two media that touch."""
    found = ["thermal"]
    if a.conducts_electrons and b.conducts_electrons:
        found.append("electronic")
    if a.conducts_ions and b.conducts_ions:
        found.append("ionic")
    if any(is_metal_electrode(m) and n.conducts_ions for m, n in ((a, b), (b, a))):
        found.append("charge_transfer")
    return tuple(found)


def is_metal_electrode(medium: Medium) -> bool:
    """Whether electrons turn into ions at its surface."""
    return medium.electrode_potential is not None and not medium.conducts_ions


def metal_first(a: Medium, b: Medium) -> tuple[str, str]:
    """Library names of a metal electrode's surface and of what it touches."""
    return (a.surface, b.name) if is_metal_electrode(a) else (b.surface, a.name)


def contacts_of(case: CaseFile, media: Mapping[str, Medium]) -> dict[tuple[str, str], Contacts]:
    """How each pair of touching bodies meets; the library's defaults where nothing is stated.

    Raises:
        CaseError: an interface of the case is wrong.
    """
    rings = {ring.name: ring.contact for ring in case.cell.die}
    found = {}
    for pair, interface in _pairs(case):
        sides = (media[pair[0]], media[pair[1]])
        voids = _voids(case, pair, interface, sides)
        found[pair] = _met(pair, interface, rings.get(pair[1]), sides, voids)
    return found


def _pairs(case: CaseFile) -> Iterator[tuple[tuple[str, str], Interface | None]]:
    """Each touching pair once, with its interface if the case has one."""
    stated = {frozenset(i.between): i for i in case.interfaces}
    geometry = geometry_of(case.cell)
    pairs = geometry.touching()
    if not geometry.layered:  # what touches is known when the file is read
        pairs = [*pairs, *(i.between for i in case.interfaces)]
    first: dict[frozenset[str], tuple[str, str]] = {}
    for pair in pairs:
        first.setdefault(frozenset(pair), pair)
    for key, pair in first.items():
        yield pair, stated.get(key)


def hollow(case: CaseFile, media: Mapping[str, Medium]) -> bool:
    """Whether voids open anywhere, whatever is wrong with their numbers or with other contacts."""
    return any(
        _voids(case, pair, interface, (media[pair[0]], media[pair[1]])) not in (None, "none")
        for pair, interface in _pairs(case)
        if set(pair) <= media.keys()
    )


def _voids(
    case: CaseFile, pair: tuple[str, str], interface: Interface | None, sides: tuple[Medium, Medium]
) -> VoidChoice | None:
    """What is stated, else the library's law where metal is stripped and its numbers are known."""
    if interface is not None and interface.voids is not None:
        return interface.voids
    if case.mesh.degree != 1 or "charge_transfer" not in transports(*sides):
        return None
    metal, other = pair if is_metal_electrode(sides[0]) else pair[::-1]
    return "default" if strips(case, metal, other) and known_for(*metal_first(*sides)) else None


def between(first: Medium, second: Medium, choices: Mapping[str, Any]) -> Contacts:
    """How two media meet, by the keys of an entry of [[interfaces]], else by the library.

    Raises:
        CaseError: a wrong key or value, or a contact that these media do not have.
    """
    names = ("first", "second")
    given = {"between": names, **choices}
    try:
        interface = Interface.model_validate(given)
    except ValidationError as error:
        raise CaseError(problems_from(error, Interface, Where(given)), "contact") from None
    possible, problems = transports(first, second), []
    for key in ("thermal", "electronic", "ionic", "charge_transfer", "kinetics", "voids"):
        transport = "charge_transfer" if key in ("kinetics", "voids") else key
        if getattr(interface, key) is not None and transport not in possible:
            what = f"has no effect between {first.name} and {second.name}"
            problems.append(Problem(key, what, f"possible here: {', '.join(possible)}"))
    if problems:
        raise CaseError(problems, "contact")
    return _met(names, interface, None, (first, second), interface.voids)


def _met(
    pair: tuple[str, str],
    interface: Interface | None,
    ring: Any,
    sides: tuple[Medium, Medium],
    hollow: VoidChoice | None,
) -> Contacts:
    """How one pair meets: by its interface, by the contact of a `ring`, or by the library."""
    laws: dict[str, ContactLaw | None] = {}
    defaults: dict[str, DefaultContact] = {}
    assumed = []
    for transport in transports(*sides):
        choice = _choice(interface, transport, ring)
        if choice is not None and choice != "default":
            laws[transport] = contact_of(choice, transport, sides)
            continue
        known = _default(transport, sides)
        if known.spec is None:
            laws[transport] = None
            assumed.append(transport)
        else:
            laws[transport] = _law(known.spec, transport, sides)
            defaults[transport] = known
    kinetics: Kinetics | None = None
    if interface is not None and interface.kinetics is not None:
        kinetics = on_metal(interface.kinetics.recipe(), interface.kinetics.contact_area)
    voids: VoidLaw | None = None
    read: tuple[Property, ...] = ()
    if hollow is not None:
        voids, read = voids_of(hollow, *metal_first(*sides))
    return Contacts(
        pair,
        **laws,
        kinetics=kinetics,
        voids=voids,
        void_properties=read,
        defaults=defaults,
        assumed=tuple(assumed),
    )


def _choice(interface: Interface | None, transport: str, ring: Any) -> Any:
    """What the case says of a transport; None: nothing, so that the library is asked."""
    choice = getattr(interface, transport, None)
    if choice is not None:
        return choice
    if transport == "thermal":
        return ring
    if transport == "charge_transfer" and interface is not None and interface.kinetics:
        return "perfect"  # what the library holds was measured with the kinetics in it
    return None


def _default(transport: str, sides: tuple[Medium, Medium]) -> DefaultContact:
    """What the library says of a transport: reactions happen at surfaces, which may be plated."""
    a, b = sides
    met = (a.surface, b.surface) if transport == "charge_transfer" else (a.name, b.name)
    return default_contact(*met, transport)


def contact_of(choice: Any, transport: str, media: tuple[Medium, Medium]) -> ContactLaw | None:
    """The law that one entry of an interface describes; None for "perfect".

    Args:
        choice: "perfect", an area-specific resistance, or a table with a law.
        transport: what is transported.
        media: of both sides.

    Raises:
        CaseError: an unknown word or law, wrong parameters; problems name the parameter.
    """
    resistance = "m^2 K/W" if transport == "thermal" else "ohm m^2"
    if isinstance(choice, ContactTable):
        spec = Contact(choice.law, _parameters(choice, transport))
        return _law(spec, transport, media)
    if choice == "perfect":
        return None
    if isinstance(choice, str) and not re.match(r"\s*[-+.\d]", choice):
        words = ["perfect", "default", f"a resistance such as {units.example(resistance)}"]
        remedy = one_of(choice, words)
        if choice in LAWS:
            remedy = f'a law with its parameters is a table: {{law = "{choice}", ...}}'
        raise CaseError(Problem("", f'"{choice}" is not a contact', remedy))
    try:
        value = units.parse(choice, resistance)
    except ValueError as error:
        raise CaseError(Problem.of("", error)) from None
    return _law(Contact("constant", {"resistance": value}), transport, media)


def _law(spec: Contact, transport: str, media: tuple[Medium, Medium]) -> ContactLaw:
    return cast(ContactLaw, build(spec, transport, media))


def _parameters(table: ContactTable, transport: str) -> dict[str, Any]:
    """Parameters of a law in SI; unknown ones stay for `build` to refuse."""
    info = LAWS.get(table.law)
    result: dict[str, Any] = {}
    problems = []
    for name, value in table.parameters.items():
        known = info.parameters.get(name) if info else None
        if known is None:
            result[name] = 0.0
            continue
        unit = known.unit_for(transport)
        try:
            if isinstance(value, (list, tuple)):
                result[name] = tuple(units.parse(v, unit) for v in value)
            else:
                result[name] = units.parse(value, unit)
        except ValueError as error:
            problems.append(Problem.of(name, error))
    if problems:
        raise CaseError(problems)
    return result
