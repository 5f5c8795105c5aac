"""t-Li7SiPS8 on loading and release: Schneider 2023, section 2.2."""

from __future__ import annotations

import numpy as np
import pytest

from joulestack.constants import GAS_CONSTANT
from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws import loading_branches
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
    # Collapse below 10 MPa on release: more than half of what is left there goes by 1 MPa.
    assert sigma(size, 1e6, 1.7e9) < 0.5 * sigma(size, 10e6, 1.7e9)


@pytest.mark.parametrize("size", SIZES)
def test_activation_volume_is_the_slope_of_the_release(size):
    p = np.linspace(0.6e9, 1.7e9, 50)
    slope = np.polyfit(p, np.log(sigma(size, p, 1.7e9)), 1)[0]
    assert -slope * GAS_CONSTANT * 298.15 * 1e6 == pytest.approx(1.4, rel=0.03)


@pytest.mark.parametrize("size", SIZES)
def test_finite_down_to_zero_pressure(size):
    assert 0 < sigma(size, 0.0, 1.7e9) < 0.01
    assert sigma(size, 0.0, 0.0) > 0


def test_factors():
    assert loading_branches.made_contacts(0.0, 0.3, 1e8, 1.5) == pytest.approx(0.3)
    assert loading_branches.made_contacts(1e10, 0.3, 1e8, 1.5) == pytest.approx(1.0)
    assert loading_branches.held_contacts(2e6, 2e6, 1.7, 0.0) == pytest.approx(0.5)
    assert loading_branches.held_contacts(2e6, 0.0, 1.7, 1.0) == pytest.approx(1.0)


def test_moulding_counts_as_highest_pressure():
    state = State(T=298.15, p=10e6)
    assert 10 * pellet("<50 um", 1.7e9).ionic_conductivity(state) == pytest.approx(
        float(sigma("<50 um", 10e6, 1.7e9))
    )
    closed = pellet(">50 um", 1.7e9, laws={"ionic_contact": "none"}).ionic_conductivity(state)
    assert 10 * closed == pytest.approx(7.83, rel=0.01)


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
    alone = pellet("<50 um", 500e6)
    eps, phi = electrode.fractions(state)["electrolyte"], alone.relative_density(state)
    assert electrode.ionic_conductivity(state) == pytest.approx(
        alone.ionic_conductivity(state) * (eps / phi) ** 1.5
    )
