"""Texts of a case that name files, whatever key they stand at, and where they may lead."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joulestack.access import LONGEST_PATH, outside
from joulestack.case.paths import Key
from joulestack.case.protocol.grammar import file_span

Loc = tuple[Key, ...]


def _texts(node: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Texts of a table and where they stand; of a sentence the file that it runs."""
    if isinstance(node, str):
        span = file_span(node)
        yield loc, node if span is None else node[slice(*span)]
    elif isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _texts(value, (*loc, key))


def file_names(table: Any) -> set[str]:
    """Texts of a table that could be names of files."""
    return {
        text
        for _, text in _texts(table, ())
        if "." in text and len(text) < LONGEST_PATH and "\0" not in text
    }


def leading_out(table: Any, folder: Path) -> Iterator[tuple[Loc, tuple[str, str]]]:
    """Texts that lead to where a case in a folder may not read: place, what is wrong, remedy.

    A table of materials may lie in `materials/`, so names count from there too.
    """
    for loc, name in _texts(table, ()):
        ways = (name, os.path.join("materials", name))
        away = next(filter(None, (outside(folder, way) for way in ways)), None)
        if away is not None:
            yield loc, away
