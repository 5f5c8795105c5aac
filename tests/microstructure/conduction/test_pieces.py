"""What does not percolate carries exactly nothing, and is found before solving."""

import numpy as np
import pytest
from scipy import ndimage

from joulestack.microstructure.conduction import pieces
from joulestack.microstructure.conduction.solver import conduct
from joulestack.microstructure.conduction.tensor import tensor
from tests.microstructure import exact

SOLID = {"a": 0.0, "b": 2.0}


def test_no_way_through_is_exactly_zero():
    labels = np.ones((6, 7, 9))
    labels[:, :, 4] = 0
    labels[2, 2, 4] = 0
    found = conduct(exact.image(labels), SOLID, tolerance=1e-4)
    assert found.conductivity == 0.0
    assert found.iterations == 0
    assert found.percolating == {"b": 0.0}
    assert np.all(found.potential[:, :, :4] == 1)
    assert np.all(found.potential[:, :, 5:] == 0)
    assert np.all(np.isnan(found.potential[:, :, 4]))
    assert np.all(found.fluxes == 0)
    assert found.fluxes.shape == (10,)


def test_nothing_conducts():
    found = conduct(exact.image(np.zeros((3, 4, 5))), {"a": 0.0})
    assert found.conductivity == 0.0
    assert found.percolating == {}


def test_touching_edges_do_not_conduct():
    assert conduct(exact.image(exact.checkerboard(8, 3)), SOLID).conductivity == 0.0


def test_one_channel_among_dead_ends():
    labels = np.zeros((9, 9, 12))
    labels[4, 4, :] = 1  # the channel
    labels[4, 5:8, 6] = 1  # its dead end
    labels[1, 1, :5] = 1  # from the first end only
    labels[7, 1, 8:] = 1  # from the last end only
    labels[1, 7, 4:6] = 1  # alone
    found = conduct(exact.image(labels), SOLID, tolerance=1e-5)
    assert found.conductivity == pytest.approx(2.0 / 81, rel=1e-5)
    assert found.percolating == {"b": 15 / (15 + 5 + 4 + 2)}
    u = found.potential
    assert np.allclose(u[4, 4], 1 - (np.arange(12) + 0.5) / 12, atol=1e-5)
    assert np.allclose(u[4, 5:8, 6], u[4, 4, 6], atol=1e-4)
    assert np.all(u[1, 1, :5] == 1)
    assert np.all(u[7, 1, 8:] == 0)
    assert np.all(np.isnan(u[1, 7, 4:6]))


def test_a_way_through_the_periodic_side():
    labels = np.zeros((5, 6, 8))
    labels[2, 0, :4] = 1
    labels[2, 5, 3:] = 1
    image = exact.image(labels)
    assert conduct(image, SOLID).conductivity == 0.0
    assert conduct(image, SOLID, sides="periodic").conductivity > 0
    turned = exact.image(labels.transpose(1, 0, 2))
    assert conduct(turned, SOLID).conductivity == 0.0
    assert conduct(turned, SOLID, sides="periodic").conductivity > 0


@pytest.mark.parametrize("periodic", [False, True])
def test_pieces_are_those_of_scipy(periodic):
    classes = (np.random.default_rng(0).random((40, 31, 23)) < 0.32).astype(np.uint8)
    whole = np.tile(classes, (1, 3, 3)) if periodic else classes
    labels, _ = ndimage.label(whole)
    joined = np.intersect1d(labels[0], labels[-1])
    expected = np.isin(labels, joined[joined > 0])
    if periodic:  # the middle of nine copies sees all ways of winding that fit in between
        expected = expected[:, 31:62, 23:46]
    found = classes.copy()
    pieces.keep_through(found, (periodic, periodic), (2, 3, 4))
    assert np.array_equal(found == 1, expected)
    assert np.array_equal(found > 0, classes > 0)


@pytest.mark.parametrize(("fraction", "through"), [(0.295, False), (0.330, True)])
def test_site_percolation_threshold(fraction, through):
    """0.3116 on the simple cubic lattice (Xu et al. 2014, Front. Phys. 9, 113)."""
    for seed in range(3):
        sites = np.random.default_rng(seed).random((128, 128, 128)) < fraction
        classes = sites.astype(np.uint8)
        assert pieces.keep_through(classes, (False, False), (2, 3, 4)) == through


def test_tensor_sees_which_pieces_repeat():
    labels = np.zeros((6, 5, 7))
    labels[:, 1, 1] = 1  # a rod along x
    labels[2, 3, 2:5] = 1  # a piece that ends
    labels[4, 3, 5:] = labels[4, 3, :2] = 1  # one that ends beyond the side
    k = tensor(exact.image(labels), SOLID, tolerance=1e-5)
    assert k[0, 0] == pytest.approx(2.0 / 35, rel=1e-6)
    k[0, 0] = 0
    assert np.all(k == 0)


def test_tensor_follows_a_winding_thread():
    """A thread that leaves through x and y before it meets itself: one path of 6 + 4 voxels."""
    labels = np.zeros((6, 4, 3))
    labels[:, 0, 1] = 1
    labels[5, :, 1] = 1
    labels[0, 0, 1] = 0
    labels[0, 3, 1] = 1  # from (5, 3) through x to (0, 3), through y to (0, 0): cut off above
    k = tensor(exact.image(labels), SOLID, tolerance=1e-5)
    assert k[1, 1] > 0  # the wall along y closes on itself
    assert k[0, 0] == 0
    assert k[2, 2] == 0
