"""Finite volumes on boxes, plane and around an axis, by scipy alone: references for heat in bodies.

Cells of a structured grid with holes hold mean values; contacts and films are resistances in series
with half cells. Time goes by Laplace inversion on Weideman and Trefethen's hyperbola (Math. Comput.
76 (2007), 1341), which has no error of steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csc_matrix, diags
from scipy.sparse.linalg import splu

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Film = Callable[[int, int, tuple[Floats, ...], Ints], Floats]
"""Conductance per area of outer faces, from axis, side, their centres and the region: 0 insulates,
infinite holds the value."""

NODES = 8
"""Of the hyperbola: 1e-8."""


def graded(ends: Sequence[float], cells: Sequence[int], ratio: float = 8.0) -> Floats:
    """Breakpoints of intervals whose cells shrink towards both ends of each."""
    points = [np.array([ends[0]])]
    for low, high, n in zip(ends[:-1], ends[1:], cells, strict=True):
        index = np.minimum(np.arange(n), n - 1 - np.arange(n))
        sizes = ratio ** (index / max(index.max(), 1))
        part = low + (high - low) * np.cumsum(sizes) / sizes.sum()
        part[-1] = high
        points.append(part)
    return np.concatenate(points)


@dataclass(frozen=True)
class Faces:
    """Faces between cells a and b, with the resistances of both halves and of a contact."""

    a: Ints
    b: Ints
    half_a: Floats
    half_b: Floats
    joint: Floats

    @property
    def conductance(self) -> Floats:
        """Of the whole."""
        return 1 / (self.half_a + self.joint + self.half_b)


@dataclass(frozen=True)
class Outer:
    """Outer faces that are not insulated: cell, resistance of half a cell, of the film."""

    a: Ints
    half: Floats
    film: Floats


@dataclass
class Body:
    """Regions on a grid.

    Attributes:
        axes: breakpoints [m].
        region: of each cell; 0: none.
        conductivity: by region.
        film: of outer faces.
        contacts: resistance times area by pairs of regions, lower number first.
        axis: coordinates are r, z.
    """

    axes: tuple[Floats, ...]
    region: Ints
    conductivity: Mapping[int, float]
    film: Film
    contacts: Mapping[tuple[int, int], float] = field(default_factory=dict)
    axis: bool = False

    def __post_init__(self) -> None:
        self.number = np.full(self.region.shape, -1)
        self.there = self.region > 0
        self.number[self.there] = np.arange(self.there.sum())
        self.of = self.region[self.there]
        self.volume = self._volumes()[self.there]
        self.k = np.array([self.conductivity[int(r)] for r in self.of])
        self._build()

    def _sizes(self) -> list[Floats]:
        return [np.diff(a) for a in self.axes]

    def _volumes(self) -> Floats:
        sizes = self._sizes()
        if self.axis:
            sizes[0] = math.pi * np.diff(self.axes[0] ** 2)
        found: Floats = sizes[0]
        for s in sizes[1:]:
            found = np.multiply.outer(found, s)
        return found

    def _half(self, axis: int, side: int) -> Floats:
        """Length over area from the middle of each cell to its face."""
        sizes = self._sizes()
        shape = [1] * len(sizes)
        shape[axis] = -1
        if self.axis and axis == 0:
            r = self.axes[0]
            middle = 0.5 * (r[:-1] + r[1:])
            edge = r[1:] if side else np.maximum(r[:-1], 1e-300)
            along = np.abs(np.log(edge / middle)) / (2 * math.pi)
            return along[:, None] / sizes[1][None, :]
        area = self._volumes() / sizes[axis].reshape(shape)
        return 0.5 * sizes[axis].reshape(shape) / area

    def _build(self) -> None:
        inner: list[Faces] = []
        outer: list[Outer] = []
        centres = [0.5 * (a[:-1] + a[1:]) for a in self.axes]
        grid = np.meshgrid(*centres, indexing="ij")
        for axis in range(len(self.axes)):
            n = self.region.shape[axis]
            low = [slice(None)] * len(self.axes)
            high = list(low)
            low[axis], high[axis] = slice(0, n - 1), slice(1, n)
            both = self.there[tuple(low)] & self.there[tuple(high)]
            a = self.number[tuple(low)][both]
            b = self.number[tuple(high)][both]
            up = self._half(axis, 1)[tuple(low)][both]
            down = self._half(axis, 0)[tuple(high)][both]
            joint = np.zeros(len(a))
            area = 0.5 * self._area(axis, 1)[tuple(low)][both]
            area += 0.5 * self._area(axis, 0)[tuple(high)][both]
            for (p, q), R in self.contacts.items():
                one, two = self.of[a], self.of[b]
                met = ((one == p) & (two == q)) | ((one == q) & (two == p))
                joint[met] = R / area[met]
            inner.append(Faces(a, b, up / self.k[a], down / self.k[b], joint))
            for side in (0, 1):
                beyond = np.zeros_like(self.there)
                beyond[tuple(low if side else high)] = self.there[tuple(high if side else low)]
                bare = self.there & ~beyond
                if self.axis and axis == 0 and side == 0:
                    bare[0] = False
                c = self.number[bare]
                at = [g[bare] for g in grid]
                where = np.nonzero(bare)[axis] + side
                at[axis] = self.axes[axis][where]
                h = self.film(axis, side, tuple(at), self.of[c])
                kept = h > 0
                with np.errstate(divide="ignore"):
                    film = 1 / (h[kept] * self._area(axis, side)[bare][kept])
                half = self._half(axis, side)[bare][kept] / self.k[c[kept]]
                outer.append(Outer(c[kept], half, film))
        self.inner, self.outer = inner, outer

    def _area(self, axis: int, side: int) -> Floats:
        sizes = self._sizes()
        if self.axis and axis == 0:
            edge = self.axes[0][1:] if side else self.axes[0][:-1]
            return (2 * math.pi * edge)[:, None] * sizes[1][None, :]
        shape = [1] * len(sizes)
        shape[axis] = -1
        return self._volumes() / sizes[axis].reshape(shape)

    @cached_property
    def matrix(self) -> csc_matrix:
        """Conductances between cells, and to the outside."""
        rows, columns, values = [], [], []
        for f in self.inner:
            g = f.conductance
            rows += [f.a, f.b, f.a, f.b]
            columns += [f.a, f.b, f.b, f.a]
            values += [g, g, -g, -g]
        for o in self.outer:
            rows.append(o.a)
            columns.append(o.a)
            values.append(1 / (o.half + o.film))
        n = len(self.k)
        parts = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
        return csc_matrix(coo_matrix(parts, shape=(n, n)))

    def steady(self, power: Floats) -> Floats:
        """Values above the outside's, for the power of each cell."""
        return _factors(self.matrix)(power)

    def after(self, t: float, power: Floats, capacity: Floats) -> Floats:
        """Values a time t after a start at the outside's."""
        total = np.zeros(len(power))
        h, mu = 1.081792140 / NODES, 4.492075287 * NODES / t
        for i in range(NODES):
            u = (i + 0.5) * h
            z = mu * (1 + np.sin(1j * u - 1.172104229))
            slope = 1j * mu * np.cos(1j * u - 1.172104229)
            shifted = csc_matrix(self.matrix + diags(z * capacity))
            found = _factors(shifted)(power.astype(complex) / z)
            total += (h / math.pi * np.exp(z * t) * slope / 1j * found).real
        return total

    def hottest(self, u: Floats) -> float:
        """Largest value in cells and on faces."""
        found = float(u.max())
        for f in self.inner:
            flow = (u[f.a] - u[f.b]) * f.conductance
            found = max(
                found,
                *(
                    v.max(initial=found)
                    for v in (u[f.a] - flow * f.half_a, u[f.b] + flow * f.half_b)
                ),
            )
        for o in self.outer:
            found = max(found, (u[o.a] * o.film / (o.half + o.film)).max(initial=found))
        return found

    def mean(self, u: Floats, region: int) -> float:
        """Over a region."""
        own = self.of == region
        return float(u[own] @ self.volume[own] / self.volume[own].sum())


def _factors(matrix: csc_matrix) -> Callable[[Floats], Floats]:
    return splu(matrix, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}).solve


def joule(body: Body, phi: Floats, held: Callable[[Outer], Floats]) -> tuple[Floats, float]:
    """Heat of each cell under potentials phi, and the total current squared over conductance.

    Args:
        body: of which the conductivity is the electric one.
        phi: of cells.
        held: potential of outer faces.
    """
    heat = np.zeros(len(phi))
    for f in body.inner:
        flow = (phi[f.a] - phi[f.b]) * f.conductance
        np.add.at(heat, f.a, flow**2 * (f.half_a + 0.5 * f.joint))
        np.add.at(heat, f.b, flow**2 * (f.half_b + 0.5 * f.joint))
    for o in body.outer:
        flow = (phi[o.a] - held(o)) / (o.half + o.film)
        np.add.at(heat, o.a, flow**2 * o.half)
    return heat, float(heat.sum())
