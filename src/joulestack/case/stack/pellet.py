"""geometry = "pellet"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joulestack.case.stack.case_geometry import GRID_KEYS, CaseGeometry, layer_specs
from joulestack.mesh.pellet import Pellet, RingSpec

if TYPE_CHECKING:
    from joulestack.case.settings.numerics import Mesh
    from joulestack.case.stack.cell import Cell

RADIAL_CELLS = 16
"""Cells from the axis to the edge of a pellet if mesh.in_plane is not given."""


def _pellet(cell: Cell, mesh: Mesh) -> Pellet:
    """A stack of discs and the rings of the die around it."""
    radius = 0.5 * (cell.diameter or 0.0)
    rings = tuple(
        RingSpec(r.name, r.thickness or 0.0, r.height, cells=mesh.cells(r.name)) for r in cell.die
    )
    radial = RADIAL_CELLS if mesh.in_plane is None else max(1, round(radius / mesh.in_plane))
    return Pellet(layer_specs(cell.layers, mesh), radius, rings, mesh.refined(radial))


PELLET = CaseGeometry("pellet", _pellet, {"diameter": True, "die": False}, (*GRID_KEYS, "in_plane"))
