"""All figures of a case: one-dimensional estimates at the starting state."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from joulestack.case import Case
from joulestack.case.layers.fabrication import TRANSPORTS
from joulestack.case.stack.cell import Layer, Ring
from joulestack.case.stack.stack import layers as stack_layers
from joulestack.estimates import ceilings
from joulestack.estimates.agreement import disagreements
from joulestack.estimates.clamping import remarks
from joulestack.estimates.electric import contacts as contact_figures
from joulestack.estimates.electric import drive, layer, loaded, open_circuit, resistance, signs
from joulestack.estimates.electrodes import balance, electrodes, left, mean_voltage, voltage_window
from joulestack.estimates.figures import NAN, ContactFigures, Figures, LayerFigures, number, over
from joulestack.estimates.limits import limits, pressure_range
from joulestack.estimates.protocol import passed_over
from joulestack.estimates.ranges import extrapolated, prescribed_charge
from joulestack.estimates.reactions import depth as reaction_depth
from joulestack.estimates.size import fields_per_vertex, memory, mesh_size, smallest_cell, too_large
from joulestack.estimates.thermal import at_start, biot, side_conductance, steady_rise, with_side
from joulestack.estimates.voids import void_remarks
from joulestack.laws import merit
from joulestack.laws.medium import Medium
from joulestack.laws.state import ROOM, State
from joulestack.materials.property import weak
from joulestack.units import format_quantity

MOST_TURNS = 60
"""Turns after which a current under a given voltage or power is taken as it is."""


def evaluate(case: Case) -> Figures:
    """Estimate what can be known of a case without solving it.

    What needs thicknesses is NaN for an imported mesh, and where layers are not flat.
    """
    cell, media = case.cell, case.media()
    start = State(T=case.start_temperature, p=case.stack_pressure.value(0.0))
    bodies = stack_layers(cell)
    repeats = [cell.unit_cells if body in cell.layers else 1 for body in bodies]
    voltage_open, slope = open_circuit(case, media, start.T)
    current, voltage, resistances, contacts = _driven(case, media, start, voltage_open)
    total = _in_series(case, media, resistances, contacts)
    density, given = current / case.electrode_area, case.heat_sources
    layers = tuple(
        layer(
            body.name,
            _flat(case, body),
            at_start(given.get(body.name, 0.0)),
            media[body.name],
            start,
            met,
            density if body in cell.layers else 0.0,
        )
        for body, met in zip(bodies, resistances, strict=True)
    )
    contacts = [loaded(c, density, case.geometry.area_ratio(*c.between)) for c in contacts]

    def whole(values: Iterable[float]) -> float:
        return sum(n * v for n, v in zip(repeats, values, strict=True))

    heat = case.area * (
        whole(la.heat for la in layers) + cell.unit_cells * sum(c.heat for c in contacts)
    )
    stored = whole(la.heat_capacity * la.thickness for la in layers)
    through = whole(over(la.thickness, la.thermal_conductivity) for la in layers)
    through += cell.unit_cells * sum(c.resistance for c in contacts if c.transport == "thermal")
    capacity = case.capacity or NAN
    cells, nodes = mesh_size(case)
    needed = memory(case, media)
    own = merit.self_heating(total, through / cell.unit_cells, 1.0) if total else NAN
    exceeded = tuple(limits(case, media, density))
    composites = tuple(electrodes(case, media))
    rise = with_side(
        case, heat, steady_rise(case, layers, contacts), side_conductance(case, media, start)
    )
    return Figures(
        layers=layers,
        contacts=tuple(contacts),
        area=case.area,
        capacity=capacity,
        areal_capacity=capacity / case.electrode_area,
        current=current,
        current_density=density,
        open_circuit_voltage=voltage_open,
        voltage=voltage,
        resistance=total,
        heat=heat,
        volume=case.area * whole(_held(case, body) for body in bodies),
        mass=case.area * whole(mass(media[b.name], _held(case, b), start) for b in bodies),
        time_constant=stored * through,
        biot={} if math.isnan(through) else dict(biot(case, layers, through, media, start)),
        steady_rise=rise,
        heating_rate=heat / (case.area * stored),
        cells=cells,
        unknowns=int(nodes * fields_per_vertex(case, media)),
        memory=needed,
        warnings=(
            *too_large(needed),
            *warnings(case, media, start),
            *passed_over(case, voltage_open),
            *remarks(case),
            *void_remarks(case, media, pressure_range(case)[0]),
            *exceeded,
            *ceilings.reached(case, media, composites, _heated(case, rise, heat, stored)),
        ),
        self_heating=own,
        heating_ratio=merit.joule_over_conduction(density, own, start.T),
        left=left(case, media, composites),
        rise_around=_around(case, layers, contacts),
        leakage=_leak(layers, voltage_open),
        limits=exceeded,
        electrodes=composites,
        balance=balance(case, media, composites),
        reversible=-current * start.T * slope,
        voltage_window=voltage_window(case, media, composites),
        mean_voltage=mean_voltage(case, media, composites),
    )


def _driven(
    case: Case, media: dict[str, Medium], start: State, voltage_open: float
) -> tuple[float, float, list[float], list[ContactFigures]]:
    """Current [A], voltage [V], resistances of layers and contacts at that current.

    Where the voltage or the power is given, current and overpotentials are found in turns.
    """
    roles, current = signs(case, media), 0.0
    for _ in range(MOST_TURNS):
        density = current / case.electrode_area
        resistances = [
            resistance(media[b.name], _flat(case, b), start, roles.get(b.name, 0.0) * density)
            for b in stack_layers(case.cell)
        ]
        contacts = list(contact_figures(case, media, start, density))
        total = _in_series(case, media, resistances, contacts)
        found, voltage = drive(case, total, voltage_open)
        settled = math.isnan(found) or abs(found - current) <= 1e-6 * abs(found)
        if settled:
            break
        current = found
    return found, voltage, resistances, contacts


def _around(case: Case, layers: tuple[LayerFigures, ...], contacts: list[ContactFigures]) -> float:
    """Steady rise without any heat released in the cell [K]."""
    cold = tuple(replace(layer, heat=0.0) for layer in layers)
    return steady_rise(case, cold, [replace(contact, heat=0.0) for contact in contacts])


def _heated(case: Case, rise: float, heat: float, stored: float) -> float:
    """Temperature at the end by the heat of the start, none left or all steady, if less [K]."""
    known = [] if math.isnan(rise) else [rise]
    if not case.time.steady and case.area * stored > 0:
        known.append(heat / (case.area * stored) * case.protocol.longest)
    least = min((k for k in known if math.isfinite(k)), default=NAN)
    return case.start_temperature + least


def _flat(case: Case, body: Layer | Ring) -> float:
    """Thickness [m] of what has the same face all through; NaN for others."""
    return (body.thickness if case.geometry.flat else None) or NAN


def _held(case: Case, body: Layer | Ring) -> float:
    """Volume over the face area [m]."""
    return case.geometry.equivalent_thickness(body.name, body.thickness or NAN)


def _leak(layers: tuple[LayerFigures, ...], voltage: float) -> float:
    """Electrons through the least leaky electrolyte at the open-circuit voltage [A/m2]."""
    known = [la.leakage for la in layers if not math.isnan(la.leakage)]
    return min(known) * voltage if known else NAN


def _in_series(
    case: Case,
    media: dict[str, Medium],
    resistances: list[float],
    contacts: list[ContactFigures],
) -> float:
    """Resistance of one unit cell between its terminals [Ohm m2]; 0 without a load."""
    if not case.driven:
        return 0.0
    conducting = (
        met
        for body, met in zip(stack_layers(case.cell), resistances, strict=True)
        if body in case.cell.layers
        and (media[body.name].conducts_electrons or media[body.name].conducts_ions)
    )
    return sum(conducting) + sum(c.resistance for c in contacts if c.transport != "thermal")


def mass(medium: Medium, thickness: float, state: State) -> float:
    """Mass per face area [kg/m2]; NaN if the density is not known."""
    parts = getattr(medium, "parts", None)
    return number(parts(state)["density"][0]) * thickness if parts else NAN


def warnings(case: Case, media: dict[str, Medium], start: State) -> Iterator[str]:
    """Validity ranges that the start leaves, numbers without a source, charge that is not there."""
    held = {start.p} if case.stack_pressure.map is None else {*case.stack_pressure.range}
    pressures = sorted(held.union(case.protocol.pressures))
    given = [T for T, _ in ceilings.temperatures(case)]
    states = [
        State(T=T, p=p) for p in pressures for T in dict.fromkeys((start.T, min(given), max(given)))
    ]
    seen: dict[str, None] = {}
    numbers: list[tuple[str, str, str]] = []
    for body, medium in media.items():
        seen.update({f"{body}: {m}": None for m in getattr(medium, "remarks", ())})
        for state in states:
            seen.update(dict.fromkeys(_ask(medium, "outside", state)))
        numbers += [line[:3] for line in _ask(medium, "sources")]
    for contact in case.contacts().values():
        pair = " | ".join(contact.between)
        for transport in TRANSPORTS:
            law = getattr(contact, transport)
            for state in states if law is not None else ():
                seen.update({f"{pair}: {m}": None for m in _ask(law, "outside", state)})
        for name, known in contact.defaults.items():
            numbers.append((f"{name} contact {pair}", known.source, known.status))
    yield from _left_aside(case)
    yield from seen
    yield from extrapolated(case, media)
    yield from disagreements(case, media, states[0])
    yield from _kept_thickness(case, media)
    yield from _overdrawn(case)
    yield from _coarse(case, media, states[0])
    yield from _electrons(media, states[0])
    yield from weak(numbers)


def _left_aside(case: Case) -> Iterator[str]:
    """What a case says and these estimates, or a run, do not take as it is said."""
    for request in case.microstructures:
        if not request.ready:
            yield (
                f"{request.where}: its microstructure is not computed yet ({request.path} is not "
                "there); laws of the library stand in here, a run computes it first"
            )
    yield from dict.fromkeys(note for step in case.protocol.steps for note in step.notes)
    if not case.geometry.flat:
        shape = case.cell.geometry
        yield f"layers of a {shape} are not flat: what is estimated with one face area is left out"


def _ask(thing: object, question: str, *arguments: State) -> list[Any]:
    """Answer of a medium or law that can give one."""
    method = getattr(thing, question, None)
    return list(method(*arguments)) if method else []


def _coarse(case: Case, media: dict[str, Medium], state: State) -> Iterator[str]:
    """Electrodes whose reaction happens within less than a cell of the mesh."""
    for body in stack_layers(case.cell) if case.driven else ():
        depth, size = reaction_depth(media[body.name], state), smallest_cell(case, body.name)
        if size > 1.5 * depth:
            yield (
                f"{body.name}: the reaction happens within {format_quantity(depth, 'm', 2)}, the "
                f"cells there are {format_quantity(size, 'm', 2)} thick; raise mesh.layers."
                f"{body.name} or mesh.grading"
            )


def _kept_thickness(case: Case, media: dict[str, Medium]) -> Iterator[str]:
    """Electrodes whose porosity follows from pressing while the case gives their thickness."""
    for body in case.cell.layers:
        mixture = getattr(media[body.name], "mixture", None)
        if mixture is None or body.thickness is None or "thickness" not in body.model_fields_set:
            continue
        if mixture.composition.densifies:
            held = 100 * number(mixture.active_density(ROOM)) * body.thickness
            yield (
                f"{body.name}: pressing changes its porosity and not its thickness, which is "
                f"given, so its mass follows ({held:.3g} mg/cm^2 of active material); with loading "
                "and no thickness the mass stays"
            )


def _electrons(media: dict[str, Medium], state: State) -> Iterator[str]:
    """Electrodes whose electrons would carry heat that their k leaves out (Wiedemann-Franz)."""
    for name, medium in media.items():
        if medium.charge_transfer is None:
            continue
        sigma = number(medium.electronic_conductivity(state))
        share = merit.wiedemann_franz(sigma, state.T) / number(medium.thermal_conductivity(state))
        if share > 0.01:
            yield (
                f"{name}: electrons would carry {100 * share:.2g} % more heat (Wiedemann-Franz); "
                f"k leaves them out: set overrides.thermal_conductivity"
            )


def _overdrawn(case: Case) -> Iterator[str]:
    """A load that takes more charge than the electrode holds."""
    capacity = case.capacity
    if not case.driven or not capacity or case.time.steady:
        return
    least, most, whole = prescribed_charge(case)
    if not whole:
        return
    moved = format_quantity(most - least, "C")
    if most - least > capacity * (1 + 1e-6):
        what = "U is constant and the voltage does not show it"
        if any(medium.particles for medium in case.media().values()):
            what = "the run stops where particles are empty or full"
        held = format_quantity(capacity, "C")
        yield f"the load moves {moved}, more than the capacity of {held}; {what}"
