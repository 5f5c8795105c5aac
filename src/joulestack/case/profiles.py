"""Profiles in time, stack pressures and thermal conditions as plain objects; all SI."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from joulestack.case.clamping.maps import FaceMap


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
class StackPressure:
    """Pressure held on the stack: the same everywhere and varying in time, or a map.

    Attributes:
        profile: in time [Pa]; the mean of the map if there is one.
        map: over the face, or None.
    """

    profile: Profile
    map: FaceMap | None = None

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
        if self.map is not None:
            return self.map.range
        return min(self.profile.values), max(self.profile.values)


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
