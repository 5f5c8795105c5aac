"""The public names: complete, seen by type checkers, loaded when they are used."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import joulestack as js

PACKAGES = [js, importlib.import_module("joulestack.microstructure")]


def shown(package: ModuleType) -> dict[str, str]:
    """Names that type checkers see, and where from."""
    tree = ast.parse(Path(package.__file__ or "").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return {
                alias.asname: f"{found.module}"
                for found in node.body
                if isinstance(found, ast.ImportFrom)
                for alias in found.names
                if alias.asname
            }
    return {}


@pytest.mark.parametrize("package", PACKAGES)
def test_type_checkers_see_the_same_names(package: ModuleType) -> None:
    table = {name: module for module, names in package._PUBLIC.items() for name in names}
    modules = dict.fromkeys(getattr(package, "_MODULES", ()), package.__name__)
    assert shown(package) == table | modules
    assert sorted({*package.__all__} - {"__version__"}) == sorted(table | modules)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_there(package: ModuleType) -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert set(package.__all__) <= set(dir(package))


def test_no_module_stands_in_the_way_of_a_name() -> None:
    """A module that is imported becomes an attribute of its package, whatever a name means."""
    for package in PACKAGES:
        files = Path(package.__file__ or "").parent.iterdir()
        there = {p.stem for p in files if p.suffix == ".py" or (p / "__init__.py").is_file()}
        modules = set(getattr(package, "_MODULES", ()))
        assert not (there & set(package.__all__)) - modules


def test_names_of_before_and_misspelt_ones() -> None:
    for name, said in (
        ("polarise", "it is called polarisation"),
        ("pulses", "it is called titration"),
        ("Simulatoin", 'did you mean "Simulation"'),
    ):
        with pytest.raises(AttributeError, match=said):
            getattr(js, name)
    assert not hasattr(js, "entirely_different")


def test_measurements_are_called_as_their_commands() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "joulestack", "--help"], capture_output=True, text=True, check=True
    ).stdout
    words = {line.split()[0] for line in told.splitlines() if line.startswith("  ")}
    for name in ("run", "accuracy", "impedance", "polarisation", "thermal_wave"):
        assert name.replace("_", "-") in words
        assert callable(getattr(js, name))


def test_what_needs_no_dolfinx() -> None:
    """Cases, materials, contacts of the library and results, without the solver's packages."""
    code = (
        "import sys\n"
        "for name in ('dolfinx', 'mpi4py', 'petsc4py', 'ufl', 'basix'): sys.modules[name] = None\n"
        "import joulestack as js\n"
        "medium = js.material('Li6PS5Cl', moulding_pressure='370 MPa')\n"
        "assert medium.relative_density(js.State(T=300.0)) > 0.8\n"
        "js.Line, js.Profile, js.GivenMedium, js.titration, js.load_result, js.Case, js.xmath\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
