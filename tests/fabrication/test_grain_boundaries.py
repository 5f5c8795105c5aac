"""Boundaries between grains: closed forms of the law, measured bodies, every material's trend."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws import grain_boundaries as law
from joulestack.laws.state import ROOM, State
from joulestack.materials import library

SHARAFI = (
    (1100, 0.960, 5, 0.46),
    (1200, 0.977, 40, 0.52),
    (1250, 0.981, 60, 0.54),
    (1300, 0.994, 80, 0.56),
    (1300, 0.994, 600, 0.57),
)
"""Milan 2023, Table 1: hot-pressed at [degC], relative density, grains [um], sigma [mS/cm]."""

MADE = {
    "Li6PS5Cl": {"moulding_pressure": 370e6},
    "Li3PS4": {"moulding_pressure": 370e6},
    "Li7SiPS8": {"moulding_pressure": 370e6},
    "Ga-LLZO": {"sintering_temperature": 1373.15},
}
"""What some electrolytes need beside a grain size."""

CP = {"specific_heat_capacity": 700.0}
"""Of those whose heat capacity is a gap of the library [J/(kg K)]; nothing here follows it."""

POLYCRYSTALS = sorted(
    name for name in library.names() if "grain_boundary_resistance" in library.load(name).properties
)

sizes = st.floats(-7, -3).map(lambda e: 10**e)
temperatures = st.floats(200, 450)


def pellet(name: str, size: float | None, overrides=()):
    given = {} if "specific_heat_capacity" in library.load(name).properties else CP
    made = MADE.get(name, {"relative_density": 0.97})
    return fabricate(Fabrication(name, grain_size=size, overrides=given | dict(overrides), **made))


@pytest.mark.parametrize(("celsius", "phi", "grain", "sigma"), SHARAFI)
def test_table_1_of_milan(celsius, phi, grain, sigma):
    """Each body as hot-pressed and annealed: density and conductivity of the paper within 5 %."""
    spec = Fabrication("Al-LLZO", sintering_temperature=celsius + 273.15, grain_size=grain * 1e-6)
    made = fabricate(spec)
    assert made.relative_density(ROOM) == pytest.approx(phi, abs=0.001)
    assert 10 * made.ionic_conductivity(ROOM) == pytest.approx(sigma, rel=0.05)


def test_their_share_falls_with_temperature():
    """Apparent activation energy between that of grains and of boundaries, falling with T."""
    made = pellet("Al-LLZO", 5e-6)
    T = np.array([253.0, 298.15, 373.15, 423.0])
    assert np.all(np.diff(made.grain_boundary_share(State(T=T))) < 0)
    ratio = made.grain_boundary_share(State(T=298.15))
    # 1/0.46 - 1/0.57 of 1/0.46: the table itself, its densities alike.
    assert ratio == pytest.approx(0.19, abs=0.03)
    fine, coarse = (
        pellet("Al-LLZO", d).ionic_conductivity(State(T=373.15)) for d in (5e-6, 600e-6)
    )
    assert 0.88 < fine / coarse < 0.95  # 0.81 at room temperature in the table


def test_apparent_activation_energy():
    """d ln(sigma T)/d(1/T) = Ea_g (1 - s) + Ea_gb s: the series path, differentiated by hand."""
    made, T = pellet("Al-LLZO", 5e-6), 300.0
    step = 0.01

    def log(at):
        return np.log(made.ionic_conductivity(State(T=at)) * at)

    slope = -(log(T + step) - log(T - step)) / (1 / (T + step) - 1 / (T - step))
    s = made.grain_boundary_share(State(T=T))
    ev = 8.617333e-5
    assert slope * ev == pytest.approx(0.34 * (1 - s) + 0.43 * s, abs=3e-4)


def test_paths_of_a_brick_layer():
    """Boundaries like the grains vanish; blocking ones leave what runs along them."""
    sigma, w, d = 0.3, 2e-9, 50e-9
    assert law.polycrystal(sigma, w / sigma, d, w) == pytest.approx(sigma, rel=1e-14)
    f = 1 - (1 - w / d) ** 2
    along = law.polycrystal(sigma, 1e6, d, w, anisotropy=1e6 * sigma / w)
    assert along == pytest.approx(f * sigma, rel=1e-9)
    # Wide grains: resistances in series.
    assert 1 / law.polycrystal(sigma, 1e-5, 1e-3, 1e-9) == pytest.approx(
        1 / sigma + 1e-5 / 1e-3, rel=1e-5
    )


@given(st.floats(1e-4, 10), st.floats(-12, -3), sizes, st.floats(0.1, 100))
def test_what_was_measured_comes_out(sigma, exponent, d, anisotropy):
    R, w = 10**exponent, 1e-9
    measured = law.polycrystal(sigma, R, d, w, anisotropy)
    beside = law.beside(d, w) * anisotropy * w / R
    if measured - beside < 1e-6 * measured:
        return  # all of it runs along boundaries: the grains cannot be told
    again = law.without(measured, R, d, w, anisotropy)
    if law.share(sigma, R, d, w) < 0.999:
        assert again == pytest.approx(sigma, rel=1e-4)


@pytest.mark.parametrize("name", POLYCRYSTALS)
@settings(max_examples=12)
@given(sizes, temperatures, temperatures)
def test_every_polycrystal(name, size, one, other):
    """Share in [0, 1] and never rising with T; smaller grains never conduct better across them."""
    made = pellet(name, size)
    cold, warm = sorted((one, other))
    at = [made.grain_boundary_share(State(T=T, p=50e6)) for T in (cold, warm)]
    assert 0 <= at[1] <= at[0] * (1 + 1e-6) <= 1 + 1e-6
    state = State(T=one, p=50e6)
    assert pellet(name, 2 * size).grain_boundary_share(state) <= made.grain_boundary_share(state)
    assert pellet(name, 2 * size).thermal_conductivity(state) >= made.thermal_conductivity(state)


def test_nothing_changes_where_no_grain_size_is_said():
    """Of bodies measured with their boundaries: sigma at room temperature is the library's."""
    own = library.load("Al-LLZO").properties["ionic_conductivity"]
    made = pellet("Al-LLZO", None)
    at = fabricate(Fabrication("Al-LLZO", relative_density=0.981))
    assert made.grain_boundary_share(ROOM) > 0
    measured = own(ROOM, highest_pressure=0.0, pores_left=1.0)
    assert at.ionic_conductivity(ROOM) == pytest.approx(measured, rel=1e-9)
    assert pellet("Li6PS5Cl", None).boundaries is None


def test_kapitza_in_alumina():
    """k_g/(1 + k_g R/d): Yang 2002 (Acta Mater. 50, 2309) uses it for zirconia."""
    plain = fabricate(Fabrication("alumina")).thermal_conductivity(ROOM)
    fine = fabricate(Fabrication("alumina", grain_size=1e-6)).thermal_conductivity(ROOM)
    assert fine == pytest.approx(plain / (1 + plain * 1e-8 / 1e-6), rel=0.01)


def test_numbers_of_one_s_own():
    """Any electrolyte: resistance and activation energy by overrides, told where one lacks."""
    known = {"grain_boundary_resistance": 1e-4, "grain_boundary_activation_energy": 5e4}
    made = pellet("LATP", 2e-6, overrides=known)
    assert 0 < made.grain_boundary_share(ROOM) < 1
    made = pellet("Li6PS5Cl", 2e-6, overrides=known)
    assert made.grain_boundary_share(ROOM) > 0.9
    for lost, overrides in (
        ("overrides.grain_boundary_activation_energy", {"grain_boundary_resistance": 1e-4}),
        ("overrides.grain_boundary_resistance", {}),
    ):
        with pytest.raises(CaseError, match=lost):
            pellet("LATP", 2e-6, overrides=overrides)
    with pytest.raises(CaseError, match="grain_size: is missing"):
        pellet("LATP", None, overrides=known)
    with pytest.raises(CaseError, match="more than a grain of the body measured"):
        pellet("Al-LLZO", 5e-6, overrides={"grain_boundary_resistance": 0.1})
    with pytest.raises(CaseError, match="less than a boundary is wide"):
        pellet("Al-LLZO", 2e-9, overrides={"grain_boundary_width": 5e-9})


def test_boundaries_are_in_composites_too():
    """The electrolyte of an electrode is made of the same grains."""

    def k(size):
        grains = Fabrication("Li6PS5Cl", moulding_pressure=370e6, grain_size=size)
        made = fabricate(
            Composite("NMC622", grains, {"active": 0.7, "electrolyte": 0.3}, porosity=0.15)
        )
        return made.thermal_conductivity(ROOM), made.ionic_conductivity(ROOM)

    fine, coarse = k(2e-8), k(1e-4)
    assert fine[0] < 0.95 * coarse[0]
    assert fine[1] == pytest.approx(coarse[1], rel=0.01)  # boundaries like the grains
