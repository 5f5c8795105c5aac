"""docs/scripts.md runs as it stands, and says what Ohm's law says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "scripts.md"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What all scripts of the page leave behind, run one after another."""
    names: dict[str, Any] = {}
    for script in re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL):
        exec(script, names)
    return names


def test_the_script_runs(found: dict[str, Any]) -> None:
    row = found["rows"][-1]
    # 500 um at 0.1 S/m and two interfaces of 2e-3 Ohm m2 at 10 A/m2; warm electrolyte has less.
    warmer = row["Temperature max [K]"] / 298.15
    drop = 10.0 * (5e-3 / warmer + 4e-3)
    assert row["Voltage [V]"] == pytest.approx(-drop, rel=1e-4)
    assert row["Temperature max [K]"] > 298.15


def test_the_decay_gives_its_heat(found: dict[str, Any]) -> None:
    """1e7 J/m3 in 500 um x 1 cm2, but for what is left."""
    left = found["hot"].states["part"].blocks[0].value.x.array.mean()
    assert 0.0 < left < 0.7
    released = found["observer"].heat["decomposition"]
    assert released == pytest.approx(1e7 * 500e-6 * 1e-4 * (1 - left), rel=2e-3)
