"""One level: face conductances and diagonal on the two-colour grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from joulestack.microstructure.conduction import kernels, transfer
from joulestack.microstructure.conduction.law import Law
from joulestack.microstructure.conduction.packing import pack
from joulestack.microstructure.conduction.rows import BITS

Floats = npt.NDArray[np.floating[Any]]
Periodic = tuple[bool, bool, bool]
NO_TABLE: Floats = np.zeros(2, np.float32)


@dataclass
class Grid:
    """A level of the hierarchy.

    Attributes:
        faces, table: conductances of faces (rows.py).
        diagonal: of the equations of red and black; 0 where nothing conducts.
        low, high: conductances to the two end faces of the first axis, (ny, nz); 0 if there are
            none.
        periodic: which axes close on themselves.
    """

    faces: npt.NDArray[Any]
    table: Floats
    low: Floats
    high: Floats
    periodic: Periodic

    def __post_init__(self) -> None:
        ones = np.ones(self.half, self.table.dtype)
        self.diagonal = np.empty((2, *self.half), self.table.dtype)
        for colour in (0, 1):
            kernels.add_up_diagonal(
                self.faces, self.table, colour, self.low, self.high, ones, self.diagonal[colour]
            )

    @property
    def half(self) -> tuple[int, int, int]:
        """Shape of the array of one colour."""
        nx, ny, n = self.faces.shape[1:]
        return nx, ny, n


def padded(shape: tuple[int, ...], periodic: Periodic) -> tuple[int, int, int]:
    """Shape with filling layers: z always even, periodic axes even."""
    even = [p and n > 1 for n, p in zip(shape, periodic, strict=True)]
    even[2] = True
    nx, ny, nz = (n + n % 2 if e else n for n, e in zip(shape, even, strict=True))
    return nx, ny, nz


def finest(
    classes: npt.NDArray[np.uint8],
    particles: npt.NDArray[np.int32],
    law: Law,
    periodic: Periodic,
) -> Grid:
    """The image itself. Without a period along the first axis, its ends are held."""
    nx, ny, nz = padded(classes.shape, periodic)
    faces = np.empty((1, nx, ny, nz // 2), law.code)
    pack(classes, particles, law.pairs, BITS[law.code], np.array(periodic), nz, faces)
    low, high = np.zeros((2, ny, nz), law.table.dtype)
    if not periodic[0]:
        twice = np.zeros(256)
        twice[: len(law.conductivity)] = 2 * law.conductivity
        _, ry, rz = classes.shape
        low[:ry, :rz], high[:ry, :rz] = twice[classes[0]], twice[classes[-1]]
    table = np.concatenate([law.table, law.table[:1]])  # at least two entries
    return Grid(faces, table, low, high, periodic)


def coarser(fine: Grid) -> Grid:
    """The next grid: blocks of two voxels along each axis that has more than one.

    The faces of two blocks add up, over a distance twice as long: for a homogeneous body this is
    the same discretisation again (Wesseling 1992, cell-centred multigrid).
    """
    nx, ny, n = fine.half
    blocks = ((nx + 1) // 2, (ny + 1) // 2, n)
    shape = padded(blocks, fine.periodic)
    natural = [np.zeros(shape, np.float32) for _ in range(3)]
    transfer.block_faces(fine.faces, fine.table, *natural)
    for axis, (g, count) in enumerate(zip(natural, (nx, ny, 2 * n), strict=True)):
        if count > 1:
            g *= np.float32(0.5)
        if fine.periodic[axis]:
            _close(np.moveaxis(g, axis, 0), blocks[axis])
    faces = np.empty((6, shape[0], shape[1], shape[2] // 2), np.float32)
    transfer.faces_of_red(*natural, faces)
    scale = 0.5 if nx > 1 else 1.0
    low, high = (_block_sum(end, shape[1:], scale) for end in (fine.low, fine.high))
    return Grid(faces, NO_TABLE, low, high, fine.periodic)


def _close(g: Floats, blocks: int) -> None:
    """The face through a periodic end, in place: none to itself, two around a filling layer."""
    if blocks == 1:
        g[0] = 0
    elif len(g) > blocks:
        g[0] *= 2
        g[blocks] = g[0]


def _block_sum(end: Floats, shape: tuple[int, int], scale: float) -> Floats:
    """Sums over blocks of 2 x 2, on a plane of a given shape."""
    whole = np.zeros((2 * shape[0], 2 * shape[1]))
    whole[: end.shape[0], : end.shape[1]] = end
    sums = whole.reshape(shape[0], 2, shape[1], 2).sum(axis=(1, 3))
    return (scale * sums).astype(np.float32)
