"""A case of the battery, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.accuracy.level import Level

VOLTAGE_RMS, VOLTAGE_WORST = 0.5e-3, 2e-3
"""At "normal", from a second after a jump on [V]."""
LASTS, CHARGE, RISE, IMPEDANCE, VOLTAGE = 5e-3, 2e-3, 5e-3, 5e-3, 5e-3
"""At "normal", relative [-]."""
ALLOWED: Mapping[str, float] = {"draft": 4.0, "normal": 1.0, "fine": 0.1}
"""Times these limits at another accuracy: the ratios of what levels are meant for."""


@dataclass(frozen=True)
class Figure:
    """One number of a case, beside what is right.

    Attributes:
        name: with the unit of `reference` and `ours`.
        error: in the unit of the limit.
        limit: at "normal" [V] or relative [-].
        unit: of error and limit, "mV" or "%".
        reference, ours: nan where a whole curve is compared.
        estimate: of the error by the run itself, as `error`; nan: none given.
    """

    name: str
    error: float
    limit: float
    unit: str = "%"
    reference: float = math.nan
    ours: float = math.nan
    estimate: float = math.nan

    def met(self, accuracy: str) -> bool:
        """Whether the error is within what is meant at an accuracy."""
        return abs(self.error) <= self.limit * ALLOWED[accuracy]


def relative(
    name: str, ours: float, reference: float, limit: float, estimate: float = math.nan
) -> Figure:
    """A number against another; an estimate is in the unit of the number."""
    off = ours / reference - 1
    return Figure(name, off, limit, "%", reference, ours, abs(estimate / reference))


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        figures: compared.
        seconds: of the processor, for the solve without building and compiling.
        steps: in time, of impedance frequencies.
    """

    figures: tuple[Figure, ...]
    seconds: float
    steps: int


@dataclass(frozen=True)
class Case:
    """One row of the battery.

    Attributes:
        name: for the command line.
        family: heading in the table.
        what: is solved, and what it is held against.
        run: ours at an accuracy, against the reference.
        quick: is in the suite.
    """

    name: str
    family: str
    what: str
    run: Callable[[Level], Outcome] = field(repr=False)
    quick: bool = False
