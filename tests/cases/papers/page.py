"""What a script promises, run again, against docs/papers.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
FIGURES = json.loads((ROOT / "docs" / "papers.json").read_text())
BREATHING = (
    "fixture_comparison", "stack_pressure_scan", "stack_thickness", "uneven_clamping",
    "zero_breathing_blend",
)  # fmt: skip
"""Scripts whose figures `tests/cases/test_breathing_papers.py` reads too: they run there, once."""


def held_against_page(load: Callable[[str], Any], name: str) -> None:
    """The same promises, the same numbers to half a percent, kept and missed alike."""
    made = load("promises").run(name)
    said = FIGURES[name]

    def words(records: Any) -> Any:
        return [
            {k: v for k, v in r.items() if k != "numbers"}
            | {"rows": [(n["what"], n["unit"], n["limit"], n["kept"]) for n in r["numbers"]]}
            for r in records
        ]

    assert words(made) == words(said)
    for one, other in zip(made, said, strict=True):
        for found, known in zip(one["numbers"], other["numbers"], strict=True):
            assert found["paper"] == known["paper"]
            assert found["model"] == pytest.approx(known["model"], rel=5e-3), found["what"]
