"""Which pieces of the conducting phases carry a flux, before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.microstructure.conduction import runs

Classes = npt.NDArray[np.uint8]


@dataclass
class Pieces:
    """Connected pieces as lists of runs (see runs.py).

    Attributes:
        shape: of the image.
        first: first run of every row, and the number of runs.
        start, end: of every run.
        root: the run that stands for the piece of every run.
    """

    shape: tuple[int, int, int]
    first: npt.NDArray[np.int64]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    root: npt.NDArray[np.int64]

    def plane(self, i: int) -> slice:
        """The runs of a plane of the first axis."""
        ny = self.shape[1]
        return slice(self.first[i * ny], self.first[(i + 1) * ny])


def find(classes: Classes, periodic: tuple[bool, bool] = (False, False)) -> Pieces:
    """Connected pieces of the voxels whose class is not 0.

    Args:
        classes: of each voxel.
        periodic: whether opposite sides touch, along the second and the third axis.
    """
    nx, ny, nz = classes.shape
    counts = np.empty(nx * ny, np.int64)
    runs.count_runs(classes, counts)
    first = np.concatenate([[0], np.cumsum(counts)])
    start, end = np.empty(first[-1], np.int32), np.empty(first[-1], np.int32)
    runs.find_runs(classes, first, start, end)
    root = np.arange(first[-1])
    runs.join_all(first, start, end, root, classes.shape, *periodic)
    return Pieces((nx, ny, nz), first, start, end, root)


def keep_through(
    classes: Classes, periodic: tuple[bool, bool], marks: tuple[int, int, int]
) -> bool:
    """Mark every piece that does not join both ends of the first axis, in place.

    Args:
        classes: of each voxel.
        periodic: whether opposite sides touch, along the second and the third axis.
        marks: new classes of pieces that touch the first end only, the last end only, neither.

    Returns:
        Whether any piece joins both ends.
    """
    pieces = find(classes, periodic)
    touch = np.zeros(pieces.root.size, np.uint8)
    touch[pieces.root[pieces.plane(0)]] |= 1
    touch[pieces.root[pieces.plane(classes.shape[0] - 1)]] |= 2
    new = np.array([marks[2], marks[0], marks[1], 0], np.uint8)[touch]
    runs.mark(classes, pieces.first, pieces.start, pieces.end, pieces.root, new)
    return bool((touch == 3).any())


def keep_endless(classes: Classes, mark: int) -> tuple[bool, bool, bool]:
    """Mark every piece that is finite in the image repeated without end, in place.

    Returns:
        For each axis, whether a piece leads from an image to a later one along it.
    """
    pieces = find(classes)
    links = [_links_x(pieces), _links_y(pieces), _links_z(pieces)]
    ways = _windings(links)
    new = np.full(pieces.root.size, mark, np.uint8)
    new[list(ways)] = 0
    runs.mark(classes, pieces.first, pieces.start, pieces.end, pieces.root, new)
    along = np.any(
        [np.any(np.array(w) != 0, axis=0) for w in ways.values()] or [[False] * 3], axis=0
    )
    return bool(along[0]), bool(along[1]), bool(along[2])


Links = npt.NDArray[np.int64]
Way = npt.NDArray[Any]


def _touching(pieces: Pieces, a: slice, b: slice) -> Links:
    """Distinct (root, root) of runs of two lists that overlap; both sorted along a row."""
    s0, e0, s1, e1 = pieces.start[a], pieces.end[a], pieces.start[b], pieces.end[b]
    low = np.searchsorted(e1, s0, side="right")
    high = np.searchsorted(s1, e0, side="left")
    count = np.maximum(high - low, 0)
    mine = np.repeat(np.arange(len(s0)), count)
    theirs = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + low[mine]
    return np.stack([pieces.root[a][mine], pieces.root[b][theirs]], axis=1)


def _links_x(pieces: Pieces) -> Links:
    """Pieces that touch through the ends of the first axis: (at the last plane, at the first)."""
    nx, ny, _ = pieces.shape
    found = []
    for j in range(ny):
        last, zero = (nx - 1) * ny + j, j
        a = slice(pieces.first[last], pieces.first[last + 1])
        b = slice(pieces.first[zero], pieces.first[zero + 1])
        found.append(_touching(pieces, a, b))
    return np.unique(np.concatenate(found), axis=0)


def _links_y(pieces: Pieces) -> Links:
    """The same for the second axis."""
    nx, ny, _ = pieces.shape
    found = []
    for i in range(nx):
        last, zero = i * ny + ny - 1, i * ny
        a = slice(pieces.first[last], pieces.first[last + 1])
        b = slice(pieces.first[zero], pieces.first[zero + 1])
        found.append(_touching(pieces, a, b))
    return np.unique(np.concatenate(found), axis=0)


def _links_z(pieces: Pieces) -> Links:
    """The same for the third axis: the last and the first run of a row."""
    some = pieces.first[1:] > pieces.first[:-1]
    last, zero = pieces.first[1:][some] - 1, pieces.first[:-1][some]
    both = (pieces.end[last] == pieces.shape[2]) & (pieces.start[zero] == 0)
    pairs = np.stack([pieces.root[last[both]], pieces.root[zero[both]]], axis=1)
    return np.unique(pairs, axis=0)


def _windings(links: list[Links]) -> dict[int, list[Way]]:
    """Roots whose piece repeats, and the ways in boxes from it to itself.

    A union-find that knows each root's box relative to its representative's: a link inside one
    set whose boxes do not agree closes a way around.
    """
    parent: dict[int, int] = {}
    box: dict[int, Way] = {}

    def climb(a: int) -> tuple[int, Way]:
        at: Way = np.zeros(3, np.int64)
        path = []
        parent.setdefault(a, a)
        while parent[a] != a:
            path.append(a)
            at = at + box[a]
            a = parent[a]
        total = at
        for node in path:
            step = box[node]
            parent[node], box[node] = a, total
            total = total - step
        return a, at

    closed: list[tuple[int, Way]] = []
    for axis, pairs in enumerate(links):
        step = np.zeros(3, np.int64)
        step[axis] = 1
        for here, there in pairs:
            (a, at_a), (b, at_b) = climb(int(here)), climb(int(there))
            way = at_a + step - at_b
            if a != b:
                parent[b], box[b] = a, way
            elif way.any():
                closed.append((a, way))
    ways: dict[int, list[Way]] = {}
    for a, way in closed:
        ways.setdefault(climb(a)[0], []).append(way)
    return {node: ways[top] for node in list(parent) if (top := climb(node)[0]) in ways}
