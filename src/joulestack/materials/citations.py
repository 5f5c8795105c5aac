"""BibTeX of the sources behind material numbers."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

BIBLIOGRAPHY = Path(__file__).parent / "references.bib"


@functools.cache
def entries() -> Mapping[str, str]:
    """BibTeX entries of references.bib by key, each as written."""
    text = BIBLIOGRAPHY.read_text("utf-8")
    found = {}
    for match in re.finditer(r"@\w+\{([^,\s]+),.*?\n\}", text, re.DOTALL):
        found[match[1]] = match[0]
    return found


def field(key: str, name: str) -> str:
    """One field of an entry ("doi", "title", ...), "" where it has none."""
    match = re.search(rf"\b{name} = \{{(.*?)\}}(?:,|\n)", entries().get(key, ""))
    return match[1] if match else ""


def bibtex(keys: Iterable[str]) -> str:
    """BibTeX text of the given keys, each once; those without an entry ("", "user") left out."""
    known = entries()
    return "\n".join(known[k] for k in dict.fromkeys(keys) if k in known)


def short(key: str) -> str:
    """A source in a few words: key and DOI."""
    if key in ("", "user"):
        return {"": "no source read", "user": "the case"}[key]
    doi = field(key, "doi")
    mark = " (unchecked)" if "unchecked" in field(key, "note") else ""
    return f"{key}, doi:{doi}{mark}" if doi else key
