"""Metal electrode | electrolyte: charge transfer at the interface.

Linear, i_n = (phi_s - phi_e - U)/R_ct; or one of `laws/kinetics.py` with the resistance of an
interphase in series. i_n is then an unknown of each vertex of the interface (`LocalModel`). Where
voids open (`laws/solids/voids.py`) their depth w is another, and everything happens on the share
a = exp(-w) of the face: i0 becomes a i0, resistances R/a. Heat: i_n times the whole drop, and the
reversible i_n T dU/dT where the metal has an entropy of its own (Li-In; lithium is the reference).
U stays that of 25 degC. A measurement adds the double layer, C a f on the share f in contact,
beside the reaction alone: resistances in series with kinetics carry the current of both. One that
stands for the whole charge transfer is all beside it.
"""

from __future__ import annotations

from typing import Any

import ufl

from joulestack.declarations import LocalState, Unknown
from joulestack.laws import kinetics
from joulestack.laws.solids import voids
from joulestack.physics.charge import through
from joulestack.physics.context import DOUBLE_LAYERS, METAL, Context
from joulestack.physics.meeting import Meeting, metal_side, potentials
from joulestack.physics.reaction import REVERSIBLE
from joulestack.physics.sources import Crossing, HeatSource, Loss, Origin
from joulestack.physics.terms import Terms, Touching
from joulestack.tolerances import CURRENT_DENSITY, LITHIATION

CHARGE_TRANSFER_METAL = HeatSource(
    "charge transfer metal",
    Origin.CHARGE_TRANSFER,
    Loss("metal interface", ("#ddaa33",)),
    colour="#ddaa33",
)


def unknowns_of(hollow: bool = False, layered: bool = False) -> LocalState:
    """Local state of interfaces: void depth w where voids open, current density.

    An error in w is a relative error of the contact's area.

    Args:
        hollow: voids open.
        layered: beside a double layer, whose current passes the interphase with the reaction's.
    """
    unknowns = [Unknown("void depth", "-", LITHIATION, rate=True)] if hollow else []
    if layered:
        unknowns.append(Unknown("current density through the film", "A/m^2", CURRENT_DENSITY))
    unknowns.append(Unknown("current density", "A/m^2", CURRENT_DENSITY))
    return LocalState(METAL, "metal electrode", tuple(unknowns), shown=())


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
        medium = group.sides[metal].medium
        U = context.wrap(float(medium.electrode_potential or 0.0))
        slope = float(medium.electrode_entropic_coefficient)
        entropy = context.wrap(slope) if slope else None
        if contacts.kinetics is not None or contacts.voids is not None:
            _pointwise(context, terms, Meeting(context, group, metal), U, entropy)
        else:
            assert contacts.charge_transfer is not None
            first, second = (s.blocks[k] for s, k in zip(group.sides, keys, strict=True))
            drop = first.value("+") - second.value("-") - (U if metal == 0 else -U)
            state = context.interface_state(group)
            i_n = drop / contacts.charge_transfer.resistance(state)
            crossing = Crossing(CHARGE_TRANSFER_METAL, i_n, group, metal, U)
            through(context, terms, crossing, keys, drop)
            if entropy is not None:
                leaving = i_n if metal == 0 else -i_n
                terms.heat(REVERSIBLE, leaving * state.T * entropy, group)


def _pointwise(context: Context, terms: Terms, at: Meeting, U: Any, entropy: Any) -> None:
    """A vertex's current density j, positive from metal to electrolyte, from its overpotential.

    With a double layer i = j + s C eta is another unknown: what passes the interphase.
    """
    contacts, j = at.group.contacts, at.unknowns[-1]
    law, hollow, capacity = contacts.kinetics, contacts.voids, contacts.double_layer
    i = j if capacity is None else at.unknowns[-2]
    share: Any = 1.0 if hollow is None else voids.contact(at.unknowns[0])
    series: Any = ufl.as_ufl(0.0) if law is None else law.film_resistance
    if contacts.charge_transfer is not None:
        series = series + contacts.charge_transfer.resistance(at.state)
    drop, volt = at.phi_s - at.phi_e - U, kinetics.thermal_voltage(at.T)
    if law is None:  # the resistance is all of the charge transfer
        i0, slope, eta = None, 0.0, drop
        mismatch = 0.5 * (drop - j * series / share) / volt
    else:
        i0, eta = share * law.exchange_current(at.T), drop - i * series / share
        slope, mismatch = volt / i0, law.mismatch(j, i0, eta / volt)
    residual, heat = [mismatch], j * drop
    if capacity is not None:
        covered = share if law is None else share * law.contact_area
        charging = terms.charging_rate(DOUBLE_LAYERS, context.wrap) * capacity * covered * eta
        residual = [i - j - charging, mismatch]
        heat = j * eta + i * (drop - eta)
    if hollow is not None:
        grown = voids.growth(hollow, at.unknowns[0], j, at.state.p, at.T)
        residual = [at.rates[0] - grown, *residual]
        terms.touching.append(Touching(share, 1 / (series / share + slope), at.group))
    if entropy is not None:
        terms.heat(REVERSIBLE, j * at.T * entropy, at.group, at.block)
    exchange = None if law is None or isinstance(law, kinetics.Linear) else i0
    at.obey(terms, CHARGE_TRANSFER_METAL, i, heat, U, residual, exchange=exchange)
