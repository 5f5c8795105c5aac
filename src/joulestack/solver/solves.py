"""Solves at one moment: consistent potentials, steady state; and how PETSc solvers are set up."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from mpi4py import MPI
from petsc4py import PETSc

from joulestack import interruption
from joulestack.discretisation.fields import Block
from joulestack.errors import CaseError, ConvergenceError, Problem
from joulestack.solver import linear
from joulestack.solver.control import Statistics
from joulestack.solver.diagnosis import Diagnosis
from joulestack.solver.newton import FieldCriteria, FieldwiseTest
from joulestack.solver.operating import GivenPower
from joulestack.solver.problem import CoupledProblem, Tangents
from joulestack.solver.static_condensation import StaticCondensation
from joulestack.solver.stepping.step_errors import StepErrors
from joulestack.tolerances import Tolerances

LAGGED = {"snes_lag_jacobian": "3"}
"""The start is close and the nonlinearity mild: one Jacobian serves three iterations."""

MISMATCH = 1e2
"""Flow by which the residual of local unknowns without a rate is judged, for each vertex. It is of
order one: for charge-transfer laws 1e-4 of 2 R T/F, 5 uV. Their current density may be right from
the start and says nothing.
"""

_prefix = count()


def _refuse_unused(asked: Tolerances, state: Sequence[Block]) -> None:
    """A tolerance of a name that no unknown has declared would be asked for in vain.

    Raises:
        CaseError: there is one.
    """
    known = {t.name for block in state for t in block.info.tolerances}
    for name in asked.own:
        if name not in known:
            there = ", ".join(sorted(known))
            raise CaseError(Problem(f"tolerance {name!r}", "no unknown declares it", there))


def _always(value: float) -> Callable[[], float]:
    return lambda: value


@dataclass
class Solver:
    """The state of a model and the solves that need no time step.

    Attributes:
        model: finished model. Where it is restarted or restored, its state is taken anew.
        criteria_flow: size of the flow that each field balances [W, A, or what it declares], by
            key; nan or missing: the residual that a solve starts from takes its place.
        tolerances: accuracy.
        linear_kind, petsc_options: linear solver.
        x, rate: unknowns and their time derivatives.
        statistics: counts of the run.
        diagnosis: watches the residuals, for messages.
        power: keeps a given power on the branch of open circuit.
        errors: follows what the steps have erred by; None: nobody asks for it.
        tangents: derivatives of the run; None: nobody asks for them.
        due: whether this rank wants `on_pause` to be called now; it is told whether the next step
            begins a stretch of the load anew.
        on_pause: called between steps with the `Going` of the segment, None at the end of a
            stretch, on all ranks; all that is to come follows from it and the state.
    """

    model: CoupledProblem
    criteria_flow: Mapping[str, Callable[[], float]] = field(default_factory=dict)
    tolerances: Tolerances = field(default_factory=Tolerances)
    linear_kind: str = "auto"
    petsc_options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Create the vectors and the Newton test."""
        system = self.model.system
        self.x = system.vector.duplicate()
        system.write(self.x)
        self._epoch = self.model.epoch
        self.rate = system.vector.duplicate()
        self.statistics = Statistics()
        self._options: list[str] = []
        asked = self.tolerances
        _refuse_unused(asked, system.state)
        criteria = {
            key: FieldCriteria(asked.left(info.tolerance), self.criteria_flow.get(key))
            for key, info in system.infos.items()
        }
        criteria |= {
            points.block.info.key: FieldCriteria(
                error=asked.newton,
                flow=_always(math.inf if points.rated else MISMATCH * points.number),
            )
            for points in system.points
        }
        self.test = FieldwiseTest(system, criteria, asked)
        self.diagnosis = Diagnosis(self.model, self.test.log)
        self._settled: dict[str, float] = {}
        self.power = GivenPower(self.model, self.x, self._potentials)
        self.errors: StepErrors | None = None
        self.tangents: Tangents | None = None
        self.due: Callable[[bool], bool] = lambda between: False
        self.on_pause: Callable[[Any], None] = lambda going: None
        size, dimension = system.matrix_size, self.model.domain.tdim
        self.statistics.solver = linear.choose(self.linear_kind, dimension, size)

    def _standalone(self, settings: Mapping[str, str]) -> PETSc.SNES:
        system = self.model.system
        snes = PETSc.SNES().create(system.comm)

        def residual(snes: PETSc.SNES, x: PETSc.Vec, F: PETSc.Vec) -> None:
            system.residual(x, None, F)
            self.diagnosis.watch()

        snes.setFunction(residual, system.vector.duplicate())
        snes.setJacobian(lambda s, x, J, P: system.jacobian(x, None, 0.0), system.operator)
        self.configure(snes, settings)
        return snes

    def configure(
        self, snes: PETSc.SNES, settings: Mapping[str, str], stepping: bool = False
    ) -> StaticCondensation | None:
        """Give a SNES its options; an expert's win. Returns what eliminates the points."""
        prefix = f"joulestack{next(_prefix)}_"
        snes.setOptionsPrefix(prefix)
        ksp = snes.getKSP()
        elimination = StaticCondensation(self.model.system) if self.model.system.points else None
        inner = ksp if elimination is None else elimination.inner
        inner.setOptionsPrefix(prefix)
        chosen, linear_settings = linear.configure(
            inner, self.model.system, self.model.domain.tdim, self.linear_kind
        )
        self.statistics.solver = chosen
        snes.setConvergenceTest(self.test)
        if elimination is not None:
            eliminated: StaticCondensation = elimination

            def prepare(snes: PETSc.SNES, iteration: int) -> None:
                eliminated.keep = stepping and iteration > 0
                self.test.limit(snes, iteration)

            snes.setUpdate(prepare)
        database = PETSc.Options()
        options = {
            "snes_linesearch_type": "basic",
            "snes_max_it": "50",
            **linear_settings,
            **settings,
            **self.petsc_options,
        }
        for key, value in options.items():
            database[prefix + key] = value
        snes.setFromOptions()
        if elimination is not None:
            inner.setFromOptions()
            elimination.attach(ksp)
        # Split preconditioners read theirs when they are first set up: they stay until then.
        self._options += [prefix + key for key in options]
        return elimination

    def pause(self, going: Any = None) -> None:
        """Between two steps, where a run can be cut off and gone on with. Collective.

        Args:
            going: the `Going` of a segment; None: the next step begins a stretch of the load.

        Raises:
            Interrupted: somebody has asked for it, on any rank.
        """
        wish = np.array([interruption.asked(), self.due(going is None)], dtype=np.int64)
        if self.model.domain.comm.size > 1:
            self.model.domain.comm.Allreduce(MPI.IN_PLACE, wish, op=MPI.MAX)
        number, due = map(int, wish)
        if number or due:
            self.on_pause(going)
        interruption.check(number, orderly=True)

    def forget_options(self) -> None:
        """Take options that have been read out of PETSc's database."""
        database = PETSc.Options()
        for key in self._options:
            database.delValue(key)
        self._options.clear()

    def _solve(self, what: str, settings: Mapping[str, str], x: PETSc.Vec | None = None) -> None:
        x = self.x if x is None else x
        # A solver for this solve alone: its preconditioner would take memory all through the run.
        snes = self._standalone(settings)
        self.test.stepping = False
        try:
            with interruption.held():
                snes.solve(None, x)
            iterations, reason = snes.getIterationNumber(), snes.getConvergedReason()
        finally:
            self.test.stepping = True
            self.forget_options()
            snes.destroy()
        self.statistics.newton += iterations
        if reason <= 0:
            said = self.diagnosis.explain(what, reason)
            self.diagnosis.clear()
            raise ConvergenceError(said)
        self.model.system.read(x)
        self.model.system.write(x)

    def settle(self, x: PETSc.Vec) -> None:
        """Solve the algebraic equations of a state that is not the solver's own."""
        with self._frozen():
            self._solve("finding consistent potentials", {}, x)

    @contextmanager
    def _frozen(self) -> Iterator[None]:
        """Differential unknowns keep their values."""
        system = self.model.system
        system.frozen = True
        try:
            yield
        finally:
            system.frozen = False

    def _potentials(self) -> None:
        """Solve the algebraic equations under the present load, from the present potentials."""
        self._solve("finding consistent potentials", {} if self.model.system.points else LAGGED)

    def open_circuit(self) -> None:
        """Consistent potentials without current: where every load of a run starts from."""
        self._renew()
        with self._frozen(), self.model.load.at_current(0.0):
            self._potentials()
        self.model.guessed = False
        self.unsettle()

    def consistent(self) -> None:
        """Solve the algebraic equations at the present time, temperatures held.

        A first load is applied to the cell at open circuit, as it would be after a rest: a guess is
        near no particular solution where a load has two. Of a power it is the one on the branch
        of open circuit; see `power.most` for more power than there is.
        """
        model = self.model
        self._renew()
        if model.system.differential().all():
            return
        if model.guessed and model.load.there:
            self.open_circuit()
        asked = model.load.power()
        with self._frozen():
            if self._still_settled():
                return
            if asked is not None:
                self.power.consistent(asked)
            else:
                self.power.forget()
                self._potentials()
            self._settled = {} if self.power.most is not None else dict(self.test.log.residuals)

    def differentiate(self, frozen: bool = True) -> None:
        """Let the derivatives follow to the state just found, that of the unknowns with rates held.

        Args:
            frozen: they are held; False: a steady state has been found.
        """
        if self.tangents is None:
            return
        system = self.model.system
        snes = self._standalone({})
        ksp = snes.getKSP()
        ksp.setOperators(system.operator)
        system.frozen = frozen
        try:
            system.jacobian(self.x, None, 0.0)
            self.tangents.settle(ksp, self.x, self.rate, frozen)
        finally:
            system.frozen = False
            self.forget_options()
            snes.destroy()
            system.read(self.x, self.rate)

    def _renew(self) -> None:
        """Take the state of the model where somebody has set it since; forget the one before."""
        if self._epoch != self.model.epoch:
            self._epoch = self.model.epoch
            self.model.system.write(self.x)
            self.rate.zeroEntries()
            self.power.forget()
            self.diagnosis.clear()
            self.unsettle()

    def unsettle(self) -> None:
        """The state has moved on: its potentials are not known to be consistent any more."""
        self._settled = {}

    def _still_settled(self) -> bool:
        """Tell whether the last consistent potentials still are: same state, load not changed."""
        if not self._settled:
            return False
        system = self.model.system
        system.residual(self.x, None, system.vector)
        now = self.test.residuals(system.vector)
        return all(now[key] <= 2.0 * before for key, before in self._settled.items())

    def steady(self) -> None:
        """Solve for the steady state at the present time.

        Potentials first, temperatures held: from zero potentials the reaction heat of a whole
        open-circuit voltage would send the first temperatures to thousands of kelvins.
        """
        self.consistent()
        if self.power.most is None:
            self._solve("finding the steady state", {})
        if self.power.lacks():
            raise ConvergenceError(
                "finding the steady state failed: the cell cannot carry its power there\n"
                "    -> ask for less power"
            )
        self.differentiate(frozen=False)
        self.evaluate()

    def evaluate(self) -> None:
        """Leave values, rates and raw residuals of the present state in the model."""
        system = self.model.system
        system.residual(self.x, self.rate, system.vector)
