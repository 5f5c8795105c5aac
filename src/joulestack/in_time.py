"""Values in time: a number, a function, or a table of points with straight lines between them. SI.

Whoever takes such a value turns it into a function with `as_function`, and into the times that
steps must land on with `kinks` and `jumps`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real
from typing import Any

from joulestack.errors import CaseError, Problem, shown

TimeFunction = Callable[[float], float]
InTime = float | TimeFunction
"""A number or a function of time [s], a `Profile` among them."""


@dataclass(frozen=True)
class Profile:
    """Piecewise linear function of time, held constant before and after; a repeated time is a jump.

    Attributes:
        times: in order [s], each at most twice.
        values: at the times; at a jump that before it comes first, and holds there.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """Take any sequences.

        Raises:
            CaseError: they are no table.
        """
        for name in ("times", "values"):
            object.__setattr__(self, name, tuple(map(float, getattr(self, name))))
        times, wrong = self.times, ""
        if len(times) != len(self.values) or not times:
            wrong = f"has {len(times)} times and {len(self.values)} values"
        elif not all(map(math.isfinite, (*times, *self.values))):
            wrong = "holds what is no finite number"
        elif any(b < a for a, b in pairwise(times)):
            wrong = "has times that are not in order"
        elif any(c == a for a, c in zip(times, times[2:], strict=False)):
            wrong = "has a time more than twice"
        if wrong:
            remedy = "give a value for each time, in order; a time that stands twice is a jump"
            raise CaseError(Problem("table in time", wrong, remedy))

    def value(self, t: float) -> float:
        """Value at time t [s]."""
        i = bisect_left(self.times, t)
        if i in (0, len(self.times)):
            return self.values[min(i, len(self.times) - 1)]
        start, end = self.times[i - 1], self.times[i]
        below, above = self.values[i - 1], self.values[i]
        return above if t == end else below + (t - start) / (end - start) * (above - below)

    __call__ = value

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """Times of kinks and jumps [s]."""
        return tuple(dict.fromkeys(self.times)) if len(self.times) > 1 else ()

    @property
    def jumps(self) -> tuple[float, ...]:
        """Times at which the value is another just after [s]."""
        points = zip(self.times, self.values, strict=True)
        return tuple(a for (a, v), (b, w) in pairwise(points) if a == b and v != w)

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return min(self.values), max(self.values)


def as_function(value: Any, name: str = "value in time") -> Callable[[float], Any]:
    """The function of time that a number, a table or a function stands for.

    Args:
        value: of the three.
        name: for the message.

    Raises:
        CaseError: it is none of them.
    """
    if callable(value):
        return value  # type: ignore[no-any-return]
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value):
        number = float(value)
        return lambda t: number
    remedy = "give a finite number in SI, a function of time or a Profile(times, values)"
    raise CaseError(Problem(name, f"{shown(repr(value))} is no value in time", remedy))


def kinks(values: Iterable[object]) -> tuple[float, ...]:
    """Times at which tables among some values kink or jump [s]."""
    return tuple(sorted({t for table in _tables(values) for t in table.breakpoints}))


def jumps(values: Iterable[object]) -> frozenset[float]:
    """Times at which tables among some values jump [s]."""
    return frozenset(t for table in _tables(values) for t in table.jumps)


def _tables(values: Iterable[object]) -> Iterator[Profile]:
    return (v for v in values if isinstance(v, Profile))
