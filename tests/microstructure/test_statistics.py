"""Statistics of images whose numbers are known."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.errors import CaseError
from joulestack.microstructure.correlation import chords, two_point
from joulestack.microstructure.image import VoxelImage
from joulestack.microstructure.interfaces import interfaces, touching
from joulestack.microstructure.percolation import percolating_fraction, profile, reached
from joulestack.microstructure.tortuosity import Transport, geodesic_tortuosity
from joulestack.microstructure.utilisation import utilisation

TWO = {0: "pore", 1: "SE"}
RNG = np.random.default_rng


def image(labels, size=1.0, phases=TWO, particles=None):
    return VoxelImage(np.asarray(labels, np.uint8), size, phases, particles)


def laminate(n=24, period=6, thick=2, axis=2):
    labels = np.zeros((n, n, n), np.uint8)
    np.moveaxis(labels, axis, 0)[np.arange(n) % period < thick] = 1
    return labels


def ball(n, radius, centre=None):
    x = np.arange(n) + 0.5 - (n / 2 if centre is None else centre)
    return (x[:, None, None] ** 2 + x[:, None] ** 2 + x**2 < radius**2).astype(np.uint8)


# Percolation


def test_percolation_by_construction():
    labels = np.zeros((8, 8, 8), np.uint8)
    labels[1, 1, :] = 1  # through
    labels[4, 4, :5] = 1  # from the first end
    labels[6, 6, 3:] = 1  # from the last end
    labels[3, 6, 3:5] = 1  # nowhere
    im = image(labels)
    assert reached(im, ["SE"]).sum() == 8
    assert reached(im, ["SE"], ends="first").sum() == 8 + 5
    assert reached(im, ["SE"], ends="last").sum() == 8 + 5
    assert percolating_fraction(im, "SE") == 8 / 20
    assert percolating_fraction(im, "SE", axis=0) == 0
    assert percolating_fraction(im, "pore") == 1


def test_a_way_over_periodic_sides():
    labels = np.zeros((6, 6, 6), np.uint8)
    labels[0, 2, :3] = labels[5, 2, 2:] = 1
    assert not reached(image(labels), ["SE"]).any()
    np.testing.assert_array_equal(reached(image(labels), ["SE"], sides="periodic"), labels == 1)


def test_phases_percolate_together():
    labels = np.full((4, 4, 6), 0, np.uint8)
    labels[1, 1, :3], labels[1, 1, 3:] = 1, 2
    im = image(labels, phases={0: "pore", 1: "CAM", 2: "carbon"})
    assert percolating_fraction(im, "CAM") == 0
    assert reached(im, ["CAM", "carbon"]).sum() == 6


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_same_on_every_axis(axis):
    labels = (RNG(4).random((14, 15, 16)) < 0.4).astype(np.uint8)
    turned = image(np.ascontiguousarray(np.moveaxis(labels, 2, axis)))
    expected = reached(image(labels), ["SE"])
    np.testing.assert_array_equal(reached(turned, ["SE"], axis), np.moveaxis(expected, 2, axis))


def test_profile_counts_slices():
    p = profile(image(laminate()))
    np.testing.assert_array_equal(p["SE"][:6], [1, 1, 0, 0, 0, 0])
    np.testing.assert_allclose(profile(image(laminate()), 0)["SE"], 1 / 3)


# Interfaces


def test_faces_of_a_laminate_are_exact():
    found = interfaces(image(laminate(), 2e-6), (True, True, True))["pore", "SE"]
    assert found.faces == pytest.approx(2 / (6 * 2e-6), rel=1e-12)
    # Crofton's formula over 13 directions sees 92.7 % of a plane along voxel faces.
    assert found.area / found.faces == pytest.approx(0.9266, abs=1e-3)


@pytest.mark.parametrize("radius", [10.3, 17.7])
def test_area_of_a_ball(radius):
    found = interfaces(image(ball(44, radius)), (True,) * 3)["pore", "SE"]
    exact = 4 * np.pi * radius**2
    assert found.area * 44**3 == pytest.approx(exact, rel=0.02)
    assert found.faces * 44**3 == pytest.approx(1.5 * exact, rel=0.02)


def test_area_of_oblique_planes_is_never_off_by_more_than_stated():
    x = np.indices((60, 60, 60)).astype(float)
    for normal in ((1, 1, 0), (1, 1, 1), (2, 1, 0), (3, 2, 1)):
        n = np.array(normal) / np.linalg.norm(normal)
        labels = (np.tensordot(n, x, 1) % 12.0 < 6.0).astype(np.uint8)
        assert interfaces(image(labels))["pore", "SE"].area == pytest.approx(1 / 6, rel=0.075)


def test_faces_between_three_phases():
    labels = np.zeros((6, 6, 6), np.uint8)
    labels[2:4], labels[4:] = 1, 2
    found = interfaces(image(labels, phases={0: "pore", 1: "SE", 2: "CAM"}))
    assert found["pore", "SE"].faces == pytest.approx(1 / 5 / 3 * 3)
    assert found["SE", "CAM"].faces == found["pore", "SE"].faces
    assert found["pore", "CAM"].faces == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.permutations((0, 1, 2)))
def test_areas_do_not_depend_on_the_order_of_axes(seed, order):
    labels = (RNG(seed).random((7, 8, 9)) < 0.5).astype(np.uint8)
    a = interfaces(image(labels), (True,) * 3)["pore", "SE"]
    b = interfaces(image(labels.transpose(order)), (True,) * 3)["pore", "SE"]
    assert a.area == pytest.approx(b.area, rel=1e-12)
    assert a.faces == pytest.approx(b.faces, rel=1e-12)


def test_faces_by_particle():
    particles = np.zeros((4, 4, 4), np.int32)
    particles[0], particles[2] = 1, 2
    other = np.zeros((4, 4, 4), bool)
    other[1] = True
    assert touching(particles > 0, other, particles).tolist() == [0, 16, 16]


# Correlation, chords


def test_two_point_of_bernoulli_noise():
    p = 0.3
    labels = (RNG(1).random((64, 64, 64)) < p).astype(np.uint8)
    p = labels.mean()
    found = two_point(image(labels), "SE", 20, (True, True, True))
    assert found.x[0] == found.radial[0] == pytest.approx(p, rel=1e-6)
    for line in (found.x, found.y, found.z):
        np.testing.assert_allclose(line[1:], p**2, atol=4e-3)
    np.testing.assert_allclose(found.radial[2:], p**2, atol=1e-3)


@pytest.mark.parametrize("periodic", [(True, True, True), (False, False, False)])
def test_two_point_of_a_laminate(periodic):
    found = two_point(image(laminate(24, 6, 2), 0.5), "SE", 6, periodic)
    # thickness 2 of 6: overlap of a layer with itself at lags 0 ... 6
    np.testing.assert_allclose(found.x, 1 / 3, rtol=1e-5)
    if all(periodic):
        exact = np.array([2, 1, 0, 0, 0, 1, 2]) / 6
        np.testing.assert_allclose(found.z, exact, atol=1e-6)
    assert found.distance[2] == 1.0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_two_point_is_what_counting_says(seed):
    labels = (RNG(seed).random((8, 9, 10)) < 0.5).astype(np.uint8)
    found = two_point(image(labels), "SE", 4)
    for k in range(5):
        assert found.y[k] == pytest.approx(np.mean(labels[:, : 9 - k] * labels[:, k:]), abs=1e-5)


def test_slope_of_two_point_at_zero_is_the_area():
    """-4 dS2/dr at 0 is the specific area (Debye 1957)."""
    labels = np.zeros((64, 64, 64), np.uint8)
    labels[10:54, 10:54, 10:54] = ball(44, 20.2)
    im = image(labels)
    s = two_point(im, "SE", 10, (True,) * 3).radial
    slope = (s[0] - s[4]) / 4
    assert 4 * slope == pytest.approx(interfaces(im, (True,) * 3)["pore", "SE"].area, rel=0.06)


def test_chords_of_a_laminate():
    found = chords(image(laminate(26, 6, 2), 0.5), "SE")
    assert found.mean == 1.0
    # layers at 0, 6, 12, 18, 24: the first and the last touch the border
    assert found.count.tolist()[:3] == [0, 3 * 26 * 26, 0]
    assert chords(image(laminate(24, 6, 2)), "pore").mean == 4.0
    assert np.isnan(chords(image(laminate()), "SE", 0).mean)


def test_chords_of_bernoulli_noise_are_geometric():
    p = 0.4
    found = chords(image((RNG(2).random((80, 80, 80)) < p).astype(np.uint8)), "SE")
    assert found.mean == pytest.approx(1 / (1 - p), rel=0.02)
    assert found.count[1] / found.count[0] == pytest.approx(p, rel=0.03)


# Tortuosity


def test_transport_numbers():
    t = Transport(0.75, 0.5)
    assert (t.tortuosity_factor, t.formation_factor) == (1.5, 2.0)
    assert t.tortuosity**2 == pytest.approx(1.5)
    assert Transport(0.3, 0.0).tortuosity == inf


def test_geodesic_tortuosity_of_straight_bent_and_closed_ways():
    assert geodesic_tortuosity(image(laminate(axis=0)), ["SE"]) == 1
    labels = np.zeros((20, 3, 11), np.uint8)
    labels[2, 1, :6] = labels[2:13, 1, 5] = labels[12, 1, 5:] = 1
    # down 5, across 10, down 5; two corners are cut
    exact = (20 - 2 * (2 - np.sqrt(2))) / 10
    assert geodesic_tortuosity(image(labels), ["SE"]) == pytest.approx(exact)
    assert geodesic_tortuosity(image(laminate()), ["SE"]) == inf


# Utilisation


def test_utilisation_by_construction():
    phases = {0: "pore", 1: "CAM", 2: "SE", 3: "carbon"}
    labels = np.zeros((9, 9, 8), np.uint8)
    labels[0, 0] = 2  # electrolyte through
    labels[8, 0] = 3  # carbon through
    labels[1:8, 0, 2] = 1  # touches both: 7 voxels
    labels[1:3, 0, 5] = 1  # electrolyte only: 2
    labels[7, 0, 6] = 1  # carbon only: 1
    labels[4, 4, 4:6] = 1  # nothing: 2
    labels[5, 4, 4] = 2  # a lonely grain of electrolyte
    im = image(labels, 1e-6, phases)
    found = utilisation(im, "CAM", ["SE"], ["carbon"])
    assert found.particles == 4
    assert found.ionic == pytest.approx(9 / 12)
    assert found.electronic == pytest.approx(8 / 12)
    assert found.both == pytest.approx(7 / 12)
    assert found.surface == pytest.approx(1 / (1.5 * labels.size * 1e-6))
    assert utilisation(im, "CAM", ["SE"], ["CAM", "carbon"]).electronic == pytest.approx(8 / 12)
    with pytest.raises(CaseError, match="no phase"):
        utilisation(im, "NMC", ["SE"], ["carbon"])
