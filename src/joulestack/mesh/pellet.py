"""A pellet: discs around an axis, with the rings of a die around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from joulestack.errors import Problem
from joulestack.mesh.coordinates import AXISYMMETRIC
from joulestack.mesh.geometry import Face, Layered, Span
from joulestack.mesh.grading import crowded
from joulestack.mesh.grid import Grid, Layout, index_of
from joulestack.mesh.layers import (
    LayerSpec,
    positive,
    some_cells,
    stack_axis,
    with_finest,
)
from joulestack.mesh.raw import Floats
from joulestack.mesh.tagged import Kind, Region

_FACES = ("bottom", "top", "side")


@dataclass(frozen=True)
class RingSpec:
    """One ring of the die around a pellet.

    Attributes:
        name: unique name of the ring.
        thickness: radial [m].
        height: along the axis [m]; None: as high as the stack of layers.
        centre: height of the ring's middle above the bottom of the stack [m]; None: the middle of
            the stack.
        cells: number of cells through the ring, finer towards the pellet.
    """

    name: str
    thickness: float
    height: float | None = None
    centre: float | None = None
    cells: int = 8


@dataclass(frozen=True)
class Pellet(Layered):
    """Axisymmetric pellet, coordinates (r, z), with its die; plungers are layers like any other.

    Attributes:
        layers: from the negative terminal (z = 0) to the positive one.
        radius: of the pellet and the plungers [m].
        rings: of the die, from the pellet outwards.
        radial_cells: number of cells from the axis to the edge of the pellet.
        radial_exponent: how much cells shrink towards the edge of the pellet (`grading.crowded`);
            1: not at all. The axis, where it is often hottest, wants no large cells either.
        own_ends: ends of rings, "die_top" and "die_bottom" of a ring "die", that are faces of the
            mesh; the others belong to `side`.
    """

    layers: tuple[LayerSpec, ...]
    radius: float
    rings: tuple[RingSpec, ...] = ()
    radial_cells: int = 16
    radial_exponent: float = 1.5
    own_ends: tuple[str, ...] = ()

    coordinates = AXISYMMETRIC.name

    @property
    def face_names(self) -> tuple[str, ...]:
        """Those of every pellet, and the ends of rings that can be faces."""
        return (*_FACES, *self.ring_ends)

    @property
    def ring_ends(self) -> tuple[str, ...]:
        """Faces that the ends of the rings are, where a case uses them."""
        return tuple(f"{ring.name}_{end}" for ring in self.rings for end in self.ends)

    @property
    def joined(self) -> Mapping[str, str]:
        """The other ends belong to the side."""
        return {end: "side" for end in self.ring_ends if end not in self.own_ends}

    def opened(self, folder: Path, faces: tuple[str, ...], allow_scripts: bool) -> Pellet:
        """With the ends of rings that are used as faces of their own."""
        return replace(self, own_ends=tuple(end for end in self.ring_ends if end in faces))

    def refined(self, finest: Mapping[str, float]) -> Pellet:
        """Cells of two dimensions are cheap."""
        return replace(self, layers=with_finest(self.layers, finest))

    @property
    def face_area(self) -> float:
        """Of the discs."""
        return 0.25 * math.pi * (2 * self.radius) ** 2

    @property
    def face(self) -> Face:
        """The disc."""
        return Face(("r",), ((0.0, self.radius),), True, {"radius": self.radius})

    @property
    def bounds(self) -> tuple[Span, ...] | None:
        """Radius and height where there is no die."""
        return None if self.rings else ((0.0, self.radius), (0.0, self.height))

    def reach(self, face: str) -> float | None:
        """From the axis to the edge."""
        return self.radius if face == "side" and self.radius else None

    def loss(
        self, coefficient: Callable[[str], float], conductivity: Callable[[str], float]
    ) -> float:
        """Through the die, and from the bare edge beside it."""
        h = coefficient("side")
        if not h or not self.radius:
            return 0.0
        radius, height = self.radius, self.height
        bare, total = height, 0.0
        if self.rings:
            wall, covered = 0.0, min(self.rings[0].height or height, height)
            bare = height - covered
            for ring in self.rings:
                outer = radius + ring.thickness
                k = conductivity(ring.name)
                wall += math.log(outer / radius) / (2 * math.pi * k * (ring.height or height))
                radius = outer
            film = 2 * math.pi * radius * (self.rings[-1].height or height) * h
            total = 1.0 / (wall + 1.0 / film)
        return total + (2 * math.pi * self.radius * bare * h if bare > 0 else 0.0)

    @property
    def thickness(self) -> Mapping[str, float]:
        """Of each layer and ring [m]."""
        layers = {layer.name: layer.thickness for layer in self.layers}
        return layers | {ring.name: ring.thickness for ring in self.rings}

    def touching(self) -> list[tuple[str, str]]:
        """Neighbours in the stack, and each ring with what it stands around."""
        pairs = super().touching()
        if not self.rings:
            return pairs
        spans, z = [], 0.0
        for layer in self.layers:
            spans.append((layer.name, z, z + layer.thickness))
            z += layer.thickness
        rings = [(ring.name, *ends) for ring, ends in zip(self.rings, self._spans, strict=True)]
        inner = [spans, *([r] for r in rings[:-1])]
        for inside, ring_span in zip(inner, rings, strict=True):
            pairs += [(s[0], ring_span[0]) for s in inside if _overlap(s, ring_span) > 0]
        return pairs

    @property
    def grid_cells(self) -> float:
        """Of the box around it."""
        return super().grid_cells * (self.radial_cells + sum(r.cells for r in self.rings))

    @property
    def _spans(self) -> list[Span]:
        """Foot and head of every ring [m]."""
        height, spans = self.height, []
        for ring in self.rings:
            ring_height = height if ring.height is None else ring.height
            centre = 0.5 * height if ring.centre is None else ring.centre
            spans.append((centre - 0.5 * ring_height, centre + 0.5 * ring_height))
        return spans

    def problems(self) -> Iterator[Problem]:
        """Of layers, rings and sizes."""
        yield from self.stack_problems(self.layers, self.rings, "ring")
        yield from positive("pellet", "radius", self.radius)
        yield from some_cells("pellet, radial cells", self.radial_cells)
        if not 1 <= self.radial_exponent <= 4:
            yield Problem(
                "pellet",
                f"radial exponent {self.radial_exponent:g}",
                "give 1 for equal cells, up to 4 for finer ones at the edge",
            )
        inner = (0.0, self.height)
        for ring, (low, high) in zip(self.rings, self._spans, strict=True):
            where = f"ring '{ring.name}'"
            if ring.height is not None:
                yield from positive(where, "height", ring.height)
            if high <= inner[0] or low >= inner[1]:
                yield Problem(
                    where,
                    f"it stands at z = {low:g} to {high:g} m beside what it should surround, "
                    f"{inner[0]:g} to {inner[1]:g} m",
                    "move its centre",
                )
            inner = (low, high)

    def layout(self) -> Layout:
        """Quadrilaterals in (r, z); faces bottom and top (r <= radius), side (all else outside).

        Ends of rings are faces of their own where `own_ends` names them.
        """
        spans = self._spans
        z, ends = stack_axis(self.layers, tuple(s for span in spans for s in span))
        z = _beyond(z, [s for span in spans for s in span])

        radii = [0.0, self.radius]
        r = [crowded(self.radius, self.radial_cells, start=False, exponent=self.radial_exponent)]
        for number, ring in enumerate(self.rings):
            start, end = radii[-1], radii[-1] + ring.thickness
            corner = any(span != spans[number] for span in spans[number + 1 : number + 2])
            points = start + crowded(ring.thickness, ring.cells, end=corner)
            points[-1] = end
            r.append(points[1:])
            radii.append(end)
        grid = Grid.empty((np.concatenate(r), z))

        columns = [index_of(grid.axes[0], radius) for radius in radii]
        names: list[tuple[str, Kind]] = []
        for layer, low, high in zip(self.layers, ends[:-1], ends[1:], strict=True):
            names.append((layer.name, "layer"))
            grid.region[: columns[1], index_of(z, low) : index_of(z, high)] = len(names)
        inside = grid.region != 0
        for ring, (foot, head), left, right in zip(
            self.rings, spans, columns[1:-1], columns[2:], strict=True
        ):
            names.append((ring.name, "die"))
            grid.region[left:right, index_of(z, foot) : index_of(z, head)] = len(names)

        faces = {name: i for i, name in enumerate(_FACES, start=1)}
        axis_cells = np.zeros_like(inside)
        axis_cells[0] = True
        grid.name_face(faces["side"], 0, 0, ~axis_cells)
        grid.name_face(faces["side"], 0, 1, ~np.zeros_like(inside))
        for side, name in ((0, "bottom"), (1, "top")):
            grid.name_face(faces["side"], 1, side, ~inside)
            grid.name_face(faces[name], 1, side, inside)
            for region_id, (body, kind) in enumerate(names, start=1):
                ring_end = f"{body}_{name}"
                if kind == "die" and ring_end in self.own_ends:
                    faces[ring_end] = len(faces) + 1
                    grid.name_face(faces[ring_end], 1, side, grid.region == region_id)
        regions = tuple(Region(name, name, i, kind) for i, (name, kind) in enumerate(names, 1))
        return Layout(grid, regions, faces, 1, self.coordinates)


def _overlap(a: tuple[str, float, float], b: tuple[str, float, float]) -> float:
    return min(a[2], b[2]) - max(a[1], b[1]) - 1e-12


def _beyond(z: Floats, stops: list[float]) -> Floats:
    """Continue the axis to the stops below its start and above its end, with cells that grow."""
    tolerance = 1e-9 * (z[-1] - z[0])
    for sign in (1.0, -1.0):
        z = sign * z[:: int(sign)]
        last = z[-1] - z[-2]
        beyond = sorted(sign * s for s in stops)
        for stop in beyond:
            gap = stop - z[-1]
            if gap > tolerance:
                cells = int(np.clip(np.ceil(np.sqrt(gap / last)), 1, 16))
                points = z[-1] + crowded(gap, cells, end=stop < beyond[-1] - tolerance)
                z = np.concatenate([z, points[1:-1], [stop]])
        z = sign * z[:: int(sign)]
    return z
