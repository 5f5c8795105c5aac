"""The cases come with the package, and can be copied out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.cli import shipped
from joulestack.errors import CaseError

CASES = Path(__file__).parents[2] / "cases"


def test_all_are_listed_with_a_title() -> None:
    titles = shipped.titles()
    cases = {p for p in CASES.rglob("*.toml") if p.name != "measured.toml"}
    assert set(titles) == {str(p.relative_to(CASES.parent)) for p in cases}
    assert all(titles.values())


def test_copies_are_whole_and_valid(tmp_path: Path) -> None:
    shipped.copy(tmp_path / "new")
    for name in ("cases/imported_mesh.toml", "cases/fixtures/spring.toml"):  # mesh; extends
        assert Case.load(tmp_path / "new" / name).title == shipped.titles()[name]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "meshes").mkdir()
    with pytest.raises(CaseError, match="meshes exists already"):
        shipped.copy(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["meshes"]
    (tmp_path / "file").touch()
    with pytest.raises(CaseError, match="cannot be written"):
        shipped.copy(tmp_path / "file" / "below")
