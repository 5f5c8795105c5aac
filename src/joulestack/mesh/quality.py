"""Checks of a whole mesh from outside: bad cells, folds, loose parts. Pure NumPy and SciPy.

A mesh is checked on the rank that read it, before it is distributed, so the answer cannot depend
on the number of ranks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from joulestack.errors import Problem
from joulestack.mesh.raw import CELL_DIMENSION, CELL_FACETS, Floats, Integers, RawMesh

# Corner volume over the product of the corner's edges below which a cell counts as flat.
FLAT = 1e-9
EXAMPLES = 3


@dataclass(frozen=True)
class Cells:
    """Cells of one shape, and what follows from who shares a facet with whom.

    Attributes:
        cell: name of the shape.
        points: coordinates [m].
        cells: vertices in DOLFINx's order.
    """

    cell: str
    points: Floats
    cells: Integers

    @cached_property
    def centroids(self) -> Floats:
        """Mean of each cell's vertices [m]."""
        return np.asarray(self.points[self.cells].mean(axis=1))

    @cached_property
    def _sorted_facets(self) -> tuple[Integers, Integers, npt.NDArray[np.int64]]:
        corners = CELL_FACETS[self.cell]
        facets = np.sort(np.concatenate([self.cells[:, c] for c in corners]), axis=1)
        owner = np.tile(np.arange(len(self.cells)), len(corners))
        order = np.lexsort(facets.T[::-1])
        facets, owner = facets[order], owner[order]
        new = np.ones(len(facets), dtype=bool)
        new[1:] = (facets[1:] != facets[:-1]).any(axis=1)
        return facets, owner, np.flatnonzero(new)

    @property
    def facets(self) -> Integers:
        """Vertices of each facet, sorted, each facet once."""
        facets, _, first = self._sorted_facets
        return facets[first]

    @cached_property
    def links(self) -> Integers:
        """How many cells share each facet."""
        facets, _, first = self._sorted_facets
        return np.diff(np.append(first, len(facets)))

    @cached_property
    def pairs(self) -> tuple[Integers, Integers]:
        """Facets with two cells: index of the facet, and the cells, shape (n, 2)."""
        _, owner, first = self._sorted_facets
        inner = np.flatnonzero(self.links == 2)
        return inner, np.stack([owner[first[inner]], owner[first[inner] + 1]], axis=1)

    @cached_property
    def corner_volumes(self) -> Floats:
        """Signed volume spanned by the edges at each corner, over the product of their lengths."""
        dim = CELL_DIMENSION[self.cell]
        if self.cell in ("triangle", "tetrahedron"):
            edges = self.points[self.cells[:, 1:]] - self.points[self.cells[:, :1]]
            return _relative_volume(edges)[:, None]
        values = []
        for corner in range(2**dim):
            ends = self.cells[:, [corner ^ (1 << a) for a in range(dim)]]
            edges = self.points[ends] - self.points[self.cells[:, [corner]]]
            # Going back along an axis turns the corner's edges into a left-handed set.
            values.append((-1) ** corner.bit_count() * _relative_volume(edges))
        return np.stack(values, axis=1)

    @cached_property
    def aspect_ratios(self) -> Floats:
        """Longest over shortest stretch of each cell at its first corner."""
        dim = CELL_DIMENSION[self.cell]
        tensor = self.cell in ("quadrilateral", "hexahedron", "interval")
        ends = [1 << a for a in range(dim)] if tensor else list(range(1, dim + 1))
        edges = self.points[self.cells[:, ends]] - self.points[self.cells[:, :1]]
        stretch = np.linalg.svd(edges, compute_uv=False)
        return np.asarray(stretch[:, 0] / np.maximum(stretch[:, -1], 1e-300))

    @cached_property
    def parts(self) -> tuple[int, Integers]:
        """Number of parts not joined by a facet, and the part of each cell."""
        _, pairs = self.pairs
        count = len(self.cells)
        graph = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), (count, count))
        number, labels = connected_components(graph, directed=False)
        return int(number), np.asarray(labels, dtype=np.int64)


def _relative_volume(edges: Floats) -> Floats:
    lengths = np.prod(np.linalg.norm(edges, axis=2), axis=1)
    return np.asarray(np.linalg.det(edges) / np.maximum(lengths, 1e-300))


def check_cells(cells: Cells, names: npt.NDArray[np.str_]) -> list[Problem]:
    """Every geometric reason why these cells cannot carry a simulation.

    Args:
        cells: the mesh.
        names: region name of each cell, for the messages.
    """
    return [
        *_degenerate(cells, names),
        *_tangled(cells, names),
        *_folded(cells, names),
        *_branching(cells),
        *_apart(cells, names),
    ]


def _where(cells: Cells, names: npt.NDArray[np.str_], bad: npt.NDArray[np.int64]) -> str:
    """A few cells with region and place, for people."""
    shown = [
        f"'{names[c]}' near ({', '.join(f'{x:.4g}' for x in cells.centroids[c])}) m"
        for c in bad[:EXAMPLES]
    ]
    return ", ".join(shown) + (f" and {len(bad) - EXAMPLES} more" if len(bad) > EXAMPLES else "")


def _degenerate(cells: Cells, names: npt.NDArray[np.str_]) -> Iterator[Problem]:
    bad = np.flatnonzero((np.abs(cells.corner_volumes) < FLAT).any(axis=1))
    if len(bad):
        yield Problem(
            "cells",
            f"{len(bad)} degenerate (no volume at a corner): {_where(cells, names, bad)}",
            "remove them or mesh the region again; look for doubled or collinear vertices",
        )


def _tangled(cells: Cells, names: npt.NDArray[np.str_]) -> Iterator[Problem]:
    volumes = cells.corner_volumes
    bad = np.flatnonzero((volumes > FLAT).any(axis=1) & (volumes < -FLAT).any(axis=1))
    if len(bad):
        yield Problem(
            "cells",
            f"{len(bad)} inverted (inside out at a corner): {_where(cells, names, bad)}",
            "smooth or refine there; check the order of vertices in a converted file",
        )


def _folded(cells: Cells, names: npt.NDArray[np.str_]) -> Iterator[Problem]:
    """Two cells on the same side of the facet they share overlap: one of them is inside out."""
    facet, pairs = cells.pairs
    corner = cells.points[cells.facets[facet]]
    dim = corner.shape[2]
    if dim == 3:
        normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    elif dim == 2:
        along = corner[:, 1] - corner[:, 0]
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    else:
        normal = np.ones((len(corner), 1))
    reach = cells.centroids[pairs] - corner.mean(axis=1)[:, None]
    side = np.einsum("fsd,fd->fs", reach, normal)
    scale = np.linalg.norm(reach, axis=2).max(axis=1) * np.linalg.norm(normal, axis=1)
    bad = (side[:, 0] * side[:, 1] > 0) & (np.abs(side).min(axis=1) > 1e-9 * scale)
    if bad.any():
        found = np.unique(pairs[bad])
        yield Problem(
            "cells",
            f"{len(found)} inverted or folded over a neighbour: {_where(cells, names, found)}",
            "move the vertices apart or mesh the region again",
        )


def _branching(cells: Cells) -> Iterator[Problem]:
    count = int((cells.links > 2).sum())
    if count:
        yield Problem(
            "cells", f"{count} facets belong to more than two cells", "remove duplicate cells"
        )


def _apart(cells: Cells, names: npt.NDArray[np.str_]) -> Iterator[Problem]:
    number, label = cells.parts
    if number > 1:
        sizes = np.bincount(label)
        lines = []
        for part in np.argsort(-sizes, kind="stable")[:4]:
            inside = sorted(set(names[label == part].tolist()))
            lines.append(f"{sizes[part]} cells of {', '.join(inside)}")
        more = f" and {number - 4} more" if number > 4 else ""
        yield Problem(
            "mesh",
            f"{number} parts share no facet with each other: {'; '.join(lines)}{more}",
            "let touching volumes share their surface (gmsh: BooleanFragments or Coherence; "
            "other tools: merge duplicate nodes)",
        )


@dataclass(frozen=True)
class Report:
    """Figures of a mesh for people; none of them is an error.

    Attributes:
        cells: number of cells.
        vertices: number of vertices.
        median_aspect_ratio: of the cells; thin layers make hundreds, which is fine.
        largest_aspect_ratio: of the cells.
        smallest_corner: least corner volume over the product of the corner's edges (1: a box).
    """

    cells: int
    vertices: int
    median_aspect_ratio: float
    largest_aspect_ratio: float
    smallest_corner: float


def report(raw: RawMesh) -> Report:
    """Summarise the shape of a mesh's cells."""
    cells = Cells(raw.cell, raw.points, raw.cells)
    aspect = cells.aspect_ratios
    return Report(
        len(raw.cells),
        len(raw.points),
        float(np.median(aspect)),
        float(aspect.max()),
        float(np.abs(cells.corner_volumes).min()),
    )
