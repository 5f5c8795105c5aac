"""Operations on one grid, parallel over planes of the first axis.

Arguments that recur: `faces`, `table` (see rows.py); `colour`, 0 red and 1 black; `diagonal`, of
the equations on a colour, 0 where nothing conducts; `other`, values on the other colour;
`sums`, one float64 for each plane, so that results do not depend on the number of threads.
"""

from __future__ import annotations

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled, prange
from joulestack.microstructure.conduction.rows import (
    add_along_x,
    before,
    gather,
    gather_by_faces,
    gather_differences,
    layout,
)

# mypy: disable-error-code="no-untyped-def"


@compiled(parallel=True)
def relax(faces, table, colour, diagonal, right, other, out, sums):
    """out = (right + neighbours) / diagonal: one colour solved; sums, unless empty: right * out."""
    wanted = len(sums) > 0
    grid = layout(faces)
    _, nx, ny, n = grid
    f, o = faces.reshape(-1), other.reshape(-1)
    b, d, x = right.reshape(-1), diagonal.reshape(-1), out.reshape(-1)
    for p in prange(nx):
        i = np.uintp(p)
        acc = np.empty(n, o.dtype)
        total = 0.0
        for j in range(ny):
            row = (i * ny + j) * n
            for m in range(n):
                acc[m] = b[row + m]
            gather(table, f, grid, colour, i, np.uintp(j), o, acc)
            for m in range(n):
                x[row + m] = acc[m] / d[row + m] if d[row + m] > 0 else o.dtype.type(0)
            if wanted:
                for m in range(n):
                    total += np.float64(b[row + m]) * np.float64(x[row + m])
        if wanted:
            sums[p] = total


@compiled(parallel=True)
def neighbours(faces, table, colour, diagonal, other, out):
    """out = neighbours / diagonal: one colour solved without sources."""
    grid = layout(faces)
    _, nx, ny, n = grid
    f, o, d, x = (
        faces.reshape(-1),
        other.reshape(-1),
        diagonal.reshape(-1),
        out.reshape(-1),
    )
    for p in prange(nx):
        i = np.uintp(p)
        acc = np.empty(n, o.dtype)
        for j in range(ny):
            row = (i * ny + j) * n
            acc[:] = 0
            gather(table, f, grid, colour, i, np.uintp(j), o, acc)
            for m in range(n):
                x[row + m] = acc[m] / d[row + m] if d[row + m] > 0 else o.dtype.type(0)


@compiled(parallel=True)
def schur(faces, table, diagonal, red, p, q, sums):
    """q = diagonal * p - neighbours, on black voxels; sums: p * q."""
    grid = layout(faces)
    _, nx, ny, n = grid
    f, o = faces.reshape(-1), red.reshape(-1)
    d, a, b = diagonal.reshape(-1), p.reshape(-1), q.reshape(-1)
    for plane in prange(nx):
        i = np.uintp(plane)
        acc = np.empty(n, o.dtype)
        total = 0.0
        for j in range(ny):
            row = (i * ny + j) * n
            acc[:] = 0
            gather(table, f, grid, 1, i, np.uintp(j), o, acc)
            for m in range(n):
                e = d[row + m]
                b[row + m] = e * a[row + m] - acc[m] if e > 0 else o.dtype.type(0)
            for m in range(n):
                total += np.float64(a[row + m]) * np.float64(b[row + m])
        sums[plane] = total


@compiled(parallel=True)
def balance(faces, table, colour, diagonal, low, high, drop, other, own, out, sums):
    """Net inflow into the voxels of a colour, from differences: free of the round-off of `relax`.

    Red: out = own + inflow / diagonal. Black: out = inflow, the residual; sums of it.

    Args:
        low, high: conductances to the two end faces, (ny, nz).
        drop: applied drop from plane i to plane i + 1.
        own: values on this colour.
    """
    grid = layout(faces)
    _, nx, ny, n = grid
    f, o = faces.reshape(-1), other.reshape(-1)
    d, x, y = diagonal.reshape(-1), own.reshape(-1), out.reshape(-1)
    zero, half = np.uintp(0), o.dtype.type(0.5)
    for p in prange(nx):
        i = np.uintp(p)
        acc, a, b = np.empty(n, o.dtype), np.empty(n, o.dtype), np.empty(n, o.dtype)
        total = 0.0
        for j in range(ny):
            row = (i * ny + j) * n
            acc[:] = 0
            first = (p + j + colour) & 1
            if p == 0:
                for m in range(n):
                    acc[m] += low[j, 2 * m + first] * (half - x[row + m])
            if p == nx - 1:
                for m in range(n):
                    acc[m] -= high[j, 2 * m + first] * (half + x[row + m])
            a[:] = drop[before(i, nx)]
            b[:] = -drop[p]
            add_along_x(table, f, grid, colour, i, j, a, zero, b, zero, acc)
            gather_differences(table, f, grid, colour, i, j, o, x, acc, a, b)
            if colour == 0:
                for m in range(n):
                    e = d[row + m]
                    y[row + m] = x[row + m] + acc[m] / e if e > 0 else o.dtype.type(0)
            else:
                for m in range(n):
                    y[row + m] = acc[m] if d[row + m] > 0 else o.dtype.type(0)
                    total += np.float64(y[row + m])
        sums[p] = total


@compiled(parallel=True)
def add_up_diagonal(faces, table, colour, low, high, ones, out):
    """out = sum of the conductances of the six faces and to the end faces."""
    grid = layout(faces)
    _, nx, ny, n = grid
    f, o = faces.reshape(-1), ones.reshape(-1)
    for p in prange(nx):
        acc = np.empty(n, o.dtype)
        for j in range(ny):
            acc[:] = 0
            first = (p + j + colour) & 1
            if p == 0:
                for m in range(n):
                    acc[m] += low[j, 2 * m + first]
            if p == nx - 1:
                for m in range(n):
                    acc[m] += high[j, 2 * m + first]
            gather_by_faces(table, f, grid, colour, np.uintp(p), np.uintp(j), o, acc)
            out[p, j] = acc


@compiled(parallel=True)
def direction(p, z, beta):
    """p = z + beta p."""
    nx, size = p.shape[0], np.uintp(p.shape[1] * p.shape[2])
    a, b = p.reshape(-1), z.reshape(-1)
    for i in prange(nx):
        at = np.uintp(i) * size
        for m in range(size):
            a[at + m] = b[at + m] + beta * a[at + m]


@compiled(parallel=True)
def step(x, r, p, q, diagonal, alpha, sums):
    """x += alpha p, r -= alpha q, q = r / diagonal; sums: r."""
    nx, size = p.shape[0], np.uintp(p.shape[1] * p.shape[2])
    a, b, c, d = x.reshape(-1), r.reshape(-1), p.reshape(-1), q.reshape(-1)
    e = diagonal.reshape(-1)
    for i in prange(nx):
        at = np.uintp(i) * size
        total = 0.0
        for m in range(size):
            a[at + m] += alpha * c[at + m]
        for m in range(size):
            b[at + m] -= alpha * d[at + m]
            total += np.float64(b[at + m])
        for m in range(size):
            d[at + m] = b[at + m] / e[at + m] if e[at + m] > 0 else b.dtype.type(0)
        sums[i] = total


@compiled(parallel=True)
def divide(right, diagonal, out):
    """out = right / diagonal."""
    nx, size = out.shape[0], np.uintp(out.shape[1] * out.shape[2])
    b, d, x = right.reshape(-1), diagonal.reshape(-1), out.reshape(-1)
    for i in prange(nx):
        at = np.uintp(i) * size
        for m in range(size):
            x[at + m] = b[at + m] / d[at + m] if d[at + m] > 0 else b.dtype.type(0)
