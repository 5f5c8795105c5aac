"""`report`, `open` and `compare` of two results: what is written where, and what is refused."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from joulestack.cli.main import app
from joulestack.errors import CaseError
from joulestack.outputs.report import write
from tests.outputs.report.made import made


def said(*words: str | Path) -> str:
    found = CliRunner().invoke(app, [str(w) for w in words])
    if found.exception is not None:
        raise found.exception
    return found.output


def test_report(tmp_path: Path) -> None:
    folder = made(tmp_path / "run", "line").path
    assert said("report", folder) == f"written: {folder / 'report.html'}\n"
    said("report", folder)
    said("report", folder, "--output", tmp_path / "mine.html")
    assert (tmp_path / "mine.html").is_file()
    with pytest.raises(CaseError, match="--overwrite"):
        said("report", folder, "--output", tmp_path / "mine.html")
    said("report", folder, "--output", tmp_path / "mine.html", "--overwrite")
    with pytest.raises(CaseError, match="holds no results"):
        said("report", tmp_path)


def test_open_writes_what_is_older_than_its_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or len(opened) < 3)
    folder = made(tmp_path / "run", "line").path
    page = folder / "report.html"
    assert said("open", folder) == f"opened: {page}\n"
    written = page.stat().st_mtime_ns
    said("open", folder)
    assert page.stat().st_mtime_ns == written
    os.utime(page, (1e9, 1e9))
    assert "no browser here" in said("open", folder)
    assert page.stat().st_mtime_ns > written
    assert opened == [page.as_uri()] * 3


def test_compare_tells_results_from_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made(Path("a"), "line")
    made(Path("b"), "line", volts=3.9)
    rows = "".join(f"{t},{4.0 - t / 50 - 0.01}\n" for t in range(0, 61, 5))
    Path("cell.csv").write_text(f"time (s),voltage (V)\n{rows}")
    assert said("compare", "a", "b") == "written: compare_a_b.html\n"
    said("compare", "a", "b", "--measured", "cell.csv", "--output", "both.html")
    assert "B: cell.csv, voltage" in Path("both.html").read_text("utf-8")
    assert "voltage: root mean square 0.01 V" in said("compare", "a", "cell.csv")
    assert Path("compare_a_cell.png").is_file()
    with pytest.raises(CaseError, match="has no effect on two runs"):
        said("compare", "a", "b", "--temperature", "Temperature max [K]")
    with pytest.raises(CaseError, match="for two runs"):
        said("compare", "a", "cell.csv", "--measured", "cell.csv")


def test_a_run_writes_its_page_where_that_is_light(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path / "run", "line").path
    monkeypatch.setattr(write, "LIGHT", 100)
    write.beside(folder)
    assert not (folder / "report.html").exists()
    monkeypatch.undo()
    write.beside(folder)
    assert (folder / "report.html").exists()
