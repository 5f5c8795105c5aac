"""What a run in time is asked for, and what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class StepControl:
    """Bounds on the time step [s] and order of the BDF; None chooses.

    Order 3 pays where reaction fronts move through electrodes, 2 for heat alone.
    """

    first: float | None = None
    largest: float | None = None
    order: int | None = None


@dataclass(frozen=True)
class Stop:
    """A limit that ends the run when a watched quantity reaches it.

    Attributes:
        name: for messages.
        distance: to the limit in the present state of the model, positive before.
        tolerance: how near is near enough, in the unit of the distance.
        flows: the distance takes currents from the residual, which must then be evaluated.
    """

    name: str
    distance: Callable[[], float]
    tolerance: float = 1e-6
    flows: bool = False


@dataclass
class Statistics:
    """Counts of a run."""

    steps: int = 0
    rejected: int = 0
    newton: int = 0
    linear: int = 0
    solver: str = ""
