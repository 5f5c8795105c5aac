"""`joulestack impedance`, `polarisation`, `thermal-wave`, `accuracy`: words to calls."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from joulestack._needs import needed
from joulestack.cli.options import (
    AllowRead,
    AllowScripts,
    CaseArgument,
    Output,
    Overwrite,
    Quiet,
    Settings,
    first_rank,
    interval,
    load_case,
    say,
)
from joulestack.progress import ProgressBar

if TYPE_CHECKING:
    from joulestack.case import Case


def impedance(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    frequencies: Annotated[
        str | None, typer.Option(help='instead of those of the case, "1 mHz : 1 MHz"')
    ] = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
) -> None:
    """Impedance spectrum between the terminals: Nyquist and Bode plots, CSV, figures."""
    ends = None
    if frequencies is not None:
        ends = interval("--frequencies", frequencies, "Hz", '"1 mHz : 1 MHz"', lowest=0.0)
    loaded = load_case(case, settings, allow_scripts, "impedance")
    with needed():
        from joulestack.measurements import run

    with _bar(loaded, quiet):
        found = run.impedance(loaded, output, ends, overwrite)
    direct = "none, charge is stored" if math.isnan(found.direct) else f"{found.direct:.5g} Ohm"
    apparent = f", apparent conductivity {10 * found.apparent_conductivity:.4g} mS/cm"
    say(
        f"high-frequency intercept: {found.intercept:.5g} Ohm{'' if found.untold else apparent}\n"
        f"direct-current limit: {direct}"
    )
    for remark in (*([found.untold] if found.untold else []), *found.remarks):
        say(remark)
    _tell(found.assumed, output, loaded, "impedance")


def polarisation(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
) -> None:
    """Direct-current polarisation: partial conductivities of a mixed conductor."""
    loaded = load_case(case, settings, allow_scripts)
    with needed():
        from joulestack.measurements import run

    with _bar(loaded, quiet):
        found = run.polarisation(loaded, output, overwrite)
    say(
        f"conductivity of what passes the contacts: {10 * found.passing:.4g} mS/cm, "
        f"of what they block: {10 * found.blocked:.4g} mS/cm"
    )
    if found.settled > 0.01:
        say(
            f"no plateau yet: the current changed by {100 * found.settled:.2g} % in the last "
            "tenth of the time; lengthen polarisation.duration"
        )
    _tell(found.assumed, output, loaded, "polarisation")


def thermal_wave(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
) -> None:
    """Thermal diffusivity by the thermal wave: one face heated sinusoidally."""
    loaded = load_case(case, settings, allow_scripts, "thermal_wave")
    with needed():
        from joulestack.measurements import run

    with _bar(loaded, quiet):
        summary = run.thermal_wave(loaded, output, overwrite).summary()
    say(
        f"thermal diffusivity: {1e6 * summary['thermal_diffusivity_m2_per_s']:.5g} mm2/s, "
        f"spread over the frequencies {100 * summary['spread_over_frequencies']:.2g} %"
    )
    _tell({}, output, loaded, "thermal_wave")


def accuracy(
    case: CaseArgument,
    settings: Settings = None,
    allow_read: AllowRead = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
) -> None:
    """Run a case with steps, mesh, particles and Newton's method refined: error by cause."""
    loaded = load_case(case, settings, allow_scripts)
    with needed():
        from joulestack.measurements import numerical_error

    with _bar(loaded, quiet):
        found = numerical_error.accuracy(loaded, output, overwrite)
    width = max(len(f.name) for f in found.figures)
    causes = "".join(f"{c:>18}" for c in found.causes)
    say(f"{'':{width}}{'value':>14}{causes}{'together':>12}")
    for figure in found.figures:
        parts = "".join(f"{figure.by_cause.get(c, 0.0):>18.2g}" for c in found.causes)
        say(f"{figure.name:{width}}{figure.value:>14.6g}{parts}{100 * figure.relative:>10.2g} %")
    worst = found.worst
    say(f"off most for its size: {worst.name}, by {100 * worst.relative:.2g} %")
    for reason in found.untold:
        say(f"not looked at: {reason}")
    _tell({}, output, loaded, "accuracy")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands: dict[str, Callable[..., None]] = {
        "accuracy": accuracy,
        "impedance": impedance,
        "polarisation": polarisation,
        "thermal-wave": thermal_wave,
    }
    for name, command in commands.items():
        app.command(name)(command)


def _bar(case: Case, quiet: bool) -> ProgressBar:
    return ProgressBar(case.title, enabled=not quiet and first_rank())


def _tell(assumed: Mapping[str, str], output: Path | None, case: Case, stem: str) -> None:
    for name, value in assumed.items():
        say(f"assumed: {name} = {value}")
    say(f"results: {output or Path('results') / case.name}/{stem}.csv, .json, .png")
