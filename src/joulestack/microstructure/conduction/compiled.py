"""Compile kernels with numba, once for each machine and state of the source.

Kernels take from here what they need of numba, so that its absence is told in one place.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joulestack._needs import needed

with needed("microstructures"):
    import numba
    from numba import prange, types
    from numba.core import config
    from numba.extending import overload

__all__ = ["compiled", "overload", "prange", "types"]

# numba takes settings from a .numba_config.yaml of the working folder, which could name a cache of
# machine code that somebody else made.
if os.path.exists(config._config_fname):
    config._config_fname = ""
    config.reload_config()
config._config_fname = ""

FASTMATH = {"reassoc", "contract", "nsz"}
"""Sums may be reordered; infinities and NaN keep their meaning."""


def _cache_folder(source: Path) -> Path | None:
    """A writable folder of this state of the source; None where there is none.

    numba's own cache looks at the file of a kernel only, not at the functions it calls in other
    files, and wants to write beside the source.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for file in sorted(source.glob("*.py")):
        digest.update(file.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for base in (Path(home), Path(tempfile.gettempdir()) / f"cache-{os.getuid()}"):
        folder = base / "joulestack" / "kernels" / digest.hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


_FOLDERS: dict[Path, Path | None] = {}


def compiled(parallel: bool = False, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Decorator: compile at the first call, keep the machine code on disk.

    Args:
        parallel: loops over `prange` run on all cores (as many as NUMBA_NUM_THREADS allows).
        options: more for numba.njit.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        source = Path(function.__code__.co_filename).parent
        if source not in _FOLDERS:
            _FOLDERS[source] = _cache_folder(source)
        folder = _FOLDERS[source]
        theirs = config.CACHE_DIR
        config.CACHE_DIR = theirs or str(folder or "")
        try:
            return numba.njit(
                function,
                cache=bool(theirs or folder),
                parallel=parallel,
                fastmath=FASTMATH,
                error_model="numpy",
                **options,
            )
        finally:
            config.CACHE_DIR = theirs

    return decorate
