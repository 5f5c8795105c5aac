"""All fields in one form: a space that is discontinuous between cells.

It has a component for each field, as many as a vector has for a field of vectors.

A form for each block, and for each pair of blocks in the Jacobian, would pack its coefficients and
sweep the cells on its own: nine sweeps, and in small cells nearly nothing but the cost of calls.
Written in this space the whole residual is one form and the Jacobian another. Their element
tensors know nothing of blocks; `Cellwise` says which unknown every entry belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import basix.ufl
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem

from joulestack._compat import Indices
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.solver.forms import FormSet
from joulestack.solver.rank_layout import Local

Array = npt.NDArray[np.float64]


class Cellwise:
    """Forms of all blocks, and where their entries go.

    Attributes:
        residual, jacobian: hold the forms once they are compiled.
    """

    def __init__(
        self,
        domain: Domain,
        blocks: Sequence[Block],
        residual: Mapping[str, Any],
        shift: fem.Constant,
        forms: FormSet,
    ) -> None:
        """Ask for the forms.

        Args:
            domain: the meshed cell.
            blocks: of all fields.
            residual: of each block, by its name, tested with functions of its own.
            shift: factor of the derivatives by rates.
            forms: collects them.
        """
        self._domain, self._blocks = domain, tuple(blocks)
        sizes = {b.info.key: b.size for b in blocks}
        ends = np.cumsum(list(sizes.values()))
        first = {key: int(end) - sizes[key] for key, end in zip(sizes, ends, strict=True)}
        self._components = {
            b.name: range(first[b.info.key], first[b.info.key] + b.size) for b in blocks
        }
        degree = blocks[0].space.ufl_element().degree
        # Mixed, not vector-valued: the entries of a pair of fields lie together and kernels run
        # over them in steps of one.
        one = basix.ufl.element("DG", domain.mesh.basix_cell(), degree)
        self._space = fem.functionspace(domain.mesh, basix.ufl.mixed_element([one] * int(ends[-1])))
        test, trial = ufl.TestFunction(self._space), ufl.TrialFunction(self._space)
        tests = {b.test: self._of(b, test) for b in blocks}
        # Integrals side by side: UFL analyses every partial sum of forms.
        integrals = [i for b in blocks for i in residual[b.name].integrals()]
        whole = ufl.replace(ufl.Form(integrals), tests)
        self.residual = forms.add(whole)
        directions = {b.name: self._of(b, trial) for b in blocks}
        values = [(b.value, directions[b.name]) for b in blocks]
        rates = [(b.rate, directions[b.name]) for b in blocks if b.rate is not None]
        parts = [_derivative(whole, values), shift * _derivative(whole, rates)]
        self.jacobian = forms.add(ufl.Form([i for part in parts for i in part.integrals()]))

    def _of(self, block: Block, argument: Any) -> Any:
        """A block's part of a test or trial function of the whole space."""
        parts = [argument[c] for c in self._components[block.name]]
        return ufl.as_vector(parts) if block.info.vector else parts[0]

    def allocate(self, local: Local) -> None:
        """Tell where every entry of the space belongs in the local array of all fields."""
        self._work: Array = fem.Function(self._space).x.array
        self._size = local.size
        self._places: npt.NDArray[np.int64] = np.full(self._work.size, local.size)
        cells_of_space = self._space.dofmap.list
        for block, part in zip(self._blocks, local.sections, strict=True):
            cells = self._domain.cells_of(block.regions, ghosts=True)
            nodes = block.space.dofmap.list[block.cells(cells)]
            each = nodes.shape[1]
            for k, component in enumerate(self._components[block.name]):
                entries = cells_of_space[cells, component * each : (component + 1) * each]
                self._places[entries] = part.start + nodes * block.size + k

    def sums(self) -> Array:
        """Residual of all fields on this rank: of owned nodes, and what it adds to ghosts."""
        work = self._work
        work[:] = 0.0
        self.residual[0].vector(work)
        return np.bincount(self._places, work, self._size + 1)[: self._size].astype(
            float, copy=False
        )

    def rows(self, of_blocks: Sequence[Indices]) -> Indices:
        """Matrix row of every entry of the space, -1 for none; from those of the blocks' nodes."""
        table = np.concatenate([*of_blocks, [-1]])
        found: Indices = table[self._places].astype(of_blocks[0].dtype)
        return found


def _derivative(form: Any, unknowns: Sequence[tuple[fem.Function, Any]]) -> Any:
    """dF/du of all unknowns at once, each in its direction."""
    functions, directions = zip(*unknowns, strict=True)
    return ufl.derivative(form, functions, directions)
