"""Places that do not last, places of others, and two writers at a time."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from joulestack import picture
from joulestack.destination import VISIBLE, Claim
from joulestack.errors import CaseError
from tests.mpi import on_ranks

OWN = re.compile(r"a\.(json|csv)")


def claim(folder: Path, overwrite: bool = False) -> Claim:
    return Claim(folder, "a.json", OWN, overwrite=overwrite)


def refusal(folder: Path, overwrite: bool = False) -> str:
    with pytest.raises(CaseError) as caught:
        claim(folder, overwrite).take()
    assert caught.value.exit_code == 2
    return str(caught.value)


# --- places ------------------------------------------------------------------------------------


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder that lasts."""
    (tmp_path / "seen").mkdir()
    (tmp_path / "private").mkdir()
    monkeypatch.setenv(VISIBLE, json.dumps([str(tmp_path / "seen")]))
    return tmp_path / "seen"


def test_what_is_not_seen_outside_is_refused_with_a_remedy(seen: Path) -> None:
    private = seen.parent / "private"
    for place in (private / "new", private, seen / "../private/x", Path("/x/y"), seen.parent):
        said = refusal(place)
        assert "would be lost" in said
        assert str(seen) in said
        assert f"docker/joulestack --mount {os.path.realpath(place)}" in said
    assert not list(private.iterdir())
    with claim(seen), claim(seen / "a/b"):
        pass


def test_links_are_followed(seen: Path) -> None:
    private = seen.parent / "private"
    (seen / "link").symlink_to(private)
    (seen / "dangling").symlink_to(private / "new")
    for name in ("link", "link/x", "dangling", "dangling/x"):
        assert f"it is {private}" in refusal(seen / name)
    assert not list(private.iterdir())
    (private / "back").symlink_to(seen)
    claim(private / "back/new").check()


def test_temporary_files_may_vanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docker/joulestack names the place for them among what is seen."""
    monkeypatch.setenv(VISIBLE, json.dumps(["/other", str(tmp_path)]))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with tempfile.TemporaryDirectory() as folder:
        claim(Path(folder)).check()
    assert "sees /other\n" in refusal(Path("/elsewhere"))


def test_no_permission_is_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *a: False)
    assert f"cannot be written: no permission in {tmp_path}" in refusal(tmp_path / "a/b")
    assert not list(tmp_path.iterdir())


def test_a_name_too_long_is_no_traceback(tmp_path: Path) -> None:
    assert "File name too long" in refusal(tmp_path / ("x" * 300))


# --- whose files -------------------------------------------------------------------------------


def test_listed_files_are_replaced_and_others_are_not(tmp_path: Path) -> None:
    def write(files: list[str]) -> None:
        table = {"versions": {"joulestack": "0.1.0"}, "files": files}
        (tmp_path / "a.json").write_text(json.dumps(table))
        (tmp_path / "a.csv").write_text("1")

    write(["a.json", "a.csv"])
    assert "holds a.csv, a.json of an earlier run" in refusal(tmp_path)
    with claim(tmp_path, overwrite=True) as held:
        held.clear(mark=False)
    assert not list(tmp_path.iterdir())
    write(["a.json"])
    assert "holds a.csv, which no earlier run has written" in refusal(tmp_path, overwrite=True)
    assert (tmp_path / "a.csv").read_text() == "1"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[" * 100_000, '{"versions": 1}', '{"versions": {"other": "1"}}', "\xff"],
)
def test_markers_of_others(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, "latin-1")
    assert "which no earlier run has written" in refusal(tmp_path, overwrite=True)


def test_pictures_know_their_origin(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    for ending in picture.NOTES:
        path = tmp_path / f"p{ending}"
        with picture.claim(path):
            picture.save(Figure(), path)
        with pytest.raises(CaseError, match="of an earlier run"):
            picture.claim(path).check()
        picture.claim(path, overwrite=True).check()
        Figure().savefig(path)
        with pytest.raises(CaseError, match="no earlier run has written"):
            picture.claim(path, overwrite=True).check()
    for name in ("p", "p.jpg", ".", "p.toml"):
        with pytest.raises(CaseError, match="no name of a picture"):
            picture.claim(tmp_path / name)
    assert len(list(tmp_path.iterdir())) == 3


# --- writers -----------------------------------------------------------------------------------

HOLD = """
import re, sys, time
from pathlib import Path
from joulestack.destination import Claim
held = Claim(Path(sys.argv[1]), "a.json", re.compile("a.json"))
held.take()
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "r")], stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    with first:
        assert first.stdout.readline() == "held\n"
        said = refusal(tmp_path / "r", overwrite=True)
        assert f"another run writes here now (process {first.pid} on " in said
        (tmp_path / "r/a.csv").write_text("its first results")
        assert "another run writes here now" in refusal(tmp_path / "r")
        first.send_signal(signal.SIGKILL)
    (tmp_path / "r/a.csv").unlink()
    with claim(tmp_path / "r"):
        assert "another run" in refusal(tmp_path / "r")  # in the same process, too
    assert not (tmp_path / "r/.a.json.lock").exists()


def test_many_writers_at_once_are_one_after_another(tmp_path: Path) -> None:
    """Each counts up what it finds; none is lost though the lock comes and goes."""
    script = (
        "import re, sys, time\n"
        "from pathlib import Path\n"
        "from joulestack.destination import Claim\n"
        "from joulestack.errors import CaseError\n"
        "folder, done = Path(sys.argv[1]), 0\n"
        "while done < 40:\n"
        "    try:\n"
        "        with Claim(folder, 'a.json', re.compile('a.json')):\n"
        "            n = int((folder / 'n').read_text())\n"
        "            (folder / 'n').write_text(str(n + 1))\n"
        "            done += 1\n"
        "    except CaseError:\n"
        "        time.sleep(0.001)\n"
    )
    (tmp_path / "n").write_text("0")
    both = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    end = time.monotonic() + 60
    assert [p.wait(max(0.1, end - time.monotonic())) for p in both] == [0, 0, 0]
    assert (tmp_path / "n").read_text() == "120"


def ranks_take(comm, folder: str, locked: bool) -> list[str]:
    """What each rank meets."""
    from joulestack.outputs.folder import ResultFolder

    held = ResultFolder(folder) if locked and comm.rank == 0 else None
    comm.barrier()
    try:
        with ResultFolder(folder, comm=comm):
            met = "taken"
    except CaseError as error:
        met = error.problems[0].what
    comm.barrier()
    if held is not None:
        held.close()
    return comm.gather(met)


@pytest.mark.mpi
def test_all_ranks_are_refused_alike(tmp_path: Path) -> None:
    assert on_ranks(2, ranks_take, str(tmp_path / "a"), False) == ["taken", "taken"]
    one, other = on_ranks(2, ranks_take, str(tmp_path / "b"), True)
    assert one == other
    assert "another run writes here now" in one
