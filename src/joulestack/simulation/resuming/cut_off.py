"""What a run that was cut off leaves on disk, and how to go on: in words, and looked at anew."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

from mpi4py import MPI

from joulestack.errors import CaseError, Problem, StorageError
from joulestack.interruption import Interrupted
from joulestack.outputs.folder import CHECKPOINT
from joulestack.outputs.result import Result

log = logging.getLogger("joulestack")


def complete(folder: Path, comm: MPI.Comm, overwrite: bool) -> bool:
    """Whether there is nothing left to be gone on with. Collective.

    Raises:
        CaseError: no run was there. Told on every rank.
    """
    if overwrite:
        raise CaseError(Problem("--resume", "does not go with --overwrite", "give one of them"))
    found = comm.bcast(((folder / "manifest.json").is_file(), Result.finished(folder)))
    if not found[0]:
        what = "holds no run to go on with"
        raise CaseError(Problem(str(folder), what, "start it without --resume"))
    if found[1]:
        log.warning("%s is complete already", folder)
    return bool(found[1])


def interrupted(
    error: KeyboardInterrupt, folder: Path, reached: float | None, completed: bool
) -> Interrupted:
    """An interruption that says what is on disk.

    Args:
        error: as it was raised.
        folder: of the results.
        reached: time of the last record [s]; None: there is none.
        completed: all that is left to do are pictures.
    """
    number = getattr(error, "number", signal.SIGINT)
    if reached is None:
        left = f"before the first step: {folder} holds nothing, the same command starts anew"
    elif completed:
        left = f"after the last step: {folder} holds all but pictures"
    else:
        on = "--resume goes on" if _goes_on(folder) else "--overwrite starts anew"
        left = f"at t = {reached:.6g} s: {folder} holds all up to there; the same command with {on}"
    said = f"interrupted ({signal.Signals(number).name}) {left}"
    told = Interrupted(number, said, getattr(error, "orderly", False))
    log.info("%s", told)  # to run.log; the screen hears it from who catches it
    return told


def full(error: OSError, folder: Path) -> StorageError | None:
    """A disk on which nothing more can be written; None: the error is of another kind."""
    kept = f"{folder} holds what was written before"
    kept += "; the same command with --resume goes on" if _goes_on(folder) else ""
    return StorageError.of(error, kept)


def _goes_on(folder: Path) -> bool:
    return (folder / CHECKPOINT).is_file()
