"""Packings: pairs by brute force, forces of two spheres, jamming, nothing lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.errors import CaseError
from joulestack.microstructure.packings.compaction import compact
from joulestack.microstructure.packings.contacts import contacts
from joulestack.microstructure.packings.filling import Species, fill
from joulestack.microstructure.packings.neighbours import pairs
from joulestack.microstructure.packings.packing import Kind
from joulestack.microstructure.packings.relaxation import relax
from joulestack.microstructure.packings.sizes import Gamma, Uniform
from tests.microstructure.packings.samples import UM, by_hand, electrode, powder


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.floats(0, 0.2), st.integers(2, 60))
def test_pairs_are_all_pairs(seed, plates, margin, n):
    rng = np.random.default_rng(seed)
    box = np.array([1.0, 1.3, 2.0])
    x, r = rng.random((n, 3)) * box, rng.lognormal(-3, 0.9, n)
    found = pairs(x, r, box, (True, True, not plates), margin)
    d = x[:, None] - x[None]
    d[..., :2] -= box[:2] * np.rint(d[..., :2] / box[:2])
    if not plates:
        d[..., 2] -= box[2] * np.rint(d[..., 2] / box[2])
    near = np.linalg.norm(d, axis=-1) < r[:, None] + r[None] + margin
    wanted = {(i, j) for i, j in zip(*np.nonzero(np.triu(near, 1)), strict=True)}
    assert {tuple(sorted(p)) for p in found.tolist()} == wanted
    assert len(found) == len(wanted)
    assert (r[found[:, 0]] >= r[found[:, 1]]).all()


@pytest.mark.parametrize("cohesion", [0.0, 0.1])
def test_two_spheres_across_a_period_come_to_rest(cohesion):
    heap = by_hand([[0.05, 0.5, 1], [0.9, 0.5, 1]], [0.1, 0.1], 1.0, 2.0)
    object.__setattr__(heap, "cohesion", cohesion)
    x = relax(heap, 1e-9).packing.centres
    d = x[1] - x[0]
    d[:2] -= np.rint(d[:2])
    if cohesion:
        assert np.linalg.norm(d) == pytest.approx(0.2 - 0.1 * cohesion, rel=1e-6)
    else:  # they part, and stop
        assert 0.2 <= np.linalg.norm(d) < 0.22
    assert (x >= 0).all()
    assert (x[:, :2] < 1).all()


def test_stress_of_a_column_of_spheres():
    """Springs in a row: the force of the plates is that between the spheres."""
    r, h = 1.0, 3.6
    column = by_hand([[2, 2, 0.9], [2, 2, 2.7]], [r, r], 4.0, h)
    rest = relax(column, 1e-10)
    # plates: 2 k d_w = force; between: k d_b = force; 2 d_w + d_b = 4 r - h
    force = (4 * r - h) / 2
    assert rest.stress[2] == pytest.approx(force / 16, rel=1e-6)
    assert rest.stress[0] == pytest.approx(0, abs=1e-12)


def test_equal_spheres_jam_at_random_close_packing():
    """Onset of pressure at 0.64, with six contacts a sphere that carries (O'Hern et al. 2003)."""
    d = 10 * UM
    loose = fill(
        [Species(Kind("SE"), Uniform(d, d))], (9 * d, 9 * d), particles=800,
        relative_density=0.58, plates=False, seed=1,
    )  # fmt: skip
    states = list(compact(loose, [0.61, 0.655, 0.67, 0.685], step=0.01, tolerance=1e-5))
    assert states[0].stress[2] < 2e-5
    density = np.array([s.packing.relative_density for s in states[1:]])
    slope, offset = np.polyfit(density, [np.mean(s.stress) for s in states[1:]], 1)
    assert -offset / slope == pytest.approx(0.64, abs=0.01)
    number = contacts(states[1].packing).mean_number_of_backbone
    assert 6 <= number < 7.2


def test_density_is_reached_and_nothing_is_lost():
    state = powder(0.8)
    p = state.packing
    assert state.at_rest
    assert p.relative_density == pytest.approx(0.8, rel=1e-12)
    assert p.count == len(p.radii) == 400
    assert p.solid == pytest.approx(4 / 3 * np.pi * np.sum(p.radii**3), rel=1e-12)
    assert (p.centres >= 0).all()
    assert (p.centres < p.box).all()


def test_plates_hold_the_powder():
    p = powder(0.7, plates=True).packing
    assert (p.centres[:, 2] > 0.5 * p.radii).all()
    assert (p.centres[:, 2] < p.height - 0.5 * p.radii).all()


def test_the_same_seed_gives_the_same_packing():
    first = powder(0.7).packing.centres
    powder.cache_clear()
    np.testing.assert_array_equal(first, powder(0.7).packing.centres)


def test_cohesion_holds_loose_powder_together():
    assert contacts(powder(0.5).packing).mean_number < 2
    assert contacts(powder(0.5, cohesion=0.1).packing).mean_number > 4


def test_species_have_their_shares_and_rods_keep_their_length():
    p = electrode().packing
    soft_and_hard = [
        4 / 3 * np.pi * np.sum(p.radii[p.species == k] ** 3) / p.solid for k in range(2)
    ]
    np.testing.assert_allclose(soft_and_hard, [0.6, 0.37], rtol=1e-9)
    d = p.centres[p.bonds[:, 0]] - p.centres[p.bonds[:, 1]]
    d[:, :2] -= p.width * np.rint(d[:, :2] / p.width)
    np.testing.assert_allclose(np.linalg.norm(d, axis=1), p.lengths, rtol=0.1)


def test_hard_particles_overlap_less():
    p = electrode().packing
    found = contacts(p)
    near = found.kind[found.between - 1]
    hard = (near == 0).all(axis=1)
    assert hard.any()
    share = found.area[hard].mean() / (np.pi * (5 * UM) ** 2)
    soft = found.area[(near == 1).all(axis=1)].mean() / (np.pi * (2.5 * UM) ** 2)
    assert share < 0.5 * soft


SE = Species(Kind("SE"), Uniform(10 * UM, 10 * UM))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fill([SE], (1e-4, 1e-4)), "how much powder"),
        (lambda: fill([SE, SE], (1e-4, 1e-4), particles=9), "add up to 2"),
        (lambda: fill([SE], (1e-5, 1e-5), particles=99), "narrow"),
        (lambda: fill([SE], (1.0, 1.0), solid=1e-3), "at most 2000000"),
        (lambda: fill([SE], (2e-3, 2e-3), particles=9), "holds no particle"),
        (
            lambda: fill([Species(SE.kind, SE.sizes, 1.0, 5 * UM)], (1e-4, 1e-4), particles=9),
            "shorter than thick",
        ),
        (lambda: list(compact(powder(0.5).packing, [0.45, 0.99])), "looser(.|\n)*at most"),
        (lambda: list(compact(powder(0.5).packing, [0.7, 0.6])), "does not rise"),
    ],
)
def test_impossible_packings_are_case_errors(call, said):
    with pytest.raises(CaseError, match=said):
        call()


@pytest.mark.slow
def test_schneiders_pellet():
    """9591 particles of his gamma distribution, filled 1700 um high on 210 x 210 um, pressed."""
    powder = Species(Kind("t-Li7SiPS8"), Gamma(1.94431, 7.04802e-6))
    loose = fill([powder], (210 * UM, 210 * UM), particles=9591, relative_density=0.53, seed=1)
    assert loose.count == 9591
    assert loose.height == pytest.approx(1700 * UM, rel=0.02)
    state = list(compact(loose, [0.8], step=0.03))[-1]
    assert state.at_rest
    assert len(np.unique(state.packing.particle)) == 9591
    assert 5 < contacts(state.packing).mean_number_of_backbone < 12
