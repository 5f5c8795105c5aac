"""Rows of the two-colour grid: what every kernel is made of.

Voxels are coloured like a three-dimensional chessboard, so that all six neighbours of a voxel have
the other colour. Each colour is an array (nx, ny, nz/2): voxel (i, j, k) is red if i + j + k is
even and stands at [i, j, k // 2] of its colour's array. Neighbours along x and y then have the same
last index; along z the last indices of a red voxel's neighbours are m - 1 + s and m + s with
s = (i + j) % 2, those of a black one's with s = (i + j + 1) % 2. Every loop runs with stride one.

Every face belongs to one red voxel. `faces` has one of two forms:

- coarse grids: float32 (6, nx, ny, nz/2), conductances of the faces -x, +x, -y, +y, -z, +z;
- the image: unsigned integers (1, nx, ny, nz/2), six numbers of entries in `table`, a table of
  conductances that begins with 0; 1, 2, 5 or 10 bits for each face in 8, 16, 32 or 64 bits.

Indices wrap around at all ends; where the sides are not periodic the face there has conductance 0.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numba.extending import overload

from joulestack.microstructure.conduction.compiled import compiled

# mypy: disable-error-code="no-untyped-def"

BITS = {
    np.dtype(np.uint8): 1,
    np.dtype(np.uint16): 2,
    np.dtype(np.uint32): 5,
    np.dtype(np.uint64): 10,
}
"""Bits for each face by the type of the code."""

RED, BLACK = 0, 1


def add_line(acc, table, code_a, face_a, a, code_b, face_b, b):
    """acc += g_a a + g_b b, elementwise; g from rows of `faces` (code, number of the face)."""
    raise NotImplementedError  # compiled code only


@overload(add_line)
def _add_line(acc, table, code_a, face_a, a, code_b, face_b, b):
    """The form for each type of `faces`."""
    if isinstance(code_a.dtype, types.Float):

        def stored(acc, table, code_a, face_a, a, code_b, face_b, b):
            for m in range(acc.size):
                acc[m] += code_a[m] * a[m] + code_b[m] * b[m]

        return stored

    if code_a.dtype.bitwidth == 8:  # arithmetic becomes vector instructions, a look-up would not

        def one_value(acc, table, code_a, face_a, a, code_b, face_b, b):
            g, one = table[1], np.int32(1)
            shift_a, shift_b = np.int32(face_a), np.int32(face_b)
            for m in range(acc.size):
                u = (np.int32(code_a[m]) >> shift_a) & one
                v = (np.int32(code_b[m]) >> shift_b) & one
                acc[m] += g * (np.float32(u) * a[m] + np.float32(v) * b[m])

        return one_value

    bits = BITS[np.dtype(code_a.dtype.name)]
    mask = 2**bits - 1

    def looked_up(acc, table, code_a, face_a, a, code_b, face_b, b):
        for m in range(acc.size):
            u = (code_a[m] >> (bits * face_a)) & mask
            v = (code_b[m] >> (bits * face_b)) & mask
            acc[m] += table[u] * a[m] + table[v] * b[m]

    return looked_up


@compiled()
def wrap(i, n):
    """Index of the voxel beyond an end."""
    return i + n if i < 0 else (i - n if i >= n else i)


@compiled()
def add_along_x(faces, table, colour, i, j, below, above, acc):
    """acc += conductance of the lower face * below + of the upper face * above, for one row."""
    last = faces.shape[0] - 1
    if colour == 0:
        lower, upper = faces[0, i, j], faces[min(1, last), i, j]
        add_line(acc, table, lower, 0, below, upper, 1, above)
    else:
        nx = faces.shape[1]
        lower, upper = faces[min(1, last), wrap(i - 1, nx), j], faces[0, wrap(i + 1, nx), j]
        add_line(acc, table, lower, 1, below, upper, 0, above)


@compiled()
def add_along_y(faces, table, colour, i, j, below, above, acc):
    """The same along y."""
    last = faces.shape[0] - 1
    if colour == 0:
        lower, upper = faces[min(2, last), i, j], faces[min(3, last), i, j]
        add_line(acc, table, lower, 2, below, upper, 3, above)
    else:
        ny = faces.shape[2]
        lower = faces[min(3, last), i, wrap(j - 1, ny)]
        upper = faces[min(2, last), i, wrap(j + 1, ny)]
        add_line(acc, table, lower, 3, below, upper, 2, above)


@compiled()
def add_along_z(faces, table, colour, i, j, below, above, last_below, first_above, acc):
    """The same along z, where one of the neighbour pairs may lie beyond the ends.

    Args:
        below, above: of all voxels but that one.
        last_below, first_above: of that one.
    """
    last = faces.shape[0] - 1
    minus, plus = faces[min(4, last), i, j], faces[min(5, last), i, j]
    n = acc.size
    most, one = z_parts(i, j, colour, n)
    if colour == 0:
        add_line(acc[most], table, minus[most], 4, below, plus[most], 5, above)
        add_line(acc[one], table, minus[one], 4, last_below, plus[one], 5, first_above)
    else:
        add_line(acc[most], table, plus[: n - 1], 5, below, minus[1:], 4, above)
        add_line(acc[one], table, plus[n - 1 :], 5, last_below, minus[:1], 4, first_above)


@compiled()
def z_parts(i, j, colour, n):
    """Voxels of a row whose neighbours along z are inside it, and the one whose are not both."""
    odd = (i + j + colour) & 1
    alone = 0 if odd == 0 else n - 1
    return slice(1 - odd, n - odd), slice(alone, alone + 1)


@compiled()
def gather(faces, table, colour, i, j, other, acc):
    """acc += sum over the six neighbours of conductance * value, for the row (i, j) of a colour."""
    nx, ny, n = other.shape
    below, above = other[wrap(i - 1, nx), j], other[wrap(i + 1, nx), j]
    add_along_x(faces, table, colour, i, j, below, above, acc)
    below, above = other[i, wrap(j - 1, ny)], other[i, wrap(j + 1, ny)]
    add_along_y(faces, table, colour, i, j, below, above, acc)
    row = other[i, j]
    add_along_z(faces, table, colour, i, j, row[: n - 1], row[1:], row[n - 1 :], row[:1], acc)


@compiled()
def gather_differences(faces, table, colour, i, j, other, own, acc):
    """acc += sum of conductance * (neighbour - own): round-off of small differences only."""
    nx, ny, n = other.shape
    mine = own[i, j]
    below, above = other[wrap(i - 1, nx), j] - mine, other[wrap(i + 1, nx), j] - mine
    add_along_x(faces, table, colour, i, j, below, above, acc)
    below, above = other[i, wrap(j - 1, ny)] - mine, other[i, wrap(j + 1, ny)] - mine
    add_along_y(faces, table, colour, i, j, below, above, acc)
    row = other[i, j]
    most, one = z_parts(i, j, colour, n)
    add_along_z(
        faces, table, colour, i, j, row[: n - 1] - mine[most], row[1:] - mine[most],
        row[n - 1 :] - mine[one], row[:1] - mine[one], acc,
    )  # fmt: skip
