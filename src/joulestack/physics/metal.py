"""Metal electrode | electrolyte: charge transfer at the interface.

Linear, i_n = (phi_s - phi_e - U)/R_ct; or one of `charge_laws` with the resistance of an interphase
in series. i_n is then an unknown of each vertex of the interface (`PointModel`). Heat: i_n times
the whole drop.
"""

from __future__ import annotations

from typing import Any

from joulestack.fields import FieldInfo
from joulestack.materials import charge_laws
from joulestack.physics.charge import through
from joulestack.physics.context import Contacts, Context, Terms
from joulestack.physics.meeting import Meeting, metal_side, potentials

SOURCE = "charge transfer metal"


def unknowns_of(number: int) -> FieldInfo:
    """Field of the current density through one group of interfaces."""
    return FieldInfo(f"metal{number}", "Current density [A/m2]", vector=True)


def reactions(context: Context, terms: Terms) -> None:
    """Every interface of a metal electrode."""
    for group in context.interfaces:
        contacts = group.contacts
        if contacts.charge_transfer is None and contacts.kinetics is None:
            continue
        metal = metal_side(*(s.medium for s in group.sides))
        keys = potentials(group, metal)
        if keys is None:
            continue
        U = context.wrap(float(group.sides[metal].medium.electrode_potential or 0.0))
        if contacts.kinetics is not None:
            _kinetics(terms, Meeting(context, group, metal), contacts, U)
        else:
            assert contacts.charge_transfer is not None
            first, second = (s.blocks[k] for s, k in zip(group.sides, keys, strict=True))
            drop = first.value("+") - second.value("-") - (U if metal == 0 else -U)
            R = contacts.charge_transfer.resistance(context.interface_state(group))
            through(context, terms, group, keys, drop / R, drop, SOURCE)


def _kinetics(terms: Terms, at: Meeting, contacts: Contacts, U: Any) -> None:
    """A vertex's current density j, positive from metal to electrolyte, from its overpotential."""
    law = contacts.kinetics
    assert law is not None
    (j,) = at.unknowns
    drop = at.phi_s - at.phi_e - U
    film = law.film_resistance
    if contacts.charge_transfer is not None:
        film = film + contacts.charge_transfer.resistance(at.state)
    i0 = charge_laws.exchange_current(law, at.T)
    force = (drop - j * film) / charge_laws.thermal_voltage(at.T)
    residual = [charge_laws.mismatch(law, j, i0, force)]
    at.obey(terms, SOURCE, j, drop, residual, exchange=None if law.law == "linear" else i0)
