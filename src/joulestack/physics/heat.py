"""Heat: rho c_p dT/dt = div(k grad T) + q, with thermal contacts and outer faces.

Equations of docs/physics.md, sections 1 and 2; signs: flux positive from side 0 to side 1,
sources positive when they heat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ufl

from joulestack.constants import STEFAN_BOLTZMANN
from joulestack.discretisation.fields import Block
from joulestack.physics.context import Context, RegionGroup, Terms, sides


@dataclass(frozen=True)
class FluxCondition:
    """Heat leaving an outer face: h (T - T_amb) + eps sigma_SB (T^4 - T_amb^4) - q_in.

    Attributes:
        coefficient: h [W/(m2 K)], of a film, a cooling plate or a contact.
        emissivity: eps [-].
        ambient: T_amb [K].
        inflow: q_in [W/m2], positive into the cell.
    """

    coefficient: Any = None
    emissivity: Any = None
    ambient: Any = None
    inflow: Any = None

    def outflow(self, T: Any) -> Any:
        """Flux density out of the cell [W/m2]."""
        q: Any = 0.0
        if self.coefficient is not None:
            q += self.coefficient * (T - self.ambient)
        if self.emissivity is not None:
            q += self.emissivity * STEFAN_BOLTZMANN * (T**4 - self.ambient**4)
        if self.inflow is not None:
            q -= self.inflow
        return q


def conduction_and_storage(context: Context, terms: Terms) -> None:
    """int rho c_p dT/dt v + k grad T . grad v, and given volumetric sources."""
    for group in context.regions:
        T = group.blocks["T"]
        state = context.state(group)
        rho_cp = group.medium.volumetric_heat_capacity(state)
        dx = context.dx(group)
        terms.add(T, rho_cp * T.rate * T.test * dx)
        terms.add(T, -ufl.inner(flux(context, group), ufl.grad(T.test)) * dx)
        if group.heat_source is not None:
            terms.sources["given"].append((group.heat_source, group))


def flux(context: Context, group: RegionGroup) -> Any:
    """Heat flux -K grad T [W/m2], the through-plane direction apart from the in-plane ones."""
    state = context.state(group)
    gradient = ufl.grad(group.blocks["T"].value)
    through = group.medium.thermal_conductivity(state)
    if context.domain.tdim == 1 or group.medium.isotropic:
        return -through * gradient
    in_plane = group.medium.thermal_conductivity_in_plane(state)
    axis = context.domain.tagged.stacking_axis
    return ufl.as_vector(
        [-(through if i == axis else in_plane) * gradient[i] for i in range(context.domain.tdim)]
    )


def contacts(context: Context, terms: Terms) -> None:
    """q_n = (T0 - T1) / R_th: what leaves side 0 enters side 1."""
    for group in context.interfaces:
        law = group.contacts.thermal
        if law is None:
            continue
        T0, T1 = sides(group, "T")
        v0, v1 = sides(group, "T", "test")
        q_n = (T0 - T1) / law.resistance(context.interface_state(group))
        first, second = (s.blocks["T"] for s in group.sides)
        terms.add(first, q_n * v0 * context.dS(group))
        terms.add(second, -q_n * v1 * context.dS(group))


def faces(
    context: Context,
    terms: Terms,
    conditions: Mapping[str, Sequence[FluxCondition]],
    blocks: Mapping[str, Sequence[tuple[Block, int]]],
) -> None:
    """Outer faces: conditions of one face add up.

    Args:
        context: shared.
        terms: collector.
        conditions: face -> conditions.
        blocks: face -> (temperature block, integral id of the face's facets on that block).
    """
    for face, entries in conditions.items():
        for block, integral_id in blocks[face]:
            T = context.reference_temperature + block.value
            q = sum((c.outflow(T) for c in entries), start=ufl.as_ufl(0.0))
            terms.add(block, q * block.test * context.ds(integral_id))
            terms.outflow[face].append(q * context.ds(integral_id))


def volume_sources(context: Context, terms: Terms) -> None:
    """Every named source that the physics have registered heats the cell.

    What is taken at the nodes is heat of a point model, which feeds it to T itself.
    """
    for entries in terms.sources.values():
        for density, group in entries:
            if group.nodal:
                continue
            T = group.blocks["T"]
            terms.add(T, -density * T.test * context.dx(group))
    for interface_entries in terms.interface_sources.values():
        for density, interface in interface_entries:
            if interface.nodal:
                continue
            v0, v1 = sides(interface, "T", "test")
            first, second = (s.blocks["T"] for s in interface.sides)
            half = -0.5 * density
            terms.add(first, half * v0 * context.dS(interface))
            terms.add(second, half * v1 * context.dS(interface))
