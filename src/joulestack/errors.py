"""Errors a user can meet. Each says what, where, and what would be right.

The command line turns them into one message and an exit code; a traceback is for developers only.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Sequence
from dataclasses import dataclass

_PARTS = re.compile(r'((?:"[^"]*"|[^"])*?); (.*)', re.DOTALL)

LONGEST_VALUE = 80
LONGEST_LINE = 400
MOST_LINES = 40
MOST_PROBLEMS = 30
"""What one message shows: longer values and lines lose their middle, further ones are counted."""


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


def _lines(text: str) -> str:
    """Text of several lines for a message: not too many of them, and none too long."""
    lines = text.split("\n", MOST_LINES)
    if len(lines) > MOST_LINES:
        lines[-1] = f"... and {lines[-1].count(chr(10)) + 1} more lines"
    return "\n".join(shown(line, LONGEST_LINE) for line in lines)


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
        for name in ("where", "what", "remedy"):
            object.__setattr__(self, name, _lines(getattr(self, name)))

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
        head = f"{shown(source, LONGEST_LINE)}: " if source else ""
        count = len(self.problems)
        title = "1 problem" if count == 1 else f"{count} problems"
        told = [f"  {p}" for p in self.problems[:MOST_PROBLEMS]]
        told += [f"  ... and {count - len(told)} more"] if count > len(told) else []
        super().__init__("\n".join([f"{head}{title}", *told]))


class MeshError(CaseError):
    """A mesh cannot carry the case: a region or face is missing, a cell inverted, parts apart."""


class ConvergenceError(JoulestackError):
    """A solve failed; says which field, where, when, what was tried and what to change."""

    exit_code = 3


class StorageError(JoulestackError):
    """A disk is full, a quota used up, or a folder read-only since it was looked at."""

    exit_code = 3

    @classmethod
    def of(cls, error: OSError, kept: str = "") -> StorageError | None:
        """What an error of the operating system says to a user; None: it is of another kind.

        Args:
            error: of a write.
            kept: what is left on disk, and how to go on.
        """
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG):
            return None
        place = f"{shown(str(error.filename))}: " if error.filename else ""
        remedy = "make room there, or write elsewhere with --output"
        return cls(f"{place}{error.strerror}; {kept or 'nothing more is written'}\n    -> {remedy}")


class EnvironmentMissing(JoulestackError):
    """Something the run needs is not installed or not reachable."""

    exit_code = 4
