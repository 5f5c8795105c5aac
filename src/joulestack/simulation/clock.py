"""Time, and the constants of the forms that follow it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem

from joulestack.in_time import InTime, TimeFunction, as_function, jumps, kinks


class Clock:
    """The time of a model and everything that depends on it alone.

    Attributes:
        time: now [s].
    """

    def __init__(self, mesh: Any, given: Iterable[object] = ()) -> None:
        """Start at zero.

        Args:
            mesh: of the constants.
            given: values in time that somebody else evaluates; tables among them tell where they
                kink and jump.
        """
        self.time = 0.0
        self._mesh = mesh
        self._tables: list[object] = [*given]
        self._changing: list[Callable[[], Iterable[object]]] = []
        self._constants: list[tuple[npt.NDArray[np.float64], TimeFunction]] = []
        """Where the constants keep their numbers: asking for that costs more than the number."""

    def follow(self, given: InTime) -> fem.Constant:
        """A constant that follows a number, a function of time or a table."""
        function = as_function(given)
        self._tables.append(given)
        constant = fem.Constant(self._mesh, float(function(0.0)))
        self._constants.append((constant.value, function))
        return constant

    def mind(self, given: object) -> None:
        """Let time steps land on the kinks and jumps of a value that somebody else evaluates."""
        self._tables.append(given)

    def mind_changing(self, given: Callable[[], Iterable[object]]) -> None:
        """Likewise of values that others may take the place of, such as loads."""
        self._changing.append(given)

    def update(self, t: float) -> None:
        """Set the time [s] and every constant that follows it."""
        self.time = t
        for number, function in self._constants:
            number.fill(function(t))

    def at(self, t: float) -> npt.NDArray[np.float64]:
        """All the constants at another time [s]; they stay as they are."""
        return np.array([float(function(t)) for _, function in self._constants])

    @property
    def kinks(self) -> tuple[float, ...]:
        """Times at which what is given as tables kinks or jumps [s]: time steps land on them."""
        return kinks(self._given())

    @property
    def jumps(self) -> frozenset[float]:
        """Those at which it jumps [s]."""
        return jumps(self._given())

    def _given(self) -> Iterator[object]:
        yield from self._tables
        for values in self._changing:
            yield from values()
