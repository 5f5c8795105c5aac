"""geometry = "line"."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from joulestack.case.stack.case_geometry import CaseGeometry, layer_specs
from joulestack.errors import Problem
from joulestack.mesh.line import Line

if TYPE_CHECKING:
    from joulestack.case.check_context import CheckContext
    from joulestack.case.settings.numerics import Mesh
    from joulestack.case.stack.cell import Cell


def _line(cell: Cell, mesh: Mesh) -> Line:
    area = cell.area or 0.25 * math.pi * (cell.diameter or 0.0) ** 2
    return Line(layer_specs(cell.layers, mesh), area)


def _one_size(look: CheckContext) -> Iterator[Problem]:
    """The face is given by its area or by its diameter."""
    cell = look.case.cell
    if cell.area is None and cell.diameter is None:
        what = 'is missing for geometry = "line"'
        yield look.problem(("cell", "area"), what, "give the face area (line), or the diameter")
    if cell.area is not None and cell.diameter is not None:
        yield look.problem(("cell", "diameter"), "the area says it already", "keep one")


LINE = CaseGeometry("line", _line, {"area": False, "diameter": False}, check_cell=_one_size)
