"""Size of the discrete problem."""

from __future__ import annotations

import os
from collections.abc import Iterator

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
    return sum(_per_vertex(case, media))


def _per_vertex(case: Case, media: dict[str, Medium]) -> tuple[float, float]:
    """Unknowns in the matrix, and those of particles that are eliminated from it."""
    if not case.driven:
        return 1.0, 0.0
    weights = {b.name: case.mesh.cells(b.name) for b in stack_layers(case.cell)}
    whole = sum(weights.values())
    potentials = sum(
        w * (media[n].conducts_electrons + media[n].conducts_ions) for n, w in weights.items()
    )
    points = sum(
        w * len(media[n].particles or ()) * (case.mesh.radial_modes + 1) for n, w in weights.items()
    )
    return 1.0 + potentials / whole, points / whole


def memory(case: Case, media: dict[str, Medium]) -> float:
    """Rough memory of a run [bytes]; NaN for an imported mesh."""
    if not case.geometry.layered:
        return NAN
    return case.geometry.size().memory(*_per_vertex(case, media))


def too_large(needed: float) -> Iterator[str]:
    """What does not fit into this machine.

    Args:
        needed: memory [bytes]; NaN: not known.
    """
    there = physical_memory()
    if needed > there:
        yield (
            f"mesh: the run needs about {needed / 1e9:.1f} GB of memory, and this machine has "
            f"{there / 1e9:.1f} GB; take larger cells (mesh.in_plane, cells of the layers) or "
            "fewer unit cells"
        )


def physical_memory() -> float:
    """Memory of this machine [bytes]."""
    return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")


def smallest_cell(case: Case, name: str) -> float:
    """Thickness of the thinnest cells of a layer [m]; NaN for an imported mesh."""
    body = next(b for b in stack_layers(case.cell) if b.name == name)
    if body.thickness is None:
        return NAN
    cells = graded(body.thickness, case.mesh.cells(name), case.mesh.grading)
    return float(np.diff(cells).min())
