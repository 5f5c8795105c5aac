"""From a case to a setup: the one place where case words become solver objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from mpi4py import MPI

from joulestack.case.case import Case
from joulestack.case.interfaces.contacts import Contacts as Met
from joulestack.case.interfaces.contacts import between
from joulestack.case.profiles import Convection, FixedTemperature, HeatFlux, Radiation
from joulestack.errors import CaseError, Problem
from joulestack.laws.medium import Medium
from joulestack.mesh import build
from joulestack.physics.context import Contacts
from joulestack.physics.resolution import BOUND, Resolution, resolved
from joulestack.progress import stage
from joulestack.simulation.setup import Drive, FaceCondition, Setup

if TYPE_CHECKING:
    from joulestack.case.profiles import FaceCondition as CaseCondition
    from joulestack.case.profiles import StackPressure


def setup_of(case: Case, comm: MPI.Comm | None = None) -> Setup:
    """Mesh a case and collect its media, contacts and conditions. Collective.

    Its load is not in it: the protocol belongs to the run of a case.

    Args:
        case: to mesh.
        comm: ranks that share it; None: all.

    Raises:
        MeshError, CaseError: the case cannot be meshed or lacks something.
    """
    for request in case.microstructures:
        if not request.ready:
            what, remedy = "is not computed yet", "joulestack.microstructure.supply.supplied(case)"
            raise CaseError(Problem(f"{request.where}.effective", what, remedy), case.source.name)
    geometry = case.mesh_spec
    imported = not geometry.layered
    stage(
        "reading the mesh" if imported else "meshing",
        long=imported or geometry.size().cells > LARGE,
    )
    pressure = case.stack_pressure
    return Setup(
        tagged=build(geometry, comm),
        media=case.media(),
        start_temperature=case.start_temperature,
        contacts={pair: _solved(contacts) for pair, contacts in case.contacts().items()},
        faces={face: [_condition(c) for c in cs] for face, cs in case.thermal_conditions.items()},
        drive=Drive(*terminals(case)) if case.driven else None,
        heat_sources=case.heat_sources,
        pressure=pressure.profile,
        highest_pressure=_running_maximum(pressure),
        pressure_shape=_shape(pressure),
        area=geometry.left_out,
        degree=case.mesh.degree,
        radial_modes=case.mesh.radial_modes,
        resolution=_resolution(case),
        thickness={
            body.name: body.thickness
            for body in (*case.cell.below, *case.cell.layers, *case.cell.above, *case.cell.die)
            if body.thickness
        },
        clamping=case.clamping,
    )


LOW_VOLTAGE, HIGH_VOLTAGE, HOLD = 2.0, 4.5, 3 / 3600
"""Voltages [V] that turn a given power and a resistance into a current at most, and the rate [1/s]
that is taken for the current under a held voltage, for estimates."""


def _resolution(case: Case) -> Resolution | None:
    """What radial functions are to resolve: the largest current, as far as the load tells it."""
    if not case.driven or not case.capacity:
        return None
    rates = [0.0]
    for step in case.protocol.steps:
        most = max(map(abs, step.value.range))
        if step.mode == "voltage":
            rates.append(HOLD)
        elif step.mode == "power":
            rates.append(most / LOW_VOLTAGE / case.capacity)
        elif step.mode == "resistance":
            least = min(map(abs, step.value.range))
            rates.append(HIGH_VOLTAGE / least / case.capacity if least else HOLD)
        else:
            rates.append(most / case.capacity)
    bound = BOUND * (10.0 if case.file.accuracy == "draft" else 1.0)
    return Resolution(
        max(rates),
        bound=bound,
        fixed="radial_modes" in case.mesh.model_fields_set,
        temperature=case.start_temperature,
    )


def radial_functions(case: Case) -> int:
    """Most functions that a population of a case is described by."""
    numbers = [case.mesh.radial_modes]
    asked = _resolution(case)
    for medium in case.media().values():
        found = medium.particles or ()
        numbers += [len(resolved(p, found, numbers[0], asked)[0].mass) for p in found]
    return max(numbers)


def contact(first: Medium, second: Medium, **choices: Any) -> Contacts:
    """How two media meet: as [[interfaces]] of a case file says, else by the library.

        contact(lithium, separator, charge_transfer="20 ohm cm^2", thermal="1e-5 m^2 K/W")

    Args:
        first, second: both sides, of the library or given.
        choices: keys of [[interfaces]] but `between`: "perfect", "default", a resistance as text
            with its unit or in SI, or a table with a law.

    Raises:
        CaseError: an unknown word or law, or a contact that these media do not have.
    """
    return _solved(between(first, second, choices))


def _solved(found: Met) -> Contacts:
    """Contacts of a case as the solver takes them."""
    laws = (found.thermal, found.electronic, found.ionic, found.charge_transfer, found.kinetics)
    return Contacts(*laws, voids=found.voids)


LARGE = 50_000
"""Cells of a mesh that is not there at once."""


def terminals(case: Case) -> tuple[str, str]:
    """Names of the faces of the negative and the positive terminal."""
    return case.geometry.terminals or case.geometry.ends


def _condition(c: CaseCondition) -> FaceCondition:
    if isinstance(c, FixedTemperature):
        return FaceCondition(temperature=c.temperature)
    if isinstance(c, Convection):
        return FaceCondition(coefficient=c.coefficient, ambient=c.ambient)
    if isinstance(c, Radiation):
        return FaceCondition(emissivity=c.emissivity, ambient=c.ambient)
    assert isinstance(c, HeatFlux)
    return FaceCondition(inflow=c.flux)


def _running_maximum(pressure: StackPressure) -> Callable[[float], float]:
    """Highest pressure up to a time: the profile is piecewise linear, so its knots suffice."""
    knots = pressure.profile.breakpoints

    def highest(t: float) -> float:
        return max(pressure.value(s) for s in (0.0, *(k for k in knots if k < t), t))

    return highest


def _shape(pressure: StackPressure) -> Callable[[Any], Any] | None:
    """Map over the face relative to its mean, at points (n, 3)."""
    if pressure.map is None:
        return None
    field, mean = pressure.map, pressure.value(0.0)

    def shape(points: Any) -> Any:
        return field(np.asarray(points).T) / mean

    return shape
