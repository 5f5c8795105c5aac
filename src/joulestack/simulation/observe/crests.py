"""The highest value of a function of degree two, which need not lie at a node."""

from __future__ import annotations

import basix
import numpy as np
import numpy.typing as npt

from joulestack.discretisation.fields import Block
from joulestack.simulation.observe.sums import Floats

HOTTEST = 24
"""Cells by their highest node that are looked into: more than meet at a vertex of a hexahedral or a
usual tetrahedral mesh."""

LATTICE = {1: 8, 2: 8, 3: 4}
"""Intervals along an edge of a cell, by dimension, of the points where Newton's method starts."""

STEPS = 3
"""Of Newton's method; one that ends at a face goes on along it."""


class Crests:
    """Extremes of one block over some of its cells, edges and corners included.

    A polynomial of degree two on a line, a triangle or a tetrahedron has its crest where Newton's
    method goes in one step; on quadrilaterals and hexahedra three steps from the nearest point of
    a lattice are exact to round-off.
    """

    def __init__(self, block: Block, cells: npt.NDArray[np.integer]) -> None:
        """Take the owned cells of the block's mesh; of degree one nothing is to be found."""
        self._element = block.space.element.basix_element
        self._dofs = block.space.dofmap.list[cells]
        cell = self._element.cell_type
        self._dim = len(basix.topology(cell)) - 1
        even = basix.LatticeType.equispaced
        self._points = basix.create_lattice(cell, LATTICE[self._dim], even, True)
        self._table = self._element.tabulate(0, self._points)[0, :, :, 0]
        self._walls = _walls(cell)

    def highest(self, values: Floats) -> float:
        """Highest value of the function with these unknowns; -inf where there is no cell."""
        if not len(self._dofs):
            return -np.inf
        nodes = values[self._dofs]
        tops = nodes.max(axis=1)
        count = min(HOTTEST, len(tops))
        chosen = nodes[np.argpartition(-tops, count - 1)[:count]]
        sampled = chosen @ self._table.T
        best = float(max(tops.max(), sampled.max()))
        for n in np.argsort(-sampled.max(axis=1))[: 2**self._dim]:
            best = max(best, self._climb(chosen[n], self._points[sampled[n].argmax()]))
        return best

    def _climb(self, nodes: Floats, at: Floats) -> float:
        """Value where Newton's method ends that starts at a point of the cell and stays in it."""
        x, best = at.copy(), -np.inf
        for _ in range(STEPS):
            value, slope, bend = self._expansion(nodes, x)
            if value <= best:
                break
            best = value
            step = _ascent(slope, bend, [a for a, b in self._walls if a @ x + b < 1e-12])
            for normal, offset in self._walls:
                if (ahead := normal @ step) < 0:
                    left = max(float(normal @ x) + offset, 0.0)
                    step = step * min(1.0, left / -float(ahead))
            x = x + step
        return max(best, self._expansion(nodes, x)[0])

    def _expansion(self, nodes: Floats, x: Floats) -> tuple[float, Floats, Floats]:
        """Value, gradient and Hessian at a point of the reference cell."""
        table = self._element.tabulate(2, x[None, :])[:, 0, :, 0] @ nodes
        unit = np.eye(self._dim, dtype=int)
        slope = np.array([table[basix.index(*e)] for e in unit])
        bend = np.array([[table[basix.index(*(e + f))] for f in unit] for e in unit])
        return float(table[0]), slope, bend


def _ascent(slope: Floats, bend: Floats, touched: list[Floats]) -> Floats:
    """Newton's step to a maximum that does not leave through the walls touched; zero if none.

    Directions in which the function does not bend down are left alone: the lattice has seen them.
    """
    free = np.eye(len(slope))
    held: list[Floats] = []
    for _ in range(len(slope) + 1):
        step = np.zeros(len(slope))
        if free.shape[1]:
            curves, axes = np.linalg.eigh(free.T @ bend @ free)
            along = axes.T @ (free.T @ slope)
            down = curves < -1e-9 * max(np.abs(bend).max(), 1e-300)
            step = free @ (axes[:, down] @ (along[down] / -curves[down]))
        leaving = [w for w in touched if w @ step < -1e-14 and not any(w is h for h in held)]
        if not leaving:
            return step
        held.append(leaving[0])
        _, sizes, rows = np.linalg.svd(np.array(held))
        free = rows[int((sizes > 1e-12).sum()) :].T
    return np.zeros(len(slope))


def _walls(cell: basix.CellType) -> list[tuple[Floats, float]]:
    """Faces of a reference cell as (a, b): inside a x + b >= 0."""
    corners = basix.geometry(cell)
    dim, middle = corners.shape[1], corners.mean(axis=0)
    found = []
    for face in basix.topology(cell)[dim - 1]:
        points = corners[list(face)]
        normal = np.linalg.svd(np.vstack([points[1:] - points[0], np.zeros(dim)]))[2][-1]
        normal = normal * np.sign(normal @ (middle - points[0]))
        found.append((normal, -float(normal @ points[0])))
    return found
