"""`sweep(case, vary)`: one case, many values, runs on many processes, one table."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulestack.case import Case
from joulestack.case.settings.check_numerics import NO_END
from joulestack.errors import CaseError, Problem
from joulestack.outputs.plots.style import duration
from joulestack.progress import ProgressBar
from joulestack.studies import journal, pictures, sampling
from joulestack.studies.journal import Journal
from joulestack.studies.pool import Cluster, Processes, cores, each
from joulestack.studies.sampling import Sampled
from joulestack.studies.table import Table
from joulestack.studies.values import parse, text_of
from joulestack.studies.work import FAILED, INVALID, Job, Row, compute

log = logging.getLogger("joulestack")

TABLE_PERIOD = 2.0
"""Least time between two writings of the table while runs come in [s]."""


@dataclass(frozen=True)
class Study:
    """What is to be run: points, and a valid case for each.

    Attributes:
        base: the case that points change.
        sampled: points.
        cases: of the points; None where the values do not go together.
        reasons: why not, empty elsewhere.
    """

    base: Case
    sampled: Sampled
    cases: tuple[Case | None, ...]
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, base: Case, sampled: Sampled, skip_invalid: bool = False) -> Study:
        """Make every case before any is run.

        Args:
            base: the case that points change.
            sampled: points.
            skip_invalid: points with wrong values become rows that say so; they are refused
                otherwise. All of them being wrong is refused anyway.

        Raises:
            CaseError: values are wrong; each problem once, with the points it is met at.
        """
        quiet = {} if "pictures" in base.source.table.get("outputs", {}) else _PLAIN
        cases: list[Case | None] = []
        reasons: list[str] = []
        problems: dict[Problem, list[int]] = {}
        for i, point in enumerate(sampled.points):
            try:
                case = base.replace({**quiet, **point})
                if not case.file.ends:
                    raise CaseError(Problem("time.end", *NO_END))
            except CaseError as error:
                for problem in error.problems:
                    problems.setdefault(problem, []).append(i)
                cases.append(None)
                reasons.append("; ".join(f"{p.where}: {p.what}" for p in error.problems))
            else:
                cases.append(case)
                reasons.append("")
        if problems and not (skip_invalid and any(cases)):
            told = [
                Problem(p.where, f"{p.what} (at {_at(sampled, where)})", p.remedy)
                for p, where in problems.items()
            ]
            raise CaseError(told, base.source.name)
        return cls(base, sampled, tuple(cases), tuple(reasons))


_PLAIN: dict[str, Any] = {"outputs.pictures": False}
"""Runs of a study draw no pictures unless the case says so."""


def _at(sampled: Sampled, where: Sequence[int]) -> str:
    count, total = len(where), len(sampled.points)
    if count == total and total > 1:
        return f"each of the {total} points"
    point = sampled.points[where[0]]
    told = ", ".join(f"{key} = {text_of(value)}" for key, value in point.items())
    return told + (f" and {count - 1} further points" if count > 1 else "")


def sweep(
    case: Case | str | Path,
    vary: Mapping[str, Any] | Sampled,
    output: str | Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    overwrite: bool = False,
    progress: bool = True,
    retry: bool = False,
    skip_invalid: bool = False,
    allow_scripts: bool = False,
) -> Table:
    """Run a case with every combination of values, or at the points that are given.

    A study that was interrupted goes on when it is asked for again; values may have been added.

    Args:
        case: a case, or the path of a case file.
        vary: key -> values, "1, 2, 5 MPa" or a list; or points of `joulestack.studies.sampling`.
        output: folder; `results/<case name>_study` if not given.
        workers: processes; as many as there are cores if not given.
        scheduler: address or file of a scheduler of dask.distributed, in place of processes here.
        overwrite: replace an earlier study instead of going on with it.
        progress: show a progress bar on a terminal.
        retry: run again what has failed.
        skip_invalid: points whose values do not go together are rows that say so; otherwise they
            are refused.
        allow_scripts: as for `Case.load`.

    Returns:
        The table, as in study.csv of the folder.

    Raises:
        CaseError: values are wrong, or the folder holds another study.
        EnvironmentMissing: processes or the cluster cannot be had.
    """
    base = case if isinstance(case, Case) else Case.load(case, allow_scripts=allow_scripts)
    if not isinstance(vary, Sampled):
        vary = sampling.grid([parse(key, values) for key, values in vary.items()])
    _alone()
    if workers is not None and (scheduler is not None or workers < 1):
        what = "has no effect with a scheduler" if scheduler else f"{workers} is impossible"
        raise CaseError(Problem("workers", what, "leave it out, or a number from 1"))
    study = Study.of(base, vary, skip_invalid)
    return run_study(study, output, workers, scheduler, overwrite, progress, retry)


def run_study(
    study: Study,
    output: str | Path | None,
    workers: int | None,
    scheduler: str | None,
    overwrite: bool,
    progress: bool,
    retry: bool,
) -> Table:
    """Run what has no row yet; see `sweep`."""
    base, sampled = study.base, study.sampled
    where = Path("results") / f"{base.name}_study" if output is None else output
    digests = [case.digest() if case else "" for case in study.cases]
    with Journal(where, set(digests), overwrite, retry, base.source.inputs()) as book:
        waiting = {
            digest: case
            for digest, case in zip(digests, study.cases, strict=True)
            if case and digest not in book.rows
        }
        book.begin(
            {
                "case": base.source.name,
                "title": base.title,
                "vary": {v.key: list(v.values) for v in sampled.varied},
                "grid": sampled.grid,
                "points": len(sampled.points),
            }
        )
        runs = book.path.resolve() / journal.RUNS
        names = book.free_names(len(waiting), len(digests))
        jobs = [Job(case, runs / name) for case, name in zip(waiting.values(), names, strict=True)]
        of_job = dict(zip((job.folder for job in jobs), waiting, strict=True))
        try:
            with ProgressBar(base.title, enabled=progress) as bar:
                _run(study, digests, jobs, of_job, book, bar, workers, scheduler)
        finally:
            table = _table(study, digests, book)
            table.write_csv(book.path / journal.CSV)
        table.write_netcdf(book.path / journal.NETCDF)
        pictures.draw(table, book.path / journal.PICTURE)
    return table


def _run(
    study: Study,
    digests: Sequence[str],
    jobs: Sequence[Job],
    of_job: Mapping[Path, str],
    book: Journal,
    bar: ProgressBar,
    workers: int | None,
    scheduler: str | None,
) -> None:
    if not jobs:
        return
    begun = written = time.monotonic()
    failed, before = 0, len(book.rows)
    bar.show(before / (before + len(jobs)), f"{before} of {before + len(jobs)} runs")
    size = min(workers or cores(), len(jobs))
    with Cluster(scheduler) if scheduler else Processes(size) as pool:
        for done, (job, row) in enumerate(each(compute, jobs, pool, _died), 1):
            book.note(of_job[job.folder], job.folder.name, row)
            failed += row.status == FAILED
            now = time.monotonic()
            left = (now - begun) / done * (len(jobs) - done)
            told = f", {failed} failed" if failed else ""
            share = (before + done) / (before + len(jobs))
            state = f"{before + done} of {before + len(jobs)} runs{told}"
            bar.show(share, f"{state}, {duration(round(left))} left" if left else state)
            if now - written > TABLE_PERIOD:
                _table(study, digests, book).write_csv(book.path / journal.CSV)
                written = now


def _died(how: str) -> Row:
    return Row(FAILED, f"the process of this run was lost: {how}")


def _table(study: Study, digests: Sequence[str], book: Journal) -> Table:
    rows: list[Row | None] = []
    folders: list[str] = []
    for digest, reason in zip(digests, study.reasons, strict=True):
        name, row = book.rows.get(digest, ("", None))
        rows.append(Row(INVALID, reason) if reason else row)
        folders.append(name)
    return Table(study.base.title, study.sampled, tuple(rows), tuple(folders))


def _alone() -> None:
    """Refuse to be one of several ranks.

    Raises:
        CaseError: this process is.
    """
    names = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE")
    size = next((os.environ[n] for n in names if n in os.environ), "1")
    if size != "1":
        what = f"a study has its runs on processes of its own, not on {size} ranks"
        raise CaseError(Problem("", what, "leave -n out, and say --workers"))
