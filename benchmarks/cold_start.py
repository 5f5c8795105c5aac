"""What a stack of N unit cells costs before its first step, with and without compiled kernels.

    docker/joulestack python benchmarks/cold_start.py                # 1, 2, 4, 8, 20 and 32 cells
    docker/joulestack --base sid python benchmarks/cold_start.py 1 20

The cell is cases/pouch_fast_charge.toml. Cold: a process with an empty cache of kernels, imports
and compilers counted; warm: another process right after it, with the same cache. Processor time.
Exit code 1 if a cold start takes more than 20 s, or the last N more than 1.5 times the first.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CASE = Path(__file__).parents[1] / "cases" / "pouch_fast_charge.toml"
MOST, GROWTH = 20.0, 1.5
"""Processor time of a cold start [s], and of the last against the first [-]."""


def ready(cells: int, folder: str) -> dict[str, Any]:
    """Make a stack ready for its first step, in this process; figures of what it took."""
    from mpi4py import MPI

    from joulestack.case.case import Case
    from joulestack.outputs.folder import ResultFolder
    from joulestack.simulation.run import CaseRun

    case = Case.load(CASE, {"cell.unit_cells": cells})
    with ResultFolder(Path(folder) / "results", True, MPI.COMM_WORLD) as results:
        simulation = CaseRun(case, results, MPI.COMM_WORLD)
    own, compilers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "unknowns": simulation.model.system.size,
        "python": own.ru_utime + own.ru_stime,
        "compilers": compilers.ru_utime + compilers.ru_stime,
        "setup": simulation.timing["setup_s"],
        "megabytes": own.ru_maxrss / 1024,
    }


def start(cells: int, folder: str) -> dict[str, Any]:
    """The same in a process of its own, whose cache is in a folder."""
    command = [sys.executable, __file__, "--ready", folder, str(cells)]
    environment = os.environ | {"XDG_CACHE_HOME": folder, "MPLCONFIGDIR": folder}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    figures: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ready", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("cells", nargs="*", type=int, default=[1, 2, 4, 8, 20, 32])
    given = parser.parse_args()
    if given.ready:
        print(json.dumps(ready(given.cells[0], given.ready)))
        return 0
    print("| cells | unknowns | cold s | of it compilers s | warm s | setup warm s | MB |")
    print("|---|---|---|---|---|---|---|")
    cold = []
    for cells in given.cells:
        with tempfile.TemporaryDirectory() as folder:
            first, second = start(cells, folder), start(cells, folder)
        cold.append(first["python"] + first["compilers"])
        print(
            f"| {cells} | {first['unknowns']} | {cold[-1]:.1f} | {first['compilers']:.1f} "
            f"| {second['python']:.1f} | {second['setup']:.1f} | {second['megabytes']:.0f} |",
            flush=True,
        )
    growth = cold[-1] / cold[0]
    print(f"\nlast against first: {growth:.2f} (target {GROWTH}); most: {max(cold):.1f} s ({MOST})")
    return int(max(cold) > MOST or growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
