"""Images with known conductivity, and what is known of them."""

from __future__ import annotations

import functools
import math

import numpy as np
from scipy.special import lpmv

from joulestack.microstructure.image import VoxelImage


def image(labels, names="abcdefgh", size=1.0, particles=None):
    """Phases a, b, ... for labels 0, 1, ...; voxels of edge 1 unless said otherwise."""
    labels = np.asarray(labels, dtype=np.uint8)
    return VoxelImage(labels, size, dict(enumerate(names[: int(labels.max()) + 1])), particles)


def layers(shape, thickness, axis):
    """Layers a, b, c, ... of given thickness along an axis."""
    profile = np.repeat(np.arange(len(thickness)), thickness)
    return np.broadcast_to(np.moveaxis(profile[:, None, None], 0, axis), shape).copy()


def sphere(n, fraction):
    """One sphere in the middle of n^3 voxels, and its radius in voxels."""
    radius = (fraction * 3 / (4 * math.pi)) ** (1 / 3)
    x = (np.arange(n) + 0.5) / n - 0.5
    inside = x[:, None, None] ** 2 + x[:, None] ** 2 + x**2 <= radius**2
    return inside.astype(np.uint8), radius * n


def checkerboard(n, dim):
    """2^dim fields, alternately a and b, on n voxels along each axis (one along the rest)."""
    index = np.indices((n,) * dim) // (n // 2)
    return (index.sum(axis=0) % 2).reshape((n,) * dim + (1,) * (3 - dim))


def diagonal_laminate(n, thick):
    """Layers across the direction (1, 1, 0), n voxels a period along x and y."""
    i = np.arange(n)
    return np.repeat((((i[:, None] + i) % n) < n // 2).astype(np.uint8)[:, :, None], thick, 2)


def spheres(n, solid, radius, seed):
    """Overlapping spheres at random, periodic, about a given fraction solid (label 1)."""
    rng = np.random.default_rng(seed)
    count = round(-math.log(1 - solid) * n**3 / (4 / 3 * math.pi * radius**3))
    reach = math.ceil(radius) + 1
    offset = np.arange(-reach, reach + 1)
    labels = np.zeros((n, n, n), np.uint8)
    for centre in rng.random((count, 3)) * n:
        base = np.floor(centre).astype(int)
        at = [base[a] + offset for a in range(3)]
        d = [(at[a] + 0.5 - centre[a]) ** 2 for a in range(3)]
        near = d[0][:, None, None] + d[1][:, None] + d[2] <= radius**2
        box = np.ix_(*[a % n for a in at])
        labels[box] |= near
    return labels


def simple_cubic(fraction, ratio, order=15):
    """k/k_matrix of a simple cubic array of spheres of `ratio` times the matrix' conductivity.

    Rayleigh's method (McPhedran & McKenzie 1978, Proc. R. Soc. A 359, 45), from its equations: on
    each sphere the irregular harmonics answer the regular ones, which are the mean gradient and
    the irregular ones of all other spheres, translated. Multipoles to `order`: 4 digits up to
    40 % and ratio 10, 3 at contact and ratio 3.

    Args:
        fraction: of volume.
        ratio: of conductivities.
        order: highest, odd.
    """
    cubed = fraction * 3 / (4 * math.pi)
    modes = [(n, m) for n in range(1, order + 1, 2) for m in range(-n, n + 1) if m % 4 == 0]
    answer = np.array([
        -(ratio - 1) * n / (ratio * n + n + 1) * cubed ** ((2 * n + 1) / 3)
        / (math.factorial(n + m) * math.factorial(n - m))
        for n, m in modes
    ])  # fmt: skip
    passed_on = np.array([
        [(-1) ** (n + m) * lattice_sum(n + k, i - m) for k, i in modes] for n, m in modes
    ])  # fmt: skip
    dipole = modes.index((1, 0))
    passed_on[dipole, dipole] = -4 * math.pi / 3  # beside the mean gradient: Lorentz' field
    applied = np.eye(len(modes))[dipole]
    regular = np.linalg.solve(np.eye(len(modes)) - passed_on * answer, applied)
    return float(1 - 4 * math.pi * answer[dipole] * regular[dipole])


def irregular(degree, order, points):
    """(n - m)! P_n^m(cos theta) exp(i m phi) / r^(n + 1), Condon-Shortley phase."""
    r = np.linalg.norm(points, axis=-1)
    legendre = lpmv(abs(order), degree, points[..., 2] / r)
    if order < 0:
        legendre *= (-1) ** order * math.factorial(degree + order) / math.factorial(degree - order)
    turn = np.exp(1j * order * np.arctan2(points[..., 1], points[..., 0]))
    return math.factorial(degree - order) * legendre * turn / r ** (degree + 1)


@functools.cache
def lattice_sum(degree, order):
    """Irregular harmonics at all points of the simple cubic lattice but the origin: real."""
    if abs(order) > degree or degree == 2:
        return 0.0
    reach = 20 if degree == 4 else 12
    axis = np.arange(-reach, reach + 1.0)
    points = np.stack(np.meshgrid(axis, axis, axis), -1).reshape(-1, 3)
    points = points[np.any(points != 0, axis=1)]
    return float(irregular(degree, order, points).sum().real)
