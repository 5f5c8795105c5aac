"""Breakpoints of one coordinate: growing geometrically, through stops, towards singular places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from joulestack.mesh.raw import Floats


def graded(length: float, cells: int, ratio: float, fine: str = "both") -> Floats:
    """Breakpoints of an interval whose cells grow geometrically away from its fine ends.

    Args:
        length: of the interval [m].
        cells: number of cells.
        ratio: largest over smallest cell (reached with three cells or more for two fine ends).
        fine: where the cells are small: "both", "start" or "end".

    Returns:
        Array of cells + 1 breakpoints from 0 to length, both exact.
    """
    index = np.arange(cells)
    if fine == "both":
        index = np.minimum(index, cells - 1 - index)
    elif fine == "end":
        index = cells - 1 - index
    last = max(int(index.max()), 1)
    points = np.concatenate([[0.0], np.cumsum(ratio ** (index / last))])
    points *= length / points[-1]
    points[-1] = length
    return points


GROWTH = 1.15
"""Size of a cell over that of its neighbour where cells grow from a given size."""


def growing(length: float, finest: float, largest: float) -> Floats:
    """Breakpoints of an interval whose cells grow from both ends, up to a largest one.

    Args:
        length: of the interval [m].
        finest: cells at both ends are no larger [m].
        largest: none is much larger [m].

    Returns:
        Array of breakpoints from 0 to length, both exact, the same from either end.
    """
    sizes: list[float] = []
    while sum(sizes) < 0.5 * length:
        sizes.append(min(finest * GROWTH ** len(sizes), max(largest, finest)))
    half = np.concatenate([[0.0], np.cumsum(sizes)])
    half *= 0.5 * length / half[-1]
    return np.concatenate([half[:-1], [0.5 * length], length - half[-2::-1]])


def fit_stops(points: Floats, stops: Sequence[float]) -> Floats:
    """Move breakpoints so that given coordinates are among them, keeping number and grading.

    Each stop takes the nearest free inner breakpoint and the others move along; a stop is added
    where none is free. Stops at an end of the interval (to 1e-9 of its length) count as that end.
    """
    low, high = points[0], points[-1]
    tolerance = 1e-9 * (high - low)
    inside = sorted({s for s in stops if low + tolerance < s < high - tolerance})
    source, target, extra = [0], [low], []
    free = 1
    for position, stop in enumerate(inside):
        last_free = len(points) - 2 - (len(inside) - 1 - position)
        if free > last_free:
            extra.append(stop)
            continue
        nearest = free + int(np.argmin(np.abs(points[free : last_free + 1] - stop)))
        source.append(nearest)
        target.append(stop)
        free = nearest + 1
    fitted = np.interp(points, points[[*source, -1]], [*target, high])
    return np.unique(np.concatenate([fitted, extra])) if extra else fitted


def crowded(
    length: float, cells: int, start: bool = True, end: bool = True, exponent: float = 2.0
) -> Floats:
    """Breakpoints whose cells shrink towards singular ends: (i/n)^exponent from each.

    At a re-entrant corner of 270 degrees the solution is as r^(2/3), and its error on equal cells
    falls as h^(4/3) at best. Cells as h r^(1 - 1/exponent) bring back h^2 with an exponent above
    1.5 (Babuska, Kellogg, Pitkaranta 1979, Numer. Math. 33, 447: h r^(1-mu), mu below 2/3).

    Args:
        length: of the interval [m].
        cells: number of cells.
        start: its beginning is such an end.
        end: its end is.
        exponent: the largest cell is this many times as large as equal ones.

    Returns:
        Array of cells + 1 breakpoints from 0 to length, both exact.
    """
    u = np.linspace(0.0, 1.0, cells + 1)
    if start and end:
        half = 0.5 * (2 * np.minimum(u, 1 - u)) ** exponent
        u = np.where(u <= 0.5, half, 1 - half)
    elif start:
        u = u**exponent
    elif end:
        u = 1 - (1 - u) ** exponent
    return length * u


def through(
    stops: Sequence[float], size: float, places: Sequence[float] = (), reach: float = 0.0
) -> Floats:
    """Breakpoints through all stops, crowded towards singular places among them.

    Args:
        stops: that are breakpoints [m].
        size: as many cells between two stops as equal ones no larger than this [m].
        places: singular ones.
        reach: within this of a place there are more, as long pieces have there [m]: cells beside
            a place are then about size^2 / reach on both its sides, however near the next stop is.

    Returns:
        Array of breakpoints from the first stop to the last.
    """
    ordered = np.unique(np.asarray(stops, dtype=float))
    tolerance = 1e-9 * (ordered[-1] - ordered[0])
    ordered = ordered[np.concatenate([[True], np.diff(ordered) > tolerance])]
    singular = [bool(np.any(np.abs(np.subtract(places, s)) <= tolerance)) for s in ordered]
    pieces = [ordered[:1]]
    for (start, end), ends in zip(pairwise(ordered), pairwise(singular), strict=True):
        length, sides = end - start, sum(ends)
        cells = max(1, int(np.ceil(length / size - 1e-9)))
        if sides:
            cells = max(cells, round(np.sqrt(sides * length * reach) / size))
        points = start + crowded(length, cells, *ends)
        points[-1] = end
        pieces.append(points[1:])
    return np.concatenate(pieces)
