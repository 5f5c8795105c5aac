"""`joulestack laws [NAME]`: what every law says of itself; docs/laws.md by `python3 -m` this."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from joulestack.errors import CaseError
from joulestack.laws.catalogue import CATALOGUE, LawRecord, records
from joulestack.spelling import normal, unknown

if TYPE_CHECKING:
    from rich.console import Console

HEAD = """# Laws

Every law of the package: equation, what it assumes, where it is known to hold, where it comes from.
Written by `python3 -m joulestack.reports.laws docs/laws.md` from the records that `joulestack laws`
prints and case files choose from (`laws/catalogue.py`). Symbols: [equations](physics.md).
"""


def found(name: str) -> list[tuple[str, LawRecord]]:
    """Laws of a name, or all that describe what is named.

    Raises:
        CaseError: there is none; the nearest names are told.
    """
    wanted = normal(name)
    hits = [(t, r) for t, r in records() if wanted in (normal(r.name), normal(t))]
    if not hits:
        known = [*dict.fromkeys(r.name for _, r in records()), *CATALOGUE]
        raise CaseError(unknown("laws", "law", name, known))
    return hits


def show_laws(name: str | None, console: Console) -> None:
    """Print all laws, a line each, or those of a name in full."""
    from rich.table import Table

    if name is None:
        for topic, table in CATALOGUE.items():
            shown = Table("law", "equation", "reference", title=topic, title_justify="left")
            for record in table.values():
                shown.add_row(record.name, record.equation, record.reference)
            console.print(shown, markup=False)
        console.print("joulestack laws NAME: assumptions and range", markup=False)
        return
    for topic, record in found(name):
        console.print(f"{record.name} ({topic})", style="bold", markup=False)
        for label, text in rows(record):
            console.print(f"  {label:<9} {text}", markup=False)


def rows(record: LawRecord) -> Iterator[tuple[str, str]]:
    """Labels and texts of a record."""
    yield "equation", record.equation
    yield "assumes", record.assumes
    yield "valid", record.valid
    yield "reference", record.reference
    yield "code", f"joulestack.{record.code}"


def page() -> str:
    """docs/laws.md."""
    lines = [HEAD]
    for topic, table in CATALOGUE.items():
        lines += [f"## {topic[0].upper()}{topic[1:]}", ""]
        lines += ["| law | equation | assumes | valid | reference | code |", "|-|-|-|-|-|-|"]
        for r in table.values():
            cells = (r.name, f"`{r.equation}`", r.assumes, r.valid, r.reference, f"`{r.code}`")
            lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
