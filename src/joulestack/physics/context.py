"""What the weak forms share: fields, states, measures; and the collector they write into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ufl

from joulestack.domain import Domain, Interface
from joulestack.fields import Block, Field
from joulestack.materials.medium import ContactLaw, Medium
from joulestack.materials.state import State
from joulestack.mesh import Region


@dataclass(frozen=True)
class RegionGroup:
    """Regions that share a medium and the same block for each field: one kernel serves all."""

    regions: tuple[Region, ...]
    medium: Medium
    blocks: Mapping[str, Block]
    heat_source: Any = None


@dataclass(frozen=True)
class Contacts:
    """Resistance laws of an interface; None is perfect where a field exists on both sides.

    `charge_transfer` acts between the electronic potential of a metal electrode and the ionic
    potential of the other side.
    """

    thermal: ContactLaw | None = None
    electronic: ContactLaw | None = None
    ionic: ContactLaw | None = None
    charge_transfer: ContactLaw | None = None


@dataclass(frozen=True)
class InterfaceGroup:
    """Interfaces with the same laws between the same blocks.

    Attributes:
        id: integral id of its facets.
        interfaces: the interfaces.
        contacts: bound laws.
        sides: the group of each side.
    """

    id: int
    interfaces: tuple[Interface, ...]
    contacts: Contacts
    sides: tuple[RegionGroup, RegionGroup]


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
        degree: quadrature degree.
        wrap: number -> fem.Constant.
    """

    domain: Domain
    fields: Mapping[str, Field]
    regions: list[RegionGroup]
    interfaces: list[InterfaceGroup]
    reference_temperature: Any
    pressure: Any
    highest_pressure: Any
    weight: Any
    degree: int
    wrap: Callable[[float], Any]

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
        return Weighted(self.weight, self.cells(tuple(r.id for r in group.regions)))

    def ds(self, integral_id: int) -> Weighted:
        """Measure of outer facets with an integral id."""
        return Weighted(self.weight, self.outer(integral_id))

    def dS(self, group: InterfaceGroup, integral_id: int | None = None) -> Weighted:
        """Measure of interfaces; side 0 is "+"."""
        return Weighted(_on_facet(self.weight), self.inner(integral_id or group.id))

    def state(self, group: RegionGroup) -> State:
        """Operating state inside a group."""
        return State(
            T=self.reference_temperature + group.blocks["T"].value,
            p=self.pressure,
            p_max=self.highest_pressure,
        )

    def interface_state(self, group: InterfaceGroup) -> State:
        """Operating state on interfaces: the mean temperature of both sides."""
        T0, T1 = sides(group, "T")
        return State(
            T=self.reference_temperature + 0.5 * (T0 + T1),
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


class Terms:
    """Collects what the physics contribute.

    Attributes:
        sources: name of a heat source -> list of (density, measure): watts when integrated.
        interface_sources: the same on interfaces, with the group they belong to.
        currents: name of an interface's heat source, its current density i_n, its group.
        reaction: a_s j, the U it acts against, and the group where it does.
        current_density: potential -> list of (i = -sigma grad phi, group) [A/m2].
        outflow: face -> heat flux density leaving through it [W/m2], where it is a function of T.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._residual: dict[str, list[Any]] = defaultdict(list)
        self.sources: dict[str, list[tuple[Any, RegionGroup]]] = defaultdict(list)
        self.interface_sources: dict[str, list[tuple[Any, InterfaceGroup]]] = defaultdict(list)
        self.currents: list[tuple[str, Any, InterfaceGroup]] = []
        self.reaction: list[tuple[Any, Any, RegionGroup]] = []
        self.current_density: dict[str, list[tuple[Any, RegionGroup]]] = defaultdict(list)
        self.outflow: dict[str, list[Any]] = defaultdict(list)

    def add(self, block: Block, form: Any) -> None:
        """Add a term to a block's residual."""
        self._residual[block.name] += form.integrals()

    @property
    def residual(self) -> dict[str, Any]:
        """Block name -> UFL form whose test function lives on that block."""
        return {name: ufl.Form(integrals) for name, integrals in self._residual.items()}
