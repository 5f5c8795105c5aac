"""What a misspelt word may have meant."""

from __future__ import annotations

from collections.abc import Iterable

from joulestack import spelling


def nearest(word: str, known: Iterable[str]) -> str:
    """'did you mean "x"?' or an empty text."""
    match = spelling.nearest(str(word), known, 1)
    return f'did you mean "{match[0]}"?' if match else ""
