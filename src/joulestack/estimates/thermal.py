"""Heat through the stack: Biot numbers and the one-dimensional steady state."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from joulestack.case import Case, profiles
from joulestack.case.protocol import Step
from joulestack.constants import STEFAN_BOLTZMANN
from joulestack.estimates.figures import NAN, ContactFigures, LayerFigures, number
from joulestack.in_time import as_function
from joulestack.laws.medium import Medium
from joulestack.laws.state import State


def at_start(given: profiles.InTime) -> float:
    """A value, or what a table in time begins with: estimates are those of the start."""
    return float(as_function(given)(0.0))


def driving_step(case: Case) -> Step:
    """The step that estimates are of: the first that is no rest, or that changes the faces."""
    steps = case.protocol.steps
    changed = (s for s in steps if s.mode != "rest")
    around = (s for s in steps if s.ambient is not None or s.cooling or s.heat_flux)
    return next(changed, next(around, steps[-1]))


def conditions_of(case: Case) -> dict[str, tuple[profiles.FaceCondition, ...]]:
    """Conditions of each face in the step that estimates are of, as that step changes them."""
    step = driving_step(case)
    return {
        face: tuple(_changed(c, face, step) for c in conditions)
        for face, conditions in case.thermal_conditions.items()
    }


def _changed(condition: profiles.FaceCondition, face: str, step: Step) -> profiles.FaceCondition:
    """A condition as a step has it."""
    cooling, flux = (step.cooling or {}).get(face), (step.heat_flux or {}).get(face)
    if isinstance(condition, profiles.HeatFlux):
        return condition if flux is None else replace(condition, flux=flux)
    if isinstance(condition, profiles.FixedTemperature):
        return condition if step.ambient is None else replace(condition, temperature=step.ambient)
    if step.ambient is not None:
        condition = replace(condition, ambient=step.ambient)
    if cooling is not None and isinstance(condition, profiles.Convection):
        condition = replace(condition, coefficient=cooling)
    return condition


def coefficient(conditions: tuple[profiles.FaceCondition, ...], T: float) -> float:
    """Heat transfer coefficient of a face near T [W/(m2 K)]; infinite if the face is held."""
    total = 0.0
    for c in conditions:
        if isinstance(c, profiles.FixedTemperature):
            return math.inf
        if isinstance(c, profiles.Convection):
            total += at_start(c.coefficient)
        elif isinstance(c, profiles.Radiation):
            total += 4 * c.emissivity * STEFAN_BOLTZMANN * (0.5 * (T + at_start(c.ambient))) ** 3
    return total


def biot(
    case: Case,
    layers: tuple[LayerFigures, ...],
    through: float,
    media: dict[str, Medium],
    state: State,
) -> Iterator[tuple[str, float]]:
    """Coefficient times thermal resistance behind each face that has one."""
    height = sum(la.thickness for la in layers)
    in_plane = (
        sum(
            number(media[la.name].thermal_conductivity_in_plane(state)) * la.thickness
            for la in layers
        )
        / height
    )
    for face, conditions in conditions_of(case).items():
        h = coefficient(conditions, state.T)
        if not h or math.isinf(h):
            continue
        if face in case.geometry.ends:
            yield face, h * through
        elif reach := case.geometry.reach(face):
            wall = sum(
                (ring.thickness or 0.0) / number(media[ring.name].thermal_conductivity(state))
                for ring in case.cell.die
            )
            yield face, h * (reach / in_plane + wall)


def steady_rise(
    case: Case, layers: tuple[LayerFigures, ...], contacts: list[ContactFigures]
) -> float:
    """Hottest layer above start in steady state, heat leaving through bottom and top only [K].

    A chain of nodes: bottom face, middle of each layer (of all unit cells as one), top face.
    """
    if any(math.isnan(la.thickness) for la in layers):
        return NAN
    repeats, T0 = case.cell.unit_cells, case.start_temperature
    n = len(layers)
    matrix, right = np.zeros((n, n)), np.zeros(n)
    half = [0.5 * repeats * la.thickness / la.thermal_conductivity for la in layers]
    jump = {frozenset(c.between): c.resistance for c in contacts if c.transport == "thermal"}
    for i in range(n - 1):
        pair = frozenset((layers[i].name, layers[i + 1].name))
        g = 1.0 / (half[i] + half[i + 1] + repeats * jump.get(pair, 0.0))
        matrix[i, i] += g
        matrix[i + 1, i + 1] += g
        matrix[i, i + 1] -= g
        matrix[i + 1, i] -= g
    for i, layer in enumerate(layers):
        right[i] += repeats * layer.heat
    for contact in contacts:
        for i, layer in enumerate(layers):
            if layer.name in contact.between:
                right[i] += 0.5 * repeats * contact.heat
    around = conditions_of(case)
    for face, i in zip(case.geometry.ends, (0, n - 1), strict=True):
        for c in around.get(face, ()):
            if isinstance(c, profiles.HeatFlux):
                right[i] += at_start(c.flux)
                continue
            h = coefficient((c,), T0)
            if not h:
                continue
            ambient = at_start(
                c.temperature if isinstance(c, profiles.FixedTemperature) else c.ambient
            )
            g = 1.0 / (half[i] + (0.0 if math.isinf(h) else 1.0 / h))
            matrix[i, i] += g
            right[i] += g * (ambient - T0)
    if np.linalg.cond(matrix) > 1e14:
        return math.inf if right.sum() > 0 else (-math.inf if right.sum() < 0 else 0.0)
    return float(np.linalg.solve(matrix, right).max())


def side_conductance(case: Case, media: dict[str, Medium], state: State) -> float:
    """Heat that leaves along the layers, through a die and bare sides, per kelvin [W/K]."""
    around = conditions_of(case)
    return case.geometry.loss(
        lambda face: coefficient(around.get(face, ()), state.T),
        lambda body: number(media[body].thermal_conductivity(state)),
    )


def with_side(case: Case, heat: float, rise: float, conductance: float) -> float:
    """Steady rise [K] with the heat that leaves sideways beside the chain through the stack.

    Only where all surroundings are at the start temperature; else the chain alone.
    """
    found = [(face, c) for face, cs in conditions_of(case).items() for c in cs]
    ambient = [
        getattr(c, "ambient", getattr(c, "temperature", None))
        for _, c in found
        if not isinstance(c, profiles.HeatFlux)
    ]
    elsewhere = any(a is None or at_start(a) != case.start_temperature for a in ambient)
    given = (
        c for face, c in found if face in case.geometry.ends and isinstance(c, profiles.HeatFlux)
    )
    heat += case.area * sum(at_start(c.flux) for c in given)
    if not conductance or heat <= 0 or elsewhere:
        return rise
    return heat / (conductance + (heat / rise if rise > 0 else 0.0))
