"""Ionic conductivity under pressure: its parts, Schneider 2023 and the bounds that hold for all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulestack.constants import GAS_CONSTANT
from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws import ionic_pressure
from joulestack.laws.conductivity import PressedIonic
from joulestack.laws.state import State

SIZES = ("<50 um", ">50 um")


def pellet(size, pressure=1e6, **changes):
    return fabricate(Fabrication("Li7SiPS8", pressure, particle_class=size, **changes))


def sigma(size, p, highest):
    """[mS/cm]; moulded at next to nothing, so that the state carries the history."""
    state = State(T=298.15, p=np.asarray(p, float), p_max=np.asarray(highest, float))
    return 10 * pellet(size).ionic_conductivity(state)


@pytest.mark.parametrize(
    ("size", "loose", "top", "released", "low"),
    [("<50 um", 0.3, 4.1, 5.3, 3.8), (">50 um", 0.7, 5.7, 6.6, 1.1)],
)
def test_points_and_maxima_of_schneider(size, loose, top, released, low):
    p = np.linspace(1e6, 1.7e9, 3400)
    up, down = sigma(size, p, p), sigma(size, p, 1.7e9)
    assert sigma(size, 10e6, 10e6) == pytest.approx(loose, rel=0.15)
    assert sigma(size, 0.5e9, 0.5e9) == pytest.approx(top, rel=0.15)
    assert sigma(size, 10e6, 1.7e9) == pytest.approx(low, rel=0.15)
    assert down.max() == pytest.approx(released, rel=0.15)
    assert 0.4e9 < p[up.argmax()] < 0.6e9
    assert 0.09e9 < p[down.argmax()] < 0.2e9
    assert np.all(down >= up * (1 - 1e-12))


@pytest.mark.parametrize("size", SIZES)
def test_activation_volume_is_the_slope_of_the_release(size):
    p = np.linspace(0.6e9, 1.7e9, 50)
    slope = np.polyfit(p, np.log(sigma(size, p, 1.7e9)), 1)[0]
    assert -slope * GAS_CONSTANT * 298.15 * 1e6 == pytest.approx(1.4, rel=0.03)


@pytest.mark.parametrize(("size", "first", "second"), [("<50 um", 3.8, 4.4), (">50 um", 1.1, 2.1)])
def test_second_cycle_of_schneider(size, first, second):
    """Section 2.2: at 10 MPa after one and after two cycles to 1.7 GPa."""
    state = State(T=298.15, p=10e6)
    once, twice = (
        10 * pellet(size, 1.7e9, pressings=n).ionic_conductivity(state) for n in (None, 2)
    )
    assert once == pytest.approx(first, rel=0.06)
    assert twice == pytest.approx(second, rel=0.06)


@pytest.mark.parametrize("size", SIZES)
def test_stack_pressure_series_of_schneider(size):
    """Fig. 5 in words: at 100 MPa nearly independent above 0.5 GPa; at 10 MPa plateau, then rise.

    In the end near the values at 100 MPa, but still lower: its pellet was pressed many times.
    """
    made = np.array([100e6, 300e6, 500e6, 1000e6, 1700e6])
    high, low = sigma(size, 100e6, made), sigma(size, 10e6, made)
    assert np.all(np.diff(high) >= 0)
    assert np.all(np.diff(low) >= 0)
    assert high[-1] / high[2] < 1.15
    fine = np.geomspace(100e6, 1.7e9, 200)
    slope = np.gradient(np.log(sigma(size, 10e6, fine)), np.log(fine))
    at = {q: slope[np.argmin(abs(fine - q))] for q in (400e6, 800e6, 1500e6)}
    assert at[800e6] < at[1500e6]
    assert at[800e6] < 0.6 * slope[fine < 500e6].max()
    often = pellet(size, 1.7e9, pressings=10)
    near, full = (often.ionic_conductivity(State(T=298.15, p=p)) for p in (10e6, 100e6))
    assert 0.6 * full < near < full


@pytest.mark.parametrize("size", SIZES)
def test_bounded_below_the_data(size):
    """10 MPa is the lowest pressure of the paper: less than a factor of 4 is lost below it."""
    assert sigma(size, 10e6, 1.7e9) / 4 < sigma(size, 0.0, 1.7e9) < sigma(size, 10e6, 1.7e9)
    assert sigma(size, 0.0, 0.0) > 0


def test_factors():
    assert ionic_pressure.made_contacts(0.0, 0.3, 1e8, 1.5) == pytest.approx(0.3)
    assert ionic_pressure.made_contacts(1e10, 0.3, 1e8, 1.5) == pytest.approx(1.0)
    half = ionic_pressure.held_up(2e6, 1e6, 1.5)
    assert ionic_pressure.held_contacts(2e6, half, 1.7, 1e6, 1.5) == pytest.approx(0.5)
    assert ionic_pressure.held_contacts(2e6, half, 1.7, 1e6, 1.5, 2.0) == pytest.approx(2 / 3)
    assert ionic_pressure.held_contacts(2e6, 0.0, 1.7, 1.0, 1.5) == 1
    assert ionic_pressure.left_by(3e8, 3e8, 1e7, 1.5) == pytest.approx(3e8)
    assert ionic_pressure.left_by(0.0, 1e12, 1e7, 1.5) == pytest.approx(1e7, rel=1e-4)
    assert ionic_pressure.opened(0.0, 0.0, 0.6, 2e7, 1e9) == pytest.approx(0.6)
    assert ionic_pressure.opened(2e7, 1e9, 0.6, 2e7, 1e9) == pytest.approx(0.15)


LAWS = st.builds(
    PressedIonic,
    value=st.just(1.0),
    activation_energy=st.just(3e4),
    unpressed=st.floats(0.01, 1),
    making_pressure=st.floats(1e6, 1e9),
    making_exponent=st.floats(1, 5),
    cracks=st.floats(0, 1),
    closing_pressure=st.floats(1e6, 1e9),
    binding_pressure=st.floats(1e8, 1e12),
    contact_pressure=st.floats(0, 3e8),
    contact_exponent=st.floats(1, 3),
    electrode_pressure=st.floats(0, 3e8),
    electrode_exponent=st.floats(1, 3),
    pressings=st.floats(1, 20),
    kept_pressure=st.floats(1e5, 1e8),
    kept_bend=st.floats(1, 2),
)
PRESSURES = np.concatenate([[0.0, 1.0], np.geomspace(1e4, 1e10, 60)])


@given(LAWS, st.floats(0.0, 5e8), st.floats(0.0, 3.0))
def test_pressing_harder_never_harms_whatever_the_numbers(law, p, exponent):
    """Cracks take from what pressing has made, never more: by construction, for any f and phi."""

    def pores(q):
        return (1 - 0.42 * np.exp(-q / 4e8)) ** exponent

    def total(p, q):
        q = np.maximum(p, q)
        left = pores(law.left(p, q)) / pores(q)
        return pores(q) * law(T=298.15, p=p, highest_pressure=q, pores_left=left)

    by_moulding, by_stack = total(p, PRESSURES), total(PRESSURES, 1e10)
    assert np.all(np.diff(by_moulding) >= -1e-12 * by_moulding[1:])
    assert np.all(np.diff(by_stack) >= -1e-12 * by_stack[1:])
    assert np.all((by_moulding > 0) & (by_moulding <= 1 + 1e-12))
    for share in law.shares(p, PRESSURES, 0.5).values():
        assert np.all((np.asarray(share) >= 0) & (np.asarray(share) <= 1 + 1e-12))
    # Continuous where release begins.
    beside = [total(p, p * (1 + d)) for d in (-1e-9, 0.0, 1e-9)]
    assert beside == pytest.approx([beside[1]] * 3, rel=1e-6)


def test_parts_from_and_to_ufl():
    ufl = pytest.importorskip("ufl")
    law = pellet("<50 um").ionic.form
    numbers = law(T=298.15, p=2e7, highest_pressure=5e8, pores_left=1.0)
    symbols = law(
        T=ufl.as_ufl(298.15), p=ufl.as_ufl(2e7), highest_pressure=ufl.as_ufl(5e8), pores_left=1.0
    )
    assert float(symbols) == pytest.approx(numbers)


def test_moulding_counts_as_highest_pressure():
    state = State(T=298.15, p=10e6)
    assert 10 * pellet("<50 um", 1.7e9).ionic_conductivity(state) == pytest.approx(
        float(sigma("<50 um", 10e6, 1.7e9))
    )
    closed = pellet(">50 um", 1.7e9, laws={"ionic_contact": "none"}).ionic_conductivity(state)
    squeezed = ionic_pressure.activation_volume_factor(10e6, 298.15, 1.4e-6)
    assert closed == pytest.approx(pellet(">50 um").ionic.form.value * squeezed)


def test_density_alone_does_not_say_the_conductivity():
    with pytest.raises(CaseError, match="moulding_pressure: is missing"):
        fabricate(Fabrication("Li7SiPS8", relative_density=0.9))
    given = Fabrication("Li7SiPS8", relative_density=0.9, overrides={"ionic_conductivity": 0.1})
    assert fabricate(given).ionic_conductivity(State(T=298.15)) == 0.1


def test_in_a_composite_it_scales_with_its_own_law():
    electrode = fabricate(Composite(
        "NMC622", Fabrication("Li7SiPS8", 500e6), {"active": 0.6, "electrolyte": 0.4}, porosity=0.15
    ))  # fmt: skip
    state = State(T=298.15, p=50e6, x=0.5)
    # Its grains never met the electrodes that pellets were measured with.
    alone = pellet("<50 um", 500e6, laws={"ionic_contact": "grains"})
    assert alone.ionic_conductivity(state) > pellet("<50 um", 500e6).ionic_conductivity(state)
    eps, phi = electrode.fractions(state)["electrolyte"], alone.relative_density(state)
    assert electrode.ionic_conductivity(state) == pytest.approx(
        alone.ionic_conductivity(state) * (eps / phi) ** 1.5
    )
