"""What a run in time is asked for, and what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class StepControl:
    """Bounds on the time step [s], and the highest order of the BDF; None chooses.

    Attributes:
        first, largest: steps [s].
        order: highest order, 1 to 5.
        adaptive: steps follow their error; else they are as large as they may be.
    """

    first: float | None = None
    largest: float | None = None
    order: int | None = None
    adaptive: bool = True


@dataclass(frozen=True)
class Watched:
    """A scalar that a user looks at, and time steps therefore have to resolve.

    Attributes:
        name: for messages.
        value: in the present state of the model.
        scale: error of a step that is asked for, now [unit of the value].
        flows: the value takes currents from the residual, which must then be evaluated.
    """

    name: str
    value: Callable[[], float]
    scale: Callable[[], float]
    flows: bool = False


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

    REMEMBERS = ("steps", "rejected", "newton", "linear")

    steps: int = 0
    rejected: int = 0
    newton: int = 0
    linear: int = 0
    solver: str = ""
