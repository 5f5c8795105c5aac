"""Profiles in time, stack pressures and thermal conditions as plain objects; all SI."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Profile:
    """Piecewise linear function of time, held constant before and after; no jumps.

    Attributes:
        times: increasing [s].
        values: at the times.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def value(self, t: float) -> float:
        """Value at time t [s]."""
        i = bisect_right(self.times, t)
        if i in (0, len(self.times)):
            return self.values[min(i, len(self.times) - 1)]
        start, end = self.times[i - 1], self.times[i]
        below, above = self.values[i - 1], self.values[i]
        return below + (t - start) / (end - start) * (above - below)

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """Times of kinks [s]."""
        return self.times if len(self.times) > 1 else ()


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
    def _grid(self) -> NDArray[np.float64]:
        return np.asarray(self.values, dtype=float)

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
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


def _locate(
    values: NDArray[np.float64], knots: tuple[float, ...]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    grid = np.asarray(knots)
    z = np.clip(values, grid[0], grid[-1])
    i = np.clip(np.searchsorted(grid, z, side="right") - 1, 0, len(grid) - 2)
    return i, (z - grid[i]) / (grid[i + 1] - grid[i])


@dataclass(frozen=True)
class StackPressure:
    """Pressure held on the stack: the same everywhere and varying in time, or a map.

    Attributes:
        profile: in time [Pa]; the mean of the map if there is one.
        map: over the face, callable on points of shape (2 or 3, n), or None.
    """

    profile: Profile
    map: PressureMap | None = None

    def value(self, t: float) -> float:
        """Mean pressure [Pa] at time t [s]."""
        return self.profile.value(t)

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """Times [s] where it kinks."""
        return self.profile.breakpoints

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest pressure anywhere and ever [Pa]."""
        values = np.asarray(self.map.values if self.map else self.profile.values, dtype=float)
        return float(values.min()), float(values.max())


@dataclass(frozen=True)
class FixedTemperature:
    """The face is held at `temperature` [K]."""

    temperature: float


@dataclass(frozen=True)
class Convection:
    """q_out = coefficient (T - ambient): fluid, or a cooling plate behind a contact.

    Attributes:
        coefficient: [W/(m2 K)].
        ambient: [K].
        plate: it is a cooling plate.
    """

    coefficient: float
    ambient: float
    plate: bool = False


@dataclass(frozen=True)
class Radiation:
    """q_out = emissivity sigma (T^4 - ambient^4), ambient in K."""

    emissivity: float
    ambient: float


@dataclass(frozen=True)
class HeatFlux:
    """q_out = -flux, flux [W/m2] into the cell."""

    flux: float


FaceCondition = FixedTemperature | Convection | Radiation | HeatFlux


@dataclass(frozen=True)
class Probe:
    """A point of the time series.

    Attributes:
        name: in the time series.
        layer: it sits in; None: found from the point.
        position: through the layer, 0 bottom, 1 top; None if `point` is given.
        at: in the face [m]; empty: the middle.
        point: coordinates [m], or None.
    """

    name: str
    layer: str | None = None
    position: float | None = None
    at: tuple[float, ...] = ()
    point: tuple[float, ...] | None = None
