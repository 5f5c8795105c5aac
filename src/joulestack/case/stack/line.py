"""geometry = "line"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from joulestack.case.stack.case_geometry import CaseGeometry, layer_specs
from joulestack.mesh.line import Line

if TYPE_CHECKING:
    from joulestack.case.settings.numerics import Mesh
    from joulestack.case.stack.cell import Cell


def _line(cell: Cell, mesh: Mesh) -> Line:
    return Line(layer_specs(cell.layers, mesh), cell.area or 0.0)


LINE = CaseGeometry("line", _line, {"area": True})
