"""Gradients between the nodes: what a mesh leaves out of them.

The gradient of a linear function is constant in its cell and best in its middle. Means over the
cells that share a node, taken of one region alone, are an order better; what they differ by from
the cell's own gradient is what the mesh leaves out.

Zienkiewicz, Zhu, A simple error estimator and adaptive procedure for practical engineering
analysis, Int. J. Numer. Methods Eng. 24 (1987) 337.
"""

from __future__ import annotations

from typing import Any

import basix
import numpy as np
import numpy.typing as npt

from joulestack._compat import geometry_nodes
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.fields import Block
from joulestack.mesh import Region

Floats = npt.NDArray[np.float64]


class Gradients:
    """Gradients of linear functions on one region, and what they leave out."""

    def __init__(self, domain: Domain, block: Block, region: Region) -> None:
        """Prepare for a block of degree one that covers a region."""
        self._block = block
        cells = domain.cells_of([region], ghosts=True)
        own = block.cells(cells)
        self.cells = cells[cells < domain.owned_cells]
        """Owned ones, in the order of `misfit`."""
        self._owned = np.flatnonzero(cells < domain.owned_cells)
        self._dofs = block.space.dofmap.list[own]
        nodes, self._nodes = np.unique(self._dofs, return_inverse=True)
        self._nodes = self._nodes.reshape(self._dofs.shape)
        self._count = np.maximum(np.bincount(self._nodes.ravel(), minlength=len(nodes)), 1)
        x = domain.mesh.geometry.x[geometry_nodes(domain.mesh)[cells]][:, :, : domain.tdim]
        kind: Any = getattr(basix.CellType, domain.mesh.topology.cell_name())
        shape = basix.create_element(basix.ElementFamily.P, kind, 1)
        points, weights = basix.make_quadrature(kind, 2)
        middle = np.asarray(basix.geometry(kind)).mean(axis=0)[None, :]
        at_points, at_middle = shape.tabulate(1, points), shape.tabulate(1, middle)
        self._weights = weights / weights.sum()
        self._shapes = at_points[0, :, :, 0]
        slopes = np.concatenate([at_points[1:, :, :, 0], at_middle[1:, :, :, 0]], axis=1)
        jacobian = np.einsum("cni,tpn->cpit", x, slopes)
        self._slopes = np.einsum("cpti,tpn->cpin", np.linalg.inv(jacobian), slopes)

    def misfit(self) -> tuple[Floats, Floats]:
        """Means over each owned cell of the squares of what is left out, and of the gradient.

        Returns:
            Both by cell and direction, shape (cells, dimension) [unit of the field squared / m2].
        """
        values = self._block.value.x.array[self._dofs]
        gradient = np.einsum("cpin,cn->cpi", self._slopes, values)
        inside, middle = gradient[:, :-1], gradient[:, -1]
        sums = np.zeros((len(self._count), middle.shape[1]))
        np.add.at(sums, self._nodes.ravel(), np.repeat(middle, self._nodes.shape[1], axis=0))
        nodal = (sums / self._count[:, None])[self._nodes[self._owned]]
        better = np.einsum("pn,cni->cpi", self._shapes, nodal)
        inside = inside[self._owned]
        left_out = np.einsum("p,cpi->ci", self._weights, (better - inside) ** 2)
        return left_out, np.einsum("p,cpi->ci", self._weights, inside**2)
