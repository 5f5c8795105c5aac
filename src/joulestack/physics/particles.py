"""Particles of active material: diffusion of lithium in spheres, and the reaction at their surface.

dc/dt = (1/r2) d/dr(r2 D dc/dr), -D dc/dr = f j/F at r = R, with c = c_max x and f the share of the
surface that touches electrolyte, on which a_s counts too. The unknowns of a point
are the modes of x(r) (`radial.py`) and the current density j of the surface; they know of no other
point. Heat: a_s j eta, the film's a_s j^2 R_film and the reversible a_s j T dU/dT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ufl

from joulestack.constants import FARADAY, ROOM_TEMPERATURE
from joulestack.declarations import LITHIATION_NAME, LocalState, Shown, Unknown, lithiation_labels
from joulestack.discretisation.fields import Block
from joulestack.laws import kinetics
from joulestack.laws.particles import Particles
from joulestack.laws.state import State
from joulestack.physics.context import DOUBLE_LAYERS, PARTICLES, Context, RegionGroup
from joulestack.physics.radial import RadialBasis
from joulestack.physics.reaction import CHARGE_TRANSFER, REVERSIBLE
from joulestack.physics.sources import HeatSource, Loss, Origin
from joulestack.physics.terms import Inside, LocalModel, Terms
from joulestack.tolerances import CURRENT_DENSITY, LITHIATION

FILM = HeatSource("film", Origin.FILM, Loss("film", ("#aa4499",)), colour="#aa4499")


def unknowns_of(
    number: int, particles: Particles, modes: int, place: int = 0, layered: bool = False
) -> LocalState:
    """Local state of one population: its modes and its current density.

    Args:
        number: of the population in the model.
        particles: its properties.
        modes: radial functions that describe x(r); the first is its mean.
        place: of the population in its electrode.
        layered: beside a double layer, whose current passes the film with the reaction's.
    """
    mean, at_surface = lithiation_labels(place)
    return LocalState(
        f"{PARTICLES}{number}",
        LITHIATION_NAME,
        (
            *(
                Unknown(
                    f"lithiation mode {k}", "-", LITHIATION, rate=True,
                    start=0.0 if k else float(particles.start),
                )
                for k in range(modes)
            ),
            *(
                [Unknown("current density through the film", "A/m^2", CURRENT_DENSITY)]
                if layered
                else []
            ),
            Unknown("current density", "A/m^2", CURRENT_DENSITY),
        ),
        shown=(
            Shown(mean, of=lambda y: y[:, 0]),
            Shown(at_surface, of=lambda y: y[:, :modes].sum(axis=1)),
        ),
        family=PARTICLES,
    )  # fmt: skip


def reactions(
    context: Context, terms: Terms, bases: Mapping[str, RadialBasis], capacity: Any = None
) -> None:
    """Every population in every composite electrode, beside a double layer [F/m2] if there is one.

    `bases` has the radial functions of each by the key of its state.

    The film sees the current of both, i = j + s C (phi_s - phi_e - i R_film).
    """
    for group in context.regions:
        populations = group.medium.particles or ()
        for block, particles in zip(group.particles, populations, strict=True):
            basis = terms.bases[block.info.key] = bases[block.info.key]
            _population(context, terms, group.at_nodes(), block, particles, basis, capacity)
        if group.particles and populations[0].pressed is not None:
            share = populations[0].touching(context.state(group))
            terms.in_contact.append((share, group.at_nodes()))


def surface(y: Sequence[Any]) -> Any:
    """x at the surface from its modes: each is 1 there."""
    return sum(y[1:], start=y[0])


def equilibrium(particles: Particles, x: Any, T: Any) -> tuple[Any, Any]:
    """U(x, T) against Li/Li+ [V] and dU/dT [V/K]."""
    state = State(T=T, x=x)
    slope: Any = 0.0
    if particles.entropic_coefficient is not None:
        slope = particles.entropic_coefficient(state)
    return particles.open_circuit_voltage(state) + (T - ROOM_TEMPERATURE) * slope, slope


def _population(
    context: Context,
    terms: Terms,
    group: RegionGroup,
    block: Block,
    particles: Particles,
    basis: RadialBasis,
    capacity: Any,
) -> None:
    fields = [group.blocks[key] for key in ("phi_s", "phi_e", "T")]
    phi_s, phi_e, rise = (ufl.variable(b.value) for b in fields)
    modes = len(basis.mass)
    unknowns = tuple(ufl.variable(block.value[k]) for k in range(block.size))
    assert block.rate is not None
    rates = tuple(ufl.variable(block.rate[k]) for k in range(block.size))
    y, i, j = unknowns[:modes], unknowns[modes], unknowns[-1]  # without a double layer i is j
    T = context.reference_temperature + rise
    x = surface(y)
    U, slope = equilibrium(particles, x, T)
    state = State(T=T, p=context.pressure, p_max=context.highest_pressure)
    law = particles.kinetics
    drop = phi_s - phi_e - U
    film = i * law.film_resistance
    i0 = law.exchange_current(T, x)
    force = (drop - film) / kinetics.thermal_voltage(T)
    diffusion, inside = _diffusion(particles, basis, y, rates, j * particles.touching(state), T)
    charging = []
    if capacity is not None:
        s = terms.charging_rate(DOUBLE_LAYERS, context.wrap)
        charging = [i - j - s * capacity * (phi_s - phi_e - film)]
    a_s = particles.specific_area(state)
    a_j = a_s * j
    terms.heat(CHARGE_TRANSFER, a_j * (drop - film), group, block)
    terms.heat(FILM, a_s * i * film, group, block)
    terms.heat(REVERSIBLE, a_j * T * slope, group, block)
    terms.reaction.append((a_j, U, group))
    terms.points.append(
        LocalModel(
            block=block,
            unknowns=unknowns,
            rates=rates,
            residual=(*diffusion, *charging, law.mismatch(j, i0, force)),
            inputs=tuple(zip(fields, (phi_s, phi_e, rise), strict=True)),
            feeds=((fields[0], a_s * i), (fields[1], -a_s * i)),
            group=group,
            measure=context.plain_dx(group),
            weighted=context.dx(group),
            restrict=lambda _, value: value,
            modes=modes,
            exchange=None if isinstance(law, kinetics.Linear) else i0,
            inside=inside,
        )
    )


def _diffusion(
    particles: Particles, basis: RadialBasis, y: Sequence[Any], rates: Any, mean: Any, T: Any
) -> tuple[list[Any], Inside | None]:
    """dy_k/dt + (1/(m_k R2)) sum_l int D p_k' p_l' rho2 y_l + j/(m_k F c_max R) for each mode.

    j flows where the surface touches electrolyte; the sphere sees `mean`, over all of it. Where D
    depends on x the integral stands apart.
    """
    modes = len(y)
    per_area = 1 / (particles.radius * particles.radius)
    inflow = mean / (FARADAY * particles.maximum_concentration * particles.radius)
    rows = [rates[k] + inflow / float(basis.mass[k]) for k in range(modes)]
    if modes == 1:
        return rows, None
    pull = basis.stiffness / basis.mass[:, None]
    pull[:, 0, :] = pull[:, :, 0] = 0.0  # the mean has no gradient: lithium is kept exactly
    if "x" in particles.diffusivity.form.variables:
        return rows, Inside(
            lambda x: per_area * particles.effective_diffusivity(State(T=T, x=x)),
            basis.values,
            pull,
        )
    spread = per_area * particles.effective_diffusivity(State(T=T, x=y[0]))
    whole = pull.sum(axis=0)
    for k in range(1, modes):
        rows[k] += spread * sum(float(whole[k, n]) * y[n] for n in range(1, modes))
    return rows, None
