"""Coordinate systems: what the columns of a mesh's points mean, and what a piece of it measures.

A mesh, a ParaView file and a case name a system by its word; everybody asks `named` for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from joulestack.errors import MeshError, Problem
from joulestack.spelling import did_you_mean


@dataclass(frozen=True)
class CoordinateSystem:
    """What coordinates mean.

    Attributes:
        name: word in case files, meshes and ParaView files.
        axes: names of the coordinates, as many as a mesh can have.
        dimensions: numbers of coordinates that a mesh can have.
        weight: measure of the coordinates x, which may be UFL or arrays: 2 pi r of a body of
            revolution; None: 1.
        left_out: what the coordinates leave out and `Setup.area` gives, with its unit: the
            cross-section of a line; empty: nothing.
        degree: quadrature degree that the weight adds to that of the integrands.
        radial: the first coordinate is a distance from an axis or a centre: never below zero,
            mirrored in pictures, and the middle of the cell is where it is least.
        place: where profiles through the layers are drawn, in words.
    """

    name: str
    axes: tuple[str, ...]
    dimensions: tuple[int, ...]
    weight: Callable[[Sequence[Any]], Any] | None = None
    left_out: str = ""
    degree: int = 0
    radial: bool = False
    place: str = ""

    def problems(self, dimension: int, least: float) -> list[Problem]:
        """What is wrong with coordinates of a mesh, so many of them, the first one from `least`."""
        if dimension not in self.dimensions:
            allowed = " or ".join(map(str, self.dimensions))
            what = (
                f"are {self.name}, ({', '.join(self.axes)}), and the mesh has {dimension} of them"
            )
            return [Problem("coordinates", what, f"give a mesh with {allowed}, or others")]
        if self.radial and least < 0:
            what = f"are {self.name}, and {self.axes[0]} goes down to {least:.4g} m"
            return [Problem("coordinates", what, "mesh one half of the section, from the axis on")]
        return []


_SYSTEMS: dict[str, CoordinateSystem] = {}


def register(system: CoordinateSystem) -> CoordinateSystem:
    """Make a system known under its name; gives it back.

    Raises:
        MeshError: another one has this name.
    """
    if _SYSTEMS.setdefault(system.name, system) != system:
        raise MeshError([Problem("coordinates", f"there are two '{system.name}'", "rename one")])
    return system


def names() -> tuple[str, ...]:
    """Of the systems that are known."""
    return tuple(_SYSTEMS)


def named(name: str) -> CoordinateSystem:
    """The system of a name.

    Raises:
        MeshError: there is none.
    """
    if name not in _SYSTEMS:
        remedy = f"{did_you_mean(name, names())} one of: {', '.join(names())}".strip()
        raise MeshError([Problem("coordinates", f"there are none called '{name}'", remedy)])
    return _SYSTEMS[name]


def shown_as(name: str) -> CoordinateSystem:
    """As `named`, for pictures of results: plain axes where a script's own is not there."""
    return _SYSTEMS.get(name) or CoordinateSystem(name, ("x", "y", "z"), (1, 2, 3))


LINE = register(CoordinateSystem("line", ("z",), (1,), left_out="cross-section [m2]"))
AXISYMMETRIC = register(
    CoordinateSystem(
        "axisymmetric", ("r", "z"), (2,), lambda x: 2 * math.pi * x[0], radial=True,
        place="on the axis",
    )
)  # fmt: skip
CARTESIAN = register(
    CoordinateSystem("cartesian", ("x", "y", "z"), (1, 2, 3), place="in the middle of the face")
)
