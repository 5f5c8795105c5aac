"""The package's side of the overhead benchmark runs with the steps it is judged by."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_overhead_pellet(tmp_path: Path) -> None:
    """46 steps and 63 Newton iterations; more of them would be paid for in every run.

    Two of them find the cell at open circuit, where its first load is applied.
    """
    script = ROOT / "benchmarks" / "packaged.py"
    run = subprocess.run(
        [sys.executable, str(script), "pellet", str(tmp_path / "record.csv")],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    found = json.loads(run.stdout.strip().splitlines()[-1])
    assert found["steps"] == 46
    assert found["newton"] <= 63
