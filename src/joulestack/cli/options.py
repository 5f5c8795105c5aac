"""What commands share: types of their options, cases and quantities read from the command line."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joulestack import access, units
from joulestack.destination import output_path
from joulestack.errors import CaseError, Problem

if TYPE_CHECKING:
    from joulestack.case import Case

CaseArgument = Annotated[Path, typer.Argument(metavar="CASE", help="case file (TOML)")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="KEY=VALUE", help='e.g. cell.stack_pressure="20 MPa"'),
]


def output_option(metavar: str, said: str) -> Any:
    """--output, -o: a place that is looked at before anything is computed."""
    return typer.Option("--output", "-o", parser=output_path, metavar=metavar, help=said)


def _allow(folders: list[Path] | None) -> list[Path]:
    access.allow_read(*(folders or ()))
    return folders or []


AllowRead = Annotated[
    list[Path] | None,
    typer.Option(
        "--allow-read",
        metavar="FOLDER",
        callback=_allow,
        help="let the case read files of this folder too; its own and its repository it may",
    ),
]
"""Takes effect as it is read, before the command runs."""
Output = Annotated[Path | None, output_option("FOLDER", "folder of the results; results/CASE")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="replace results of an earlier run")]
Resume = Annotated[
    bool, typer.Option("--resume", help="go on with a run that was cut off, from its checkpoint")
]
AllowScripts = Annotated[
    bool,
    typer.Option(
        "--allow-scripts",
        help="let the case mesh with a gmsh script (.geo), which can run any command",
    ),
]
Sensitivity = Annotated[
    list[str] | None,
    typer.Option(
        "--sensitivity",
        metavar="NUMBER",
        help="differentiate the run by a number of the case or the library, e.g. "
        'cell.stack_pressure, "cell.stack_pressure = 10 %", "Li6PS5Cl: ionic_conductivity"',
    ),
]
Uncertainty = Annotated[
    bool,
    typer.Option("--uncertainty", help="bands from the uncertainties of all library numbers"),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="no progress")]


def load_case(
    path: Path, settings: list[str] | None, allow_scripts: bool, measurement: str = ""
) -> Case:
    """The case with its --set."""
    from joulestack.case import Case
    from joulestack.case.reading import parse_settings

    return Case.load(path, parse_settings(settings or []), allow_scripts, measurement)


def first_rank() -> bool:
    """Whether this process is the first of an MPI run, or alone; asks no MPI."""
    names = ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID")
    return next((os.environ[n] for n in names if n in os.environ), "0") == "0"


def say(text: str) -> None:
    """Print on the first rank."""
    if first_rank():
        typer.echo(text)


def quantity(option: str, text: str, unit: str, lowest: float = -math.inf) -> float:
    """Value of an option in a unit.

    Raises:
        CaseError: it is none of this dimension, or below `lowest`.
    """
    try:
        value = units.parse(text, unit)
    except ValueError as error:
        raise CaseError(Problem.of(option, error)) from None
    if value < lowest:
        least = units.format_quantity(lowest, unit)
        raise CaseError(Problem(option, f"{text} is impossible", f"at least {least}"))
    return value


def interval(
    option: str, text: str, unit: str, example: str, lowest: float = -math.inf
) -> tuple[float, float]:
    """Two ends, "1 mHz : 1 MHz", the lower one first and above `lowest`.

    Raises:
        CaseError: it is none; says `example`.
    """
    parts = text.split(":")
    if len(parts) != 2:
        raise CaseError(Problem(option, f'"{text}" is no range', example))
    low, high = (quantity(option, part.strip(), unit) for part in parts)
    if not lowest < low < high:
        raise CaseError(Problem(option, f'"{text}" is no range', f"lowest first, {example}"))
    return low, high
