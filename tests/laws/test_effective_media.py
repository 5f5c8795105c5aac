"""Effective-transport laws: exact limits, bounds over random mixtures, a scalar root finder."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from joulestack.laws import effective_media
from joulestack.laws.effective_media import MIXTURES

mixtures = st.integers(2, 5).flatmap(
    lambda n: st.tuples(
        st.lists(st.floats(1e-3, 1.0), min_size=n, max_size=n),
        st.lists(st.floats(-3.0, 3.0), min_size=n, max_size=n),
    )
)


def as_arrays(mixture):
    f, decades = mixture
    return np.array(f) / np.sum(f), 10.0 ** np.array(decades)


@settings(max_examples=1000, deadline=None)
@given(mixtures)
def test_bounds_nest_and_hold_the_laws(mixture):
    f, k = as_arrays(mixture)
    low, high = effective_media.wiener_lower(f, k), effective_media.wiener_upper(f, k)
    hs_low = effective_media.hashin_shtrikman_lower(f, k)
    hs_high = effective_media.hashin_shtrikman_upper(f, k)
    slack = 1e-9 * high
    assert low <= hs_low + slack
    assert hs_low <= hs_high + slack
    assert hs_high <= high + slack
    assert hs_low - slack <= effective_media.bruggeman(f, k) <= hs_high + slack
    if len(f) == 2:
        assert hs_low - slack <= effective_media.maxwell(f, k) <= hs_high + slack


@settings(max_examples=300, deadline=None)
@given(mixtures)
def test_bruggeman_is_the_root(mixture):
    f, k = as_arrays(mixture)

    def residual(x):
        return float(np.sum(f * (k - x) / (k + 2 * x)))

    lo, hi = k.min() * (1 - 1e-12), k.max() * (1 + 1e-12)
    root = brentq(residual, lo, hi, xtol=1e-300, rtol=1e-14) if hi > lo else lo
    # Six decades of contrast here; close to a percolation threshold the error is largest.
    assert abs(effective_media.bruggeman(f, k) - root) <= 1e-7 * effective_media.wiener_upper(f, k)


def test_bruggeman_converges_as_documented():
    rng = np.random.default_rng(1)
    for n in (2, 3, 4):
        for decades, tolerance in ((3, 1e-13), (6, 1e-6), (12, 1e-3)):
            f = rng.dirichlet(np.ones(n), 20000).T
            k = 10.0 ** rng.uniform(-decades, 0, (n, 20000))
            few = effective_media.bruggeman(f, k)
            many = effective_media.bruggeman(f, k, steps=60)
            error = np.abs(few - many) / effective_media.wiener_upper(f, k)
            assert error.max() < tolerance, (n, decades)
            assert np.quantile(error, 0.999) < 1e-6


@pytest.mark.parametrize("law", MIXTURES)
def test_limits(law):
    mix = MIXTURES[law]
    assert mix((1.0, 0.0), (0.7, 0.1)) == pytest.approx(0.7, rel=1e-12)
    assert mix((0.0, 1.0), (0.7, 0.1)) == pytest.approx(0.1, rel=1e-12)
    assert mix((0.3, 0.7), (0.4, 0.4)) == pytest.approx(0.4, rel=1e-12)
    arrays = mix((np.array([0.2, 0.8]), np.array([0.8, 0.2])), (2.0, np.array([0.5, 0.1])))
    singles = [mix((0.2, 0.8), (2.0, 0.5)), mix((0.8, 0.2), (2.0, 0.1))]
    assert arrays == pytest.approx(singles, rel=1e-14)


def test_insulating_pores():
    phi = np.linspace(0.0, 1.0, 101)
    k = effective_media.bruggeman((phi, 1 - phi), (0.65, 0.0))
    assert np.allclose(k, np.maximum(0.65 * (3 * phi - 1) / 2, 0), atol=1e-11)
    upper = effective_media.hashin_shtrikman_upper((phi[1:], 1 - phi[1:]), (0.65, 0.0))
    assert np.allclose(upper, 0.65 * 2 * phi[1:] / (3 - phi[1:]))
    assert np.allclose(effective_media.maxwell((phi[1:], 1 - phi[1:]), (0.65, 0.0)), upper)
    assert effective_media.wiener_lower((0.8, 0.2), (0.65, 0.0)) < 1e-11
    assert np.all(np.isfinite(effective_media.bruggeman((phi, 1 - phi), (0.0, 0.0))))


@pytest.mark.parametrize(
    ("low", "high", "ratio"), [(52.4, 77.7, 2.33), (57.8, 77.5, 1.81), (62.5, 76.9, 1.49)]
)
def test_bruggeman_ratios_of_lee_2026(low, high, ratio):
    """k(200 MPa)/k(15 MPa) from the densities of Lee 2026, Table 1."""
    k = [effective_media.bruggeman((p / 100, 1 - p / 100), (0.6, 0.0)) for p in (low, high)]
    assert k[1] / k[0] == pytest.approx(ratio, abs=0.006)


@settings(max_examples=300, deadline=None)
@given(st.floats(0.3, 1.0), st.floats(1.2, 4.0), st.floats(-4.0, -0.3))
def test_pore_gas_solves_its_equation(phi, n, decades):
    k, gas = 0.65, 0.65 * 10.0**decades
    e = effective_media.with_pore_gas(k, phi, n, gas)
    b = 1 - 1 / n
    assert (e - gas) / (k - gas) * (k / e) ** b == pytest.approx(phi, rel=1e-7)
    assert e >= k * phi**n * (1 - 1e-12)


@pytest.mark.parametrize(("phi", "low", "high"), [(0.85, 0.024, 0.04), (0.9, 0.024, 0.04),
                                                  (0.75, 0.07, 0.11)])  # fmt: skip
def test_argon_share_of_boeger_2023(phi, low, high):
    """Boeger 2023: +2.4-4 % at phi 0.85-0.9, +9 % at 0.75; alpha about 2.9, k_Ar = 0.017."""
    share = effective_media.with_pore_gas(0.65, phi, 2.9, 0.017) / effective_media.with_pore_gas(
        0.65, phi, 2.9, 1e-12
    )
    assert low * 0.8 < share - 1 < high * 1.2


def test_power_laws():
    assert effective_media.power(0.8, 1.5) == pytest.approx(0.8**1.5)
    assert effective_media.tortuosity_squared(0.77, 1.2) == pytest.approx(0.77 / 1.44)
    assert effective_media.tortuosity_factor(0.77, 1.44) == pytest.approx(0.77 / 1.44)
