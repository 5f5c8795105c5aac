"""What a model is built from: media, contacts, conditions; the bridge from cases and scripts.

Everything is SI and free of files and units; a case fills it in (`simulation/run.py`), and so may a
test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joulestack.errors import CaseError, Problem
from joulestack.in_time import InTime, TimeFunction, as_function
from joulestack.laws.medium import Medium
from joulestack.mechanics.clamping import Clamping
from joulestack.mesh import TaggedMesh
from joulestack.physics.base import Physics
from joulestack.physics.capacitance import Capacitances
from joulestack.physics.context import Contacts
from joulestack.physics.operation import Drive, Surroundings
from joulestack.physics.resolution import Asked
from joulestack.physics.sources import Pointwise
from joulestack.spelling import unknown


@dataclass(frozen=True)
class FaceCondition:
    """One thermal condition of a named face; conditions of a face add up.

    Each is a number, a function of time [s] or a table in time (`in_time.Profile`).

    Attributes:
        temperature: fixed temperature [K]; excludes the others.
        coefficient: h [W/(m2 K)] towards `ambient`.
        emissivity: [-] towards `ambient`.
        ambient: [K].
        inflow: heat flux into the cell [W/m2].
    """

    temperature: InTime | None = None
    coefficient: InTime | None = None
    emissivity: InTime | None = None
    ambient: InTime | None = None
    inflow: InTime | None = None

    def __post_init__(self) -> None:
        """Refuse what does not go together.

        Raises:
            CaseError: it does not, or a value is none in time.
        """
        for name in self.__dataclass_fields__:
            if getattr(self, name) is not None:
                as_function(getattr(self, name), f"{name} of a face")
        towards = self.coefficient is not None or self.emissivity is not None
        wrong = ""
        if towards and self.ambient is None:
            wrong = "a coefficient or an emissivity needs an ambient"
        elif self.ambient is not None and not towards:
            wrong = "an ambient without coefficient or emissivity has no effect"
        elif self.temperature is not None and (towards or self.inflow is not None):
            wrong = "a fixed temperature excludes the others"
        if wrong:
            raise CaseError(Problem("condition of a face", wrong, "give the ones that go together"))


@dataclass(frozen=True)
class Setup:
    """A complete problem.

    Attributes:
        tagged: the meshed cell, as `mesh.build` gives it.
        media: by layer name.
        contacts: by (layer, layer) in either order; missing pairs are perfect.
        start_temperature: [K]; also the reference of the temperature unknown.
        faces: thermal conditions by face name; others are adiabatic.
        drive: electrical load, None for heat alone.
        heat_sources: given volumetric heat by layer [W/m3]: a number, a function of time [s], a
            table in time (`in_time.Profile`), or `Pointwise(f)` with the UFL f(x, t, state).
        pressure, highest_pressure: stack pressure now and the highest seen [Pa].
        pressure_shape: factor on the pressure at points (n, 3), for a map over the face.
        area: what the coordinates leave out: the cross-section that a line stands for [m2], of
            others see `CoordinateSystem.left_out`.
        degree: polynomial degree of the fields.
        radial_modes: functions that describe the lithium in a particle.
        resolution: what they are to resolve, if need be by more of them; None: as many as that.
        thickness: by layer [m], taken from the mesh where that knows it; contact resistances below
            1e-9 of thickness/k are joined.
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
    heat_sources: Mapping[str, InTime | Pointwise] = field(default_factory=dict)
    pressure: TimeFunction = lambda t: 0.0
    highest_pressure: TimeFunction | None = None
    pressure_shape: Callable[[Any], Any] | None = None
    area: float = 1.0
    degree: int = 1
    radial_modes: int = 9
    resolution: Asked | None = None
    thickness: Mapping[str, float] = field(default_factory=dict)
    capacitances: Capacitances | None = None
    clamping: Clamping | None = None
    physics: tuple[Physics, ...] = ()

    def __post_init__(self) -> None:
        """Take the thickness of layers from the mesh unless it is given; look at the names.

        Raises:
            CaseError: a layer has no medium, or something is given for none of the cell's layers
                and faces.
        """
        if not self.thickness:
            object.__setattr__(self, "thickness", self.tagged.thickness)
        layers = dict.fromkeys(r.layer for r in self.tagged.regions)
        problems = [
            Problem(f"media[{name!r}]", "is missing", "give each layer of the mesh a medium")
            for name in layers
            if name not in self.media
        ]
        terminals = () if self.drive is None else (self.drive.negative, self.drive.positive)
        for where, kind, names, known in (
            ("contacts", "layer", [n for pair in self.contacts for n in pair], layers),
            ("heat_sources", "layer", self.heat_sources, layers),
            ("faces", "face", self.faces, self.tagged.faces),
            ("drive", "face", terminals, self.tagged.faces),
        ):
            problems += [unknown(where, kind, n, known) for n in names if n not in known]
        if problems:
            raise CaseError(problems, "setup")

    def contact(self, first: str, second: str) -> Contacts:
        """Contacts of a pair of layers."""
        found = self.contacts.get((first, second)) or self.contacts.get((second, first))
        return found or Contacts()

    def in_time(self) -> Iterator[object]:
        """Everything of it that may be a table in time."""
        yield self.pressure
        for conditions in self.faces.values():
            for c in conditions:
                yield from (c.temperature, c.coefficient, c.emissivity, c.ambient, c.inflow)
        yield from self.heat_sources.values()


__all__ = ["Drive", "FaceCondition", "Setup", "Surroundings"]
