"""The folder of a command: claimed, cleared of nothing but its own files; a run has a log there."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from joulestack.destination import Claim, output_path
from joulestack.errors import CaseError, Problem
from joulestack.outputs.summary import versions, write_json

RUN = re.compile(
    r"fields\.pvd|timeseries\.csv|regions\.csv|summary\.json|manifest\.json|references\.bib|run\.log"
    r"|report\.html|case\.toml"
    r"|(temperature|profile|timeseries|overpotentials|pressure_thickness|capacity|measured)\.png"
    r"|(layers|unit_cells)\.png"
    r"|sensitivities\.(json|csv|npz|png)|uncertainty\.(csv|png)|checkpoint\.npz"
    r"|fields/(fields|interfaces)_\d+(_rank\d+)?\.p?vtu"
)
"""Files that a run writes."""
CHECKPOINT = "checkpoint.npz"
"""There as long as a run is not complete: what it goes on from."""
PREPARED = ("run.log", "regions.csv")
"""Written before manifest.json is whole: alone they are no results worth keeping."""
LOG_FORMAT = "%(asctime)s %(levelname)-7s %(message)s"


class OutputFolder:
    """Where a command writes. Use it as a context: nobody else writes there meanwhile.

    A command that fails before it has written anything leaves nothing.

    Attributes:
        path: of the folder.
    """

    def __init__(
        self,
        path: str | Path,
        marker: str,
        own: re.Pattern[str],
        overwrite: bool = False,
        inputs: Collection[Path] = (),
        comm: Any = None,
        prepared: Collection[str] = (),
        subfolder: str = "",
        unfinished: str = "",
        resume: bool = False,
    ) -> None:
        """Make the folder, or make room in it. Collective; every rank raises alike.

        Args:
            path: of the folder; parents are made.
            marker: JSON file that `finish` writes; what stands beside it is the command's own.
            own: names of all files that the command may write, relative to the folder.
            overwrite: remove the files of an earlier run. Other files are never touched.
            inputs: files that are read; these are never replaced.
            comm: MPI communicator; None: this process is alone.
            prepared, subfolder, unfinished, resume: as for `Claim`.

        Raises:
            CaseError: files are in the way and are another's, or `overwrite` is not set; another
                run writes there; the folder cannot be written, or would be lost.
        """
        self.path = output_path(path)
        self._comm, self._marker = comm, marker
        self._given: set[str] = set()
        self._claim: Claim | None = None
        problems: list[Problem] = []
        if self.root:
            self._claim = Claim(
                self.path, marker, own, overwrite=overwrite, inputs=inputs,
                prepared=prepared, subfolder=subfolder, unfinished=unfinished, resume=resume,
            )  # fmt: skip
            try:
                self._claim.take()
                self._claim.clear()
            except CaseError as error:
                self._claim.release()
                problems = error.problems
        if comm is not None:
            problems = comm.bcast(problems, 0)
        if problems:
            raise CaseError(problems)

    @property
    def root(self) -> bool:
        """Whether this rank writes what is written once."""
        return self._comm is None or self._comm.rank == 0

    def __truediv__(self, name: str) -> Path:
        self._given.add(name)
        return self.path / name

    def finish(self, table: Mapping[str, Any]) -> None:
        """Write the marker: a table, with versions and the names of all files (first rank)."""
        if self.root:
            files = sorted({self._marker, *self._given})
            write_json(self / self._marker, {**table, "versions": versions(), "files": files})

    def close(self) -> None:
        """Let others write."""
        if self._claim is not None:
            self._claim.release()

    def __enter__(self) -> OutputFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # A bug's log is worth keeping; wrong input and Ctrl-C are told on the screen.
        told = isinstance(error, CaseError) or not isinstance(error, Exception)
        if error is not None and told and self._claim is not None and self._claim.void():
            self._claim.release(discard=True)
        self.close()


class _LogFile(logging.FileHandler):
    """A log that takes no run with it where the disk is full: what is wrong is told elsewhere."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Leave it."""


class ResultFolder(OutputFolder):
    """Where a run writes. Use it as a context: it keeps the log, run.log."""

    def __init__(
        self,
        path: str | Path,
        overwrite: bool = False,
        comm: Any = None,
        inputs: Collection[Path] = (),
        resume: bool = False,
    ) -> None:
        """As for `OutputFolder`, with the names of a run."""
        self._handler: logging.Handler | None = None
        self._mode = "a" if resume else "w"
        super().__init__(
            path, "manifest.json", RUN, overwrite, inputs, comm, PREPARED, subfolder="fields",
            unfinished=CHECKPOINT, resume=resume,
        )  # fmt: skip

    def start_log(self, level: int = logging.INFO) -> None:
        """Send the package's log to run.log (rank 0); the context does so by itself."""
        if not self.root or self._handler is not None:
            return
        file = self.path / "run.log"
        self._handler = _LogFile(file, mode=self._mode, encoding="utf-8")
        self._handler.setFormatter(logging.Formatter(LOG_FORMAT))
        self._handler.setLevel(level)
        logger = logging.getLogger("joulestack")
        if logger.getEffectiveLevel() > level:
            logger.setLevel(level)
        logger.addHandler(self._handler)

    def _stop_log(self) -> None:
        if self._handler is not None:
            logging.getLogger("joulestack").removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def close(self) -> None:
        """Close the log, and let others write."""
        self._stop_log()
        super().close()

    def __enter__(self) -> ResultFolder:
        self.start_log()
        if self._claim is not None and self._claim.died:
            text = "the run before this one has died here without a word (process %s)"
            logging.getLogger("joulestack").warning(text, self._claim.died)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception) and self._handler is not None:
            # To the file alone: who called is told by the exception itself.
            made = logging.getLogger("joulestack").makeRecord(
                "joulestack", logging.ERROR, __file__, 0, "%s", (error,), None
            )
            self._handler.handle(made)
        self._stop_log()
        super().__exit__(kind, error, trace)
