"""Sources for people: a line of text for each entry of references.bib, and its DOI."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from joulestack.materials.citations import field_of, parse

_SIGNS = "\u0308\u0301\u0300\u0302\u0303\u0327\u030c\u030a\u0304\u0307\u0306"
_ACCENTS = dict(zip("\"'`^~cvr=.u", _SIGNS, strict=True))
_ACCENT = re.compile(r"""\\(["'`^~=.]|[cvru](?=[\s{]))\s*\{?\\?(\w)\}?""")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>]+")


@dataclass(frozen=True)
class Reference:
    """A source.

    Attributes:
        key: by which numbers name it.
        text: authors, title, where and when.
        doi: "" where it has none.
        note: of the entry.
    """

    key: str
    text: str
    doi: str
    note: str


def references(file: Path) -> dict[str, Reference]:
    """Entries of references.bib by key; none where there is no file."""
    text = file.read_text("utf-8", errors="replace") if file.is_file() else ""
    return {key: _reference(key, entry) for key, entry in parse(text).items()}


def _reference(key: str, entry: str) -> Reference:
    def of(name: str) -> str:
        return plain(field_of(entry, name))

    where = of("journal") or of("booktitle") or of("publisher") or of("institution")
    numbers = ", ".join(part for part in (of("volume"), of("pages")) if part)
    parts = (_people(of("author")), of("title"), " ".join(p for p in (where, numbers) if p))
    told = ". ".join(part.rstrip(".") for part in parts if part)
    doi = of("doi")
    year = f" ({of('year')})" if of("year") else ""
    return Reference(key, told + year, doi if _DOI.fullmatch(doi) else "", of("note"))


def _people(authors: str) -> str:
    """Family names; three at most."""
    names = [a.partition(",")[0].strip() for a in authors.split(" and ") if a.strip()]
    if len(names) > 3 or "others" in names:
        return f"{names[0]} et al."
    return ", ".join(names)


def plain(text: str) -> str:
    """TeX as text: accents composed, braces and escapes gone."""
    found = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[2] + _ACCENTS[m[1]]), text)
    for tex, sign in (("--", "\u2013"), (r"\&", "&"), (r"\_", "_"), ("~", " "), (r"\o", "\u00f8")):
        found = found.replace(tex, sign)
    return re.sub(r"[{}]|\$", "", found)
