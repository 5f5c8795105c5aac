"""Regions and interfaces that share laws and unknowns, so that one kernel serves all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Field
from joulestack.laws.binding import bound
from joulestack.laws.medium import Medium
from joulestack.physics import capacitance, meeting, metal
from joulestack.physics.context import Blocking, Contacts, InterfaceGroup, RegionGroup
from joulestack.simulation.setup import Setup
from joulestack.simulation.unknowns import Populations

Wrap = Callable[[float], Any]


def region_groups(
    setup: Setup,
    domain: Domain,
    fields: Mapping[str, Field],
    populations: Populations,
    wrap: Wrap,
) -> list[RegionGroup]:
    """Regions with the same medium and the same blocks; media bound by `wrap`."""
    media: dict[int, Medium] = {}
    groups: dict[tuple[Any, ...], RegionGroup] = {}
    sources: dict[str, Any] = {k: wrap(v) for k, v in setup.heat_sources.items() if v}
    for region in domain.regions:
        medium = setup.media[region.layer]
        blocks = {key: f.block(region) for key, f in fields.items() if region in f}
        source = sources.get(region.layer)
        inside = tuple(f.block(region) for f in populations.get(id(medium), ()) if region in f)
        key = (id(medium), id(source), *(b.name for b in (*blocks.values(), *inside)))
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
    wrap: Wrap,
) -> list[InterfaceGroup]:
    """Interfaces with the same laws between the same groups of regions."""
    of_region = {r.id: g for g in groups for r in g.regions}
    laws_bound: dict[int, Any] = {}

    def bind(law: Any) -> Any:
        if law is None:
            return None
        return laws_bound.setdefault(id(law), law.bind(wrap))

    grouped: dict[tuple[Any, ...], list[Interface]] = {}
    for interface in domain.interfaces:
        c = contacts[interface.name]
        laws = (
            *(c.thermal, c.electronic, c.ionic, c.charge_transfer),
            *(c.kinetics, c.voids, c.blocking),
        )
        if any(law is not None for law in laws):
            key = (*(id(law) for law in laws), *(id(of_region[s.id]) for s in interface.sides))
            grouped.setdefault(key, []).append(interface)
    return [
        _interface_group(
            setup, domain, contacts[members[0].name], n, members, of_region, bind, wrap
        )
        for n, members in enumerate(grouped.values())
    ]


def _interface_group(
    setup: Setup,
    domain: Domain,
    contacts: Contacts,
    number: int,
    members: list[Interface],
    of_region: Mapping[int, RegionGroup],
    bind: Callable[[Any], Any],
    wrap: Wrap,
) -> InterfaceGroup:
    names = ("thermal", "electronic", "ionic", "charge_transfer")
    laws = {name: bind(getattr(contacts, name)) for name in names}
    current = None
    pointwise = {n: getattr(contacts, n) for n in ("kinetics", "voids")}
    if any(law is not None for law in pointwise.values()) and setup.drive is not None:
        side = meeting.metal_side(*(setup.media[n] for n in members[0].layers))
        metals = list(dict.fromkeys(i.sides[side] for i in members))
        info = metal.unknowns_of(number, contacts.voids is not None)
        current = Field(info, domain, metals, ()).blocks[0]
        laws |= {name: bound(law, wrap) for name, law in pointwise.items()}
    if contacts.double_layer is not None:
        laws["double_layer"] = wrap(contacts.double_layer)
    if contacts.blocking is not None and setup.drive is not None:
        blocking, media = contacts.blocking, setup.media
        side = capacitance.blocked_side(*(media[n] for n in members[0].layers)) or 0
        metals = list(dict.fromkeys(i.sides[side] for i in members))
        current = Field(capacitance.unknowns_of(number), domain, metals, ()).blocks[0]
        laws["blocking"] = Blocking(wrap(blocking.capacitance), bind(blocking.resistance))
    return InterfaceGroup(
        id=number + 1,
        interfaces=tuple(members),
        contacts=Contacts(**laws),
        sides=(of_region[members[0].sides[0].id], of_region[members[0].sides[1].id]),
        current=current,
    )
