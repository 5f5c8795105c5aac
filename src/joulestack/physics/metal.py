"""Metal electrode | electrolyte: charge transfer at the interface.

Linear, i_n = (phi_s - phi_e - U)/R_ct; or one of `charge_laws` with the resistance of an interphase
in series. i_n is then an unknown of each vertex of the interface (`PointModel`). Heat: i_n times
the whole drop.
"""

from __future__ import annotations

from typing import Any

import ufl

from joulestack.fields import Block, FieldInfo
from joulestack.materials import charge_laws
from joulestack.physics.charge import through
from joulestack.physics.context import Context, InterfaceGroup, PointModel, Terms

SOURCE = "charge transfer metal"


def unknowns_of(number: int) -> FieldInfo:
    """Field of the current density through one group of interfaces."""
    return FieldInfo(f"metal{number}", "Current density [A/m2]", vector=True)


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
        if group.contacts.charge_transfer is not None and group.contacts.kinetics is None:
            first, second = (s.blocks[k] for s, k in zip(group.sides, keys, strict=True))
            drop = first.value("+") - second.value("-") - (U if metal == 0 else -U)
            R = group.contacts.charge_transfer.resistance(context.interface_state(group))
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
    block, law, contacts = group.current, group.contacts.kinetics, group.contacts
    assert block is not None
    assert law is not None
    marks = ("+", "-") if metal == 0 else ("-", "+")
    inputs = [
        (group.sides[metal].blocks["phi_s"], marks[0]),
        (group.sides[1 - metal].blocks["phi_e"], marks[1]),
        (group.sides[metal].blocks["T"], marks[0]),
        (group.sides[1 - metal].blocks["T"], marks[1]),
    ]
    phi_s, phi_e, T_metal, T_other = (ufl.variable(b.value(side)) for b, side in inputs)
    j = ufl.variable(block.value(marks[0])[0])
    T = context.reference_temperature + 0.5 * (T_metal + T_other)
    drop = phi_s - phi_e - U
    state = context.interface_state(group, T)
    film = law.film_resistance
    if contacts.charge_transfer is not None:
        film = film + contacts.charge_transfer.resistance(state)
    i0 = charge_laws.exchange_current(law, T)
    force = (drop - j * film) / charge_laws.thermal_voltage(T)
    sign = 1 if metal == 0 else -1
    through(context, terms, group, keys, sign * j, sign * drop, SOURCE)
    sides = {b.name: side for b, side in inputs} | {block.name: marks[0]}

    def restrict(of: Block, value: Any) -> Any:
        return value(sides[of.name])

    half = -0.5 * j * drop
    terms.points.append(
        PointModel(
            block=block,
            unknowns=(j,),
            rates=(),
            residual=(charge_laws.mismatch(law, j, i0, force),),
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
            exchange=None if law.law == "linear" else i0,
        )
    )
