"""Layers of a stack: what is given of each, their breakpoints, and checks of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from joulestack.errors import Problem
from joulestack.mesh.grading import fit_stops, graded, growing, through
from joulestack.mesh.raw import Floats

STOP_REACH = 0.5
"""Part of a layer within which the pieces beside the end of a ring get more cells than their
length asks for: what is hot lies close by, and cells of two dimensions are cheap."""


@dataclass(frozen=True)
class LayerSpec:
    """One layer of the stack.

    Attributes:
        name: unique name of the layer.
        thickness: through the stack [m].
        cells: number of cells through the layer.
        grading: size of the middle cells over the size of the cells at both interfaces (1: equal).
        finest: cells at both interfaces are no larger than this [m] and grow from there; None: as
            number and grading say.
    """

    name: str
    thickness: float
    cells: int = 8
    grading: float = 3.0
    finest: float | None = None

    def breakpoints(self, stops: Sequence[float] = ()) -> Floats:
        """From 0 to the thickness, crowded towards stops inside, where something else ends [m]."""
        points, size = graded(self.thickness, self.cells, self.grading), self.thickness / self.cells
        if self.finest is not None and points[1] > self.finest:
            return fit_stops(growing(self.thickness, self.finest, size), stops)
        inside = [s for s in stops if 1e-9 < s / self.thickness < 1 - 1e-9]
        if not inside:
            return points
        places = [0.0, *inside, self.thickness]
        return through(places, size, places, STOP_REACH * self.thickness)


class Body(Protocol):
    """Anything with a name, a thickness [m] and cells through it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def thickness(self) -> float: ...  # noqa: D102
    @property
    def cells(self) -> int: ...  # noqa: D102


def stack_axis(
    layers: Sequence[LayerSpec], stops: tuple[float, ...] = (), start: float = 0.0
) -> tuple[Floats, Floats]:
    """Breakpoints through a stack of layers.

    Args:
        layers: bottom first.
        stops: coordinates that must be breakpoints as well [m].
        start: of the first layer [m].

    Returns:
        The breakpoints, and the coordinates of the layers' ends (one more than layers) [m].
    """
    ends = np.concatenate([[start], start + np.cumsum([layer.thickness for layer in layers])])
    pieces = [ends[:1]]
    for layer, low, high in zip(layers, ends[:-1], ends[1:], strict=True):
        points = low + layer.breakpoints([stop - low for stop in stops])
        points[-1] = high
        pieces.append(points[1:])
    return np.concatenate(pieces), ends


def with_finest(layers: Sequence[LayerSpec], finest: Mapping[str, float]) -> tuple[LayerSpec, ...]:
    """Layers with cells at their interfaces no larger than these, by name [m]."""
    return tuple(replace(layer, finest=finest.get(layer.name)) for layer in layers)


def positive(where: str, what: str, value: float) -> Iterator[Problem]:
    """A length is finite and above zero."""
    if not (math.isfinite(value) and value > 0):
        yield Problem(where, f"{what} is {value:g}", f"give a {what} above zero, in metres")


def some_cells(where: str, cells: int) -> Iterator[Problem]:
    """There is a cell."""
    if cells < 1:
        yield Problem(where, f"{cells} cells", "give at least one cell")


def fair_grading(where: str, ratio: float) -> Iterator[Problem]:
    """Cells do not differ too much."""
    if not 1 <= ratio <= 1000:
        yield Problem(
            where,
            f"grading {ratio:g}",
            "give 1 for equal cells, 2 to 10 for finer ends (up to 1000)",
        )


def body_problems(body: Body, word: str) -> Iterator[Problem]:
    """What is wrong with one layer, or with another body called `word`."""
    where = f"{word} '{body.name}'"
    if not body.name.strip():
        yield Problem(where, "the name is empty", f"name every {word}")
    yield from positive(where, "thickness", body.thickness)
    yield from some_cells(where, body.cells)
    if isinstance(body, LayerSpec):
        yield from fair_grading(where, body.grading)


def same_names(bodies: Sequence[Body]) -> Iterator[Problem]:
    """Names that several bodies have."""
    for name, count in Counter(body.name for body in bodies).items():
        if count > 1:
            yield Problem(
                f"layer '{name}'", f"{count} layers have this name", "name each differently"
            )
