"""Stack pressures, thermal conditions and probes as plain objects; all SI."""

from __future__ import annotations

from dataclasses import dataclass

from joulestack.case.clamping.maps import FaceMap
from joulestack.in_time import Profile

InTime = float | Profile
"""A value, or a table of it in time."""


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
        return self.profile.range


@dataclass(frozen=True)
class FixedTemperature:
    """The face is held at `temperature` [K]."""

    temperature: InTime


@dataclass(frozen=True)
class Convection:
    """q_out = coefficient (T - ambient): fluid, or a cooling plate behind a contact.

    Attributes:
        coefficient: [W/(m2 K)].
        ambient: [K].
        plate: it is a cooling plate.
    """

    coefficient: InTime
    ambient: InTime
    plate: bool = False


@dataclass(frozen=True)
class Radiation:
    """q_out = emissivity sigma (T^4 - ambient^4), ambient in K."""

    emissivity: float
    ambient: InTime


@dataclass(frozen=True)
class HeatFlux:
    """q_out = -flux, flux [W/m2] into the cell."""

    flux: InTime


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
