"""Distributions of diameters against their moments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulestack.errors import CaseError
from joulestack.microstructure.packings.sizes import (
    Gamma,
    Lognormal,
    Measured,
    Uniform,
    from_counts,
    mean_volume,
    sample,
)

RNG = np.random.default_rng


@given(st.floats(0.5, 6), st.floats(1e-6, 1e-4))
def test_mean_volume_of_a_gamma_distribution(a, b):
    assert mean_volume(Gamma(a, b)) == pytest.approx(np.pi / 6 * b**3 * a * (a + 1) * (a + 2), 1e-5)


@given(st.floats(1e-6, 1e-4), st.floats(0.05, 0.7))
def test_mean_volume_of_a_lognormal_distribution(m, s):
    exact = np.pi / 6 * m**3 * np.exp(4.5 * s**2)
    assert mean_volume(Lognormal(m, s)) == pytest.approx(exact, 1e-4)


def test_mean_volume_of_equal_likelihoods():
    a, b = 2e-6, 6e-6
    exact = np.pi / 6 * (b**4 - a**4) / (4 * (b - a))
    assert mean_volume(Uniform(a, b)) == pytest.approx(exact, 1e-9)


def test_schneiders_powder_fills_his_box():
    """9591 spheres in 210 x 210 x 1700 um: a loose powder only if the gamma means diameters."""
    filled = 9591 * mean_volume(Gamma(1.94431, 7.04802e-6)) / (210e-6**2 * 1700e-6)
    assert filled == pytest.approx(0.53, abs=0.005)


def test_samples_keep_mean_volume_and_sieve():
    sieved = Gamma(1.94431, 7.04802e-6, 5e-6, 40e-6)
    d = sample(sieved, 2000, RNG(1))
    assert d.min() >= 5e-6
    assert d.max() <= 40e-6
    assert np.pi / 6 * np.mean(d**3) == pytest.approx(mean_volume(sieved), 0.01)
    np.testing.assert_array_equal(d, sample(sieved, 2000, RNG(1)))


def test_a_histogram_keeps_its_mean():
    d = np.array([1.0, 2.0, 3.0, 4.0]) * 1e-6
    measured = from_counts(d, np.array([1.0, 5.0, 3.0, 1.0]))
    assert np.mean(sample(measured, 4000, RNG(1))) == pytest.approx(2.4e-6, 1e-3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Measured((2e-6, 1e-6), (0.0, 1.0)),
        lambda: Measured((1e-6, 2e-6), (0.5, 0.5)),
        lambda: from_counts(np.array([1e-6, 2e-6]), np.array([0.0, 0.0])),
        lambda: Gamma(2, 1e-6, 90e-6, 95e-6).quantile(np.array([0.5])),
    ],
)
def test_no_distribution_is_a_case_error(call):
    with pytest.raises(CaseError):
        call()
