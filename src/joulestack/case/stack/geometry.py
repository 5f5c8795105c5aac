"""The geometry of a case: the object that answers everything about the shape of its cell."""

from __future__ import annotations

from pathlib import Path

from joulestack.case.root import CaseFile
from joulestack.case.settings.accuracy import settled
from joulestack.case.settings.numerics import Mesh
from joulestack.case.stack.cell import Cell
from joulestack.case.stack.geometries import stated
from joulestack.mesh.geometry import Geometry


def geometry_of(cell: Cell, mesh: Mesh | None = None) -> Geometry:
    """The geometry of [cell], meshed as [mesh] says; sizes that are missing count as zero."""
    return stated(cell.geometry).make(cell, mesh or settled(Mesh(), "mesh", "normal"))


def mesh_spec(case: CaseFile, folder: Path, allow_scripts: bool = False) -> Geometry:
    """What to mesh; the case must have passed its checks."""
    faces = entry_faces(case)
    return geometry_of(case.cell, case.mesh).opened(folder, faces, allow_scripts)


def entry_faces(case: CaseFile) -> tuple[str, ...]:
    """Faces that the case uses, and an imported mesh must have: of heat, and terminals."""
    names = list(case.thermal.faces)
    if case.thermal_wave is not None:
        names += [case.thermal_wave.heated, case.thermal_wave.rear]
    if case.cell.terminals:
        names += [case.cell.terminals.negative, case.cell.terminals.positive]
    return tuple(dict.fromkeys(names))
