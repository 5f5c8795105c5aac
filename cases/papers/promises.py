"""What the package promises about the papers: every script run, counted, written into the docs.

    docker/joulestack python cases/papers/promises.py

runs `promises()` of every script of this folder, writes the figures to docs/papers.json and the
tables of docs/papers.md between its markers. With names of scripts only those are run anew. The
test suite runs every script and holds its figures against the file, and the page against the file.
"""

from __future__ import annotations

import importlib
import json
import math
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from compare import Promise, Worth

HERE = Path(__file__).parent
DOCS = HERE.resolve().parents[1] / "docs"
FIGURES, PAGE = DOCS / "papers.json", DOCS / "papers.md"
BEGIN, END = "<!-- promises: written by cases/papers/promises.py -->", "<!-- end of promises -->"
NAMES = tuple(sorted(p.stem for p in HERE.glob("*.py") if p.stem not in ("compare", "promises")))
"""Scripts with promises: all beside the two that only serve them."""


def record(promise: Promise) -> dict:
    """A promise as it stands in the file: figures to five digits, nan (refused) as null."""
    return {
        "what": promise.what,
        "kind": promise.kind.value,
        "source": promise.source,
        "doi": promise.where,
        "basis": promise.basis,
        "another_laboratory": promise.another,
        "kept": bool(promise.kept),
        "numbers": [
            {
                "what": row.what,
                "unit": row.unit,
                "paper": _digits(row.paper),
                "model": _digits(row.model),
                "limit": row.limit,
                "kept": bool(row.kept),
            }
            for row in promise.rows
        ],
    }


def _digits(value: float) -> float | None:
    return None if math.isnan(value) else float(f"{value:.5g}")


def run(name: str) -> list[dict]:
    """Promises of one script, as records."""
    return [record(promise) for promise in importlib.import_module(name).promises()]


def experiments(records: Iterable[Mapping]) -> dict[tuple[str, str], list[Mapping]]:
    """Records by experiment: what and paper. What several models are held against counts once."""
    found: dict[tuple[str, str], list[Mapping]] = {}
    for one in records:
        found.setdefault((one["what"], one["source"]), []).append(one)
    return found


def counts(scripts: Mapping[str, list[dict]]) -> dict[str, tuple[int, int, int]]:
    """Experiments, those that are kept, and numbers in them, by kind."""
    found = {}
    for kind in Worth:
        of = experiments(r for records in scripts.values() for r in records if r["kind"] == kind)
        kept = sum(all(r["kept"] for r in records) for records in of.values())
        numbers = sum(len(r["numbers"]) for records in of.values() for r in records)
        found[kind.value] = len(of), kept, numbers
    return found


def _deviation(number: Mapping) -> str:
    if number["model"] is None:
        return "refused"
    ratio = number["model"] / number["paper"]
    if number["limit"].startswith("factor"):
        return f"{ratio:.2g} times"
    return f"{100 * (ratio - 1):+.1f} %"


def _size(number: Mapping) -> float:
    """How far a number is off, for the ends of a span."""
    return math.inf if number["model"] is None else number["model"] / number["paper"]


def _found(numbers: list[Mapping]) -> str:
    ends = sorted((n for n in numbers if n["model"] is not None), key=_size)
    said = [] if not ends else [_deviation(ends[0])]
    if len(ends) > 1 and _deviation(ends[-1]) != said[0]:
        said = [f"{_deviation(ends[0]).removesuffix(' %').removesuffix(' times')} to "
                f"{_deviation(ends[-1])}"]  # fmt: skip
    if refused := len(numbers) - len(ends):
        said.append(f"{refused} refused")
    return ", ".join(said)


def _number(value: float | None) -> str:
    return "refused" if value is None else f"{value:.4g}"


def _line(name: str, one: Mapping) -> str:
    numbers = one["numbers"]
    alone = len(numbers) == 1
    paper = (
        f"{_number(numbers[0]['paper'])} {numbers[0]['unit']}"
        if alone
        else f"{len(numbers)} numbers"
    )
    model = f"{_number(numbers[0]['model'])}" if alone else ""
    limit = ", ".join(dict.fromkeys(n["limit"] for n in numbers))
    verdict = "kept" if one["kept"] else "**missed**"
    cells = (one["what"], one["source"], paper.strip(), model, _found(numbers), limit, verdict,
             one["basis"], f"`{name}`")  # fmt: skip
    return "| " + " | ".join(cells).replace("  ", " ") + " |"


TITLES = {
    Worth.PREDICTION: "Predictions: not fitted to the number, can fail",
    Worth.CALIBRATION: "Calibrations: what was fitted to what",
    Worth.IDENTITY: "Identities: hold by construction",
}


def page(scripts: Mapping[str, list[dict]]) -> str:
    """The part of the page that is written."""
    lines = ["| kind | experiments | kept | missed | numbers |", "|-|-|-|-|-|"]
    for kind, (several, kept, numbers) in counts(scripts).items():
        lines.append(f"| {kind} | {several} | {kept} | {several - kept} | {numbers} |")
    laws = experiments(
        r
        for records in scripts.values()
        for r in records
        if r["kind"] == Worth.PREDICTION and not r["another_laboratory"]
    )
    kept = sum(all(r["kept"] for r in records) for records in laws.values())
    lines += [
        "",
        f"Of the predictions {len(laws)} are of laws, {kept} of them kept; the others put a number "
        "of the library beside another laboratory's.",
    ]
    every = [(name, r) for name, records in scripts.items() for r in records]
    for kind, title in TITLES.items():
        groups: dict[str, list[str]] = {}
        for name, r in every:
            if r["kind"] == kind:
                group = "another laboratory's number beside the library's"
                groups.setdefault(group if r["another_laboratory"] else "", []).append(
                    _line(name, r)
                )
        for group, found in sorted(groups.items()):
            lines += ["", f"### {title}" if not group else f"### Predictions: {group}", "",
                      "| experiment | paper | measured | model | deviation | limit | | model is | "
                      "script |", "|-|-|-|-|-|-|-|-|-|", *found]  # fmt: skip
    return "\n".join(lines)


def insert(text: str, part: str) -> str:
    """The page with its part between the markers replaced."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{part}\n\n{END}{rest.split(END)[1]}"


def main(names: list[str]) -> None:
    """Run, write the figures and the page."""
    old = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    scripts = {}
    for name in NAMES:
        scripts[name] = run(name) if not names or name in names or name not in old else old[name]
        print(f"{name}: {len(scripts[name])} promises", flush=True)
    FIGURES.write_text(json.dumps(scripts, indent=1) + "\n")
    PAGE.write_text(insert(PAGE.read_text(), page(scripts)))
    for kind, (several, kept, numbers) in counts(scripts).items():
        print(f"{kind}: {several} experiments, {kept} kept, {numbers} numbers")


if __name__ == "__main__":
    main(sys.argv[1:])
