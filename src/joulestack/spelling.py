"""Unknown names: the nearest known ones, in one wording everywhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from joulestack.errors import Problem, shown

LONGEST_NAME = 200
"""Longer ones are no misspelt names, and comparing them takes time."""


def nearest(name: str, known: Iterable[str], count: int = 3, likeness: float = 0.5) -> list[str]:
    """Known names that look like `name`, best first; case, blanks and hyphens do not matter."""
    if len(name) > LONGEST_NAME:
        return []
    table: dict[str, str] = {}
    for candidate in known:
        table.setdefault(normal(candidate), candidate)
    return [table[m] for m in difflib.get_close_matches(normal(name), table, count, likeness)]


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """'did you mean "x"?' or an empty text."""
    match = nearest(str(word), known, 1)
    return f'did you mean "{match[0]}"?' if match else ""


def normal(name: str) -> str:
    """A name without case, blanks, hyphens and underscores."""
    return "".join(c for c in name.casefold() if c not in " -_")


def unknown(where: str, kind: str, name: str, known: Iterable[str]) -> Problem:
    """Problem that says what is known instead of an unknown name."""
    known = list(dict.fromkeys(known))
    near = nearest(name, known)
    if near:
        remedy = "did you mean " + " or ".join(f'"{n}"' for n in near) + "?"
        if len(known) <= 12:
            remedy += " Known: " + ", ".join(known)
    else:
        remedy = "known: " + ", ".join(known) if known else f"there is no {kind} to choose from"
    return Problem(where, f'unknown {kind} "{shown(name)}"', remedy)
