"""Heat: rho c_p dT/dt = div(k grad T) + q, with thermal contacts and outer faces.

Equations of docs/physics.md, sections 1 and 2; signs: flux positive from side 0 to side 1,
sources positive when they heat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ufl

from joulestack.constants import STEFAN_BOLTZMANN
from joulestack.discretisation.fields import Block
from joulestack.physics.context import Context, InterfaceGroup, RegionGroup, sides
from joulestack.physics.sources import Heat, HeatSource, Origin, Pointwise
from joulestack.physics.terms import LocalModel, Terms

GIVEN = HeatSource("given", Origin.GIVEN, colour="#aaaaaa")


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
    """int rho c_p dT/dt v + k grad T . grad v, and given volumetric sources.

    Where layers react or melt, their heat appears at vertices; heat is then stored there too, in
    all layers. Stored otherwise, a difference between vertices would grow up to 27 times as fast
    as the reaction itself, and a runaway that is uniform would burst into a pattern of the mesh.
    """
    media = [group.medium for group in context.regions]
    lumped = any(medium.reactions or medium.melting is not None for medium in media)
    for group in context.regions:
        T = group.blocks["T"]
        state = context.state(group)
        rho_cp = group.medium.volumetric_heat_capacity(state)
        dx = context.dx(group)
        stored = context.dx(group.at_nodes()) if lumped else dx
        terms.add(T, rho_cp * T.rate * T.test * stored)
        terms.add(T, -ufl.inner(flux(context, group), ufl.grad(T.test)) * dx)
        if group.heat_source is not None:
            density = group.heat_source
            if isinstance(density, Pointwise):
                x, t = ufl.SpatialCoordinate(context.domain.mesh), context.clocked(lambda t: t)
                density = density.density(x, t, state)
            terms.heat(GIVEN, density, group)


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


def sources(context: Context, terms: Terms) -> None:
    """Everything that the physics have told of heats the cell; nothing may be added afterwards.

    Raises:
        ValueError: a heat follows local unknowns that no point model solves for.
    """
    for heat in terms.heats:
        if heat.local is None:
            for block, restricted, share in _receivers(heat.group):
                where = heat.group
                measure = context.dx(where) if isinstance(where, RegionGroup) else context.dS(where)
                terms.add(block, -share * heat.density * restricted * measure)
    local = [heat for heat in terms.heats if heat.local is not None]
    for n, point in enumerate(terms.points):
        own = [heat for heat in local if _lives_at(heat, point)]
        local = [heat for heat in local if not _lives_at(heat, point)]
        if own:
            density = sum((heat.density for heat in own), start=ufl.as_ufl(0.0))
            fed = [(block, -share * density) for block, _, share in _receivers(point.group)]
            terms.points[n] = replace(point, feeds=(*point.feeds, *fed))
    if local:
        raise ValueError(
            f'heat source "{local[0].source.name}" follows unknowns at vertices that no point '
            "model solves for there"
        )


def _receivers(group: RegionGroup | InterfaceGroup) -> list[tuple[Block, Any, float]]:
    """Temperature blocks that heat goes to, with their test functions there and shares."""
    if isinstance(group, RegionGroup):
        T = group.blocks["T"]
        return [(T, T.test, 1.0)]
    first, second = (s.blocks["T"] for s in group.sides)
    v0, v1 = sides(group, "T", "test")
    return [(first, v0, 0.5), (second, v1, 0.5)]


def _lives_at(heat: Heat, point: LocalModel) -> bool:
    """Whether a heat is made by the unknowns of a point model, and where these are."""
    if heat.local is not point.block:
        return False
    if isinstance(heat.group, RegionGroup) and isinstance(point.group, RegionGroup):
        return heat.group.regions == point.group.regions
    if isinstance(heat.group, InterfaceGroup) and isinstance(point.group, InterfaceGroup):
        return heat.group.id == point.group.id
    return False
