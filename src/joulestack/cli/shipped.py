"""The shipped cases, and the meshes that they read: folders that lie beside the modules."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from pathlib import Path

from joulestack.errors import CaseError, Problem

_PACKAGE = Path(__file__).parents[1]
FOLDERS = ("cases", "meshes")


def titles() -> dict[str, str]:
    """Title of every shipped case file, by its path as it stands in the repository."""
    found = {}
    for path in sorted((_PACKAGE / "cases").rglob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if "title" in table:  # measured data have none
            found[str(path.relative_to(_PACKAGE))] = str(table["title"])
    return found


def copy(folder: Path) -> list[Path]:
    """Copy the cases and their meshes into a folder, which is made; both or neither.

    Returns:
        The new folders.

    Raises:
        CaseError: one of them is there already, or the folder cannot be written.
    """
    targets = [folder / name for name in FOLDERS]
    for target in targets:
        if target.exists():
            remedy = "choose another folder, or remove it first"
            raise CaseError(Problem("--copy", f"{target} exists already", remedy))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as half:
            for target in targets:
                leave = shutil.ignore_patterns("__pycache__", "results")
                shutil.copytree(_PACKAGE / target.name, Path(half) / target.name, ignore=leave)
            for target in targets:
                (Path(half) / target.name).rename(target)
    except OSError as error:
        what = f"{folder} cannot be written ({error.strerror})"
        raise CaseError(Problem("--copy", what, "a folder of your own")) from None
    return targets
