"""What the solver needs of a model: the solver stands below it and knows it by this alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from petsc4py import PETSc

from joulestack.discretisation.domain import Domain
from joulestack.physics.terms import Terms
from joulestack.solver.control import Stop
from joulestack.solver.system import BlockSystem

Array = npt.NDArray[np.float64]


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


@dataclass(frozen=True)
class Linearised:
    """The end of a step, with what tells how it moves.

    Attributes:
        ksp: solves with the Jacobian of the step, taken at its end.
        times: that the rate was taken from, its own first [s].
        states: unknowns of this rank at these times.
        at: time that the load is that of: `times[0]`, held inside the piece of the load [s].
        stops: that end it here.
        velocity: how the end of the step moves when its time is moved: dx/dt of the formula, and
            how fast a stop's distance moves with it [1/s].
    """

    ksp: PETSc.KSP
    times: Sequence[float]
    states: Sequence[Array]
    at: float
    stops: tuple[Stop, ...]
    velocity: Callable[[Stop | None], tuple[Array, float]]


class Tangents(Protocol):
    """Derivatives of a run, carried along with it (`simulation/sensitivity/`)."""

    def settle(self, ksp: PETSc.KSP, x: PETSc.Vec, rate: PETSc.Vec, frozen: bool) -> None:
        """A state without a step has been found: after a jump of the load, or a steady one.

        Args:
            ksp: solves with the Jacobian there.
            x, rate: the state; the rate is that of the last step.
            frozen: unknowns with rates were held.
        """

    def begin(self, t: float) -> None:
        """Steps begin anew at a time [s]: nothing is known of what was before."""

    def step(self, given: Linearised) -> None:
        """A good step has been taken."""
