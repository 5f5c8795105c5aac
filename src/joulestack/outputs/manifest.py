"""manifest.json, case.toml and references.bib: all that is needed to repeat a run and trust it."""

from __future__ import annotations

import logging
import platform
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from joulestack.outputs.folder import ResultFolder
from joulestack.outputs.summary import write_json
from joulestack.outputs.vtu import replace

log = logging.getLogger("joulestack")

BIBLIOGRAPHY = Path(__file__).parent.parent / "materials" / "references.bib"
_MODULES = ("numpy", "scipy", "dolfinx", "basix", "ffcx", "ufl", "mpi4py", "petsc4py")
_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,")


def versions() -> dict[str, str]:
    """Versions of what computes: of the modules that the run has imported."""
    import joulestack

    found = {"joulestack": joulestack.__version__, "python": platform.python_version()}
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
    """The table of manifest.json.

    Args:
        case: as resolved, every default in place, SI.
        digest: hash of everything that shapes the results.
        sources: of every material number used.
        extra: further entries, as `ranks`.
    """
    return {
        "versions": versions(),
        "digest": digest,
        **extra,
        "sources": list(sources),
        "case": dict(case),
    }


def source_lines(owners: Mapping[str, Any]) -> list[dict[str, str]]:
    """Where the numbers of media and contact laws come from.

    Args:
        owners: name (of a layer or an interface) -> what has `sources()`: rows of property,
            key in references.bib, status, note. Others are passed over.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for name, owner in owners.items():
        listed = owner.sources() if hasattr(owner, "sources") else ()
        for line in listed:
            users = found.setdefault(tuple(str(part) for part in line), [])
            if name not in users:
                users.append(name)
    return [
        dict(zip(("property", "source", "status", "note"), line, strict=False))
        | {"used_by": ", ".join(users)}
        for line, users in found.items()
    ]


def bibliography(text: str, keys: Collection[str]) -> tuple[str, list[str]]:
    """Entries of a BibTeX text that are used, in its order, and the keys that have none."""
    found: dict[str, str] = {}
    for match in _ENTRY.finditer(text):
        if match[1].lower() in ("comment", "string", "preamble"):
            continue
        depth, end = 0, match.start()
        for end in range(match.start(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0 and text[end] == "}":
                break
        found[match[2]] = text[match.start() : end + 1]
    entries = "\n\n".join(entry for key, entry in found.items() if key in keys)
    return entries + "\n", sorted(set(keys) - set(found))


def _owners(case: Any) -> Iterable[tuple[str, Any]]:
    yield from case.media().items()
    for (first, second), contacts in case.contacts().items():
        for kind in ("thermal", "electronic", "ionic", "charge_transfer"):
            law = getattr(contacts, kind, None)
            if law is not None:
                yield f"{first} | {second}: {kind}", law


def write_manifest(folder: ResultFolder, case: Any, comm: Any = None) -> None:
    """Write manifest.json, case.toml and references.bib on rank 0.

    Args:
        folder: of the run.
        case: a `Case`.
        comm: MPI communicator; None: this process is alone.
    """
    if comm is not None and comm.rank != 0:
        return
    lines = source_lines(dict(_owners(case)))
    ranks = 1 if comm is None else comm.size
    table = manifest(case.resolved(), case.digest(), lines, title=case.title, ranks=ranks)
    write_json(folder / "manifest.json", table)
    replace(folder / "case.toml", case.to_toml().encode())
    keys = {line["source"] for line in lines} - {"", "user"}
    known = BIBLIOGRAPHY.read_text(encoding="utf-8") if BIBLIOGRAPHY.is_file() else ""
    entries, missing = bibliography(known, keys)
    if missing:
        log.warning("references.bib has no entry for %s", ", ".join(missing))
    replace(folder / "references.bib", entries.encode())
