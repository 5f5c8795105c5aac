"""`joulestack sweep STUDY` and `joulestack run CASE --vary`: words to a study."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joulestack.cli.options import AllowRead, AllowScripts, Overwrite, Quiet, output_option
from joulestack.errors import CaseError, Problem

if TYPE_CHECKING:
    from joulestack.case import Case
    from joulestack.studies.sampling import Sampled

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary", metavar="KEY=VALUES", help='many runs, e.g. cell.stack_pressure="1, 2, 5 MPa"'
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", "-w", min=1, help="processes of a study; one for each core"),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="of dask.distributed, or its file, for a study"
    ),
]
Retry = Annotated[bool, typer.Option("--retry", help="run again what failed in a study")]
SkipInvalid = Annotated[
    bool,
    typer.Option("--skip-invalid", help="points of a study with wrong values are rows, no error"),
]

WARNED = 5
"""Runs that failed of which the screen tells."""

NONE_DONE = 3
"""Exit code of a study in which every run failed."""


@dataclass(frozen=True)
class How:
    """Options of a study, as `joulestack.studies.sweep.sweep` has them."""

    workers: int | None = None
    scheduler: str | None = None
    retry: bool = False
    skip_invalid: bool = False
    overwrite: bool = False
    quiet: bool = False

    def words(self) -> dict[str, Any]:
        """By name, for `sweep`."""
        words = asdict(self)
        words["progress"] = not words.pop("quiet")
        return words


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sweep)


def sweep(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="study file (TOML)")],
    allow_read: AllowRead = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    check: Annotated[bool, typer.Option("--check", help="check all runs, run none")] = False,
    retry: Retry = False,
    skip_invalid: SkipInvalid = False,
    output: Annotated[
        Path | None, output_option("FOLDER", "folder of the results; results/STUDY")
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
) -> None:
    """Run a case many times with values that a study file varies; go on where it was stopped."""
    from joulestack import studies

    case, sampled = studies.load(study, allow_scripts)
    if check:
        found = studies.Study.of(case, sampled, skip_invalid)
        wrong = sum(map(bool, found.reasons))
        typer.echo(
            f"{len(sampled.points)} runs of {case.source.name}, "
            f"{', '.join(v.column for v in sampled.varied)}"
            + (f"; {wrong} with values that do not go together" if wrong else "")
        )
        return
    where = output or Path("results") / study.stem
    how = How(workers, scheduler, retry, skip_invalid, overwrite, quiet)
    follow(case, sampled, where, how)


def vary_case(
    case: Case,
    words: list[str],
    output: Path | None,
    how: How,
) -> None:
    """`run CASE --vary ...`: every combination."""
    from joulestack import studies

    sampled = studies.of_words(words)
    where = output or Path("results") / f"{case.name}_study"
    follow(case, sampled, where, how)


def follow(
    case: Case,
    sampled: Sampled,
    where: Path,
    how: How,
) -> None:
    """Run a study and say what came of it."""
    from joulestack import studies

    try:
        table = studies.sweep(case, sampled, where, **how.words())
    except KeyboardInterrupt:
        print("joulestack: the rows so far are kept; the same command goes on", file=sys.stderr)
        raise
    wrong = table.undone()
    for name, row in wrong[:WARNED]:
        first = row.reason.splitlines()[0] if row.reason else ""
        print(f"WARNING: {row.status}: run {name or '-'}: {first}", file=sys.stderr)
    if not how.quiet:
        more = f", {len(wrong)} failed or invalid (reasons: study.csv)" if wrong else ""
        typer.echo(
            f"{table.done} of {len(table.rows)} runs done{more}\n"
            f"results: {where}/study.csv, study.nc, study.png; runs/ has a folder for each"
        )
    if not table.done:
        raise typer.Exit(NONE_DONE)


def refuse_without_vary(**given: object) -> None:
    """Refuse options of a study where one case is run once.

    Raises:
        CaseError: one is given.
    """
    for name, value in given.items():
        if value:
            option = f"--{name.replace('_', '-')}"
            raise CaseError(Problem(option, "has no effect without --vary", "add --vary"))
