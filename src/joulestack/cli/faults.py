"""What went wrong in the machine rather than in the case, in words and with an exit code."""

from __future__ import annotations

import errno

from joulestack.errors import KEPT, CaseError, StorageError, computable

_OUT_OF_MEMORY = 55
"""PETSc's PETSC_ERR_MEM."""


def told_of(error: BaseException) -> tuple[str, int] | None:
    """Message and exit code of a fault; None for what is a mistake of ours, to be seen whole."""
    if isinstance(error, MemoryError) or getattr(error, "ierr", None) == _OUT_OF_MEMORY:
        remedy = "`joulestack check` says how much a case needs; coarser cells need less"
        return f"there is not enough memory; {KEPT}\n    -> {remedy}", 3
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
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return f"too many files are open; {KEPT}\n    -> ulimit -n 4096", 3
    told = StorageError.of(error)
    return None if told is None else (str(told), told.exit_code)
