"""Tabs of a pouch cell: what is given of them, where they lie, and checks of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from joulestack.errors import Problem
from joulestack.mesh.grid import Grid, index_of
from joulestack.mesh.layers import positive

Edge = Literal["left", "right", "front", "back"]
# Edge -> (coordinate across the edge, side of the outward normal).
EDGES = {"left": (0, 0), "right": (0, 1), "front": (1, 0), "back": (1, 1)}
POLARITIES = ("negative", "positive")


@dataclass(frozen=True)
class TabSpec:
    """A tab: a layer (a collector) continued beyond one edge of the pouch cell.

    Attributes:
        edge: left (x = 0), right, front (y = 0) or back.
        layer: name of the layer that is continued.
        width: along the edge [m].
        length: outwards from the edge [m].
        offset: from the corner with the lower coordinate to the tab [m]; None: mid-edge.
        busbar: outward extent of the block that joins the tabs of repeated cells [m], beyond
            `length`; used only where the layer occurs more than once.
    """

    edge: Edge
    layer: str
    width: float
    length: float
    offset: float | None = None
    busbar: float = 1e-3


def polarity(names: Sequence[str], tabs: Sequence[TabSpec], tab: TabSpec) -> str:
    """ "negative" or "positive": of two tab layers the lower in the list is the negative one."""
    positions = sorted({names.index(t.layer) for t in tabs})
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
    def of(cls, size: tuple[float, float], tab: TabSpec, occurrences: int) -> TabBox:
        """Place a tab on an edge of the face, with a busbar where its layer occurs repeatedly."""
        axis, side = EDGES[tab.edge]
        start = 0.5 * (size[1 - axis] - tab.width) if tab.offset is None else tab.offset
        sign, edge = (1.0, size[axis]) if side else (-1.0, 0.0)
        reach = [0.0, tab.length] + ([tab.length + tab.busbar] if occurrences > 1 else [])
        across = tuple(edge + sign * d for d in reach)
        return cls(tab, axis, side, across, (start, start + tab.width))

    def corners(self, size: tuple[float, float]) -> list[float]:
        """Coordinates along the edge where it turns into the tab, on a face of this size [m]."""
        edge = size[1 - self.axis]
        return [at for at in self.along if 1e-9 * edge < at < (1 - 1e-9) * edge]

    def cells(self, grid: Grid, part: int) -> tuple[slice, slice]:
        """Index ranges in x and y of the tab (part 0) or its busbar (part 1)."""

        def span(axis: int, a: float, b: float) -> slice:
            i, j = sorted((index_of(grid.axes[axis], a), index_of(grid.axes[axis], b)))
            return slice(i, j)

        across = span(self.axis, self.across[part], self.across[part + 1])
        along = span(1 - self.axis, *self.along)
        return (across, along) if self.axis == 0 else (along, across)


def tab_problems(
    size: tuple[float, float], names: Sequence[str], tab: TabSpec, where: str
) -> Iterator[Problem]:
    """Why a tab does not fit onto a face of this size [m], of layers of these names."""
    if tab.layer not in names:
        yield Problem(where, f"no layer '{tab.layer}'", f"name one of: {', '.join(names)}")
    if tab.edge not in EDGES:
        yield Problem(where, f"no edge '{tab.edge}'", f"name one of: {', '.join(EDGES)}")
        return
    yield from positive(where, "width", tab.width)
    yield from positive(where, "length", tab.length)
    yield from positive(where, "busbar", tab.busbar)
    low, high = TabBox.of(size, tab, 1).along
    edge = size[1 - EDGES[tab.edge][0]]
    tolerance = 1e-9 * edge
    if low < -tolerance or high > edge + tolerance:
        yield Problem(
            where, f"it spans {low:g} to {high:g} m of an edge {edge:g} m long",
            "make it narrower or change its offset",
        )  # fmt: skip


def apart(
    size: tuple[float, float],
    repeats: bool,
    one: tuple[int, TabSpec],
    two: tuple[int, TabSpec],
) -> Iterator[Problem]:
    """Why two numbered tabs are too near to each other; busbars join them where cells repeat."""
    joined = repeats or one[1].layer == two[1].layer
    if one[1].edge != two[1].edge or not joined:
        return
    (a, b), (c, d) = (TabBox.of(size, tab, 1).along for _, tab in (one, two))
    if min(b, d) - max(a, c) > -1e-9 * (b - a):
        yield Problem(
            f"tabs {one[0]} and {two[0]}",
            f"both cover {max(a, c):g} to {min(b, d):g} m of the {one[1].edge} edge",
            "give them offsets that leave a gap, or other edges",
        )
