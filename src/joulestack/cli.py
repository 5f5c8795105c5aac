"""The command line: words to calls, errors to messages and exit codes. Nothing else.

Everything heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from joulestack.errors import CaseError, JoulestackError

app = typer.Typer(
    name="joulestack",
    help="Where does the heat appear in a pressed solid-state battery, and how hot does it get?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CaseArgument = Annotated[Path, typer.Argument(metavar="CASE", help="case file (TOML)")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="KEY=VALUE", help='e.g. cell.stack_pressure="20 MPa"'),
]


def _version(asked: bool) -> None:
    if asked:
        from joulestack import __version__

        typer.echo(f"joulestack {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    case: CaseArgument,
    settings: SetOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="folder of the results; results/CASE")
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="replace existing results")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress")] = False,
) -> None:
    """Run a case and write its results."""
    from joulestack.case import Case
    from joulestack.case.reading import parse_settings

    loaded = Case.load(case, parse_settings(settings or []))
    from joulestack import simulation

    simulation.run(loaded, output=output, overwrite=overwrite, progress=not quiet)


@app.command()
def check(case: CaseArgument, settings: SetOption = None) -> None:
    """Check a case and print what is known without solving."""
    from joulestack.case import Case
    from joulestack.case.reading import parse_settings
    from joulestack.kpi import evaluate
    from joulestack.kpi.report import print_report

    loaded = Case.load(case, parse_settings(settings or []))
    print_report(loaded, evaluate(loaded))


@app.command()
def schema() -> None:
    """Print the JSON Schema of case files."""
    import json

    from joulestack.case.root import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def materials(
    name: Annotated[str | None, typer.Argument(help="material; all are listed without")] = None,
    moulding_pressure: Annotated[str | None, typer.Option(help='e.g. "200 MPa"')] = None,
    sintering_temperature: Annotated[str | None, typer.Option(help='e.g. "1150 degC"')] = None,
    relative_density: Annotated[str | None, typer.Option(help="e.g. 0.8")] = None,
    particle_class: Annotated[str | None, typer.Option(help="powder class")] = None,
    temperature: Annotated[str, typer.Option(help="in use")] = "25 degC",
    stack_pressure: Annotated[str, typer.Option(help="in use")] = "0 MPa",
    plot: Annotated[Path | None, typer.Option(help="draw its properties into this file")] = None,
) -> None:
    """List the material library, or show one material in its fabricated state."""
    from joulestack.materials import report

    typer.echo(report.__doc__)


def _first_rank() -> bool:
    names = ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID")
    return next((os.environ[n] for n in names if n in os.environ), "0") == "0"


def main() -> None:
    """Entry point: run the command; an error becomes a message and its exit code."""
    try:
        app()
    except JoulestackError as error:
        if _first_rank() or not isinstance(error, CaseError):
            print(f"joulestack: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("joulestack: interrupted", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
