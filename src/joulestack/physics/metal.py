"""Metal electrode | electrolyte: charge transfer at the interface.

Linear, i_n = (phi_s - phi_e - U)/R_ct; or one of `charge_laws` with the resistance of an interphase
in series. i_n is then an unknown of each vertex of the interface (`PointModel`). Where voids open
(`materials/voids.py`) their depth w is another, and everything happens on the share a = exp(-w) of
the face: i0 becomes a i0, resistances R/a. Heat: i_n times the whole drop.
"""

from __future__ import annotations

from typing import Any

import ufl

from joulestack.fields import Block, FieldInfo
from joulestack.materials import charge_laws, voids
from joulestack.materials.state import State
from joulestack.physics.charge import through
from joulestack.physics.context import Context, InterfaceGroup, PointModel, Terms, Touching

SOURCE = "charge transfer metal"


def unknowns_of(number: int, hollow: bool = False) -> FieldInfo:
    """Field of one group of interfaces: void depth w [-] where voids open, current density."""
    rates = (True, False) if hollow else (False,)
    return FieldInfo(f"metal{number}", "Current density [A/m2]", rates=rates, vector=True)


def reactions(context: Context, terms: Terms) -> None:
    """Every interface of a metal electrode."""
    for group in context.interfaces:
        if group.contacts.charge_transfer is None and group.contacts.kinetics is None:
            continue
        metal = 0 if group.sides[0].medium.electrode_potential is not None else 1
        keys = ("phi_s", "phi_e") if metal == 0 else ("phi_e", "phi_s")
        if not all(k in s.blocks for s, k in zip(group.sides, keys, strict=True)):
            continue
        U = context.wrap(float(group.sides[metal].medium.electrode_potential or 0.0))
        contacts = group.contacts
        pointwise = contacts.kinetics is not None or contacts.voids is not None
        if contacts.charge_transfer is not None and not pointwise:
            first, second = (s.blocks[k] for s, k in zip(group.sides, keys, strict=True))
            drop = first.value("+") - second.value("-") - (U if metal == 0 else -U)
            R = contacts.charge_transfer.resistance(context.interface_state(group))
            through(context, terms, group, keys, drop / R, drop, SOURCE)
        else:
            _kinetics(context, terms, group.at_nodes(), metal, keys, U)


def _kinetics(
    context: Context,
    terms: Terms,
    group: InterfaceGroup,
    metal: int,
    keys: tuple[str, str],
    U: Any,
) -> None:
    """A vertex's current density j, positive from metal to electrolyte, from its overpotential."""
    block, law, hollow = group.current, group.contacts.kinetics, group.contacts.voids
    assert block is not None
    marks = ("+", "-") if metal == 0 else ("-", "+")
    inputs = [
        (group.sides[metal].blocks["phi_s"], marks[0]),
        (group.sides[1 - metal].blocks["phi_e"], marks[1]),
        (group.sides[metal].blocks["T"], marks[0]),
        (group.sides[1 - metal].blocks["T"], marks[1]),
    ]
    phi_s, phi_e, T_metal, T_other = (ufl.variable(b.value(side)) for b, side in inputs)
    unknowns = tuple(ufl.variable(block.value(marks[0])[k]) for k in range(block.size))
    j = unknowns[-1]
    T = context.reference_temperature + 0.5 * (T_metal + T_other)
    drop = phi_s - phi_e - U
    state = context.interface_state(group, T)
    share = ufl.as_ufl(1.0) if hollow is None else voids.contact(unknowns[0])
    film, i0 = _in_contact(group, state)
    force = (drop - j * film / share) / charge_laws.thermal_voltage(T)
    mismatch = 0.5 * force if law is None else charge_laws.mismatch(law, j, share * i0, force)
    residual: tuple[Any, ...] = (mismatch,)
    rates: tuple[Any, ...] = ()
    if hollow is not None:
        assert block.rate is not None
        rates = tuple(ufl.variable(block.rate(marks[0])[k]) for k in range(block.size))
        grown = rates[0] - voids.growth(hollow, unknowns[0], j, state.p, T)
        residual = (grown, mismatch)
        charge = 0.0 if law is None else charge_laws.thermal_voltage(T) / i0
        terms.touching.append(Touching(share, share / (film + charge), group))
    sign = 1 if metal == 0 else -1
    through(context, terms, group, keys, sign * j, sign * drop, SOURCE)
    sides = {b.name: side for b, side in inputs} | {block.name: marks[0]}

    def restrict(of: Block, value: Any) -> Any:
        return value(sides[of.name])

    half = -0.5 * j * drop
    terms.points.append(
        PointModel(
            block=block,
            unknowns=unknowns,
            rates=rates,
            residual=residual,
            inputs=tuple(
                zip((b for b, _ in inputs), (phi_s, phi_e, T_metal, T_other), strict=True)
            ),
            feeds=(
                (inputs[0][0], j),
                (inputs[1][0], -j),
                (inputs[2][0], half),
                (inputs[3][0], half),
            ),
            group=group,
            measure=context.plain_dS(group),
            weighted=context.dS(group),
            restrict=restrict,
            exchange=None if law is None or law.law == "linear" else share * i0,
        )
    )


def _in_contact(group: InterfaceGroup, state: State) -> tuple[Any, Any]:
    """Resistance in series [Ohm m2] and exchange current density [A/m2] without voids."""
    law, series = group.contacts.kinetics, group.contacts.charge_transfer
    film = ufl.as_ufl(0.0) if law is None else law.film_resistance
    if series is not None:
        film = film + series.resistance(state)
    return film, None if law is None else charge_laws.exchange_current(law, state.T)
