"""Microstructures that a cell is made of, computed before the cell is."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

from joulestack.case.case import Case
from joulestack.case.layers.effective import Request
from joulestack.case.microstructures.microstructure_key import CACHE
from joulestack.errors import JoulestackError

log = logging.getLogger("joulestack")


def supplied(case: Case, comm: Any = None, bar: bool = False) -> Case:
    """The case with every microstructure of its layers computed, or read from the cache.

    Args:
        case: as loaded.
        comm: MPI ranks; the first computes, the others wait.
        bar: show a progress bar for every solution, where somebody looks.

    Raises:
        CaseError: a packing, an image or a problem that cannot be had, or properties that do not
            make a layer.
    """
    cold = [r for r in case.microstructures if not r.ready]
    error: JoulestackError | None = None
    if comm is None or comm.rank == 0:
        try:
            for request in cold:
                _compute(request, bar)
        except JoulestackError as failed:
            error = failed
    if comm is not None:
        error = comm.bcast(error)
    if error is not None:
        raise error
    for request in case.microstructures if comm is None or comm.rank == 0 else ():
        log.info("%s: %s", request.where, _words(request, request in cold))
    return case.replace({}) if cold else case


def _compute(request: Request, bar: bool) -> None:
    begin = time.perf_counter()

    def say(text: str) -> None:
        log.info("%s: %s", request.where, text)
        if bar and sys.stderr.isatty():  # one line that changes
            print(f"\r\x1b[K{request.where}: {text}", end="", file=sys.stderr, flush=True)
        elif bar and not text.startswith("pressed"):
            print(f"{request.where}: {text}", file=sys.stderr, flush=True)

    from joulestack.microstructure.series import series  # numba loads for cells that need it

    say("its microstructure is computed, once")
    series(request.case, CACHE, say, bar=bar)
    say(f"its microstructure took {time.perf_counter() - begin:.1f} s")
    if bar and sys.stderr.isatty():
        print(file=sys.stderr)


def _words(request: Request, new: bool) -> str:
    from joulestack.microstructure.series import read

    values = [
        f"{r.property} {r.relative:.4g} of {r.conductor} at {r.relative_density:.3f}"
        for r in read(request.path).rows
    ]
    return f"{'computed' if new else 'from the cache'}, {request.path}: {', '.join(values)}"


def told(case: Case) -> list[dict[str, Any]]:
    """What the manifest says of them."""
    return [
        {
            "where": request.where,
            "microstructure": request.case.name,
            "table": str(request.path),
            "hash": request.path.stem.removeprefix("table_"),
        }
        for request in case.microstructures
    ]
