"""The command line: words to calls, errors to messages and exit codes. Nothing else.

Everything heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from joulestack import __version__, interruption
from joulestack._needs import missing, needed
from joulestack._without import without

with without("rich"):  # typer's own messages and help are plain here (rich_markup_mode); 0.1 s
    import typer
    from typer.core import TyperGroup

from joulestack.cli.abuse import register as register_abuse
from joulestack.cli.compare import register as register_comparison
from joulestack.cli.faults import told_of
from joulestack.cli.fit import app as fit_app
from joulestack.cli.measure import register as register_measurements
from joulestack.cli.microstructure import app as microstructure_app
from joulestack.cli.options import (
    AllowRead,
    AllowScripts,
    CaseArgument,
    Output,
    Overwrite,
    Quiet,
    Resume,
    Sensitivity,
    Settings,
    Uncertainty,
    first_rank,
    output_option,
    quantity,
)
from joulestack.cli.report import register as register_reports
from joulestack.cli.sweep import (
    How,
    Retry,
    Scheduler,
    SkipInvalid,
    Vary,
    Workers,
    refuse_without_vary,
    vary_case,
)
from joulestack.cli.sweep import register as register_studies
from joulestack.destination import output_path
from joulestack.errors import (
    CaseError,
    JoulestackError,
    Problem,
    StorageError,
    computable,
)


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
def run(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    vary: Vary = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    retry: Retry = False,
    skip_invalid: SkipInvalid = False,
    output: Output = None,
    overwrite: Overwrite = False,
    resume: Resume = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
    sensitivity: Sensitivity = None,
    uncertainty: Uncertainty = False,
) -> None:
    """Run a case and write its results; with --vary many times, into one table."""
    from joulestack.case import Case
    from joulestack.case.reading import parse_settings

    loaded = Case.load(case, parse_settings(settings or []), allow_scripts)
    differentiated = [*(sensitivity or []), *(["library"] if uncertainty else [])]
    if vary:
        if differentiated:
            what, remedy = "is of one run, not of a table of many", "leave --vary out"
            raise CaseError(Problem("--sensitivity, --uncertainty", what, remedy))
        if resume:
            what = "has no effect with --vary"
            raise CaseError(Problem("--resume", what, "a study goes on by the same command"))
        how = How(workers, scheduler, retry, skip_invalid, overwrite, quiet)
        vary_case(loaded, vary, output, how)
        return
    refuse_without_vary(
        workers=workers, scheduler=scheduler, retry=retry, skip_invalid=skip_invalid
    )
    with needed():
        from joulestack.simulation import run

    _warnings_on_screen()
    result = run.run(
        loaded,
        output=output,
        overwrite=overwrite,
        progress=not quiet,
        resume=resume,
        sensitivities=differentiated,
    )
    if not quiet and first_rank():
        summary = result.summary
        typer.echo(
            f"hottest: {summary['temperature_max_K'] - 273.15:.2f} degC, "
            f"{summary['temperature_rise_max_K']:.3g} K above the start; "
            f"energy balance {summary['energy_balance_relative']:.1g}\n"
            f"{_off(summary)}{_measured(summary)}"
            f"{_derived(result) if differentiated else ''}{_ended(summary)}"
            f"results: {result.path} (fields.pvd opens in ParaView)"
        )


@app.command()
def check(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    allow_scripts: AllowScripts = False,
) -> None:
    """Check a case and print what is known without solving."""
    from joulestack.case import Case
    from joulestack.case.reading import parse_settings
    from joulestack.estimates import evaluate
    from joulestack.estimates.report import print_report

    loaded = Case.load(case, parse_settings(settings or []), allow_scripts)
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


@app.command()
def materials(
    name: Annotated[str | None, typer.Argument(help="material; all are listed without")] = None,
    moulding_pressure: Annotated[str | None, typer.Option(help='e.g. "200 MPa"')] = None,
    sintering_temperature: Annotated[str | None, typer.Option(help='e.g. "1150 degC"')] = None,
    relative_density: Annotated[str | None, typer.Option(help="e.g. 0.8")] = None,
    particle_class: Annotated[str | None, typer.Option(help="powder class")] = None,
    grain_size: Annotated[str | None, typer.Option(help='of a sintered body, e.g. "40 um"')] = None,
    pressings: Annotated[int | None, typer.Option(help="how often it was pressed; once")] = None,
    temperature: Annotated[str, typer.Option(help="in use")] = "25 degC",
    stack_pressure: Annotated[str, typer.Option(help="in use")] = "50 MPa",
    plot: Annotated[bool, typer.Option("--plot", help="draw its properties")] = False,
    uncertainty: Annotated[bool, typer.Option("--uncertainty", help="spreads and causes")] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="measured composites against the default laws")
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(
            "--chart",
            parser=output_path,
            metavar="FILE",
            help="draw k against sigma of all electrolytes; .png, .pdf or .svg",
        ),
    ] = None,
    cathodes: Annotated[
        bool, typer.Option("--cathodes", help="all active materials side by side")
    ] = False,
    output: Annotated[
        Path | None, output_option("FILE", "file of the plot, .png, .pdf or .svg; NAME.png")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """List the material library, or show one material in its fabricated state."""
    from rich.console import Console

    from joulestack.case.layers.recipes import material_folders
    from joulestack.fabrication.specification import Fabrication
    from joulestack.laws.state import State
    from joulestack.reports import material_tables

    console, folders = Console(highlight=False), material_folders(Path())
    making = _quantities(
        moulding_pressure=(moulding_pressure, "Pa"),
        sintering_temperature=(sintering_temperature, "K"),
        relative_density=(relative_density, "1"),
        grain_size=(grain_size, "m"),
    )
    if particle_class is not None:
        making["particle_class"] = particle_class
    if pressings is not None:
        making["pressings"] = pressings
    state = State(
        T=quantity("--temperature", temperature, "K", 1.0),
        p=quantity("--stack-pressure", stack_pressure, "Pa", 0.0),
    )
    _need_a_picture(plot, chart, output, overwrite)
    if chart is not None:
        from joulestack.reports.chart_report import show_chart

        show_chart(chart, state, console, folders, overwrite)
        return
    if cathodes:
        from joulestack.reports.cathodes import show_cathodes

        show_cathodes(console, folders)
        return
    if name is None:
        if making or plot or output or uncertainty or compare:
            raise CaseError(Problem("materials", "no material is named", "joulestack materials"))
        material_tables.list_materials(console, folders)
        return
    fabrication = Fabrication(name, **making) if making else None
    if compare:
        from joulestack.reports.comparison import compare as show_comparison

        show_comparison(name, console, folders)
        return
    material_tables.show_material(name, fabrication, state, console, folders)
    if uncertainty:
        from joulestack.reports.spread_report import show_uncertainty

        show_uncertainty(fabrication or Fabrication(name), state, console, folders)
    if plot:
        from joulestack.reports.material_plots import plot_material

        path = output or Path(f"{name}.png")
        drawn = plot_material(name, fabrication, state, path, folders, overwrite)
        console.print(f"drawn: {drawn}")


def _quantities(**given: tuple[str | None, str]) -> dict[str, Any]:
    """SI values of the options (text, unit) that are given, by the name of the parameter."""
    return {
        name: quantity("--" + name.replace("_", "-"), text, unit)
        for name, (text, unit) in given.items()
        if text is not None
    }


def _need_a_picture(plot: bool, chart: Path | None, output: Path | None, overwrite: bool) -> None:
    """Refuse options of a file where none is written; a chart names its own."""
    if output is not None and (not plot or chart is not None):
        raise CaseError(Problem("--output", "has no effect without --plot", "add --plot"))
    if overwrite and not plot and chart is None:
        raise CaseError(Problem("--overwrite", "has no effect without --plot", "add --plot"))


def _off(summary: dict[str, Any]) -> str:
    """A line on how far off the figures are by what is numerical."""
    from joulestack.outputs.headline import said

    told = said(summary.get("numerical_error") or {})
    return f"{told}\n" if told else ""


def _measured(summary: dict[str, Any]) -> str:
    """A line for each step whose capacity a laboratory has measured."""
    from joulestack.outputs.measured.steps import lines

    return "".join(f"{line}\n" for line in lines(summary.get("measured") or {}))


def _derived(result: Any) -> str:
    """Lines on how uncertain the hottest kelvin is, and on the number that moves it most."""
    from joulestack.outputs.sensitivities import said

    return "".join(f"{line}\n" for line in said(result.sensitivities))


def _ended(summary: dict[str, Any]) -> str:
    """When and by what limit a run ended; what cut it short has been warned of already."""
    if summary["stopped_by"] or summary["ended_by"] in (None, "duration"):
        return ""
    return f"ended at t = {summary['end_time_s']:.6g} s by {summary['ended_by']}\n"


@app.command()
def laws(
    name: Annotated[str | None, typer.Argument(help="law or topic; all are listed without")] = None,
) -> None:
    """List the laws with their equations, or show one: assumptions, range, reference."""
    from rich.console import Console

    from joulestack.reports.laws import show_laws

    show_laws(name, Console(highlight=False))


def _warnings_on_screen() -> None:
    """What the log warns of is said on the screen too, by one rank: balances, limits."""
    import logging

    class Screen(logging.Handler):
        """Asks for standard error anew: an open progress bar stands in its place."""

        def emit(self, record: logging.LogRecord) -> None:
            print(self.format(record), file=sys.stderr)

    handler = Screen() if first_rank() else logging.NullHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logging.getLogger("joulestack").addHandler(handler)


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
