"""report.html beside the results that it shows, or where it is asked for; two on one page."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

from joulestack.destination import Claim, output_path
from joulestack.errors import CaseError, EnvironmentMissing, Problem
from joulestack.outputs.report import page
from joulestack.outputs.report.comparison import compared, measurements
from joulestack.outputs.report.content import of_result
from joulestack.outputs.result import Result
from joulestack.outputs.vtu import replace

log = logging.getLogger("joulestack")

REPORT = "report.html"
LIGHT = 2_000_000
"""Bytes of fields and time series up to which a page takes less than 0.2 s."""


def write(
    result: Result,
    path: str | Path | None = None,
    overwrite: bool = False,
    measured: Sequence[Path] = (),
) -> Path:
    """Write the page of a result.

    Args:
        result: of a run.
        path: of the page; None: report.html in the folder of the result, which may be replaced.
        overwrite: replace an earlier page at another place.
        measured: tables of measurements, drawn over the curves.

    Returns:
        The path.

    Raises:
        CaseError: the place cannot be had, the result is damaged, or a table is none.
        EnvironmentMissing: jinja2 is not installed.
    """
    target = result.path / REPORT if path is None else output_path(path)
    with claim(target, overwrite or path is None):
        found = measurements([result], measured)
        text = page.render([of_result(result)], None, found.curves, found.lines)
        replace(target, text.encode())
    return target


def of_folder(
    folder: Path, path: Path | None, overwrite: bool = False, measured: Sequence[Path] = ()
) -> Path:
    """As `write`, for the folder of a result."""
    return write(Result(folder), path, overwrite, measured)


def up_to_date(folder: Path) -> Path:
    """The page of a folder, written where it is not there or older than what it shows."""
    result, page_file = Result(folder), folder / REPORT
    names = ("timeseries.csv", "fields.pvd", "summary.json")
    times = [f.stat().st_mtime for n in names if (f := folder / n).is_file()]
    if page_file.is_file() and page_file.stat().st_mtime >= max(times):
        return page_file
    return write(result)


def compare_folders(
    first: Path, second: Path, path: Path, overwrite: bool = False, measured: Sequence[Path] = ()
) -> Path:
    """As `compare`, for the folders of two results."""
    return compare(Result(first), Result(second), path, overwrite, measured)


def compare(
    first: Result,
    second: Result,
    path: str | Path,
    overwrite: bool = False,
    measured: Sequence[Path] = (),
) -> Path:
    """Write two results side by side on one page.

    Args:
        first, second: of runs.
        path, overwrite, measured: as for `write`.

    Raises:
        CaseError, EnvironmentMissing: as for `write`.
    """
    target = output_path(path)
    with claim(target, overwrite):
        found = measurements([first, second], measured)
        contents = [of_result(result, 2) for result in (first, second)]
        text = page.render(contents, compared(first, second), found.curves, found.lines)
        replace(target, text.encode())
    return target


def beside(folder: Path) -> None:
    """Write the page of a run that has just ended, if that is a matter of a moment."""
    if not light(folder):
        return
    try:
        replace(folder / REPORT, page.render([of_result(Result(folder))]).encode())
    except EnvironmentMissing as error:
        log.info("%s left out: %s", REPORT, error)


def claim(path: Path, overwrite: bool) -> Claim:
    """Of one page; see `Claim`.

    Raises:
        CaseError: it is no name of a page.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        better = f'"{path.stem or "report"}.html"'
        raise CaseError(Problem(str(path), "is no name of a page", better))
    return Claim(path.parent, path.name, re.compile(re.escape(path.name)), overwrite=overwrite)


def light(folder: Path) -> bool:
    """Whether the page of a result is written in a moment."""
    files = [folder / "timeseries.csv", *(folder / "fields").glob("fields_*.vtu")]
    return sum(f.stat().st_size for f in files if f.is_file()) <= LIGHT
