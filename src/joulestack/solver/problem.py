"""What the solver needs of a model: the solver stands below it and knows it by this alone."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from joulestack.discretisation.domain import Domain
from joulestack.physics.terms import Terms
from joulestack.solver.system import BlockSystem


class TerminalLoad(Protocol):
    """The load of a cell, and the voltage that its terminals have."""

    cutoff: float
    """Voltage below which a given power draws no more current [V]; see `charge.terminal`."""

    @property
    def there(self) -> bool:
        """Whether the terminals are loaded at all, be it by no current."""

    def power(self) -> float | None:
        """Given power now [W], discharge positive; None while none is given."""

    def at_current(self, current: float) -> AbstractContextManager[None]:
        """Another load for a moment: a discharge current [A]."""

    def voltage(self) -> float:
        """Mean voltage of the positive terminal [V]; the negative one is at zero."""

    def lowest_voltage(self) -> float:
        """Lowest voltage anywhere on the positive terminal [V]."""


class CoupledProblem(Protocol):
    """Equations in time that are compiled and ready to be solved (`simulation.model.Model`)."""

    guessed: bool
    """The algebraic unknowns are those that Newton's method is to start from, no solution."""

    @property
    def system(self) -> BlockSystem:
        """Residual and Jacobian."""

    @property
    def domain(self) -> Domain:
        """The meshed cell."""

    @property
    def terms(self) -> Terms:
        """What the equations are made of."""

    @property
    def load(self) -> TerminalLoad:
        """At the terminals."""

    @property
    def epoch(self) -> int:
        """How often the unknowns have been set from outside."""

    @property
    def time(self) -> float:
        """Now [s]."""

    @property
    def kinks(self) -> tuple[float, ...]:
        """Times that steps must land on [s]."""

    @property
    def jumps(self) -> frozenset[float]:
        """Those at which what is given jumps [s]."""

    def breaks(self, t: float) -> bool:
        """Whether anything given in time jumps at a time [s]."""

    def update(self, t: float) -> None:
        """Set the time [s] and everything that depends on it alone."""

    def accept(self) -> None:
        """The present state is a step's end: what it has seen is remembered from now on."""
