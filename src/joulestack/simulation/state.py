"""The state of a model in a file: unknowns, what processes remember, the time; and back again.

A state goes on where it was saved, in a model of the same setup, on the same mesh and as many
ranks. What is in it follows from declarations: each block with the units, the starts and the origin
that its `FieldInfo` or `LocalState` says, each process with its `Physics.memory`. Rates, the steps
of the time integrator, the load and the records of an observer are not: the integrator begins anew
with small steps, and integrals in time count from the restored state.

The file is NumPy's .npz: "head" is JSON, "block/<name>/<rank>" the unknowns of a block on a rank,
ghosts too, "process/<number>/<name>/<rank>" what a process remembers.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack import _compat
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.errors import CaseError, Problem
from joulestack.physics.base import Physics
from joulestack.simulation.setup import Setup

FORMAT = "joulestack state 1"
Floats = npt.NDArray[np.float64]


def identity(
    setup: Setup, domain: Domain, unknowns: Sequence[Block], processes: Sequence[Physics]
) -> dict[str, Any]:
    """What a state and the model that takes it must have in common; the same on every rank.

    Collective. Materials and laws are not in it: to go on with others may be what is wanted.
    """
    return {
        "format": FORMAT,
        "ranks": domain.comm.size,
        "unknowns": {
            b.name: {
                "regions": [r.name for r in b.regions],
                "units": list(b.info.units),
                "starts": [float(start) for start in b.info.starts],
                "origin": b.info.counts_from(setup),
                "degree": b.space.element.basix_element.degree,
            }
            for b in unknowns
        },
        "processes": [type(p).__name__ for p in processes],
        "mesh": domain.comm.allgather(_mesh(domain)),
    }


def save(
    path: Path,
    comm: Any,
    head: Mapping[str, Any],
    unknowns: Sequence[Block],
    processes: Sequence[Physics],
) -> None:
    """Write a state. Collective.

    Args:
        path: of the file; one that is there is replaced, once the new one is whole.
        comm: ranks.
        head: `identity` and what else is to come back, plain data.
        unknowns: with the state in them.
        processes: that remember.

    Raises:
        OSError: it cannot be written. Told on every rank.
    """
    mine = {f"block/{b.name}": b.value.x.array for b in unknowns}
    for n, process in enumerate(processes):
        mine |= {f"process/{n}/{key}": v for key, v in process.memory().items()}
    everyone = comm.gather(mine)
    failed: OSError | None = None
    if comm.rank == 0:
        arrays = {f"{key}/{r}": v for r, part in enumerate(everyone) for key, v in part.items()}
        try:
            _write(path, {"head": np.array(json.dumps(head)), **arrays})
        except OSError as error:
            failed = error
    failed = comm.bcast(failed)
    if failed is not None:
        raise failed


def restore(
    path: Path, comm: Any, wanted: Mapping[str, Any], unknowns: Sequence[Block]
) -> tuple[dict[str, Any], list[dict[str, Floats]]]:
    """Put a state into the unknowns; nothing is changed where it raises. Collective.

    Args:
        path: of the file.
        comm: ranks.
        wanted: `identity` of what takes it.
        unknowns: take their values; their rates are zero.

    Returns:
        The head of the file and what each process remembered.

    Raises:
        CaseError: there is no such file, or its state is another model's. Told on every rank.
    """
    parts: list[dict[str, Floats]] | None = None
    head: dict[str, Any] = {}
    told: CaseError | None = None
    if comm.rank == 0:
        try:
            head, arrays = _read(path)
            _compare(head, wanted, path)
            parts = [_of_rank(arrays, rank) for rank in range(comm.size)]
        except CaseError as error:
            told = error
    told = comm.bcast(told)
    if told is not None:
        raise told
    head, mine = comm.bcast(head), comm.scatter(parts)
    for block in unknowns:
        block.value.x.array[:] = mine[f"block/{block.name}"]
        if block.rate is not None:
            block.rate.x.array[:] = 0.0
    return head, [_below(mine, f"process/{n}/") for n in range(len(head["processes"]))]


def _mesh(domain: Domain) -> str:
    """This rank's cells and their regions, as a digest."""
    points = domain.mesh.geometry.x
    digest = hashlib.sha256()
    for array in (points, _compat.geometry_nodes(domain.mesh), domain.cell_region):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _compare(head: Mapping[str, Any], wanted: Mapping[str, Any], path: Path) -> None:
    """Refuse a state of another model.

    Raises:
        CaseError: it is one; what differs first is told.
    """

    def refuse(what: str, remedy: str) -> CaseError:
        return CaseError(Problem(f"state in {path}", what, remedy))

    if head["ranks"] != wanted["ranks"]:
        was, now = head["ranks"], wanted["ranks"]
        raise refuse(f"is of {was} rank(s), here are {now}", f"run on {was}")
    same = "restore into a model of the same setup, on the same mesh"
    saved, here = head["unknowns"], wanted["unknowns"]
    for name in dict.fromkeys((*saved, *here)):
        if name not in here:
            raise refuse(f"has unknowns {name!r}, which the model has not", same)
        if name not in saved:
            raise refuse(f"lacks the model's unknowns {name!r}", same)
        for what in here[name]:
            if saved[name][what] != here[name][what]:
                was, now = saved[name][what], here[name][what]
                raise refuse(f"{what} of {name!r} were {was}, here they are {now}", same)
    if head["processes"] != wanted["processes"]:
        names = ", ".join(head["processes"])
        raise refuse(f"is of other processes: {names}", same)
    if head["mesh"] != wanted["mesh"]:
        raise refuse("is of another mesh, or of this one spread over the ranks otherwise", same)


def _of_rank(arrays: Mapping[str, Floats], rank: int) -> dict[str, Floats]:
    end = f"/{rank}"
    return {key.removesuffix(end): v for key, v in arrays.items() if key.endswith(end)}


def _below(arrays: Mapping[str, Floats], start: str) -> dict[str, Floats]:
    return {key.removeprefix(start): v for key, v in arrays.items() if key.startswith(start)}


def _write(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write whole or not at all."""
    data = io.BytesIO()
    np.savez(data, **arrays)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data.getbuffer())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Head and arrays of a file.

    Raises:
        CaseError: there is none, or it holds something else.
    """
    where = f"state in {path}"
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        head = json.loads(str(arrays.pop("head")))
        if head["format"] != FORMAT:
            raise ValueError
    except FileNotFoundError:
        problem = Problem(where, "there is no such file", "give a file of `Model.save`")
        raise CaseError(problem) from None
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        problem = Problem(where, f"is no {FORMAT}", "give a file of `Model.save`")
        raise CaseError(problem) from None
    return head, arrays
