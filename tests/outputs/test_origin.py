"""The manifest says when, and by which code."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from joulestack.outputs import origin
from joulestack.outputs.summary import manifest

HASH = "2afe91cea11fb5ac69f7ec814253a233602ae188"


def test_the_manifest_has_a_date_and_the_code() -> None:
    found = manifest({}, "x")
    age = datetime.now(UTC) - datetime.fromisoformat(found["date"])
    assert -1 < age.total_seconds() < 60
    assert len(found["code_digest"]) == 64
    assert found["commit"] is None or len(found["commit"]) >= 40


def test_code_of_the_package_counts_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest() -> str:
        return origin.code_digest.__wrapped__()

    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return digest()

    monkeypatch.setattr(origin, "_PACKAGE", tmp_path)
    seen = [write("a.py", "1"), write("inner/b.toml", "2"), write("inner/c.c", "3")]
    assert write("cases/d.toml", "4") == seen[-1]
    assert write("inner/__pycache__/a.pyc", "5") == seen[-1]
    seen.append(write("inner/c.c", "6"))
    (tmp_path / "inner" / "c.c").rename(tmp_path / "c.c")
    seen.append(digest())
    assert len(set(seen)) == 5


def test_commit_of_every_kind_of_checkout(tmp_path: Path) -> None:
    def repository(name: str, **files: str) -> Path:
        for file, text in files.items():
            path = tmp_path / name / file.replace("__", "/").replace("git", ".git", 1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        (tmp_path / name).mkdir(exist_ok=True)
        return tmp_path / name

    branch = {"git__HEAD": "ref: refs/heads/main"}
    assert origin.commit(repository("plain", **branch, git__refs__heads__main=HASH)) == HASH
    packed = repository("packed", **branch)
    (packed / ".git" / "packed-refs").write_text(f"# pack-refs\n{HASH} refs/heads/main\n")
    assert origin.commit(packed) == HASH
    assert origin.commit(repository("detached", git__HEAD=HASH)) == HASH
    assert origin.commit(repository("none")) is None
    assert origin.commit(repository("unborn", **branch)) is None
    worktree = repository("tree", git=f"gitdir: {tmp_path}/plain/.git/worktrees/a")
    own = tmp_path / "plain" / ".git" / "worktrees" / "a"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/main\n")
    (own / "commondir").write_text("../..\n")
    assert origin.commit(worktree) == HASH
