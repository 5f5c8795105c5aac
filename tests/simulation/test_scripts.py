"""docs/scripts.md runs as it stands, and says what Ohm's law says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "scripts.md"


def test_the_script_runs() -> None:
    match = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    found: dict[str, Any] = {}
    exec(match[1], found)
    row = found["rows"][-1]
    # 500 um at 0.1 S/m and two interfaces of 2e-3 Ohm m2 at 10 A/m2; warm electrolyte has less.
    warmer = row["Temperature max [K]"] / 298.15
    drop = 10.0 * (5e-3 / warmer + 4e-3)
    assert row["Voltage [V]"] == pytest.approx(-drop, rel=1e-4)
    assert row["Temperature max [K]"] > 298.15
