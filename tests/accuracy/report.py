"""The table of the battery: on the screen, and as CSV, JSON and markdown."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.accuracy.record import ALLOWED, Case, Figure, Outcome

FACTORS = {"mV": 1e3, "%": 1e2}
"""Unit of a figure's error -> how many there are in the unit of SI."""
WITHIN, SHARE, LEAST = 3.0, 0.8, 0.1
"""An estimate of an error is within this factor of it in this share of the figures, and never below
this part of it."""


@dataclass(frozen=True)
class Row:
    """A case at an accuracy; no outcome where it failed, and why."""

    case: Case
    accuracy: str
    outcome: Outcome | None
    failure: str = ""

    @property
    def met(self) -> bool:
        """All figures are within their limits."""
        return self.outcome is not None and all(f.met(self.accuracy) for f in self.outcome.figures)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What was compared."""
        return self.outcome.figures if self.outcome else ()


def number(value: float, digits: int = 6) -> str:
    """A value, or nothing."""
    return "" if math.isnan(value) else f"{value:.{digits}g}"


def error(figure: Figure, value: float) -> str:
    """An error with its unit."""
    if math.isnan(value):
        return ""
    return f"{FACTORS[figure.unit] * value:.2g} {figure.unit}"


def lines(rows: Sequence[Row]) -> Iterator[dict[str, str]]:
    """A line of text for each figure."""
    for row in rows:
        for figure in row.figures:
            limit = figure.limit * ALLOWED[row.accuracy]
            yield {
                "case": row.case.name,
                "accuracy": row.accuracy,
                "figure": figure.name,
                "reference": number(figure.reference),
                "ours": number(figure.ours),
                "error": error(figure, figure.error),
                "limit": error(figure, limit),
                "met": "" if figure.met(row.accuracy) else "MISSED",
                "estimate": error(figure, figure.estimate),
                "CPU [s]": number(row.outcome.seconds, 3) if row.outcome else "",
                "steps": str(row.outcome.steps) if row.outcome else "",
            }


def listed(cases: Sequence[Case]) -> None:
    """What there is."""
    table = Table("case", "kind", "what", "in the suite")
    for case in cases:
        table.add_row(case.name, case.family, case.what, "x" if case.quick else "")
    Console().print(table)


def told(row: Row) -> None:
    """A line while the battery goes on."""
    state = row.failure or ("met" if row.met else "MISSED")
    worst = max(row.figures, key=lambda f: abs(f.error) / f.limit, default=None)
    near = f"{worst.name} {error(worst, worst.error)}" if worst else ""
    effort = f"{row.outcome.seconds:.2f} s, {row.outcome.steps} steps" if row.outcome else ""
    print(f"{row.accuracy:7s} {row.case.name:24s} {state:8s} {near}  {effort}", flush=True)


def shown(rows: Sequence[Row]) -> None:
    """The table on the screen."""
    console = Console(width=None if Console().is_terminal else 150)
    table = Table(title="accuracy battery")
    found = list(lines(rows))
    if not found:
        return
    columns = [k for k in found[0] if k != "estimate" or any(line[k] for line in found)]
    for name in columns:
        table.add_column(
            name, justify="left" if name in ("case", "figure", "accuracy") else "right"
        )
    before = ("", "")
    for line in found:
        key = (line["case"], line["accuracy"])
        if key == before:
            line |= {"case": "", "accuracy": "", "CPU [s]": "", "steps": ""}
        before = key
        table.add_row(*(line[c] for c in columns), style="red" if line["met"] else "")
    console.print(table)
    console.print(summed(rows))


def summed(rows: Sequence[Row]) -> str:
    """Counts in a sentence, and how estimates do."""
    figures = [(f, r.accuracy) for r in rows for f in r.figures]
    missed = [f for f, accuracy in figures if not f.met(accuracy)]
    seconds = sum(r.outcome.seconds for r in rows if r.outcome)
    failed = [r.case.name for r in rows if r.outcome is None]
    text = (
        f"{len(rows)} cases, {len(figures)} figures, {len(missed)} missed, "
        f"{len(failed)} failed; {seconds:.1f} s"
    )
    known = [f for f, _ in figures if not math.isnan(f.estimate) and f.error]
    if known:
        ratios = [f.estimate / abs(f.error) for f in known]
        near = sum(1 / WITHIN <= r <= WITHIN for r in ratios) / len(ratios)
        text += (
            f"\nestimates of {len(known)} errors: {100 * near:.0f} % within a factor of "
            f"{WITHIN:g} (meant: {100 * SHARE:.0f} %), {sum(r < LEAST for r in ratios)} below "
            "a tenth"
        )
    return text


def markdown(rows: Sequence[Row]) -> str:
    """A table for the documentation: a line for each case."""
    out = ["| case | what | error (limit) | CPU [s] | steps |", "|---|---|---|---|---|"]
    for row in rows:
        parts = [
            f"{f.name.split(' [')[0]} {error(f, abs(f.error))}"
            + ("" if f.met(row.accuracy) else f" (**{error(f, f.limit * ALLOWED[row.accuracy])}**)")
            for f in row.figures
        ] or [row.failure]
        effort = f"{row.outcome.seconds:.2f} | {row.outcome.steps}" if row.outcome else " | "
        out.append(f"| `{row.case.name}` | {row.case.what} | {'; '.join(parts)} | {effort} |")
    return "\n".join(out) + "\n"


def written(rows: Sequence[Row], folder: Path) -> None:
    """battery.csv, .json and a .md for each accuracy."""
    folder.mkdir(parents=True, exist_ok=True)
    found = list(lines(rows))
    with (folder / "battery.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(found[0]) if found else ["case"])
        writer.writeheader()
        writer.writerows(found)
    content = [
        {
            "case": row.case.name,
            "accuracy": row.accuracy,
            "met": row.met,
            "failure": row.failure or None,
            "seconds": row.outcome.seconds if row.outcome else None,
            "steps": row.outcome.steps if row.outcome else None,
            "figures": [
                {k: None if v != v else v for k, v in asdict(f).items()} for f in row.figures
            ],
        }
        for row in rows
    ]
    (folder / "battery.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    for accuracy in dict.fromkeys(row.accuracy for row in rows):
        own = [row for row in rows if row.accuracy == accuracy]
        (folder / f"battery_{accuracy}.md").write_text(markdown(own), encoding="utf-8")
