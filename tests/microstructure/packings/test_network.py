"""The network of contacts: both of its limits, and the voxel solver between them."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.microstructure.conduction.solver import conduct
from joulestack.microstructure.packings.contact_law import Solid
from joulestack.microstructure.packings.network import Network, tubes
from joulestack.microstructure.packings.pressure import loaded
from joulestack.microstructure.packings.voxelising import growth, voxelise
from tests.microstructure.packings.samples import UM, electrode, powder
from tests.microstructure.packings.test_pressure import GLASS, cubic


@pytest.mark.parametrize("plates", [False, True])
@pytest.mark.parametrize("axis", [0, 2])
def test_small_contacts_are_maxwells(axis, plates):
    """A simple cubic array conducts 2 a s/d, with each sphere a good conductor beside its necks."""
    state = cubic(1e-4 * UM, GLASS, plates=plates)
    network, n = Network.of(state), len(state.radius)
    a = np.full(n, 1e-3 * UM)
    found = network.conductivity(a, np.full(27, 3.0), np.zeros(n), axis)
    assert found == pytest.approx(3.0 * 2 * 1e-3 / 10, rel=2e-3)
    # A resistance of the contact stands in line: r/(pi a^2) over 1/(2 a s).
    r = np.full(n, 5e-9)
    behind = network.conductivity(a, np.full(27, 3.0), r, axis)
    ratio = 1 + 5e-9 / (np.pi * 1e-18) * 2 * 1e-9 * 3.0
    if not plates or axis == 0:
        assert found / behind == pytest.approx(ratio, rel=2e-3)


def test_whole_faces_conduct_as_the_solid():
    """The faces stand across the ways between centres: a uniform field is exact on all axes."""
    p = powder(0.8).packing
    cut, n = tubes(p), p.count
    pairs = np.stack([cut.key // n, cut.key % n], axis=1)
    d = p.centres[pairs[:, 1]] - p.centres[pairs[:, 0]]
    d -= p.box * np.rint(d / p.box)
    full, faces = Network(p, pairs, d, cut.area), np.sqrt(cut.area / np.pi)
    for axis in range(3):
        whole = full.conductivity(faces, np.full(n, 2.0), np.zeros(len(d)), axis)
        assert whole == pytest.approx(2.0, rel=0.01)


def test_faces_of_a_lattice_are_those_of_its_cubes():
    state = cubic(0.2 * UM, GLASS, plates=False)
    np.testing.assert_allclose(
        tubes(state.packing, 48).of(state.between), (9.8 * UM) ** 2, rtol=1e-6
    )


@pytest.mark.parametrize("density", [0.8, 0.88])
def test_network_and_voxels_agree_on_resolved_necks(density):
    p = powder(density).packing
    state = loaded(p, (GLASS,), growth(p))
    network = Network.of(state)
    found = network.conductivity(state.circle, np.ones(p.count), np.zeros(len(state.circle)))
    voxels = conduct(
        voxelise(p, 1 * UM, particles=False).image, {"pore": 0.0, "SE": 1.0}, sides="periodic"
    ).conductivity
    assert found == pytest.approx(voxels, rel=0.05)


def test_mixtures_and_rods_carry_in_their_own_phase():
    p = electrode().packing
    solids = (Solid(138e9, 0.25, 10e9), GLASS, Solid(200e9, 0.2, 10e9))
    state = loaded(p, solids, growth(p))
    network = Network.of(state)
    r = np.zeros(len(state.radius))
    values = np.array([0.0, 1.0, 0.0])[p.species], np.array([1.0, 0.0, 100.0])[p.species]
    ions, electrons = (network.conductivity(state.radius, s, r) for s in values)
    assert 0 < ions < 0.37 * 0.85
    assert electrons > 0
    both = network.conductivity(state.radius, values[0] + values[1], r)
    assert both > max(ions, electrons)
