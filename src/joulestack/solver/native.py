"""The C of this room, compiled once by the compiler that the forms need anyway.

In a small electrode the algebra of its points costs NumPy three times what the forms take; the
places of a matrix (`sparsity.c`) are found row by row, which NumPy cannot.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.machinery
import importlib.util
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import cffi
import numpy as np
import numpy.typing as npt

from joulestack._compat import DIGESTS, is_whole, kernel_folder, note_whole

Array = npt.NDArray[np.float64]

SOURCES = ("local_unknowns.c", "sparsity.c")

OPTIONS = ["-O2", "-g0"]
"""Of the C compiler."""


def pointer(array: Any, kind: str = "double[]") -> Any:
    """Where a contiguous array keeps its numbers; NULL for None. The array must stay alive."""
    ffi, _ = library()
    return ffi.NULL if array is None else ffi.from_buffer(kind, array)


class Parts:
    """Arrays that are filled from parts of one: a block's copy costs NumPy more than it moves."""

    def __init__(self, arrays: Sequence[Array], starts: Sequence[int] | None = None) -> None:
        """Take what stays where it is; without `starts` the parts lie behind each other."""
        ffi, self._lib = library()
        counts = [a.size for a in arrays]
        ends = np.cumsum(counts)
        begin = [int(e - n) for e, n in zip(ends, counts, strict=True)]
        self._kept = list(arrays)
        self._table = (
            ffi.new("int64_t[]", begin if starts is None else list(starts)),
            ffi.new("int64_t[]", counts),
            ffi.new("double *[]", [pointer(a) for a in arrays]),
        )

    def fill(self, values: Array | None) -> None:
        """Copy every part, or zeros."""
        self._lib.fill(len(self._kept), *self._table, pointer(values))


@lru_cache
def library() -> tuple[Any, Any]:
    """The FFI and the functions. Whichever rank comes first compiles, the others wait for it."""
    here = files("joulestack.solver")
    source = "\n".join(here.joinpath(name).read_text(encoding="utf-8") for name in SOURCES)
    name = f"joulestack_points_{hashlib.sha1((source + str(OPTIONS)).encode()).hexdigest()}"
    folder = kernel_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}{importlib.machinery.EXTENSION_SUFFIXES[0]}"
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_whole(folder):
            target.unlink(missing_ok=True)
            (folder / DIGESTS).unlink(missing_ok=True)
        if not target.exists():
            (folder / DIGESTS).unlink(missing_ok=True)
            builder = cffi.FFI()
            builder.cdef("\n".join(_declarations(source)))
            builder.set_source(name, source, extra_compile_args=OPTIONS)
            # A name of its own until it is whole: an interrupted compiler leaves no library.
            Path(builder.compile(tmpdir=str(folder), target="unfinished.*")).rename(target)
        note_whole(folder)
    spec = importlib.util.spec_from_file_location(name, target)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ffi, module.lib


def _declarations(source: str) -> list[str]:
    """Of every function that is not static."""
    found = re.findall(r"^(?:void|int|double) \w+\([^)]*\)(?=\n\{)", source, flags=re.M)
    return [f"{head};" for head in found]
