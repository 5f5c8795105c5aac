"""Rows of the two-colour grid: what every kernel is made of.

Voxels are coloured like a three-dimensional chessboard, so that all six neighbours of a voxel have
the other colour. Each colour is an array (nx, ny, nz/2): voxel (i, j, k) is red if i + j + k is
even and stands at [i, j, k // 2] of its colour's array. Neighbours along x and y then have the same
last index; along z the last indices of a red voxel's neighbours are m - 1 + s and m + s with
s = (i + j) % 2, those of a black one's with s = (i + j + 1) % 2. Every loop runs with stride one.

Every face belongs to one red voxel. `faces` has one of two forms:

- coarse grids: float32 (6, nx, ny, nz/2), conductances of the faces -x, +x, -y, +y, -z, +z;
- the image: unsigned integers (1, nx, ny, nz/2), six numbers of entries in `table`, a table of
  conductances that begins with 0; 1, 5 or 10 bits for each face in 8, 32 or 64 bits.

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
    mask = np.uint64(2**bits - 1)

    def looked_up(acc, table, code_a, face_a, a, code_b, face_b, b):
        shift_a, shift_b = np.uint64(bits * face_a), np.uint64(bits * face_b)
        for m in range(acc.size):
            u = (code_a[m] >> shift_a) & mask
            v = (code_b[m] >> shift_b) & mask
            acc[m] += table[u] * a[m] + table[v] * b[m]

    return looked_up


@compiled()
def wrap(i, n):
    """Index of the voxel beyond an end."""
    return i + n if i < 0 else (i - n if i >= n else i)


@compiled()
def add_along_x(faces, table, colour, i, j, below, above, acc):
    """acc += conductance of the lower face * below + of the upper face * above, for one row.

    Both colours take the same calls: each one more would be compiled into every kernel.
    """
    last, nx = faces.shape[0] - 1, faces.shape[1]
    p = np.int64(i)  # an index of prange has no sign
    low, up = (p, p) if colour == 0 else (wrap(p - 1, nx), wrap(p + 1, nx))
    first, second = colour, 1 - colour
    lower, upper = faces[min(first, last), low, j], faces[min(second, last), up, j]
    add_line(acc, table, lower, first, below, upper, second, above)


@compiled()
def add_along_y(faces, table, colour, i, j, below, above, acc):
    """The same along y."""
    last, ny = faces.shape[0] - 1, faces.shape[2]
    low, up = (j, j) if colour == 0 else (wrap(j - 1, ny), wrap(j + 1, ny))
    first, second = 2 + colour, 3 - colour
    lower, upper = faces[min(first, last), i, low], faces[min(second, last), i, up]
    add_line(acc, table, lower, first, below, upper, second, above)


@compiled()
def add_along_z(faces, table, colour, i, j, below, above, last_below, first_above, acc):
    """The same along z, where one of the neighbour pairs may lie beyond the ends.

    Args:
        below, above: of all voxels but that one.
        last_below, first_above: of that one.
    """
    last, n = faces.shape[0] - 1, acc.size
    most, one = z_parts(i, j, colour, n)
    first, second = 4 + colour, 5 - colour
    lower, upper = faces[min(first, last), i, j], faces[min(second, last), i, j]
    if colour == 0:
        a, b, c, d = lower[most], upper[most], lower[one], upper[one]
    else:  # faces of the red neighbours
        a, b, c, d = lower[: n - 1], upper[1:], lower[n - 1 :], upper[:1]
    add_line(acc[most], table, a, first, below, b, second, above)
    add_line(acc[one], table, c, first, last_below, d, second, first_above)


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
