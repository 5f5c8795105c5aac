"""The package's own processes; they enter a model as anybody's may (`physics/base.py`)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping

from joulestack.declarations import ELECTRONIC, IONIC, TEMPERATURE, LocalState
from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Field
from joulestack.physics import capacitance, charge, heat, meeting, metal, particles, reaction
from joulestack.physics.base import Held, Physics, Placed, SetupView
from joulestack.physics.connectivity import conducting_regions
from joulestack.physics.context import Contacts, Context
from joulestack.physics.decomposition import Decomposition
from joulestack.physics.melting import Melting
from joulestack.physics.operation import Drive, Surroundings
from joulestack.physics.radial import RadialBasis
from joulestack.physics.resolution import resolved
from joulestack.physics.terms import Terms
from joulestack.simulation.conditions import fluxes, temperatures
from joulestack.simulation.setup import Setup

log = logging.getLogger("joulestack")

Joined = Mapping[str, Contacts]
"""Contacts that are resolved, by the name of the interface."""


class Heat(Physics):
    """Temperature everywhere; it jumps at thermal contacts."""

    def __init__(self, setup: Setup, contacts: Joined) -> None:
        """Faces as the setup says, until a step of a protocol says otherwise."""
        self._setup, self._contacts = setup, contacts
        self._around = Surroundings()

    def fields(self, setup: SetupView, domain: Domain) -> Iterable[Placed]:
        """T."""
        contacts = self._contacts
        yield Placed(TEMPERATURE, domain.regions, lambda i: contacts[i.name].thermal is not None)

    def contribute(self, context: Context, terms: Terms) -> None:
        """Conduction, storage, contacts and faces; sources come last (`heat.sources`)."""
        heat.conduction_and_storage(context, terms)
        heat.contacts(context, terms)
        flowing = fluxes(self._setup, lambda: self._around, context.clocked)
        blocks = {face: context.on_face(face, TEMPERATURE.key) for face in flowing}
        heat.faces(context, terms, flowing, blocks)

    def held(self, setup: SetupView, fields: Collection[str]) -> Iterable[Held]:
        """Faces at a given temperature."""
        return temperatures(self._setup, lambda: self._around)

    def begin(self) -> None:
        """Surroundings as set up."""
        self._around = Surroundings()

    def follow(self, drive: Drive | None, surroundings: Surroundings, t: float) -> None:
        """Other surroundings, from now on."""
        self._around = surroundings


class Charge(Physics):
    """Both potentials where current can flow, and what passes between them at once."""

    def __init__(self, contacts: Joined, notes: list[str]) -> None:
        """Regions without current go into the notes."""
        self._contacts, self._notes = contacts, notes

    def fields(self, setup: SetupView, domain: Domain) -> Iterable[Placed]:
        """phi_s and phi_e."""
        contacts, media = self._contacts, setup.media
        assert setup.drive is not None
        electronic, ionic = conducting_regions(domain, media, contacts, setup.drive, self._notes)
        yield Placed(ELECTRONIC, electronic, lambda i: contacts[i.name].electronic is not None)
        yield Placed(IONIC, ionic, lambda i: contacts[i.name].ionic is not None)

    def contribute(self, context: Context, terms: Terms) -> None:
        """Conduction and contacts."""
        charge.conduction(context, terms)
        charge.contacts(context, terms)

    def start(self, setup: SetupView, domain: Domain, unknowns: Mapping[str, Field]) -> None:
        """Potentials from which Newton's method finds its way."""
        charge.guess(domain, setup.media, setup.start_temperature, unknowns)


class Metals(Physics):
    """Charge transfer at metal electrodes, and in composites without particles."""

    def __init__(self, contacts: Joined) -> None:
        """With the laws of the interfaces."""
        self._contacts = contacts

    def interface_states(
        self, setup: SetupView, interface: Interface
    ) -> Iterable[tuple[LocalState, int]]:
        """Current density where kinetics or voids say so."""
        found = self._contacts[interface.name]
        if found.kinetics is not None or found.voids is not None:
            side = meeting.metal_side(*(setup.media[n] for n in interface.layers))
            layered = found.double_layer is not None
            yield metal.unknowns_of(found.voids is not None, layered), side

    def contribute(self, context: Context, terms: Terms) -> None:
        """Interfaces first."""
        metal.reactions(context, terms)
        reaction.charge_transfer(context, terms)


class Particles(Physics):
    """Lithium in the particles of composite electrodes."""

    def __init__(self, double_layer: float = 0.0) -> None:
        """With what a measurement adds beside their reaction [F/m2]."""
        self._double_layer = double_layer
        self._bases: dict[str, RadialBasis] = {}

    def local_states(
        self, setup: SetupView, domain: Domain, fields: Mapping[str, Field]
    ) -> Iterable[Placed]:
        """One for each population, where both potentials exist."""
        if not all(info.key in fields for info in (ELECTRONIC, IONIC)):
            return
        carrying = [r for r in fields[ELECTRONIC.key].regions if r in fields[IONIC.key]]
        number = 0
        for medium in {id(m): m for m in (setup.media[r.layer] for r in carrying)}.values():
            regions = [r for r in carrying if setup.media[r.layer] is medium]
            for place, population in enumerate(medium.particles or ()):
                basis, warning = resolved(
                    population, medium.particles or (), setup.radial_modes, setup.resolution
                )
                if warning:
                    log.warning("%s", warning)
                if len(basis.mass) > setup.radial_modes:
                    log.info("%s: %d radial functions", population.name, len(basis.mass))
                info = particles.unknowns_of(
                    number, population, len(basis.mass), place, bool(self._double_layer)
                )
                self._bases[info.key] = basis
                number += 1
                yield Placed(info, regions)

    def contribute(self, context: Context, terms: Terms) -> None:
        """Diffusion and reaction."""
        given = self._double_layer
        particles.reactions(context, terms, self._bases, context.wrap(given) if given else None)


class Stores(Physics):
    """Stored charge, for measurements."""

    def __init__(self, given: capacitance.Capacitances, contacts: Joined) -> None:
        """With the laws of the interfaces."""
        self._given, self._contacts = given, contacts

    def interface_states(
        self, setup: SetupView, interface: Interface
    ) -> Iterable[tuple[LocalState, int]]:
        """Voltage and current density of blocking contacts."""
        if self._contacts[interface.name].blocking is not None:
            media = (setup.media[n] for n in interface.layers)
            yield capacitance.unknowns_of(), capacitance.blocked_side(*media) or 0

    def contribute(self, context: Context, terms: Terms) -> None:
        """Everything that stores charge."""
        capacitance.contribute(context, terms, self._given)


def own(setup: Setup, contacts: Joined, notes: list[str]) -> tuple[Physics, ...]:
    """Those that a setup asks for, in the order in which they contribute."""
    found: list[Physics] = [Heat(setup, contacts)]
    if setup.drive is not None:
        stores = setup.capacitances
        charged = Particles(stores.double_layer if stores else 0.0)
        found += [Charge(contacts, notes), Metals(contacts), charged]
        if stores is not None:
            found.append(Stores(stores, contacts))
    if any(medium.reactions for medium in setup.media.values()):
        found.append(Decomposition())
    if any(medium.melting is not None for medium in setup.media.values()):
        found.append(Melting())
    return tuple(found)


__all__ = ["Charge", "Heat", "Metals", "Particles", "Stores", "own"]
