"""What the package costs over a hand-written DOLFINx script that solves the same cell.

    python3 benchmarks/overhead.py            # pellet, pouch with 1e5 and with 1e6 unknowns
    python3 benchmarks/overhead.py --quick    # pellet, pouch with 2e4

Each side (packaged.py, minimal.py) is a process of its own; sides alternate, the best of all
repetitions counts. Setup: mesh, declaration, kernels from the cache (a first run on a handful of
cells fills it). Solve: consistent start, all steps, and the side's own record of each step; no
pictures and no ParaView files on either side. Ratios are of processor time, which a busy machine
does not inflate; wall-clock times are printed too. Exit code 1 if the answers differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIDES = ("packaged", "minimal")
TIME_TARGET, MEMORY_TARGET = 1.10, 1.25
AGREEMENT = 1e-6
"""Of the temperature rise, and in volts."""
REPETITIONS = {"pellet": 7, "pouch-20k": 3, "pouch-100k": 1, "pouch-1M": 1}


def run(side: str, cell: str) -> dict[str, Any]:
    """One process; its figures."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE / f"{side}.py"), cell, str(Path(folder) / "record.csv")]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    figures: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return figures


def best(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run with the least processor time for setup and solve."""
    return min(runs, key=lambda r: r["cpu"][1] + r["cpu"][2])


def agree(a: dict[str, Any], b: dict[str, Any]) -> list[str]:
    """What the answers of both sides do not agree on."""
    wrong = [f"{key}: {a[key]} and {b[key]}" for key in ("unknowns", "steps") if a[key] != b[key]]
    if abs(a["rise"] - b["rise"]) > AGREEMENT * abs(b["rise"]):
        wrong.append(f"temperature rise: {a['rise']!r} and {b['rise']!r} K")
    if abs(a["voltage"] - b["voltage"]) > AGREEMENT:
        wrong.append(f"voltage: {a['voltage']!r} and {b['voltage']!r} V")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="pellet and a small pouch")
    parser.add_argument("cells", nargs="*", help=f"of {', '.join(REPETITIONS)}")
    arguments = parser.parse_args()
    cells = arguments.cells or (
        ["pellet", "pouch-20k"] if arguments.quick else ["pellet", "pouch-100k", "pouch-1M"]
    )
    head = ("cell", "side", "unknowns", "steps", "Newton", "linear", "setup s", "solve s",
            "CPU s", "wall s", "MB", "time x", "memory x")  # fmt: skip
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|", flush=True)
    failed, above = False, []
    for cell in cells:
        for side in SIDES:
            run(side, f"{cell.partition('-')[0]}-warm")
        runs: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
        for _ in range(REPETITIONS[cell]):
            for side in SIDES:
                runs[side].append(run(side, cell))
        found = {side: best(runs[side]) for side in SIDES}
        cpu = {side: sum(found[side]["cpu"][1:]) for side in SIDES}
        time_ratio = cpu["packaged"] / cpu["minimal"]
        memory_ratio = found["packaged"]["memory"] / found["minimal"]["memory"]
        for side in SIDES:
            r = found[side]
            ratios = (
                (f"{time_ratio:.2f}", f"{memory_ratio:.2f}") if side == "packaged" else ("", "")
            )
            line = (cell, side, r["unknowns"], r["steps"], r["newton"], r["linear"],
                    f"{r['cpu'][1]:.2f}", f"{r['cpu'][2]:.2f}", f"{cpu[side]:.2f}",
                    f"{sum(r['wall'][1:]):.2f}", f"{r['memory']:.0f}", *ratios)  # fmt: skip
            print("| " + " | ".join(map(str, line)) + " |", flush=True)
        if wrong := agree(found["packaged"], found["minimal"]):
            failed = True
            print(f"{cell}: the sides disagree on " + "; ".join(wrong), flush=True)
        if time_ratio > TIME_TARGET or memory_ratio > MEMORY_TARGET:
            above.append(f"{cell} ({time_ratio:.2f} x time, {memory_ratio:.2f} x memory)")
    if above:
        print(f"above {TIME_TARGET} x time or {MEMORY_TARGET} x memory: " + ", ".join(above))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
