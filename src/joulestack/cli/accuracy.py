"""`joulestack accuracy CASE`: how far off the figures of a case are by what is numerical."""

from __future__ import annotations

from pathlib import Path

import typer

from joulestack._needs import needed
from joulestack.cli.options import (
    AllowScripts,
    CaseArgument,
    Output,
    Overwrite,
    Quiet,
    Settings,
    first_rank,
    say,
)
from joulestack.progress import ProgressBar


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(accuracy)


def accuracy(
    case: CaseArgument,
    settings: Settings = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
) -> None:
    """Run a case with steps, mesh, particles and Newton's method refined: error by cause."""
    from joulestack.case import Case
    from joulestack.case.reading import parse_settings

    loaded = Case.load(case, parse_settings(settings or []), allow_scripts)
    with needed():
        from joulestack.measurements import numerical_error

    with ProgressBar(loaded.title, enabled=not quiet and first_rank()):
        found = numerical_error.accuracy(loaded, output, overwrite, allow_scripts)
    width = max(len(f.name) for f in found.figures)
    causes = "".join(f"{c:>18}" for c in found.causes)
    say(f"{'':{width}}{'value':>14}{causes}{'together':>12}")
    for figure in found.figures:
        parts = "".join(f"{figure.by_cause.get(c, 0.0):>18.2g}" for c in found.causes)
        say(f"{figure.name:{width}}{figure.value:>14.6g}{parts}{100 * figure.relative:>10.2g} %")
    for reason in found.untold:
        say(f"not looked at: {reason}")
    worst = found.worst
    say(f"off most for its size: {worst.name}, by {100 * worst.relative:.2g} %")
    where = output or Path("results") / loaded.name
    say(f"results: {where}/accuracy.csv, .json, .png")
