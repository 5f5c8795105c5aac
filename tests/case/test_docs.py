"""docs/case_files.md says what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from joulestack.case import Case

DOCS = Path(__file__).parents[2] / "docs" / "case_files.md"


def test_tables_are_current(tmp_path: Path) -> None:
    """In a process of its own: other tests bring geometries that the package does not have."""
    text = DOCS.read_text(encoding="utf-8")
    page = tmp_path / "case_files.md"
    page.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "joulestack.case.reference", str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    told = "python3 -m joulestack.case.reference docs/case_files.md"
    assert page.read_text(encoding="utf-8") == text, told


def test_the_example_is_valid() -> None:
    match = re.search(r"```toml case.toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    case = Case.from_dict(tomllib.loads(match[1]))
    assert case.driven
