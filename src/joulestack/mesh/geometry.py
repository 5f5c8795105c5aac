"""What a geometry is: all that anybody asks of the shape of a cell, answered by one object.

A geometry is a class of its own (`line`, `pellet`, `pouch`, `imported`; one from a script): a
record in plain SI numbers that imports nothing heavy. Nobody compares its name or its class; who
needs to know something of the shape asks for it here.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Self

from joulestack.errors import MeshError, Problem
from joulestack.mesh import coordinates
from joulestack.mesh.coordinates import CoordinateSystem
from joulestack.mesh.grid import Layout
from joulestack.mesh.layers import Body, LayerSpec, body_problems, same_names
from joulestack.mesh.raw import RawMesh

LARGEST_GRID = 2e7
"""Above this many cells of the bounding grid no holes are counted [cells]."""
BYTES_OF_PROCESS, BYTES_PER_CELL = 150e6, 900.0
"""Resident memory of the libraries and kernels, and of mesh, tags and connectivities by cell."""

BYTES_PER_UNKNOWN, BYTES_COUPLED, BYTES_PER_POINT = 1400.0, 5000.0, 150.0
"""Of matrix, BoomerAMG hierarchy, Krylov basis and vectors by unknown in the matrix: where there is
one field, and where several are coupled; and by unknown at single vertices. Measured:
docs/benchmarks.md."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Face:
    """The face of the layers, over which a pressure may vary.

    Attributes:
        names: of its coordinates; empty: a point, nothing varies over it.
        spans: from where to where it goes in each [m]; None: only the mesh file knows.
        radial: its coordinate is a radius from 0, so that a piece of it counts with r.
        sizes: lengths that an expression over it may name [m].
    """

    names: tuple[str, ...] = ()
    spans: tuple[Span, ...] | None = None
    radial: bool = False
    sizes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class MeshSize:
    """Size of a mesh.

    Attributes:
        cells: number of cells.
        vertices: number of vertices.
        exact: False for a grid so large that only an upper bound was computed.
    """

    cells: int
    vertices: int
    exact: bool = True

    def memory(self, fields: float = 1.5, points: float = 0.0) -> float:
        """Rough memory of a run with an algebraic multigrid solver [bytes].

        Args:
            fields: unknowns in the matrix per vertex (temperature everywhere 1, each potential
                where it lives).
            points: unknowns per vertex that are eliminated from it, as those of particles are.
        """
        each = BYTES_COUPLED if fields > 1 else BYTES_PER_UNKNOWN
        by_vertex = fields * each + points * BYTES_PER_POINT
        return BYTES_OF_PROCESS + self.cells * BYTES_PER_CELL + self.vertices * by_vertex


class Geometry(ABC):
    """The shape of a cell.

    Attributes:
        coordinates: name of its coordinate system.
        stacking_axis: coordinate through the layers; None: the last one.
        layered: the layers are as the case lists them; False: only a mesh file knows where.
        flat: every layer has the same face everywhere through the stack. What counts with a
            thickness and a face area (estimates, fixtures, thermal waves) is for these only.
        ends: faces below the first layer and above the last one.
    """

    coordinates: str
    stacking_axis: int | None = None
    layered: bool = True
    flat: bool = True
    ends: tuple[str, str] = ("bottom", "top")

    @property
    def system(self) -> CoordinateSystem:
        """What its coordinates mean."""
        return coordinates.named(self.coordinates)

    @property
    def dimensions(self) -> tuple[int, ...]:
        """Numbers of coordinates that its mesh can have."""
        return (len(self.system.axes),)

    @property
    @abstractmethod
    def face_names(self) -> tuple[str, ...]:
        """Names of the outer faces; empty: only the mesh file knows."""

    @property
    def joined(self) -> Mapping[str, str]:
        """Faces that a case could use and does not -> the one that they belong to."""
        return {}

    @property
    def terminals(self) -> tuple[str, str] | None:
        """Faces of the negative and the positive terminal; None: not known."""
        return self.ends

    @property
    @abstractmethod
    def face_area(self) -> float | None:
        """Area of the face of one layer, that current densities refer to [m2]; None: not known."""

    @property
    def left_out(self) -> float:
        """What the coordinates leave out (`CoordinateSystem.left_out`), for `Setup.area`."""
        return 1.0

    @property
    def face(self) -> Face:
        """The face of the layers."""
        return Face()

    @property
    def bounds(self) -> tuple[Span, ...] | None:
        """From where to where the cell goes in each coordinate [m]; None: it is no box."""
        return None

    @property
    def thickness(self) -> Mapping[str, float]:
        """Of each layer and ring through it [m]; empty: only the mesh file knows."""
        return {}

    def reach(self, face: str) -> float | None:
        """How far heat goes along the layers to a face [m]; None: it does not end them."""
        return None

    def loss(
        self, coefficient: Callable[[str], float], conductivity: Callable[[str], float]
    ) -> float:
        """Heat that leaves along the layers per kelvin [W/K], to faces that end them.

        Args:
            coefficient: of heat transfer at a face [W/(m2 K)].
            conductivity: thermal, of a body around the layers [W/(m K)].
        """
        return 0.0

    @abstractmethod
    def touching(self) -> list[tuple[str, str]]:
        """Pairs of bodies that share a surface: (lower, upper), (inner, outer)."""

    def equivalent_thickness(self, layer: str, thickness: float) -> float:
        """Volume of a layer over the face area [m], given its thickness; NaN: not known."""
        return thickness if self.flat else math.nan

    def area_ratio(self, first: str, second: str) -> float:
        """Area between two bodies of the stack over the face area [-]; NaN: not known."""
        return 1.0 if self.flat else math.nan

    def opened(self, folder: Path, faces: tuple[str, ...], allow_scripts: bool) -> Self:
        """Itself, with what a file needs to be read.

        Args:
            folder: that its path starts from.
            faces: that the case uses.
            allow_scripts: a script may be run to make the mesh.
        """
        return self

    def refined(self, finest: Mapping[str, float]) -> Self:
        """Itself with cells no larger than these at the ends of layers, where that is cheap.

        Args:
            finest: layer -> size [m].
        """
        return self

    @abstractmethod
    def problems(self) -> Iterator[Problem]:
        """Why no mesh can be made of it, as far as it can be said beforehand."""

    @abstractmethod
    def size(self) -> MeshSize:
        """Cells and vertices of its mesh.

        Raises:
            MeshError: no mesh can be made of it.
        """

    @abstractmethod
    def raw(self) -> RawMesh:
        """The whole mesh as plain arrays, checked; needs no DOLFINx.

        Raises:
            MeshError: no mesh can be made of it; lists every problem found.
        """

    def check(self) -> None:
        """Raise if there are `problems`.

        Raises:
            MeshError: with all of them.
        """
        problems = [*self.problems()]
        if problems:
            raise MeshError(problems)


class Layered(Geometry):
    """Layers that are meshed here, as a structured grid.

    Attributes:
        layers: of one unit cell, from the negative terminal to the positive one.
    """

    layers: tuple[LayerSpec, ...]

    @property
    def height(self) -> float:
        """Thickness of the layers of one unit cell [m]."""
        return sum(layer.thickness for layer in self.layers)

    @property
    def thickness(self) -> Mapping[str, float]:
        """Of each layer [m]."""
        return {layer.name: layer.thickness for layer in self.layers}

    def touching(self) -> list[tuple[str, str]]:
        """Neighbours in the stack."""
        return [(a.name, b.name) for a, b in pairwise(self.layers)]

    def problems(self) -> Iterator[Problem]:
        """Of the layers."""
        yield from self.stack_problems(self.layers)

    def stack_problems(
        self, layers: Sequence[LayerSpec], around: Sequence[Body] = (), word: str = ""
    ) -> Iterator[Problem]:
        """Of these layers, among them those of a unit cell, and of bodies `around` them."""
        if not self.layers:
            yield Problem(
                "layers", "there is no layer", "list at least one, negative terminal first"
            )
        for layer in layers:
            yield from body_problems(layer, "layer")
        for body in around:
            yield from body_problems(body, word)
        yield from same_names((*layers, *around))

    @abstractmethod
    def layout(self) -> Layout:
        """The structured grid; `check` has passed."""

    @property
    def grid_cells(self) -> float:
        """About as many cells as the grid has without tabs and overhangs, from a few divisions."""
        return float(sum(layer.cells for layer in self.layers))

    def size(self) -> MeshSize:
        """Counted on the grid, which is not made where it would be too large."""
        self.check()
        if self.grid_cells > LARGEST_GRID:
            return MeshSize(int(self.grid_cells), int(self.grid_cells), exact=False)
        return MeshSize(*self.layout().grid.size)

    def raw(self) -> RawMesh:
        """Arrays of the grid."""
        self.check()
        return self.layout().raw()
