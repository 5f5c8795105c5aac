"""Conduction from particle to particle: every contact a constriction in a tube.

The box is cut into the cells of the radical (power) tessellation of the spheres. Between two
centres a distance l apart current runs in a tube, the face A that their cells share, and through
the contact, of radius a, in it:

    R = (l_i/s_i + l_j/s_j)/A + (1/s_i + 1/s_j) psi/(4 a) + r/(pi a^2)
    psi = (1 - a/b)^1.5,  pi b^2 = A,  r the resistance of the contact itself

(Holm 1967 for the constriction, Cooper, Mikic and Yovanovich 1969 for psi). Small contacts give
2 a s, the law of granular matter (Batchelor and O'Brien 1977); where contacts are whole faces, the
faces stand across the lines between centres and the network conducts as the solid does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve
from scipy.spatial import cKDTree

from joulestack.microstructure.packings.neighbours import Floats, Ints
from joulestack.microstructure.packings.packing import Packing
from joulestack.microstructure.packings.pressure import Loaded

_ACROSS = 64


@dataclass(frozen=True, eq=False)
class Tubes:
    """Faces between cells of the tessellation.

    Attributes:
        key: of each pair of spheres, smaller index times number of spheres plus the larger one.
        area: of the face they share [m^2].
        count: number of spheres.
    """

    key: Ints
    area: Floats
    count: int

    def of(self, between: Ints) -> Floats:
        """Area of the faces of pairs [m^2]; 0 where two cells do not meet."""
        low, high = np.sort(between, axis=1).T
        key = low * self.count + high
        place = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
        return np.where(self.key[place] == key, self.area[place], 0.0)


def tubes(packing: Packing, across: int = _ACROSS) -> Tubes:
    """Faces of the radical tessellation, from the voxels on both of their sides.

    A face across a unit vector n meets A |n_k|/h^2 faces of voxels along axis k, so their number
    over |nx| + |ny| + |nz| is its area whichever way it looks. Voxels miss the smallest faces, a
    few per cent: the areas are scaled to sum(A l) = 3 V, which holds for every tessellation.

    Args:
        packing: spheres; a pair that meets across two sides of a narrow box counts once.
        across: voxels, cube root of their number.
    """
    box, r = packing.box, packing.radii
    shape = np.maximum(np.rint(box / np.cbrt(np.prod(box)) * across).astype(int), 4)
    axes = [(np.arange(n) + 0.5) * edge / n for n, edge in zip(shape, box, strict=True)]
    at = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    # Least d^2 - r^2 is the nearest point one dimension up.
    lift = np.sqrt(r.max() ** 2 - r**2)
    period = [edge if wraps else 0.0 for edge, wraps in zip(box, packing.periodic, strict=True)]
    centres = np.where(packing.periodic, np.mod(packing.centres, box), packing.centres)
    tree = cKDTree(np.column_stack([centres, lift]), boxsize=[*period, 0.0])
    cells = tree.query(np.column_stack([at, np.zeros(len(at))]))[1].reshape(shape)
    n, h = len(r), box / shape
    keys, areas = [], []
    for axis, wraps in enumerate(packing.periodic):
        one, other = cells, np.roll(cells, -1, axis)
        if not wraps:
            inner = np.arange(shape[axis] - 1)
            one, other = one.take(inner, axis), other.take(inner, axis)
        met = one != other
        low, high = np.minimum(one, other)[met], np.maximum(one, other)[met]
        keys.append(low.astype(np.int64) * n + high)
        areas.append(np.full(met.sum(), np.prod(h) / h[axis]))
    key, place = np.unique(np.concatenate(keys), return_inverse=True)
    seen = np.bincount(place, np.concatenate(areas))
    d = packing.centres[key % n] - packing.centres[key // n]
    d -= np.where(packing.periodic, box * np.rint(d / box), 0.0)
    length = np.linalg.norm(d, axis=1)
    area = seen * length / np.abs(d).sum(axis=1)
    if packing.plates:
        return Tubes(key, area, n)
    return Tubes(key, area * (3 * np.prod(box) / (area @ length)), n)


@dataclass(frozen=True, eq=False)
class Network:
    """Contacts of a packing as conductors.

    Attributes:
        packing: spheres.
        between: indices of two spheres; a plate's is its own sphere, twice.
        branch: from centre to centre; to a plate, twice the way to it [m].
        tube: area of the face that the two cells share [m^2].
    """

    packing: Packing
    between: Ints
    branch: Floats
    tube: Floats

    @classmethod
    def of(cls, state: Loaded) -> Network:
        """Of the contacts of a packing under load; plates take a sphere's section."""
        plate = state.between[:, 0] == state.between[:, 1]
        face = tubes(state.packing).of(state.between)
        section = np.pi * state.packing.radii[state.between[:, 0]] ** 2
        return cls(state.packing, state.between, state.branch, np.where(plate, section, face))

    def conductivity(self, a: Floats, s: Floats, resistance: Floats, axis: int = 2) -> float:
        """Effective conductivity along an axis, in the unit of the spheres'.

        Args:
            a: radius of each contact [m].
            s: conductivity of each sphere; 0 blocks.
            resistance: of each contact by its own area, m over the unit of conductivity.
            axis: 0, 1, 2.
        """
        r, (i, j) = self.packing.radii, self.between.T
        length = np.linalg.norm(self.branch, axis=1)
        own = np.clip((length**2 + r[i] ** 2 - r[j] ** 2) / (2 * length), 0, length)
        g = _conductance(a, self.tube, (own, length - own), (s[i], s[j]), resistance)
        between, branch = self.between, self.branch
        if len(self.packing.bonds):
            ends, way = self._rods()
            along = np.pi * r[ends[:, 0]] ** 2 * s[ends[:, 0]] / np.linalg.norm(way, axis=1)
            between, branch = np.concatenate([between, ends]), np.concatenate([branch, way])
            g = np.concatenate([g, along])
        return _effective(self.packing, between, branch, g, axis)

    def _rods(self) -> tuple[Ints, Floats]:
        """Next neighbours in rods, and the way between them."""
        p = self.packing
        ends = p.bonds[np.diff(p.bonds, axis=1)[:, 0] == 1]
        way = p.centres[ends[:, 1]] - p.centres[ends[:, 0]]
        way -= np.where(p.periodic, p.box * np.rint(way / p.box), 0.0)
        return ends, way


def _conductance(
    a: Floats,
    area: Floats,
    lengths: tuple[Floats, Floats],
    s: tuple[Floats, Floats],
    resistance: Floats,
) -> Floats:
    """Of contacts [conductivity times m]; `lengths` and `s` on both sides of each."""
    ratio = np.minimum(a / np.sqrt(np.maximum(area, np.pi * a**2) / np.pi), 1.0)
    psi = (1 - ratio) ** 1.5
    found = np.zeros(len(a))
    on = (s[0] > 0) & (s[1] > 0) & (a > 0)
    tube = np.maximum(area, np.pi * a**2)[on]
    for length, side in zip(lengths, s, strict=True):
        found[on] += length[on] / (side[on] * tube) + psi[on] / (4 * a[on] * side[on])
    found[on] = 1 / (found[on] + resistance[on] / (np.pi * a[on] ** 2))
    return found


def _effective(
    packing: Packing, between: Ints, branch: Floats, conductances: Floats, axis: int
) -> float:
    """Conductivity of a network along an axis.

    A mean gradient of one drives it; potentials of the spheres repeat with the box. Across plates
    all that touches the lower one is held at one end, the upper at the other.
    """
    n, volume = len(packing.radii), float(np.prod(packing.box))
    walls = packing.plates and axis == 2
    i, j = between.T
    plate = i == j
    use = (conductances > 0) & (~plate | walls)
    i, j, g, d, plate = i[use], j[use], conductances[use], branch[use, axis], plate[use]
    reach = d.copy()
    if walls:  # the mirror image: half the way, twice the conductance; the plate is node n
        j = np.where(plate, n, j)
        g, reach = np.where(plate, 2 * g, g), np.where(plate, d / 2, d)
    size = n + 1 if walls else n
    graph = sparse.coo_matrix((g, (i, j)), (size, size)).tocsr()
    graph = graph + graph.T
    _, piece = connected_components(graph, directed=False)
    laplace = sparse.diags(np.asarray(graph.sum(axis=1)).ravel()) - graph
    load = np.zeros(size)
    np.add.at(load, i, g * reach)
    np.add.at(load, j, -g * reach)
    # One node of each piece is held.
    free = np.ones(size, dtype=bool)
    free[np.unique(piece, return_index=True)[1]] = False
    u = np.zeros(size)
    if free.any():
        u[free] = spsolve(laplace.tocsc()[free][:, free], load[free])
    flux = g * (reach + u[j] - u[i])
    return float(flux @ reach / volume)
