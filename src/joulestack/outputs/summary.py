"""summary.json, manifest.json, references.bib: the figures of a run and what they rest on."""

from __future__ import annotations

import json
import logging
import math
import platform
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from joulestack import __version__
from joulestack.materials.citations import bibliography
from joulestack.outputs import origin
from joulestack.outputs.vtu import replace

log = logging.getLogger("joulestack")

_MODULES = ("numpy", "scipy", "dolfinx", "basix", "ffcx", "ufl", "mpi4py", "petsc4py")


def plain(value: Any) -> Any:
    """JSON's own types: numpy numbers become Python's, nan and infinities null."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Collection):
        return [plain(v) for v in value]
    return str(value)


def write_json(path: Path, table: Mapping[str, Any]) -> None:
    """Write a table as JSON; the file is whole or not there."""
    text = json.dumps(plain(table), indent=2, ensure_ascii=False, allow_nan=False)
    replace(Path(path), text.encode(), b"\n")


def versions() -> dict[str, str]:
    """Versions of what computes: of the modules that the run has imported."""
    found = {"joulestack": __version__, "python": platform.python_version()}
    for name in _MODULES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if version:
            found[name] = str(version)
    petsc = sys.modules.get("petsc4py.PETSc")
    if petsc is not None:
        found["petsc"] = ".".join(str(n) for n in petsc.Sys.getVersion())
    return found


def manifest(
    case: Mapping[str, Any],
    digest: str,
    sources: Sequence[Mapping[str, Any]] = (),
    **extra: Any,
) -> dict[str, Any]:
    """The table of manifest.json: when and by which code, for which case, resting on what.

    Args:
        case: as resolved, every default in place, SI.
        digest: hash of everything that shapes the results.
        sources: of every material number used.
        extra: further entries, as `ranks`.
    """
    return {
        "date": origin.now(),
        "versions": versions(),
        "commit": origin.commit(),
        "code_digest": origin.code_digest(),
        "digest": digest,
        **extra,
        "sources": list(sources),
        "case": dict(case),
    }


def write_references(path: Path, known: Mapping[str, str], keys: Collection[str]) -> None:
    """Write the BibTeX entries that are used; a key without one is logged.

    Args:
        path: of the file.
        known: entries by key.
        keys: used; "" and "user" (given in the case itself) have no entry.
    """
    entries, missing = bibliography(known, set(keys) - {"", "user"})
    if missing:
        log.warning("references.bib has no entry for %s", ", ".join(missing))
    replace(Path(path), entries.encode())
