"""Dotted paths into a case: "cell.layers.separator.thickness"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from joulestack.spelling import did_you_mean

Key = str | int


def split_path(path: str) -> tuple[str, ...]:
    """Split at dots; parts may be quoted, and [2] is an index."""
    parts = re.findall(r"\"([^\"]*)\"|'([^']*)'|([^.\[\]\"']+)", path)
    return tuple(next((p for p in group if p), "").strip() for group in parts)


def entry_name(entry: Any) -> str | None:
    """The name that a list entry goes by."""
    if isinstance(entry, Mapping):
        name = entry.get("name")
        between = entry.get("between")
        if isinstance(name, str):
            return name
        if isinstance(between, (list, tuple)) and all(isinstance(b, str) for b in between):
            return "|".join(between)
    return None


def find_entry(entries: Sequence[Any], key: str) -> int:
    """Index of the list entry with this name or index.

    Raises:
        LookupError: there is none; the message names the nearest.
    """
    names = [entry_name(e) for e in entries]
    if key in names:
        return names.index(key)
    if re.fullmatch(r"\d+", key) and int(key) < len(entries):
        return int(key)
    known = [n for n in names if n]
    hint = did_you_mean(key, known) or f"entries: {', '.join(known) or len(entries)}"
    raise LookupError(f'there is no entry "{key}" here; {hint}')


def show(loc: Sequence[Key], table: Any) -> str:
    """Path for people: list entries by their name, else by index."""
    text = ""
    node = table
    for key in loc:
        if isinstance(key, int):
            entry = node[key] if isinstance(node, (list, tuple)) and key < len(node) else None
            name = entry_name(entry)
            text += f".{name}" if name else f"[{key}]"
            node = entry
        else:
            text += f".{key}" if text else key
            node = node.get(key) if isinstance(node, Mapping) else None
    return text
