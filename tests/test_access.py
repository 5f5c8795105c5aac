"""What a case may read: below its folder, in its repository, where it is allowed; no more."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from tomli_w import dumps as to_toml

import joulestack as js
from joulestack import access, studies
from joulestack.case import Case
from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.cli.main import main
from joulestack.errors import CaseError
from joulestack.materials import library
from joulestack.microstructure.reading import read_array
from tests.case.samples import SAMPLES
from tests.mpi import ROOT
from tests.test_untrusted_values import USES

LOAD = "time [s],current [A]\n0,0.001\n600,0.001\n"


@pytest.fixture(autouse=True)
def _nothing_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(access.ALLOW_READ, "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "case").mkdir()
    return tmp_path / "case"


def case(folder: Path, name: str) -> Case:
    return Case.from_dict({**SAMPLES["pellet"](), "load": {"table": {"csv": name}}}, folder)


def refused(error: CaseError) -> bool:
    return all(
        "outside the folder of the case" in p.what and "--allow-read" in p.remedy
        for p in error.problems
    )


NAMED = [u for u in USES if u not in ("fit", "npy", "tiff", "vti", "raw")]


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("way", ["above", "absolute", "link"])
@pytest.mark.parametrize("use", NAMED)
def test_every_key_that_names_a_file(folder: Path, use: str, way: str, there: bool) -> None:
    """Alike whether the file is there or not, and whatever it holds."""
    read, name = USES[use]
    if there:
        (folder.parent / name).write_text("SECRET")
    if way == "link":
        (folder / name).symlink_to(folder.parent / name)
    named = {"above": f"../{name}", "absolute": str(folder.parent / name), "link": name}[way]
    with pytest.raises(CaseError) as caught:
        read(folder, named)
    assert refused(caught.value), caught.value
    assert there == (folder.parent / name).exists()


def test_allowed_folders_and_repositories(folder: Path) -> None:
    (folder.parent / "load.csv").write_text(LOAD)
    with pytest.raises(CaseError) as caught:
        case(folder, "../load.csv")
    assert refused(caught.value)
    js.allow_read(folder.parent)
    assert case(folder, "../load.csv").protocol.longest == 600
    os.environ[access.ALLOW_READ] = ""
    (folder.parent / ".git").mkdir()
    access._roots.cache_clear()
    assert case(folder, "../load.csv").protocol.longest == 600


def test_a_folder_whose_name_goes_on_is_another(folder: Path) -> None:
    (folder.parent / "case of another").mkdir()
    (folder.parent / "case of another" / "load.csv").write_text(LOAD)
    with pytest.raises(CaseError) as caught:
        case(folder, "../case of another/load.csv")
    assert refused(caught.value)
    (folder / "load.csv").write_text(LOAD)
    assert case(folder, "../case/load.csv").protocol.longest == 600


def test_bases_read_what_the_first_file_may(folder: Path) -> None:
    """A base elsewhere does not take its own folder along."""
    base = {**SAMPLES["pellet"](), "load": {"table": {"csv": "../load.csv"}}}
    (folder / "below").mkdir()
    (folder / "below" / "base.toml").write_text(to_toml(base))
    (folder / "case.toml").write_text('extends = "below/base.toml"\n')
    (folder / "load.csv").write_text(LOAD)
    assert Case.load(folder / "case.toml").protocol.longest == 600
    (folder / "load.csv").rename(folder.parent / "load.csv")
    (folder / "load.csv").symlink_to("../load.csv")
    with pytest.raises(CaseError) as caught:
        Case.load(folder / "case.toml")
    assert refused(caught.value)


def test_materials_by_name_and_folders_of_materials(folder: Path) -> None:
    away = folder.parent / "away"
    away.mkdir()
    (away / "mine.toml").write_text((library.LIBRARY / "copper.toml").read_text())
    (folder / "mine.toml").symlink_to(away / "mine.toml")
    (folder / "materials").symlink_to(away)
    table = SAMPLES["line"]()
    table["cell"]["layers"][0]["material"] = "mine"
    with pytest.raises(CaseError, match="mine"):
        Case.from_dict(table, folder)
    js.allow_read(away)
    assert Case.from_dict(table, folder).media()["hot"]


def test_slices_that_are_links(folder: Path) -> None:
    from PIL import Image

    (folder / "slices").mkdir()
    for i in range(4):
        Image.new("L", (3, 3), 40 * i).save(folder / f"{i}.png")
        (folder / "slices" / f"{i}.png").symlink_to(folder / f"{i}.png")
    with pytest.raises(CaseError, match="holds no TIFF or PNG slices"):
        read_array(folder / "slices")


def test_microstructures_and_studies(folder: Path) -> None:
    (folder / "m.toml").write_text(
        'joulestack = 1\n[image]\nfile = "../a.tif"\n[segmentation]\nphases = ["a", "b"]\n'
    )
    with pytest.raises(CaseError) as caught:
        MicrostructureCase.load(folder / "m.toml")
    assert refused(caught.value)
    for text in ('case = "../c.toml"\n[vary]\n"time.end" = ["1 s"]\n',
                 'case = "c.toml"\nsampling = "table"\ntable = "/etc/passwd"\n'):  # fmt: skip
        (folder / "study.toml").write_text(text)
        with pytest.raises(CaseError) as caught:
            studies.load(folder / "study.toml")
        assert refused(caught.value)


def test_the_option(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "load.csv").write_text(LOAD)
    table = {**SAMPLES["pellet"](), "load": {"table": {"csv": "../load.csv"}}}
    (folder / "case.toml").write_text(to_toml(table))
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["joulestack", "check", "case.toml"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert "load.table.csv (line" in shown
    assert f"--allow-read {folder.parent}" in shown
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--allow-read", ".."])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0


def test_shipped_cases_read_their_meshes(tmp_path: Path) -> None:
    """As they lie in the repository, in a wheel, and where `joulestack cases --copy` puts them."""
    from joulestack.cli import shipped

    shipped.copy(tmp_path)
    for cases in (ROOT / "cases", tmp_path / "cases"):
        Case.load(cases / "imported_mesh.toml")
