"""The state of an iteration on disk: a stopped run goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.errors import CaseError, Problem
from joulestack.microstructure.conduction.gradients import State


def fingerprint(*parts: Any) -> str:
    """Tells one problem from another; arrays by content."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            whole = zlib.crc32(np.ascontiguousarray(part).data)
            digest.update(f"{part.shape}{part.dtype}{whole}".encode())
        else:
            digest.update(repr(part).encode())
    return digest.hexdigest()


class Checkpoint:
    """A file with one state, replaced as a whole every so often and removed at the end."""

    def __init__(self, path: Path, problem: str, period: float) -> None:
        """Nothing is written yet.

        Args:
            path: of the file.
            problem: fingerprint.
            period: least time between two states [s].
        """
        self._path, self._problem, self._period = path, problem, period
        self._written = time.monotonic()

    def load(self) -> State | None:
        """The state of an earlier run, if there is one.

        Raises:
            CaseError: the file is none of this problem's.
        """
        if not self._path.exists():
            return None
        try:
            with np.load(self._path, allow_pickle=False) as file:
                about = json.loads(str(file["about"]))
                x, r, p = (file[name] for name in ("x", "r", "p"))
        except (OSError, ValueError, KeyError) as error:
            raise self._wrong("no checkpoint that can be read") from error
        if about["problem"] != self._problem:
            raise self._wrong("a checkpoint of another image or other conductivities")
        history = [(float(a), float(b)) for a, b in about["history"]]
        return State(x, r, p, about["rz"], about["mean"], history)

    def _wrong(self, what: str) -> CaseError:
        remedy = "remove it, or name another file"
        return CaseError(Problem(str(self._path), what, remedy), "voxel conduction")

    def offer(self, state: State) -> None:
        """Write the state if it is time to."""
        if time.monotonic() - self._written < self._period:
            return
        about = {
            "problem": self._problem,
            "rz": state.rz,
            "mean": state.mean,
            "history": state.history,
        }
        part = self._path.with_name(self._path.name + ".part")
        with part.open("wb") as file:
            np.savez(file, x=state.x, r=state.r, p=state.p, about=np.array(json.dumps(about)))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)
        self._written = time.monotonic()

    def remove(self) -> None:
        """The run is over."""
        self._path.unlink(missing_ok=True)
