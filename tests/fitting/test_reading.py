"""CSV files: units in headers, errors that name line and column, exit code 2."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.fitting.densification import COLUMNS, fit_densification
from joulestack.tables.reading import read, with_uncertainties
from joulestack.tables.titles import Column


def write(path, text):
    path.write_text(text)
    return path


def test_units_comments_separators_and_uncertainties(tmp_path):
    text = (
        "# my press\n\nMoulding pressure (MPa);phi [%];phi uncertainty [%]\n15;52.4;1\n50;66;1.5\n"
    )
    both = with_uncertainties(COLUMNS)
    data = read(write(tmp_path / "a.csv", text), both, ("pressure", "relative_density")).values
    assert data["pressure"] == pytest.approx([15e6, 50e6])
    assert data["relative_density"] == pytest.approx([0.524, 0.66])
    assert data["relative_density uncertainty"] == pytest.approx([0.01, 0.015])
    tabs = "T [degC]\tT uncertainty [degC]\n25\t0.5\n"
    temperature = with_uncertainties({"T": Column("K")})
    data = read(write(tmp_path / "b.csv", tabs), temperature, ("T",)).values
    assert data["T"] == pytest.approx([298.15])
    assert data["T uncertainty"] == pytest.approx([0.5])
    plain = read(write(tmp_path / "c.csv", "p [bar],phi\n1e3,0.6\n"), both, ()).values
    assert np.array_equal(plain["pressure"], [1e8])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pressure,phi\n15,0.5\n", 'column "pressure"'),
        ("pressure [mm],phi\n15,0.5\n", "a length"),
        ("presure [MPa],phi\n15,0.5\n", 'did you mean "pressure"'),
        ("pressure [MPa]\n15\n", '"relative_density" is missing'),
        ("pressure [MPa],phi\n15,52.4\n", "52.4 is impossible"),
        ("pressure [MPa],phi\n-15,0.5\n", "-15 MPa is impossible"),
        ("pressure [MPa],phi\n15,half\n", '"half" is not a number'),
        ("pressure [MPa],phi\n15\n", "line 2: a row of 1 cells under a head of 2"),
        ("pressure [MPa],phi,phi\n15,0.5,0.5\n", "stands twice"),
        ("pressure [MPa],phi\n", "there are no data"),
        ("", "is empty"),
        ("pressure [MPa],phi,phi uncertainty\n15,0.5,0\n", "0 is impossible"),
        ("pressure [MPa],phi\n15,0.5\n20,0.6\n", "2 measurements cannot fix 4 numbers"),
    ],
)
def test_what_is_wrong_says_where(tmp_path, text, message):
    with pytest.raises(CaseError) as caught:
        fit_densification(write(tmp_path / "a.csv", text))
    assert message in str(caught.value)
    assert "a.csv" in str(caught.value)
    assert "->" in str(caught.value)


def test_no_such_file(tmp_path):
    with pytest.raises(CaseError, match="there is no file"):
        fit_densification(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("densification", "a.csv", "--law", "hekel"), 'did you mean "heckel"'),
        (("densification", "a.csv", "--window", "5 MPa"), "--window"),
        (("densification", "a.csv", "--window", "1 GPa : 2 GPa"), "no measurement lies in it"),
        (("densification", "a.csv", "--modulus", "40"), "has no unit"),
        (("conductivity", "a.csv", "--fix", "n=2"), 'unknown parameter "n"'),
        (("contact", "a.csv", "--transport", "heat"), 'unknown transport "heat"'),
        (("arrhenius", "a.csv", "--quantity", "sigma"), 'unknown property "sigma"'),
        (("contact", "none.csv"), "there is no file"),
    ],
)
def test_command_ends_with_2_and_a_remedy(tmp_path, arguments, message, monkeypatch, capsys):
    from joulestack.cli.main import main

    write(tmp_path / "a.csv", "pressure [MPa],phi\n15,0.5\n20,0.6\n30,0.62\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["joulestack", "fit", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert message in said
    assert "->" in said


def test_command_line_prints_and_writes(tmp_path):
    write(tmp_path / "a.csv", "pressure [MPa],phi [%]\n50,65.8\n100,73\n200,77.7\n300,82\n")
    done = subprocess.run(
        [sys.executable, "-m", "joulestack", "fit", "densification", "a.csv", "--law", "heckel"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "95% interval" in done.stdout
    assert {p.name for p in tmp_path.iterdir()} == {
        "a.csv", "fit_densification_a.json", "fit_densification_a.png", "fit_densification_a.toml",
    }  # fmt: skip
