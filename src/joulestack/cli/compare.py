"""`joulestack compare RESULTS OTHER`: a run against a measurement, or against another run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joulestack import picture
from joulestack.cli.options import Overwrite, output_option
from joulestack.cli.report import MeasuredFiles
from joulestack.errors import CaseError, Problem

COLUMN = "Temperature max [K]"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    results: Annotated[Path, typer.Argument(help="folder that a run has written")],
    other: Annotated[
        Path, typer.Argument(help="table or export of a cycler, or the folder of another run")
    ],
    measured: MeasuredFiles = None,
    temperature: Annotated[
        str | None,
        typer.Option(
            help=f"column of timeseries.csv that a measured one belongs to; {COLUMN}",
        ),
    ] = None,
    output: Annotated[
        Path | None, output_option("FILE", "picture that is drawn; of two runs a page, .html")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Hold a run against a measurement, or two runs side by side on one page."""
    if other.is_dir():
        if temperature is not None:
            what = "has no effect on two runs"
            raise CaseError(Problem("--temperature", what, "leave it out"))
        _side_by_side(results, other, measured or [], output, overwrite)
        return
    if measured:
        what = "is for two runs"
        raise CaseError(Problem("--measured", what, f"joulestack compare {results} {measured[0]}"))
    _against(results, other, temperature or COLUMN, output, overwrite)


def _side_by_side(
    results: Path, other: Path, measured: list[Path], output: Path | None, overwrite: bool
) -> None:
    from joulestack.outputs.report import write

    names = f"{results.resolve().name}_{other.resolve().name}"
    path = output or Path(f"compare_{names}.html")
    written = write.compare_folders(results, other, path, overwrite, measured)
    typer.echo(f"written: {written}")


def _against(
    results: Path, file: Path, temperature: str, output: Path | None, overwrite: bool
) -> None:
    from joulestack.outputs.measured import series as measured

    path = output or Path(f"compare_{results.resolve().name}_{file.stem}.png")
    picture.claim(path, overwrite)
    found = measured.compare(measured.Result(results), file, temperature)
    for note in found.notes:
        typer.echo(f"{file.name}: {note}")
    for difference in found.differences:
        typer.echo(str(difference))
    measured.write(found, path, f"{results.resolve().name} and {file.name}", overwrite)
    typer.echo(f"drawn: {path}")
