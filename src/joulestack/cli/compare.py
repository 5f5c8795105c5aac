"""`joulestack compare RESULTS FILE`: a run against a measurement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from joulestack import picture
from joulestack.cli.options import Overwrite, output_option


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    results: Annotated[Path, typer.Argument(help="folder that a run has written")],
    file: Annotated[Path, typer.Argument(help="table or export of a cycler")],
    temperature: Annotated[
        str, typer.Option(help="column of timeseries.csv that a measured one belongs to")
    ] = "Temperature max [K]",
    output: Annotated[Path | None, output_option("FILE", "picture that is drawn")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Hold a run against a measurement: differences of voltage and temperature, and a picture."""
    from joulestack.outputs import measured

    path = output or Path(f"compare_{results.resolve().name}_{file.stem}.png")
    picture.claim(path, overwrite)
    found = measured.compare(measured.Result(results), file, temperature)
    for note in found.notes:
        typer.echo(f"{file.name}: {note}")
    for difference in found.differences:
        typer.echo(str(difference))
    measured.write(found, path, f"{results.resolve().name} and {file.name}", overwrite)
    typer.echo(f"drawn: {path}")
