"""The derivative of a run with respect to one number, carried along its steps.

A step of the run ends at F(x, a_0 x + a_1 x_1 + ..., t; p) = 0. Derived by p, with s = dx/dp,

    J s = -dF/dp - dF/dx' (a_1 s_1 + a_2 s_2 + ...),    J = dF/dx + a_0 dF/dx',

one solve with the matrix of the step. Its right side, and all that J leaves out (a fixture answers
to the thickness), is in the residuals of the two twins at x +- h s: their central difference

    r = (F_+(x + h s) - F_-(x - h s)) / 2h

is zero where s is right, and s -= J^-1 r brings it there. So nothing is differentiated by hand, and
what the twins record of their states, less each other, are the derivatives of what the run records.

Times of a run may depend on p too: a limit is met later. The twins then have times of their own,
t +- h theta with theta = dt/dp, the same for all states of a stretch of steps; where a step ends at
a limit g = 0, theta grows by -(dg/dp)/(dg/dt), and s by that times dx/dt (`solver/moving_end.py`).

Cao, Li, Petzold, Serban, Adjoint sensitivity analysis for differential-algebraic equations, SIAM J.
Sci. Comput. 24 (2003) 1076, section 2 (forward equations); Galan, Feehery, Barton, Parametric
sensitivity functions for hybrid discrete/continuous systems, Appl. Numer. Math. 31 (1999) 17
(events).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from petsc4py import PETSc

from joulestack.simulation.observe import Row
from joulestack.simulation.sensitivity.numbers import MOVED_BY, Number
from joulestack.simulation.sensitivity.twin import Twin
from joulestack.solver.control import Stop
from joulestack.solver.problem import Linearised
from joulestack.solver.stepping.history import (
    HIGHEST_ORDER,
    combined,
    rate_weights,
    value_weights,
)

Array = npt.NDArray[np.float64]

Ended = tuple[Stop, Stop, Stop]

UNSOLVED = 1e-9
"""Of the derivative of a field: what corrections may leave of it."""

FIRST_GAIN = 1e-2
"""By which a correction is taken to make the error smaller, before two of them tell."""

MOST_CORRECTIONS = 8

OVERLOOKED = 1e-2
"""Relative change of a field, by as large a change of the number, that is not looked at."""

GIVEN_UP = 1e-4
"""What may be left at most: where corrections do not bring it below, the number is given up."""


@dataclass
class Tangent:
    """One number, its twins, and the derivative of the present state.

    Attributes:
        number: with respect to which.
        plus, minus: twins.
        parts: slices of the unknowns of each field or local state.
        s: derivative of the unknowns of this rank.
        theta: of the present time [s per unit of the number].
        rows: derivatives of what was recorded, record by record, along with the steps; "Time [s]"
            has theta.
        lost: why it was given up; empty while it goes on.
    """

    number: Number
    plus: Twin
    minus: Twin
    parts: Sequence[slice]
    s: Array = field(default_factory=lambda: np.zeros(0))
    theta: float = 0.0
    rows: list[Row] = field(default_factory=list)
    lost: str = ""

    def __post_init__(self) -> None:
        """Begin with what the twins start from."""
        self.h = self.number.step
        self._comm = self.plus.model.domain.comm
        vector = self.plus.model.system.vector
        self._right, self._solution = vector.duplicate(), vector.duplicate()
        self.s = np.asarray((self.plus.x - self.minus.x) / (2 * self.h))
        self._rate = np.zeros_like(self.s)
        self._largest = np.zeros(len(self.parts))
        self._times: list[float] = []
        self._past: list[Array] = []

    @property
    def twins(self) -> tuple[tuple[float, Twin], tuple[float, Twin]]:
        """With how far each is off [unit of the number]."""
        return (self.h, self.plus), (-self.h, self.minus)

    # -- along the run -----------------------------------------------------------

    def settle(self, ksp: PETSc.KSP, x: Array, rate: Array, t: float, frozen: bool) -> None:
        """Follow to a state without a step; see `Tangents.settle`."""

        def difference(s: Array) -> Array:
            return self._difference(
                lambda off, twin: twin.residual(
                    x + off * s, None, t + off * self.theta, None, frozen
                )
            )

        self.s = self._corrected(ksp, self.s, difference)
        self._difference(
            lambda off, twin: twin.residual(
                x + off * self.s, rate + off * self._rate, t + off * self.theta, None, False
            )
        )

    def begin(self, t: float) -> None:
        """Steps begin anew at a time of the run [s]."""
        self._times, self._past = [t], [self.s]
        for off, twin in self.twins:
            twin.times = [t + off * self.theta]

    def step(self, given: Linearised, theta: float | None, ended: Ended | None) -> None:
        """Follow a step of the run; see `Linearised`.

        Args:
            given: the step.
            theta: that its end is known to have; None: that of its start.
            ended: stop that ends it here, of the run and of both twins.
        """
        order = len(given.times) - 1
        weights = rate_weights(given.times[0], given.times[1:])
        offset = combined(weights[1:], self._past[:order])
        known = min(order + 1, len(self._past))
        guess = combined(value_weights(given.times[0], self._times[:known]), self._past[:known])
        x, rate = given.states[0], combined(weights, given.states)

        def difference(s: Array) -> Array:
            def of(off: float, twin: Twin) -> Array:
                step = (given.times[0] + off * self.theta, *twin.times[:order])
                here = rate + off * (weights[0] * s + offset)
                return twin.residual(x + off * s, here, given.at + off * self.theta, step, False)

            return self._difference(of)

        self.s = self._corrected(given.ksp, guess, difference)
        later = 0.0 if theta is None else theta - self.theta
        if ended is not None:
            later = self._later(given, ended)
        if later:
            velocity, _ = given.velocity(None)
            self.s = self.s + later * velocity
        self.theta += later
        self._end(given, offset, weights[0], later)

    def _later(self, given: Linearised, ended: Ended) -> float:
        """How much later the limit is met that ends a step [s per unit]."""
        stop, above, below = ended
        _, speed = given.velocity(stop)
        by_number = (above.distance() - below.distance()) / (2 * self.h)
        if not speed:
            self.lost = self.lost or f"when it ends cannot be followed: {stop.name}"
            return 0.0
        return -by_number / speed

    def _end(self, given: Linearised, offset: Array, first: float, later: float) -> None:
        """Leave the twins at the end of the step, each with the formula of its own times."""
        order, x = len(given.times) - 1, given.states[0]
        for off, twin in self.twins:
            t = given.times[0] + off * self.theta
            own = x + off * self.s
            before = [s + off * d for s, d in zip(given.states[1:], self._past, strict=False)]
            rate = combined(rate_weights(t, twin.times[:order]), [own, *before])
            twin.residual(own, rate, given.at + off * self.theta, (t, *twin.times[:order]), False)
            twin.model.accept()
            twin.times.insert(0, t)
            del twin.times[HIGHEST_ORDER + 2 :]
        self._rate = first * self.s + offset
        self._times.insert(0, given.times[0])
        self._past.insert(0, self.s)
        del self._times[HIGHEST_ORDER + 2 :], self._past[HIGHEST_ORDER + 2 :]

    # -- the equation ------------------------------------------------------------

    def _difference(self, of: Callable[[float, Twin], Array]) -> Array:
        above, below = (of(off, twin) for off, twin in self.twins)
        return np.asarray((above - below) / (2 * self.h))

    def _corrected(
        self, ksp: PETSc.KSP, guess: Array, difference: Callable[[Array], Array]
    ) -> Array:
        """Solve difference(s) = 0, which is linear, with a matrix that is nearly its own."""
        s, gain, before = guess, FIRST_GAIN, np.inf
        size = np.inf
        for n in range(MOST_CORRECTIONS):
            self._right.array[:] = -difference(s)
            ksp.solve(self._right, self._solution)
            change = self._solution.array_r.copy()
            if ksp.getConvergedReason() < 0 or not np.isfinite(change).all():
                break
            s = s + change
            size = self._relative(change, s)
            if n:
                gain = size / before if before else 0.0
            if size * min(gain, 1.0) <= UNSOLVED or (n and gain > 0.5 and size <= GIVEN_UP):
                break
            before = size
        if not size <= GIVEN_UP and not self.lost:
            self.lost = f"what the solve left of it was {size:.1g}"
        return s

    def _relative(self, change: Array, s: Array) -> float:
        """Largest change of a field's derivative, as part of it.

        What cannot be told from round-off counts as nothing: a field that the number moves by next
        to nothing of its own size.
        """
        x = 0.5 * (self.plus.x + self.minus.x)
        sums = np.array([[v[p] @ v[p] for p in self.parts] for v in (change, s, x)])
        self._comm.Allreduce(MPI.IN_PLACE, sums, op=MPI.SUM)
        changes, derivatives, sizes = np.sqrt(sums)
        self._largest = np.maximum(self._largest, sizes)
        whole = derivatives + OVERLOOKED * MOVED_BY / self.h * self._largest
        there = whole > 0
        return float((changes[there] / whole[there]).max(initial=0.0))
