"""What went wrong in the machine rather than in the case, in words and with an exit code."""

from __future__ import annotations

import errno

from joulestack.errors import CaseError, computable, shown

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


def told_of(error: BaseException) -> tuple[str, int] | None:
    """Message and exit code of a fault; None for what is a mistake of ours, to be seen whole."""
    if isinstance(error, MemoryError) or getattr(error, "ierr", None) == _OUT_OF_MEMORY:
        remedy = "`joulestack check` says how much a case needs; coarser cells need less"
        return f"there is not enough memory; {_KEPT}\n    -> {remedy}", 3
    if isinstance(error, OSError):
        return _of_files(error)
    try:
        with computable(""):
            raise error
    except CaseError as told:
        return str(told), told.exit_code
    except BaseException:
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
