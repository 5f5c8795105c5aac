"""Stored charge: blocking contacts, double layers, chemical capacitance, dielectric.

A blocking contact is a resistance R and a capacitor in series, with two unknowns at each vertex of
the interface: the capacitor's voltage v and the current density j from electrons to ions,
C dv/dt = j and phi_s - phi_e = v + R j. With v held, as in a consistent start, it conducts, so
that every potential stays tied to the terminals. Double layers, chemical capacitances and
dielectrics are far faster than a run: they are proportional to a rate s that is zero in a run and
i omega in a linearisation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ufl

from joulestack.constants import VACUUM_PERMITTIVITY
from joulestack.declarations import LocalState, Unknown
from joulestack.laws.medium import Medium
from joulestack.physics.charge import CONTACTS
from joulestack.physics.context import (
    BLOCKING,
    DOUBLE_LAYERS,
    Blocking,
    Context,
    InterfaceGroup,
    RegionGroup,
)
from joulestack.physics.meeting import Meeting, metal_side, potentials
from joulestack.physics.sources import HeatSource, Origin
from joulestack.physics.terms import Terms
from joulestack.tolerances import CAPACITOR, CURRENT_DENSITY

CONTACT_BLOCKING = HeatSource(
    "contact blocking", Origin.CONTACT, CONTACTS, colour="#999933", hatch="...."
)
STORES = (DOUBLE_LAYERS, "chemical", "dielectric")
"""What charges at the rate s."""


@dataclass(frozen=True)
class Capacitances:
    """Charge stored at interfaces and in the field: what a measurement sees and a run neglects.

    Attributes:
        double_layer: beside every charge transfer, per active area [F/m2].
        blocking: of contacts where electrons meet ions and neither passes.
        contacts: (layer, layer) in either order -> another blocking contact.
        permittivity: relative, of electrolytes [-].
        layers: layer -> another relative permittivity.
        chemical: layer that conducts both -> capacitance between them [F/m3].
    """

    double_layer: float
    blocking: Blocking
    contacts: Mapping[tuple[str, str], Blocking] = field(default_factory=dict)
    permittivity: float = 0.0
    layers: Mapping[str, float] = field(default_factory=dict)
    chemical: Mapping[str, float] = field(default_factory=dict)

    def at(self, first: str, second: str) -> Blocking:
        """Blocking contact of a pair of layers."""
        pairs = self.contacts
        return pairs.get((first, second)) or pairs.get((second, first)) or self.blocking


@dataclass(frozen=True)
class Charged:
    """Where a model stores charge.

    Attributes:
        blocking: pairs of layers whose contact blocks.
        double_layer: whether there is charge transfer to stand beside.
        dielectric: layers whose permittivity counts.
    """

    blocking: tuple[tuple[str, str], ...]
    double_layer: bool
    dielectric: tuple[str, ...]


def charged(context: Context) -> Charged:
    """Where the stores of a model act: not all that is given has a place in every cell."""
    pairs, reacting = [], False
    for group in context.interfaces:
        contacts = group.contacts
        if contacts.blocking is not None and _met(group, blocked_side) is not None:
            pairs += [i.layers for i in group.interfaces]
        if contacts.charge_transfer is not None or contacts.kinetics is not None:
            reacting = reacting or _met(group, metal_side) is not None
    both = [r for r in context.regions if {"phi_s", "phi_e"} <= r.blocks.keys()]
    reacting = reacting or any(r.particles or r.medium.charge_transfer for r in both)
    layers = [i.layer for r in context.regions if _polarised(r) for i in r.regions]
    return Charged(tuple(dict.fromkeys(pairs)), reacting, tuple(dict.fromkeys(layers)))


def _met(group: InterfaceGroup, side: Callable[[Medium, Medium], int | None]) -> Any:
    first, second = (s.medium for s in group.sides)
    return potentials(group, side(first, second) or 0)


def _polarised(region: RegionGroup) -> bool:
    """Whether an electrolyte is a dielectric here: in a composite electrode it is shorted."""
    active = region.particles or region.medium.charge_transfer
    return "phi_e" in region.blocks and not active


def blocked_side(first: Medium, second: Medium) -> int | None:
    """Side (0 or 1) whose electrons stop before the other side's ions; None if none do.

    Inside a composite electrode both meet on the particles, which have far more area.
    """
    for side, (a, b) in enumerate(((first, second), (second, first))):
        meet = a.conducts_electrons and b.conducts_ions
        if meet and not (a.conducts_ions and b.conducts_electrons):
            exchange = (a.charge_transfer, a.particles, b.charge_transfer, b.particles)
            return None if any(x is not None for x in exchange) else side
    return None


def unknowns_of() -> LocalState:
    """Local state of blocking contacts: voltage v of the capacitor and current density j."""
    voltage = Unknown("voltage", "V", CAPACITOR, rate=True)
    current = Unknown("current density", "A/m^2", CURRENT_DENSITY)
    return LocalState(BLOCKING, "blocking contact", (voltage, current), shown=())


def contribute(context: Context, terms: Terms, given: Capacitances) -> None:
    """Everything that stores charge; the rate s of each of `STORES` is left in `terms.charging`."""
    rates = {name: terms.charging_rate(name, context.wrap) for name in STORES}
    permittivity = {layer: context.wrap(e) for layer, e in given.layers.items()}
    permittivity[""] = context.wrap(given.permittivity)
    capacity = {layer: context.wrap(c) for layer, c in given.chemical.items()}
    blocking(context, terms)
    if given.double_layer:
        double_layers(context, terms, rates[DOUBLE_LAYERS], context.wrap(given.double_layer))
    chemical(context, terms, rates["chemical"], capacity)
    dielectric(context, terms, rates["dielectric"], permittivity)


def blocking(context: Context, terms: Terms) -> None:
    """Every contact where electrons meet ions and neither passes."""
    for group in context.interfaces:
        if group.contacts.blocking is None:
            continue
        side = blocked_side(*(s.medium for s in group.sides)) or 0
        if _met(group, blocked_side) is not None:
            at = Meeting(context, group, side)
            (v, j), (dv_dt, _) = at.unknowns, at.rates
            drop = group.contacts.blocking.resistance.resistance(at.state) * j
            charging = dv_dt - j / group.contacts.blocking.capacitance
            holding = at.phi_s - at.phi_e - v - drop
            at.obey(terms, CONTACT_BLOCKING, j, j * drop, v, [charging, holding])


def double_layers(context: Context, terms: Terms, s: Any, capacitance: Any) -> None:
    """s C (phi_s - phi_e) beside linear charge transfer, at metal electrodes and in composites.

    Where the current is an unknown of its own, on particles and metals with kinetics, the double
    layer stands with it (`particles`, `metal`).
    """
    for group in context.interfaces:
        if group.contacts.double_layer is None or group.current is not None:
            continue
        keys = _met(group, metal_side)
        if keys is None:
            continue
        first, second = (g.blocks[k] for g, k in zip(group.sides, keys, strict=True))
        i_n = s * group.contacts.double_layer * (first.value("+") - second.value("-"))
        terms.add(first, i_n * first.test("+") * context.dS(group))
        terms.add(second, -i_n * second.test("-") * context.dS(group))
    for region in context.regions:
        medium = region.medium
        if medium.charge_transfer is not None and not region.particles:
            area = medium.charge_transfer.specific_area
            _between(context, terms, region, s * area * capacitance)


def chemical(context: Context, terms: Terms, s: Any, layers: Mapping[str, Any]) -> None:
    """s c (phi_s - phi_e) in media that conduct both; c [F/m3]."""
    for region in context.regions:
        c = layers.get(region.layer)
        if c is not None:
            _between(context, terms, region, s * c)


def _between(context: Context, terms: Terms, region: RegionGroup, admittance: Any) -> None:
    """A current density per volume from electrons to ions, admittance (phi_s - phi_e)."""
    if not all(key in region.blocks for key in ("phi_s", "phi_e")):
        return
    phi_s, phi_e = region.blocks["phi_s"], region.blocks["phi_e"]
    current = admittance * (phi_s.value - phi_e.value)
    terms.add(phi_s, current * phi_s.test * context.dx(region))
    terms.add(phi_e, -current * phi_e.test * context.dx(region))


def dielectric(context: Context, terms: Terms, s: Any, permittivity: Mapping[str, Any]) -> None:
    """s eps0 eps grad phi in electrolytes; of a layer that conducts both, with its electrons."""
    for region in context.regions:
        if not _polarised(region):
            continue
        block = region.blocks.get("phi_s", region.blocks["phi_e"])
        epsilon = permittivity.get(region.layer, permittivity[""])
        field = ufl.inner(ufl.grad(block.value), ufl.grad(block.test))
        terms.add(block, s * VACUUM_PERMITTIVITY * epsilon * field * context.dx(region))
