"""Which unknowns a setup has: fields and where they jump, populations, and where they start."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import ELECTRONIC, IONIC, TEMPERATURE, Field, FieldInfo
from joulestack.laws.state import State
from joulestack.mesh import Region
from joulestack.physics import capacitance, particles
from joulestack.physics.context import Contacts
from joulestack.simulation.connectivity import conducting_regions
from joulestack.simulation.setup import Setup

PERFECT = 1e-9
"""A contact resistance below this part of the adjoining layers' own is joined as perfect."""

Populations = Mapping[int, list[Field]]
"""A field for each population of particles, by the id of its medium."""


def _start(setup: Setup) -> State:
    p = setup.pressure(0.0)
    highest = p if setup.highest_pressure is None else setup.highest_pressure(0.0)
    return State(T=setup.start_temperature, p=p, p_max=highest)


def effective_contacts(setup: Setup, interface: Interface, notes: list[str]) -> Contacts:
    """Contacts of an interface, with resistances too small to resolve joined as perfect."""
    contacts = setup.contact(*interface.layers)
    state = _start(setup)
    media = [setup.media[name] for name in interface.layers]
    for transport, conductivity in (
        ("thermal", lambda m: m.thermal_conductivity(state)),
        (
            "electronic",
            lambda m: m.electronic_conductivity(state) if m.conducts_electrons else math.nan,
        ),
        ("ionic", lambda m: m.ionic_conductivity(state) if m.conducts_ions else math.nan),
    ):
        law = getattr(contacts, transport)
        if law is None:
            continue
        own = [
            setup.thickness.get(name, 0.0) / float(conductivity(medium))
            for name, medium in zip(interface.layers, media, strict=True)
        ]
        if float(law.resistance(state)) <= PERFECT * min(own):
            contacts = replace(contacts, **{transport: None})
            notes.append(
                f"{interface.name}: the {transport} contact resistance "
                f"{float(law.resistance(state)):.3g} is too small to resolve and is joined as "
                "perfect"
            )
    return _with_capacitances(setup, contacts, interface)


def _with_capacitances(setup: Setup, contacts: Contacts, interface: Interface) -> Contacts:
    found, media = setup.capacitances, setup.media
    if found is None:
        return contacts
    if contacts.charge_transfer is not None or contacts.kinetics is not None:
        return replace(contacts, double_layer=found.double_layer)
    if capacitance.blocked_side(*(media[name] for name in interface.layers)) is None:
        return contacts
    return replace(contacts, blocking=found.at(*interface.layers))


def fields_of(
    setup: Setup, domain: Domain, contacts: Mapping[str, Contacts], notes: list[str]
) -> dict[str, Field]:
    """Temperature everywhere, potentials where current can flow; split where they jump."""
    present: dict[FieldInfo, list[Region]] = {TEMPERATURE: list(domain.regions)}
    if setup.drive is not None:
        electronic, ionic = conducting_regions(domain, setup.media, contacts, setup.drive, notes)
        present |= {ELECTRONIC: electronic, IONIC: ionic}
    transport = {"T": "thermal", "phi_s": "electronic", "phi_e": "ionic"}
    fields = {}
    for info, regions in present.items():
        ids = {r.id for r in regions}
        resistive = [
            i
            for i in domain.interfaces
            if getattr(contacts[i.name], transport[info.key]) is not None
            and all(s.id in ids for s in i.sides)
        ]
        if regions:
            fields[info.key] = Field(info, domain, regions, resistive, setup.degree)
    return fields


def populations_of(
    setup: Setup, domain: Domain, fields: Mapping[str, Field]
) -> dict[int, list[Field]]:
    """A field for each population of particles, by the id of its medium."""
    if setup.drive is None or "phi_s" not in fields or "phi_e" not in fields:
        return {}
    found: dict[int, list[Field]] = {}
    carrying = [r for r in fields["phi_s"].regions if r in fields["phi_e"]]
    number = 0
    for medium in {id(m): m for m in (setup.media[r.layer] for r in carrying)}.values():
        regions = [r for r in carrying if setup.media[r.layer] is medium]
        for population in medium.particles or ():
            info = particles.unknowns_of(number, population, setup.radial_modes)
            number += 1
            joined = [i for i in domain.interfaces if all(s in regions for s in i.sides)]
            field = Field(info, domain, regions, joined)
            found.setdefault(id(medium), []).append(field)
    return found


def fill_particles(setup: Setup, domain: Domain, populations: Populations) -> None:
    """The lithium of the start."""
    for region in domain.regions:
        medium = setup.media[region.layer]
        for population, field in zip(
            medium.particles or (), populations.get(id(medium), ()), strict=False
        ):
            if region in field:
                block = field.block(region)
                block.value.x.array.reshape(-1, block.size)[:, 0] = population.start


def guess_potentials(
    setup: Setup, domain: Domain, fields: Mapping[str, Field], populations: Populations
) -> None:
    """Start phi_s at each electrode's own potential against lithium, phi_e being zero.

    From there every charge transfer starts without driving force. Far from it a law may be so
    flat (Marcus) or so steep (a transfer coefficient other than 1/2) that Newton's method does
    not find back.
    """
    if "phi_s" not in fields:
        return
    for region in fields["phi_s"].regions:
        medium = setup.media[region.layer]
        potential = medium.electrode_potential
        if id(medium) in populations and medium.particles:
            first = medium.particles[0]
            state = State(T=setup.start_temperature, x=first.start)
            potential = float(first.open_circuit_voltage(state))
        if potential:
            block = fields["phi_s"].block(region)
            block.value.x.array[block.region_dofs(domain, [region])] = potential
