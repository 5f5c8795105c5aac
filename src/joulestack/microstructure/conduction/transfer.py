"""Between a grid and the next coarser one: blocks of 2 x 2 x 2 voxels become one.

The last index m of a two-colour row is also the index of the block along z, for both colours.
"""

from __future__ import annotations

import numpy as np
from numba import prange

from joulestack.microstructure.conduction.compiled import compiled
from joulestack.microstructure.conduction.rows import add_line, gather, wrap

# mypy: disable-error-code="no-untyped-def"


@compiled(parallel=True)
def restrict(faces, table, diagonal, right, red, black, own, out):
    """out = residual summed over blocks, where only red voxels have any.

    Args:
        own: whether red has changed since it was solved: residual right - diagonal * red +
            neighbours; else the neighbours' change alone.
        out: (2, ...) on both colours of the coarse grid.
    """
    nx, ny, n = black.shape
    coarse = out.shape
    for i in prange(coarse[1]):
        acc = np.empty(n, np.float32)
        for j in range(coarse[2]):
            acc[:] = 0
            for u in range(2 * i, min(2 * i + 2, nx)):
                for v in range(2 * j, min(2 * j + 2, ny)):
                    gather(faces, table, 0, u, v, black, acc)
                    if own:
                        b, x, d = right[u, v], red[u, v], diagonal[u, v]
                        for m in range(n):
                            acc[m] += b[m] - d[m] * x[m]
            first = (i + j) & 1
            for m in range(coarse[3]):
                k = 2 * m + first
                out[0, i, j, m] = acc[k] if k < n else np.float32(0)
                k = 2 * m + 1 - first
                out[1, i, j, m] = acc[k] if k < n else np.float32(0)


@compiled(parallel=True)
def prolong(coarse, red, add):
    """red = (red if add) + the value of the block, on red voxels."""
    nx, ny, n = red.shape
    for i in prange(nx):
        row = np.empty(2 * coarse.shape[3], np.float32)
        for j in range(ny):
            u, v = i >> 1, j >> 1
            first = (u + v) & 1
            even, odd = coarse[first, u, v], coarse[1 - first, u, v]
            for m in range(coarse.shape[3]):
                row[2 * m] = even[m]
                row[2 * m + 1] = odd[m]
            x = red[i, j]
            if add:
                for m in range(n):
                    x[m] += row[m]
            else:
                x[:] = row[:n]


@compiled(parallel=True)
def block_faces(faces, table, gx, gy, gz):
    """Sums of the face conductances between blocks, in natural order (coarse grid's shape).

    gx[i, j, k] belongs to the face between blocks i - 1 and i along x; so do gy, gz along y, z.
    """
    last = faces.shape[0] - 1
    nx, ny, n = faces.shape[1], faces.shape[2], faces.shape[3]
    for i in prange(gx.shape[0]):
        one, zero = np.ones(n, np.float32), np.zeros(n, np.float32)
        for j in range(gx.shape[1]):
            x, y, z = gx[i, j, :n], gy[i, j, :n], gz[i, j, :n]
            for u in range(2 * i, min(2 * i + 2, nx)):
                for v in range(2 * j, min(2 * j + 2, ny)):
                    if u == 2 * i:
                        beside = faces[min(1, last), wrap(u - 1, nx), v]
                        add_line(x, table, faces[0, u, v], 0, one, beside, 1, one)
                    if v == 2 * j:
                        beside = faces[min(3, last), u, wrap(v - 1, ny)]
                        add_line(y, table, faces[min(2, last), u, v], 2, one, beside, 3, one)
                    minus, plus = faces[min(4, last), u, v], faces[min(5, last), u, v]
                    if (u + v) & 1 == 0:
                        add_line(z, table, minus, 4, one, minus, 4, zero)
                    else:
                        end = plus[n - 1 :]
                        add_line(z[1:], table, plus[: n - 1], 5, one, plus[: n - 1], 5, zero)
                        add_line(z[:1], table, end, 5, one[:1], end, 5, zero[:1])


@compiled(parallel=True)
def faces_of_red(gx, gy, gz, out):
    """The six faces of every red voxel, from faces in natural order."""
    nx, ny, nz = gx.shape
    for i in prange(nx):
        up = wrap(i + 1, nx)
        for j in range(ny):
            right = wrap(j + 1, ny)
            first = (i + j) & 1
            for m in range(out.shape[3]):
                k = 2 * m + first
                out[0, i, j, m] = gx[i, j, k]
                out[1, i, j, m] = gx[up, j, k]
                out[2, i, j, m] = gy[i, j, k]
                out[3, i, j, m] = gy[i, right, k]
                out[4, i, j, m] = gz[i, j, k]
                out[5, i, j, m] = gz[i, j, wrap(k + 1, nz)]
