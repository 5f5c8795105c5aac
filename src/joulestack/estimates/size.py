"""Size of the discrete problem."""

from __future__ import annotations

import numpy as np

from joulestack.case import Case
from joulestack.case.stack.stack import layers as stack_layers
from joulestack.estimates.figures import NAN
from joulestack.laws.medium import Medium
from joulestack.mesh.grading import graded


def mesh_size(case: Case) -> tuple[int, int]:
    """Cells of the mesh and nodes of a field on it; zeros for an imported mesh."""
    geometry = case.geometry
    if not geometry.layered:
        return 0, 0
    size = geometry.size()
    return size.cells, size.vertices * case.mesh.degree ** geometry.dimensions[0]


def fields_per_vertex(case: Case, media: dict[str, Medium]) -> float:
    """Temperature everywhere, potentials and particles where they live, weighted with the cells."""
    if not case.driven:
        return 1.0
    weights = {b.name: case.mesh.cells(b.name) for b in stack_layers(case.cell)}
    fields = sum(
        w
        * (
            1
            + media[n].conducts_electrons
            + media[n].conducts_ions
            + len(media[n].particles or ()) * (case.mesh.radial_modes + 1)
        )
        for n, w in weights.items()
    )
    return fields / sum(weights.values())


def memory(case: Case, media: dict[str, Medium]) -> float:
    """Rough memory of a run [bytes]; NaN for an imported mesh."""
    if not case.geometry.layered:
        return NAN
    return case.geometry.size().memory(fields_per_vertex(case, media))


def smallest_cell(case: Case, name: str) -> float:
    """Thickness of the thinnest cells of a layer [m]; NaN for an imported mesh."""
    body = next(b for b in stack_layers(case.cell) if b.name == name)
    if body.thickness is None:
        return NAN
    cells = graded(body.thickness, case.mesh.cells(name), case.mesh.grading)
    return float(np.diff(cells).min())
