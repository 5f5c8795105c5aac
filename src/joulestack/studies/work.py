"""One run of a study, on whatever process it falls: a case goes in, a row comes out."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from joulestack.case import Case
from joulestack.errors import JoulestackError
from joulestack.outputs import headline

DONE, FAILED, INVALID = "done", "failed", "invalid"

HIGHEST_TEMPERATURE = "hottest [degC]"
NUMERICAL = "largest numerical error [%]"
SECONDS = "wall time [s]"


@dataclass(frozen=True)
class Job:
    """A case and the folder for its results."""

    case: Case
    folder: Path


@dataclass(frozen=True)
class Row:
    """What came of a run.

    Attributes:
        status: "done", "failed" or "invalid".
        reason: of what is not done.
        figures: name with unit -> value; empty where it is not done.
        ended_by: limit that ended the last step.
        seconds: that the run took.
    """

    status: str
    reason: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    ended_by: str = ""
    seconds: float | None = None


def compute(job: Job) -> Row:
    """Run a case; whatever goes wrong is a row with its reason."""
    from mpi4py import MPI

    from joulestack.simulation.run import run  # where the work is done, not where it is given out

    try:
        result = run(job.case, job.folder, overwrite=True, progress=False, comm=MPI.COMM_SELF)
        return row_of(result.summary)
    except JoulestackError as error:
        return Row(FAILED, str(error))
    except Exception as error:  # one defect does not take the other runs with it
        return Row(FAILED, f"unexpected {type(error).__name__}: {error}")


def row_of(summary: Mapping[str, Any]) -> Row:
    """The row of a run that came to its end."""
    found = {HIGHEST_TEMPERATURE: summary["temperature_max_K"] - 273.15}
    found |= {name: value for name, (value, _) in headline.figures(summary).items()}
    errors = summary.get("numerical_error") or {}
    if errors:
        found[NUMERICAL] = 100 * max(e["relative"] for e in errors.values())
    ended = summary.get("stopped_by") or summary.get("ended_by") or ""
    return Row(DONE, "", found, str(ended), summary.get("wall_time_s"))


def begin() -> None:
    """At the start of a process: it ends with the one that gives out the work, not by Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever gives out the work stops this process
    above = parent_process()
    if above is not None:

        def follow() -> None:
            above.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()
