"""The seam by which processes enter a model: what they are made of, and when they are called.

The package's own (`simulation/processes.py`) come this way, the electrical load and the pressure
of the stack among them, and so may others without a change to the package:

    Setup(..., physics=(MyProcess(),))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from joulestack.declarations import FieldInfo, LocalState
from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Field
from joulestack.in_time import InTime
from joulestack.laws.medium import Medium
from joulestack.mesh import Region, TaggedMesh
from joulestack.physics.context import Context
from joulestack.physics.operation import Drive, Surroundings
from joulestack.physics.resolution import Asked
from joulestack.physics.terms import Terms

Memory = Mapping[str, npt.NDArray[np.float64]]
"""What a process remembers beside the unknowns, by name: this rank's numbers, of any shape."""


class SetupView(Protocol):
    """What a process may ask of the setup that it is part of (`simulation.setup.Setup`)."""

    @property
    def tagged(self) -> TaggedMesh:
        """The meshed cell."""

    @property
    def media(self) -> Mapping[str, Medium]:
        """By layer name."""

    @property
    def start_temperature(self) -> float:
        """Of everything [K]."""

    @property
    def drive(self) -> Drive | None:
        """Electrical load as set up; None for heat alone."""

    @property
    def thickness(self) -> Mapping[str, float]:
        """By layer [m]."""

    @property
    def area(self) -> float:
        """Cross-section that a line stands for [m2]."""

    @property
    def degree(self) -> int:
        """Polynomial degree of the fields."""

    @property
    def radial_modes(self) -> int:
        """Functions that describe the lithium in a particle."""

    @property
    def resolution(self) -> Asked | None:
        """What they are to resolve, if need be by more of them."""


class Forms(Protocol):
    """Collects forms that are compiled with those of the model (`solver.forms.FormSet`)."""

    def add(self, form: Any, subdomains: Any = None) -> list[Any]:
        """Ask for a UFL form; the returned list holds it once the model is finished.

        Args:
            form: of UFL.
            subdomains: integral type -> [(id, entities)] of its own instead of the model's.
        """


@dataclass(frozen=True)
class Placed:
    """Where a field or a local state exists.

    Attributes:
        info: what it is.
        regions: where.
        jumps: tells an interface between two of the regions over which a field may jump; the
            process contributes what passes there. Elsewhere it is continuous.
    """

    info: FieldInfo | LocalState
    regions: Sequence[Region]
    jumps: Callable[[Interface], bool] = lambda interface: False


@dataclass(frozen=True)
class Held:
    """A field's value on a named face.

    Attributes:
        face: its name.
        key: of the field.
        value: a number, a function of time [s] or a table; from the field's origin [unit]. A
            vector's components are the same unless `component` chooses one.
        component: of a vector; None: all.
        name: of what passes there, in records; "": that of the face.
        active: tells of a time [s] whether it is held then.
    """

    face: str
    key: str
    value: InTime
    component: int | None = None
    name: str = ""
    active: Callable[[float], bool] = lambda t: True


class Physics:
    """A process in a cell. Whatever a subclass does not define, it does not need.

    Methods are called in the order in which they stand here, on all ranks alike: those up to
    `request` once, while the model is built; `allocate` once, when its forms are compiled; the
    others as a run goes on. A process with memory of its own gives it away by `memory`, so that a
    run that is saved goes on where it was.
    """

    # -- what it is made of ------------------------------------------------------

    def fields(self, setup: SetupView, domain: Domain) -> Iterable[Placed]:
        """Fields that exist for this process."""
        return ()

    def local_states(
        self, setup: SetupView, domain: Domain, fields: Mapping[str, Field]
    ) -> Iterable[Placed]:
        """Unknowns of single vertices in regions; `fields` are those of all processes, by key."""
        return ()

    def interface_states(
        self, setup: SetupView, interface: Interface
    ) -> Iterable[tuple[LocalState, int]]:
        """Unknowns of single vertices of an interface, each with the side (0, 1) that holds them.

        Interfaces of equal laws share a block; it is found by the key, `InterfaceGroup.states`.
        """
        return ()

    def contribute(self, context: Context, terms: Terms) -> None:
        """Add residuals, local equations and heat sources."""

    def held(self, setup: SetupView, fields: Collection[str]) -> Iterable[Held]:
        """Values of fields on faces; `fields` are the keys of those that exist."""
        return ()

    def request(self, context: Context, forms: Forms) -> None:
        """Ask for forms beside the residual: weights, areas, means."""

    def allocate(self) -> None:
        """The forms that were asked for are compiled."""

    # -- while it runs -----------------------------------------------------------

    def start(self, setup: SetupView, domain: Domain, unknowns: Mapping[str, Field]) -> None:
        """Set what does not start as declared: `unknowns[key].fill(domain, ...)`.

        Args:
            setup, domain: of the model.
            unknowns: fields and local states of regions, by key.
        """

    def begin(self) -> None:
        """Forget any run before: the unknowns are those of the start, and the time is zero."""

    def follow(self, drive: Drive | None, surroundings: Surroundings, t: float) -> None:
        """Another step of a protocol begins at a time [s]; the unknowns are those of its start."""

    def close(self, t: float) -> None:
        """Set what the equations take as given but follows from the unknowns; others are there now.

        Called with every residual, so that a solve finds both.

        Args:
            t: time [s].
        """

    def accept(self, t: float) -> None:
        """The unknowns are those of the end of a step in time, at t [s]: remember what matters."""

    def memory(self) -> Memory:
        """What it remembers of the run so far beside the unknowns."""
        return {}

    def recall(self, memory: Memory) -> None:
        """Take back what `memory` gave; `begin` has been called and the unknowns are in place."""


__all__ = ["Forms", "Held", "Memory", "Physics", "Placed", "SetupView"]
