"""Regions and interfaces that share laws and unknowns, so that one kernel serves all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from joulestack.declarations import LocalState
from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Field
from joulestack.in_time import TimeFunction, as_function
from joulestack.laws.binding import bound
from joulestack.laws.medium import Medium
from joulestack.mesh import Region
from joulestack.physics.base import Physics
from joulestack.physics.context import Blocking, Contacts, InterfaceGroup, RegionGroup
from joulestack.physics.sources import Pointwise
from joulestack.simulation.setup import Setup

Wrap = Callable[[float], Any]


def told_apart(setup: Setup, region: Region, fields: Mapping[str, Field]) -> Hashable:
    """What regions of one group share, and blocks of local states with them.

    A point model owns all of its block, so no two groups may share one.
    """
    stores, layer = setup.capacitances, region.layer
    given = setup.heat_sources.get(layer)
    of_its_own = bool(given) and not isinstance(given, Pointwise)
    if stores is not None:
        of_its_own = of_its_own or layer in {*stores.layers, *stores.chemical}
    names = (f.block(region).name for f in fields.values() if region in f)
    apart = layer if setup.physics or of_its_own else ""
    return (id(setup.media[layer]), id(given) if given else 0, apart, *names)


def region_groups(
    setup: Setup,
    domain: Domain,
    fields: Mapping[str, Field],
    states: Mapping[str, Field],
    wrap: Wrap,
    clocked: Callable[[TimeFunction], Any],
) -> list[RegionGroup]:
    """Regions with the same medium and the same blocks; media bound by `wrap`.

    Physics from outside may tell layers apart that share a medium: with them groups keep to one.
    So does a layer whose permittivity or chemical capacitance is its own.
    """
    media: dict[int, Medium] = {}
    groups: dict[tuple[Any, ...], RegionGroup] = {}
    sources = {
        layer: given if isinstance(given, Pointwise) else clocked(as_function(given, "heat source"))
        for layer, given in setup.heat_sources.items()
        if given
    }
    for region in domain.regions:
        medium = setup.media[region.layer]
        blocks = {key: f.block(region) for key, f in fields.items() if region in f}
        source = sources.get(region.layer)
        inside = {key: f.block(region) for key, f in states.items() if region in f}
        key = (told_apart(setup, region, fields), *(b.name for b in inside.values()))
        if id(medium) not in media:
            media[id(medium)] = medium.bind(wrap)
        old = groups.get(key)
        number = old.id if old else len(groups) + 1
        regions = (*(old.regions if old else ()), region)
        groups[key] = RegionGroup(number, regions, media[id(medium)], blocks, source, inside)
    return list(groups.values())


def interface_groups(
    setup: Setup,
    domain: Domain,
    contacts: Mapping[str, Contacts],
    groups: list[RegionGroup],
    processes: Sequence[Physics],
    fields: Mapping[str, Field],
    wrap: Wrap,
) -> list[InterfaceGroup]:
    """Interfaces with the same laws and local states between the same groups of regions."""
    of_region = {r.id: g for g in groups for r in g.regions}
    laws_bound: dict[int, Any] = {}

    def bind(law: Any) -> Any:
        if law is None:
            return None
        return laws_bound.setdefault(id(law), law.bind(wrap))

    grouped: dict[tuple[Any, ...], list[Interface]] = {}
    declared: dict[str, list[tuple[LocalState, int]]] = {}
    for interface in domain.interfaces:
        name = interface.name
        c = contacts[name]
        laws = (
            *(c.thermal, c.electronic, c.ionic, c.charge_transfer),
            *(c.kinetics, c.voids, c.blocking),
        )
        found = [s for p in processes for s in p.interface_states(setup, interface)]
        declared[name] = found
        parts = [
            *(id(law) for law in laws if law is not None),
            *(f"{state.key} on {side}" for state, side in found),
            *(key for key, f in fields.items() if name in f.jumps),
        ]
        if parts:
            sides = (id(of_region[s.id]) for s in interface.sides)
            grouped.setdefault((*(id(law) for law in laws), *parts, *sides), []).append(interface)
    return [
        _interface_group(
            setup, domain, contacts[members[0].name], n, members, declared[members[0].name],
            of_region, bind, wrap,
        )
        for n, members in enumerate(grouped.values())
    ]  # fmt: skip


def _interface_group(
    setup: Setup,
    domain: Domain,
    contacts: Contacts,
    number: int,
    members: list[Interface],
    declared: list[tuple[LocalState, int]],
    of_region: Mapping[int, RegionGroup],
    bind: Callable[[Any], Any],
    wrap: Wrap,
) -> InterfaceGroup:
    names = ("thermal", "electronic", "ionic", "charge_transfer")
    laws = {name: bind(getattr(contacts, name)) for name in names}
    if setup.drive is not None:
        for name in ("kinetics", "voids"):
            law = getattr(contacts, name)
            laws[name] = None if law is None else bound(law, wrap)
        if (blocking := contacts.blocking) is not None:
            laws["blocking"] = Blocking(wrap(blocking.capacitance), bind(blocking.resistance))
    if contacts.double_layer is not None:
        laws["double_layer"] = wrap(contacts.double_layer)
    states = {}
    for state, side in declared:
        own = replace(state, key=f"{state.key}{number}", family=state.kind)
        regions = list(dict.fromkeys(i.sides[side] for i in members))
        states[state.key] = Field(own, domain, regions, ()).blocks[0]
    return InterfaceGroup(
        id=number + 1,
        interfaces=tuple(members),
        contacts=Contacts(**laws),
        sides=(of_region[members[0].sides[0].id], of_region[members[0].sides[1].id]),
        states=states,
    )
