"""The command line: exit codes, messages, speed."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from joulestack.case.writing import to_toml
from tests.case.samples import SAMPLES


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
    # Processor time, which other work on the machine does not lengthen much.
    assert min(seconds("--help") for _ in range(3)) < 0.5
    assert min(seconds("check", str(pellet)) for _ in range(3)) < 1.0


def seconds(*words: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    joulestack(*words)
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
