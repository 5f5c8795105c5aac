"""How far off the figures of a case are by what is numerical: `accuracy(case)`.

The case is run as it is, and again with one setting after another refined: steps in time, mesh,
radial functions of particles, Newton's method. What a figure moves by tells its error by that
cause: with an error that falls as h^p, a setting r times as fine leaves 1/r^p of it, so that the
figure moves by 1 - 1/r^p of the error (Richardson).
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mpi4py import MPI

from joulestack.case import Case
from joulestack.case.settings.check_numerics import NO_END
from joulestack.errors import CaseError, Problem
from joulestack.measurements import plots
from joulestack.outputs.folder import OutputFolder
from joulestack.outputs.headline import figures
from joulestack.outputs.plots import style
from joulestack.progress import stage
from joulestack.simulation.case_to_setup import radial_functions
from joulestack.simulation.run import run

FINER_STEPS = 10.0
"""Parts of its tolerances that the run with finer steps is asked for."""
FINER_NEWTON = 100.0
MORE_MODES, MOST_MODES = 3, 32
"""Radial functions added, with which a tenth of the error is left; and the most."""

Changes = dict[str, Any]


@dataclass(frozen=True)
class Cause:
    """Something numerical that a result is off by.

    Attributes:
        name: for tables.
        changes: settings of the refined case.
        share: of the error of the case as it is, that the refined one takes away.
    """

    name: str
    changes: Changes
    share: float


@dataclass(frozen=True)
class FigureError:
    """A headline figure, and by how much it is off.

    Attributes:
        name: with its unit.
        value: of the case as it is.
        scale: that errors are compared with [unit of the value].
        by_cause: estimate of converged less present value [unit of the value].
    """

    name: str
    value: float
    scale: float
    by_cause: Mapping[str, float]

    @property
    def error(self) -> float:
        """All causes together, as if none made up for another [unit of the value]."""
        return sum(map(abs, self.by_cause.values()))

    @property
    def relative(self) -> float:
        """Error over scale [-]."""
        return self.error / self.scale if self.scale else math.nan


@dataclass(frozen=True)
class Accuracy:
    """Errors of the headline figures of a case.

    Attributes:
        figures: one entry each.
        causes: that were looked at.
        untold: what was not looked at, and why.
    """

    figures: tuple[FigureError, ...]
    causes: tuple[str, ...]
    untold: tuple[str, ...] = ()

    @property
    def worst(self) -> FigureError:
        """The figure that is off most, for its size."""
        return max(self.figures, key=lambda f: f.relative)


def accuracy(
    case: Case | str | Path,
    output: str | Path | None = None,
    overwrite: bool = False,
    allow_scripts: bool = False,
) -> Accuracy:
    """Run a case several times and tell how far off its headline figures are. Collective.

    Args:
        case: a case, or the path of a case file.
        output: folder of accuracy.csv, .json and .png; results/NAME if not given.
        overwrite: replace earlier files.
        allow_scripts: as in `joulestack.run`.

    Raises:
        CaseError: the case is wrong or has no end, or files are in the way.
        ConvergenceError: one of the runs failed.
    """
    case = case if isinstance(case, Case) else Case.load(case, allow_scripts=allow_scripts)
    if not case.file.ends:
        raise CaseError(Problem("time.end", *NO_END), case.source.name)
    folder = OutputFolder(
        Path("results") / case.name if output is None else output,
        "accuracy.json",
        re.compile(r"accuracy\.(csv|json|png)"),
        overwrite,
        case.source.inputs(),
        MPI.COMM_WORLD,
    )
    with folder:
        found = measured(case)
        if folder.root:
            (folder / "accuracy.csv").write_text(table(found), encoding="utf-8")
            style.save(plots.accuracy(found, case.title), folder / "accuracy.png")
            folder.finish(
                {
                    "case": case.name,
                    "accuracy": case.file.accuracy,
                    "figures": [
                        asdict(f) | {"error": f.error, "relative": f.relative}
                        for f in found.figures
                    ],
                    "untold": list(found.untold),
                }
            )
        MPI.COMM_WORLD.barrier()
    return found


def measured(case: Case) -> Accuracy:
    """Errors of a case, without files; see `accuracy`."""
    looked_at, untold = causes(case)
    plain = case.replace({"outputs.pictures": False})
    stage("running the case as it is", long=True)
    base = figures(_run(plain))
    moved: dict[str, dict[str, float]] = {}
    for cause in looked_at:
        stage(f"running with finer {cause.name}", long=True)
        refined = figures(_run(plain.replace(cause.changes)))
        moved[cause.name] = {
            name: (refined[name][0] - value) / cause.share
            for name, (value, _) in base.items()
            if name in refined
        }
    return Accuracy(
        tuple(
            FigureError(n, v, s, {c: by[n] for c, by in moved.items() if n in by})
            for n, (v, s) in base.items()
        ),
        tuple(c.name for c in looked_at),
        tuple(untold),
    )


def causes(case: Case) -> tuple[list[Cause], list[str]]:
    """What can be refined of a case, and what cannot with the reason."""
    found, untold = [], []
    time, mesh = case.time, case.mesh
    if not time.steady:
        keys = ["relative_tolerance", "temperature_tolerance"]
        if _particles(case):
            keys.append("lithiation_tolerance")
        if any(medium.reactions for medium in case.media().values()):
            keys.append("reactant_tolerance")
        finer: Changes = {f"time.{k}": getattr(time, k) / FINER_STEPS for k in keys}
        for key in ("first_step", "max_step"):
            if getattr(time, key) is not None:
                finer[f"time.{key}"] = getattr(time, key) / FINER_STEPS
        found.append(Cause("steps", finer, 1.0 - 1.0 / FINER_STEPS))
    if case.geometry.layered:
        order = 2 * mesh.degree
        share = 1.0 - 0.5**order
        found.append(Cause("mesh", {"mesh.refinement": 2.0 * mesh.refinement}, share))
    else:
        untold.append("mesh: it is a file's, and is not refined")
    if _particles(case):
        there = radial_functions(case)
        if there + MORE_MODES <= MOST_MODES:
            more = {"mesh.radial_modes": there + MORE_MODES}
            found.append(Cause("radial functions", more, 0.9))
        else:
            untold.append(f"radial functions: there are {there} already")
    if case.driven:
        tighter = time.potential_tolerance / FINER_NEWTON
        found.append(Cause("Newton", {"time.potential_tolerance": tighter}, 1.0))
    return found, untold


def _particles(case: Case) -> bool:
    return case.driven and any(medium.particles for medium in case.media().values())


def _run(case: Case) -> dict[str, Any]:
    """Summary of a run that leaves nothing."""
    comm = MPI.COMM_WORLD
    with tempfile.TemporaryDirectory(prefix="joulestack-") as own:
        shared = comm.bcast(own)
        found = run(case, Path(shared) / "run", progress=False, comm=comm)
        summary = comm.bcast(found.summary if comm.rank == 0 else None)
        comm.barrier()
    return dict(summary)


def table(found: Accuracy) -> str:
    """CSV: a row for each figure."""
    titles = ["Figure", "Value", *(f"Error by {c}" for c in found.causes), "Error", "Relative [-]"]
    lines = [",".join(titles)]
    for figure in found.figures:
        parts = [figure.by_cause.get(c, 0.0) for c in found.causes]
        numbers = [figure.value, *parts, figure.error, figure.relative]
        lines.append(",".join([f'"{figure.name}"', *(f"{n:.6g}" for n in numbers)]))
    return "\n".join(lines) + "\n"
