"""All figures of a case: one-dimensional estimates at the starting state."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from joulestack.case import Case
from joulestack.case.stack import layers as stack_layers
from joulestack.kpi.electric import contacts as contact_figures
from joulestack.kpi.electric import drive, layer, open_circuit, resistance
from joulestack.kpi.figures import NAN, ContactFigures, Figures, number, over
from joulestack.kpi.size import fields_per_vertex, memory, mesh_size
from joulestack.kpi.thermal import biot, steady_rise
from joulestack.materials.medium import Medium
from joulestack.materials.state import State


def evaluate(case: Case) -> Figures:
    """Estimate what can be known of a case without solving it."""
    media = case.media()
    start = State(T=case.start_temperature, p=case.stack_pressure.value(0.0))
    bodies = stack_layers(case.cell)
    resistances = {b.name: resistance(media[b.name], b.thickness or NAN, start) for b in bodies}
    contacts = list(contact_figures(case, media, start))
    in_series = [c for c in contacts if c.transport != "thermal"] if case.load_profile else []
    total = sum(
        r for b in case.cell.layers if math.isfinite(r := resistances[b.name])
    ) + sum(c.resistance for c in in_series)
    voltage_open = open_circuit(case, media)
    current, voltage = drive(case, total, voltage_open)
    density = current / case.electrode_area
    layers = tuple(
        layer(b.name, b.thickness or NAN, b.heat_source or 0.0, media[b.name], start,
               resistances[b.name], density if b in case.cell.layers else 0.0)
        for b in bodies
    )
    contacts = [
        c
        if c.transport == "thermal"
        else ContactFigures(c.between, c.transport, c.law, c.resistance, density * c.resistance,
                            density**2 * c.resistance)
        for c in contacts
    ]
    units = case.cell.unit_cells
    heat = case.area * units * float(
        np.nansum([layer.heat for layer in layers]) + sum(c.heat for c in contacts)
    )
    thermal = [c for c in contacts if c.transport == "thermal"]
    stored = np.nansum([layer.heat_capacity * layer.thickness for layer in layers])
    through = np.nansum([over(la.thickness, la.thermal_conductivity) for la in layers]) + sum(
        c.resistance for c in thermal
    )
    capacity = case.capacity or NAN
    size = mesh_size(case)
    unknowns = int(size[1] * fields_per_vertex(case, media))
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
        resistance=total if case.load_profile else 0.0,
        heat=heat,
        volume=case.area * units * float(np.nansum([la.thickness for la in layers])),
        mass=case.area
        * units
        * sum(mass(media[b.name], b.thickness or NAN, start) for b in bodies),
        time_constant=float(stored * through) * units**2,
        biot=dict(biot(case, layers, float(through) * units, media, start)),
        steady_rise=steady_rise(case, layers, contacts),
        heating_rate=heat / (case.area * units * float(stored)) if stored else NAN,
        cells=size[0],
        unknowns=unknowns,
        memory=memory(case, media),
        warnings=tuple(warnings(case, media, start)),
    )


def mass(medium: Medium, thickness: float, state: State) -> float:
    """Mass per face area [kg/m2]; NaN if the density is not known."""
    parts = getattr(medium, "parts", None)
    return number(parts(state)["density"][0]) * thickness if parts else NAN


def warnings(case: Case, media: dict[str, Medium], state: State) -> Iterator[str]:
    """Validity ranges that the start leaves, and numbers without a source."""
    seen: set[str] = set()
    unverified: dict[str, None] = {}
    for medium in media.values():
        outside = getattr(medium, "outside", None)
        for message in outside(state) if outside else ():
            if message not in seen:
                seen.add(message)
                yield message
        for name, _, status, _ in medium.sources() if hasattr(medium, "sources") else ():
            if status == "unverified":
                unverified[name] = None
    for contact in case.contacts().values():
        for transport, known in contact.defaults.items():
            if known.status == "unverified":
                unverified[f"{transport} contact {' | '.join(contact.between)}"] = None
    if unverified:
        yield f"{len(unverified)} numbers without a source read: " + ", ".join(unverified)
