"""Shipped cases keep the limits of the library, or say in their first line that they do not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.estimates.limits import limits

CASES = Path(__file__).parents[2] / "cases"
FILES = sorted(
    path
    for path in CASES.rglob("*.toml")
    if "cell" in (found := tomllib.loads(path.read_text(encoding="utf-8"))) or "extends" in found
)


def test_there_are_cases() -> None:
    assert len(FILES) > 25


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(CASES)))
def test_beyond_limits_is_said_where_it_is_true(path: Path) -> None:
    case = Case.load(path)
    beyond = list(limits(case, case.media(), 0.0))
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# Beyond limits: ") == bool(beyond), beyond
