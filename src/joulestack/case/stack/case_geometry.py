"""How a case file states a geometry: a record of each, from which its object is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from joulestack.errors import Problem
from joulestack.mesh.geometry import Geometry
from joulestack.mesh.layers import LayerSpec

if TYPE_CHECKING:
    from joulestack.case.check_context import CheckContext
    from joulestack.case.settings.numerics import Mesh
    from joulestack.case.stack.cell import Cell, Layer

GRID_KEYS = ("cells_per_layer", "layers", "grading", "refinement")
"""Of [mesh], for layers that are meshed here."""


def _nothing(look: CheckContext) -> Iterable[Problem]:
    return ()


@dataclass(frozen=True)
class CaseGeometry:
    """How a case file states a geometry.

    Attributes:
        name: word after `geometry =`.
        make: the geometry of [cell] and [mesh], which need not have passed their checks.
        keys: of [cell], beyond those that all have -> whether it must be given.
        mesh_keys: of [mesh], likewise.
        check_cell, check_mesh: problems of its own in [cell], and in [mesh].
        model: of [cell], with keys that no other geometry has; None: those of the package.
    """

    name: str
    make: Callable[[Any, Mesh], Geometry]
    keys: Mapping[str, bool] = field(default_factory=dict)
    mesh_keys: Sequence[str] = GRID_KEYS
    check_cell: Callable[[CheckContext], Iterable[Problem]] = _nothing
    check_mesh: Callable[[CheckContext], Iterable[Problem]] = _nothing
    model: type[Cell] | None = None


def layer_specs(layers: Sequence[Layer], mesh: Mesh) -> tuple[LayerSpec, ...]:
    """Layers with the cells through each; a thickness that is missing counts as zero."""
    return tuple(
        LayerSpec(la.name, la.thickness or 0.0, mesh.cells(la.name), mesh.grading) for la in layers
    )
