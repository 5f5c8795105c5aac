"""Grey values to phases on images whose phases are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.errors import CaseError
from joulestack.microstructure.segmentation import as_labels, components, despeckle, otsu, segment


def _noisy(seed=0, shares=(0.4, 0.35, 0.25), values=(40.0, 110.0, 200.0), noise=9.0):
    rng = np.random.default_rng(seed)
    truth = rng.choice(len(shares), size=(24, 25, 26), p=shares).astype(np.uint8)
    return truth, np.array(values)[truth] + rng.normal(0, noise, truth.shape)


def test_otsu_finds_three_phases():
    truth, grey = _noisy()
    labels = segment(grey, otsu(grey, 3))
    assert np.mean(labels == truth) > 0.999


def test_otsu_of_two_levels_cuts_between_them():
    grey = np.zeros((6, 6, 6), np.uint8)
    grey[:2] = 200
    assert np.count_nonzero(segment(grey, otsu(grey, 2))) == 72


def test_a_value_at_a_threshold_belongs_above():
    grey = np.arange(27).reshape(3, 3, 3)
    assert np.count_nonzero(segment(grey, [10])) == 17


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda g: otsu(np.ones((3, 3, 3)), 2), "every voxel"),
        (lambda g: otsu(g, 9), "9 classes"),
        (lambda g: otsu(g > 100, 3), "2 grey values for 3"),
        (lambda g: segment(g, [300.0]), "is empty"),
        (lambda g: segment(g, [100, 50]), "do not rise"),
        (lambda g: as_labels(g), "are no labels"),
        (lambda g: as_labels((g * 0 + 300).astype(int)), "are no labels"),
        (lambda g: despeckle((g > 100).astype(np.uint8), 10**9), "every component"),
    ],
)
def test_senseless_segmentations_are_case_errors(call, said):
    with pytest.raises(CaseError, match=said):
        call(_noisy()[1])


def test_specks_go_to_what_surrounds_them():
    labels = np.zeros((12, 12, 12), np.uint8)
    labels[6:] = 1
    dirty = labels.copy()
    dirty[3, 3, 3] = 1
    dirty[9, 2:4, 2:4] = 0
    dirty[5, 5, 5] = 2
    np.testing.assert_array_equal(despeckle(dirty, 5), labels)


def test_components_touch_over_faces_and_over_periodic_sides():
    mask = np.zeros((6, 6, 6), bool)
    mask[0, 2, 2] = mask[5, 2, 2] = True  # one over the periodic side
    mask[2, 2, 2] = mask[3, 3, 2] = True  # two: an edge is no contact
    assert components(mask)[1] == 4
    found, count = components(mask, (True, False, False))
    assert count == 3
    assert found[0, 2, 2] == found[5, 2, 2]
    assert found[2, 2, 2] != found[3, 3, 2]
    assert (found > 0).tolist() == mask.tolist()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 0.9))
def test_despeckling_leaves_no_speck_and_touches_nothing_else(seed, share):
    labels = (np.random.default_rng(seed).random((10, 10, 10)) < share).astype(np.uint8)
    kept = np.zeros(labels.shape, bool)
    for label in (0, 1):
        found, _ = components(labels == label)
        sizes = np.bincount(found.ravel())
        kept |= (sizes[found] >= 4) & (found > 0)
    if not kept.any():
        return
    clean = despeckle(labels, 4)
    np.testing.assert_array_equal(clean[kept], labels[kept])
