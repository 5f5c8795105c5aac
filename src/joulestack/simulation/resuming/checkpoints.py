"""Checkpoints of a run: written as it goes, whole or not at all, and gone on from.

One file of NumPy's .npz holds what every rank knows: "head", JSON, says whose it is; for each rank
"memory/<rank>" is JSON of what the run remembers (`memory.py`), "<what>/<rank>" are arrays. What
the file does not fit is refused: another case, library, mesh or number of ranks. A run that goes on
therefore takes the very steps that it would have taken.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.errors import CaseError, Problem
from joulestack.outputs.folder import CHECKPOINT
from joulestack.outputs.vtu import replace
from joulestack.progress import stage
from joulestack.simulation.model import Model
from joulestack.simulation.procedure import Procedure
from joulestack.simulation.resuming.memory import Reader, Writer
from joulestack.solver.stepper import Stepper
from joulestack.solver.stepping.segment import Going

CHECKPOINT_FORMAT = "joulestack checkpoint 1"
LONGEST, SHORTEST, BETWEEN = 240.0, 60.0, 1.0
"""Time from one to the next: at most, at least inside a step of the protocol, and at least where
one ends [s]."""

WORTH = 200.0
"""Times as long as it took to write one is worked until the next, but for `LONGEST`."""

ANEW = "start anew with --overwrite"


class Checkpoints:
    """Writes and reads that of one run. All methods but `due` are collective."""

    def __init__(
        self,
        path: Path,
        model: Model,
        stepper: Stepper,
        procedure: Procedure,
        kept: Mapping[str, Any],
        about: Mapping[str, str],
    ) -> None:
        """Nothing is written yet.

        Args:
            path: of the file.
            model, stepper, procedure: of the run.
            kept: what else remembers, by name.
            about: what must be the same for whoever goes on, by name: digests.
        """
        self.path = path
        self._model, self._stepper, self._procedure = model, stepper, procedure
        self._kept, self._comm = dict(kept), model.domain.comm
        self._head = {
            "format": CHECKPOINT_FORMAT,
            **about,
            "ranks": self._comm.size,
            "processes": [type(p).__name__ for p in model.processes],
            "mesh": model.identity()["mesh"],
        }
        self._last, self._cost = time.monotonic(), 0.0

    def due(self, between: bool) -> bool:
        """Whether it is time for one; the first rank says so.

        Args:
            between: a step of the protocol is over, and the next one has not begun.
        """
        if self._comm.rank:
            return False
        least = max(BETWEEN if between else SHORTEST, WORTH * self._cost)
        return time.monotonic() - self._last >= min(least, LONGEST)

    def write(self, going: Going | None) -> None:
        """Write the present state.

        Args:
            going: the segment that is under way; None: a step of the protocol is over.

        Raises:
            OSError: it cannot be written. Told on every rank; the one before is left.
        """
        begun = time.monotonic()
        everyone = self._comm.gather(self._mine(going)) or []
        failed: OSError | None = None
        if self._comm.rank == 0:
            head = {**self._head, "time": self._model.time}
            arrays: dict[str, Any] = {"head": np.array(json.dumps(head))}
            for rank, (memory, mine) in enumerate(everyone):
                arrays[f"memory/{rank}"] = np.array(json.dumps(memory))
                arrays |= {f"{key}/{rank}": array for key, array in mine.items()}
            data = io.BytesIO()
            np.savez(data, **arrays)
            try:
                replace(self.path, data.getbuffer(), durable=True)
            except OSError as error:
                failed = error
        failed = self._comm.bcast(failed)
        if failed is not None:
            raise failed
        self._last = time.monotonic()
        self._cost = self._last - begun

    def _mine(self, going: Going | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """What this rank remembers: plain data, and arrays."""
        write = Writer()
        memory = {name: write(what) for name, what in self._kept.items()}
        memory |= {"procedure": write(self._procedure), "going": write(going)}
        arrays = {f"array/{n}": array for n, array in enumerate(write.arrays)}
        arrays |= {"x": self._stepper.x.array_r, "rate": self._stepper.rate.array_r}
        arrays |= {f"block/{b.name}": b.value.x.array for b in self._model.unknowns}
        for n, process in enumerate(self._model.processes):
            arrays |= {f"process/{n}/{key}": v for key, v in process.memory().items()}
        return memory, arrays

    def restore(self) -> float:
        """Put the run where it was cut off; `Procedure.run` goes on from there.

        Returns:
            The time there [s].

        Raises:
            CaseError: there is no checkpoint, or it is another's. Told on every rank.
        """
        parts: list[Any] | None = None
        told: CaseError | None = None
        if self._comm.rank == 0:
            try:
                parts = self._read()
            except CaseError as error:
                told = error
        told = self._comm.bcast(told)
        if told is not None:
            raise told
        t, memory, arrays = self._comm.scatter(parts)
        self._take(t, memory, arrays)
        stage(f"going on from t = {t:.6g} s")
        return float(t)

    def _take(self, t: float, memory: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
        model, stepper = self._model, self._stepper
        read = Reader({int(k): v for k, v in _below(arrays, "array/").items()})
        read(memory["procedure"], self._procedure)
        going = read(memory["going"], Going())
        for block in model.unknowns:
            block.value.x.array[:] = arrays[f"block/{block.name}"]
        self._procedure.load_again(going is not None)
        for n, process in enumerate(model.processes):
            process.recall(_below(arrays, f"process/{n}/"))
        for name, kept in self._kept.items():
            read(memory[name], kept)
        stepper.x.array[:], stepper.rate.array[:] = arrays["x"], arrays["rate"]
        model.guessed = False
        # Left of a jump at the end of a stretch the load before it holds.
        model.update(t if going is not None else t * (1 - 1e-12))
        model.system.residual(stepper.x, stepper.rate, model.system.vector)
        model.clock.time = t
        self._procedure.watch_again()
        stepper.going = going

    def _read(self) -> list[Any]:
        """Of every rank: time, memory, arrays.

        Raises:
            CaseError: there is none, or it does not fit.
        """
        where = str(self.path.parent)
        try:
            with np.load(self.path, allow_pickle=False) as file:
                arrays = {key: file[key] for key in file.files}
            head = json.loads(str(arrays.pop("head")))
            if head["format"] != CHECKPOINT_FORMAT:
                raise ValueError
            self._compare(head)
            memories = [json.loads(str(arrays[f"memory/{r}"])) for r in range(self._comm.size)]
        except FileNotFoundError:
            what = "has no checkpoint: its run was cut off before there was one"
            raise CaseError(Problem(where, what, ANEW)) from None
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
            problem = Problem(where, f"{CHECKPOINT} is no {CHECKPOINT_FORMAT}", ANEW)
            raise CaseError(problem) from None
        return [(head["time"], m, _of_rank(arrays, r)) for r, m in enumerate(memories)]

    def _compare(self, head: Mapping[str, Any]) -> None:
        """Refuse what this run cannot go on from.

        Raises:
            CaseError: what differs first is told.
        """
        where, mine = str(self.path.parent), self._head
        again = f"go on with it as it was, or {ANEW}"
        for name, what in {
            "case": "the case has changed since its run was cut off",
            "code": "was written by another version of joulestack",
            "processes": "its run had other processes",
        }.items():
            if head[name] != mine[name]:
                raise CaseError(Problem(where, what, again))
        if head["ranks"] != mine["ranks"]:
            what = f"its run was on {head['ranks']} rank(s), here are {mine['ranks']}"
            raise CaseError(Problem(where, what, f"go on with -n {head['ranks']}, or {ANEW}"))
        if head["mesh"] != mine["mesh"]:
            what = "its mesh was another one, or spread over the ranks otherwise"
            raise CaseError(Problem(where, what, again))

    def remove(self) -> None:
        """The run is complete."""
        if self._comm.rank == 0:
            self.path.unlink(missing_ok=True)


def _of_rank(arrays: Mapping[str, Any], rank: int) -> dict[str, Any]:
    end = f"/{rank}"
    return {key.removesuffix(end): v for key, v in arrays.items() if key.endswith(end)}


def _below(arrays: Mapping[str, Any], start: str) -> dict[str, Any]:
    return {key.removeprefix(start): v for key, v in arrays.items() if key.startswith(start)}
