"""Checks of interfaces: layers touch, transports exist, resistances have no way around."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from joulestack.case.check_context import CheckContext
from joulestack.case.interfaces import contacts
from joulestack.case.interfaces.voids import voids_of
from joulestack.case.layers import recipes
from joulestack.case.layers.fabrication import TRANSPORTS, Interface
from joulestack.case.messages import one_of
from joulestack.case.paths import Key, split_path
from joulestack.case.stack.check_cell import known_layers, layer_path
from joulestack.errors import CaseError, Problem
from joulestack.fabrication.charge_transfer import on_metal
from joulestack.laws.medium import Medium


def interfaces_fit(look: CheckContext) -> Iterator[Problem]:
    """Interfaces lie between layers that touch, for transports that exist there."""
    media = recipes.media_of(look.case, look.folder)
    pairs = {frozenset(p) for p in look.geometry.touching()}
    seen: set[frozenset[str]] = set()
    for i, interface in enumerate(look.case.interfaces):
        loc: tuple[Key, ...] = ("interfaces", i)
        misplaced = list(_misplaced(look, (*loc, "between"), interface, pairs))
        yield from misplaced
        if misplaced:
            continue
        pair = frozenset(interface.between)
        if pair in seen:
            yield look.problem((*loc, "between"), "stands twice", "merge the two entries")
        seen.add(pair)
        a, b = interface.between
        yield from _transports(look, loc, interface, (media[a], media[b]))
    yield from _rings(look, media)


def _misplaced(
    look: CheckContext, loc: tuple[Key, ...], interface: Interface, pairs: set[frozenset[str]]
) -> Iterator[Problem]:
    """Both sides of an interface exist and touch, as `pairs` of bodies do."""
    names = known_layers(look)
    unknown = [n for n in interface.between if n not in names]
    for name in unknown:
        yield look.problem(loc, f'there is no layer "{name}"', one_of(name, names))
    if unknown or not look.geometry.layered:
        return
    a, b = interface.between
    if frozenset((a, b)) not in pairs:
        near = sorted(n for p in pairs if a in p for n in p if n != a)
        yield look.problem(
            loc,
            f'"{a}" and "{b}" do not touch',
            f'"{a}" touches {", ".join(near) or "nothing"}',
        )


def _transports(
    look: CheckContext, loc: tuple[Key, ...], interface: Interface, sides: tuple[Medium, Medium]
) -> Iterator[Problem]:
    """An interface says something, and only of transports that exist between its sides."""
    stated = [t for t in TRANSPORTS if getattr(interface, t) is not None]
    if not stated and interface.kinetics is None and interface.voids is None:
        told = ", ".join((*TRANSPORTS, "kinetics", "voids"))
        yield look.problem(loc, "says nothing", f"give one of: {told}")
    possible = contacts.transports(*sides)
    yield from _kinetics(look, loc, interface, possible)
    yield from _voids(look, loc, interface, sides)
    for transport in stated:
        if transport not in possible:
            a, b = interface.between
            yield look.problem(
                (*loc, transport),
                f'has no effect between "{a}" and "{b}", {_why(transport)}',
                f"possible here: {', '.join(possible)}",
            )
            continue
        yield from _law(look, (*loc, transport), getattr(interface, transport), transport, sides)


def _rings(look: CheckContext, media: Mapping[str, Medium]) -> Iterator[Problem]:
    """Thermal contacts of the rings of a die to what they enclose."""
    cell = look.case.cell
    for i, ring in enumerate(cell.die):
        inside = [pair[0] for pair in look.geometry.touching() if pair[1] == ring.name]
        if ring.contact is not None and inside:
            sides = (media[inside[0]], media[ring.name])
            yield from _law(look, ("cell", "die", i, "contact"), ring.contact, "thermal", sides)


def _kinetics(
    look: CheckContext, loc: tuple[Key, ...], interface: Interface, possible: tuple[str, ...]
) -> Iterator[Problem]:
    if interface.kinetics is None:
        return
    if "charge_transfer" not in possible:
        a, b = interface.between
        yield look.problem(
            (*loc, "kinetics"),
            f'has no effect between "{a}" and "{b}", {_why("charge_transfer")}',
            f"possible here: {', '.join(possible)}",
        )
        return
    try:
        on_metal(interface.kinetics.recipe(), interface.kinetics.contact_area)
    except CaseError as error:
        for problem in error.problems:
            inner: tuple[Key, ...] = split_path(problem.where)
            yield look.problem((*loc, "kinetics", *inner), problem.what, problem.remedy)


def _voids(
    look: CheckContext, loc: tuple[Key, ...], interface: Interface, sides: tuple[Medium, Medium]
) -> Iterator[Problem]:
    if interface.voids is None:
        return
    here: tuple[Key, ...] = (*loc, "voids")
    if "charge_transfer" not in contacts.transports(*sides):
        a, b = interface.between
        what = f'has no effect between "{a}" and "{b}", {_why("charge_transfer")}'
        yield look.problem(here, what, "voids open where lithium is stripped: leave them out here")
        return
    if interface.voids == "none":
        return
    if look.case.load is None or look.case.time.steady:
        yield look.problem(here, "has no effect without a current in time", "leave it out")
    if look.case.mesh.degree == 2:
        why = "2 cannot carry voids: their unknowns sit at the vertices"
        yield look.problem(("mesh", "degree"), why, "degree = 1 with more cells")
    try:
        voids_of(interface.voids, *contacts.metal_first(*sides))
    except CaseError as error:
        for problem in error.problems:
            inner: tuple[Key, ...] = split_path(problem.where)
            yield look.problem((*here, *inner), problem.what, problem.remedy)


def metal_electrodes(look: CheckContext) -> Iterator[Problem]:
    """Charge transfer of a metal electrode is known: it cannot be perfect, like a contact."""
    case = look.case
    if not case.electrical:
        return
    media = recipes.media_of(case, look.folder)
    index = {frozenset(e.between): i for i, e in enumerate(case.interfaces)}
    for (a, b), contact in contacts.contacts_of(case, media).items():
        if "charge_transfer" not in contacts.transports(media[a], media[b]):
            continue
        if contact.charge_transfer is None and contact.kinetics is None:
            at = index.get(frozenset((a, b)))
            unknown = "charge_transfer" in contact.assumed
            yield look.problem(
                ("interfaces",) if at is None else ("interfaces", at),
                f'"{a}" on "{b}": '
                + (
                    "the library holds no charge-transfer resistance of this pair"
                    if unknown
                    else "charge transfer between a metal and an electrolyte is never perfect"
                ),
                f'[[interfaces]] between = ["{a}", "{b}"] with charge_transfer = "10 ohm cm^2" '
                "or kinetics",
            )


def _law(
    look: CheckContext,
    loc: tuple[Key, ...],
    choice: Any,
    transport: str,
    sides: tuple[Medium, Medium],
) -> Iterator[Problem]:
    if choice == "default":
        return
    try:
        contacts.contact_of(choice, transport, sides)
    except CaseError as error:
        for problem in error.problems:
            inner: tuple[Key, ...] = split_path(problem.where)
            yield look.problem((*loc, *inner), problem.what, problem.remedy)


def _why(transport: str) -> str:
    return {
        "electronic": "which do not both conduct electrons",
        "ionic": "which do not both conduct ions",
        "charge_transfer": "which are not a metal electrode and an ion conductor",
    }.get(transport, "which do not touch")


def no_way_around(look: CheckContext) -> Iterator[Problem]:
    """Two sides of a resistance are not joined perfectly through other bodies.

    A field that jumps at an interface cannot be the same on both sides elsewhere: with a perfect
    contact to the die, heat would pass every resistance between the layers at its rim.
    """
    case = look.case
    media = recipes.media_of(case, look.folder)
    found = contacts.contacts_of(case, media)
    for transport in ("thermal", "electronic", "ionic"):
        joined: dict[str, str] = {}
        resistive = []
        for pair, contact in found.items():
            if transport not in contacts.transports(media[pair[0]], media[pair[1]]):
                continue
            if getattr(contact, transport) is None:
                joined[_root(joined, pair[0])] = _root(joined, pair[1])
            else:
                resistive.append(pair)
        around = [p for p in resistive if _root(joined, p[0]) == _root(joined, p[1])]
        if not around:
            continue
        pairs = ", ".join(f"{a} | {b}" for a, b in around)
        if case.cell.die and transport == "thermal":
            yield look.problem(
                ("cell", "die", 0),
                f"joins perfectly what a thermal resistance parts: {pairs}",
                'give the die its own: contact = "1e-4 m^2 K/W"; or make these interfaces perfect',
            )
        else:
            yield look.problem(
                layer_path(look, around[0][0]),
                f"{transport} resistances with a perfect way around them: {pairs}",
                "give the way around a resistance too, or make these interfaces perfect",
            )


def _root(joined: dict[str, str], name: str) -> str:
    while name in joined and joined[name] != name:
        name = joined[name]
    return name
