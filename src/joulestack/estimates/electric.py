"""Resistances in series through the stack, and the current and voltage that follow.

A composite electrode with linear charge transfer has the closed solution of Euler and
Nonnenmacher for two potentials.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from joulestack.case import Case
from joulestack.case.interfaces.contacts import is_metal_electrode, transports
from joulestack.case.layers import roles
from joulestack.constants import ROOM_TEMPERATURE
from joulestack.estimates.figures import NAN, ContactFigures, LayerFigures, number, over
from joulestack.estimates.reactions import conductance, depth
from joulestack.estimates.reactions import resistance as metal_resistance
from joulestack.estimates.thermal import driving_step
from joulestack.fabrication.contacts import DefaultContact
from joulestack.laws import merit
from joulestack.laws.medium import Medium
from joulestack.laws.state import State


def porous_resistance(
    thickness: float, sigma_s: float, sigma_e: float, conductance: float
) -> float:
    """Resistance of an electrode with two potentials and linear charge transfer [Ohm m2].

    Current enters as electrons on one side and leaves as ions on the other (Euler and
    Nonnenmacher, Electrochim. Acta 2 (1960) 268; the linear case of Newman's porous electrode).

    Args:
        thickness: [m].
        sigma_s: effective electronic conductivity [S/m].
        sigma_e: effective ionic conductivity [S/m].
        conductance: of charge transfer per volume, a_s / R_ct [S/m3].
    """
    nu = thickness * math.sqrt(conductance * (1 / sigma_s + 1 / sigma_e))
    base = thickness / (sigma_s + sigma_e)
    ratio = sigma_s / sigma_e + sigma_e / sigma_s
    if nu > 300:
        return base * (1 + ratio / nu)
    if nu < 1e-6:  # the reaction alone counts
        return NAN if nu == 0 else 1 / (thickness * conductance)
    return base * (1 + (2 + ratio * math.cosh(nu)) / (nu * math.sinh(nu)))


def resistance(medium: Medium, thickness: float, state: State, density: float = 0.0) -> float:
    """Resistance that a current through the layer meets [Ohm m2]; NaN if it does not conduct.

    Args:
        medium: of the layer.
        thickness: [m].
        state: at the start.
        density: current that reacts in it, positive from solid to electrolyte [A/m2].
    """
    sigma_s = number(medium.electronic_conductivity(state)) if medium.conducts_electrons else 0.0
    sigma_e = number(medium.ionic_conductivity(state)) if medium.conducts_ions else 0.0
    if medium.charge_transfer is not None and sigma_s and sigma_e:
        # Fast kinetics react near the electrolyte only, and there more strongly.
        reach = min(thickness, depth(medium, state))
        return porous_resistance(
            thickness, sigma_s, sigma_e, conductance(medium, state, density / reach)
        )
    return thickness / (sigma_s + sigma_e) if sigma_s + sigma_e else NAN


def layer(
    name: str,
    thickness: float,
    source: float,
    medium: Medium,
    state: State,
    resistance: float,
    density: float,
) -> LayerFigures:
    """Figures of one layer at a state, carrying a current density [A/m2]."""
    k = number(medium.thermal_conductivity(state))
    rho_cp = number(medium.volumetric_heat_capacity(state))
    ionic = thickness / number(medium.ionic_conductivity(state)) if medium.conducts_ions else NAN
    electronic = (
        thickness / number(medium.electronic_conductivity(state))
        if medium.conducts_electrons
        else NAN
    )
    conducts = medium.conducts_ions or medium.conducts_electrons
    met = resistance if density and conducts else 0.0
    return LayerFigures(
        name=name,
        thickness=thickness,
        relative_density=number(medium.relative_density(state)),
        thermal_conductivity=k,
        heat_capacity=rho_cp,
        ionic_resistance=ionic,
        electronic_resistance=electronic,
        resistance=resistance,
        drop=density * met,
        heat=density**2 * met + (source * thickness if source else 0.0),
        time_constant=thickness**2 * rho_cp / k,
        self_heating=merit.self_heating(resistance, thickness, k) if conducts else NAN,
        lorenz_ratio=number(merit.lorenz_ratio(k, thickness / resistance, state.T))
        if conducts
        else NAN,
        leakage=_leakage(medium, thickness, state),
    )


def _leakage(medium: Medium, thickness: float, state: State) -> float:
    """Electronic conductance of a layer that should conduct ions only [S/m2]; NaN otherwise."""
    law = getattr(medium, "leakage", None)
    return number(law(state)) / thickness if law is not None else NAN


def signs(case: Case, media: dict[str, Medium]) -> dict[str, float]:
    """Electrode -> +1 where a discharge takes current from solid to electrolyte, -1 elsewhere."""
    return roles.signs(case.file, media)


def contacts(
    case: Case, media: dict[str, Medium], state: State, density: float = 0.0
) -> Iterator[ContactFigures]:
    """Imperfect contacts through the stack; those to a die carry no current.

    Args:
        case: a valid case.
        media: of its layers.
        state: at the start.
        density: discharge current density, for the kinetics of metals [A/m2].
    """
    rings = {ring.name for ring in case.cell.die}
    sides = signs(case, media)
    for pair, contact in case.contacts().items():
        if rings & set(pair):
            continue
        for transport in transports(media[pair[0]], media[pair[1]]):
            law = getattr(contact, transport)
            if law is not None:
                resistance = number(law.resistance(state))
                origin = _origin(contact.defaults.get(transport))
                yield ContactFigures(pair, transport, law.name, resistance, origin=origin)
        if contact.kinetics is not None:
            metal = next(name for name in pair if is_metal_electrode(media[name]))
            law = contact.kinetics
            resistance = metal_resistance(
                law, sides[metal] * density / case.geometry.area_ratio(*pair), state.T
            )
            yield ContactFigures(pair, "kinetics", law.law, resistance)


def _origin(known: DefaultContact | None) -> str:
    """Where the law of a contact comes from, in a few words."""
    if known is None:
        return "case"
    own = known.uncertainty
    spread = f"{own.kind} {own.size:g}" if own.kind == "factor" else f"+-{100 * own.size:.2g} %"
    parts = [known.source or "no source", known.status]
    return ", ".join([*parts, spread] if own.kind in ("factor", "relative") else parts)


def loaded(contact: ContactFigures, density: float, ratio: float) -> ContactFigures:
    """A contact with drop and heat at a current density [A/m2], per face area.

    Args:
        contact: without them.
        density: current over the face area [A/m2].
        ratio: area of the contact over the face area [-].
    """
    if contact.transport == "thermal":
        return contact
    R = contact.resistance / ratio
    return replace(contact, drop=density * R, heat=density**2 * R)


def open_circuit(case: Case, media: dict[str, Medium], T: float) -> tuple[float, float]:
    """Positive minus negative electrode potential at the start [V], and its slope with T [V/K].

    NaN without two electrodes.
    """
    found = []
    for name in signs(case, media):
        medium = media[name]
        transfer = medium.charge_transfer
        if transfer is None:
            slope = number(medium.electrode_entropic_coefficient)
            found.append((number(medium.electrode_potential), slope))
            continue
        slope = number(transfer.entropic_coefficient)
        U = number(transfer.open_circuit_voltage)
        found.append((U + (T - ROOM_TEMPERATURE) * slope if medium.particles else U, slope))
    if len(found) < 2:
        return NAN, NAN
    return found[-1][0] - found[0][0], found[-1][1] - found[0][1]


def drive(case: Case, total: float, open_circuit: float) -> tuple[float, float]:
    """Current [A] and terminal voltage [V] at the start of the first step that is no rest."""
    if not case.driven:
        return 0.0, NAN
    area = case.electrode_area
    inner = 0.0 if math.isnan(open_circuit) else open_circuit
    step = driving_step(case)
    value = step.value.values[0]
    if step.mode == "voltage":
        return (over(inner - value, total) * area if total else NAN), value
    if step.mode == "resistance":
        apart = value + total / area
        return (inner / apart, inner * value / apart) if apart else (NAN, NAN)
    current = value
    if step.mode == "power":
        current = _current_of_power(value, inner, total / area)
    return current, inner - current / area * total


def _current_of_power(power: float, inner: float, resistance: float) -> float:
    """Current [A] at which a source of `inner` volts behind a resistance [Ohm] gives a power [W].

    NaN if it cannot give it.
    """
    if not resistance:
        return power / inner if inner else NAN
    root = inner**2 - 4 * resistance * power
    return (inner - math.sqrt(root)) / (2 * resistance) if root >= 0 else NAN
