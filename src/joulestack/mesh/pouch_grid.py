"""A pouch cell as a structured grid: repeated unit cells, tabs on edges, busbars."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from joulestack.mesh.grading import through
from joulestack.mesh.grid import Grid, Layout, Mask, index_of
from joulestack.mesh.layers import LayerSpec, stack_axis
from joulestack.mesh.tabs import EDGES, POLARITIES, TabBox, polarity
from joulestack.mesh.tagged import Kind, Region

if TYPE_CHECKING:
    from joulestack.mesh.pouch import Pouch

CORNER_REACH = 0.2
"""Part of the longer side within which short pieces beside a tab get more cells than their length
asks for: with two tabs 1.2 to 1.3 times the cells of an equal division."""


def repeated(count: int, unit_cells: int) -> list[int]:
    """Positions in the unit cell's layer list, bottom to top; every other cell is mirrored.

    Args:
        count: layers in one unit cell.
        unit_cells: number of unit cells; neighbours share their outermost layer.
    """
    order = list(range(count))
    for cell in range(1, unit_cells):
        order += list(range(count))[1:] if cell % 2 == 0 else list(range(count))[-2::-1]
    return order


def pouch_grid(spec: Pouch) -> Layout:
    """Hexahedra through thin layers.

    Faces: bottom, top (of the footprint), left, right, front, back, and tab_negative, tab_positive
    where there are such tabs (outer ends of tabs, or of the busbars that join them).
    """
    names, size = [layer.name for layer in spec.layers], (spec.width, spec.length)
    order = repeated(len(spec.layers), spec.unit_cells)
    stack: tuple[LayerSpec, ...] = (*spec.below, *(spec.layers[i] for i in order), *spec.above)
    occurrences = Counter(layer.name for layer in stack)
    boxes = [TabBox.of(size, tab, occurrences[tab.layer]) for tab in spec.tabs]

    z, ends = stack_axis(stack)
    stops: tuple[list[float], list[float]] = ([0.0, spec.width], [0.0, spec.length])
    roots: tuple[list[float], list[float]] = ([], [])
    for box in boxes:
        stops[box.axis].extend(box.across)
        stops[1 - box.axis].extend(box.along)
        roots[box.axis].append(box.across[0])
        roots[1 - box.axis].extend(box.corners(size))
    reach = CORNER_REACH * max(size)
    axes = (through(s, spec.in_plane_size, r, reach) for s, r in zip(stops, roots, strict=True))
    grid = Grid.empty((*axes, z))
    levels = [index_of(z, end) for end in ends]
    footprint = tuple(
        slice(index_of(axis, 0.0), index_of(axis, extent))
        for axis, extent in zip(grid.axes[:2], size, strict=True)
    )

    numbers = _Numbering()
    spans: dict[str, list[slice]] = {}
    for low, high, layer in zip(levels[:-1], levels[1:], stack, strict=True):
        spans.setdefault(layer.name, []).append(slice(low, high))
    many = spec.unit_cells > 1
    repeatable = {layer.name for layer in spec.layers} if many else set()
    for layer in (*spec.below, *spec.layers, *spec.above):
        for n, span in enumerate(spans[layer.name], start=1):
            cell = _unit_cell(spec, layer, n)
            region = numbers.new(layer.name, layer.name, "layer", layer.name in repeatable, cell)
            grid.region[(*footprint, span)] = region
    inside = grid.region != 0

    ends_of_tabs: list[tuple[str, TabBox, Mask]] = []
    for box in boxes:
        tab, tab_spans = box.spec, spans[box.spec.layer]
        for span in tab_spans:
            region = numbers.new(f"{tab.layer} tab", tab.layer, "tab", many)
            grid.region[(*box.cells(grid, 0), span)] = region
        if len(tab_spans) > 1:
            whole = slice(tab_spans[0].start, tab_spans[-1].stop)
            region = numbers.new(f"{tab.layer} busbar", tab.layer, "busbar", False)
            grid.region[(*box.cells(grid, 1), whole)] = region
        last = np.zeros_like(inside)
        last[box.cells(grid, len(box.across) - 2)] = True
        ends_of_tabs.append(
            (f"tab_{polarity(names, spec.tabs, tab)}", box, last & (grid.region == region))
        )

    faces = _name_sides(grid, footprint, inside)
    for name, box, where in ends_of_tabs:
        number = faces.setdefault(name, 7 + POLARITIES.index(name.removeprefix("tab_")))
        grid.name_face(number, box.axis, box.side, where)
    return Layout(grid, tuple(numbers.regions), faces, 2, spec.coordinates)


def _unit_cell(spec: Pouch, layer: LayerSpec, occurrence: int) -> int:
    """Number of the unit cell that a layer belongs to; 0: none, or two that share it."""
    return occurrence if spec.unit_cells > 1 and layer in spec.layers[1:-1] else 0


def _name_sides(grid: Grid, footprint: tuple[slice, ...], inside: Mask) -> dict[str, int]:
    """Name the outer facets of the footprint, without tabs; gives the numbers of the names."""
    faces: dict[str, int] = {}
    sides = (("bottom", 2, 0), ("top", 2, 1), *((name, *EDGES[name]) for name in EDGES))
    for number, (name, axis, side) in enumerate(sides, start=1):
        faces[name] = number
        where = np.zeros_like(inside)
        plane = [slice(None)] * 3
        bounds = (*footprint, slice(0, grid.region.shape[2]))[axis]
        plane[axis] = (
            slice(bounds.stop - 1, bounds.stop) if side else slice(bounds.start, bounds.start + 1)
        )
        where[tuple(plane)] = True
        grid.name_face(number, axis, side, where & inside)
    return faces


class _Numbering:
    """Hands out regions with unique names: a repeated name gets the number of its occurrence."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self.regions: list[Region] = []

    def new(self, base: str, layer: str, kind: Kind, numbered: bool, cell: int = 0) -> int:
        taken = {region.name for region in self.regions}
        name = base
        while name in taken or (numbered and name == base):
            self._seen[base] += 1
            name = f"{base} {self._seen[base]}"
        self.regions.append(Region(name, layer, len(self.regions) + 1, kind, cell))
        return len(self.regions)
