"""docs/case_files.md says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from joulestack.case import Case
from joulestack.case.reference import rewrite

DOCS = Path(__file__).parents[2] / "docs" / "case_files.md"


def test_tables_are_current() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert rewrite(text) == text, "python3 -m joulestack.case.reference docs/case_files.md"


def test_the_example_is_valid() -> None:
    match = re.search(r"```toml case.toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    case = Case.from_dict(tomllib.loads(match[1]))
    assert case.driven
