"""Where files may be read that a case names: below its folder, in its repository, where allowed.

A case may come from a stranger; what it names could be any file of the machine, and would show in
messages, pictures and results. What the user names on the command line is not asked about.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from joulestack.errors import shown

ALLOW_READ = "JOULESTACK_ALLOW_READ"
"""Further folders, separated as in PATH; processes of a study inherit them."""
LONGEST_PATH = 4096
"""Characters of a path that the system opens."""


def allow_read(*folders: str | Path) -> None:
    """Let cases read files below these folders too, in this process and those it starts.

    Args:
        folders: trusted with whatever cases from now on name in them.
    """
    known = os.environ.get(ALLOW_READ, "").split(os.pathsep)
    new = [os.path.abspath(folder) for folder in folders]
    os.environ[ALLOW_READ] = os.pathsep.join(dict.fromkeys(f for f in (*known, *new) if f))


def outside(folder: Path, name: str) -> tuple[str, str] | None:
    """What is wrong with a file name of a case, and what would be right; None if nothing is.

    Links are followed; whether there is such a file makes no difference.

    Args:
        folder: of the case.
        name: as the case gives it, from its folder.
    """
    if len(name) > LONGEST_PATH or "\0" in name:
        return None  # no file
    try:
        here = os.path.realpath(folder)
    except OSError:
        return "the working folder is gone", "change to one that is there"
    real = os.path.realpath(os.path.join(here, name))
    if any(_below(real, root) for root in _roots(here, os.environ.get(ALLOW_READ, ""))):
        return None
    what = f'"{shown(name)}" lies outside the folder of the case and its repository'
    place = shown(os.path.dirname(real), 200)
    return what, f"copy it there; or, if you trust who wrote the case: --allow-read {place}"


def _below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


@lru_cache(maxsize=64)
def _roots(folder: str, more: str) -> tuple[str, ...]:
    """Folders that a case in a folder, no link, may read from."""
    here = Path(folder)
    found = [str(here), *(os.path.realpath(f) for f in more.split(os.pathsep) if f)]
    for above in (here, *here.parents[:-1]):
        if above.name == "cases":  # as `joulestack cases --copy` lays them
            found.append(str(above.with_name("meshes")))
        if os.path.exists(above / ".git"):
            found.append(str(above))
            break
    return tuple(found)


def readable(folder: Path, paths: Iterable[Path]) -> list[Path]:
    """Those among files found in a folder that do not lead out of it by a link."""
    return [p for p in paths if not p.is_symlink() or outside(folder, p.name) is None]
