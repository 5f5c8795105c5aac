"""The face of a stack in columns: points on top of each other share one pressure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from mpi4py import MPI

from joulestack.errors import CaseError, Problem
from joulestack.physics.thickness_change import Part, ThicknessChange

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GRID = 1e-9
"""Points nearer than this [m] are on top of each other."""


class Face:
    """Columns through the stack, the same on all ranks.

    Lithium is plated where it comes from: what leaves the particles of a column goes to the metal
    below them. That holds where the separator is thin against the width of what differs over the
    face.

    Attributes:
        at: position of each column in the face (n, 1 or 2) [m].
        areas: that belong to the columns [m2].
        lithium: plated in each column since assembly [mol/m2], of the last `expansion`.
    """

    def __init__(self, breathing: ThicknessChange, axis: int, dimension: int, shared: Any) -> None:
        """Find the columns; the weights of `breathing` are assembled.

        Args:
            breathing: its parts.
            axis: through the stack.
            dimension: of the mesh.
            shared: P1 function of the parent mesh that is to hold one value for each column.
        """
        self._breathing, self.comm = breathing, breathing.comm
        self._plane = [i for i in range(dimension) if i != axis]
        parts = [p for p in breathing.parts if p.particles is not None] or breathing.parts
        mine = [self._keys(_points(p)[p.weights > 0]) for p in parts]
        everyone = self.comm.allgather(np.concatenate(mine))
        self._columns = np.unique(np.concatenate(everyone), axis=0)
        self.at: Floats = self._columns * GRID
        places = [(p, self._of(self._keys(_points(p)))) for p in breathing.parts]
        self._places: list[tuple[Part, Ints]] = places
        layers = sorted({p.layer for p in breathing.parts})
        found = np.zeros((len(breathing.layers), len(self.at)))
        nodes = np.zeros_like(found)
        for layer in layers:
            part, place = next((p, k) for p, k in places if p.layer == layer)
            inside = place >= 0
            found[layer] = np.bincount(place[inside], part.weights[inside], len(self.at))
            nodes[layer] = np.bincount(place[inside & (part.weights > 0)], minlength=len(self.at))
        self.comm.Allreduce(MPI.IN_PLACE, found, op=MPI.SUM)
        self.comm.Allreduce(MPI.IN_PLACE, nodes, op=MPI.SUM)
        _check({breathing.layers[n]: nodes[n] for n in layers}, breathing.clamping.balance)
        # A column's area by the volume of each layer there; ones where no layer is counted.
        self._areas = found / breathing.sizes[:, None]
        self.areas: Floats = self._areas[parts[0].layer]
        self._areas[self._areas == 0] = 1.0
        self.lithium: Floats = np.zeros(len(self.at))
        self.of_dofs = self._nearest(shared.function_space.tabulate_dof_coordinates())

    def expansion(self) -> Floats:
        """Free growth at each column, of all identical cells, of the values in the blocks [m]."""
        clamping, count = self._breathing.clamping, len(self.at)
        grown, lithium = np.zeros(count), np.zeros(count)
        for part, place in self._places:
            inside = place >= 0
            area = self._areas[part.layer]
            share = 1.0 if part.particles is None else clamping.share
            volumes = (part.weights * part.strain())[inside]
            grown += share * np.bincount(place[inside], volumes, count) / area
            if part.particles is not None:
                moles = (part.weights * part.lithium())[inside]
                lithium -= np.bincount(place[inside], moles, count) / area
        both = np.concatenate([grown, lithium])
        self.comm.Allreduce(MPI.IN_PLACE, both, op=MPI.SUM)
        self.lithium[:] = both[count:]
        own: Floats = both[:count] + sum(clamping.metals.values()) * self.lithium
        fixture = clamping.fixture
        return fixture.cells * own - fixture.frame_expansion * self._breathing.warming

    def mean(self, values: Floats) -> float:
        """Over the face."""
        return float(self.areas @ values / self.areas.sum())

    def points(self) -> Floats:
        """Columns as points (n, 3) of the mesh, at the bottom of the stack."""
        found = np.zeros((len(self.at), 3))
        found[:, self._plane] = self.at
        return found

    def _keys(self, points: Floats) -> Ints:
        return np.rint(points[:, self._plane] / GRID).astype(np.int64)

    def _of(self, keys: Ints) -> Ints:
        """Column of each key, -1 where there is none."""
        both, inverse = np.unique(
            np.concatenate([self._columns, keys]), axis=0, return_inverse=True
        )
        inverse = inverse.reshape(-1)
        column = np.full(len(both), -1, dtype=np.int64)
        column[inverse[: len(self._columns)]] = np.arange(len(self._columns))
        return column[inverse[len(self._columns) :]]

    def _nearest(self, points: Floats) -> Ints:
        """Column of each point; the nearest one beside the face (tabs, die)."""
        unique, inverse = np.unique(self._keys(points), axis=0, return_inverse=True)
        found = self._of(unique)
        for n in np.flatnonzero(found < 0):
            found[n] = np.argmin(((self._columns - unique[n]) ** 2).sum(axis=1))
        return found[inverse.reshape(-1)]


def _check(nodes: Mapping[str, Floats], balance: str) -> None:
    """Each column passes through every layer that grows: from its lower to its upper side.

    Raises:
        CaseError: the mesh is not extruded through the stack.
    """
    for layer, count in nodes.items():
        broken = int((count < 2).sum())
        if broken:
            raise CaseError(
                Problem(
                    "cell.fixture.balance",
                    f'"{balance}" adds up what grows along columns of nodes, and in layer '
                    f"'{layer}' {broken} of {len(count)} columns of the mesh do not pass from "
                    "bottom to top",
                    "extrude the mesh through the stack (gmsh: Extrude with Layers), so that the "
                    'nodes of all layers lie on top of each other; or balance = "mean"',
                )
            )


def _points(part: Part) -> Floats:
    """Coordinates of the owned nodes of a part."""
    space: fem.FunctionSpace = part.space
    points: Floats = space.tabulate_dof_coordinates()[: part.block.nodes]
    return points
