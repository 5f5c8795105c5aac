"""`joulestack abuse`: a cell in an oven or without cooling, and the critical oven."""

from __future__ import annotations

from typing import Annotated, Any

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
    quantity,
    say,
)
from joulestack.errors import CaseError, Problem

COLDEST_OVEN = 150.0
"""Of an oven [K]."""

HOUR = 3600.0


def abuse(
    case: CaseArgument,
    oven: Annotated[
        str | None, typer.Option("--oven", help='put the cell into an oven, "150 degC"')
    ] = None,
    adiabatic: Annotated[
        bool, typer.Option("--adiabatic", help="no heat leaves, as in ARC")
    ] = False,
    critical: Annotated[
        str | None,
        typer.Option(
            "--critical",
            help='find the oven from which on it runs away, "100 degC : 250 degC"',
        ),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", help="with --adiabatic: temperature at the start")
    ] = None,
    until: Annotated[
        str, typer.Option("--until", help="end of a test in which nothing runs away")
    ] = "24 h",
    limit: Annotated[
        str, typer.Option("--limit", help="self-heating that counts as a runaway")
    ] = "1 K/s",
    settings: Settings = None,
    allow_read: AllowRead = None,
    output: Output = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    allow_scripts: AllowScripts = False,
) -> None:
    """Heat a cell whose materials react until it runs away, or not: docs/abuse.md."""
    if sum((oven is not None, adiabatic, critical is not None)) != 1:
        what = "one test is run at a time"
        raise CaseError(Problem("abuse", what, '--oven "150 degC", --adiabatic or --critical'))
    if start is not None and not adiabatic:
        remedy = "leave it out, or --set cell.start_temperature"
        raise CaseError(Problem("--start", "has no effect without --adiabatic", remedy))
    given: dict[str, Any] = {
        "until": _positive("--until", until, "s"),
        "limit": _positive("--limit", limit, "K/s"),
        "overwrite": overwrite,
    }
    hot = None if oven is None else quantity("--oven", oven, "K", COLDEST_OVEN)
    begin = None if start is None else quantity("--start", start, "K", COLDEST_OVEN)
    example = '"100 degC : 250 degC"'
    ends = None
    if critical is not None:
        ends = interval("--critical", critical, "K", example, COLDEST_OVEN)
    loaded = load_case(case, settings, allow_scripts)
    with needed():
        from joulestack.measurements import abuse_run
    if ends is not None:
        found = abuse_run.critical(loaded, ends, output, **given)
        say(
            f"critical oven: {found.temperature - 273.15:.2f} degC, between "
            f"{found.low - 273.15:.2f} (none within {given['until'] / HOUR:g} h) and "
            f"{found.high - 273.15:.2f} degC (runs away)"
        )
        return
    more: dict[str, Any] = {"output": output, "progress": not quiet, **given}
    if hot is not None:
        result = abuse_run.oven(loaded, hot, **more)
    else:
        result = abuse_run.adiabatic(loaded, begin, **more)
    if first_rank():
        say(_told(result.summary[abuse_run.KEY], given) + f"\nresults: {result.path}")


def _positive(option: str, text: str, unit: str) -> float:
    value = quantity(option, text, unit)
    if not value > 0:
        raise CaseError(Problem(option, f"{text} is impossible", f"more than 0 {unit}"))
    return value


def _told(found: dict[str, Any], given: dict[str, Any]) -> str:
    peak = f"hottest: {found['peak'] - 273.15:.2f} degC after {found['peak_time'] / HOUR:.4g} h"
    if found["time"] is None:
        return f"no runaway within {found['end'] / HOUR:.4g} h\n{peak}"
    return (
        f"runaway (self-heating above {given['limit']:g} K/s) after {found['time'] / HOUR:.4g} h "
        f"at {found['temperature'] - 273.15:.2f} degC, in {found['layer']}\n{peak}"
    )


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("abuse")(abuse)
