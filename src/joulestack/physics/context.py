"""What the weak forms share: groups of regions and interfaces, fields, states, measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import ufl

from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Block, Field
from joulestack.in_time import InTime
from joulestack.laws.kinetics import Kinetics
from joulestack.laws.medium import ContactLaw, Medium
from joulestack.laws.solids.voids import VoidLaw
from joulestack.laws.state import State
from joulestack.mesh import Region

NODAL = 1_000_000
"""Added to the id of an integral whose integrand is taken at the vertices alone.

DOLFINx 0.9 cannot mix quadrature rules within one id.
"""


PARTICLES, METAL, BLOCKING = "particles", "metal", "blocking"
"""Families of local states that the package declares itself."""

DOUBLE_LAYERS = "double layer"
"""Store of charge beside reactions, in `Terms.charging`."""

AT_VERTICES = {"quadrature_rule": "vertex", "quadrature_degree": 1}


@dataclass(frozen=True)
class RegionGroup:
    """Regions that share a medium and the same block for each field: one kernel serves all.

    Attributes:
        id: of their integrals: one for all, so that what is compiled does not grow with them.
        regions, medium, blocks: what they share.
        heat_source: given volumetric heat, the same everywhere or a `Pointwise`.
        states: local unknowns, by key.
        nodal: integrals over it take their integrand at the vertices alone (see `at_nodes`).
    """

    id: int
    regions: tuple[Region, ...]
    medium: Medium
    blocks: Mapping[str, Block]
    heat_source: Any = None
    states: Mapping[str, Block] = field(default_factory=dict)
    nodal: bool = False

    @property
    def particles(self) -> tuple[Block, ...]:
        """Unknowns of each population of the medium's particles."""
        return tuple(b for b in self.states.values() if b.info.kind == PARTICLES)

    @property
    def layer(self) -> str:
        """Name of the first region's layer; of all, where physics from outside take part."""
        return self.regions[0].layer

    def at_nodes(self) -> RegionGroup:
        """The same regions, integrated by vertex quadrature.

        Then what happens at a vertex depends on the unknowns of that vertex alone.
        """
        return replace(self, nodal=True)

    @property
    def integral_id(self) -> int:
        """Id of the integrals over it, as it is integrated."""
        return NODAL + self.id if self.nodal else self.id


@dataclass(frozen=True)
class Blocking:
    """A contact that stores charge instead of passing it: a capacitor and a resistance in series.

    Attributes:
        capacitance: [F/m2].
        resistance: law of the contact's own resistance [Ohm m2]; must not vanish.
    """

    capacitance: Any
    resistance: ContactLaw


@dataclass(frozen=True)
class Contacts:
    """Resistance laws of an interface; None is perfect where a field exists on both sides.

    `charge_transfer` acts between the electronic potential of a metal electrode and the ionic
    potential of the other side. With `kinetics` it is the resistance in series with that law: an
    interphase and what is left of the contact area; `voids` take more of it while lithium is
    stripped. `blocking` acts where electrons meet ions and neither passes; `double_layer` [F/m2 of
    contact] beside the reaction: with kinetics the resistance in series sees its current too.
    """

    thermal: ContactLaw | None = None
    electronic: ContactLaw | None = None
    ionic: ContactLaw | None = None
    charge_transfer: ContactLaw | None = None
    kinetics: Kinetics | None = None
    blocking: Blocking | None = None
    double_layer: Any = None
    voids: VoidLaw | None = None


@dataclass(frozen=True)
class InterfaceGroup:
    """Interfaces with the same laws between the same blocks.

    Attributes:
        id: integral id of its facets.
        interfaces: the interfaces.
        contacts: bound laws.
        sides: the group of each side.
        states: local unknowns, by the key that they are declared with.
        nodal: as in `RegionGroup`.
    """

    id: int
    interfaces: tuple[Interface, ...]
    contacts: Contacts
    sides: tuple[RegionGroup, RegionGroup]
    states: Mapping[str, Block] = field(default_factory=dict)
    nodal: bool = False

    @property
    def current(self) -> Block | None:
        """Unknowns of a metal electrode's kinetics and voids or of a blocking contact."""
        return self.states.get(METAL, self.states.get(BLOCKING))

    def at_nodes(self) -> InterfaceGroup:
        """The same interfaces, integrated by vertex quadrature."""
        return replace(self, nodal=True)


@dataclass(frozen=True)
class Weighted:
    """A UFL measure with the geometric weight of the coordinates: `integrand * Weighted`."""

    weight: Any
    measure: Any

    def __rmul__(self, integrand: Any) -> Any:
        """Integrate."""
        return integrand * self.weight * self.measure


@dataclass
class Context:
    """Everything that a weak form may ask for.

    Attributes:
        domain: the meshed cell.
        fields: by key, those that exist in this problem.
        regions, interfaces: groups of them.
        reference_temperature: T_ref [K]; the unknown of the heat equation is T - T_ref.
        pressure, highest_pressure: stack pressure now and the highest seen [Pa].
        weight: of the coordinates: 2 pi r, cell area for a line, 1.
        nodal_weight, facet_weight: the same where the integrand is taken at the vertices alone, in
            cells and on interfaces.
        degree: quadrature degree.
        wrap: number -> fem.Constant.
        clocked: function of time [s], or a table of it -> fem.Constant that follows it.
        on_face: name of a face, key of a field -> its blocks there, each with the integral id of
            its share of the facets, for `ds`.
    """

    domain: Domain
    fields: Mapping[str, Field]
    regions: list[RegionGroup]
    interfaces: list[InterfaceGroup]
    reference_temperature: Any
    pressure: Any
    highest_pressure: Any
    weight: Any
    nodal_weight: Any
    facet_weight: Any
    degree: int
    wrap: Callable[[float], Any]
    clocked: Callable[[InTime], Any]
    on_face: Callable[[str, str], list[tuple[Block, int]]]

    def __post_init__(self) -> None:
        """Measures over the parent mesh."""
        options: dict[str, Any] = {
            "domain": self.domain.mesh,
            "metadata": {"quadrature_degree": self.degree},
        }
        self.cells = ufl.Measure("dx", **options)
        self.outer = ufl.Measure("ds", **options)
        self.inner = ufl.Measure("dS", **options)

    def dx(self, group: RegionGroup) -> Weighted:
        """Volume measure of a group."""
        weight = self.nodal_weight if group.nodal else self.weight
        return Weighted(weight, self.plain_dx(group))

    def plain_dx(self, group: RegionGroup) -> Any:
        """Volume measure of a group in mesh coordinates, without their weight."""
        rule = AT_VERTICES if group.nodal else None
        return self.cells(group.integral_id, metadata=rule)

    def ds(self, integral_id: int) -> Weighted:
        """Measure of outer facets with an integral id."""
        return Weighted(self.weight, self.outer(integral_id))

    def dS(self, group: InterfaceGroup, integral_id: int | None = None) -> Weighted:
        """Measure of interfaces; side 0 is "+"."""
        weight = self.facet_weight if group.nodal else self.weight
        return Weighted(_on_facet(weight), self.plain_dS(group, integral_id))

    def plain_dS(self, group: InterfaceGroup, integral_id: int | None = None) -> Any:
        """Measure of interfaces in mesh coordinates, without their weight."""
        chosen = integral_id or group.id
        if not group.nodal:
            return self.inner(chosen)
        # The facet of a line is a vertex: every rule evaluates there.
        rule = AT_VERTICES if self.domain.tdim > 1 else None
        return self.inner(NODAL + chosen, metadata=rule)

    def state(self, group: RegionGroup) -> State:
        """Operating state inside a group; x is the mean in the particles where all are alike.

        In a blend every material keeps the x that it starts with.
        """
        return State(
            T=self.reference_temperature + group.blocks["T"].value,
            p=self.pressure,
            p_max=self.highest_pressure,
            x=group.particles[0].value[0] if len(group.particles) == 1 else None,
        )

    def interface_state(self, group: InterfaceGroup, T: Any = None) -> State:
        """Operating state on interfaces: the mean temperature of both sides unless given."""
        if T is None:
            T0, T1 = sides(group, "T")
            T = self.reference_temperature + 0.5 * (T0 + T1)
        return State(
            T=T,
            p=_on_facet(self.pressure),
            p_max=_on_facet(self.highest_pressure),
        )


def sides(group: InterfaceGroup, key: str, attribute: str = "value") -> tuple[Any, Any]:
    """A field's value (or test function) on both sides of an interface."""
    first, second = (s.blocks[key] for s in group.sides)
    return getattr(first, attribute)("+"), getattr(second, attribute)("-")


def _on_facet(value: Any) -> Any:
    """Take the value of side 0 (it is the same on both sides)."""
    return value("+") if isinstance(value, ufl.core.expr.Expr) else value
