"""Images with known conductivity, and what is known of them."""

from __future__ import annotations

import math

import numpy as np

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


def simple_cubic(fraction, ratio):
    """k/k_matrix of a simple cubic array of spheres of `ratio` times the matrix' conductivity.

    Sangani & Acrivos 1983 (Proc. R. Soc. A 386, 263), Eq. 7, to the order phi^(25/3); the method
    of McPhedran & McKenzie 1978 (Proc. R. Soc. A 359, 45). Fails near contact for large ratios.
    """

    def pole(i):
        return (ratio - 1) / (ratio + 2 * i / (2 * i - 1))

    f = fraction
    sixth = 1.305 * pole(2) * f ** (10 / 3) * (1 + 0.231 * pole(3) * f ** (11 / 3))
    series = f - 1 / pole(1) + sixth / (1 - 0.405 * pole(2) * f ** (7 / 3))
    series += 0.0723 * pole(3) * f ** (14 / 3) + 0.153 * pole(4) * f**6
    series += 0.0105 * pole(5) * f ** (22 / 3)
    return 1 - 3 * f / series
