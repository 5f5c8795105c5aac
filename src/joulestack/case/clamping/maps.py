"""Stack pressure over the face: from a grid of values, or from an expression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from joulestack.case.expression import Expression
from joulestack.units import format_quantity

Floats = NDArray[np.float64]
Extent = tuple[tuple[float, float], ...]
"""From where to where, for each coordinate of the face [m]."""

_PANELS = 48
_GAUSS = np.polynomial.legendre.leggauss(4)


@dataclass(frozen=True)
class PressureMap:
    """Pressure over the face, linear between grid points, held constant outside.

    Attributes:
        x: positions along the first coordinate (width, or radius of a pellet) [m].
        y: positions along the second coordinate [m]; empty for a pellet.
        values: pressures [Pa], shape (len(x), len(y)) or (len(x),).
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    values: tuple[tuple[float, ...], ...] | tuple[float, ...]

    @cached_property
    def _grid(self) -> Floats:
        return np.asarray(self.values, dtype=float)

    @property
    def extent(self) -> Extent:
        """What the grid covers."""
        return tuple((axis[0], axis[-1]) for axis in (self.x, self.y) if axis)

    def __call__(self, points: Floats) -> Floats:
        """Pressure [Pa] at points of shape (2 or 3, n), as DOLFINx passes to interpolate."""
        points = np.asarray(points, dtype=float)
        grid = self._grid
        i, u = _locate(points[0], self.x)
        if not self.y:
            return grid[i] * (1 - u) + grid[i + 1] * u
        j, v = _locate(points[1], self.y)
        return (grid[i, j] * (1 - v) + grid[i, j + 1] * v) * (1 - u) + (
            grid[i + 1, j] * (1 - v) + grid[i + 1, j + 1] * v
        ) * u

    def within(self, face: Extent) -> PressureMap:
        """The part of it that lies on the face; it must cover the face."""
        axes = [
            tuple(float(v) for v in np.unique([low, *(v for v in axis if low < v < high), high]))
            for axis, (low, high) in zip((self.x, self.y), face, strict=False)
        ]
        points = np.meshgrid(*axes, indexing="ij")
        values = self(np.vstack([p.ravel() for p in points])).reshape(points[0].shape)
        return PressureMap.of_array(axes, values)

    @classmethod
    def of_array(cls, axes: Sequence[tuple[float, ...]], values: Floats) -> PressureMap:
        """A map from its axes and an array of one value for each of their points."""
        rows: Any = values.tolist()
        if len(axes) == 1:
            return cls(axes[0], (), tuple(rows))
        return cls(axes[0], axes[1], tuple(map(tuple, rows)))

    @property
    def mean(self) -> float:
        """Mean over the mapped area [Pa]; for radii, weighted with r."""
        x, grid = np.asarray(self.x), self._grid
        if not self.y:
            area = 0.5 * (x[-1] ** 2 - x[0] ** 2)
            h = np.diff(x)
            part = h / 6 * (grid[:-1] * (2 * x[:-1] + x[1:]) + grid[1:] * (x[:-1] + 2 * x[1:]))
            return float(part.sum() / area)
        y = np.asarray(self.y)
        return float(
            np.trapezoid(np.trapezoid(grid, y, axis=1), x) / ((x[-1] - x[0]) * (y[-1] - y[0]))
        )

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest pressure [Pa]."""
        return float(self._grid.min()), float(self._grid.max())


@dataclass(frozen=True)
class PressureFormula:
    """Pressure over the face from an expression in x and y, or in r; held constant outside.

    Attributes:
        expression: of a pressure [Pa].
        extent: of the face.
        names: of the coordinates of the face, as the expression has them.
        radial: its only coordinate is a radius, so that a piece of the face counts with it.
    """

    expression: Expression
    extent: Extent
    names: tuple[str, ...] = ("x", "y")
    radial: bool = False

    def __call__(self, points: Floats) -> Floats:
        """Pressure [Pa] at points of shape (2 or 3, n)."""
        inside = {
            name: np.clip(np.asarray(values, dtype=float), low, high)
            for name, values, (low, high) in zip(self.names, points, self.extent, strict=False)
        }
        return self.expression(**inside) * np.ones(np.shape(points[0]))

    @cached_property
    def mean(self) -> float:
        """Mean over the face [Pa], by quadrature in panels."""
        axes: list[Floats] = []
        weights: list[Floats] = []
        for low, high in self.extent:
            edges = np.linspace(low, high, _PANELS + 1)
            half = 0.5 * np.diff(edges)
            middle = 0.5 * (edges[1:] + edges[:-1])
            axes.append((middle[:, None] + half[:, None] * _GAUSS[0]).ravel())
            weights.append((half[:, None] * _GAUSS[1]).ravel())
        if self.radial:
            weights[0] = weights[0] * axes[0]
        points = np.meshgrid(*axes, indexing="ij")
        weight: Floats = weights[0] if len(weights) == 1 else np.outer(*weights)
        values = self(np.vstack([p.ravel() for p in points])).reshape(weight.shape)
        return float((values * weight).sum() / weight.sum())

    @cached_property
    def _samples(self) -> tuple[Floats, Floats]:
        """Points all over the face, edges included, and the pressures there."""
        axes = [np.linspace(low, high, 4 * _PANELS + 1) for low, high in self.extent]
        points = np.vstack([p.ravel() for p in np.meshgrid(*axes, indexing="ij")])
        return points, self(points)

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest pressure [Pa], as seen on a fine grid."""
        values = self._samples[1]
        return float(values.min()), float(values.max())

    def check(self) -> None:
        """A pressure is a finite number and does not pull.

        Raises:
            ValueError: where it is not so, with the place.
        """
        points, values = self._samples
        strange = ~np.isfinite(values)
        if strange.any():
            raise ValueError(
                f'"{self.expression.text}" is not a finite number at '
                f"{self._place(points[:, np.argmax(strange)])}; keep divisors and logarithms off "
                "zero"
            )
        if values.min() < 0:
            low = format_quantity(float(values.min()), "Pa", 3)
            raise ValueError(
                f'"{self.expression.text}" falls to {low} at '
                f"{self._place(points[:, np.argmin(values)])}, and a stack cannot be pulled; "
                "raise it, or cut it off: max(..., 0 MPa)"
            )

    def _place(self, point: Floats) -> str:
        return ", ".join(f"{n} = {1e3 * v:.4g} mm" for n, v in zip(self.names, point, strict=True))


FaceMap = PressureMap | PressureFormula


def _locate(values: Floats, knots: tuple[float, ...]) -> tuple[NDArray[np.intp], Floats]:
    grid = np.asarray(knots)
    z = np.clip(values, grid[0], grid[-1])
    i = np.clip(np.searchsorted(grid, z, side="right") - 1, 0, len(grid) - 2)
    return i, (z - grid[i]) / (grid[i + 1] - grid[i])
