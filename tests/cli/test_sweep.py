"""`sweep` and `run --vary`: what is refused leaves nothing, a study file is read and run."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from tomli_w import dumps as to_toml

from tests.case.samples import SAMPLES


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "cell.toml").write_text(to_toml(SAMPLES["line"]()))
    return tmp_path


def joulestack(here: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "joulestack", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=here,
        timeout=120,
    )


@pytest.mark.parametrize(
    "varied", ['cell.start_temperatur="20, 30 degC"', 'cell.start_temperature="20, 30 mm"']
)
def test_wrong_keys_and_values_write_nothing(here: Path, varied: str) -> None:
    said = joulestack(here, "run", "cell.toml", "--vary", varied.replace('"', ""), "-o", "out")
    assert said.returncode == 2
    assert "cell.start_temperatur" in said.stderr
    assert "Traceback" not in said.stderr
    assert not (here / "out").exists()


def test_a_study_file_is_checked_then_run(here: Path) -> None:
    study = {"case": "cell.toml", "vary": {"cell.start_temperature": ["20 degC", "30 degC"]}}
    (here / "study.toml").write_text(to_toml(study))
    checked = joulestack(here, "sweep", "study.toml", "--check", "-o", "out")
    assert checked.returncode == 0, checked.stderr
    assert "2 runs" in checked.stdout
    assert not (here / "out").exists()
    assert joulestack(here, "sweep", "study.toml", "--workers", "1", "-o", "out").returncode == 0
    with (here / "out" / "study.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["done", "done"]
