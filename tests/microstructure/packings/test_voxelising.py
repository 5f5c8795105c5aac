"""Packings as images: volumes, planes between particles, space given back."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.microstructure.packings.contacts import contacts
from joulestack.microstructure.packings.packing import Kind
from joulestack.microstructure.packings.voxelising import voxelise
from tests.microstructure.packings.samples import UM, by_hand, electrode, powder


def test_one_sphere_over_a_corner_has_its_volume():
    made = voxelise(by_hand([[0, 0, 0.5]], [0.25], 1.0, 1.0), 1 / 64)
    assert made.solid_density == pytest.approx(4 / 3 * np.pi * 0.25**3, rel=1e-2)
    assert made.image.labels[0, 0, 32] == made.image.labels[-1, -1, 32] == 1
    assert made.image.labels[32, 32, 32] == 0
    np.testing.assert_array_equal(made.image.particles, made.image.labels)


def test_union_of_two_spheres_and_the_plane_between_them():
    r, d = 0.25, 0.3
    pair = by_hand([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5 + d]], [r, r], 1.0, 1.2)
    kept = voxelise(pair, 1 / 80, "keep")
    lens = np.pi * (2 * r - d) ** 2 * (d**2 + 4 * d * r) / (12 * d)
    assert kept.growth == 1
    assert kept.solid_density * 1.2 == pytest.approx(pair.solid - lens, rel=3e-3)
    z = np.nonzero(kept.image.particles == 2)[2]
    assert z.min() == round((0.5 + d / 2) * 80)
    grown = voxelise(pair, 1 / 80)
    assert grown.union_density == pytest.approx(kept.solid_density, abs=1e-3)
    assert grown.solid_density == pytest.approx(pair.relative_density, rel=5e-3)
    assert grown.growth > 1


def test_rigid_spheres_push_soft_ones_aside():
    kinds = (Kind("SE"), Kind("CAM", rigid=True))
    pair = by_hand([[0.5] * 3, [0.5, 0.5, 0.7]], [0.2, 0.2], 1.0, 1.0, True, kinds, [0, 1])
    made = voxelise(pair, 1 / 64)
    volume = 4 / 3 * np.pi * 0.2**3
    assert made.image.fraction("CAM") == pytest.approx(volume, rel=5e-3)
    assert made.image.fraction("SE") == pytest.approx(volume, rel=1e-2)


@pytest.mark.parametrize("density", [0.7, 0.8, 0.9])
def test_the_image_has_the_density_of_the_powder(density):
    made = voxelise(powder(density).packing, 0.8 * UM)
    assert made.solid_density == pytest.approx(density, rel=0.01)
    assert made.union_density < made.solid_density + 1e-3
    assert set(np.unique(made.image.particles)) == set(range(401))


def test_an_electrode_keeps_its_active_material():
    made = voxelise(electrode().packing, 0.5 * UM)
    assert made.solid_density == pytest.approx(0.85, rel=0.01)
    assert made.image.fraction("CAM") == pytest.approx(0.85 * 0.6, rel=0.02)
    assert made.image.fraction("SE") == pytest.approx(0.85 * 0.37, rel=0.06)
    assert made.image.phases == {0: "pore", 1: "CAM", 2: "SE", 3: "carbon"}


def test_contacts_of_a_simple_cubic_lattice():
    n, a, r = 4, 1.0, 0.52
    x = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), -1).reshape(-1, 3) * a
    found = contacts(by_hand(x, [r] * n**3, n * a, n * a, plates=False))
    assert (found.number == 6).all()
    np.testing.assert_allclose(found.area, np.pi * (r**2 - a**2 / 4))
    assert found.area_between("SE", "SE") == pytest.approx(3 * n**3 * found.area[0])
    assert found.mean_number_of_backbone == 6
    assert (found.with_neighbours("SE") == 6).all()


def test_coarse_voxels_and_full_boxes_are_case_errors():
    with pytest.raises(CaseError, match="voxels across"):
        voxelise(powder(0.8).packing, 1e-3)
    with pytest.raises(CaseError, match="GB are free"):
        voxelise(powder(0.8).packing, 5e-10)
    rigid = by_hand([[0.5] * 3, [0.5, 0.5, 0.6]], [0.3, 0.3], 1, 1, True, [Kind("a", rigid=True)])
    with pytest.raises(CaseError, match="soft particles"):
        voxelise(rigid, 1 / 32)
