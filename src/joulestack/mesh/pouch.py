"""A pouch cell as a structured grid: repeated unit cells, tabs on edges, busbars."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from joulestack.mesh.grid import Grid, Layout, Mask, index_of, uniform_through
from joulestack.mesh.layouts import stack_axis
from joulestack.mesh.spec import LayerSpec, Pouch, TabSpec
from joulestack.mesh.tagged import Kind, Region

# Edge -> (coordinate across the edge, side of the outward normal).
EDGES = {"left": (0, 0), "right": (0, 1), "front": (1, 0), "back": (1, 1)}
POLARITIES = ("negative", "positive")


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


def polarity(spec: Pouch, tab: TabSpec) -> str:
    """ "negative" or "positive": of two tab layers the lower in the list is the negative one."""
    names = [layer.name for layer in spec.layers]
    positions = sorted({names.index(t.layer) for t in spec.tabs})
    position = names.index(tab.layer)
    if len(positions) > 1:
        return POLARITIES[position != positions[0]]
    return POLARITIES[2 * position >= len(names)]


@dataclass(frozen=True)
class TabBox:
    """Where a tab lies: across its edge, along it, and through the stack.

    Attributes:
        spec: the tab.
        axis: coordinate across the edge.
        side: of the outward normal, 0 or 1.
        across: coordinates of edge, end of the tab, end of the busbar (if any) [m].
        along: first and last coordinate along the edge [m].
    """

    spec: TabSpec
    axis: int
    side: int
    across: tuple[float, ...]
    along: tuple[float, float]

    @classmethod
    def of(cls, spec: Pouch, tab: TabSpec, occurrences: int) -> TabBox:
        """Place a tab on its edge, with a busbar where its layer occurs repeatedly."""
        axis, side = EDGES[tab.edge]
        extents = (spec.width, spec.length)
        start = 0.5 * (extents[1 - axis] - tab.width) if tab.offset is None else tab.offset
        sign, edge = (1.0, extents[axis]) if side else (-1.0, 0.0)
        reach = [0.0, tab.length] + ([tab.length + tab.busbar] if occurrences > 1 else [])
        across = tuple(edge + sign * d for d in reach)
        return cls(tab, axis, side, across, (start, start + tab.width))

    def cells(self, grid: Grid, part: int) -> tuple[slice, slice]:
        """Index ranges in x and y of the tab (part 0) or its busbar (part 1)."""

        def span(axis: int, a: float, b: float) -> slice:
            i, j = sorted((index_of(grid.axes[axis], a), index_of(grid.axes[axis], b)))
            return slice(i, j)

        across = span(self.axis, self.across[part], self.across[part + 1])
        along = span(1 - self.axis, *self.along)
        return (across, along) if self.axis == 0 else (along, across)


def pouch(spec: Pouch) -> Layout:
    """Hexahedra through thin layers.

    Faces: bottom, top (of the footprint), left, right, front, back, and tab_negative, tab_positive
    where there are such tabs (outer ends of tabs, or of the busbars that join them).
    """
    order = repeated(len(spec.layers), spec.unit_cells)
    stack: tuple[LayerSpec, ...] = (*spec.below, *(spec.layers[i] for i in order), *spec.above)
    occurrences = Counter(layer.name for layer in stack)
    boxes = [TabBox.of(spec, tab, occurrences[tab.layer]) for tab in spec.tabs]

    z, ends = stack_axis(stack)
    stops: tuple[list[float], list[float]] = ([0.0, spec.width], [0.0, spec.length])
    for box in boxes:
        stops[box.axis].extend(box.across)
        stops[1 - box.axis].extend(box.along)
    grid = Grid.empty((*(uniform_through(s, spec.in_plane_size) for s in stops), z))
    levels = [index_of(z, end) for end in ends]
    footprint = tuple(
        slice(index_of(axis, 0.0), index_of(axis, extent))
        for axis, extent in zip(grid.axes[:2], (spec.width, spec.length), strict=True)
    )

    numbers = _Numbering()
    spans: dict[str, list[slice]] = {}
    for low, high, layer in zip(levels[:-1], levels[1:], stack, strict=True):
        spans.setdefault(layer.name, []).append(slice(low, high))
    many = spec.unit_cells > 1
    repeatable = {layer.name for layer in spec.layers} if many else set()
    for layer in (*spec.below, *spec.layers, *spec.above):
        for span in spans[layer.name]:
            region = numbers.new(layer.name, layer.name, "layer", layer.name in repeatable)
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
        ends_of_tabs.append((f"tab_{polarity(spec, tab)}", box, last & (grid.region == region)))

    faces: dict[str, int] = {}
    sides = (("bottom", 2, 0), ("top", 2, 1), *((name, *EDGES[name]) for name in EDGES))
    for number, (name, axis, side) in enumerate(sides, start=1):
        faces[name] = number
        where = np.zeros_like(inside)
        plane = [slice(None)] * 3
        bounds = (*footprint, slice(0, len(z) - 1))[axis]
        plane[axis] = (
            slice(bounds.stop - 1, bounds.stop) if side else slice(bounds.start, bounds.start + 1)
        )
        where[tuple(plane)] = True
        grid.name_face(number, axis, side, where & inside)
    for name, box, where in ends_of_tabs:
        number = faces.setdefault(name, 7 + POLARITIES.index(name.removeprefix("tab_")))
        grid.name_face(number, box.axis, box.side, where)
    return Layout(grid, tuple(numbers.regions), faces, 2, "cartesian")


class _Numbering:
    """Hands out regions with unique names: a repeated name gets the number of its occurrence."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self.regions: list[Region] = []

    def new(self, base: str, layer: str, kind: Kind, numbered: bool) -> int:
        taken = {region.name for region in self.regions}
        name = base
        while name in taken or (numbered and name == base):
            self._seen[base] += 1
            name = f"{base} {self._seen[base]}"
        self.regions.append(Region(name, layer, len(self.regions) + 1, kind))
        return len(self.regions)
