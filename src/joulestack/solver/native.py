"""The C of `points.c`, compiled once by the compiler that the forms need anyway.

In a small electrode the algebra of its points costs NumPy three times what the forms take.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.machinery
import importlib.util
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import cffi
from dolfinx import jit

OPTIONS = ["-O2", "-g0"]
"""Of the C compiler."""


def pointer(array: Any, kind: str = "double[]") -> Any:
    """Where a contiguous array keeps its numbers; NULL for None. The array must stay alive."""
    ffi, _ = library()
    return ffi.NULL if array is None else ffi.from_buffer(kind, array)


@lru_cache
def library() -> tuple[Any, Any]:
    """The FFI and the functions. Whichever rank comes first compiles, the others wait for it."""
    source = files("joulestack.solver").joinpath("points.c").read_text(encoding="utf-8")
    name = f"joulestack_points_{hashlib.sha1((source + str(OPTIONS)).encode()).hexdigest()}"
    folder = Path(jit.get_options()["cache_dir"]) / "joulestack" / name
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}{importlib.machinery.EXTENSION_SUFFIXES[0]}"
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            builder = cffi.FFI()
            builder.cdef("\n".join(_declarations(source)))
            builder.set_source(name, source, extra_compile_args=OPTIONS)
            # A name of its own until it is whole: an interrupted compiler leaves no library.
            Path(builder.compile(tmpdir=str(folder), target="unfinished.*")).rename(target)
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
