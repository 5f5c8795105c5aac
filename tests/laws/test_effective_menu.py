"""Networks, inclusions with interface resistance, packings: limits and bounds on random inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.laws import effective_media, inclusions, loose_packings, percolation
from tests.laws.test_effective_media import as_arrays, mixtures


def one_kind(f, k_m, k, aspect, radius, R):
    shape = inclusions.Shape.of(aspect, radius, R)
    return inclusions.spheroids((1 - f, f), (k_m, k), [shape])


thresholds, exponents = st.floats(0.05, 0.6), st.floats(1.0, 3.0)
shares, decades = st.floats(0.01, 0.99), st.floats(-4.0, 4.0)


def mixture(f, k):
    return (f, 1 - f), (k, 1.0)


@settings(max_examples=500, deadline=None)
@given(mixtures, thresholds, exponents)
def test_general_effective_medium_keeps_wiener(drawn, threshold, exponent):
    f, k = as_arrays(drawn)
    mixed = percolation.general_effective_medium(f, k, threshold, exponent, steps=60)
    high = effective_media.wiener_upper(f, k)
    assert effective_media.wiener_lower(f, k) - 1e-9 * high <= mixed <= high * (1 + 1e-9)


@pytest.mark.parametrize("phases", [2, 3, 5])
def test_general_effective_medium_keeps_wiener_many_times(phases):
    rng = np.random.default_rng(phases)
    f = rng.dirichlet(np.ones(phases), 20000).T
    k = 10.0 ** rng.uniform(-3, 3, (phases, 20000))
    threshold, exponent = rng.uniform(0.05, 0.6, 20000), rng.uniform(1, 3, 20000)
    mixed = percolation.general_effective_medium(f, k, threshold, exponent, steps=60)
    high = effective_media.wiener_upper(f, k)
    assert np.all(effective_media.wiener_lower(f, k) - 1e-9 * high <= mixed)
    assert np.all(mixed <= high * (1 + 1e-9))


@settings(max_examples=1000, deadline=None)
@given(shares, decades, thresholds, exponents)
def test_two_phases_in_closed_form_are_the_root_of_the_equation(f, k, threshold, exponent):
    fractions, values = mixture(f, 10.0**k)
    x = percolation.general_effective_medium(fractions, values, threshold, exponent) ** (
        1 / exponent
    )
    v = [value ** (1 / exponent) for value in values]
    A = (1 - threshold) / threshold
    terms = [g * (w - x) / (w + A * x) for g, w in zip(fractions, v, strict=True)]
    assert abs(sum(terms)) <= 1e-9 * max(abs(t) for t in terms) + 1e-14


def test_general_effective_medium_in_its_limits():
    f, k = np.array([0.2, 0.5, 0.3]), (3.0, 0.7, 0.01)
    split = percolation.general_effective_medium(f, k, 1 / 3, 1.0)
    assert split == pytest.approx(effective_media.bruggeman(f, k), rel=1e-12)
    # The same phase named twice: three phases by Newton are two in closed form.
    once = percolation.general_effective_medium((0.4, 0.6), (2.0, 0.05), 0.2, 1.8)
    assert percolation.general_effective_medium(
        (0.4, 0.25, 0.35), (2.0, 0.05, 0.05), 0.2, 1.8, steps=60
    ) == pytest.approx(once, rel=1e-10)
    assert percolation.general_effective_medium((0.3, 0.7), (0.4, 0.4), 0.16, 2.0) == pytest.approx(
        0.4
    )
    phi = np.linspace(0.0, 1.0, 101)
    bare = percolation.general_effective_medium((phi, 1 - phi), (0.65, 0.0), 0.16, 2.0)
    assert bare == pytest.approx(0.65 * percolation.percolation(phi, 0.16, 2.0), abs=1e-14)
    assert percolation.percolation(0.15, 0.16, 2.0) == 0.0
    assert percolation.percolation(1.0, 0.16, 2.0) == 1.0
    near = percolation.general_effective_medium(f, k, 0.2, 1.5)
    warm = percolation.general_effective_medium(f, k, 0.2, 1.5, start=1.02 * near)
    assert warm == pytest.approx(near, rel=1e-6)


@settings(max_examples=1000, deadline=None)
@given(shares, decades, st.floats(-9.0, -3.0), st.floats(-8.0, -4.0))
def test_spheres_keep_the_bounds_of_dressed_values(f, k, R, a):
    inside, radius, resistance = 10.0**k, 10.0**a, 10.0**R
    fractions, values = (1 - f, f), (1.0, inside)
    mixed = inclusions.nan_spheres(fractions, values, [radius], [resistance])
    covered = (1.0, inclusions.dressed(inside, radius, resistance))
    slack = 1e-9 * effective_media.wiener_upper(fractions, covered)
    assert effective_media.hashin_shtrikman_lower(fractions, covered) - slack <= mixed
    assert mixed <= effective_media.hashin_shtrikman_upper(fractions, covered) + slack
    assert mixed <= effective_media.maxwell(fractions, values) * (1 + 1e-12)


@settings(max_examples=1000, deadline=None)
@given(st.floats(0.01, 0.5), decades, st.floats(-2.0, 2.0))
def test_spheres_are_equation_15_of_nan(f, k, alpha):
    k, alpha, k_m, radius = 10.0**k, 10.0**alpha, 0.7, 3e-6
    R = alpha * radius / k_m
    up = k * (1 + 2 * alpha) + 2 * k_m
    down = k * (1 - alpha) - k_m
    expected = k_m * (up + 2 * f * down) / (up - f * down)
    assert inclusions.nan_spheres((1 - f, f), (k_m, k), [radius], [R]) == pytest.approx(expected)
    assert one_kind(f, k_m, k, 1.0, radius, R) == pytest.approx(expected, rel=1e-6)


def test_inclusions_in_their_limits():
    f, k_m, k, a = 0.3, 0.65, 4.0, 2e-6
    fractions, values = (1 - f, f), (k_m, k)
    free = inclusions.nan_spheres(fractions, values, [a], [0.0])
    assert free == pytest.approx(effective_media.maxwell(fractions, values), rel=1e-14)
    closed = inclusions.nan_spheres(fractions, values, [a], [1e6])
    assert closed == pytest.approx(effective_media.maxwell(fractions, (k_m, 0.0)), rel=1e-6)
    # At this resistance a sphere is not seen from outside, at any fraction.
    R = a * (1 / k_m - 1 / k)
    assert inclusions.nan_spheres(fractions, values, [a], [R]) == pytest.approx(k_m, rel=1e-12)
    assert inclusions.kapitza_radius(k_m, R) == pytest.approx(a * (1 - k_m / k))
    # Dilute limit: slope 3 (k' - k_m)/(k' + 2 k_m) with the dressed k'.
    R, few = 1e-6, 1e-6
    slope = (inclusions.nan_spheres((1 - few, few), values, [a], [R]) / k_m - 1) / few
    seen = inclusions.dressed(k, a, R)
    assert slope == pytest.approx(3 * (seen - k_m) / (seen + 2 * k_m), rel=1e-5)


@pytest.mark.parametrize("aspect", [0.01, 0.3, 0.9999, 1.0, 1.0001, 5.0, 200.0])
def test_spheroids_dilute_and_bounded(aspect):
    k_m, k = 0.65, 20.0
    L = inclusions.depolarisation(aspect)
    assert 0 <= L <= 0.5
    few = 1e-7
    slope = (one_kind(few, k_m, k, aspect, 1e-6, 0.0) / k_m - 1) / few
    beta = [(k - k_m) / (k_m + x * (k - k_m)) for x in (L, L, 1 - 2 * L)]
    assert slope == pytest.approx(sum(beta) / 3, rel=1e-4)
    assert slope >= 3 * (k - k_m) / (k + 2 * k_m) * (1 - 1e-6)  # spheres help least
    resisting = one_kind(0.05, k_m, k, aspect, 1e-6, 1e-5)
    assert resisting < one_kind(0.05, k_m, k, aspect, 1e-6, 0.0)


def test_several_kinds_of_spheres_are_maxwell():
    fractions, values = (0.5, 0.3, 0.2), (0.65, 4.0, 0.1)
    round_ = inclusions.Shape.of(1.0)
    assert inclusions.spheroids(fractions, values, [round_, round_]) == pytest.approx(
        effective_media.maxwell(fractions, values), rel=1e-9
    )
    # Fibres and plates help more than spheres, in any company.
    for aspect in (0.1, 8.0):
        mixed = inclusions.spheroids(fractions, values, [inclusions.Shape.of(aspect), round_])
        assert mixed > effective_media.maxwell(fractions, values)


def test_depolarisation_closed_forms():
    assert inclusions.depolarisation(1.0) == pytest.approx(1 / 3)
    assert inclusions.depolarisation(1.0 + 2e-4) == pytest.approx(1 / 3 + 2 / 15 * 2e-4, rel=1e-6)
    assert inclusions.depolarisation(1e4) == pytest.approx(0.5, abs=1e-6)
    assert inclusions.depolarisation(1e-4) == pytest.approx(0.0, abs=1e-4)


def test_packings_keep_the_bounds_where_they_claim():
    rng = np.random.default_rng(3)
    phi = rng.uniform(0.4, 0.7, 20000)
    for lowest, low, high in (
        (1.5, effective_media.wiener_lower, effective_media.wiener_upper),
        (8.0, effective_media.hashin_shtrikman_lower, effective_media.hashin_shtrikman_upper),
    ):
        kappa = 10 ** rng.uniform(np.log10(lowest), 6, 20000)
        k = loose_packings.zehner_bauer_schluender(phi, kappa, 1.0)
        f, values = (phi, 1 - phi), (kappa, np.ones_like(kappa))
        assert np.all(k >= low(f, values) * (1 - 1e-12))
        assert np.all(k <= high(f, values) * (1 + 1e-12))


@settings(max_examples=1000, deadline=None)
@given(st.floats(0.3, 0.75), st.floats(0.05, 5.0))
def test_packing_is_the_formula_of_zehner_and_schluender(phi, decade):
    kappa = 10.0**decade
    B = 1.25 * (phi / (1 - phi)) ** (10 / 9)
    N = 1 - B / kappa
    if abs(N) < 0.05:  # the paper's form loses its digits here
        return
    cell = 2 / N * (
        B / N**2 * (kappa - 1) / kappa * np.log(kappa / B) - (B + 1) / 2 - (B - 1) / N
    )  # fmt: skip
    expected = 0.02 * (1 - np.sqrt(phi) + np.sqrt(phi) * cell)
    k = loose_packings.zehner_bauer_schluender(phi, 0.02 * kappa, 0.02)
    assert k == pytest.approx(expected, rel=1e-7)


def test_packing_limits():
    assert loose_packings.zehner_bauer_schluender(0.6, 0.3, 0.3) == pytest.approx(0.3)
    touching = loose_packings.zehner_bauer_schluender(0.6, 0.6, 1e-9, contact=0.02)
    assert touching == pytest.approx(0.6 * 0.02 * np.sqrt(0.6), rel=1e-3)
    through = loose_packings.zehner_bauer_schluender(
        np.array([0.5, 0.6]), 0.6, np.array([0.017, 0.01])
    )
    assert through[0] == pytest.approx(loose_packings.zehner_bauer_schluender(0.5, 0.6, 0.017))
    # Smooth through B = kappa, where the formula is 0/0.
    B = 1.25 * 1.5 ** (10 / 9)
    around = B * (1 + np.linspace(-0.06, 0.06, 241))
    k = loose_packings.zehner_bauer_schluender(0.6, around, 1.0)
    assert np.abs(np.diff(k, 3)).max() < 1e-7


def test_knudsen():
    assert loose_packings.knudsen(0.0177, 70e-9, 1.0, 1.7) == pytest.approx(0.0177, rel=1e-6)
    assert loose_packings.knudsen(0.0177, 70e-9, 70e-9, 1.7) == pytest.approx(0.0177 / 4.4)
    assert loose_packings.free_path(600.0, 101325.0, 70e-9) == pytest.approx(140e-9)
    assert loose_packings.free_path(300.0, 2 * 101325.0, 70e-9) == pytest.approx(35e-9)


def test_the_same_definitions_are_ufl():
    ufl = pytest.importorskip("ufl")
    basix = pytest.importorskip("basix.ufl")
    x = ufl.SpatialCoordinate(ufl.Mesh(basix.element("Lagrange", "triangle", 1, shape=(2,))))[0]
    for law in (
        lambda s: percolation.general_effective_medium((s, 1 - s), (2.0, 0.1), 0.2, 1.8),
        lambda s: percolation.general_effective_medium(
            (s, 0.9 - s, 0.1), (2.0, 0.1, 0.4), 0.2, 1.8, start=0.8
        ),
        lambda s: inclusions.nan_spheres((1 - s, s), (0.65, 4.0), [2e-6], [2e-6]),
        lambda s: loose_packings.zehner_bauer_schluender(s, 0.6, 0.017),
    ):
        assert float(law(x)((0.62, 0.0))) == pytest.approx(float(law(0.62)), rel=1e-12)
