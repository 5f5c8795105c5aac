"""The command line: words to calls, errors to messages and exit codes. Nothing else.

Everything heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from joulestack import __version__, interruption
from joulestack._needs import missing
from joulestack._without import without

with without("rich"):  # typer's own messages and help are plain here (rich_markup_mode); 0.1 s
    import typer
    from typer.core import TyperGroup

from joulestack.cli.abuse import register as register_abuse
from joulestack.cli.compare import register as register_comparison
from joulestack.cli.faults import told_of
from joulestack.cli.fit import app as fit_app
from joulestack.cli.materials import register as register_materials
from joulestack.cli.measure import register as register_measurements
from joulestack.cli.microstructure import app as microstructure_app
from joulestack.cli.options import (
    AllowRead,
    AllowScripts,
    CaseArgument,
    Settings,
    first_rank,
    load_case,
)
from joulestack.cli.report import register as register_reports
from joulestack.cli.run import register as register_run
from joulestack.cli.sweep import register as register_studies
from joulestack.errors import CaseError, JoulestackError, StorageError, computable


class _Commands(TyperGroup):
    """Commands whose interruption is told by `main`: typer's own words do not know the signal."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise _Left(error) from None


class _Left(BaseException):
    """Carries an interruption past typer."""

    def __init__(self, error: KeyboardInterrupt) -> None:
        super().__init__(error)
        self.error = error


app = typer.Typer(
    name="joulestack",
    cls=_Commands,
    help="Where does the heat appear in a pressed solid-state battery, and how hot does it get?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(fit_app, name="fit")
app.add_typer(microstructure_app, name="microstructure")
register_run(app)
register_materials(app)
register_measurements(app)
register_abuse(app)
register_comparison(app)
register_reports(app)
register_studies(app)


def _version(asked: bool) -> None:
    if asked:
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
def check(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    allow_scripts: AllowScripts = False,
) -> None:
    """Check a case and print what is known without solving."""
    from joulestack.estimates import evaluate
    from joulestack.estimates.report import print_report

    loaded = load_case(case, settings, allow_scripts)
    with computable(loaded.source.name):
        print_report(loaded, evaluate(loaded))


@app.command()
def schema() -> None:
    """Print the JSON Schema of case files."""
    import json

    from joulestack.case.root import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def cases(
    copy: Annotated[
        Path | None,
        typer.Option("--copy", metavar="FOLDER", help="copy cases/ and meshes/ into this folder"),
    ] = None,
) -> None:
    """List the shipped cases, or copy them to where they can be run and changed."""
    from joulestack.cli import shipped

    if copy is not None:
        typer.echo("copied: " + ", ".join(map(str, shipped.copy(copy))))
        return
    titles = shipped.titles()
    width = max(map(len, titles))
    for name, title in titles.items():
        typer.echo(f"{name:<{width}}  {title}")


def _stop_other_ranks(code: int = 1) -> None:
    """End a parallel run after an error that only this rank may have met: the others would wait."""
    mpi = sys.modules.get("mpi4py.MPI")
    if mpi is not None and mpi.COMM_WORLD.size > 1:
        import traceback

        if code == 1:
            traceback.print_exc()
        mpi.COMM_WORLD.Abort(code)


def main() -> None:
    """Entry point: run the command; an error becomes a message and its exit code."""
    with interruption.listening():
        try:
            _command()
        except (_Left, KeyboardInterrupt) as left:
            interruption.end(left.error if isinstance(left, _Left) else left, first_rank())
        except BaseException as error:
            # Whatever a library has made of it. Usage and ends of commands have their own codes.
            if interruption.asked() and getattr(error, "code", 1):
                interruption.end(error, first_rank())
            raise


def _command() -> None:
    try:
        app()
    except JoulestackError as error:
        if interruption.asked():
            raise
        if first_rank() or not isinstance(error, CaseError):
            print(f"joulestack: {error}", file=sys.stderr)
        if isinstance(error, StorageError):
            interruption.leave(error.exit_code)
        sys.exit(error.exit_code)
    except ImportError as error:
        told = missing(error)
        if told is None or interruption.asked():
            raise
        print(f"joulestack: {told}", file=sys.stderr)
        sys.exit(told.exit_code)
    except Exception as error:
        if interruption.asked():
            raise
        fault = told_of(error)
        if fault is None:
            _stop_other_ranks()
            raise
        print(f"joulestack: {fault[0]}", file=sys.stderr)
        _stop_other_ranks(fault[1])
        sys.exit(fault[1])
