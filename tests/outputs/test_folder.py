from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from joulestack.errors import CaseError
from joulestack.outputs.folder import ResultFolder

RESULTS = ("fields.pvd", "timeseries.csv", "summary.json", "fields/fields_000000.vtu")
MANIFEST = json.dumps({"versions": {"joulestack": "0.1.0"}, "case": {}})


def fill(folder: Path) -> None:
    """What a run leaves."""
    (folder / "fields").mkdir(parents=True)
    for name in RESULTS:
        (folder / name).write_text("old")
    (folder / "manifest.json").write_text(MANIFEST)


def files(folder: Path) -> list[str]:
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if not f.is_dir())


def test_old_results_are_refused(tmp_path: Path) -> None:
    fill(tmp_path / "r")
    with pytest.raises(CaseError, match=r"earlier run \(5 files\)(?s:.*)--overwrite") as caught:
        ResultFolder(tmp_path / "r")
    assert caught.value.exit_code == 2
    assert files(tmp_path / "r") == sorted([*RESULTS, "manifest.json"])
    assert (tmp_path / "r/fields.pvd").read_text() == "old"


def test_overwriting_leaves_foreign_files_alone(tmp_path: Path) -> None:
    fill(tmp_path)
    foreign = ["fields/mine.vtu", "my.png", "notes.txt", "timeseries_old.csv"]
    for name in foreign:
        (tmp_path / name).write_text("mine")
    (tmp_path / ".summary.json.part").write_text("half")
    folder = ResultFolder(tmp_path, overwrite=True)
    folder.close()
    assert files(tmp_path) == sorted([*foreign, "manifest.json"])
    assert json.loads((tmp_path / "manifest.json").read_text()).keys() == {"versions"}


def test_foreign_files_of_other_names_do_not_stand_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert (ResultFolder(tmp_path) / "run.log") == tmp_path / "run.log"


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    "name",
    ["case.toml", "references.bib", "run.log", "timeseries.csv", "profile.png", "manifest.json"],
)
def test_files_that_no_run_has_written_are_never_replaced(
    tmp_path: Path, name: str, overwrite: bool
) -> None:
    (tmp_path / name).write_text('{"mine": 1}')
    with pytest.raises(CaseError, match=f"holds {name}, which no earlier run has written"):
        ResultFolder(tmp_path, overwrite=overwrite)
    assert files(tmp_path) == [name]
    assert (tmp_path / name).read_text() == '{"mine": 1}'


def test_a_folder_or_link_in_the_place_of_a_result_is_named(tmp_path: Path) -> None:
    (tmp_path / "a/timeseries.csv").mkdir(parents=True)
    with pytest.raises(CaseError, match=r"timeseries\.csv, which no earlier run"):
        ResultFolder(tmp_path / "a", overwrite=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/fields").symlink_to(tmp_path / "a")
    with pytest.raises(CaseError, match="b/fields: is no folder of its own"):
        ResultFolder(tmp_path / "b", overwrite=True)
    target = tmp_path / "target"
    target.write_text("mine")
    (tmp_path / "c").mkdir()
    (tmp_path / "c/run.log").symlink_to(target)
    with pytest.raises(CaseError, match=r"run\.log, which no earlier run"):
        ResultFolder(tmp_path / "c")
    assert target.read_text() == "mine"


def test_what_the_run_reads_is_never_replaced(tmp_path: Path) -> None:
    """A case of an earlier run's folder, run into that folder."""
    fill(tmp_path)
    case = tmp_path / "case.toml"
    case.write_text("joulestack = 1")
    with pytest.raises(CaseError, match=r"would replace case\.toml, which this run reads"):
        ResultFolder(tmp_path, overwrite=True, inputs=[case])
    assert case.read_text() == "joulestack = 1"


def test_a_run_that_came_to_nothing_leaves_the_way_free(tmp_path: Path) -> None:
    """As a killed one does, that has not got to its first state."""
    for name in ("run.log", ".summary.json.part"):
        (tmp_path / name).write_text("old")
    (tmp_path / "manifest.json").write_text('{"versions": {"joulestack": "0.0.1"}}')
    ResultFolder(tmp_path).close()
    assert files(tmp_path) == ["manifest.json"]


def test_wrong_input_leaves_nothing_and_a_bug_its_log(tmp_path: Path) -> None:
    def run(error: BaseException, folder: Path) -> None:
        with ResultFolder(folder) as made:
            (made / "regions.csv").write_text("")
            raise error

    (tmp_path / "mine").mkdir()
    for error in (CaseError("wrong mesh"), KeyboardInterrupt()):
        for name in ("a/b", "mine"):
            with pytest.raises(type(error)):
                run(error, tmp_path / name)
    assert [str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*")] == ["mine"]
    with pytest.raises(ZeroDivisionError):
        run(ZeroDivisionError("bug"), tmp_path / "a")
    assert "bug" in (tmp_path / "a/run.log").read_text()


def test_parents_are_made_and_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    ResultFolder(tmp_path / "a/b")
    assert (tmp_path / "a/b").is_dir()
    (tmp_path / "file").write_text("")
    for name in ("file/b", "file"):
        with pytest.raises(CaseError, match=r"cannot be written: .*file is a file"):
            ResultFolder(tmp_path / name)


@pytest.mark.parametrize("name", ["", "  ", "a\0b"])
def test_a_folder_has_a_name(name: str) -> None:
    with pytest.raises(CaseError, match="is no name"):
        ResultFolder(name)


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
