"""What went wrong in the machine rather than in the case, in words and with an exit code."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from joulestack.errors import shown

_KEPT = "what was written until then is kept, and whole"
_FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EFBIG: "a file became larger than it may",
}
_REFUSED = {
    errno.EROFS: "is on a disk that cannot be written",
    errno.EACCES: "may not be read or written",
    errno.EPERM: "may not be read or written",
    errno.EIO: "cannot be read or written: the disk is damaged or gone",
    errno.ESTALE: "is on a disk that is gone",
}
_OUT_OF_MEMORY = 55
"""PETSc's PETSC_ERR_MEM."""
_PACKAGE = Path(__file__).parents[1]


def told_of(error: BaseException) -> tuple[str, int] | None:
    """Message and exit code of a fault; None for what is a mistake of ours, to be seen whole."""
    if isinstance(error, MemoryError) or getattr(error, "ierr", None) == _OUT_OF_MEMORY:
        remedy = "`joulestack check` says how much a case needs; coarser cells need less"
        return f"there is not enough memory; {_KEPT}\n    -> {remedy}", 3
    if isinstance(error, OSError):
        return _of_files(error)
    if isinstance(error, ArithmeticError | RecursionError):
        what = f"the numbers of this case cannot be computed with ({_place(error)})"
        remedy = (
            "look for values of the wrong magnitude; if there are none, report it with the case"
        )
        return f"{what}\n    -> {remedy}", 2
    return None


def _of_files(error: OSError) -> tuple[str, int] | None:
    name = shown(str(error.filename), 200) if error.filename else ""
    if error.errno in _FULL:
        what = f"{_FULL[error.errno]}{name and f' ({name})'}; {_KEPT}"
        return f"{what}\n    -> make room, or choose another disk with --output", 3
    if error.errno in _REFUSED and name:
        return f"{name} {_REFUSED[error.errno]}\n    -> see its permissions, or choose another", 3
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return f"too many files are open; {_KEPT}\n    -> ulimit -n 4096", 3
    return None


def _place(error: BaseException) -> str:
    """What was met, and the last place in the package."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).is_relative_to(_PACKAGE)]
    where = f" in {Path(own[-1].filename).stem}.{own[-1].name}" if own else ""
    return f"{type(error).__name__}{where}"
