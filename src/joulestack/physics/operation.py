"""What acts on a cell from outside, as a step of a protocol sets it: load and surroundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from joulestack.in_time import as_function

Load = float | Callable[[float], float | None]
"""A number or a function of time [s]; the latter may be None at times."""


@dataclass(frozen=True)
class Drive:
    """Electrical load at the terminals: one of the four at a time, the others None.

    Each is a number, a function of time [s] or a table in time (`in_time.Profile`).

    Attributes:
        negative, positive: faces of the terminals.
        current: discharge current [A].
        voltage: terminal voltage [V].
        power: taken from the cell [W].
        resistance: between the terminals [Ohm]; a negative one is a source that charges with a
            current in proportion to the voltage.
    """

    negative: str
    positive: str
    current: Load | None = None
    voltage: Load | None = None
    power: Load | None = None
    resistance: Load | None = None

    def at(
        self, name: Literal["current", "voltage", "power", "resistance"], t: float
    ) -> float | None:
        """What is given of one of the four at a time [s].

        Raises:
            CaseError: it is no value in time.
        """
        given: Load | None = getattr(self, name)
        if given is None:
            return None
        value: float | None = as_function(given, name)(t)
        return value


@dataclass(frozen=True)
class Surroundings:
    """What a step of a protocol sets in place of the setup's own; None and missing: as set up.

    Attributes:
        stack_pressure: [Pa].
        ambient: temperature around all thermal faces [K].
        cooling: face -> coefficient [W/(m2 K)].
        heat_flux: face -> flux into the cell [W/m2].
    """

    stack_pressure: float | None = None
    ambient: float | None = None
    cooling: Mapping[str, float] = field(default_factory=dict)
    heat_flux: Mapping[str, float] = field(default_factory=dict)


__all__ = ["Drive", "Load", "Surroundings"]
