"""Runs a script on several MPI ranks from inside a test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import joulestack

ROOT = Path(__file__).resolve().parent.parent
# What a launcher or an initialised MPI leaves behind, and a new launcher must not inherit.
INHERITED = ("PMIX_", "PRTE_", "PMI_", "OMPI_COMM_", "OMPI_UNIVERSE", "OMPI_APP_", "MPI_LOCAL")


def run_ranks(n: int, script: str | Path, *args: str, timeout: float = 600.0) -> str:
    """Run a Python script on n ranks and return what it printed.

    The script finds joulestack and the `tests` package as this process does.

    Args:
        n: number of ranks.
        script: source text, or the path of a file.
        args: command-line arguments of the script.
        timeout: wall time after which the ranks are stopped [s].

    Raises:
        AssertionError: if a rank fails or the time is up; carries the output.
    """
    launcher = shutil.which("mpirun") or shutil.which("mpiexec")
    if launcher is None:
        pytest.skip("no MPI launcher")
    env = {k: v for k, v in os.environ.items() if not k.startswith(INHERITED)}
    package = Path(joulestack.__path__[0]).resolve().parent
    env["PYTHONPATH"] = os.pathsep.join(
        [str(package), str(ROOT), *filter(None, [env.get("PYTHONPATH")])]
    )
    env.setdefault("OMP_NUM_THREADS", "1")
    env["OMPI_ALLOW_RUN_AS_ROOT"] = env["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    # More ranks than cores must work: Open MPI 4 reads the first, 5 and later the second.
    env.setdefault("OMPI_MCA_rmaps_base_oversubscribe", "1")
    env.setdefault("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe")
    # Ranks that wait leave the core to the others.
    env.setdefault("OMPI_MCA_mpi_yield_when_idle", "1")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(script) if isinstance(script, Path) else Path(folder) / "ranks.py"
        if isinstance(script, str):
            file.write_text(script, encoding="utf-8")
        command = [launcher, "-n", str(n), sys.executable, str(file), *args]
        process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.terminate()
            out, err = process.communicate()
            raise AssertionError(f"{n} ranks not done in {timeout:g} s\n{out}\n{err}") from None
    assert process.returncode == 0, f"{n} ranks failed ({process.returncode})\n{out}\n{err}"
    return out


CALL = """
import importlib, json, sys
from mpi4py import MPI
module, name, arguments = sys.argv[1:]
call = getattr(importlib.import_module(module), name)
found = call(MPI.COMM_WORLD, *json.loads(arguments))
if MPI.COMM_WORLD.rank == 0:
    print("RESULT", json.dumps(found), flush=True)
"""


def on_ranks(n: int, function: Callable[..., Any], *args: Any) -> Any:
    """Call a module's `function(comm, *args)` on n ranks; what it returns on the first, as JSON.

    Args, raises: as in `run_ranks`.
    """
    out = run_ranks(n, CALL, function.__module__, function.__name__, json.dumps(args))
    (line,) = (line for line in out.splitlines() if line.startswith("RESULT "))
    return json.loads(line.removeprefix("RESULT "))
