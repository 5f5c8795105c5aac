"""A setup that is solved and measured: the way that runs, measurements and scripts share.

simulation = solve(setup, until=600.0)
simulation["Voltage [V]"].entries
simulation.advance(1200.0)
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from joulestack.errors import CaseError, Problem
from joulestack.outputs import legend
from joulestack.outputs.grid import Snapshot
from joulestack.outputs.record import Floats, Record
from joulestack.outputs.snapshots import Snapshots
from joulestack.simulation.errors.estimate import ErrorEstimate
from joulestack.simulation.exhaustion import exhaustion_stops, stripped_stop
from joulestack.simulation.held_current import HeldCurrent
from joulestack.simulation.judgement import judge, warn_of_limits, warn_of_ranges
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer, Row
from joulestack.simulation.setup import Drive, Setup, Surroundings
from joulestack.solver.stepper import StepControl, Stepper, Stop
from joulestack.solver.stepping.step_errors import StepErrors
from joulestack.tolerances import Tolerances

log = logging.getLogger("joulestack")


class Simulation(Record):
    """A setup with its model, what has been recorded of it, and how it goes on.

    What else is to be measured adds its forms before the first solve, which compiles them.

    Attributes:
        setup: what is solved.
        model, observer: the assembled equations, and what measures them.
        rows: one record for each accepted step, the start and each jump of the load: what
            timeseries.csv has.
        snapshots: fields at the times that `advance` was asked for.
        time: of the present state [s].
        on_record: called with each record.
        errors: of the figures so far; None unless they are asked for.
        held_current: what steps resolve where a voltage is held; None without a load.
    """

    def __init__(
        self,
        setup: Setup,
        tolerances: Tolerances | None = None,
        control: StepControl | None = None,
        linear: str = "auto",
        petsc_options: Mapping[str, str] | None = None,
        vectors: Collection[str] = (),
        interfaces: bool | None = None,
        errors: bool = False,
    ) -> None:
        """Declare the equations; nothing is compiled yet.

        Args:
            setup: what to solve.
            tolerances: accuracy.
            control: bounds on the time step.
            linear: linear solver, as `solver.linear` of a case.
            petsc_options: as `solver.petsc_options` of a case.
            vectors: cell-wise fluxes wanted in snapshots: "heat_flux", "current_density".
            interfaces: fields on interfaces are wanted for files; None: where a fixture, a map of
                pressure or voids make them worth it.
            errors: follow the numerical errors, for `errors`.

        Raises:
            CaseError: the setup is wrong.
        """
        self.setup = setup
        self.model = Model(setup)
        if interfaces is None:
            held = setup.clamping is None and setup.pressure_shape is None
            interfaces = not held or bool(self.model.terms.touching)
        self.observer = Observer(self.model, vectors, interfaces)
        self.rows: list[Row] = []
        self.snapshots: list[Snapshot] = []
        self.time = 0.0
        self.on_record: Callable[[Row], None] = lambda row: None
        self.kernels = 0
        """Number of distinct compiled forms."""
        self._asked: dict[str, Any] = {
            "tolerances": tolerances or Tolerances(),
            "control": control or StepControl(),
            "linear_kind": linear,
            "petsc_options": petsc_options or {},
        }
        self._stepper: Stepper | None = None
        self._limits: tuple[Stop, ...] | None = None
        self._columns: dict[str, Floats] = {}
        self._counted = 0
        self._sampled: Snapshots | None = None
        self._steady = False
        self._doubtful: set[str] = set()
        self.errors = ErrorEstimate(self.observer) if errors else None
        self.held_current: HeldCurrent | None = None

    @property
    def stepper(self) -> Stepper:
        """What solves; the forms are compiled when it is first asked for."""
        if self._stepper is None:
            self._ready()
            self._stepper = Stepper(
                self.model, {key: self._flow(key) for key in self.model.fields}, **self._asked
            )
            if self.errors is not None:
                followed = self.errors.steps.corrected, self.errors.steps.late
                self._stepper.errors = StepErrors(self.model.system, *followed)
            if self.model.load.there:
                asked = self._stepper.tolerances.relative
                held = HeldCurrent(self.model, self.observer, asked)
                self._stepper.watched, self.held_current = (held.watched(),), held
        return self._stepper

    def _ready(self) -> None:
        """Compile the forms, once."""
        if not self.kernels:
            self.kernels = self.model.finish()
            for note in self.model.notes:
                log.info(note)

    def _flow(self, key: str) -> Callable[[], float]:
        return lambda: self.observer.flow(key)

    # -- solving ----------------------------------------------------------------

    def steady(self) -> Row:
        """Solve for the steady state under the load and the surroundings of the present time.

        Raises:
            ConvergenceError: there is none, or it was not found.
        """
        self._refuse_no_load()
        self.model.update(self.time)
        self.stepper.steady()
        self._record(self.time, "steady")
        self._judge()
        return self.row

    def advance(
        self,
        until: float,
        landings: Sequence[float] = (),
        stops: Sequence[Stop] = (),
        at: Sequence[float] = (),
        on_state: Callable[[float], None] | None = None,
        exactly: bool = True,
    ) -> tuple[Stop, ...]:
        """Go on in time from the present state; the first call starts consistently at t = 0.

        The run also ends, and says so, where a cell cannot carry its current: particles empty or
        full, no voltage or no lithium left.

        Args:
            until: end [s].
            landings: times at which functions of the setup jump or kink [s]; tables tell their own.
            stops: limits that end it before; one that is passed already ends it at once.
            at: times between now and the end whose fields are wanted [s].
            on_state: called at each of them with the state in the model, instead of taking a
                snapshot of it.
            exactly: steps end at the times `at`, so that each has a record too; False: fields are
                interpolated between steps, which many times (a film) do not slow down.

        Returns:
            What ended it before its end; nothing if nothing did.

        Raises:
            CaseError: the end is not ahead.
            ConvergenceError: a step failed; the last good state is left, and its records.
        """
        if not until > self.time:
            what = f"{until:g} s is not after {self.time:g} s, where the simulation stands"
            raise CaseError(Problem("until", what, "give a later time"))
        self._refuse_no_load()
        if not self.rows or self._steady:
            self.stepper.begin(self.time)
            self._record(self.time, "start")
        if self._limits is None:
            stripped = stripped_stop(self.model)
            exhausted = exhaustion_stops(self.model, self.observer)
            self._limits = (*exhausted, *([] if stripped is None else [stripped]))
        watched, show = (*stops, *self._limits), on_state or self._keep
        met = tuple(s for s in stops if s.distance() <= 0)
        if not met:
            try:
                met = self.stepper.advance(
                    self.time,
                    until,
                    landings,
                    self._record,
                    watched,
                    sorted(t for t in at if t > self.time),
                    show,
                    on_jump=lambda t: self._record(t, "jump"),
                    marks=tuple(at) if exactly else (),
                )
            finally:
                self.time = self.row["Time [s]"]
            self.time = self.model.clock.time = self.model.time if met else until
        for stop in met:
            if stop not in stops:
                log.warning("ended at t = %.6g s: %s", self.time, stop.name)
        self._judge()
        return met

    def follow(self, drive: Drive | None = None, surroundings: Surroundings | None = None) -> None:
        """Change the load or the surroundings from now on, and record what jumps.

        Args:
            drive: its functions and tables count from the time zero of the simulation; None: the
                present one stays.
            surroundings: what takes the place of the setup's own; None: nothing does.

        Raises:
            CaseError: the drive has other terminals than the setup's.
            ConvergenceError: no state under that load.
        """
        given = self.setup.drive
        if drive is not None and (
            given is None or (drive.negative, drive.positive) != (given.negative, given.positive)
        ):
            what = f"has the terminals {drive.negative} and {drive.positive}"
            remedy = "has none: give it a drive without current" if given is None else (
                f"has {given.negative} and {given.positive}"
            )  # fmt: skip
            raise CaseError(Problem("drive", what, f"the setup {remedy}"))
        self.model.follow(drive or self.model.load.drive, surroundings)
        if self.rows:
            self.stepper.begin(self.time, just_after=True)
            self._record(self.time, "jump")

    def save(self, path: str | Path) -> None:
        """Write the state to a file, for `restore`. Collective; see `Model.save`."""
        self._ready()
        self.model.save(path)

    def restore(self, path: str | Path) -> None:
        """Go on from a state that was saved, with records that begin there. Collective.

        Raises:
            CaseError: there is no such state, or it is of another problem (`Model.restore`).
        """
        self._ready()
        self.restart()
        self.model.restore(path)
        self.time = self.model.time

    def restart(self) -> None:
        """Put the start back and forget all records; nothing is compiled anew."""
        self.model.restart()
        self.observer.restart()
        self.rows.clear()
        self.snapshots.clear()
        self.time, self._steady, self._stepper = 0.0, False, None
        self._columns, self._counted = {}, 0
        self._doubtful.clear()
        if self.errors is not None:
            self.errors = ErrorEstimate(self.observer)

    def _record(self, t: float, kind: Literal["start", "jump", "step", "steady"] = "step") -> None:
        self.rows.append(self.observer.measure(t, kind))
        self.noted(kind)
        self._steady = kind == "steady"
        self.on_record(self.row)

    def noted(self, kind: str) -> None:
        """Compare the record just made with that of the corrected state."""
        if self.errors is not None:
            self.errors.add(self.row, self.model.system.step if kind == "step" else None)

    def _keep(self, t: float) -> None:
        self.snapshots.append(self._snapshot(t))

    def _refuse_no_load(self) -> None:
        """A drive that only names its terminals would be taken for one without current."""
        drive = self.model.load.drive
        if drive is None:
            return
        if drive.current is drive.voltage is drive.power is drive.resistance is None:
            given = "a current (0 at open circuit), a voltage, a power or a resistance"
            remedy = f"give {given}, or drive = None"
            raise CaseError(Problem("drive", "says no load", remedy))

    def _judge(self) -> None:
        """Say what does not close and which laws left their range, each once."""
        open_ones = {k: v for k, v in self.balances.items() if k not in self._doubtful}
        self._doubtful.update(judge(open_ones))
        warn_of_ranges(self.observer.ranges.news())
        warn_of_limits(self.observer.limits.news())

    # -- what was found -----------------------------------------------------------

    @property
    def row(self) -> Row:
        """The last record."""
        return self.observer.row

    @property
    def heat(self) -> Row:
        """Heat since the start by source [J]."""
        return self.observer.heat

    @property
    def balances(self) -> Row:
        """How well heat, charge and lithium balance, relative; what does not is warned of."""
        return self.observer.balances(steady=self._steady)

    def snapshot(self) -> Snapshot:
        """Fields of the present state as plain arrays, of the cells of this rank."""
        return self._snapshot(self.time)

    def _snapshot(self, t: float) -> Snapshot:
        if self._sampled is None:
            self._sampled = Snapshots(self.model)
        return self._sampled.snapshot(t, self.observer.cell_data())

    @property
    def _table(self) -> dict[str, Floats]:
        if self._counted != len(self.rows):
            self._counted = len(self.rows)
            names = dict.fromkeys(name for row in self.rows for name in row)
            self._columns = {
                name: np.array([row.get(name, np.nan) for row in self.rows]) for name in names
            }
        return self._columns

    @property
    def _whose(self) -> str:
        return "the simulation"

    @property
    def _legend(self) -> legend.Legend:
        told = {legend.SOURCES: self.observer.sources(), legend.LOSSES: self.observer.losses()}
        return legend.of_manifest(told)

    def _shown(self, time: float | None) -> Snapshot:
        if time is not None and time != self.time:
            raise ValueError(f"the present state is that of {self.time:g} s: ask for it, or for at")
        if self.model.domain.comm.size > 1:
            raise ValueError("a rank has its own cells only; write the fields and draw from them")
        return self.snapshot()

    def __repr__(self) -> str:
        return f"<Simulation at {self.time:.6g} s: {len(self.rows)} records>"


def solve(
    setup: Setup,
    until: float | None = None,
    landings: Sequence[float] = (),
    stops: Sequence[Stop] = (),
    at: Sequence[float] = (),
    tolerances: Tolerances | None = None,
    control: StepControl | None = None,
) -> Simulation:
    """Solve a setup from its start, or for its steady state.

    Args:
        setup: what to solve.
        until: end [s]; None: the steady state.
        landings, stops, at: as of `Simulation.advance`.
        tolerances, control: as of `Simulation`.

    Returns:
        The simulation: what was found, to be read, and to go on from.

    Raises:
        CaseError: the setup is wrong.
        ConvergenceError: a solve failed; a `Simulation` of one's own keeps what was found before.
    """
    simulation = Simulation(setup, tolerances, control)
    if until is not None:
        simulation.advance(until, landings, stops, at)
        return simulation
    if landings or stops or at:
        what, remedy = "have no effect on a steady state", "say until when"
        raise CaseError(Problem("landings, stops, at", what, remedy))
    simulation.steady()
    return simulation
