"""Between the image in natural order and the two-colour grid."""

from __future__ import annotations

import numpy as np

from joulestack.microstructure.conduction.compiled import compiled, prange

# mypy: disable-error-code="no-untyped-def"


@compiled()
def face_ends(p, way, real, padded, periodic):
    """The two voxels that a face stands between, along one axis.

    A voxel at p = real is the layer that fills an axis up to an even number: where the sides are
    periodic it stands for nothing but the face between the last voxel and the first, which it
    splits into two of twice the conductance.

    Returns:
        (voxel, voxel, whether the conductance is twice theirs); (-1, -1, 0) if there is no face.
    """
    periodic = periodic and real > 1
    q = p + way
    if p >= real:
        return (real - 1, 0, 1) if periodic else (-1, -1, 0)
    if 0 <= q < real:
        return p, q, 0
    if not periodic:
        return -1, -1, 0
    beyond = real - 1 if q < 0 else 0
    return p, beyond, np.int64(padded > real)


@compiled()
def entry(classes, particles, pairs, double, a, b):
    """Number in the table for the face between two voxels, given by their indices."""
    ca, cb = classes[a], classes[b]
    kind = 2 * double
    if particles.size > 1 and ca == cb:
        pa, pb = particles[a], particles[b]
        kind += np.int64((pa != pb) & (pa > 0) & (pb > 0))
    return np.uint64(pairs[kind, ca, cb])


@compiled(parallel=True)
def pack(classes, particles, pairs, bits, periodic, nz, out):
    """Six numbers of conductances for each red voxel.

    Args:
        classes: of each voxel, (rx, ry, rz).
        particles: of each voxel, or of size 1 if they do not matter.
        pairs: number in the table by (2 * doubled + grain boundary, class, class).
        bits: for each face.
        periodic: along each axis.
        nz: number of voxels along z with a filling layer.
        out: (1, nx, ny, nz / 2).
    """
    rx, ry, rz = classes.shape
    _, nx, ny, n = out.shape
    for plane in prange(nx):
        i = np.int64(plane)  # an index of prange has no sign
        for j in range(ny):
            for m in range(n):
                k = 2 * m + ((i + j) & 1)
                code = np.uint64(0)
                for side in range(2):
                    way = 2 * side - 1
                    if j < ry and k < rz:
                        a, b, double = face_ends(i, way, rx, nx, periodic[0])
                        if a >= 0:
                            x = entry(classes, particles, pairs, double, (a, j, k), (b, j, k))
                            code |= x << np.uint64(bits * side)
                    if i < rx and k < rz:
                        a, b, double = face_ends(j, way, ry, ny, periodic[1])
                        if a >= 0:
                            x = entry(classes, particles, pairs, double, (i, a, k), (i, b, k))
                            code |= x << np.uint64(bits * (2 + side))
                    if i < rx and j < ry:
                        a, b, double = face_ends(k, way, rz, nz, periodic[2])
                        if a >= 0:
                            x = entry(classes, particles, pairs, double, (i, j, a), (i, j, b))
                            code |= x << np.uint64(bits * (4 + side))
                out[0, i, j, m] = code


@compiled(parallel=True)
def unpack(red, black, classes, carrying, out):
    """Values in natural order; NaN where the class is not one of 1 ... carrying."""
    nx, ny, nz = out.shape
    for i in prange(nx):
        for j in range(ny):
            for k in range(nz):
                c = classes[i, j, k]
                if 0 < c <= carrying:
                    own = red if (i + j + k) & 1 == 0 else black
                    out[i, j, k] = own[i, j, k >> 1]
                else:
                    out[i, j, k] = np.nan


@compiled(parallel=True)
def face_fluxes(values, classes, particles, conductances, axis, drop, periodic, sums):
    """Flux through the faces along an axis, summed for each plane of the first axis.

    Each voxel has the face to its next neighbour. Written apart from the solver's own kernels, so
    that it checks them.

    Args:
        values: solution in natural order, in units of the drop from voxel to voxel.
        conductances: by (grain boundary, class, class).
        drop: applied drop along this axis from voxel to voxel.
    """
    shape = values.shape
    nx, ny, nz = shape
    for plane in prange(nx):
        i = np.int64(plane)
        total = 0.0
        for j in range(ny):
            for k in range(nz):
                u = i + 1 if axis == 0 else i
                v = j + 1 if axis == 1 else j
                w = k + 1 if axis == 2 else k
                if u == nx or v == ny or w == nz:
                    if not periodic or shape[axis] == 1:
                        continue
                    u, v, w = u % nx, v % ny, w % nz
                a, b = classes[i, j, k], classes[u, v, w]
                kind = np.int64(0)
                if particles.size > 1 and a == b:
                    p, q = particles[i, j, k], particles[u, v, w]
                    kind = np.int64((p != q) & (p > 0) & (q > 0))
                g = conductances[kind, a, b]
                if g > 0:
                    difference = np.float64(values[i, j, k]) - np.float64(values[u, v, w])
                    total += g * (difference + drop)
        sums[plane] = total
