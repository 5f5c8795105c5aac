"""What a model is built from: media, contacts, conditions; the bridge from cases and scripts.

Everything is SI and free of files and units; a case fills it in (`simulation/run.py`), and so may a
test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joulestack.laws.medium import Medium
from joulestack.mechanics.clamping import Clamping
from joulestack.mesh import TaggedMesh
from joulestack.physics.base import Physics
from joulestack.physics.capacitance import Capacitances
from joulestack.physics.context import Contacts

TimeFunction = Callable[[float], float]


@dataclass(frozen=True)
class FaceCondition:
    """One thermal condition of a named face; conditions of a face add up.

    Attributes:
        temperature: fixed temperature [K]; excludes the others.
        coefficient: h [W/(m2 K)] towards `ambient`.
        emissivity: [-] towards `ambient`.
        ambient: [K] as a function of time.
        inflow: heat flux into the cell [W/m2] as a function of time.
    """

    temperature: TimeFunction | None = None
    coefficient: float | None = None
    emissivity: float | None = None
    ambient: TimeFunction | None = None
    inflow: TimeFunction | None = None


def _nothing(t: float) -> float | None:
    return None


@dataclass(frozen=True)
class Drive:
    """Electrical load at the terminals: one of the three at a time, the others None.

    Attributes:
        negative, positive: faces of the terminals.
        current: discharge current [A] at a time.
        voltage: terminal voltage [V] at a time.
        power: taken from the cell [W] at a time.
    """

    negative: str
    positive: str
    current: Callable[[float], float | None] = _nothing
    voltage: Callable[[float], float | None] = _nothing
    power: Callable[[float], float | None] = _nothing


@dataclass(frozen=True)
class Surroundings:
    """What a step of a protocol sets in place of the setup's own; None and missing: as set up.

    Attributes:
        stack_pressure: [Pa].
        ambient: temperature around all thermal faces [K].
        cooling: face -> coefficient [W/(m2 K)].
        heat_flux: face -> flux into the cell [W/m2].
    """

    stack_pressure: float | None = None
    ambient: float | None = None
    cooling: Mapping[str, float] = field(default_factory=dict)
    heat_flux: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Setup:
    """A complete problem.

    Attributes:
        tagged: the meshed cell.
        media: by layer name.
        contacts: by (layer, layer) in either order; missing pairs are perfect.
        start_temperature: [K]; also the reference of the temperature unknown.
        faces: thermal conditions by face name; others are adiabatic.
        drive: electrical load, None for heat alone.
        heat_sources: given volumetric heat by layer [W/m3].
        pressure, highest_pressure: stack pressure now and the highest seen [Pa].
        pressure_shape: factor on the pressure at points (n, 3), for a map over the face.
        area: cross-section that a line stands for [m2].
        degree: polynomial degree of the fields.
        radial_modes: polynomials that describe the lithium in a particle.
        thickness: by layer [m]; contact resistances below 1e-9 of thickness/k are joined.
        capacitances: for measurements; None: blocking contacts carry nothing.
        clamping: what makes the stack pressure follow the thickness; `pressure` at t = 0 is then
            that of assembly. None: `pressure` is held.
        physics: processes beside those of the package, in the order in which they contribute.
    """

    tagged: TaggedMesh
    media: Mapping[str, Medium]
    start_temperature: float
    contacts: Mapping[tuple[str, str], Contacts] = field(default_factory=dict)
    faces: Mapping[str, Sequence[FaceCondition]] = field(default_factory=dict)
    drive: Drive | None = None
    heat_sources: Mapping[str, float] = field(default_factory=dict)
    pressure: TimeFunction = lambda t: 0.0
    highest_pressure: TimeFunction | None = None
    pressure_shape: Callable[[Any], Any] | None = None
    area: float = 1.0
    degree: int = 1
    radial_modes: int = 6
    thickness: Mapping[str, float] = field(default_factory=dict)
    capacitances: Capacitances | None = None
    clamping: Clamping | None = None
    physics: tuple[Physics, ...] = ()

    def contact(self, first: str, second: str) -> Contacts:
        """Contacts of a pair of layers."""
        found = self.contacts.get((first, second)) or self.contacts.get((second, first))
        return found or Contacts()
