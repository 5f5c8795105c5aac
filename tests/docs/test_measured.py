"""Figures of docs/verification.md that tests hold: none without a test, none typed beside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import measured

TESTS = Path(__file__).parents[1] / "verification"


def given() -> set[str]:
    """Names that tests hand over; what varies in them counts as any text."""
    calls = re.compile(r"\bmeasured\(\s*f?\"((?:[^\"])+)\"")
    return {m[1] for path in TESTS.rglob("*.py") for m in calls.finditer(path.read_text("utf-8"))}


def pattern(name: str) -> re.Pattern[str]:
    return re.compile("".join(re.escape(p) if i % 2 == 0 else ".+"
                              for i, p in enumerate(re.split(r"(\{.*\})", name))))  # fmt: skip


def test_every_figure_has_a_test_and_every_test_a_figure() -> None:
    names = measured.figures(measured.PAGE.read_text("utf-8"))
    patterns = [pattern(name) for name in given()]
    assert names
    assert patterns
    assert [name for name in names if not any(p.fullmatch(name) for p in patterns)] == []
    assert [p.pattern for p in patterns if not any(p.fullmatch(name) for name in names)] == []


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("6.6e-4", 7.04e-4, "7.0e-4"),
        ("7e-9", 1.24e-8, "1e-8"),
        ("36190.765", 36190.7648, "36190.765"),
        ("2", 3.4, "3"),
    ],
)
def test_a_figure_keeps_its_digits(written: str, value: float, expected: str) -> None:
    assert measured.like(written, value) == expected


def test_a_figure_that_moved_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("| 6.6e-4<!-- one --> |")
    monkeypatch.setattr(measured, "PAGE", page)
    monkeypatch.setattr(measured, "folder", None)
    measured.measured("one", 6.65e-4)
    with pytest.raises(AssertionError, match=r"one: 6\.9e-4 for 6\.6e-4"):
        measured.measured("one", 6.9e-4)
    with pytest.raises(AssertionError, match="no figure named other"):
        measured.measured("other", 1.0)
    assert measured.rewrite(page.read_text(), {"one": 6.9e-4}) == "| 6.9e-4<!-- one --> |"
