"""The run of a setup that a script has built: the folder of results that a case leaves.

What only a case can say is not in it: a case to run again, its digest, its protocol, published
limits.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from joulestack.errors import CaseError, ConvergenceError, Problem
from joulestack.materials import citations
from joulestack.materials.property import weak
from joulestack.outputs import legend, provenance
from joulestack.outputs.folder import ResultFolder
from joulestack.outputs.progress import Progress
from joulestack.outputs.report.after_run import draw
from joulestack.outputs.result import Result
from joulestack.outputs.summary import manifest, write_json, write_references
from joulestack.progress import stage
from joulestack.simulation import capacity
from joulestack.simulation.errors.estimate import say
from joulestack.simulation.keeper import FLUXES, Keeper
from joulestack.simulation.observe import Row
from joulestack.simulation.setup import Setup
from joulestack.simulation.simulation import Simulation
from joulestack.solver.stepper import StepControl, Stop
from joulestack.tolerances import Tolerances

log = logging.getLogger("joulestack")

Advance = Callable[[Sequence[Stop]], tuple[Stop, ...]]
"""Goes on until one of some stops or the end of the run; gives the stops that were met."""

Course = Callable[[Simulation, Advance], Mapping[str, Any]]
"""What happens in a run of several stretches; gives what summary.json says of it."""

STATES = 60
"""Intervals between written states where nothing is asked for."""


def run_setup(
    setup: Setup,
    output: str | Path | None,
    until: float | None = None,
    overwrite: bool = False,
    progress: bool = True,
    at: Sequence[float] | None = None,
    landings: Sequence[float] = (),
    stops: Sequence[Stop] = (),
    title: str = "",
    tolerances: Tolerances | None = None,
    control: StepControl | None = None,
    course: Course | None = None,
) -> Result:
    """Solve a setup and write its results. Collective over the ranks of its mesh.

    Args:
        setup: what to solve.
        output: folder; a setup has no name to make one of.
        until: end [s]; None: the steady state.
        overwrite: replace earlier results in that folder.
        progress: show a progress bar on a terminal.
        at: times whose fields are written and where steps end [s], beside start and end; None: 60
            intervals, interpolated between steps.
        landings, stops: as of `Simulation.advance`.
        title: of the pictures.
        tolerances, control: as of `Simulation`.
        course: goes on by itself, in stretches with stops of their own.

    Raises:
        CaseError: the setup is wrong, or the folder holds other files or results.
        ConvergenceError: a solve failed; results up to the last good state are in the folder.
    """
    if output is None:
        what, remedy = "a setup has no name to make a folder of", 'give one: "results/my_cell"'
        raise CaseError(Problem("output", what, remedy))
    if until is None and (at or landings or stops):
        what, remedy = "have no effect on a steady state", "say until when"
        raise CaseError(Problem("at, landings, stops", what, remedy))
    comm = setup.tagged.mesh.comm
    started = time.perf_counter()
    with ResultFolder(output, overwrite, comm) as folder:
        folder.start_log()
        with Progress(title or folder.path.name, until or 0.0, progress, comm) as bar:
            simulation = Simulation(setup, tolerances, control, vectors=FLUXES, errors=True)
            keeper = Keeper(simulation, folder)
            timing = {"setup_s": time.perf_counter() - started}
            keeper.say_ready(timing["setup_s"])
            if comm.rank == 0:
                _write_manifest(simulation, folder, title)

            def told(row: Row) -> None:
                keeper.record(row, landings)
                if len(simulation.rows) == 1:
                    keeper.write(row["Time [s]"])
                counts = simulation.stepper.statistics.steps, simulation.stepper.test.log.total
                bar.update(row["Time [s]"], *counts, row["Temperature max [K]"])

            simulation.on_record = told
            failure, met, more = "", tuple[Stop, ...](), dict[str, Any]()
            begin = time.perf_counter()
            try:
                if until is None:
                    simulation.steady()
                else:
                    wanted = (
                        [until * i / STATES for i in range(1, STATES + 1)] if at is None else at
                    )

                    def advance(ends: Sequence[Stop]) -> tuple[Stop, ...]:
                        nonlocal met
                        met = simulation.advance(
                            until, landings, ends, wanted, keeper.write, exactly=at is not None
                        )
                        keeper.write(simulation.time)
                        return met

                    if course is None:
                        advance(stops)
                    else:
                        more.update(course(simulation, advance))
            except ConvergenceError as error:
                failure = str(error)
                raise
            finally:
                if simulation.rows or failure:
                    if simulation.rows:
                        keeper.write(simulation.time)
                    timing["solve_s"] = time.perf_counter() - begin
                    timing["wall_time_s"] = time.perf_counter() - started
                    ended = ", ".join(stop.name for stop in met)
                    _finish(keeper, simulation, title, timing | more, failure, ended)
    return Result(folder.path)


def _write_manifest(simulation: Simulation, folder: ResultFolder, title: str) -> None:
    """What is known of the run beforehand."""
    setup, observer = simulation.setup, simulation.observer
    sources = provenance.of_setup(setup.media, setup.contacts)
    told = {
        "case": None,
        "title": title,
        "script": Path(sys.argv[0]).name if sys.argv else "",
        "media": {layer: medium.name for layer, medium in setup.media.items()},
        legend.SOURCES: observer.sources(),
        legend.LOSSES: observer.losses(),
    }
    ranks = setup.tagged.mesh.comm.size
    write_json(folder / "manifest.json", manifest({}, "", sources, ranks=ranks) | told)
    keys = {line["source"] for line in sources if line["source"]}
    write_references(folder / "references.bib", citations.entries(), keys)
    for said in weak(sorted((s["property"], s["source"], s["status"]) for s in sources)):
        log.warning("%s", said)


def _finish(
    keeper: Keeper,
    simulation: Simulation,
    title: str,
    more: dict[str, Any],
    failure: str,
    ended: str,
) -> None:
    """Close the files; write summary and pictures."""
    keeper.close()
    comm, row = simulation.setup.tagged.mesh.comm, simulation.row
    stored = simulation.observer.capacities()
    figures, effort = keeper.figures(simulation.balances if row else {}), keeper.effort()
    wrong = simulation.errors.table(figures) if simulation.errors else {}
    if comm.rank == 0:
        table = {
            "case": keeper.folder.path.name,
            "title": title,
            "completed": not failure,
            "failure": failure or None,
            **keeper.condition(),
            "stopped_by": ended or None,
            "ended_by": ended or "duration",
            "end_time_s": row.get("Time [s]"),
            "capacity_mAh": capacity.capacities(None, *stored),
            "numerical_error": wrong,
        }
        write_json(keeper.folder / "summary.json", table | figures | more | effort)
    say(wrong)
    stage("drawing the pictures")
    draw(comm, keeper.folder, title)
