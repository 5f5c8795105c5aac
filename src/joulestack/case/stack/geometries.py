"""The geometries that a case file can state, in one registry.

`[cell]` names one of them, and everybody else asks the object that it makes (`mesh.Geometry`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from joulestack.case.stack.case_geometry import CaseGeometry
from joulestack.case.stack.imported import MESH
from joulestack.case.stack.line import LINE
from joulestack.case.stack.pellet import PELLET
from joulestack.case.stack.pouch import POUCH
from joulestack.errors import CaseError, Problem

if TYPE_CHECKING:
    from joulestack.case.stack.cell import Cell

_GEOMETRIES: dict[str, CaseGeometry] = {g.name: g for g in (LINE, PELLET, POUCH, MESH)}
"""The package's own; scripts `register` theirs."""


def register(geometry: CaseGeometry) -> None:
    """Let case files state a geometry.

    Raises:
        CaseError: another one has this name.
    """
    if geometry.name in _GEOMETRIES:
        what = f'there are two geometries "{geometry.name}"'
        raise CaseError(Problem("cell.geometry", what, "rename one"))
    _GEOMETRIES[geometry.name] = geometry


def names() -> tuple[str, ...]:
    """Of the geometries that a case file can state."""
    return tuple(_GEOMETRIES)


def stated(name: str) -> CaseGeometry:
    """The record of a name that [cell] has passed."""
    return _GEOMETRIES[name]


def model_of(name: object) -> type[Cell] | None:
    """Model of [cell] for a geometry that brings its own."""
    known = _GEOMETRIES.get(name) if isinstance(name, str) else None
    return None if known is None else known.model


def keys_of_others(own: CaseGeometry) -> tuple[str, ...]:
    """Keys of [cell] that go with other geometries."""
    found = (k for g in _GEOMETRIES.values() for k in g.keys if k not in own.keys)
    return tuple(dict.fromkeys(found))


def mesh_keys_of_others(own: CaseGeometry) -> tuple[str, ...]:
    """Keys of [mesh] that go with other geometries."""
    found = (k for g in _GEOMETRIES.values() for k in g.mesh_keys if k not in own.mesh_keys)
    return tuple(dict.fromkeys(found))
