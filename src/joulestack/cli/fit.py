"""`joulestack fit ...`: words to calls; what is heavy is imported where it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from joulestack.cli.options import Overwrite, interval, output_option, quantity
from joulestack.errors import CaseError, Problem
from joulestack.spelling import unknown

if TYPE_CHECKING:
    from joulestack.fitting.result import Result

app = typer.Typer(
    name="fit",
    help="Fit property laws to your own measurements.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Data = Annotated[Path, typer.Argument(metavar="DATA", help="CSV file with units in its headers")]
Output = Annotated[
    Path | None, output_option("STEM", "stem of the files written; fit_KIND_DATA beside you")
]
Bootstrap = Annotated[
    int, typer.Option("--bootstrap", min=0, help="repetitions for intervals by resampling; 0: none")
]


@app.command()
def densification(
    data: Data,
    law: Annotated[str, typer.Option(help="two-stage or heckel")] = "two-stage",
    window: Annotated[str | None, typer.Option(help='e.g. "150 MPa : 450 MPa"')] = None,
    modulus: Annotated[
        str | None, typer.Option(help="oedometric; densities were measured under load in the die")
    ] = None,
    bootstrap: Bootstrap = 400,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Relative density against pressure; columns pressure, relative_density."""
    from joulestack.fitting.densification import fit_densification

    ends = (0.0, float("inf"))
    if window is not None:
        ends = interval("--window", window, "Pa", '"150 MPa : 450 MPa"')
    M = None if modulus is None else quantity("--modulus", modulus, "Pa")
    if M is not None and M <= 0:
        raise CaseError(Problem("--modulus", "is not positive", '"40 GPa"'))
    stem = _stem("densification", data, output, overwrite)
    _finish(fit_densification(data, law, ends, M, bootstrap), stem, overwrite)


@app.command()
def conductivity(
    data: Data,
    fix: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help='e.g. activation_volume="1.4 cm^3/mol"'),
    ] = None,
    free: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="e.g. contact_exponent")
    ] = None,
    bootstrap: Bootstrap = 400,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Ionic conductivity against pressure; columns pressure, conductivity, highest_pressure."""
    from joulestack.fitting.conductivity import PARAMETERS, fit_conductivity

    fixed = {}
    for entry in fix or []:
        name, _, value = entry.partition("=")
        if name not in PARAMETERS:
            raise CaseError(unknown("--fix", "parameter", name, PARAMETERS))
        fixed[name] = quantity(f"--fix {name}", value, PARAMETERS[name].unit)
    stem = _stem("conductivity", data, output, overwrite)
    _finish(fit_conductivity(data, fixed, tuple(free or ()), bootstrap), stem, overwrite)


@app.command()
def contact(
    data: Data,
    transport: Annotated[
        str, typer.Option(help="thermal, electronic, ionic or charge_transfer")
    ] = "charge_transfer",
    series: Annotated[bool, typer.Option(help="fit a constant in series, too")] = False,
    bootstrap: Bootstrap = 400,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Contact resistance against pressure; columns pressure, resistance, highest_pressure."""
    from joulestack.fitting.contact import fit_contact

    stem = _stem("contact", data, output, overwrite)
    _finish(fit_contact(data, transport, series, bootstrap), stem, overwrite)


@app.command()
def arrhenius(
    data: Data,
    measured: Annotated[str, typer.Option("--quantity", help="property")] = "ionic_conductivity",
    reference: Annotated[str, typer.Option(help="temperature of the value")] = "25 degC",
    bootstrap: Bootstrap = 400,
    output: Output = None,
    overwrite: Overwrite = False,
) -> None:
    """Activation energy; columns temperature and the quantity."""
    from joulestack.fitting.arrhenius import fit_arrhenius

    T0 = quantity("--reference", reference, "K")
    if not T0 > 0:
        raise CaseError(Problem("--reference", f"{T0:g} K is impossible", '"25 degC"'))
    stem = _stem("arrhenius", data, output, overwrite)
    _finish(fit_arrhenius(data, measured, T0, bootstrap), stem, overwrite)


def _stem(kind: str, data: Path, output: Path | None, overwrite: bool) -> Path:
    """Of the files to write, once it is known that they can be written."""
    from joulestack.fitting.result import claim

    stem = output or Path(f"fit_{kind}_{data.stem}")
    claim(stem, overwrite, [data]).check()
    return stem


def _finish(result: Result, stem: Path, overwrite: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    result.show(console)
    paths = result.write(stem, overwrite)
    console.print("\nwritten: " + ", ".join(map(str, paths)), soft_wrap=True)
