"""The checks of `in_browser`, where a Chromium is; and the page's script, read anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from joulestack.outputs.report import page
from tests.browser import Browser, found
from tests.outputs.report.in_browser import CHECKS
from tests.outputs.report.made import pages

PROGRAM = found()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pages(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert PROGRAM is not None
    with Browser(PROGRAM) as opened:
        yield opened


@pytest.mark.skipif(PROGRAM is None, reason="no Chromium here; see tests.outputs.report.in_browser")
@pytest.mark.parametrize("check", CHECKS)
def test_in_browser(check: Callable[[Browser, Path], None], browser: Browser, folder: Path) -> None:
    check(browser, folder)


def test_script_finds_its_elements() -> None:
    template = Path(page.PARTS / "report.html").read_text("utf-8")
    asked = set(re.findall(r'getElementById\("([\w-]+)"\)', page.script()))
    assert len(asked) > 10
    assert {i for i in asked if f'id="{i}"' not in template} == set()


def test_script_reaches_for_nothing() -> None:
    assert "http" not in page.script().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"\beval\b|innerHTML|fetch\(|XMLHttp|import\(", page.script())
