"""Diffusion to patches against exact series, contacts of grains against packings."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import eval_legendre, j0, j1, jn_zeros

from joulestack.laws.grains.contact_patches import constriction, longer_way
from joulestack.laws.grains.coordination import CONTACTS, connected, touching


def _caps(coverage: float, poles: int) -> float:
    """psi of one cap, or of two polar caps, with an even flux on them: harmonics l of the sphere.

    grad u = f - mean on the surface; u_l = f_l R/(D l); averaged over the caps against that of all.
    """
    edge = 1 - 2 * coverage / poles
    x, w = np.polynomial.legendre.leggauss(2000)
    inside = (x > edge) | ((poles == 2) & (x < -edge))
    mean = (w * inside).sum() / 2  # the coverage as these points see it
    psi = 0.0
    for n in range(1, 400):
        if poles == 2 and n % 2:
            continue
        c = (w * inside * eval_legendre(n, x)).sum() / 2 / mean  # of f, and of the average
        psi += (2 * n + 1) * c**2 / n
    return float(psi)


@pytest.mark.parametrize("coverage", [0.1, 0.3, 0.6])
def test_one_patch_is_exact_and_two_nearly(coverage: float) -> None:
    assert constriction(coverage, 1) == pytest.approx(_caps(coverage, 1), rel=0.01)
    assert longer_way(coverage, 2) == pytest.approx(1 + 5 * _caps(coverage, 2), rel=0.07)


@pytest.mark.parametrize("coverage", [0.05, 0.2, 0.5])
def test_many_patches_are_discs_on_cylinders(coverage: float) -> None:
    """(16/(pi e)) sum J1(b e)^2/(b^3 J0(b)^2) over the zeros b of J1."""
    e, b = coverage**0.5, jn_zeros(1, 3000)
    series = 16 / (np.pi * e) * np.sum(j1(b * e) ** 2 / (b**3 * j0(b) ** 2))
    many = 1e8
    assert constriction(coverage, many) * many**0.5 == pytest.approx(
        np.pi / 2 * series / e, rel=5e-3
    )


def test_limits() -> None:
    assert longer_way(1.0, 3) == 1
    ways = [longer_way(c, 3) for c in (0.1, 0.2, 0.4, 0.8)]
    assert ways == sorted(ways, reverse=True)
    assert longer_way(0.3, 12) < longer_way(0.3, 3)


def test_contacts_of_equal_grains_follow_their_share() -> None:
    own, other = touching(0.4, 1.0)
    assert (own, other) == pytest.approx((0.4 * CONTACTS, 0.6 * CONTACTS))


@pytest.mark.parametrize(("share", "ratio"), [(0.3, 1.0), (0.5, 2.0), (0.7, 0.4)])
def test_contacts_between_two_kinds_are_counted_once(share: float, ratio: float) -> None:
    _, here = touching(share, ratio)
    _, there = touching(1 - share, 1 / ratio)
    n = share / (share + (1 - share) * ratio**3)
    assert n * here == pytest.approx((1 - n) * there)


def test_a_network_begins_and_is_whole() -> None:
    assert connected(1.764) == pytest.approx(0, abs=1e-6)
    assert connected(4.236) == connected(6) == 1
    assert 0 < connected(2) < connected(3) < 1
