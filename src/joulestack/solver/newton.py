"""Newton's method, judged field by field.

Potentials and kelvins share no norm. A field has converged when the estimated remaining error of
its unknowns is below the tolerance that it declares and its residual, a sum of amperes or watts, is
small against the flow through the cell (or cannot be reduced any further in double precision).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import add

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from petsc4py import PETSc

from joulestack import interruption
from joulestack.solver.system import BlockSystem
from joulestack.tolerances import Tolerances

Array = npt.NDArray[np.float64]

MAX_ITERATIONS = 8
"""Of a time step, which can be made shorter instead."""

MAX_ALONE = 25
"""Of a solve at one moment, which cannot: its start may be far off."""

SLOW = 0.5
"""Ratio of residuals above which an iteration has not brought much."""

HOPELESS = 3
"""So many slow iterations of a time step in a row, and a shorter one is the better way."""

ZERO_RESIDUAL = 1e-20
"""Residual of no field [A, W, or what it declares]: an ampere of so many is an electron in 16 s."""

STAGNATION = 0.3
CONVERGED = PETSc.SNES.ConvergedReason.CONVERGED_FNORM_RELATIVE
ITERATING = PETSc.SNES.ConvergedReason.ITERATING
DIVERGED_NAN = PETSc.SNES.ConvergedReason.DIVERGED_FUNCTION_DOMAIN
DIVERGED_IT = PETSc.SNES.ConvergedReason.DIVERGED_MAX_IT


@dataclass
class FieldCriteria:
    """When a field counts as solved.

    Attributes:
        error: tolerance of the unknown [its unit].
        flow: gives the size of the flow it balances [A, W, or what the field declares]; None or
            nan: the residual that the solve starts from is taken for it.
        balance: tolerated sum of residuals relative to that flow.
    """

    error: float
    flow: Callable[[], float] | None
    balance: float = 1e-6


@dataclass
class NewtonLog:
    """What happened in the last solve, for messages."""

    REMEMBERS = ("total",)

    iterations: int = 0
    total: int = 0
    worst: str = ""
    residuals: dict[str, float] = field(default_factory=dict)
    errors: dict[str, float] = field(default_factory=dict)


class FieldwiseTest:
    """Convergence test for SNES that looks at each field on its own.

    Attributes:
        stepping: judges a time step, which can be made shorter instead.
        futile: tells of the unknowns after another iteration whether the step is too inaccurate in
            any case; None: nobody knows. Collective.
        breakable: a step may be given up where somebody has asked for the end of the run.
    """

    def __init__(
        self,
        system: BlockSystem,
        criteria: dict[str, FieldCriteria],
        asked: Tolerances,
    ) -> None:
        """Judge `system` by `criteria` (by key); errors of local unknowns as parts of `asked`."""
        self.system = system
        self._scales = [points.scales(asked) for points in system.points]
        self.criteria = criteria
        keys = list(criteria)
        filled = [
            (part, keys.index(block.info.key))
            for block, part in zip(system.state, system.slices, strict=True)
            if block.owned
        ]
        self._starts = np.array([part.start for part, _ in filled], dtype=np.intp)
        self._key_of = [key for _, key in filled]
        """Where each block with unknowns on this rank begins, and which criterion is its."""
        self._points = [(p, part, keys.index(p.block.info.key)) for p, part in system.point_parts]
        self.log = NewtonLog()
        self.stepping = True
        self.futile: Callable[[Array], bool] | None = None
        self.breakable = False
        self._first: dict[str, float] = {}
        self._previous: dict[str, float] = {}
        self._updates: dict[str, float] = {}
        self._slow = 0
        self._last = system.vector.duplicate()

    def __call__(
        self, snes: PETSc.SNES, iteration: int, norms: tuple[float, float, float]
    ) -> object:
        """Return a converged reason, or zero to go on."""
        residual = self.residuals(snes.getFunction()[0])
        if not all(map(math.isfinite, residual.values())):
            self.log.worst = next(k for k, v in residual.items() if not math.isfinite(v))
            return DIVERGED_NAN
        if iteration == 0:
            self._first = self._previous = residual
            self._updates = {}
            self.log.residuals = residual
            self.log.iterations = self._slow = 0
            # The matrix may be singular there: of a cell at rest that nothing cools.
            return CONVERGED if max(residual.values()) <= ZERO_RESIDUAL else ITERATING
        self.log.iterations = iteration
        self.log.total += 1
        update = self._changes(snes.getSolutionUpdate().array_r)
        # The first solve of a foil at a guess may leave currents as large as its round-off, a
        # second one takes them away; steps start from there.
        may_be_rough = self.stepping or iteration > 1
        unsolved = [
            key
            for key, criterion in self.criteria.items()
            if not self._solved(key, criterion, residual[key], update[key], may_be_rough)
        ]
        done = not unsolved
        if unsolved:
            self.log.worst = unsolved[-1]
        worst = self.log.worst
        slow = not done and residual[worst] > SLOW * self._previous[worst]
        self._slow = self._slow + 1 if slow else 0
        self._previous, self._updates = residual, update
        self.log.residuals = residual
        if done:
            return CONVERGED
        return DIVERGED_IT if self._given_up(snes, iteration) else ITERATING

    def _given_up(self, snes: PETSc.SNES, iteration: int) -> bool:
        """Whether an iteration that is not the last one needed is the last one made."""
        if self.breakable and interruption.asked() and self.system.comm.size == 1:
            return True  # told by whoever solves; ranks agree between steps
        hopeless = self.stepping and self._slow >= HOPELESS
        if iteration > 1 and not hopeless and self.futile is not None:
            hopeless = self.futile(snes.getSolution().array_r)
        return hopeless or iteration >= (MAX_ITERATIONS if self.stepping else MAX_ALONE)

    def _solved(
        self, key: str, criterion: FieldCriteria, now: float, update: float, may_be_rough: bool
    ) -> bool:
        """Whether a field is accurate and balanced; logs the error that is left of it.

        Args:
            key: of the field.
            criterion: its own.
            now: its residual.
            update: its last change.
            may_be_rough: a residual of its round-off counts as balanced.
        """
        before = self._previous[key]
        ratio = now / before if before > 0 else math.inf if now > 0 else 0.0
        # What is left of an update: by the residual or, where that is at its floor already
        # and follows other fields, by the last two updates.
        last = self._updates.get(key, 0.0)
        left = min(ratio, update / last if last > 0 else 1.0, 1.0)
        error = update * left
        self.log.errors[key] = error
        accurate = error <= criterion.error or update <= criterion.error
        return accurate and (
            ratio > STAGNATION
            or now <= criterion.balance * self._flow(key, criterion)
            or (may_be_rough and now <= self.system.round_off(key))
        )

    def _flow(self, key: str, criterion: FieldCriteria) -> float:
        """Size of the flow that a field balances."""
        flow = self._first[key] if criterion.flow is None else criterion.flow()
        return flow if flow == flow else self._first[key]

    def limit(self, snes: PETSc.SNES, iteration: int) -> None:
        """Before an iteration: take back what the last one, or the first guess, overdid."""
        x = snes.getSolution()
        # On a copy: a vector that was open for writing counts as another state.
        new = x.array_r.copy()
        if self.system.limit(self._last.array_r if iteration else None, new):
            x.array[:] = new
            F = snes.getFunction()[0]
            snes.computeFunction(x, F)
            self._previous = self.log.residuals = self.residuals(F)
        x.copy(self._last)

    def residuals(self, F: PETSc.Vec) -> dict[str, float]:
        """Sum of the magnitudes of each field's residuals [A or W]."""
        return self._over_ranks(self._by_key(np.add, add, F.array_r), MPI.SUM)

    def _changes(self, change: np.ndarray) -> dict[str, float]:
        """Largest change of each field; of local unknowns in units of what matters."""
        local = self._by_key(np.maximum, _larger, change)
        for (points, part, key), scales in zip(self._points, self._scales, strict=True):
            local[key] = points.largest(change[part], scales)
        return self._over_ranks(local, MPI.MAX)

    def _by_key(
        self, over: np.ufunc, join: Callable[[float, float], float], values: np.ndarray
    ) -> list[float]:
        """This rank's sum or largest magnitude of each criterion's unknowns; zero without any."""
        local = [0.0] * len(self.criteria)
        if self._starts.size:
            blocks = over.reduceat(np.abs(values), self._starts)
            for key, value in zip(self._key_of, map(float, blocks), strict=True):
                local[key] = join(local[key], value)
        return local

    def _over_ranks(self, local: list[float], operation: MPI.Op) -> dict[str, float]:
        if self.system.comm.size == 1:
            return dict(zip(self.criteria, local, strict=True))
        result = np.zeros(len(local))
        self.system.comm.Allreduce(np.array(local), result, op=operation)
        return dict(zip(self.criteria, map(float, result), strict=True))


def _larger(a: float, b: float) -> float:
    """The larger one; what is no number is never smaller."""
    return a if b <= a else b
