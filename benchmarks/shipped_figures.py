"""Figures of every shipped case, before and after a change that should not move them.

usage: docker/joulestack python benchmarks/shipped_figures.py record FILE [--source SRC] [NAME ...]
       docker/joulestack python benchmarks/shipped_figures.py compare BEFORE AFTER [--limit 1e-5]

`record` runs the cases (all, or those whose path contains a NAME) with a direct solver and writes
every number of their summaries; --source takes the package of another checkout (its `src`).
`compare` lists the figures that moved, relative to the largest of their kind in the same case: 1e-5
is a tenth of the default tolerance of a time step.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = ("wall_time_s", "setup_s", "solve_s", "peak_memory_MB", "rejected", "newton", "linear")
"""What a change may move: time, memory, and the work done."""
JUDGED = ("_relative", "_relative_max")
"""Ends of the names of balances: round-off, judged by their limits."""
RUNS = ("*.toml", "fixtures/*.toml", "papers/*.toml")


def flat(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of nested tables with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from flat(inner, f"{path}.{i}")
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield path, float(value)


def record(file: Path, source: Path, names: list[str]) -> int:
    """Run the cases and keep their figures; the number of cases that failed."""
    found: dict[str, dict[str, float]] = {}
    failed = 0
    for pattern in RUNS:
        for case in sorted((source.parent / "cases").glob(pattern)):
            name = str(case.relative_to(source.parent))
            if names and not any(n in name for n in names):
                continue
            with tempfile.TemporaryDirectory() as folder:
                words = [sys.executable, "-m", "joulestack", "run", str(case), "--quiet"]
                words += ["-o", f"{folder}/out", "--set", "solver.linear=direct"]
                words += ["--set", "outputs.pictures=false"]
                environment = {**os.environ, "PYTHONPATH": str(source)}
                done = subprocess.run(words, env=environment, capture_output=True, text=True)
                if done.returncode:
                    failed += 1
                    print(f"{name}: exit code {done.returncode}\n{done.stderr[-500:]}")
                    continue
                summary = json.loads(Path(folder, "out", "summary.json").read_text())
            figures = dict(flat(summary))
            found[name] = {k: v for k, v in figures.items() if k not in LEFT_OUT}
            print(f"{name}: {len(found[name])} figures", flush=True)
    file.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return failed


def compare(before: Path, after: Path, limit: float) -> int:
    """Print what moved; the number of figures beyond the limit."""
    old, new = (json.loads(f.read_text(encoding="utf-8")) for f in (before, after))
    beyond = 0
    for name in sorted(set(old) | set(new)):
        if name not in old or name not in new:
            print(f"{name}: only {'before' if name in old else 'after'}")
            continue
        a, b, worst, where = old[name], new[name], 0.0, "-"
        for key in sorted(set(a) & set(b)):
            if key.rpartition(".")[2].endswith(JUDGED):
                continue
            group = key.rpartition(".")[0]
            scale = max(abs(v) for k, v in a.items() if k == key or (group and k.startswith(group)))
            moved = abs(a[key] - b[key]) / scale if scale else abs(b[key])
            if moved > limit:
                beyond += 1
                print(f"  {name}: {key} {a[key]:.10g} -> {b[key]:.10g}")
            if moved > worst:
                worst, where = moved, key
        print(f"{name}: at most {worst:.1e} ({where})")
        for word, keys in (("gone", set(a) - set(b)), ("new", set(b) - set(a))):
            if keys:
                print(f"  {word}: {', '.join(sorted(keys))}")
    return beyond


def main() -> int:
    """Words to calls."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    words = verbs.add_parser("record")
    words.add_argument("file", type=Path)
    words.add_argument("names", nargs="*")
    words.add_argument("--source", type=Path, default=ROOT / "src")
    words = verbs.add_parser("compare")
    words.add_argument("before", type=Path)
    words.add_argument("after", type=Path)
    words.add_argument("--limit", type=float, default=1e-5)
    given = parser.parse_args()
    if given.verb == "record":
        return 1 if record(given.file.resolve(), given.source.resolve(), given.names) else 0
    return 1 if compare(given.before, given.after, given.limit) else 0


if __name__ == "__main__":
    sys.exit(main())
