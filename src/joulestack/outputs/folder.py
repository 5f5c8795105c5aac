"""The folder of a run: made, guarded against overwriting, cleared of nothing but its own files."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from joulestack.errors import CaseError, Problem

OWN = re.compile(
    r"fields\.pvd|timeseries\.csv|regions\.csv|summary\.json|manifest\.json|references\.bib|run\.log"
    r"|(temperature|profile|timeseries|overpotentials|pressure_thickness)\.png|case\.toml|\.[\w.]+\.part"
)
"""Files that a run writes."""
OWN_FIELDS = re.compile(
    r"(fields|interfaces)_\d+(_rank\d+)?\.p?vtu|\.(fields|interfaces)_[\w.]+\.part"
)
"""Files that a run writes into the folder `fields`."""
PREPARED = ("run.log", "manifest.json", "references.bib", "case.toml", "regions.csv")
"""Written before the first state: alone they are no results worth keeping."""
LOG_FORMAT = "%(asctime)s %(levelname)-7s %(message)s"


class ResultFolder:
    """Where a run writes. Use it as a context: it keeps the log, run.log.

    Attributes:
        path: of the folder.
    """

    def __init__(self, path: str | Path, overwrite: bool = False, comm: Any = None) -> None:
        """Make the folder, or make room in it. Collective; every rank raises alike.

        Args:
            path: of the folder; parents are made.
            overwrite: remove the files of an earlier run. Other files are never touched.
            comm: MPI communicator; None: this process is alone.

        Raises:
            CaseError: it holds results and `overwrite` is not set, or it cannot be written.
        """
        self.path = Path(path)
        self._comm = comm
        self._handler: logging.Handler | None = None
        problem = self._prepare(overwrite) if self.root else None
        if comm is not None:
            problem = comm.bcast(problem, 0)
        if problem is not None:
            raise CaseError(problem)

    @property
    def root(self) -> bool:
        """Whether this rank writes what is written once."""
        return self._comm is None or self._comm.rank == 0

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def _prepare(self, overwrite: bool) -> Problem | None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            old = list(self._own_files())
            results = [f for f in old if f.name not in PREPARED and f.suffix != ".part"]
            if results and not overwrite:
                return Problem(
                    str(self.path),
                    f"holds the results of an earlier run ({len(results)} files)",
                    "choose another folder with --output, or replace them with --overwrite",
                )
            # The index goes first: what it names must exist as long as it does.
            for file in sorted(old, key=lambda f: f.name != "fields.pvd"):
                file.unlink()
            fields = self.path / "fields"
            if fields.is_dir() and not any(fields.iterdir()):
                fields.rmdir()
            probe = self.path / ".write.part"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            reason = error.strerror or str(error)
            return Problem(str(self.path), f"cannot be written ({reason})", "choose another folder")
        return None

    def _own_files(self) -> Iterator[Path]:
        for folder, pattern in ((self.path, OWN), (self.path / "fields", OWN_FIELDS)):
            if folder.is_dir():
                files = (f for f in folder.iterdir() if f.is_file())
                yield from (f for f in files if pattern.fullmatch(f.name))

    def start_log(self, level: int = logging.INFO) -> None:
        """Send the package's log to run.log (rank 0); the context does so by itself."""
        if not self.root or self._handler is not None:
            return
        self._handler = logging.FileHandler(self.path / "run.log", mode="w", encoding="utf-8")
        self._handler.setFormatter(logging.Formatter(LOG_FORMAT))
        self._handler.setLevel(level)
        logger = logging.getLogger("joulestack")
        if logger.getEffectiveLevel() > level:
            logger.setLevel(level)
        logger.addHandler(self._handler)

    def close(self) -> None:
        """Close the log."""
        if self._handler is not None:
            logging.getLogger("joulestack").removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def __enter__(self) -> ResultFolder:
        self.start_log()
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
        self.close()
