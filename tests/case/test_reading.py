"""Reading: extends, overrides, settings of the command line, line numbers, writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tomli_w import dumps as to_toml

from joulestack import CaseError
from joulestack.case import Case
from joulestack.case.reading import key_lines, merge, override, parse_settings, read_file
from tests.case.samples import SAMPLES


@pytest.fixture
def pellet(tmp_path: Path) -> Path:
    path = tmp_path / "pellet.toml"
    path.write_text(to_toml(SAMPLES["pellet"]()))
    return path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("joulestack = 1\n" + text)
    return path


def test_extends_merges_tables(pellet: Path) -> None:
    changed = write(
        pellet.parent, "thin.toml", 'extends = "pellet.toml"\n[cell]\ndiameter = "8 mm"\n'
    )
    base, case = Case.load(pellet), Case.load(changed)
    assert case.cell.diameter == pytest.approx(8e-3)
    assert case.cell.layers == base.cell.layers
    assert case.name == "thin"


def test_extends_replaces_lists(pellet: Path) -> None:
    text = 'extends = "pellet.toml"\n[[probes]]\nname = "axis"\nlayer = "cathode"\n'
    case = Case.load(write(pellet.parent, "probe.toml", text))
    assert [p.name for p in case.probes] == ["axis"]


def test_alternatives_replace_each_other(pellet: Path) -> None:
    text = (
        'extends = "pellet.toml"\n[load]\nvoltage = "3 V"\n'
        '[materials.cathode]\nmoulding_pressure = "370 MPa"\n'
    )
    case = Case.load(write(pellet.parent, "held.toml", text))
    (step,) = case.protocol.steps
    assert (step.mode, step.value.value(0.0)) == ("voltage", 3.0)
    assert case.to_dict()["materials"]["cathode"].get("porosity") is None


def test_a_changed_kind_replaces_the_table() -> None:
    old = {"top": {"kind": "convection", "coefficient": 1, "ambient": 300}}
    new = {"top": {"kind": "adiabatic"}}
    assert merge(old, new) == new


def test_extends_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", 'extends = "b.toml"\n')
    path = write(tmp_path, "b.toml", 'extends = "a.toml"\n')
    with pytest.raises(CaseError, match=r"goes in a circle: b.toml -> a.toml -> b.toml"):
        Case.load(path)


def test_extends_a_file_in_another_folder(pellet: Path) -> None:
    (pellet.parent / "pressure.csv").write_text("time [min],pressure [MPa]\n0,10\n10,20\n")
    base = write(
        pellet.parent,
        "table.toml",
        'extends = "pellet.toml"\n[cell]\nstack_pressure = {csv = "pressure.csv"}\n',
    )
    (pellet.parent / ".git").mkdir()
    nested = write(pellet.parent / "deep", "case.toml", f'extends = "../{base.name}"\n')
    case = Case.load(nested)
    assert case.stack_pressure.value(300.0) == pytest.approx(15e6)
    assert case.stack_pressure.breakpoints == (0.0, 600.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('extends = "pelet.toml"\n', "there is no file"),
        ("extends = 5\n", "5 is not a file name"),
        ("[cell\n", "is not TOML"),
        ("cell = {stack_pressure = 5 MPa}\n", "text stands in quotes"),
    ],
)
def test_unreadable(pellet: Path, text: str, message: str) -> None:
    path = write(pellet.parent, "broken.toml", text)
    with pytest.raises(CaseError) as error:
        Case.load(path)
    assert message in str(error.value)


def test_missing_file_names_the_nearest(pellet: Path) -> None:
    with pytest.raises(CaseError, match=r'did you mean "pellet\.toml"'):
        Case.load(pellet.parent / "pelet.toml")


def test_errors_show_the_line(tmp_path: Path) -> None:
    text = to_toml(SAMPLES["pellet"]()).replace('"10 mm"', '"10 MPa"')
    (tmp_path / "case.toml").write_text(text)
    line = next(i for i, t in enumerate(text.splitlines(), 1) if t.startswith("diameter"))
    with pytest.raises(CaseError, match=rf"cell.diameter \(line {line}\)"):
        Case.load(tmp_path / "case.toml")


def test_errors_show_the_line_of_the_base(pellet: Path) -> None:
    pellet.write_text(pellet.read_text().replace('"10 mm"', '"10 MPa"'))
    with pytest.raises(CaseError, match=r"cell.diameter \(pellet.toml line \d+\)"):
        Case.load(write(pellet.parent, "case.toml", 'extends = "pellet.toml"\n'))


def test_key_lines() -> None:
    text = 'a = 1\n[b]\n"c d" = 2\n[[e.f]]\ng = """\nh = 1\n"""\n[[e.f]]\ng.i = 1 # x\n'
    assert key_lines(text) == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c d"): 3,
        ("e", "f", 0): 4,
        ("e", "f", 0, "g"): 5,
        ("e", "f", 1): 8,
        ("e", "f", 1, "g", "i"): 9,
    }


def test_overrides(pellet: Path) -> None:
    case = Case.load(
        pellet,
        {
            "cell.stack_pressure": "20 MPa",
            "cell.layers.separator.thickness": "30 um",
            "cell.layers.3.thickness": 5e-5,
            "thermal.faces.side": None,
            "interfaces.separator|cathode.thermal": "perfect",
            "load.voltage": "3 V",
        },
    )
    assert case.stack_pressure.value(0.0) == 20e6
    assert [layer.thickness for layer in case.cell.layers][2:4] == pytest.approx([3e-5, 5e-5])
    assert set(case.thermal_conditions) == {"bottom"}
    assert case.contacts()["separator", "cathode"].thermal is None
    assert [step.mode for step in case.protocol.steps] == ["voltage"]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("cell.layers.seperator.thickness", 1, 'did you mean "separator"?'),
        ("cell.layers.9.thickness", 1, 'there is no entry "9" here'),
        ("cell.diameter.value", 1, "is a value, not a table"),
        ("cell.width", None, "is not there, so it cannot be removed"),
        ("cell.geometri", "pellet", 'did you mean "geometry"?'),
    ],
)
def test_wrong_overrides(pellet: Path, path: str, value: Any, message: str) -> None:
    with pytest.raises(CaseError) as error:
        Case.load(pellet, {path: value})
    assert message in str(error.value)


def test_replace_leaves_the_original_alone(pellet: Path) -> None:
    case = Case.load(pellet)
    other = case.replace({"cell.stack_pressure": "20 MPa"}).replace({"mesh.degree": 2})
    assert case.stack_pressure.value(0.0) == 50e6
    assert (other.stack_pressure.value(0.0), other.mesh.degree) == (20e6, 2)
    with pytest.raises(CaseError):
        case.replace({"cell.stack_pressure": "20 mm"})


def test_settings_of_the_command_line() -> None:
    words = ['a.b="20 MPa"', "a.c=20 MPa", "mesh.degree=2", "time.steady=true", "x=[1, 2]", "y="]
    assert parse_settings(words) == {
        "a.b": "20 MPa",
        "a.c": "20 MPa",
        "mesh.degree": 2,
        "time.steady": True,
        "x": [1, 2],
        "y": None,
    }
    with pytest.raises(CaseError, match="is not key=value"):
        parse_settings(["diameter"])


@pytest.mark.parametrize("name", ["line", "pellet", "pouch"])
def test_round_trip(name: str, tmp_path: Path) -> None:
    case = Case.from_dict(SAMPLES[name](), tmp_path)
    path = tmp_path / "again.toml"
    path.write_text(case.to_toml())
    again = Case.load(path)
    assert again.file == case.file
    assert again.digest() == case.digest()
    resolved = Case.from_dict(case.resolved(), tmp_path)
    assert resolved.file == case.file
    assert resolved.digest() == case.digest()
    path.write_text(to_toml(case.resolved()))
    assert Case.load(path).file == case.file


def test_digest_follows_what_matters(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("time,pressure [MPa]\n0,10\n10,20\n")
    case = Case.from_dict(SAMPLES["pellet"](), tmp_path)
    assert case.digest() == case.replace({"title": "other"}).digest()
    assert case.digest() == case.replace({"cell.diameter": 0.01}).digest()
    assert case.digest() != case.replace({"cell.diameter": 0.02}).digest()
    table = case.replace({"cell.stack_pressure": {"csv": "p.csv"}})
    before = table.digest()
    (tmp_path / "p.csv").write_text("time,pressure [MPa]\n0,10\n10,30\n")
    assert table.digest() != before


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(10**6), 10**6),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=10),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",)), max_size=5), VALUES, max_size=4
    )
)
def test_written_toml_is_read_back(table: dict[str, Any]) -> None:
    import tomllib

    assert tomllib.loads(to_toml(table)) == table


def test_read_file_keeps_the_folder(pellet: Path) -> None:
    source = read_file(pellet)
    assert source.folder == pellet.parent
    assert override(source, {}).table == source.table
