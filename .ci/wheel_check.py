"""What joulestack does without DOLFINx, numba and the like. Prints one line, or fails."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import pkgutil
import platform
import sys
from pathlib import Path

ABSENT = ("dolfinx", "petsc4py", "mpi4py", "ufl", "basix", "ffcx", "numba", "skimage", "tifffile",
          "pyvista", "gmsh", "meshio")  # fmt: skip
for package in ABSENT:
    sys.modules[package] = None  # also where it is installed

import joulestack as js  # noqa: E402
from joulestack._needs import missing  # noqa: E402
from joulestack.case.microstructures.microstructure import MicrostructureCase  # noqa: E402
from joulestack.cli import main as cli  # noqa: E402
from joulestack.cli import shipped  # noqa: E402

PRESS = "pressure [MPa],phi\n50,0.6\n100,0.7\n200,0.8\n300,0.85\n"


def call(*words: str, code: int = 0) -> str:
    """What a command prints; with a failure expected, what it says on the error stream."""
    out, err = io.StringIO(), io.StringIO()
    sys.argv, got = ["joulestack", *words], 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as stop:
            got = int(stop.code or 0)
    assert got == code, f"{words}: {got}, not {code}\n{out.getvalue()}\n{err.getvalue()}"
    return err.getvalue() if code else out.getvalue()


def refused(package: str, *words: str) -> None:
    """A command says in one line what is missing, exit code 4."""
    told = call(*words, code=4)
    assert told.startswith("joulestack: "), told
    assert told.count("\n") == 1, told
    assert f"{package} is not installed" in told, told


def main() -> None:
    """Everything once."""
    assert call("--version") == f"joulestack {js.__version__}\n"
    call("cases", "--copy", ".")
    cells, powders = [], []
    for name in shipped.titles():
        assert name in call("cases"), name
        if "microstructures" in Path(name).parts:
            powders.append(name)
            MicrostructureCase.load(name)
        else:
            cells.append(name)
            assert "Traceback" not in call("check", name)
    assert json.loads(call("schema"))["$defs"]
    materials = [line.split()[0] for line in call("materials").splitlines() if line[:1].isalnum()]
    assert "Li6PS5Cl" in materials, materials
    assert "ionic" in call("materials", "Li6PS5Cl", "--moulding-pressure", "200 MPa")
    call("materials", "Li6PS5Cl", "--plot", "-o", "lpscl.png")
    assert "pandas" not in sys.modules, "loaded without a table to read"
    Path("press.csv").write_text(PRESS)
    call("fit", "densification", "press.csv", "--law", "heckel", "--bootstrap", "0")
    assert Path("fit_densification_press.png").stat().st_size

    refused("mpi4py", "run", cells[0])
    for word in ("impedance", "polarisation", "thermal-wave"):
        refused("mpi4py", word, cells[0])
    for word in ("generate", "analyse", "conductivity"):
        refused("numba", "microstructure", word, powders[0])
    for name in ("run", "impedance", "polarisation", "thermal_wave"):
        told = ""
        try:
            getattr(js, name)
        except js.EnvironmentMissing as error:
            told = str(error)
        assert "mpi4py is not installed" in told, name
    assert callable(js.titration)
    assert callable(js.load_result)

    modules = failed = 0
    for found in pkgutil.walk_packages(js.__path__, "joulestack."):
        if found.name.startswith(("joulestack.cases", "joulestack.meshes", "joulestack.__main__")):
            continue
        modules += 1
        try:
            importlib.import_module(found.name)
        except js.EnvironmentMissing:
            failed += 1
        except ImportError as error:
            failed += 1
            if missing(error) is None:
                raise
    print(f"Python {platform.python_version()}: {len(cells)} cases checked; {modules - failed} of "
          f"{modules} modules need neither DOLFINx nor numba")  # fmt: skip


if __name__ == "__main__":
    main()
