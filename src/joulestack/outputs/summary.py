"""summary.json, manifest.json and references.bib: the figures of a run and where they come from."""

from __future__ import annotations

import json
import math
import platform
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from joulestack.outputs.vtu import replace


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
    """Versions of what computes; DOLFINx and PETSc only where the run has imported them."""
    import joulestack

    found = {"joulestack": joulestack.__version__, "python": platform.python_version()}
    for name in ("numpy", "scipy", "dolfinx", "basix", "ffcx", "ufl", "mpi4py", "petsc4py"):
        module = sys.modules.get(name)
        version = getattr(module, "__version__", None)
        if version:
            found[name] = str(version)
    if "petsc4py.PETSc" in sys.modules:
        petsc = sys.modules["petsc4py.PETSc"]
        found["petsc"] = ".".join(str(n) for n in petsc.Sys.getVersion())
    return found


def manifest(
    case: Mapping[str, Any],
    digest: str,
    sources: Sequence[Mapping[str, Any]] = (),
    **extra: Any,
) -> dict[str, Any]:
    """What is needed to repeat a run.

    Args:
        case: as resolved, every default in place, SI.
        digest: hash of everything that shapes the results.
        sources: of every material number used: material, property, value, unit, source, ...
        extra: further entries, as `ranks` or `command`.
    """
    return {
        "versions": versions(),
        "digest": digest,
        **extra,
        "sources": list(sources),
        "case": dict(case),
    }


_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)


def bibliography(text: str, keys: Collection[str]) -> str:
    """Entries of a BibTeX text that are used, in its order.

    Raises:
        KeyError: a key has no entry.
    """
    found: dict[str, str] = {}
    for match in _ENTRY.finditer(text):
        if match.group(1).lower() in ("comment", "string", "preamble"):
            continue
        depth, end = 0, match.start()
        for end in range(match.start(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0 and text[end] == "}":
                break
        found[match.group(2)] = text[match.start() : end + 1]
    missing = sorted(set(keys) - set(found))
    if missing:
        raise KeyError(f"no BibTeX entry for {', '.join(missing)}")
    return "\n\n".join(entry for key, entry in found.items() if key in keys) + "\n"


def write_references(path: Path, text: str, keys: Collection[str]) -> None:
    """Write references.bib with the entries that are used."""
    replace(Path(path), bibliography(text, keys).encode())
