"""`joulestack microstructure ...`: words to calls; what is heavy is imported where it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from joulestack.cli.options import AllowRead, CaseArgument, Output, Overwrite, Quiet, Settings

if TYPE_CHECKING:
    from joulestack.case.microstructures.microstructure import MicrostructureCase
    from joulestack.microstructure.powder import Progress

app = typer.Typer(
    name="microstructure",
    help="Effective properties of packings and tomographic images.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def generate(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Pack and press powder, or segment an image; write voxels and pictures."""
    loaded = _load(case, settings)
    from joulestack.microstructure import run

    made = run.generate(loaded, output, overwrite, progress=_say(quiet))
    for sample in made:
        image = sample.image
        shares = ", ".join(f"{n} {100 * image.fraction(n):.2f} %" for n in image.present)
        typer.echo(f"{sample.name}: {' x '.join(map(str, image.shape))} voxels, {shares}")
    typer.echo(f"results: {output or run.results(loaded)} (image_*.vti open in ParaView)")


@app.command()
def analyse(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Count: fractions, percolation, interfaces, contacts, utilisation, correlations."""
    loaded = _load(case, settings)
    from joulestack.microstructure import run

    for found in run.analyse(loaded, output, overwrite, progress=_say(quiet)):
        typer.echo(f"{found['name']}:")
        for name, share in found["volume_fraction"].items():
            through = found["percolating_fraction"][name]["z"]
            typer.echo(
                f"  {name}: {100 * share:.2f} %, {100 * through:.1f} % of it percolates in z"
            )
        for pair, area in found["specific_interface_area_per_m"].items():
            typer.echo(f"  {pair}: {area['crofton']:.4g} m2/m3")
        if "packing" in found:
            typer.echo(f"  contacts of a particle: {found['packing']['contacts_per_particle']:.2f}")
        if "utilisation" in found:
            used = found["utilisation"]
            typer.echo(
                f"  utilisation: {100 * used['both']:.1f} % (ions {100 * used['ionic']:.1f} %, "
                f"electrons {100 * used['electronic']:.1f} %)"
            )
    typer.echo(f"results: {output or run.results(loaded)}")


@app.command()
def conductivity(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    output: Output = None,
    overwrite: Overwrite = False,
    fields: Annotated[bool, typer.Option(help="write potential and flux as VTI")] = False,
    quiet: Quiet = False,
) -> None:
    """Solve the conduction problems; write values, table.json for a cell, and pictures."""
    loaded = _load(case, settings)
    from joulestack.materials.quantities import QUANTITIES
    from joulestack.microstructure import run

    rows = run.conductivity(
        loaded, output, overwrite, progress=_say(quiet), fields=fields, bar=not quiet
    )
    for r in rows:
        pressure = "" if r.pressure is None else f" ({1e-6 * r.pressure:g} MPa)"
        factor = r.tortuosity_factor
        text = "" if factor is None else f", tortuosity factor {factor:.3f}"
        text += "" if r.tortuosity is None else f", its root {r.tortuosity:.3f}"
        typer.echo(
            f"{r.property} along {r.axis} at {r.relative_density:.4f}{pressure}: {r.value:.4g} "
            f"{QUANTITIES[r.property].unit}, {r.relative:.4g} of the best conductor's{text}"
        )
        if r.precision == "double":
            typer.echo("  solved in float64: its conductances differ too much for float32")
    typer.echo(f"results: {output or run.results(loaded)} (table.json for `effective` in a case)")


def _load(path: Path, settings: list[str] | None) -> MicrostructureCase:
    from joulestack.case.microstructures.microstructure import MicrostructureCase
    from joulestack.case.reading import parse_settings

    return MicrostructureCase.load(path, parse_settings(settings or []))


def _say(quiet: bool) -> Progress | None:
    if quiet:
        return None
    return lambda text: typer.echo(text, err=True)
