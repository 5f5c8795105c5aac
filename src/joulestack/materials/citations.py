"""BibTeX of the sources behind material numbers."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from pathlib import Path

BIBLIOGRAPHY = Path(__file__).parent / "references.bib"

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,")


def parse(text: str) -> dict[str, str]:
    """Entries of a BibTeX text by key, each as written."""
    found: dict[str, str] = {}
    for match in _ENTRY.finditer(text):
        if match[1].lower() in ("comment", "string", "preamble"):
            continue
        depth, end = 0, match.start()
        for end in range(match.start(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0 and text[end] == "}":
                break
        found[match[2]] = text[match.start() : end + 1]
    return found


@functools.cache
def entries() -> Mapping[str, str]:
    """Entries of references.bib by key."""
    return parse(BIBLIOGRAPHY.read_text("utf-8"))


def bibliography(known: Mapping[str, str], keys: Collection[str]) -> tuple[str, list[str]]:
    """BibTeX text of the entries that are used, in their order, and the keys that have none."""
    text = "\n\n".join(entry for key, entry in known.items() if key in keys)
    return text + "\n", sorted(set(keys) - set(known))


def field(key: str, name: str) -> str:
    """One field of an entry ("doi", "title", ...), "" where it has none."""
    return field_of(entries().get(key, ""), name)


def field_of(entry: str, name: str) -> str:
    """One field of an entry as it is written, "" where it has none."""
    match = re.search(rf"\b{name} = \{{(.*?)\}}(?:,|\n)", entry)
    return match[1] if match else ""


def short(key: str) -> str:
    """A source in a few words: key and DOI."""
    if key in ("", "user"):
        return {"": "no source read", "user": "the case"}[key]
    doi = field(key, "doi")
    mark = " (unchecked)" if "unchecked" in field(key, "note") else ""
    return f"{key}, doi:{doi}{mark}" if doi else key
