"""The places of the matrix against what is assembled without knowing any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from petsc4py import PETSc

from joulestack.simulation.model import Model
from joulestack.simulation.setup import Setup
from joulestack.solver.system import BlockSystem
from tests.mpi import on_ranks
from tests.verification.cells import full_cell
from tests.verification.half_cell import half_cell


def differing(setup: Setup) -> BlockSystem:
    """System of a model at a state where no two unknowns agree, its Jacobian assembled."""
    model = Model(setup)
    model.finish()
    system = model.system
    random = np.random.default_rng(5 + setup.tagged.mesh.comm.rank)
    x = system.vector.duplicate()
    system.write(x)
    x.array[:] += 0.02 * random.uniform(0.5, 1.0, x.array.size)
    system.jacobian(x, None, 0.7)
    return system


def found_while_assembled(system: BlockSystem) -> PETSc.Mat:
    """The same Jacobian in a matrix that starts empty and takes whatever it is given, zeros too."""
    known, system.matrix = (
        system.matrix,
        PETSc.Mat().createAIJ(system.matrix.getSizes(), nnz=1, comm=system.comm),
    )
    system.matrix.setOption(PETSc.Mat.Option.NEW_NONZERO_ALLOCATION_ERR, False)
    system.matrix.setLGMap(*known.getLGMap())
    system.assemble(0.7)
    for points in system.points:
        points.add_schur(system.matrix)
    system.matrix.assemble()
    system.matrix.setOption(PETSc.Mat.Option.KEEP_NONZERO_PATTERN, True)
    system.matrix.zeroRowsColumns(system._fixed().rows, diag=1.0)
    found, system.matrix = system.matrix, known
    return found


def rows(matrix: PETSc.Mat) -> sp.csr_matrix:
    start, columns, values = matrix.getValuesCSR()
    return sp.csr_matrix((values, columns, start), (len(start) - 1, matrix.getSize()[1]))


def check(system: BlockSystem) -> tuple[int, int, int]:
    """No place is missing; returns the places, those that hold a number, those that none knew."""
    mine, whole = rows(system.matrix), rows(found_while_assembled(system))
    assert system.matrix.getInfo()["mallocs"] == 0
    assert mine.has_sorted_indices
    size = abs(whole).max()
    assert abs(mine - whole).max() <= 1e-14 * size
    assert mine.diagonal(system.matrix.getOwnershipRange()[0]).all()
    return mine.nnz, np.count_nonzero(mine.data), whole.nnz


CELLS = {
    "line": lambda: full_cell("line"),
    "axisymmetric, with a die": lambda: full_cell("pellet"),
    "pouch": lambda: full_cell("pouch", cells=2),
    "quadratic": lambda: full_cell("line", degree=2),
    "particles and lithium": half_cell,
}


@pytest.mark.parametrize("cell", CELLS)
def test_there_is_a_place_for_every_entry_and_few_in_vain(cell: str) -> None:
    """Prescribed rows are emptied, and the T of a metal's layers may feel no potential."""
    places, numbers, whole = check(differing(CELLS[cell]()))
    assert numbers <= places < whole
    assert places - numbers <= 0.3 * places


def on_a_rank(comm: Any) -> list[int]:
    """Places of this rank; what `check` asserts is asserted on each."""
    return [check(differing(full_cell(kind, comm)))[0] for kind in ("pellet", "pouch")]


@pytest.mark.mpi
def test_rows_that_two_ranks_share_are_whole() -> None:
    """Ranks see parts of what meets in a row near their border."""
    assert all(on_ranks(2, on_a_rank))
