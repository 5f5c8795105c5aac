"""Errors a user can meet. Each says what, where, and what would be right.

The command line turns them into one message and an exit code; a traceback is for developers only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PARTS = re.compile(r'((?:"[^"]*"|[^"])*?); (.*)', re.DOTALL)


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
        head = f"{source}: " if source else ""
        count = len(self.problems)
        title = "1 problem" if count == 1 else f"{count} problems"
        super().__init__("\n".join([f"{head}{title}", *(f"  {p}" for p in self.problems)]))


class MeshError(CaseError):
    """A mesh cannot carry the case: a region or face is missing, a cell inverted, parts apart."""


class ConvergenceError(JoulestackError):
    """A solve failed; says which field, where, when, what was tried and what to change."""

    exit_code = 3


class EnvironmentMissing(JoulestackError):
    """Something the run needs is not installed or not reachable."""

    exit_code = 4
