"""What is where in a cell: bodies, which of them touch, the faces, the area."""

from __future__ import annotations

import math
from itertools import pairwise

from joulestack.case.root import CaseFile
from joulestack.case.stack.cell import Cell, Layer, Ring

SIZES: dict[str, dict[str, bool]] = {
    "line": {"area": True},
    "pellet": {"diameter": True, "die": False},
    "pouch": {
        "width": True,
        "length": True,
        "unit_cells": False,
        "tabs": False,
        "below": False,
        "above": False,
    },
    "mesh": {"area": False, "terminals": False},
}
"""Geometry -> its keys of [cell] beyond those that all have -> whether it must be given."""

FACES: dict[str, tuple[str, ...]] = {
    "line": ("bottom", "top"),
    "pellet": ("bottom", "top", "side"),
    "pouch": ("bottom", "top", "left", "right", "front", "back", "tab_negative", "tab_positive"),
}


def faces(cell: Cell) -> tuple[str, ...]:
    """Names of the outer faces; empty for an imported mesh, whose file names them."""
    names = FACES.get(cell.geometry, ())
    named = names if cell.tabs else tuple(n for n in names if not n.startswith("tab_"))
    return (*named, *ring_ends(cell))


def ring_ends(cell: Cell) -> tuple[str, ...]:
    """Names of the ends of a die's rings; those that a case does not use belong to the side."""
    return tuple(f"{ring.name}_{end}" for ring in cell.die for end in ("bottom", "top"))


def layers(cell: Cell) -> tuple[Layer, ...]:
    """Every layer from bottom to top, a repeated one once."""
    return (*cell.below, *cell.layers, *cell.above)


def bodies(cell: Cell) -> tuple[Layer | Ring, ...]:
    """Every layer and die ring."""
    return (*layers(cell), *cell.die)


def touching(cell: Cell) -> list[tuple[str, str]]:
    """Pairs of bodies that share a surface: (lower, upper), (inner, outer)."""
    repeated = cell.layers
    pairs = [(a.name, b.name) for a, b in pairwise((*cell.below, *repeated))]
    if cell.above:
        top = repeated[-1] if cell.unit_cells % 2 else repeated[0]
        pairs += [(a.name, b.name) for a, b in pairwise((top, *cell.above))]
    if cell.die:
        height = stack_height(cell)
        spans, z = [], 0.0
        for layer in repeated:
            spans.append((layer.name, z, z + (layer.thickness or 0.0)))
            z += layer.thickness or 0.0
        rings = []
        for ring in cell.die:
            half = 0.5 * (ring.height or height)
            rings.append((ring.name, 0.5 * height - half, 0.5 * height + half))
        inner = [spans, *([r] for r in rings[:-1])]
        for inside, ring_span in zip(inner, rings, strict=True):
            pairs += [(s[0], ring_span[0]) for s in inside if _overlap(s, ring_span) > 0]
    return pairs


def _overlap(a: tuple[str, float, float], b: tuple[str, float, float]) -> float:
    return min(a[2], b[2]) - max(a[1], b[1]) - 1e-12


def stack_height(cell: Cell) -> float:
    """Thickness of one unit cell's layers [m]."""
    return sum(layer.thickness or 0.0 for layer in cell.layers)


def layer_area(cell: Cell) -> float | None:
    """Area of one layer's face [m2]; None if only the mesh file knows it."""
    if cell.geometry == "pellet" and cell.diameter is not None:
        return 0.25 * math.pi * cell.diameter**2
    if cell.geometry == "pouch" and cell.width is not None and cell.length is not None:
        return cell.width * cell.length
    return cell.area


def electrode_area(cell: Cell) -> float | None:
    """Area that the terminal current spreads over [m2]: the face times the unit cells."""
    area = layer_area(cell)
    return None if area is None else area * cell.unit_cells


def entry_faces(case: CaseFile) -> tuple[str, ...]:
    """Faces that an imported mesh must have: thermal ones and terminals."""
    names = list(case.thermal.faces)
    if case.cell.terminals:
        names += [case.cell.terminals.negative, case.cell.terminals.positive]
    return tuple(dict.fromkeys(names))
