"""Which unknowns a setup has: fields and where they jump, local states; perfect contacts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from joulestack.declarations import FieldInfo, LocalState
from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Field
from joulestack.errors import CaseError, Problem
from joulestack.laws.state import State
from joulestack.physics import capacitance
from joulestack.physics.base import Physics
from joulestack.physics.context import Contacts
from joulestack.simulation.groups import told_apart
from joulestack.simulation.setup import Setup

PERFECT = 1e-9
"""A contact resistance below this part of the adjoining layers' own is joined as perfect."""


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
        return replace(contacts, double_layer=found.double_layer or None)
    if capacitance.blocked_side(*(media[name] for name in interface.layers)) is None:
        return contacts
    return replace(contacts, blocking=found.at(*interface.layers))


def fields_of(setup: Setup, domain: Domain, processes: Sequence[Physics]) -> dict[str, Field]:
    """Fields of all processes, split where they jump.

    Raises:
        CaseError: a field is declared twice, or cannot be.
    """
    fields: dict[str, Field] = {}
    for placed in (p for process in processes for p in process.fields(setup, domain)):
        info, ids = placed.info, {r.id for r in placed.regions}
        _refuse_twice(info.key, fields)
        if not isinstance(info, FieldInfo):
            raise _wrong(info.key, "a local state among the fields", "give it as a local state")
        resistive = [
            i for i in domain.interfaces if all(s.id in ids for s in i.sides) and placed.jumps(i)
        ]
        if ids:
            fields[info.key] = Field(info, domain, placed.regions, resistive, setup.degree)
    return fields


def states_of(
    setup: Setup, domain: Domain, processes: Sequence[Physics], fields: Mapping[str, Field]
) -> dict[str, Field]:
    """Local states of regions; vertices of different regions know nothing of each other.

    Raises:
        CaseError: a state is declared twice, or cannot be.
    """
    states: dict[str, Field] = {}
    for process in processes:
        for placed in process.local_states(setup, domain, fields):
            info, regions = placed.info, placed.regions
            _refuse_twice(info.key, {**fields, **states})
            if not isinstance(info, LocalState):
                raise _wrong(info.key, "a field among the local states", "give it as a field")
            joined = [i for i in domain.interfaces if all(s in regions for s in i.sides)]
            if regions:
                apart = partial(told_apart, setup, fields=fields)
                states[info.key] = Field(info, domain, regions, joined, apart=apart)
    return states


def _refuse_twice(key: str, known: Mapping[str, Field]) -> None:
    if key in known:
        raise _wrong(key, "is declared by two processes", "give one of them another key")


def _wrong(key: str, what: str, right: str) -> CaseError:
    return CaseError(Problem(f"field {key!r}", what, right))
