"""What a message shows: nothing of a file that is none of ours, and little of what is long."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tomli_w import dumps as to_toml

from joulestack import access
from joulestack.case import Case
from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.reading import Source, override, parse_settings
from joulestack.errors import CaseError, Problem, computable, shown
from joulestack.fitting.conductivity import fit_conductivity
from joulestack.laws.thermal import diffusivity
from joulestack.microstructure.reading import RawHeader, read_array
from tests.case.samples import SAMPLES

SECRETS = {
    "passwd": "SECRET:x:0:0:root:/root:/bin/bash\ndaemon:SECRET\n",
    "csv": "SECRET,SECRET two\nSECRET,3\n",
    "keys": 'SECRET = "SECRET"\n[SECRET.more]\nSECRET = [1, "SECRET"]\n',
    "twice": "SECRET = 1\nSECRET = 2\n",
    "quote": "\"SECRET\nSECRET'\n",
    "xml": '<?xml version="1.0"?><SECRET type="SECRET">&SECRET;</SECRET>',
    "long": "SECRET" * 50_000,
    "control": "SECRET\x1b[31m\x07\n",
    "bytes": "\u00ffSECRET",
}

Use = Callable[[Path, str], Any]


def changed(sample: str, changes: Callable[[dict[str, Any]], None]) -> Use:
    def use(folder: Path, name: str) -> Any:
        table = SAMPLES[sample]()
        changes(table)
        text = json.dumps(table).replace("NAME", name)
        return Case.from_dict(json.loads(text), folder)

    return use


def sentence(table: dict[str, Any]) -> None:
    table["load"] = {"protocol": ["Run NAME (A) for 1 s"]}


def pressure(form: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(table: dict[str, Any]) -> None:
        table["cell"]["stack_pressure"] = form

    return change


def load_table(table: dict[str, Any]) -> None:
    table["load"] = {"table": {"csv": "NAME"}}


def material(table: dict[str, Any]) -> None:
    table["materials"]["separator"]["material"] = "NAME"


def microstructure(table: dict[str, Any]) -> None:
    table["materials"]["separator"]["effective"] = {"microstructure": "NAME"}


def extends(folder: Path, name: str) -> Any:
    (folder / "case.toml").write_text(f'extends = "{name}"\n[cell]\ndiameter = "1 mm"\n')
    return Case.load(folder / "case.toml")


def extends_below(folder: Path, name: str) -> Any:
    (folder / "middle.toml").write_text(f'extends = "{name}"\njoulestack = 1\n')
    (folder / "case.toml").write_text('extends = "middle.toml"\n')
    return Case.load(folder / "case.toml")


def fit(folder: Path, name: str) -> Any:
    return fit_conductivity(folder / name)


USES: dict[str, tuple[Use, str]] = {
    "sentence": (changed("pellet", sentence), "file.csv"),
    "sentence without suffix": (changed("pellet", sentence), "file"),
    "pressure in time": (changed("pellet", pressure({"csv": "NAME"})), "file.csv"),
    "pressure map": (changed("pouch", pressure({"map": "NAME"})), "file.csv"),
    "picture": (
        changed("pouch", pressure({"image": "NAME", "black": "0 MPa", "white": "9 MPa"})),
        "file.png",
    ),
    "load": (changed("pellet", load_table), "file.csv"),
    "material": (changed("pellet", material), "file.toml"),
    "microstructure": (changed("pellet", microstructure), "file.toml"),
    "table of a microstructure": (changed("pellet", microstructure), "file.json"),
    "extends": (extends, "file.toml"),
    "extends without suffix": (extends, "file"),
    "extends of extends": (extends_below, "file.toml"),
    "fit": (fit, "file.csv"),
    "npy": (lambda folder, name: read_array(folder / name), "file.npy"),
    "tiff": (lambda folder, name: read_array(folder / name), "file.tif"),
    "vti": (lambda folder, name: read_array(folder / name), "file.vti"),
    "raw": (lambda folder, name: read_array(folder / name, RawHeader((9, 9, 9))), "file.raw"),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("use", USES)
def test_a_file_that_is_not_ours_is_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: str, secret: str
) -> None:
    """Not even where the case may read it."""
    monkeypatch.setenv(access.ALLOW_READ, str(tmp_path))
    read, name = USES[use]
    folder = tmp_path / "case"
    folder.mkdir()
    name = f"../{name}"
    (folder / name).write_bytes(SECRETS[secret].encode("latin-1"))
    with pytest.raises(CaseError) as caught:
        read(folder, name)
    told = str(caught.value)
    assert "SECRET" not in told
    assert "\x1b" not in told
    assert len(told) < 4000
    assert all(p.remedy for p in caught.value.problems)


def test_pictures_are_png_or_tiff_whatever_their_name(tmp_path: Path) -> None:
    """Pillow hands Encapsulated PostScript to an interpreter."""
    marker = tmp_path / "marker"
    (tmp_path / "map.png").write_text(
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
        f"({marker}) (w) file closefile showpage\n%%EOF\n"
    )
    use = changed("pouch", pressure({"image": "NAME", "black": "0 MPa", "white": "9 MPa"}))
    with pytest.raises(CaseError, match="save it as PNG"):
        use(tmp_path, "map.png")
    Image.new("L", (8, 8), 100).save(tmp_path / "map.gif")
    with pytest.raises(CaseError, match="save it as PNG"):
        use(tmp_path, "map.gif")
    assert not marker.exists()
    Image.new("L", (8, 8), 100).save(tmp_path / "map.png")
    assert use(tmp_path, "map.png").stack_pressure.map is not None


LONG = "x" * 200_000
DEEP: list[Any] = []
for _ in range(300):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "path",
    [
        "cell.geometry", "cell.diameter", "cell.layers.separator.material", "cell.stack_pressure",
        "materials.cathode.mass_fractions", "load.protocol", "thermal.faces.top",
        "solver.petsc_options", "outputs.fields", "unknown",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "value",
    [LONG, f"1 {LONG}", [LONG] * 50, {LONG: LONG}, DEEP, 10**5000, [0] * 50_000,
     "\x1b[2J" + "a\nb" * 9_000],
    ids=["text", "quantity", "list", "table", "nest", "number", "zeros", "lines"],
)  # fmt: skip
def test_long_values_are_shortened(path: str, value: Any) -> None:
    table: dict[str, Any] = SAMPLES["pellet"]()
    with pytest.raises(CaseError) as caught:
        Case.from_dict(override(Source(table, Path()), {path: value}).table)
    told = str(caught.value)
    assert len(told) < 50_000
    assert max(map(len, told.splitlines())) < 1500
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 5000, "is nested too deep"),
        ("a = " + "[" * 5000 + "]" * 5000, "is nested too deep"),
        ("a = " + "1" * 5000, "is not TOML"),
        ("a" * 100_000, "is not TOML"),
        (f'extends = "{LONG}"', "there is no file"),
        (f'extends = "{"d/" * 3000}x.toml"', "there is no file"),
        ("extends = 10", "is not a file name"),
    ],
    ids=["open", "deep", "number", "word", "long name", "long path", "no name"],
)
def test_odd_files_are_case_errors(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "case.toml"
    path.write_text(text)
    for load in (Case.load, MicrostructureCase.load):
        with pytest.raises(CaseError, match=said) as caught:
            load(path)
        assert len(str(caught.value)) < 3000
        assert all(p.remedy for p in caught.value.problems)


def test_a_chain_of_extends_has_an_end(tmp_path: Path) -> None:
    for i in range(60):
        (tmp_path / f"{i}.toml").write_text(f'extends = "{i + 1}.toml"\n')
    (tmp_path / "60.toml").write_text(to_toml(SAMPLES["line"]()))
    with pytest.raises(CaseError, match="more than 20 files"):
        Case.load(tmp_path / "0.toml")
    assert Case.load(tmp_path / "45.toml").title == "45"


def test_settings_with_numbers_beyond_any_machine() -> None:
    assert parse_settings([f"cell.diameter={'1' * 5000}"])["cell.diameter"] == "1" * 5000


def test_shortening() -> None:
    assert shown("50 MPa") == "50 MPa"
    assert shown(5.0) == "5.0"
    assert shown("µm\t\x1b[0m") == "µm\\t\\x1b[0m"
    cut = shown("a" * 1000 + "z")
    assert len(cut) <= 80
    assert cut.startswith("aaa")
    assert cut.endswith("z")
    assert len(shown("\x00" * 1000)) <= 80
    assert shown(10**5000) == "a int"
    many = CaseError([Problem("cell", "is wrong", "mend it")] * 1000)
    assert len(many.problems) == 1000
    assert str(many).splitlines()[-1] == "  ... and 970 more"
    assert str(Problem("a", "line\n" * 100)).endswith("... and 61 more lines")


def test_numbers_that_cannot_be_computed_with(tmp_path: Path) -> None:
    """A mistake of the case, wherever it is met; anything else stays a mistake of ours."""
    with pytest.raises(CaseError, match="ZeroDivisionError in") as caught, computable("a.toml"):
        diffusivity(1.0, 0.0)
    assert caught.value.problems[0].remedy
    with pytest.raises(KeyError), computable("a.toml"):
        {}["ours"]
