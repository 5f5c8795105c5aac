"""Abuse a case: `oven`, `adiabatic` and `critical` with their folders of results."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from joulestack.case.case import Case
from joulestack.errors import CaseError, Problem
from joulestack.measurements import abuse
from joulestack.microstructure.supply import supplied
from joulestack.outputs.folder import OutputFolder
from joulestack.outputs.plots import style
from joulestack.outputs.result import Result
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.setup import Setup
from joulestack.simulation.setup_run import Advance, run_setup
from joulestack.simulation.simulation import Simulation
from joulestack.solver.stepper import StepControl
from joulestack.tolerances import Tolerances

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KEY = "abuse"
"""Of summary.json."""


def oven(
    case: Case,
    temperature: float,
    output: str | Path | None = None,
    until: float = abuse.LATEST,
    limit: float = abuse.RUNAWAY_RATE,
    overwrite: bool = False,
    progress: bool = True,
) -> Result:
    """A cell is put into an oven; results as of a run, with `abuse` in summary.json. Collective.

    Args:
        case: of which faces exchange heat.
        temperature: of the oven [K].
        output: folder; results/NAME_oven if not given.
        until: end where nothing runs away [s].
        limit: self-heating that counts as a runaway [K/s].
        overwrite, progress: as of `joulestack.run`.

    Raises:
        CaseError: no face exchanges heat, no layer reacts, or the folder holds other files.
        ConvergenceError: a solve failed; results up to there are in the folder.
    """
    setup = abuse.in_oven(_setup(case), abuse.Oven(temperature))
    said = {"test": "oven", "oven_K": temperature}
    return _run(case, setup, said, output, until, limit, overwrite, progress)


def adiabatic(
    case: Case,
    start: float | None = None,
    output: str | Path | None = None,
    until: float = abuse.LATEST,
    limit: float = abuse.RUNAWAY_RATE,
    overwrite: bool = False,
    progress: bool = True,
) -> Result:
    """A cell from which no heat leaves, as in ARC once it heats itself; see `oven`.

    Args:
        case: as there.
        start: temperature of everything at the start [K]; None: that of the case.
        output: folder; results/NAME_adiabatic if not given.
        until, limit, overwrite, progress: as there.

    Raises:
        CaseError, ConvergenceError: as there.
    """
    setup = abuse.adiabatic(_setup(case), start)
    said = {"test": "adiabatic", "start_K": setup.start_temperature}
    return _run(case, setup, said, output, until, limit, overwrite, progress)


def critical(
    case: Case,
    between: tuple[float, float],
    output: str | Path | None = None,
    until: float = abuse.LATEST,
    limit: float = abuse.RUNAWAY_RATE,
    close: float = abuse.WIDTH_LEFT,
    overwrite: bool = False,
) -> abuse.Critical:
    """The oven from which on a cell runs away: critical.csv, .json and .png. Collective.

    Args:
        case: as of `oven`.
        between: an oven without a runaway and one with [K].
        output: folder; results/NAME if not given.
        until: how long the cell is in the oven [s].
        limit: self-heating that counts as a runaway [K/s].
        close: width to which it is found [K].
        overwrite: replace earlier files.

    Raises:
        CaseError, ConvergenceError: as of `abuse.critical`; files are in the way.
    """
    setup = _setup(case)
    comm = setup.tagged.mesh.comm
    path = Path("results") / case.name if output is None else output
    own = re.compile(r"critical\.(csv|json|png)")
    with OutputFolder(path, "critical.json", own, overwrite, case.source.inputs(), comm) as folder:
        asked = Tolerances(**case.time.tolerances)
        found = abuse.critical(setup, between, until, close, limit, asked)
        if folder.root:
            rows = [(T, math.nan if t is None else t) for T, t in sorted(found.trials)]
            header = "Oven [K],Time to runaway [s]"
            np.savetxt(folder / "critical.csv", rows, "%.12g", ",", header=header, comments="")
            style.save(_drawn(found, case.title), folder / "critical.png")
            told = {"critical_oven_K": found.temperature, "low_K": found.low, "high_K": found.high}
            folder.finish({**told, "until_s": until, "limit_K_per_s": limit})
        comm.barrier()
    return found


def _setup(case: Case) -> Setup:
    if case.clamping is not None:
        what = "a fixture is not followed into a runaway: gas and melting would press on it"
        remedy = "give a stack pressure that is held"
        raise CaseError(Problem("cell.fixture", what, remedy), case.source.name)
    return setup_of(supplied(case))


def _run(
    case: Case,
    setup: Setup,
    said: Mapping[str, Any],
    output: str | Path | None,
    until: float,
    limit: float,
    overwrite: bool,
    progress: bool,
) -> Result:
    def course(simulation: Simulation, advance: Advance) -> Mapping[str, Any]:
        found = abuse.follow(simulation, advance, limit)
        return {KEY: {**said, "limit_K_per_s": limit, **asdict(found)}}

    path = Path("results") / f"{case.name}_{said['test']}" if output is None else output
    return run_setup(
        setup, path, until, overwrite, progress, title=case.title, course=course,
        tolerances=Tolerances(**case.time.tolerances),
        control=StepControl(case.time.first_step, case.time.max_step),
    )  # fmt: skip


def _drawn(found: abuse.Critical, title: str) -> Figure:
    """Time to runaway against the oven."""
    with style.applied():
        figure = style.figure(5.4, 3.2)
        figure.suptitle(title, x=0.01, ha="left", fontsize=9.5)
        axes = figure.subplots()
        away = [(T - 273.15, t) for T, t in sorted(found.trials) if t is not None]
        axes.semilogy(*zip(*away, strict=True), "o-", ms=3, color=style.TEMPERATURE)
        axes.axvspan(found.low - 273.15, found.high - 273.15, color=style.FAINT, alpha=0.4)
        axes.set(xlabel="oven (degC)", ylabel="time to runaway (s)")
        return figure
