"""Pairs of spheres closer than a margin, and lists of them by sphere.

The grid is as fine as the particles are on average. A sphere looks for smaller ones only, over as
many cells as its own size asks for, so that a few large spheres among many small ones cost little.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.microstructure.conduction.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def pairs(
    centres: Floats, radii: Floats, box: Floats, periodic: tuple[bool, bool, bool], margin: float
) -> Ints:
    """Pairs of spheres whose surfaces are closer than a margin.

    Args:
        centres: (n, 3), inside the box along periodic axes [m].
        radii: [m].
        box: edges [m].
        periodic: axes on which the box repeats.
        margin: [m].

    Returns:
        (m, 2), the larger sphere of each pair first. A pair that meets across two sides of a
        narrow box stands once, at its nearest images.
    """
    size = max(2 * float(np.median(radii)) + margin, float(np.cbrt(np.prod(box) / len(radii))))
    shape = np.maximum((box / size).astype(np.int64), 1)
    # Cells of a grid along z without period take in what lies outside.
    start, order = _sort(centres, box, shape)
    rank = np.empty(len(radii), dtype=np.int64)
    rank[np.argsort(radii, kind="stable")] = np.arange(len(radii))
    room = 8 * len(radii) + 64
    while True:
        found = np.empty((room, 2), dtype=np.int64)
        count = _search(
            centres, radii, rank, box, np.array(periodic), margin, shape, start, order, found
        )
        if count <= room:
            return found[:count]
        room = count


@compiled()
def _cell(x: Any, edge: Any, cells: Any) -> Any:
    return min(max(int(x / edge * cells), 0), cells - 1)


@compiled()
def _sort(centres, box, shape):
    """Spheres in the order of their cells: start of each cell, and the order."""
    n = len(centres)
    cell = np.empty(n, dtype=np.int64)
    start = np.zeros(shape[0] * shape[1] * shape[2] + 1, dtype=np.int64)
    for i in range(n):
        a = _cell(centres[i, 0], box[0], shape[0])
        b = _cell(centres[i, 1], box[1], shape[1])
        c = _cell(centres[i, 2], box[2], shape[2])
        cell[i] = (a * shape[1] + b) * shape[2] + c
        start[cell[i] + 1] += 1
    for k in range(len(start) - 1):
        start[k + 1] += start[k]
    place = start[:-1].copy()
    order = np.empty(n, dtype=np.int64)
    for i in range(n):
        order[place[cell[i]]] = i
        place[cell[i]] += 1
    return start, order


@compiled()
def _span(x, reach, edge, cells, wraps):
    """First and last cell in reach along one axis, and whether that is all of them."""
    low = int(np.floor((x - reach) / edge))
    high = int(np.floor((x + reach) / edge))
    if not wraps:
        return min(max(low, 0), cells - 1), min(max(high, 0), cells - 1), False
    if high - low >= cells:
        return 0, cells - 1, True
    return low, high, False


@compiled()
def _search(centres, radii, rank, box, periodic, margin, shape, start, order, found):
    """Count the pairs, and write them as far as there is room."""
    count = 0
    edge = box / shape
    for i in range(len(radii)):
        reach = 2 * radii[i] + margin
        x, y, z = centres[i, 0], centres[i, 1], centres[i, 2]
        a0, a1, all_x = _span(x, reach, edge[0], shape[0], periodic[0])
        b0, b1, all_y = _span(y, reach, edge[1], shape[1], periodic[1])
        c0, c1, all_z = _span(z, reach, edge[2], shape[2], periodic[2])
        for a in range(a0, a1 + 1):
            over_x = -1 if a < 0 else (1 if a >= shape[0] else 0)
            x_here = x - over_x * box[0]
            for b in range(b0, b1 + 1):
                over_y = -1 if b < 0 else (1 if b >= shape[1] else 0)
                y_here = y - over_y * box[1]
                row = ((a - over_x * shape[0]) * shape[1] + b - over_y * shape[1]) * shape[2]
                for c in range(c0, c1 + 1):
                    over_z = -1 if c < 0 else (1 if c >= shape[2] else 0)
                    z_here = z - over_z * box[2]
                    k = row + c - over_z * shape[2]
                    for s in range(start[k], start[k + 1]):
                        j = order[s]
                        if rank[j] >= rank[i]:
                            continue
                        near = radii[i] + radii[j] + margin
                        dx = centres[j, 0] - x_here
                        dy = centres[j, 1] - y_here
                        dz = centres[j, 2] - z_here
                        if all_x:
                            dx -= box[0] * np.rint(dx / box[0])
                        if all_y:
                            dy -= box[1] * np.rint(dy / box[1])
                        if all_z:
                            dz -= box[2] * np.rint(dz / box[2])
                        if dx * dx + dy * dy + dz * dz < near * near:
                            if count < len(found):
                                found[count, 0] = i
                                found[count, 1] = j
                            count += 1
    return count
