"""Operations on one grid, parallel over planes of the first axis.

Arguments that recur: `faces`, `table` (see rows.py); `colour`, 0 red and 1 black; `diagonal`, of
the equations on a colour, 0 where nothing conducts; `other`, values on the other colour;
`sums`, one float64 for each plane, so that results do not depend on the number of threads.
"""

from __future__ import annotations

import numpy as np
from numba import prange

from joulestack.microstructure.conduction.compiled import compiled
from joulestack.microstructure.conduction.rows import add_along_x, gather, gather_differences, wrap

# mypy: disable-error-code="no-untyped-def"


@compiled(parallel=True)
def relax(faces, table, colour, diagonal, right, other, out, sums):
    """out = (right + neighbours) / diagonal: one colour solved; sums: right * out."""
    nx, ny, n = out.shape
    for i in prange(nx):
        acc = np.empty(n, np.float32)
        total = 0.0
        for j in range(ny):
            b, d, x = right[i, j], diagonal[i, j], out[i, j]
            acc[:] = b
            gather(faces, table, colour, i, j, other, acc)
            for m in range(n):
                x[m] = acc[m] / d[m] if d[m] > 0 else np.float32(0)
                total += np.float64(b[m]) * np.float64(x[m])
        sums[i] = total


@compiled(parallel=True)
def neighbours(faces, table, colour, diagonal, other, out):
    """out = neighbours / diagonal: one colour solved without sources."""
    nx, ny, n = out.shape
    for i in prange(nx):
        acc = np.empty(n, np.float32)
        for j in range(ny):
            acc[:] = 0
            gather(faces, table, colour, i, j, other, acc)
            d, x = diagonal[i, j], out[i, j]
            for m in range(n):
                x[m] = acc[m] / d[m] if d[m] > 0 else np.float32(0)


@compiled(parallel=True)
def schur(faces, table, diagonal, red, p, q, sums):
    """q = diagonal * p - neighbours, on black voxels; sums: p * q."""
    nx, ny, n = p.shape
    for i in prange(nx):
        acc = np.empty(n, np.float32)
        total = 0.0
        for j in range(ny):
            acc[:] = 0
            gather(faces, table, 1, i, j, red, acc)
            d, a, b = diagonal[i, j], p[i, j], q[i, j]
            for m in range(n):
                b[m] = d[m] * a[m] - acc[m]
                total += np.float64(a[m]) * np.float64(b[m])
        sums[i] = total


@compiled(parallel=True)
def balance(faces, table, colour, diagonal, low, high, drop, other, own, out, sums):
    """Net inflow into the voxels of a colour, from differences: free of the round-off of `relax`.

    Red: out = own + inflow / diagonal. Black: out = inflow, the residual; sums of it.

    Args:
        low, high: conductances to the two end faces, (ny, nz).
        drop: applied drop from plane i to plane i + 1.
        own: values on this colour.
    """
    nx, ny, n = out.shape
    for i in prange(nx):
        acc, below, above = (
            np.empty(n, np.float32),
            np.empty(n, np.float32),
            np.empty(n, np.float32),
        )
        below[:] = drop[wrap(i - 1, nx)]
        above[:] = -drop[i]
        half = np.float32(0.5)
        total = 0.0
        for j in range(ny):
            acc[:] = 0
            d, x, y = diagonal[i, j], own[i, j], out[i, j]
            first = (i + j + colour) & 1
            if i == 0:
                for m in range(n):
                    acc[m] += low[j, 2 * m + first] * (half - x[m])
            if i == nx - 1:
                for m in range(n):
                    acc[m] -= high[j, 2 * m + first] * (half + x[m])
            add_along_x(faces, table, colour, i, j, below, above, acc)
            gather_differences(faces, table, colour, i, j, other, own, acc)
            if colour == 0:
                for m in range(n):
                    y[m] = x[m] + acc[m] / d[m] if d[m] > 0 else np.float32(0)
            else:
                for m in range(n):
                    y[m] = acc[m] if d[m] > 0 else np.float32(0)
                    total += np.float64(y[m])
        sums[i] = total


@compiled(parallel=True)
def add_up_diagonal(faces, table, colour, low, high, ones, out):
    """out = sum of the conductances of the six faces and to the end faces."""
    nx, ny, n = out.shape
    for i in prange(nx):
        acc = np.empty(n, np.float32)
        for j in range(ny):
            acc[:] = 0
            first = (i + j + colour) & 1
            if i == 0:
                for m in range(n):
                    acc[m] += low[j, 2 * m + first]
            if i == nx - 1:
                for m in range(n):
                    acc[m] += high[j, 2 * m + first]
            gather(faces, table, colour, i, j, ones, acc)
            out[i, j] = acc


@compiled(parallel=True)
def direction(p, z, beta):
    """p = z + beta p."""
    nx, ny, n = p.shape
    for i in prange(nx):
        for j in range(ny):
            a, b = p[i, j], z[i, j]
            for m in range(n):
                a[m] = b[m] + beta * a[m]


@compiled(parallel=True)
def step(x, r, p, q, diagonal, alpha, sums):
    """x += alpha p, r -= alpha q, q = r / diagonal; sums: r."""
    nx, ny, n = p.shape
    for i in prange(nx):
        total = 0.0
        for j in range(ny):
            a, b, c, d, e = x[i, j], r[i, j], p[i, j], q[i, j], diagonal[i, j]
            for m in range(n):
                a[m] += alpha * c[m]
            for m in range(n):
                b[m] -= alpha * d[m]
                d[m] = b[m] / e[m] if e[m] > 0 else np.float32(0)
                total += np.float64(b[m])
        sums[i] = total


@compiled(parallel=True)
def divide(right, diagonal, out):
    """out = right / diagonal."""
    nx, ny, n = out.shape
    for i in prange(nx):
        for j in range(ny):
            b, d, x = right[i, j], diagonal[i, j], out[i, j]
            for m in range(n):
                x[m] = b[m] / d[m] if d[m] > 0 else np.float32(0)
