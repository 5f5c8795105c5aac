"""From [cell] and [mesh] to the plain specification that the mesh package builds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from joulestack.case.root import CaseFile
from joulestack.case.stack.cell import Layer, Tab
from joulestack.case.stack.stack import bodies, entry_faces, ring_ends
from joulestack.mesh.spec import (
    LayerSpec,
    Line,
    MeshFile,
    MeshSpec,
    Pellet,
    Pouch,
    RingSpec,
    TabSpec,
)

RADIAL_CELLS = 16
"""Cells from the axis to the edge of a pellet if mesh.in_plane is not given."""
SIDE_CELLS = 24
"""Cells along the longer side of a pouch if mesh.in_plane is not given."""


def mesh_spec(case: CaseFile, folder: Path, allow_scripts: bool = False) -> MeshSpec:
    """What to mesh; the case must have passed its checks."""
    if case.cell.geometry == "line":
        return Line(_layers(case, case.cell.layers))
    if case.cell.geometry == "pellet":
        return _pellet(case)
    if case.cell.geometry == "pouch":
        return _pouch(case)
    mesh = case.mesh
    return MeshFile(
        folder / (mesh.file or ""),
        tuple(b.name for b in bodies(case.cell)),
        dict(mesh.regions),
        dict(mesh.faces),
        entry_faces(case),
        mesh.scale or 1.0,
        mesh.coordinates or "cartesian",
        allow_scripts=allow_scripts,
    )


def _layers(case: CaseFile, given: Sequence[Layer]) -> tuple[LayerSpec, ...]:
    """Layers with the cells through each."""
    return tuple(
        LayerSpec(layer.name, layer.thickness or 0.0, _cells(case, layer.name), case.mesh.grading)
        for layer in given
    )


def _cells(case: CaseFile, name: str) -> int:
    """Cells through a layer or ring."""
    return case.mesh.layers.get(name, case.mesh.cells_per_layer)


def _pellet(case: CaseFile) -> Pellet:
    """A stack of discs and the rings of the die around it."""
    radius = 0.5 * (case.cell.diameter or 0.0)
    rings = tuple(
        RingSpec(r.name, r.thickness or 0.0, r.height, cells=_cells(case, r.name))
        for r in case.cell.die
    )
    size = case.mesh.in_plane
    radial = RADIAL_CELLS if size is None else max(1, round(radius / size))
    used = {*case.thermal.faces}
    if case.thermal_wave is not None:
        used |= {case.thermal_wave.heated, case.thermal_wave.rear}
    ends = tuple(end for end in ring_ends(case.cell) if end in used)
    return Pellet(_layers(case, case.cell.layers), radius, rings, radial, own_ends=ends)


def _pouch(case: CaseFile) -> Pouch:
    """Stacked unit cells with their tabs, and what lies below and above them."""
    cell = case.cell
    width, length = cell.width or 0.0, cell.length or 0.0
    tabs = (cell.tabs.negative, cell.tabs.positive) if cell.tabs else ()
    return Pouch(
        _layers(case, cell.layers),
        width,
        length,
        tuple(_tab(tab) for tab in tabs),
        cell.unit_cells,
        case.mesh.in_plane or max(width, length) / SIDE_CELLS,
        _layers(case, cell.below),
        _layers(case, cell.above),
    )


def _tab(tab: Tab) -> TabSpec:
    busbar = TabSpec.busbar if tab.busbar is None else tab.busbar
    return TabSpec(tab.edge, tab.layer, tab.width, tab.length, tab.offset, busbar)
