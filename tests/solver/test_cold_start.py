"""Stacks are ready soon: what is compiled does not grow with the number of equal layers."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import basix.ufl
import pytest
import ufl
from dolfinx import fem
from dolfinx.mesh import create_unit_interval
from mpi4py import MPI

import joulestack as js
from joulestack import _compat
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Observer

CASE = Path(__file__).parents[2] / "cases" / "pouch_fast_charge.toml"
COARSE = {"mesh.in_plane": "20 mm", "outputs.pictures": False}
SECONDS = 60
"""Processor time [s] that nobody may take in a cold start of four cells. They took 5e9 visits of
UFL's tree comparison, 1000 s and more; without it 6 s."""


class Stop(Exception):
    pass


def requested(cells: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Signature and number of integrals of every form that a stack wants to have compiled."""
    asked: list[tuple[str, int]] = []

    def note(comm: object, forms: list[ufl.Form]) -> None:
        asked.extend((f.signature(), len(f.integrals())) for f in forms)
        raise Stop

    monkeypatch.setattr(_compat, "compile_forms", note)
    model = Model(setup_of(js.Case.load(CASE, COARSE | {"cell.unit_cells": cells}), MPI.COMM_SELF))
    Observer(model, ("heat_flux", "current_density"), interfaces=True)
    with pytest.raises(Stop):
        model.finish()
    return asked


def test_kernels_of_a_stack_serve_any_larger_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even numbers of cells among themselves: of odd ones the last collector is the other."""
    two, six = (requested(n, monkeypatch) for n in (2, 6))
    assert len(two) > 10
    assert two == six


def test_constants_keep_their_order_however_many_there_were() -> None:
    """Else a product of the ninth and the tenth has another kernel than that of any others."""
    mesh = create_unit_interval(MPI.COMM_SELF, 1)
    made = [fem.Constant(mesh, 1.0) for _ in range(10_000)]
    assert all((b * a).ufl_operands == (a, b) for a, b in pairwise(made))


def test_integrals_of_a_stack_are_those_of_its_cell_and_a_busbar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, two = ([n for _, n in requested(n, monkeypatch)] for n in (1, 2))
    assert len(two) == len(one) + 1  # what tells unit cells apart
    assert sum(two) <= 1.5 * sum(one)


def test_a_stack_starts_cold_and_says_what_keeps_it_waiting(tmp_path: Path) -> None:
    settings = ["cell.unit_cells=4", 'load.protocol=["Charge at 3C for 1 s"]']
    settings += [f"{k}={str(v).lower() if v is False else v}" for k, v in COARSE.items()]
    run = subprocess.run(
        [
            *(sys.executable, "-m", "joulestack", "run", str(CASE)),
            *("--output", str(tmp_path / "results")),
            *(word for s in settings for word in ("--set", s)),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
    )
    assert run.returncode == 0, run.stderr
    lines = [line for line in run.stderr.splitlines() if ": compiling " in line]
    assert len(lines) == 1
    assert lines[0].endswith("kernels (once; they are kept)")


def test_the_cell_of_an_element_is_built_once() -> None:
    for shape in ("interval", "triangle", "quadrilateral", "hexahedron"):
        element = basix.ufl.element("Lagrange", shape, 1)
        assert element.cell == ufl.Cell(shape)
        vector = basix.ufl.element("Lagrange", shape, 2, shape=(2,))
        assert vector.cell is element.cell
