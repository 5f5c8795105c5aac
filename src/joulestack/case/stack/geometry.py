"""From [cell] and [mesh] to the plain specification that the mesh package builds."""

from __future__ import annotations

from pathlib import Path

from joulestack.case.root import CaseFile
from joulestack.case.stack.cell import Layer
from joulestack.case.stack.stack import bodies, entry_faces
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
    cell, mesh = case.cell, case.mesh

    def layer(given: Layer) -> LayerSpec:
        cells = mesh.layers.get(given.name, mesh.cells_per_layer)
        return LayerSpec(given.name, given.thickness or 0.0, cells, mesh.grading)

    stack = tuple(layer(given) for given in cell.layers)
    if cell.geometry == "line":
        return Line(stack)
    if cell.geometry == "pellet":
        radius = 0.5 * (cell.diameter or 0.0)
        rings = tuple(
            RingSpec(
                r.name,
                r.thickness or 0.0,
                r.height,
                cells=mesh.layers.get(r.name, mesh.cells_per_layer),
            )
            for r in cell.die
        )
        radial = RADIAL_CELLS if mesh.in_plane is None else max(1, round(radius / mesh.in_plane))
        return Pellet(stack, radius, rings, radial)
    if cell.geometry == "pouch":
        width, length = cell.width or 0.0, cell.length or 0.0
        tabs = (cell.tabs.negative, cell.tabs.positive) if cell.tabs else ()
        return Pouch(
            stack,
            width,
            length,
            tuple(
                TabSpec(
                    t.edge,
                    t.layer,
                    t.width,
                    t.length,
                    t.offset,
                    TabSpec.busbar if t.busbar is None else t.busbar,
                )
                for t in tabs
            ),
            cell.unit_cells,
            mesh.in_plane or max(width, length) / SIDE_CELLS,
            tuple(layer(given) for given in cell.below),
            tuple(layer(given) for given in cell.above),
        )
    return MeshFile(
        folder / (mesh.file or ""),
        tuple(b.name for b in bodies(cell)),
        dict(mesh.regions),
        dict(mesh.faces),
        entry_faces(case),
        mesh.scale or 1.0,
        mesh.coordinates or "cartesian",
        allow_scripts=allow_scripts,
    )
