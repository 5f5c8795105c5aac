"""timeseries.csv: one row per accepted step, readable while the run goes on (RFC 4180)."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import numpy as np
import numpy.typing as npt

from joulestack.errors import CaseError, Problem

TIME = "Time [s]"


class TimeSeries:
    """Appends records to a CSV file; rank 0 writes, the others do nothing.

    Attributes:
        path: of the file.
        columns: labels with units, fixed by the first record.
    """

    REMEMBERS = ("columns", "_length")

    def __init__(self, path: Path, comm: Any = None) -> None:
        """Nothing is written before the first record.

        Args:
            path: of the file; an old one is replaced.
            comm: MPI communicator; None: this process is alone.
        """
        self.path = Path(path)
        self.columns: tuple[str, ...] = ()
        self._known: set[str] = set()
        self._silent = comm is not None and comm.rank != 0
        self._file: TextIO | None = None
        self._length = 0

    def before_writing(self) -> None:
        """Have all rows on the disk, and know how long they are."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._length = self._file.tell()

    def after_reading(self) -> None:
        """Go on with the rows that there were.

        Raises:
            CaseError: the file has lost some of them.
        """
        self._known = set(self.columns)
        if self._silent or not self._length:
            return
        if not self.path.is_file() or self.path.stat().st_size < self._length:
            what = "has lost rows since its run was cut off"
            raise CaseError(Problem(str(self.path), what, "start anew with --overwrite"))
        self._file = self.path.open("r+", newline="", encoding="utf-8")
        self._file.truncate(self._length)
        self._file.seek(self._length)

    def append(self, row: Mapping[str, float]) -> None:
        """Write a record and hand it to the operating system.

        Args:
            row: label with unit -> number. A missing column becomes nan.

        Raises:
            ValueError: the row has a column that the first one did not have.
        """
        if self._silent:
            return
        if self._file is None:
            self.columns = tuple(row)
            self._known = set(row)
            self._file = self.path.open("w", newline="", encoding="utf-8")
            csv.writer(self._file).writerow(self.columns)
        if not row.keys() <= self._known:
            unknown = ", ".join(sorted(row.keys() - self._known))
            raise ValueError(f"time series: columns not in the first record: {unknown}")
        # Numbers need no quoting: joined by hand they take half the time.
        cells = [repr(float(row.get(name, math.nan))) for name in self.columns]
        self._file.write(",".join(cells) + "\r\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file; without a record it has times alone, and none of them."""
        if self._file is None and not self._silent:
            self.path.write_text(f"{TIME}\r\n", encoding="utf-8", newline="")
            self._silent = True
        if self._file is not None:
            self._file.close()
            self._file = None
            self._silent = True

    def __enter__(self) -> TimeSeries:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read(path: Path) -> dict[str, npt.NDArray[np.float64]]:
    """Columns of a time series by label; a last row cut off by an interruption is left out.

    Raises:
        CaseError: the file is missing or is no time series.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file)) or [[]]
            file.seek(0)
            whole = file.read().endswith("\n")
        if rows and not whole:
            rows.pop()
        table = np.array([[float(v) for v in row] for row in rows], dtype=np.float64)
        table = table.reshape(len(rows), len(header))
    except (OSError, ValueError, csv.Error):  # not quoted: it may be any file
        raise CaseError(
            Problem(str(path), "cannot be read as a time series", "run the case again")
        ) from None
    return {name: table[:, i] for i, name in enumerate(header)}
