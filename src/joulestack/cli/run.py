"""`joulestack run`: a case, or with --vary many, and what came out in a few lines."""

from __future__ import annotations

import logging
import sys
from typing import Any

import typer

from joulestack._needs import needed
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
    load_case,
)
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
from joulestack.errors import CaseError, Problem


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


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
    loaded = load_case(case, settings, allow_scripts)
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
        from joulestack.simulation import run as simulation

    _warnings_on_screen()
    result = simulation.run(
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


def _warnings_on_screen() -> None:
    """What the log warns of is said on the screen too, by one rank: balances, limits."""

    class Screen(logging.Handler):
        """Asks for standard error anew: an open progress bar stands in its place."""

        def emit(self, record: logging.LogRecord) -> None:
            print(self.format(record), file=sys.stderr)

    handler = Screen() if first_rank() else logging.NullHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logging.getLogger("joulestack").addHandler(handler)
