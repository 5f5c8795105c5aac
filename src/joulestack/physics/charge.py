"""Charge: div(sigma_s grad phi_s) = a_s j, div(sigma_e grad phi_e) = -a_s j, and Joule heat.

i = -sigma grad(phi); j positive from solid to electrolyte; discharge current positive, leaving the
cell at the positive terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ufl

from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Field
from joulestack.laws.medium import Medium
from joulestack.laws.state import State
from joulestack.physics.context import Context, sides
from joulestack.physics.sources import Crossing, HeatSource, Loss, Origin
from joulestack.physics.terms import Terms

CONTACTS = Loss("contacts", ("#999933",))
JOULE_ELECTRONIC = HeatSource(
    "Joule electronic", Origin.JOULE, Loss("electronic", ("#88ccee",)), colour="#88ccee"
)
JOULE_IONIC = HeatSource(
    "Joule ionic",
    Origin.JOULE,
    Loss("ionic", ("#1f5a94", "#4477aa", "#7fa3cc", "#b3c9e3"), by_place=True),
    colour="#4477aa",
)
CONTACT_ELECTRONIC = HeatSource("contact electronic", Origin.CONTACT, CONTACTS, colour="#999933")
CONTACT_IONIC = HeatSource(
    "contact ionic", Origin.CONTACT, CONTACTS, colour="#999933", hatch="////"
)


def guess(
    domain: Domain, media: Mapping[str, Medium], temperature: float, fields: Mapping[str, Field]
) -> None:
    """Start phi_s at each electrode's own potential against lithium, phi_e being zero.

    From there every charge transfer starts without driving force. Far from it a law may be so
    flat (Marcus) or so steep (a transfer coefficient other than 1/2) that Newton's method does
    not find back.

    Args:
        domain: the meshed cell.
        media: by layer name.
        temperature: at the start [K].
        fields: by key, those that exist.
    """
    if "phi_s" not in fields:
        return
    for region in fields["phi_s"].regions:
        medium = media[region.layer]
        potential = medium.electrode_potential
        if medium.particles and region in fields.get("phi_e", ()):
            first = medium.particles[0]
            potential = float(first.open_circuit_voltage(State(T=temperature, x=first.start)))
        if potential:
            block = fields["phi_s"].block(region)
            block.value.x.array[block.region_dofs(domain, [region])] = potential


def conduction(context: Context, terms: Terms) -> None:
    """int sigma grad phi . grad v for both potentials, with Joule heat sigma |grad phi|^2."""
    for group in context.regions:
        state = context.state(group)
        for key, source, conductivity in (
            ("phi_s", JOULE_ELECTRONIC, group.medium.electronic_conductivity),
            ("phi_e", JOULE_IONIC, group.medium.ionic_conductivity),
        ):
            if key not in group.blocks:
                continue
            block = group.blocks[key]
            sigma = conductivity(state)
            gradient = ufl.grad(block.value)
            terms.add(block, sigma * ufl.inner(gradient, ufl.grad(block.test)) * context.dx(group))
            terms.heat(source, sigma * ufl.inner(gradient, gradient), group)
            terms.current_density[key].append((-sigma * gradient, group))


def contacts(context: Context, terms: Terms) -> None:
    """i_n = (phi0 - phi1) / R_c on each side; heat i_n^2 R_c."""
    for group in context.interfaces:
        state = context.interface_state(group)
        for key, law, source in (
            ("phi_s", group.contacts.electronic, CONTACT_ELECTRONIC),
            ("phi_e", group.contacts.ionic, CONTACT_IONIC),
        ):
            if law is None or not all(key in s.blocks for s in group.sides):
                continue
            phi0, phi1 = sides(group, key)
            drop = phi0 - phi1
            i_n = drop / law.resistance(state)
            through(context, terms, Crossing(source, i_n, group), (key, key), drop)


def through(
    context: Context, terms: Terms, crossing: Crossing, keys: tuple[str, str], drop: Any
) -> None:
    """Let a current flow down a drop [V], and heat the interface by their product.

    Args:
        context: shared.
        terms: collector.
        crossing: the current.
        keys: potentials on side 0 and 1 that it leaves and enters.
        drop: from side 0 to side 1.
    """
    i_n, group = crossing.i_n, crossing.group
    first, second = (s.blocks[k] for s, k in zip(group.sides, keys, strict=True))
    terms.add(first, i_n * first.test("+") * context.dS(group))
    terms.add(second, -i_n * second.test("-") * context.dS(group))
    terms.cross(crossing, drop)


def terminal(
    context: Context,
    terms: Terms,
    block: Any,
    face_id: int,
    current: Any,
    power: Any,
    conductance: Any,
    lowest: Any,
) -> None:
    """Given current or power leaves through the positive terminal, or what a resistance lets pass.

    int (i + g phi_s + p / max(phi_s, lowest)) v ds: current density, power density and conductance
    per area of the resistance between the terminals [A/m2], [W/m2], [S/m2] are spread evenly. The
    negative terminal is at zero volt, so phi_s is the voltage. Like a real sink of power this one
    draws no more current below its lowest voltage [V], which lies between the two voltages at which
    a cell gives the power: only the upper one solves this equation (`solver/operating.py`). A
    resistance has one solution: its current grows with the voltage, a cell's voltage falls with
    the current.
    """
    phi = block.value
    held = ufl.conditional(ufl.gt(phi, lowest), phi, lowest)
    terms.add(
        block, (current + conductance * phi + power / held) * block.test * context.ds(face_id)
    )
