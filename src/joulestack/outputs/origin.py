"""Which code made a result, and when: for the manifest."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_NO_CODE = ("cases", "meshes", "__pycache__")
"""Folders of the package that hold no code of its own."""


def now() -> str:
    """Date and time, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@cache
def code_digest() -> str:
    """SHA-256 of the package's own files, names and contents: tells edited code from released."""
    digest = hashlib.sha256()
    # By names as text: sorting some four hundred paths takes longer than reading the files.
    for folder, inner, names in os.walk(_PACKAGE):
        here = os.path.relpath(folder, _PACKAGE)
        inner[:] = sorted(name for name in inner if name not in _NO_CODE)
        for name in sorted(names):
            if name.endswith((".py", ".c", ".toml", ".bib")):
                digest.update(f"{here}/{name}\0".encode())
                digest.update(hashlib.sha256(Path(folder, name).read_bytes()).digest())
    return digest.hexdigest()


@cache
def commit(repository: Path = _PACKAGE.parents[1]) -> str | None:
    """Commit that a checkout stands at; None where the package is installed, or git keeps it else.

    Reads git's files, for git itself may not be there. Edits since show in `code_digest`.
    """
    try:
        git = repository / ".git"
        if git.is_file():  # a worktree: its own HEAD, the references of the repository
            git = repository / git.read_text().removeprefix("gitdir:").strip()
        common = git / "commondir"
        home = git / common.read_text().strip() if common.is_file() else git
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref:"):
            return head
        name = head.removeprefix("ref:").strip()
        for folder in (git, home):
            if (folder / name).is_file():
                return (folder / name).read_text().strip()
        packed = (home / "packed-refs").read_text().splitlines()
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except (OSError, ValueError):
        return None
