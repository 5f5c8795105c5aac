"""What is not installed, or cannot be loaded, is told in one line: what is missing, who has it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from joulestack.errors import EnvironmentMissing
from joulestack.interruption import held

_DOLFINX = (
    "DOLFINx 0.9 to 0.11 with a real-valued PETSc is needed, which PyPI does not have: start with "
    "docker/joulestack, or take the packages of Debian 13 or conda-forge (docs/installation.md)"
)
_MICROSTRUCTURES = "pip install 'joulestack[microstructures]'"
_REMEDIES = {
    **dict.fromkeys(("dolfinx", "petsc4py", "mpi4py", "ufl", "basix", "ffcx", "cffi"), _DOLFINX),
    "pandas": "pip install pandas, or Debian's python3-pandas",
    "openpyxl": "pip install openpyxl, or Debian's python3-openpyxl; or save the table as CSV",
    "jinja2": "pip install jinja2, or Debian's python3-jinja2",
    "xarray": "pip install 'joulestack[arrays]', or Debian's python3-xarray",
    "galvani": "pip install 'joulestack[cyclers]'",
    "imagecodecs": "pip install 'joulestack[codecs]', or Debian's python3-imagecodecs",
    "numba": f"{_MICROSTRUCTURES}, or Debian's python3-numba",
    "skimage": f"{_MICROSTRUCTURES}, or Debian's python3-skimage",
    "tifffile": f"{_MICROSTRUCTURES}, or Debian's python3-tifffile",
    "pyvista": "pip install 'joulestack[views]', or Debian's python3-pyvista",
    "gmsh": "pip install 'joulestack[meshes]', or Debian's python3-gmsh",
    "meshio": "pip install 'joulestack[meshes]', or Debian's python3-meshio",
}
"""Packages that not everybody has, and where to get them."""


def missing(error: BaseException) -> EnvironmentMissing | None:
    """What an import that failed says to a user; None if it is no package of others that failed.

    A package may be absent, or be there without a library it loads (MPI, OpenGL), or too old.
    """
    named = getattr(error, "name", None) or ""
    frames = [f.f_globals.get("__name__", "") for f, _ in traceback.walk_tb(error.__traceback__)]
    for module in (named, *reversed(frames)):
        package = str(module).partition(".")[0]
        if package in _REMEDIES:
            absent = isinstance(error, ModuleNotFoundError) and named == package
            what = "is not installed" if absent else f"cannot be loaded ({_line(error)})"
            return EnvironmentMissing(f"{package} {what}; {_REMEDIES[package]}")
    return None


def refuse_dolfinx(version: str, scalar: type[Any]) -> None:
    """Refuse a DOLFINx that the solver does not know, or one of complex numbers.

    Args:
        version: of DOLFINx.
        scalar: PETSc's type of numbers.

    Raises:
        EnvironmentMissing: it cannot be used.
    """
    if tuple(int(n) for n in version.split(".")[:2]) < (0, 9):
        raise EnvironmentMissing(f"DOLFINx {version} is too old; {_DOLFINX}")
    if "complex" in scalar.__name__:
        raise EnvironmentMissing(f"PETSc here computes with complex numbers; {_DOLFINX}")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


@contextmanager
def needed(purpose: str = "") -> Iterator[None]:
    """Around imports: a package that is missing becomes an EnvironmentMissing.

    Args:
        purpose: said first, e.g. "meshes in this format".

    Raises:
        EnvironmentMissing: in place of the import's own error.
    """
    try:
        # An extension module ends the process where its import is interrupted.
        with held(loading=True):
            yield
    except (ImportError, OSError, RuntimeError) as error:  # mpi4py and gmsh fail by the last two
        found = missing(error)
        if found is None:
            raise
        raise EnvironmentMissing(f"{purpose}: {found}" if purpose else str(found)) from error
