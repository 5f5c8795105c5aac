"""Contacts under load against closed forms: Hertz, full plasticity, arrays, Torre's pores."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

from joulestack.errors import CaseError
from joulestack.microstructure.packings.compaction import compact, press
from joulestack.microstructure.packings.contact_law import Solid, Touching
from joulestack.microstructure.packings.filling import Species, fill
from joulestack.microstructure.packings.packing import Kind
from joulestack.microstructure.packings.pressure import loaded
from joulestack.microstructure.packings.relaxation import relax
from joulestack.microstructure.packings.sizes import Uniform
from joulestack.microstructure.packings.voxelising import growth
from tests.microstructure.packings.samples import UM, by_hand

GLASS = Solid(24e9, 0.3, 1.0e9, 0.44e6)
HARD = Solid(138e9, 0.25, 10e9)
STIFF = Solid(1e15, 0.3, 1.0e9)  # yields at once, springs back by nothing


def pair(overlap, one=GLASS, other=GLASS, r=(3 * UM, 5 * UM)):
    """Two spheres on one another in a wide box; their contact."""
    p = by_hand(
        [[20 * UM, 20 * UM, 10 * UM], [20 * UM, 20 * UM, 10 * UM + sum(r) - overlap]], r,
        40 * UM, 40 * UM, True, (Kind("a"), Kind("b")), [0, 1],
    )  # fmt: skip
    return loaded(p, (one, other), 1.0)


def cubic(overlap, solid, n=3, plates=True, r=5 * UM):
    """Spheres on a simple cubic lattice, an overlap apart along all axes; plates touch by half."""
    d = 2 * r - overlap
    x = np.stack(np.meshgrid(*[(np.arange(n) + 0.5) * d] * 3, indexing="ij"), -1).reshape(-1, 3)
    return loaded(by_hand(x, np.full(n**3, r), n * d, n * d, plates), (solid,), 1.0)


@pytest.mark.parametrize("other", [GLASS, HARD])
def test_a_small_overlap_is_hertz(other):
    delta, r0 = 1e-5 * UM, 3 * 5 / 8 * UM
    modulus = 1 / ((1 - 0.3**2) / 24e9 + (1 - other.poisson_ratio**2) / other.youngs_modulus)
    state = pair(delta, GLASS, other)
    assert state.force == pytest.approx([4 / 3 * modulus * np.sqrt(r0) * delta**1.5], rel=1e-6)
    assert state.radius == pytest.approx([np.sqrt(r0 * delta)], rel=1e-6)


def test_without_elasticity_a_contact_is_fully_plastic():
    """F = 2 pi c^2 H R0 delta, c^2 = 1.43 (Storakers 1997); the softer sphere yields."""
    delta, r0 = 0.1 * UM, 3 * 5 / 8 * UM
    plastic = 2 * np.pi * 1.43 * 1e9 * r0 * delta
    assert pair(delta, STIFF, STIFF).force == pytest.approx([plastic], rel=1e-3)
    hard = replace(STIFF, hardness=3e9)
    assert pair(delta, STIFF, hard).force == pytest.approx([plastic], rel=1e-3)


@pytest.mark.parametrize(
    ("strain", "times"),
    [(0.003, 3), (0.003, 10), (0.003, 70), (0.01, 3), (0.01, 10), (0.01, 30), (0.028, 3),
     (0.028, 10)],
)  # fmt: skip
def test_between_them_it_is_jackson_and_green(times, strain):
    """Fit to finite elements of an elastic-plastic sphere on a flat (J. Tribol. 127 (2005) 343).

    Contacts below 0.3 of the radius: beyond, a sphere alone spreads and its pressure falls, which
    neighbours keep it from.
    """
    nu, radius, modulus = 0.32, 1.0, 1.0  # of the pair
    y = strain * modulus
    c = 1.295 * np.exp(0.736 * nu)
    critical = (np.pi * c * y / (2 * modulus)) ** 2 * radius
    first = 4 / 3 * (radius / modulus) ** 2 * (c / 2 * np.pi * y) ** 3
    delta = times * critical
    area = np.pi * radius * delta * (times / 1.9) ** (0.14 * np.exp(23 * strain))
    flat = 2.84 * y * (1 - np.exp(-0.82 * (np.sqrt(area / np.pi) / radius) ** -0.7))
    force = first * (
        np.exp(-0.25 * times ** (5 / 12)) * times**1.5
        + 4 * flat / (c * y) * (1 - np.exp(-(times ** (5 / 9)) / 25)) * times
    )
    one = Touching(*(np.array([v]) for v in (delta, radius, modulus, y)))
    a = one.contact_radius()
    assert a < 0.3
    assert one.force(a) == pytest.approx([force], rel=0.25)
    assert np.pi * a**2 == pytest.approx([area], rel=0.25)


@pytest.mark.parametrize("plates", [False, True])
@pytest.mark.parametrize("solid", [GLASS, STIFF])
def test_stress_of_a_cubic_array_is_force_over_area(solid, plates):
    delta = 0.2 * UM
    state = cubic(delta, solid, plates=plates)
    force = state.force[0]
    np.testing.assert_allclose(state.force, force, rtol=1e-9)
    assert state.stress == pytest.approx([force / (10 * UM - delta) ** 2] * 3, rel=1e-9)
    if solid is STIFF:  # pi a^2 H/d^2
        plastic = 2.86 * np.pi * 2.5 * UM * delta * 1e9 / (10 * UM - delta) ** 2
        assert state.pressure == pytest.approx(plastic, rel=1e-3)


def test_an_array_springs_back_by_its_elastic_overlap():
    """Unloading is Hertzian with the radius and force at the end of loading."""
    delta = 0.2 * UM
    state = cubic(delta, GLASS)
    a, force = state.radius[0], state.force[0]
    modulus = 24e9 / (1 - 0.3**2) / 2
    back = 3 * force / (4 * modulus * a)
    assert 0 < back < delta
    assert state.springback() == pytest.approx(back / (10 * UM - delta), rel=1e-6)
    elastic = cubic(1e-5 * UM, GLASS)
    assert elastic.springback() == pytest.approx(1e-6, rel=1e-3)  # all of it
    left = state.pressure / 8
    assert state.radius_at(left) == pytest.approx(state.radius / 2)
    assert state.springback(left) == pytest.approx(0.75 * state.springback())


def test_a_squeezed_sphere_breaks_where_its_intensity_exceeds_the_toughness():
    """2.8 F/(pi d^2) (Hiramatsu and Oka) on a flaw as long as the contact is wide."""
    state = cubic(0.2 * UM, GLASS)
    tension = 2.8 * state.force[0] / (np.pi * (10 * UM) ** 2)
    assert state.intensity() == pytest.approx(tension * np.sqrt(np.pi * state.radius[0]))
    large = cubic(20 * UM, GLASS, r=500 * UM)  # the same picture a hundred times larger
    assert large.intensity() == pytest.approx(10 * state.intensity())


@functools.cache
def heap(friction=0.0):
    return fill(
        [Species(Kind("SE"), Uniform(8 * UM, 12 * UM))], (54 * UM, 54 * UM), particles=220,
        relative_density=0.4, plates=False, friction=friction, seed=3,
    )  # fmt: skip


def forces(packing):
    return loaded(packing, (GLASS,), growth(packing))


@functools.cache
def pressed(friction=0.3, step=0.02):
    return list(press(heap(friction), (15e6, 60e6, 200e6), forces, step=step))


def test_pressures_are_met_and_densities_rise():
    for (state, under), wanted in zip(pressed(), (15e6, 60e6, 200e6), strict=True):
        assert state.at_rest
        assert under.pressure == pytest.approx(wanted, rel=0.02)
    density = [s.packing.relative_density for s, _ in pressed()]
    assert density == sorted(density)
    finer = [s.packing.relative_density for s, _ in pressed(step=0.01)]
    assert finer == pytest.approx(density, abs=0.012)


def test_friction_holds_powder_loose_and_the_die_takes_less():
    rough = [s.packing.relative_density for s, _ in pressed()]
    smooth = [s.packing.relative_density for s, _ in pressed(0.0)]
    assert rough[0] < smooth[0] - 0.02  # random loose against random close
    assert 0.60 < smooth[0] < 0.70
    for rubs, low, high in ((0.3, 0.3, 0.8), (0.0, 0.8, 1.1)):  # wall over punch pressure
        x, y, z = pressed(rubs)[1][1].stress
        assert low < (x + y) / (2 * z) < high


def test_no_contact_carries_more_than_coulomb_allows():
    state, _ = pressed()[0]
    p, (i, j) = state.packing, state.near.T
    d = p.centres[j] - p.centres[i]
    d -= p.box * np.rint(d / p.box)
    push = p.radii[i] + p.radii[j] - np.linalg.norm(d, axis=1)
    slid = 0.8 * np.linalg.norm(state.slip, axis=1)
    assert (slid <= 0.3 * np.maximum(push, 0) * (1 + 1e-6) + 1e-15).all()
    assert slid.max() > 0.1 * push.max()


def test_pores_close_at_torres_pressure():
    """d ln(1/(1 - D))/dp = 3/(2 Y) of a hollow plastic sphere (Torre 1948; Heckel's slope).

    Pores between spheres are cusps, and few: within 30 %.
    """
    stiff = replace(GLASS, youngs_modulus=240e9)
    found = []
    for state in compact(heap(), (0.84, 0.94), step=0.05):
        under = loaded(state.packing, (stiff,), growth(state.packing))
        found.append((np.log(1 / (1 - state.packing.relative_density)), under.stress.mean()))
    (first, low), (last, high) = found
    assert (high - low) / (last - first) == pytest.approx(2 / 3 * 1e9 / 2.8, rel=0.3)


def test_harder_matter_bears_more():
    state = list(compact(heap(), (0.8,), step=0.1))[-1].packing
    soft, hard = (
        loaded(state, (replace(STIFF, hardness=h),), growth(state)).pressure for h in (1e9, 2e9)
    )
    assert hard == pytest.approx(2 * soft, rel=1e-3)


@pytest.mark.parametrize(
    ("pressures", "said"),
    [((2e8, 1e8), "does not rise"), ((20e9,), "no pores are left")],
)
def test_pressures_that_cannot_be_are_case_errors(pressures, said):
    with pytest.raises(CaseError, match=said):
        list(press(heap(), pressures, forces, step=0.1))


def test_a_flat_heap_whose_spheres_would_meet_their_own_images_is_refused():
    flat = fill([Species(Kind("SE"), Uniform(9 * UM, 9 * UM))], (80 * UM, 80 * UM), particles=200,
                relative_density=0.4, plates=False)  # fmt: skip
    with pytest.raises(CaseError, match="too flat"):
        list(press(flat, (1e8,), forces))


def test_without_friction_nothing_is_remembered():
    first = relax(heap())
    again = relax(heap(), since=first)
    np.testing.assert_array_equal(first.packing.centres, again.packing.centres)
    assert not len(first.near)
