"""The command line: exit codes, messages, speed."""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tomli_w import dumps as to_toml

from joulestack.cli.main import main
from tests.case.samples import SAMPLES

CASES = Path(__file__).parents[2] / "cases"


def joulestack(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "joulestack", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=60,
    )


@pytest.fixture
def pellet(tmp_path: Path) -> Path:
    path = tmp_path / "pellet.toml"
    path.write_text(to_toml(SAMPLES["pellet"]()))
    return path


def test_help_and_version() -> None:
    shown = joulestack("--help")
    assert shown.returncode == 0
    for command in ("run", "check", "schema", "materials"):
        assert command in shown.stdout
    assert joulestack("--version").stdout.startswith("joulestack 0")


def test_check(pellet: Path) -> None:
    shown = joulestack("check", str(pellet))
    assert shown.returncode == 0, shown.stderr
    for word in ("separator", "areal capacity", "expected voltage", "Biot number", "unknowns"):
        assert word in shown.stdout


def test_check_with_settings(pellet: Path) -> None:
    shown = joulestack("check", str(pellet), "--set", "cell.stack_pressure=20 MPa", "-s", "title=x")
    assert "20 MPa" in shown.stdout
    assert shown.stdout.startswith("x ")


def test_bad_input_is_exit_code_2_and_no_traceback(pellet: Path) -> None:
    shown = joulestack("check", str(pellet), "--set", "cell.diametre=1 mm", "-s", "mesh.degree=7")
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert "Traceback" not in shown.stderr
    assert "2 problems" in shown.stderr
    assert "cell.diametre" in shown.stderr
    assert 'did you mean "diameter"?' in shown.stderr


@pytest.mark.parametrize("words", [("check", "none.toml"), ("fly",), ("check",), ("run", "x.toml")])
def test_wrong_words(words: tuple[str, ...], tmp_path: Path) -> None:
    shown = joulestack(*words, cwd=tmp_path)
    assert shown.returncode == 2
    assert "Traceback" not in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_materials(tmp_path: Path) -> None:
    assert "Li6PS5Cl" in joulestack("materials").stdout
    words = ["Li6PS5Cl", "--moulding-pressure", "200 MPa", "--temperature", "60 degC"]
    shown = joulestack("materials", *words, "--plot", "-o", "x.png", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "Li6PS5Cl" in shown.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["x.png"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["LI6PS5CI2"], "did you mean"),
        (["Li6PS5Cl", "--moulding-pressure", "200 mm"], "is a length"),
        (["Li6PS5Cl", "--output", "x.png"], "has no effect without --plot"),
        (["--chart", "x.png", "--output", "y.png"], "has no effect without --plot"),
        (["Li6PS5Cl", "--overwrite"], "has no effect without --plot"),
        (["Li6PS5Cl", "--plot", "-o", "x.jpg"], 'one of "x.png", "x.pdf", "x.svg"'),
        (["--relative-density", "0.8"], "no material is named"),
        (["PEEK", "--moulding-pressure", "200 MPa"], "has no effect"),
        (["PEEK", "--stack-pressure", "-3 MPa"], "--stack-pressure: -3 MPa is impossible"),
        (["PEEK", "--temperature", "-300 degC"], "--temperature: -300 degC is impossible"),
    ],
)
def test_materials_refuses(words: list[str], message: str) -> None:
    shown = joulestack("materials", *words)
    assert shown.returncode == 2
    assert message in shown.stderr


@pytest.fixture
def called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., str]]:
    """The command in this process, in a folder of its own: what it says on standard error."""

    def call(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["joulestack", *words])
        with pytest.raises(SystemExit) as caught:
            main()
        said = capsys.readouterr().err
        assert caught.value.code == (2 if said else 0)
        return said

    monkeypatch.chdir(tmp_path)
    logger = logging.getLogger("joulestack")
    handlers = list(logger.handlers)
    yield call
    logger.handlers[:] = handlers


DRAWING = [
    ("materials", "Li6PS5Cl", "--plot", "-o"),
    ("materials", "--chart"),
    ("fit", "densification", "a.csv", "--law", "heckel", "--bootstrap", "0", "-o"),
]


@pytest.mark.parametrize("words", DRAWING, ids=lambda words: " ".join(words[:2]))
def test_pictures_and_fits_replace_nobodys_files(
    words: tuple[str, ...], tmp_path: Path, called: Callable[..., str]
) -> None:
    """Own ones with --overwrite, others never; a folder is made, a bad name leaves nothing."""
    (tmp_path / "a.csv").write_text("pressure [MPa],phi [%]\n50,65.8\n100,73\n200,77.7\n300,82\n")
    name = "new/k" if words[0] == "fit" else "new/k.png"
    for wrong in ("", ".", "a.csv/k.png"):
        assert "->" in called(*words, wrong)
    assert [f.name for f in tmp_path.iterdir()] == ["a.csv"]
    assert called(*words, name) == ""
    assert "of an earlier run" in called(*words, name)
    assert called(*words, name, "--overwrite") == ""
    files = sorted((tmp_path / "new").iterdir())
    assert len(files) == (3 if words[0] == "fit" else 1)
    files[0].write_text("mine")  # k.json, k.png
    assert "no earlier run has written" in called(*words, name, "--overwrite")
    assert files[0].read_text() == "mine"


def test_a_fit_never_replaces_a_case(
    tmp_path: Path, pellet: Path, called: Callable[..., str]
) -> None:
    (tmp_path / "a.csv").write_text("pressure [MPa],phi [%]\n50,65.8\n100,73\n200,77.7\n300,82\n")
    before = pellet.read_text()
    said = called("fit", "densification", "a.csv", "-o", "pellet", "--overwrite")
    assert "pellet.toml, which no earlier run has written" in said
    assert pellet.read_text() == before


COMPUTING = [
    ("run", "case.toml", "own"),
    ("impedance", "impedance.csv", "blocking_pellet"),
    ("polarisation", "polarisation.png", "mixed_conductor"),
    ("thermal-wave", "thermal_wave.json", "thermal_wave"),
    ("microstructure generate", "profile.png", "powder"),
    ("microstructure analyse", "statistics.json", "powder"),
    ("microstructure conductivity", "conductivity.csv", "powder"),
]


@pytest.mark.parametrize(("command", "theirs", "case"), COMPUTING)
def test_files_in_the_way_are_told_before_anything_is_computed(
    command: str, theirs: str, case: str, tmp_path: Path, pellet: Path, called: Callable[..., str]
) -> None:
    files = {
        "own": pellet,
        "powder": CASES / "microstructures/lps_glass_pressed.toml",
        **{f.stem: f for f in (CASES / "measurements").glob("*.toml")},
    }
    words = (*command.split(), str(files[case]))
    (tmp_path / "file").write_text("")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / theirs).write_text("mine")
    for place, message in (
        ("out", f"holds {theirs}, which no earlier run has written"),
        ("file", "file is a file"),
        ("file/x", "file is a file"),
        ("", "is no name"),
    ):
        assert message in called(*words, "-o", place, "--overwrite")
    assert (tmp_path / "out" / theirs).read_text() == "mine"
    assert [f.name for f in (tmp_path / "out").iterdir()] == [theirs]
    assert not (tmp_path / "results").exists()


def test_schema() -> None:
    schema = json.loads(joulestack("schema").stdout)
    assert schema["properties"]["cell"]


def test_quick_and_without_dolfinx(pellet: Path) -> None:
    code = (
        "import sys; sys.argv = ['joulestack', 'check', sys.argv[1]];"
        "from joulestack.cli.main import app; app(standalone_mode=False);"
        "assert not {'dolfinx', 'petsc4py', 'mpi4py', 'ufl', 'pint', 'matplotlib', 'scipy'}"
        " & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(pellet)], check=True, capture_output=True)
    # Processor time side by side with the start of the libraries: processors change their speed
    # by half within minutes. Measured: 0.33 for the help, 2.8 for a check (0.9 to 1.2 s).
    libraries = "import numpy, pydantic.fields, pydantic.types, rich.table, typer"
    ours = ("-m", "joulestack")
    took = [
        (seconds("-c", libraries), seconds(*ours, "--help"), seconds(*ours, "check", str(pellet)))
        for _ in range(4)
    ]
    start, shown, checked = (min(column) for column in zip(*took, strict=True))
    assert shown < 0.7 * start
    assert checked < 3.5 * start


def seconds(*words: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_import_is_lazy() -> None:
    code = (
        "import sys, joulestack as js; assert 'pydantic' not in sys.modules;"
        "assert js.Case.__name__ == 'Case'; assert 'dolfinx' not in sys.modules;"
        "assert set(js.__all__) <= set(dir(js));"
        "import joulestack.simulation.run;"
        "assert not {'numba', 'scipy', 'skimage', 'matplotlib', 'pyvista'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_command_that_reads_a_case_can_be_allowed_more() -> None:
    """A new command is not forgotten: whoever takes a CASE takes --allow-read."""
    import typer.main

    from joulestack.cli.main import app

    found = {}
    commands = [("", typer.main.get_command(app))]
    while commands:
        name, command = commands.pop()
        inner = getattr(command, "commands", {})
        commands += [(f"{name} {key}".strip(), one) for key, one in inner.items()]
        told = {p.metavar for p in command.params} | {p.name for p in command.params}
        if "CASE" in told:
            found[name] = "allow_read" in told
    assert {"run", "check", "abuse", "impedance"} <= set(found)
    assert all(found.values()), found
