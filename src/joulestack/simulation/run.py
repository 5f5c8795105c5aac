"""Run a case from file to results: `run(case)`.

Order of a run: mesh and media, forms (compiled once), consistent start, time steps, outputs. Every
accepted step is on disk before the next one starts, so an interrupted or failed run keeps what it
had.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mpi4py import MPI

from joulestack.case import petsc
from joulestack.case.case import Case
from joulestack.case.settings.check_numerics import NO_END
from joulestack.errors import CaseError, ConvergenceError, Problem
from joulestack.estimates import energy
from joulestack.estimates.agreement import disagreements
from joulestack.estimates.limits import limits
from joulestack.interruption import Interrupted, held
from joulestack.laws.state import State
from joulestack.materials import citations
from joulestack.materials.property import weak
from joulestack.microstructure.supply import supplied, told
from joulestack.outputs import headline, legend, origin, provenance
from joulestack.outputs import sensitivities as derivatives
from joulestack.outputs.folder import CHECKPOINT, ResultFolder
from joulestack.outputs.measured.steps import lines as measured_lines
from joulestack.outputs.progress import Progress
from joulestack.outputs.report.after_run import draw
from joulestack.outputs.result import Result
from joulestack.outputs.summary import manifest, write_json, write_references
from joulestack.physics.base import Physics
from joulestack.progress import stage
from joulestack.simulation import capacity
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.errors.estimate import say
from joulestack.simulation.judgement import judge, warn_of_limits, warn_of_ranges
from joulestack.simulation.keeper import FLUXES, Keeper
from joulestack.simulation.observe import Row
from joulestack.simulation.probes import Probes
from joulestack.simulation.procedure import Procedure
from joulestack.simulation.resuming import cut_off
from joulestack.simulation.resuming.checkpoints import Checkpoints
from joulestack.simulation.sensitivity.follow import Sensitivities
from joulestack.simulation.sensitivity.numbers import numbers
from joulestack.simulation.setup import Setup
from joulestack.simulation.setup_run import run_setup
from joulestack.simulation.simulation import Simulation
from joulestack.solver.stepper import StepControl
from joulestack.tolerances import Tolerances

log = logging.getLogger("joulestack")


def run(
    case: Case | Setup | str | Path,
    output: str | Path | None = None,
    overwrite: bool = False,
    progress: bool = True,
    comm: MPI.Comm = MPI.COMM_WORLD,
    physics: Sequence[Physics] = (),
    allow_scripts: bool = False,
    until: float | None = None,
    resume: bool = False,
    sensitivities: Sequence[str] = (),
    **more: Any,
) -> Result:
    """Simulate a case or a setup and write its results.

    Args:
        case: a case, the path of a case file, or a setup of a script.
        output: result folder; `results/<case name>` if not given. A setup has no name.
        overwrite: replace earlier results in that folder.
        progress: show a progress bar on a terminal.
        comm: MPI ranks to run on; a setup has those of its mesh.
        physics: processes beside those that the case or the setup asks for.
        allow_scripts: the case may name a gmsh script (.geo) as its mesh, which can run any
            command; of a case that is loaded already, `Case.load` was asked.
        sensitivities: numbers of the case or of the library to differentiate the run by, as
            `simulation.sensitivity.numbers.numbers` takes them; "library" for all of the library's.
        until: end of the run of a setup [s]; None: its steady state. A case says it itself.
        resume: go on with the run of a case that was cut off in that folder; one that is complete
            is left as it is.
        more: of a setup, as of `setup_run.SetupRun`: `at`, `landings`, `stops`, `title`,
            `tolerances`, `control`.

    Returns:
        The results, read back from the folder.

    Raises:
        CaseError: the case or its mesh is wrong, or the folder holds other files or results.
        ConvergenceError: a solve failed; results up to the last good state are in the folder.
        StorageError: the disk is full; what was written before is in the folder.
    """
    if isinstance(case, Setup):
        if sensitivities:
            what = "a setup has no file whose numbers could be moved"
            raise CaseError(Problem("sensitivities", what, "run a case"))
        if resume:
            what = "a setup of a script is not gone on with"
            raise CaseError(Problem("resume", what, "Simulation.save and restore do"))
        asked = replace(case, physics=(*case.physics, *physics))
        return run_setup(asked, output, until, overwrite, progress, **more)
    if until is not None or more:
        what, remedy = "a case says itself", 'case.replace({"time.end": "10 min"})'
        raise CaseError(Problem(", ".join(["until", *more]), what, remedy))
    started = time.perf_counter()
    case = case if isinstance(case, Case) else Case.load(case, allow_scripts=allow_scripts)
    if not case.file.ends:
        raise CaseError(Problem("time.end", *NO_END), case.source.name)
    where = Path("results") / case.name if output is None else output
    if resume and sensitivities:
        what = "derivatives are not kept where a run is cut off"
        raise CaseError(Problem("resume, sensitivities", what, "run it anew with overwrite"))
    if resume and cut_off.complete(Path(where), comm, overwrite):
        return Result(where)
    folder = ResultFolder(where, overwrite, comm, case.source.inputs(), resume)
    with folder:
        folder.start_log()
        going: CaseRun | None = None
        try:
            case = supplied(case, comm, bar=progress)
            with Progress(case.title, case.expected_time, enabled=progress, comm=comm) as bar:
                going = CaseRun(case, folder, comm, physics, sensitivities)
                if resume:
                    with held():
                        going.checkpoints.restore()
                    if comm.rank == 0:  # of the run as it was cut off
                        (folder.path / "summary.json").unlink(missing_ok=True)
                going.solve(bar)
                going.finish(time.perf_counter() - started)
        except KeyboardInterrupt as error:
            reached = None if going is None else going.observer.row.get("Time [s]")
            done = going is not None and going.completed
            raise cut_off.interrupted(error, folder.path, reached, done) from None
        except OSError as error:
            full = cut_off.full(error, folder.path)
            if full is None:
                raise
            raise full from None
    return Result(folder.path)


class CaseRun:
    """A case with its simulation and output files.

    Attributes:
        simulation: model, observer and stepper.
    """

    def __init__(
        self,
        case: Case,
        folder: ResultFolder,
        comm: MPI.Comm,
        physics: Sequence[Physics] = (),
        sensitivities: Sequence[str] = (),
    ) -> None:
        """Mesh, declare, compile; writes the manifest."""
        self.case, self.folder, self.comm = case, folder, comm
        asked = numbers(case, sensitivities)
        if asked and physics:
            what = "processes of a script are not known to the models beside that of the run"
            raise CaseError(Problem("sensitivities", what, "run without them, or --vary"))
        begin = time.perf_counter()
        wanted, control = case.outputs.fields, case.time
        self.simulation = Simulation(
            replace(setup_of(case, comm), physics=tuple(physics)),
            Tolerances(**control.tolerances),
            StepControl(first=control.first_step, largest=control.max_step),
            case.solver.linear,
            petsc.as_text(case.solver.petsc_options),
            vectors=FLUXES if wanted is None else wanted,
            interfaces=None if wanted is None else "interfaces" in wanted,
            errors=True,
        )
        self.model, self.observer = self.simulation.model, self.simulation.observer
        self.probes = Probes(self.model, case.probes)
        self.stepper = self.simulation.stepper
        self.timing = {"setup_s": time.perf_counter() - begin}
        self.procedure = Procedure(case.protocol, self.model, self.observer, self.stepper)
        self.sensitivities: Sensitivities | None = None
        if asked:
            self.sensitivities = Sensitivities(case, self.model, asked)
            self.stepper.tangents = self.procedure.beside = self.sensitivities
        self.keeper = Keeper(self.simulation, folder, wanted)
        self.failure = self.interrupted = ""
        self.completed = False
        self.checkpoints = self._checkpoints()
        for note in case.table_notes:
            log.info("%s", note)
        for note in dict.fromkeys(note for step in case.protocol.steps for note in step.notes):
            log.warning("%s", note)
        self.keeper.say_ready(self.timing["setup_s"])
        if comm.rank == 0:
            self._write_manifest()

    def _checkpoints(self) -> Checkpoints:
        simulation, stepper = self.simulation, self.stepper
        kept = {
            "observer": self.observer,
            "errors": simulation.errors,
            "step errors": stepper.errors,
            "held current": simulation.held_current,
            "keeper": self.keeper,
            "statistics": stepper.statistics,
            "newton": stepper.test.log,
            "power": stepper.power,
        }
        about = {"case": self.case.digest(), "code": origin.code_digest()}
        found = Checkpoints(
            self.folder.path / CHECKPOINT, self.model, stepper, self.procedure,
            {name: what for name, what in kept.items() if what is not None}, about,
        )  # fmt: skip
        # Derivatives are not kept: a run with them starts anew.
        if not self.case.time.steady and self.sensitivities is None:
            stepper.due, stepper.on_pause = found.due, found.write
        return found

    def _write_manifest(self) -> None:
        sources = provenance.sources(self.case)
        keys = {line["source"] for line in sources if line["source"]}
        write_json(
            self.folder / "manifest.json",
            manifest(
                self.case.resolved(),
                self.case.digest(),
                sources,
                ranks=self.comm.size,
                limits=self._limits(),
                microstructures=told(self.case),
                **{legend.SOURCES: self.observer.sources(), legend.LOSSES: self.observer.losses()},
            ),
        )
        state = State(T=self.case.start_temperature, p=self.case.stack_pressure.value(0.0))
        apart = disagreements(self.case, self.case.media(), state)
        for text in (*self._limits(), *apart):
            log.warning("%s", text)
        write_references(self.folder / "references.bib", citations.entries(), keys)
        (self.folder / "case.toml").write_text(self.case.to_toml(), encoding="utf-8")
        for said in weak(sorted((s["property"], s["source"], s["status"]) for s in sources)):
            log.warning("%s", said)

    def _limits(self, current: float = 0.0) -> list[str]:
        """Published limits of lithium that the case exceeds; said, never acted on."""
        return list(limits(self.case, self.case.media(), current / self.case.electrode_area))

    def solve(self, bar: Progress) -> None:
        """Steady or in time; on failure the last good state is written, then the error goes on."""
        begin = time.perf_counter()
        try:
            with held():
                self._solve(bar)
        except ConvergenceError as error:
            self.failure = str(error)
            self.keeper.write(self.model.time)
            self.timing["solve_s"] = time.perf_counter() - begin
            self.finish(sum(self.timing.values()))
            raise
        except Interrupted as error:
            self.timing["solve_s"] = time.perf_counter() - begin
            if self.observer.row and (error.orderly or self.comm.size == 1):
                self.interrupted = signal.Signals(error.number).name
                if error.orderly:
                    self.keeper.write(self.model.time)
                self.finish(sum(self.timing.values()))
            raise
        self.timing["solve_s"] = time.perf_counter() - begin

    def _solve(self, bar: Progress) -> None:
        if self.case.time.steady:
            self.procedure.settle()
            self._record(0.0, "steady", bar)
            self.keeper.write(0.0)
            return
        self.procedure.run(
            lambda t, kind: self._record(t, kind, bar),
            self.case.output_times,
            self.keeper.write,
            self.case.named_times,
        )
        self.keeper.write(self.model.time)
        if self.procedure.stopped_by:
            log.warning(
                "ended at t = %.6g s, before the protocol was over: %s",
                self.model.time,
                self.procedure.stopped_by,
            )

    def _record(self, t: float, kind: Any, bar: Progress) -> None:
        measured = self.observer.measure(t, kind)
        self.simulation.noted(kind)
        if self.sensitivities is not None:
            kink = t in self.procedure.kinks or t in self.model.kinks
            self.sensitivities.record(t, measured, kind, kink)
        row: Row = {"Time [s]": t}
        if self.case.driven:
            charge = self.observer.integrals["charge"]
            row |= capacity.columns(
                self.case.protocol, self.procedure.step, charge, self.case.electrode_area
            )
        row |= measured | self.probes.measure()
        self.keeper.record(row, self.procedure.kinks)
        bar.update(
            t,
            steps=self.stepper.statistics.steps,
            newton=self.stepper.test.log.total,
            temperature=row["Temperature max [K]"],
        )

    def finish(self, wall_time: float) -> None:
        """Close the files, write summary and pictures, judge the balances."""
        self.completed = not (self.failure or self.interrupted)
        self.keeper.close()
        balances = self.observer.balances(steady=self.case.time.steady)
        row = self.observer.row
        capacities = self.observer.capacities()
        steps = [outcome.table() for outcome in self.procedure.outcomes]
        late = [outcome.late for outcome in self.procedure.outcomes]
        figures, effort = self.keeper.figures(balances), self.keeper.effort()
        figures = {"protocol": steps, **figures}
        wrong = self.simulation.errors.table(figures, late) if self.simulation.errors else {}
        given = energy.of_run(self.case, steps) if self.case.driven else {}
        beside = capacity.measured(self.case, steps)
        spread = self._differentiated(figures, wrong)
        asked = {"energy": given, "measured": beside, "uncertainty": spread}
        if self.comm.rank == 0:
            write_json(
                self.folder / "summary.json",
                {
                    "case": self.case.name,
                    "title": self.case.title,
                    "completed": self.completed,
                    "failure": self.failure or None,
                    "interrupted": self.interrupted or None,
                    **self.keeper.condition(),
                    "stopped_by": self.procedure.stopped_by or None,
                    "ended_by": steps[-1]["ended_by"] if steps else None,
                    "end_time_s": row.get("Time [s]"),
                    "capacity_mAh": capacity.capacities(
                        self.case.capacity if self.case.driven else None, *capacities
                    ),
                    "capacity_mAh_per_g": capacity.of_electrodes(self.case, steps),
                    "limits": self._limits(row.get("Current [A]") or 0.0),
                    **{k: v for k, v in asked.items() if v},
                    **figures,
                    "numerical_error": wrong,
                    "wall_time_s": wall_time,
                    **self.timing,
                    **effort,
                },
            )
        if self.completed:
            self.checkpoints.remove()
        self._say(given, beside)
        judge(balances)
        say(wrong)
        warn_of_ranges(self.observer.ranges.news())
        warn_of_limits(self.observer.limits.news())
        if self.case.outputs.pictures and not self.interrupted:
            stage("drawing the pictures")
            draw(self.comm, self.folder, self.case.title)

    def _say(self, given: Mapping[str, Any], beside: Mapping[str, Any]) -> None:
        """Energy of the largest discharge, and capacities beside the measured ones."""
        if given and (told := energy.said(given["over"])):
            log.info("the largest discharge gave %s", told)
        for line in measured_lines(beside):
            log.info("%s", line)

    def _differentiated(
        self, figures: Mapping[str, Any], wrong: Mapping[str, Mapping[str, float]]
    ) -> dict[str, dict[str, Any]]:
        """Write the derivatives, if they were asked for; gives the uncertainty of the figures."""
        if self.sensitivities is None:
            return {}
        values = {name: value for name, (value, _) in headline.figures(figures).items()}
        found = self.sensitivities.outcome(values)
        if self.comm.rank == 0:
            derivatives.write(found, self.folder.path)
        for line in derivatives.said(found):
            log.info(line)
        return found.table(wrong)


__all__ = ["CaseRun", "run"]
