"""What a run in time is asked for, and what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tolerances:
    """Accuracy asked for.

    Attributes:
        temperature: absolute error of a step in temperature [K].
        relative: error of a step relative to the temperature rise [-].
        newton: part of the step error that Newton may leave.
        potential: error that Newton may leave in a potential [V].
    """

    temperature: float = 1e-4
    relative: float = 1e-4
    newton: float = 1e-2
    potential: float = 1e-9


@dataclass(frozen=True)
class StepControl:
    """Bounds on the time step [s]; None chooses."""

    first: float | None = None
    largest: float | None = None
    order: int = 2


@dataclass(frozen=True)
class Stop:
    """A limit that ends the run when a watched quantity reaches it: value(model) crosses zero."""

    name: str
    distance: Callable[[], float]


@dataclass
class Statistics:
    """Counts of a run."""

    steps: int = 0
    rejected: int = 0
    newton: int = 0
    linear: int = 0
    solver: str = ""
    stopped_by: str = ""
