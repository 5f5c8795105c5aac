"""Bytes of a file as lines of text, whatever program wrote them; what is no text is named."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from joulestack.errors import shown

LARGEST = 2_000_000_000
"""Bytes of a file that is read whole."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT = "export it as text (CSV) and name that file"
_BINARY: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\x00\x01\x00\x00Standard",
        "is a database of Microsoft Access, as Arbin's .res",
        "export it in Arbin's software as CSV, or with mdbtools: "
        "mdb-export FILE.res Channel_Normal_Table > FILE.csv",
    ),
    (b"\xd0\xcf\x11\xe0", "is a workbook of the old form (.xls)", "save it as .xlsx or as CSV"),
    (b"\x89HDF", "is HDF5", "export its raw data as CSV (cellpy: to_csv) and name that file"),
    (b"PAR1", "is Parquet", _TEXT),
    (b"NEWARE", "is Neware's binary file", "export it in BTSDA as CSV or .xlsx"),
)


def lines_of(content: bytes, name: str) -> list[str]:
    """Lines of a text file: UTF-8, UTF-16 or UTF-32, or Windows' Latin-1.

    Args:
        content: of the file.
        name: for messages.

    Raises:
        ValueError: "what; remedy": it is no text; nothing of it is quoted.
    """
    for start, what, remedy in _BINARY:
        if content.startswith(start):
            raise ValueError(f"{name} {what}; {remedy}")
    return re.split(r"\r\n|\n|\r", _decoded(content, name))


def _decoded(content: bytes, name: str) -> str:
    marked = next((e for mark, e in _MARKS if content.startswith(mark)), None)
    encoding = marked or _unmarked(content, name)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(f"{name} is no text that can be read; {_TEXT}") from None


def _unmarked(content: bytes, name: str) -> str:
    """Encoding of text that does not say it."""
    if b"\0" in content:
        head = content[:400]
        even, odd = head[::2].count(0), head[1::2].count(0)
        if min(even, odd) == 0 and max(even, odd) > len(head) // 8:
            return "utf-16-le" if odd else "utf-16-be"
        raise ValueError(f"{name} is no text; {_TEXT}")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content.decode("cp1252")
        except UnicodeDecodeError:
            return "latin-1"
        return "cp1252"
    return "utf-8"


def content_of(path: Path) -> bytes:
    """Bytes of a file.

    Raises:
        ValueError: "what; remedy": there is none, or it is too large.
    """
    name = shown(path.name)
    try:
        if not path.is_file():
            raise ValueError(f"there is no file {name} in its folder; name a table that is there")
        if path.stat().st_size > LARGEST:
            raise ValueError(f"{name} has more than {LARGEST / 1e9:g} GB; cut it")
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{name} cannot be read ({error.strerror}); name a table") from None
