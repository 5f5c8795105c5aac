"""Errors a user can meet. Each says what, where, and what would be right.

The command line turns them into one message and an exit code; a traceback is for developers only.
"""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

_PACKAGE = Path(__file__).parent
_PARTS = re.compile(r'((?:"[^"]*"|[^"])*?); (.*)', re.DOTALL)

LONGEST_VALUE = 80
LONGEST_LINE = 400
MOST_LINES = 40
MOST_PROBLEMS = 30
"""What one message shows: longer values and lines lose their middle, further ones are counted."""

LONGEST_MESSAGE = 1900
"""Bytes of the problems that one message shows; one is always shown."""
_LONGEST_PARTS = {"where": 200, "what": 800, "remedy": 500}
"""Bytes of each part of a problem."""


def shown(value: object, longest: int = LONGEST_VALUE) -> str:
    """A value for a message: on one line, its middle left out where it is long.

    Characters that steer a terminal are escaped; text comes as it is, anything else as `repr`.
    """
    try:
        text = value if isinstance(value, str) else repr(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, or a deep nest
        text = f"a {type(value).__name__}"
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in _cut(text, longest))
    return _cut(text, longest)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    tail = longest // 4
    return f"{text[: longest - tail - 5]} ... {text[-tail:]}"


def _lines(text: str, longest: int) -> str:
    """Text of several lines for a message: not too many of them, and none too long."""
    lines = text.split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        lines[-1] = f"... and {lines[-1].count(chr(10)) + 1} more lines"
    told = "\n".join(shown(line, LONGEST_LINE) for line in lines)
    if _size(told) <= longest:
        return told
    return f"{told.encode('utf-8', 'replace')[: longest - 4].decode('utf-8', 'ignore')} ..."


def _size(text: str) -> int:
    """Bytes."""
    return len(text.encode("utf-8", "replace"))


def parts(message: object) -> tuple[str, str]:
    """What and remedy of an error that says "what; remedy"; a semicolon in quotes parts nothing."""
    match = _PARTS.fullmatch(str(message))
    return (match[1], match[2]) if match else (str(message), "")


class JoulestackError(Exception):
    """Base of every error that joulestack raises on purpose."""

    exit_code = 1


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an input: where it stands, what it is, what would be right."""

    where: str
    what: str
    remedy: str = ""

    def __post_init__(self) -> None:
        """Keep every part readable, whatever was found in the input."""
        for name, longest in _LONGEST_PARTS.items():
            object.__setattr__(self, name, _lines(getattr(self, name), longest))

    @classmethod
    def of(cls, where: str, error: object) -> Problem:
        """From an error that says "what; remedy"."""
        return cls(where, *parts(error))

    def __str__(self) -> str:
        """One or two lines for people."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n    -> {self.remedy}" if self.remedy else text


class CaseError(JoulestackError):
    """A case, a material or another input file is wrong; lists every problem found at once."""

    exit_code = 2

    def __init__(self, problems: Problem | Sequence[Problem] | str, source: str = "") -> None:
        if isinstance(problems, str):
            problems = Problem("", problems)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        self.source = source
        head = f"{shown(source, 200)}: " if source else ""
        count = len(self.problems)
        title = "1 problem" if count == 1 else f"{count} problems"
        told: list[str] = []
        for problem in self.problems[:MOST_PROBLEMS]:
            told.append(f"  {problem}")
            if len(told) > 1 and sum(map(_size, told)) > LONGEST_MESSAGE - _size(head):
                del told[-1]
                break
        told += [f"  ... and {count - len(told)} more"] if count > len(told) else []
        super().__init__("\n".join([f"{head}{title}", *told]))


@contextmanager
def computable(source: str) -> Iterator[None]:
    """Numbers that cannot be computed with are a mistake of the case that gives them.

    Args:
        source: name of the case.

    Raises:
        CaseError: something was divided by zero, or became larger than any number.
    """
    try:
        yield
    except (ArithmeticError, RecursionError) as error:
        what = f"the numbers of this case cannot be computed with ({place_of(error)})"
        remedy = (
            "look for values of the wrong magnitude; if there are none, report it with the case"
        )
        raise CaseError(Problem("", what, remedy), source) from error


def place_of(error: BaseException) -> str:
    """What was met, and the last place in the package."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).is_relative_to(_PACKAGE)]
    where = f" in {Path(own[-1].filename).stem}.{own[-1].name}" if own else ""
    return f"{type(error).__name__}{where}"


class MeshError(CaseError):
    """A mesh cannot carry the case: a region or face is missing, a cell inverted, parts apart."""


class ConvergenceError(JoulestackError):
    """A solve failed; says which field, where, when, what was tried and what to change."""

    exit_code = 3


KEPT = "what was written until then is kept, and whole"
"""Said where a run ends by a fault of the machine."""


class StorageError(JoulestackError):
    """Files cannot be written or read: a full disk, a used up quota, a folder that is refused."""

    exit_code = 3

    _WORDS: ClassVar[Mapping[int, str]] = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the quota of the disk is used up",
        errno.EFBIG: "a file became larger than it may",
        errno.EROFS: "the disk cannot be written",
        errno.EIO: "the disk is damaged or gone",
        errno.ESTALE: "the disk is gone",
        errno.EACCES: "it may not be read or written",
        errno.EPERM: "it may not be read or written",
    }
    _SHARED = errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE
    """Of these a file has to be named, or nobody knows what was meant."""

    @classmethod
    def of(cls, error: OSError, kept: str = "") -> StorageError | None:
        """What an error of the operating system says to a user; None: it is of another kind.

        Args:
            error: of a read or a write.
            kept: what is left on disk, and how to go on.
        """
        what, named = cls._WORDS.get(error.errno or 0), bool(error.filename)
        if what is None or (error.errno in cls._SHARED and not named):
            return None
        place = f" ({shown(str(error.filename), 200)})" if named else ""
        remedy = "make room or mend it there, or write elsewhere with --output"
        return cls(f"{what}{place}; {kept or KEPT}\n    -> {remedy}")


class EnvironmentMissing(JoulestackError):
    """Something the run needs is not installed or not reachable."""

    exit_code = 4
