"""`joulestack materials` and `laws`: what the library knows, and the equations it enters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from joulestack.cli.options import Overwrite, output_option, quantity
from joulestack.destination import output_path
from joulestack.errors import CaseError, Problem


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(materials)
    app.command()(laws)


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


def laws(
    name: Annotated[str | None, typer.Argument(help="law or topic; all are listed without")] = None,
) -> None:
    """List the laws with their equations, or show one: assumptions, range, reference."""
    from rich.console import Console

    from joulestack.reports.laws import show_laws

    show_laws(name, Console(highlight=False))
