"""Run a case from file to results: `run(case)`.

Order of a run: mesh and media, forms (compiled once), consistent start, time steps, outputs. Every
accepted step is on disk before the next one starts, so an interrupted or failed run keeps what it
had.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mpi4py import MPI

from joulestack.case import petsc
from joulestack.case.case import Case
from joulestack.errors import ConvergenceError
from joulestack.estimates.limits import limits
from joulestack.materials import citations
from joulestack.microstructure.supply import supplied, told
from joulestack.outputs import legend, provenance
from joulestack.outputs.fields import FieldWriter
from joulestack.outputs.folder import ResultFolder
from joulestack.outputs.plots import draw
from joulestack.outputs.progress import Progress
from joulestack.outputs.result import Result
from joulestack.outputs.summary import manifest, write_json, write_references
from joulestack.outputs.timeseries import TimeSeries
from joulestack.physics.base import Physics
from joulestack.progress import stage
from joulestack.simulation import capacity
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.model import Model
from joulestack.simulation.observe import (
    HEAT_DENSITY,
    REACTION_DENSITY,
    ContactHistory,
    Observer,
    Row,
)
from joulestack.simulation.probes import Probes
from joulestack.simulation.procedure import Procedure
from joulestack.solver.stepper import StepControl, Stepper
from joulestack.tolerances import Tolerances

_REFINE = "tighten time.relative_tolerance and time.temperature_tolerance, or refine the mesh,"
LIMITS = (
    ("energy_balance_relative", 1e-2, _REFINE),
    ("charge_balance_relative", 1e-2, _REFINE),
    (
        "electrical_identity_relative",
        1e-3,
        "tighten time.potential_tolerance, or find the electrical heat that no current pays for,",
    ),
    ("lithium_balance_relative", 1e-6, "tighten time.potential_tolerance"),
)
"""Balances, what they may be at most, and what to do: a run that exceeds one says so loudly. The
equations conserve lithium exactly, so only the solver's tolerance is left of its balance."""
CELL_DATA = {HEAT_DENSITY: "heat_source", REACTION_DENSITY: "reaction_current"}
"""How a case file calls what is written by cell, beside the fluxes."""

log = logging.getLogger("joulestack")


def run(
    case: Case | str | Path,
    output: str | Path | None = None,
    overwrite: bool = False,
    progress: bool = True,
    comm: MPI.Comm = MPI.COMM_WORLD,
    physics: Sequence[Physics] = (),
    allow_scripts: bool = False,
) -> Result:
    """Simulate a case and write its results.

    Args:
        case: a case or the path of a case file.
        output: result folder; `results/<case name>` if not given.
        overwrite: replace earlier results in that folder.
        progress: show a progress bar on a terminal.
        comm: MPI ranks to run on.
        physics: processes beside those that the case asks for.
        allow_scripts: the case may name a gmsh script (.geo) as its mesh, which can run any
            command; of a case that is loaded already, `Case.load` was asked.

    Returns:
        The results, read back from the folder.

    Raises:
        CaseError: the case or its mesh is wrong, or the folder holds other files or results.
        ConvergenceError: a solve failed; results up to the last good state are in the folder.
    """
    started = time.perf_counter()
    case = case if isinstance(case, Case) else Case.load(case, allow_scripts=allow_scripts)
    where = Path("results") / case.name if output is None else output
    folder = ResultFolder(where, overwrite, comm, case.source.inputs())
    with folder:
        folder.start_log()
        case = supplied(case, comm, bar=progress)
        with Progress(case.title, case.expected_time, enabled=progress, comm=comm) as bar:
            simulation = Simulation(case, folder, comm, physics)
            simulation.solve(bar)
            simulation.finish(time.perf_counter() - started)
    return Result(folder.path)


class Simulation:
    """A case with its model, observer and output files.

    Attributes:
        model, observer, stepper: the parts, for scripts that want to look inside.
    """

    def __init__(
        self,
        case: Case,
        folder: ResultFolder,
        comm: MPI.Comm,
        physics: Sequence[Physics] = (),
    ) -> None:
        """Mesh, declare, compile; writes the manifest."""
        self.case, self.folder, self.comm = case, folder, comm
        begin = time.perf_counter()
        self.model = Model(replace(setup_of(case, comm), physics=tuple(physics)))
        wanted = case.outputs.fields
        pressed = (
            case.clamping is not None
            or case.stack_pressure.map is not None
            or bool(self.model.terms.touching)
        )
        self.observer = Observer(
            self.model,
            ("heat_flux", "current_density") if wanted is None else wanted,
            interfaces=pressed if wanted is None else "interfaces" in wanted,
        )
        self._unwanted = [k for k, n in CELL_DATA.items() if wanted is not None and n not in wanted]
        self.probes = Probes(self.model, case.probes)
        kernels = self.model.finish()
        self.timing = {"setup_s": time.perf_counter() - begin}
        control = case.time
        self.stepper = Stepper(
            self.model,
            criteria_flow={key: self._flow(key) for key in self.model.fields},
            tolerances=Tolerances(**control.tolerances),
            control=StepControl(first=control.first_step, largest=control.max_step),
            linear_kind=case.solver.linear,
            petsc_options=petsc.as_text(case.solver.petsc_options),
        )
        self.procedure = Procedure(case.protocol, self.model, self.observer, self.stepper)
        self._interfaces = self.observer.interfaces
        self.fields = FieldWriter(
            self.model, folder.path / "fields.pvd", case.outputs.fields, self._interfaces
        )
        self.series = TimeSeries(folder.path / "timeseries.csv", comm)
        self.failure = ""
        self._written = -1.0
        self.hottest_rise = 0.0
        self.contact_lost = False
        self.voids = ContactHistory(self.observer.contacts)
        for note in self.model.notes:
            log.info(note)
        for note in dict.fromkeys(note for step in case.protocol.steps for note in step.notes):
            log.warning("%s", note)
        stage(
            f"{self.model.system.size} unknowns in {len(self.model.blocks)} blocks, "
            f"{kernels} kernels, {self.stepper.statistics.solver} linear solver, "
            f"{comm.size} rank(s), ready in {self.timing['setup_s']:.2f} s"
        )
        if comm.rank == 0:
            self._write_manifest()

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
        for limit in self._limits():
            log.warning("%s", limit)
        write_references(self.folder / "references.bib", citations.entries(), keys)
        (self.folder / "case.toml").write_text(self.case.to_toml(), encoding="utf-8")
        unverified = sorted(
            {line["property"] for line in sources if line["status"] == "unverified"}
        )
        if unverified:
            log.warning("numbers without a source read: %s", ", ".join(unverified))

    def _limits(self, current: float = 0.0) -> list[str]:
        """Published limits of lithium that the case exceeds; said, never acted on."""
        return list(limits(self.case, self.case.media(), current / self.case.electrode_area))

    def _flow(self, key: str) -> Callable[[], float]:
        return lambda: self.observer.flow(key)

    def solve(self, bar: Progress) -> None:
        """Steady or in time; on failure the last good state is written, then the error goes on."""
        begin = time.perf_counter()
        try:
            if self.case.time.steady:
                self.procedure.settle()
                self._record(0.0, "steady", bar)
                self._write(0.0)
            else:
                self.procedure.run(
                    lambda t, kind: self._record(t, kind, bar),
                    self.case.output_times,
                    self._write,
                )
                self._write(self.model.time)
                if self.procedure.stopped_by:
                    log.warning(
                        "ended at t = %.6g s, before the protocol was over: %s",
                        self.model.time,
                        self.procedure.stopped_by,
                    )
        except ConvergenceError as error:
            self.failure = str(error)
            self._write(self.model.time)
            self.timing["solve_s"] = time.perf_counter() - begin
            self.finish(sum(self.timing.values()))
            raise
        self.timing["solve_s"] = time.perf_counter() - begin

    def _record(self, t: float, kind: Any, bar: Progress) -> None:
        measured = self.observer.measure(t, kind)
        row: Row = {"Time [s]": t}
        if self.case.driven:
            charge = self.observer.integrals["charge"]
            row |= capacity.columns(
                self.case.protocol, self.procedure.step, charge, self.case.electrode_area
            )
        row |= measured | self.probes.measure()
        self.series.append(row)
        if row.get("Contact lost [-]") and not self.contact_lost:
            log.warning("contact is lost at t = %.6g s: nothing presses on the stack any more", t)
            self.contact_lost = True
        for lost in self.voids.add(t, row):
            log.warning("%s", lost)
        self.hottest_rise = max(
            self.hottest_rise, row["Temperature max [K]"] - self.case.start_temperature
        )
        bar.update(
            t,
            steps=self.stepper.statistics.steps,
            newton=self.stepper.test.log.total,
            temperature=row["Temperature max [K]"],
        )

    def _write(self, t: float) -> None:
        """The state in the model, unless that of its time is on disk already."""
        if t <= self._written:
            return
        self._written = t
        data = self.observer.cell_data()
        for label in self._unwanted:
            data.pop(label, None)
        self.fields.write(t, data, self.observer.facet_data() if self._interfaces else None)

    def finish(self, wall_time: float) -> None:
        """Close the files, write summary and pictures, judge the balances."""
        self.fields.close()
        self.series.close()
        balances = self.observer.balances(steady=self.case.time.steady)
        statistics = asdict(self.stepper.statistics)
        row = self.observer.row
        capacities = self.observer.capacities()
        steps = [outcome.table() for outcome in self.procedure.outcomes]
        memory = float(self.comm.allreduce(_peak_memory()))
        cells = int(self.comm.allreduce(self.model.domain.owned_cells))
        if self.comm.rank == 0:
            write_json(
                self.folder / "summary.json",
                {
                    "case": self.case.name,
                    "title": self.case.title,
                    "completed": not self.failure,
                    "failure": self.failure or None,
                    "contact_lost": self.contact_lost,
                    **self.voids.summary(),
                    "stopped_by": self.procedure.stopped_by or None,
                    "ended_by": steps[-1]["ended_by"] if steps else None,
                    "protocol": steps,
                    "end_time_s": row.get("Time [s]"),
                    "capacity_mAh": capacity.capacities(
                        self.case.capacity if self.case.driven else None, *capacities
                    ),
                    "limits": self._limits(row.get("Current [A]") or 0.0),
                    "temperature_max_K": self.case.start_temperature + self.hottest_rise,
                    "temperature_rise_max_K": self.hottest_rise,
                    "voltage_V": row.get("Voltage [V]"),
                    "current_A": row.get("Current [A]"),
                    "heat_J": self.observer.heat,
                    "heat_by_layer_J": self.observer.heat_by_place(),
                    "heat_W": {
                        key.removeprefix("Heat ").removesuffix(" [W]"): value
                        for key, value in row.items()
                        if key.startswith("Heat ") and key.endswith(" [W]")
                    },
                    **balances,
                    "wall_time_s": wall_time,
                    **self.timing,
                    "unknowns": self.model.system.size,
                    "cells": cells,
                    "ranks": self.comm.size,
                    **{
                        k: statistics[k]
                        for k in ("steps", "rejected", "newton", "linear", "solver")
                    },
                    "peak_memory_MB": memory,
                },
            )
        judge(balances)
        if self.case.outputs.pictures:
            stage("drawing the pictures")
            draw(self.model, self.folder, self.case)


def judge(balances: Row) -> None:
    """Say loudly what does not close."""
    known = {name for name, _, _ in LIMITS}
    # Balances of quantities from outside the package are no less strict.
    others = [
        (name, 1e-2, _REFINE)
        for name in balances
        if name.endswith("_balance_relative") and name not in known
    ]
    for name, limit, remedy in (*LIMITS, *others):
        if balances.get(name, 0.0) > limit:
            log.warning(
                "BALANCE NOT CLOSED: %s = %.2g (limit %.0g); %s before trusting this run",
                name, balances[name], limit, remedy,
            )  # fmt: skip


def _peak_memory() -> float:
    """Peak resident memory of this process [MB]."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


__all__ = ["Simulation", "run"]
