"""Between a grid and the next coarser one: blocks of 2 x 2 x 2 voxels become one.

The last index m of a two-colour row is also the index of the block along z, for both colours.
"""

from __future__ import annotations

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled, overload, prange, types
from joulestack.microstructure.conduction.rows import add_line, after, before, gather, layout

# mypy: disable-error-code="no-untyped-def"


@compiled(parallel=True)
def restrict(faces, table, diagonal, right, red, black, own, out):
    """out = residual summed over blocks, where only red voxels have any.

    Args:
        own: whether red has changed since it was solved: residual right - diagonal * red +
            neighbours; else the neighbours' change alone.
        out: (2, ...) on both colours of the coarse grid.
    """
    grid = layout(faces)
    _, nx, ny, n = grid
    f, o = faces.reshape(-1), black.reshape(-1)
    b, x, d = right.reshape(-1), red.reshape(-1), diagonal.reshape(-1)
    _, cx, cy, cn = out.shape
    for p in prange(cx):
        acc, line = np.zeros(2 * cn, o.dtype), np.zeros(n, o.dtype)
        for j in range(cy):
            acc[:] = 0
            for i in range(2 * p, min(2 * p + 2, nx)):
                for k in range(2 * j, min(2 * j + 2, ny)):
                    u, v = np.uintp(i), np.uintp(k)
                    row = (u * ny + v) * n
                    line[:] = 0
                    gather(table, f, grid, 0, u, v, o, line)
                    if own:
                        for m in range(n):
                            line[m] += b[row + m] - d[row + m] * x[row + m]
                    for m in range(n):
                        acc[m] += conducting(line[m], f, row + m)
            first = (p + j) & 1
            for m in range(cn):
                out[0, p, j, m] = acc[2 * m + first]
                out[1, p, j, m] = acc[2 * m + 1 - first]


def conducting(value, faces, at):
    """The value, on the image's grid 0 where a red voxel has no face that conducts."""
    raise NotImplementedError  # compiled code only


@overload(conducting, inline="always")
def _conducting(value, faces, at):
    if isinstance(faces.dtype, types.Float):
        return lambda value, faces, at: value
    return lambda value, faces, at: value if faces[at] != 0 else type(value)(0)


@compiled(parallel=True)
def prolong(coarse, faces, red, add):
    """red = (red if add) + the value of the block, on red voxels."""
    nx, ny, n = red.shape
    size = np.uintp(n)
    x, f = red.reshape(-1), faces.reshape(-1)
    for i in prange(nx):
        line = np.empty(2 * coarse.shape[3], red.dtype)
        for j in range(ny):
            u, v = i >> 1, j >> 1
            first = (u + v) & 1
            for m in range(coarse.shape[3]):
                line[2 * m + first] = coarse[0, u, v, m]
                line[2 * m + 1 - first] = coarse[1, u, v, m]
            row = (np.uintp(i) * np.uintp(ny) + np.uintp(j)) * size
            if add:
                for m in range(size):
                    x[row + m] += conducting(line[m], f, row + m)
            else:
                for m in range(size):
                    x[row + m] = conducting(line[m], f, row + m)


@compiled(parallel=True)
def block_faces(faces, table, gx, gy, gz):
    """Sums of the face conductances between blocks, in natural order (coarse grid's shape).

    gx[i, j, k] belongs to the face between blocks i - 1 and i along x; so do gy, gz along y, z.
    """
    grid = layout(faces)
    stride, nx, ny, n = grid
    f = faces.reshape(-1)
    _, cy, cz = gx.shape
    a, b, c = gx.reshape(-1), gy.reshape(-1), gz.reshape(-1)
    null, unit = np.uintp(0), np.uintp(1)
    for p in prange(gx.shape[0]):
        one, zero = np.ones(n, np.float32), np.zeros(n, np.float32)
        for q in range(cy):
            at = (np.uintp(p) * np.uintp(cy) + np.uintp(q)) * np.uintp(cz)
            for i in range(2 * p, min(2 * p + 2, nx)):
                for j in range(2 * q, min(2 * q + 2, ny)):
                    u, v = np.uintp(i), np.uintp(j)
                    row = (u * ny + v) * n
                    if i == 2 * p:
                        beside = stride + (before(u, nx) * ny + v) * n
                        add_line(a, at, n, table, f, row, null, one, null, beside, unit, one, null)
                    if j == 2 * q:
                        here = np.uintp(2) * stride + row
                        beside = np.uintp(3) * stride + (u * ny + before(v, ny)) * n
                        two, three = np.uintp(2), np.uintp(3)
                        add_line(b, at, n, table, f, here, two, one, null, beside, three, one, null)
                    if (i + j) & 1 == 0:  # red is the lower of each two: its face -z
                        four, here = np.uintp(4), np.uintp(4) * stride + row
                        add_line(c, at, n, table, f, here, four, one, null, here, four, zero, null)
                    else:  # the face +z of the red voxels before
                        five, here = np.uintp(5), np.uintp(5) * stride + row
                        end = here + n - unit
                        add_line(c, at + unit, n - unit, table, f,
                                 here, five, one, null, here, five, zero, null)  # fmt: skip
                        add_line(c, at, unit, table, f, end, five, one, null, end, five, zero, null)


@compiled(parallel=True)
def faces_of_red(gx, gy, gz, out):
    """The six faces of every red voxel, from faces in natural order."""
    nx, ny, nz = gx.shape
    for p in prange(nx):
        i = np.uintp(p)
        up = after(i, np.uintp(nx))
        for q in range(ny):
            j = np.uintp(q)
            right = after(j, np.uintp(ny))
            first = (p + q) & 1
            for m in range(out.shape[3]):
                k = np.uintp(2 * m + first)
                out[0, i, j, m] = gx[i, j, k]
                out[1, i, j, m] = gx[up, j, k]
                out[2, i, j, m] = gy[i, j, k]
                out[3, i, j, m] = gy[i, right, k]
                out[4, i, j, m] = gz[i, j, k]
                out[5, i, j, m] = gz[i, j, after(k, np.uintp(nz))]
