"""The seam by which processes enter a model: what they may declare, start, hold and contribute.

The package's own (`processes.py`) come this way, and so may others without a change to the package:

    Setup(..., physics=(MyProcess(),))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joulestack.declarations import FieldInfo, LocalState
from joulestack.discretisation.domain import Domain, Interface
from joulestack.discretisation.fields import Field
from joulestack.mesh import Region
from joulestack.physics.context import Context, Terms

if TYPE_CHECKING:
    from joulestack.simulation.setup import Setup


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
        value: at a time [s]; from the field's origin [unit]. A vector's components are the same
            unless `component` chooses one.
        component: of a vector; None: all.
    """

    face: str
    key: str
    value: Callable[[float], float]
    component: int | None = None


class Physics:
    """A process in a cell. Whatever a subclass does not define, it does not need.

    Methods are called in the order in which they stand here, on all ranks alike.
    """

    def fields(self, setup: Setup, domain: Domain) -> Iterable[Placed]:
        """Fields that exist for this process."""
        return ()

    def local_states(
        self, setup: Setup, domain: Domain, fields: Mapping[str, Field]
    ) -> Iterable[Placed]:
        """Unknowns of single vertices in regions; `fields` are those of all processes, by key."""
        return ()

    def interface_states(
        self, setup: Setup, interface: Interface
    ) -> Iterable[tuple[LocalState, int]]:
        """Unknowns of single vertices of an interface, each with the side (0, 1) that holds them.

        Interfaces of equal laws share a block; it is found by the key, `InterfaceGroup.states`.
        """
        return ()

    def start(self, setup: Setup, domain: Domain, unknowns: Mapping[str, Field]) -> None:
        """Set what does not start as declared: `unknowns[key].fill(domain, ...)`.

        Args:
            setup, domain: of the model.
            unknowns: fields and local states of regions, by key.
        """

    def held(self, setup: Setup, fields: Collection[str]) -> Iterable[Held]:
        """Values of fields on faces; `fields` are the keys of those that exist."""
        return ()

    def contribute(self, context: Context, terms: Terms) -> None:
        """Add residuals, local equations and heat sources."""


__all__ = ["Held", "Physics", "Placed"]
