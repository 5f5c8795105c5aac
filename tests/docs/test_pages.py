"""What README and docs/ tell their readers to type works, page by page, in a fresh clone.

Shipped cases are shortened (`clone.SHORTER` says which and how). The full version:
`docker/joulestack python -m tests.docs.follow`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.docs.clone import REPOSITORY
from tests.docs.follow import PAGES, follow, runs
from tests.docs.snippets import RUN, hidden, snippets

TEXTS = {page: (REPOSITORY / page).read_text(encoding="utf-8") for page in PAGES}


@pytest.mark.parametrize("page", [p for p in PAGES if runs(p)])
def test_page(page: str, tmp_path: Path) -> None:
    done = follow(page, tmp_path, shorter=True)
    assert done.returncode == 0, done.stdout


def test_what_is_not_run() -> None:
    """Little, for a reason. docs/installation.md, which changes machines, is counted by itself."""
    typed = {p: [s for s in snippets(t) if s.language in RUN] for p, t in TEXTS.items()}
    setting_up = typed.pop("docs/installation.md")
    rest = [s for found in typed.values() for s in found]
    assert sum(bool(s.reason) for s in rest) <= 0.2 * len(rest)
    assert sum(not s.reason for s in setting_up) >= 2
    assert all(len(s.reason) > 8 for s in (*rest, *setting_up) if s.reason)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_to_type_is_hidden(page: str) -> None:
    assert hidden(TEXTS[page]) == []


@pytest.mark.parametrize("page", PAGES)
def test_toml_can_be_read(page: str) -> None:
    for snippet in snippets(TEXTS[page]):
        if snippet.language == "toml":
            tomllib.loads(snippet.text)


def test_a_fence_is_seen() -> None:
    page = (
        "text\n\n<!-- not run: takes long -->\n```sh\nrun\n```\n\n```csv a.csv\n1\n```\n"
        "```\njoulestack hidden\n```\n\n    python also\n"
    )
    found = snippets(page)
    assert [(s.line, s.language, s.file, s.reason) for s in found] == [
        (5, "sh", "", "takes long"), (9, "csv", "a.csv", ""),
    ]  # fmt: skip
    assert hidden(page) == ["joulestack hidden", "    python also"]
