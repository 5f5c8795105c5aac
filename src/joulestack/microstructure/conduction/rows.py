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

Functions here take flat arrays and unsigned offsets: a slice for each row would count references
for each row, atomically and for all threads on one counter, and a signed index could be negative.
"""

from __future__ import annotations

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled, overload, types

# mypy: disable-error-code="no-untyped-def"

BITS = {
    np.dtype(np.uint8): 1,
    np.dtype(np.uint16): 2,
    np.dtype(np.uint32): 5,
    np.dtype(np.uint64): 10,
}
"""Bits for each face by the type of the code."""

RED, BLACK = 0, 1


def add_line(acc, start, count, table, faces, at_a, face_a, a, from_a, at_b, face_b, b, from_b):
    """acc += g_a a + g_b b on part of a row.

    Args:
        acc, start, count: elements start ... start + count - 1 are changed.
        table, faces: conductances.
        at_a, face_a: where the row of conductances begins in `faces`, and the number of the face.
        a, from_a: values, and where they begin.
        at_b, face_b, b, from_b: the same again.
    """
    raise NotImplementedError  # compiled code only


@overload(add_line)
def _add_line(acc, start, count, table, faces, at_a, face_a, a, from_a, at_b, face_b, b, from_b):
    """The form for each type of `faces`."""
    if isinstance(faces.dtype, types.Float):

        def stored(
            acc, start, count, table, faces, at_a, face_a, a, from_a, at_b, face_b, b, from_b
        ):
            for m in range(count):
                acc[start + m] += faces[at_a + m] * a[from_a + m] + faces[at_b + m] * b[from_b + m]

        return stored

    if faces.dtype.bitwidth == 8:  # arithmetic becomes vector instructions, a look-up would not

        def one_value(
            acc, start, count, table, faces, at_a, face_a, a, from_a, at_b, face_b, b, from_b
        ):
            g, one = table[1], np.int32(1)
            shift_a, shift_b = np.int32(face_a), np.int32(face_b)
            for m in range(count):
                u = (np.int32(faces[at_a + m]) >> shift_a) & one
                v = (np.int32(faces[at_b + m]) >> shift_b) & one
                acc[start + m] += g * (
                    acc.dtype.type(u) * a[from_a + m] + acc.dtype.type(v) * b[from_b + m]
                )

        return one_value

    bits = BITS[np.dtype(faces.dtype.name)]
    mask = np.uint64(2**bits - 1)

    def looked_up(
        acc, start, count, table, faces, at_a, face_a, a, from_a, at_b, face_b, b, from_b
    ):
        shift_a, shift_b = np.uint64(bits * face_a), np.uint64(bits * face_b)
        for m in range(count):
            u = (faces[at_a + m] >> shift_a) & mask
            v = (faces[at_b + m] >> shift_b) & mask
            acc[start + m] += table[u] * a[from_a + m] + table[v] * b[from_b + m]

    return looked_up


@compiled()
def layout(faces):
    """Offset from face to face in the flat array (0 for codes), and nx, ny, nz/2; all unsigned."""
    kinds, nx, ny, n = faces.shape
    stride = nx * ny * n if kinds > 1 else 0
    return np.uintp(stride), np.uintp(nx), np.uintp(ny), np.uintp(n)


@compiled()
def before(i, n):
    """Index of the voxel before, around the end."""
    return i - np.uintp(1) if i > 0 else n - np.uintp(1)


@compiled()
def after(i, n):
    """Index of the voxel after, around the end."""
    return i + np.uintp(1) if i + np.uintp(1) < n else np.uintp(0)


@compiled()
def add_along_x(table, faces, grid, colour, i, j, below, from_below, above, from_above, acc):
    """acc += conductance of the lower face * below + of the upper face * above, for a row (i, j).

    Both colours take the same calls: each one more would be compiled into every kernel.
    """
    stride, nx, ny, n = grid
    low, up = (i, i) if colour == 0 else (before(i, nx), after(i, nx))
    first, second = np.uintp(colour), np.uintp(1 - colour)
    at_low, at_up = first * stride + (low * ny + j) * n, second * stride + (up * ny + j) * n
    add_line(
        acc, np.uintp(0), n, table, faces,
        at_low, first, below, from_below, at_up, second, above, from_above,
    )  # fmt: skip


@compiled()
def add_along_y(table, faces, grid, colour, i, j, below, from_below, above, from_above, acc):
    """The same along y."""
    stride, _, ny, n = grid
    low, up = (j, j) if colour == 0 else (before(j, ny), after(j, ny))
    first, second = np.uintp(2 + colour), np.uintp(3 - colour)
    at_low, at_up = first * stride + (i * ny + low) * n, second * stride + (i * ny + up) * n
    add_line(
        acc, np.uintp(0), n, table, faces,
        at_low, first, below, from_below, at_up, second, above, from_above,
    )  # fmt: skip


@compiled()
def z_parts(colour, i, j, n):
    """Where the voxels begin whose neighbours along z are in the row, and the one that is left."""
    odd = (i + j + np.uintp(colour)) & np.uintp(1)
    return np.uintp(1) - odd, odd * (n - np.uintp(1))


@compiled()
def add_along_z(table, faces, grid, colour, i, j, below, above, offsets, acc):
    """The same along z.

    Args:
        below, above: values.
        offsets: where they begin in below and above for voxels with both neighbours in the row,
            and where they are for the voxel that is left.
    """
    stride, _, ny, n = grid
    most, _ = z_parts(colour, i, j, n)
    first, second = np.uintp(4 + colour), np.uintp(5 - colour)
    row = (i * ny + j) * n
    lower, upper = first * stride + row, second * stride + row
    one = np.uintp(1)
    if colour == 0:
        a, b = lower + most, upper + most
    else:  # faces of the red neighbours
        a, b = lower, upper + one
    add_line(
        acc, most, n - one, table, faces,
        a, first, below, offsets[0], b, second, above, offsets[1],
    )  # fmt: skip
    end_along_z(table, faces, grid, colour, i, j, below, above, offsets, acc)


@compiled()
def end_along_z(table, faces, grid, colour, i, j, below, above, offsets, acc):
    """The same for the voxel whose neighbour lies around the end of the row."""
    stride, _, ny, n = grid
    _, alone = z_parts(colour, i, j, n)
    first, second = np.uintp(4 + colour), np.uintp(5 - colour)
    row = (i * ny + j) * n
    lower, upper = first * stride + row, second * stride + row
    one = np.uintp(1)
    if colour == 0:
        c, d = lower + alone, upper + alone
    else:
        c, d = lower + n - one, upper
    add_line(
        acc, alone, one, table, faces, c, first, below, offsets[2], d, second, above, offsets[3]
    )


def single(faces):
    """Whether all faces that conduct are alike: a type, not a value, so that one branch is left."""
    raise NotImplementedError  # compiled code only


@overload(single)
def _single(faces):
    alike = not isinstance(faces.dtype, types.Float) and faces.dtype.bitwidth == 8
    return lambda faces: alike


def add_across(acc, table, faces, grid, colour, i, j, other):
    """acc += conductance * value over the neighbours along x and y, for a row (i, j)."""
    raise NotImplementedError  # compiled code only


@overload(add_across)
def _add_across(acc, table, faces, grid, colour, i, j, other):
    """One pass over the row where it can be."""
    if isinstance(faces.dtype, types.Float):

        def stored(acc, table, faces, grid, colour, i, j, other):
            stride, nx, ny, n = grid
            low, up = before(i, nx) * ny + j, after(i, nx) * ny + j
            left, right = i * ny + before(j, ny), i * ny + after(j, ny)
            own, one, two = i * ny + j, stride, np.uintp(2) * stride
            three = one + two
            if colour == 0:
                a, b, c, d = own * n, one + own * n, two + own * n, three + own * n
            else:
                a, b, c, d = one + low * n, up * n, three + left * n, two + right * n
            p, q, r, s = low * n, up * n, left * n, right * n
            for m in range(n):
                acc[m] += (faces[a + m] * other[p + m] + faces[b + m] * other[q + m]) + (
                    faces[c + m] * other[r + m] + faces[d + m] * other[s + m]
                )

        return stored

    def coded(acc, table, faces, grid, colour, i, j, other):
        _, nx, ny, n = grid
        low, up = (before(i, nx) * ny + j) * n, (after(i, nx) * ny + j) * n
        add_along_x(table, faces, grid, colour, i, j, other, low, other, up, acc)
        low, up = (i * ny + before(j, ny)) * n, (i * ny + after(j, ny)) * n
        add_along_y(table, faces, grid, colour, i, j, other, low, other, up, acc)

    return coded


@compiled()
def gather(table, faces, grid, colour, i, j, other, acc):
    """acc += sum over the six neighbours of conductance * value, for the row (i, j) of a colour.

    Where all faces are alike the sum needs no faces, except through the ends of the grid.

    Args:
        other: 0 where nothing conducts; results count on conducting voxels only.
    """
    _, nx, ny, n = grid
    row, one = (i * ny + j) * n, np.uintp(1)
    offsets = (row, row + one, row + n - one, row)
    if not single(faces) or i == 0 or i + one == nx or j == 0 or j + one == ny:
        add_across(acc, table, faces, grid, colour, i, j, other)
        add_along_z(table, faces, grid, colour, i, j, other, other, offsets, acc)
        return
    most, alone = z_parts(colour, i, j, n)
    g, x, own = table[1], ny * n, row + most
    for m in range(n - one):
        at = own + m
        acc[most + m] += g * (
            ((other[at - x] + other[at + x]) + (other[at - n] + other[at + n]))
            + (other[row + m] + other[row + one + m])
        )
    at = row + alone
    acc[alone] += g * ((other[at - x] + other[at + x]) + (other[at - n] + other[at + n]))
    end_along_z(table, faces, grid, colour, i, j, other, other, offsets, acc)


@compiled()
def gather_by_faces(table, faces, grid, colour, i, j, other, acc):
    """The same for values that may be anything where nothing conducts."""
    _, nx, ny, n = grid
    low, up = (before(i, nx) * ny + j) * n, (after(i, nx) * ny + j) * n
    add_along_x(table, faces, grid, colour, i, j, other, low, other, up, acc)
    low, up = (i * ny + before(j, ny)) * n, (i * ny + after(j, ny)) * n
    add_along_y(table, faces, grid, colour, i, j, other, low, other, up, acc)
    row, one = (i * ny + j) * n, np.uintp(1)
    offsets = (row, row + one, row + n - one, row)
    add_along_z(table, faces, grid, colour, i, j, other, other, offsets, acc)


@compiled()
def subtract(a, from_a, b, from_b, count, out, start):
    """out = a - b on part of a row."""
    for m in range(count):
        out[start + m] = a[from_a + m] - b[from_b + m]


@compiled()
def gather_differences(table, faces, grid, colour, i, j, other, own, acc, below, above):
    """acc += sum of conductance * (neighbour - own): round-off of small differences only.

    Args:
        below, above: work space, a row each.
    """
    _, nx, ny, n = grid
    zero, one = np.uintp(0), np.uintp(1)
    row = (i * ny + j) * n
    subtract(other, (before(i, nx) * ny + j) * n, own, row, n, below, zero)
    subtract(other, (after(i, nx) * ny + j) * n, own, row, n, above, zero)
    add_along_x(table, faces, grid, colour, i, j, below, zero, above, zero, acc)
    subtract(other, (i * ny + before(j, ny)) * n, own, row, n, below, zero)
    subtract(other, (i * ny + after(j, ny)) * n, own, row, n, above, zero)
    add_along_y(table, faces, grid, colour, i, j, below, zero, above, zero, acc)
    most, alone = z_parts(colour, i, j, n)
    subtract(other, row, own, row + most, n - one, below, most)
    subtract(other, row + one, own, row + most, n - one, above, most)
    subtract(other, row + n - one, own, row + alone, one, below, alone)
    subtract(other, row, own, row + alone, one, above, alone)
    offsets = (most, most, alone, alone)
    add_along_z(table, faces, grid, colour, i, j, below, above, offsets, acc)
