"""PETSc starts with its own defaults: no options from files or variables that happen to be around.

`.petscrc`, `petscrc` and `petsc.cfg` in the working folder can load libraries and run code, and a
working folder may hold what a stranger sent; `PETSC_OPTIONS` changes numbers in silence. Whoever
imports PETSc first initialises it, be it DOLFINx's own C++, so the import is what is watched.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

VARIABLES = ("PETSC_OPTIONS", "PETSC_OPTIONS_YAML")
_MODULE = "petsc4py.PETSc"


class _Start(MetaPathFinder, Loader):
    """Finds the module of PETSc, and initialises PETSc as it loads it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What `import petsc4py.PETSc` loads by; nothing for other modules."""
        return ModuleSpec(fullname, self) if fullname == _MODULE else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module of an initialised PETSc."""
        sys.meta_path.remove(self)
        _start()
        return sys.modules[_MODULE]

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is left to be done."""


def guard() -> None:
    """See to it that PETSc starts without options; without effect where it has started already."""
    if _MODULE not in sys.modules:
        sys.meta_path.insert(0, _Start())


def _start() -> None:
    import petsc4py

    lib: Any = import_module("petsc4py.lib")
    library = Path(lib.__file__).parent
    config = str(library / "petsc.cfg")

    def own_arch(arch: str | None = None) -> tuple[str, str]:
        """Where petsc4py and DOLFINx load PETSc's libraries from.

        Their own would read a petsc.cfg of the working folder before that of the package.
        """
        found: tuple[str, str] = lib.getPathArch(str(library), arch, "PETSC_ARCH", config)
        return found

    lib.getPathArchPETSc = own_arch
    kept = {name: os.environ.pop(name) for name in VARIABLES if name in os.environ}
    try:
        # Its handler of signals would end the process as if it had crashed.
        petsc4py.init(["joulestack", "-skip_petscrc", "-no_signal_handler"])
    finally:
        os.environ.update(kept)
    if kept:
        logging.getLogger("joulestack").warning(
            "%s has no effect here; [solver] petsc_options of a case sets options of its solvers",
            " and ".join(kept),
        )
