"""Files that are no text: workbooks and BioLogic's .mpr, turned into lines of text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from joulestack._needs import needed as needs
from joulestack.errors import shown
from joulestack.tables.text import content_of, lines_of

LARGEST = 2_000_000_000
"""Bytes of an unpacked workbook."""
USUAL, DENSEST = 50_000_000, 100
"""Bytes that may always be unpacked, and how many times the packed ones else."""


def sheets_of(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Tables of a file: the name of each sheet ("" for text) and its lines.

    Raises:
        ValueError: "what; remedy": it is none of the kinds that are read.
        EnvironmentMissing: what reads this kind is not installed.
    """
    name, content = shown(path.name), content_of(path)
    if content.startswith(b"PK"):
        yield from _workbook(content, name)
    elif content.startswith(b"BIO-LOGIC MODULAR FILE"):
        yield "", _mpr(content, name)
    else:
        yield "", lines_of(content, name)


def _workbook(content: bytes, name: str) -> Iterator[tuple[str, list[str]]]:
    remedy = "save it as .xlsx or CSV"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise ValueError(f"{name} is a broken archive; {remedy}") from None
    if "xl/workbook.xml" not in {p.filename for p in parts}:
        neware = any(p.filename.endswith(("VersionInfo.xml", ".ndc")) for p in parts)
        what = "is Neware's binary file (.ndax)" if neware else "is an archive, and no workbook"
        raise ValueError(f"{name} {what}; {remedy}")
    unpacked = sum(p.file_size for p in parts)  # nothing unpacks to more than it says here
    if unpacked > min(LARGEST, max(USUAL, DENSEST * len(content))):
        raise ValueError(f"{name} unpacks to {unpacked / 1e9:.2g} GB, more than is usual; {remedy}")
    with needs("workbooks"):
        import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write one cell there
            rows = sheet.iter_rows(values_only=True)
            yield sheet.title, ["\t".join(_cell(value) for value in row) for row in rows]
    except Exception:  # openpyxl leaves broken ones by any
        raise ValueError(f"{name} is no workbook that can be read; {remedy}") from None


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _mpr(content: bytes, name: str) -> list[str]:
    with needs("BioLogic's .mpr (its text export, .mpt, is read without)"):
        from galvani import BioLogic

    try:
        data = BioLogic.MPRfile(io.BytesIO(content)).data
    except Exception:  # whatever bytes of others make it do
        raise ValueError(
            f"{name} is of a kind of .mpr that galvani cannot read; export it as text (.mpt)"
        ) from None
    titles = list(data.dtype.names)
    return ["\t".join(titles), *("\t".join(map(repr, row)) for row in data.tolist())]
