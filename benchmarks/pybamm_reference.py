"""What makers of reference data share: names on the command line, tables, what is there already."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Collection, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any


def asked(description: str | None, known: Collection[str], folder: Path) -> tuple[list[str], Path]:
    """Names of runs to make, all of them by default, and the folder to write to, which exists."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--to", type=Path, default=folder)
    args = parser.parse_args()
    if unknown := set(args.names) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    args.to.mkdir(parents=True, exist_ok=True)
    return args.names or list(known), args.to


def made_before(path: Path, key: str) -> dict[str, Any]:
    """Runs that a file has already, by name."""
    return dict(json.loads(path.read_text())[key]) if path.exists() else {}


def versions() -> dict[str, str]:
    """Of PyBaMM and its solvers."""
    return {name: version(name) for name in ("pybamm", "pybammsolvers")}


def write_table(
    path: Path, columns: Iterable[str], rows: Iterable[Sequence[float]], digits: int
) -> None:
    """A CSV file with so many significant digits."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([f"{v:.{digits}g}" for v in row] for row in rows)
