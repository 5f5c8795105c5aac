"""`joulestack report RESULTS` and `open`: a result on one page that a browser opens offline."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from joulestack.cli.options import Overwrite, output_option

Results = Annotated[Path, typer.Argument(help="folder that a run has written")]
MeasuredFiles = Annotated[
    list[Path] | None,
    typer.Option("--measured", metavar="FILE", help="table or export of a cycler, drawn over it"),
]
Page = Annotated[Path | None, output_option("FILE", "page that is written, .html")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(report)
    app.command(name="open")(show)


def report(
    results: Results,
    measured: MeasuredFiles = None,
    output: Page = None,
    overwrite: Overwrite = False,
) -> None:
    """Write a result on one page that opens offline in a browser: RESULTS/report.html."""
    from joulestack.outputs.report import write

    path = write.of_folder(results, output, overwrite, measured or [])
    typer.echo(f"written: {path}")


def show(results: Results) -> None:
    """Open a result in a browser; writes its page first, where it is not there or is older."""
    from joulestack.outputs.report import write

    path = write.up_to_date(results)
    if webbrowser.open(path.resolve().as_uri()):
        typer.echo(f"opened: {path}")
    else:
        typer.echo(f"no browser here; open {path} in one")
