"""Connected pieces of the conducting voxels, by runs along the last axis.

A run is a stretch of conducting voxels in one row; there are some ten times fewer runs than
voxels. Rows are numbered i * ny + j; the runs of row q are first[q] ... first[q + 1] - 1.
"""

from __future__ import annotations

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled, prange

# mypy: disable-error-code="no-untyped-def"


@compiled(parallel=True)
def count_runs(classes, counts):
    """Number of runs in each row; class 0 does not conduct."""
    nx, ny, nz = classes.shape
    for i in prange(nx):
        for j in range(ny):
            row = classes[i, j]
            total = np.int64(row[0] > 0)
            for k in range(1, nz):
                total += np.int64((row[k] > 0) & (row[k - 1] == 0))
            counts[i * ny + j] = total


@compiled(parallel=True)
def find_runs(classes, first, start, end):
    """First voxel of every run, and the one after its last."""
    nx, ny, nz = classes.shape
    for i in prange(nx):
        for j in range(ny):
            row = classes[i, j]
            run = first[i * ny + j]
            for k in range(nz):
                if row[k] > 0:
                    if k == 0 or row[k - 1] == 0:
                        start[run] = k
                    if k == nz - 1 or row[k + 1] == 0:
                        end[run] = k + 1
                        run += 1


@compiled()
def root_of(parent, run):
    """The run that stands for a piece; shortens the way to it."""
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run


@compiled()
def join(parent, a, b):
    """One piece from two; the lower number stands for it."""
    a, b = root_of(parent, a), root_of(parent, b)
    if a < b:
        parent[b] = a
    else:
        parent[a] = b


@compiled()
def join_rows(first, start, end, parent, row_a, row_b):
    """Join the runs of two rows that lie side by side."""
    a, b = first[row_a], first[row_b]
    while a < first[row_a + 1] and b < first[row_b + 1]:
        if start[a] < end[b] and start[b] < end[a]:
            join(parent, a, b)
        if end[a] < end[b]:
            a += 1
        else:
            b += 1


@compiled(parallel=True)
def join_all(first, start, end, parent, shape, periodic_y, periodic_z):
    """Join touching runs: slabs of planes each by a thread, then the slabs."""
    nx, ny, nz = shape
    slab = 16
    for s in prange((nx + slab - 1) // slab):
        for i in range(s * slab, min(nx, (s + 1) * slab)):
            for j in range(ny):
                row = i * ny + j
                if j > 0:
                    join_rows(first, start, end, parent, row - 1, row)
                if i > s * slab:
                    join_rows(first, start, end, parent, row - ny, row)
                if periodic_z and first[row + 1] > first[row]:
                    a, b = first[row], first[row + 1] - 1
                    if start[a] == 0 and end[b] == nz:
                        join(parent, a, b)
            if periodic_y and ny > 1:
                join_rows(first, start, end, parent, i * ny, i * ny + ny - 1)
    for i in range(slab, nx, slab):
        for j in range(ny):
            join_rows(first, start, end, parent, (i - 1) * ny + j, i * ny + j)
    for run in range(parent.size):
        parent[run] = root_of(parent, run)


@compiled(parallel=True)
def mark(classes, first, start, end, parent, marks):
    """Overwrite the class of every voxel whose piece has a mark."""
    nx, ny, _ = classes.shape
    for i in prange(nx):
        for j in range(ny):
            for run in range(first[i * ny + j], first[i * ny + j + 1]):
                new = marks[parent[run]]
                if new > 0:
                    for k in range(start[run], end[run]):
                        classes[i, j, k] = new
