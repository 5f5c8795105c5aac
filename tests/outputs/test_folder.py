from __future__ import annotations

import logging
from pathlib import Path

import pytest

from joulestack.errors import CaseError
from joulestack.outputs.folder import ResultFolder


def fill(folder: Path) -> None:
    (folder / "fields").mkdir(parents=True)
    for name in ("fields.pvd", "timeseries.csv", "summary.json", "fields/fields_000000.vtu"):
        (folder / name).write_text("old")


def test_old_results_are_refused(tmp_path: Path) -> None:
    fill(tmp_path / "r")
    with pytest.raises(CaseError, match=r"earlier run \(4 files\)(?s:.*)--overwrite") as caught:
        ResultFolder(tmp_path / "r")
    assert caught.value.exit_code == 2
    assert (tmp_path / "r/fields.pvd").read_text() == "old"


def test_overwriting_leaves_foreign_files_alone(tmp_path: Path) -> None:
    fill(tmp_path)
    for name in ("notes.txt", "my.png", "fields/mine.vtu", "timeseries_old.csv"):
        (tmp_path / name).write_text("mine")
    ResultFolder(tmp_path, overwrite=True)
    left = sorted(str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*") if f.is_file())
    assert left == ["fields/mine.vtu", "my.png", "notes.txt", "timeseries_old.csv"]


def test_foreign_files_do_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert (ResultFolder(tmp_path) / "run.log") == tmp_path / "run.log"


def test_a_run_that_came_to_nothing_leaves_the_way_free(tmp_path: Path) -> None:
    for name in ("run.log", "manifest.json", ".summary.json.part"):
        (tmp_path / name).write_text("old")
    ResultFolder(tmp_path)
    assert not list(tmp_path.iterdir())


def test_parents_are_made_and_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    ResultFolder(tmp_path / "a/b")
    assert (tmp_path / "a/b").is_dir()
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match="cannot be written"):
        ResultFolder(tmp_path / "file/b")


def test_log_holds_messages_and_the_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The error goes to the file alone: the command line says it once more otherwise."""

    def run() -> None:
        with ResultFolder(tmp_path):
            logging.getLogger("joulestack.solver").info("step %d", 3)
            raise ValueError("went wrong")

    with pytest.raises(ValueError, match="wrong"):
        run()
    logging.getLogger("joulestack").info("after")
    text = (tmp_path / "run.log").read_text()
    assert "INFO    step 3" in text
    assert "ERROR   went wrong" in text
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert "after" not in text
