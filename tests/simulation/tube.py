"""A geometry from outside: a tube, whose layers lie around each other.

One file: coordinates, geometry, and how a case states it. Nothing in the package knows of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pydantic import Field

from joulestack.case.quantities import Length
from joulestack.case.stack.case_geometry import CaseGeometry, layer_specs
from joulestack.case.stack.cell import Cell
from joulestack.case.stack.geometries import register
from joulestack.errors import Problem
from joulestack.mesh import CoordinateSystem, Layered, LayerSpec, coordinates
from joulestack.mesh.geometry import Span
from joulestack.mesh.grid import Layout, through_layers
from joulestack.mesh.layers import positive, stack_axis

CYLINDRICAL = coordinates.register(
    CoordinateSystem(
        "cylindrical",
        ("r",),
        (1,),
        lambda x: 2 * math.pi * x[0],
        left_out="height [m]",
        radial=True,
    )
)


@dataclass(frozen=True)
class Tube(Layered):
    """Layers around each other, from the inside out; all current and heat goes along r.

    Attributes:
        layers: from the negative terminal (inside) to the positive one.
        inner_radius: where the first layer begins [m].
        length: of the tube [m].
    """

    layers: tuple[LayerSpec, ...]
    inner_radius: float
    length: float = 1.0

    coordinates = CYLINDRICAL.name
    flat = False
    ends = ("inside", "outside")
    face_names = ("inside", "outside")

    @property
    def radii(self) -> list[float]:
        """Where layers begin and end [m]."""
        return [self.inner_radius + sum(la.thickness for la in self.layers[:i])
                for i in range(len(self.layers) + 1)]  # fmt: skip

    @property
    def face_area(self) -> float:
        """Of the inside."""
        return 2 * math.pi * self.inner_radius * self.length

    @property
    def left_out(self) -> float:
        """The length."""
        return self.length

    @property
    def bounds(self) -> tuple[Span, ...]:
        """Of the wall."""
        return ((self.radii[0], self.radii[-1]),)

    def area_ratio(self, first: str, second: str) -> float:
        """Of the radii."""
        ring = next(n for n, la in enumerate(self.layers) if la.name in (first, second))
        return self.radii[ring + 1] / self.inner_radius

    def equivalent_thickness(self, layer: str, thickness: float) -> float:
        """Of a ring: its volume over the area of the inside."""
        ring = next(n for n, la in enumerate(self.layers) if la.name == layer)
        low, high = list(pairwise(self.radii))[ring]
        return math.pi * (high**2 - low**2) * self.length / self.face_area

    def problems(self) -> Iterator[Problem]:
        """Of layers and sizes."""
        yield from super().problems()
        yield from positive("tube", "inner radius", self.inner_radius)
        yield from positive("tube", "length", self.length)

    def layout(self) -> Layout:
        """Intervals along r."""
        names = [layer.name for layer in self.layers]
        axis = stack_axis(self.layers, start=self.inner_radius)
        return through_layers(*axis, names, self.ends, self.coordinates)


class TubeCell(Cell):
    """[cell] of a tube."""

    inner_diameter: Length | None = Field(None, description="inner diameter of the tube")


register(
    CaseGeometry(
        "tube",
        lambda cell, mesh: Tube(
            layer_specs(cell.layers, mesh), 0.5 * (cell.inner_diameter or 0.0), cell.length or 0.0
        ),
        {"inner_diameter": True, "length": True},
        model=TubeCell,
    )
)
