"""Densification, ionic conductivity, interpolation: closed forms, limits and the papers' points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from joulestack.constants import GAS_CONSTANT
from joulestack.errors import CaseError
from joulestack.fabrication.composite import composition
from joulestack.fabrication.law_choices import LAWS, resolve
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws import conductivity, densification, thermal
from joulestack.laws.forms import Table
from joulestack.laws.particles import specific_area
from joulestack.laws.regularisation import held, softened
from joulestack.laws.state import State
from joulestack.materials import library

LEE_TABLE_1 = {
    "LPS glass": [(15, 0.524), (50, 0.658), (100, 0.730), (200, 0.777)],
    "Li3PS4": [(15, 0.578), (50, 0.651), (100, 0.731), (200, 0.775)],
    "Li6PS5Cl": [(15, 0.625), (50, 0.683), (100, 0.738), (200, 0.769)],
}


@pytest.mark.parametrize("name", LEE_TABLE_1)
def test_two_stage_against_lee_table_1(name):
    law = library.load(name).properties["relative_density"]
    p, phi = np.array(LEE_TABLE_1[name]).T
    model = law(State(T=298.0, p=p * 1e6))
    assert np.max(np.abs(model / phi - 1)) < 0.02
    table = library.load(name).alternatives["relative_density"]["table"]
    assert table(State(T=298.0, p=p * 1e6)) == pytest.approx(phi, rel=1e-12)
    heckel = library.load(name).alternatives["relative_density"]["heckel"]
    assert heckel(State(T=298.0, p=p[1:] * 1e6)) == pytest.approx(phi[1:], rel=0.03)


def test_sintering_curve_of_lee_2026():
    law = library.load("Ga-LLZO").properties["relative_density"]
    T = np.array([800.0, 950.0, 1150.0]) + 273.15
    assert law(State(T=298.0), sintering_temperature=T) == pytest.approx([0.57, 0.79, 0.86])
    fine = law(State(T=298.0), sintering_temperature=np.linspace(1000, 1500, 500))
    assert np.all(np.diff(fine) >= 0)


@given(st.floats(0.0, 2e9), st.floats(0.3, 0.7), st.floats(0.0, 1.0))
def test_densification_stays_between_tapped_and_dense(p, D0, w):
    phi = densification.two_stage(p, D0, w, 40e6, 800e6)
    assert D0 - 1e-12 <= phi <= 1.0
    assert densification.two_stage(0.0, D0, w, 40e6, 800e6) == pytest.approx(D0)
    assert densification.two_stage(p * 1.1, D0, w, 40e6, 800e6) >= phi


def test_heckel_and_springback():
    phi = densification.heckel(500e6, 950e6, 1.0)
    assert np.log(1 / (1 - phi)) == pytest.approx(500 / 950 + 1.0)
    # Schneider 2023: 1.7 GPa released over M = 40 GPa gives 4.2 %.
    assert 1 - densification.springback(0.9, 1.7e9, 40e9) / 0.9 == pytest.approx(0.0425)
    assert densification.oedometric_modulus(27.8e9, 9.2e9) == pytest.approx(40e9, rel=0.01)


@given(st.lists(st.floats(-10, 10).map(lambda v: round(v, 3)), min_size=2, max_size=9))
def test_tables_are_monotone_and_smooth(values):
    x = np.arange(len(values), dtype=float)
    table = Table("p", tuple(x), tuple(values))
    fine = np.linspace(-1, len(values), 701)
    y = table(p=fine)
    if len(values) > 2:
        inside = np.clip(fine, x[0], x[-1])
        assert y == pytest.approx(PchipInterpolator(x, values)(inside), abs=1e-9)
    for a, b, i in zip(values[:-1], values[1:], range(len(values)), strict=False):
        part = table(p=np.linspace(i, i + 1, 30))
        assert np.all(np.diff(part) * np.sign(b - a) >= -1e-12)
    assert y[0] == values[0]
    assert y[-1] == pytest.approx(values[-1])


def test_activation_volume_of_schneider():
    factor = conductivity.activation_volume_factor(100e6, 298.15, 1.4e-6)
    assert 1 - factor == pytest.approx(0.055, abs=0.001)
    assert factor == pytest.approx(np.exp(-100e6 * 1.4e-6 / (GAS_CONSTANT * 298.15)))


CRONAU = {
    "annealed": {
        97.3: [(49, 2.06), (68, 2.16), (97, 2.33)],
        194.7: [(49, 2.43), (68, 2.6), (97, 2.74), (195, 2.97)],
        292: [(49, 1.81), (68, 2.22), (97, 2.56), (146, 2.88), (195, 2.99), (243, 3.01),
              (292, 3.04)],
        389.3: [(49, 2.22), (68, 2.55), (97, 2.87), (146, 3.26), (195, 3.41), (243, 3.46),
                (292, 3.44), (389, 3.39)],
        486.7: [(49, 1.7), (68, 2.02), (97, 2.42), (146, 2.94), (195, 3.15), (243, 3.23),
                (292, 3.23), (389, 3.17), (487, 3.06)],
    },
    "ball-milled": {
        97.3: [(49, 0.45), (68, 0.46), (97, 0.47)],
        194.7: [(49, 0.64), (68, 0.66), (97, 0.68), (146, 0.7), (195, 0.71)],
        292: [(49, 0.69), (68, 0.72), (97, 0.73), (146, 0.75), (195, 0.76), (243, 0.76),
              (292, 0.76)],
        389.3: [(68, 0.88), (97, 0.89), (146, 0.9), (195, 0.91), (243, 0.9), (292, 0.9),
                (389, 0.89)],
        486.7: [(49, 0.85), (68, 0.95), (97, 1.01), (146, 1.04), (195, 1.05), (243, 1.04),
                (292, 1.03), (389, 1.01), (487, 0.99)],
    },
}  # fmt: skip
"""Cronau 2021: pressed at [MPa] -> stack pressure [MPa], sigma [mS/cm]."""


def least_misfit(series):
    """Rms and largest misfit, in logarithms, of the best law that does not fall with moulding.

    At each stack pressure the isotonic regression of ln sigma over the moulding pressure.
    """
    isotonic = pytest.importorskip("scipy.optimize").isotonic_regression
    columns: dict[int, list[float]] = {}
    for made in sorted(series):
        for p, measured in series[made]:
            columns.setdefault(p, []).append(np.log(measured))
    off = np.concatenate([isotonic(y).x - y for y in columns.values()])
    return np.sqrt(np.mean(off**2)), np.abs(off).max()


def test_pellets_of_cronau_scatter():
    """What no law can meet that does not fall with moulding pressure: annealed pellets alone."""
    assert least_misfit(CRONAU["annealed"]) == pytest.approx((0.072, 0.181), abs=0.001)
    assert least_misfit(CRONAU["ball-milled"]) == (0, 0)


@pytest.mark.parametrize(("powder", "rms", "most"), [("annealed", 0.10, 0.295),
                                                     ("ball-milled", 0.05, 0.09)])  # fmt: skip
def test_ionic_conductivity_of_cronau(powder, rms, most):
    off = []
    for made, points in CRONAU[powder].items():
        medium = fabricate(Fabrication("LPSCl", made * 1e6, particle_class=powder))
        for p, measured in points:
            model = medium.ionic_conductivity(State(T=298.15, p=p * 1e6)) * 10
            off.append(model / measured - 1)
    assert np.sqrt(np.mean(np.square(off))) < rms
    assert np.max(np.abs(off)) < most


def test_in_die_loading_of_lee():
    """Lee 2026, section 3.2: sigma(200)/sigma(15 MPa) = 2.7, pressed and held at each pressure."""
    made = [fabricate(Fabrication("LPSCl", p)) for p in (15e6, 200e6)]
    sigma = [m.ionic_conductivity(State(T=298.15, p=p)) for m, p in zip(made, (15e6, 200e6),
                                                                        strict=True)]  # fmt: skip
    assert sigma[1] / sigma[0] == pytest.approx(2.7, rel=0.02)


def test_cell_pressures_of_doux_and_ohno():
    """Ohno 2020 and Doux 2020: 1.8 +- 0.9 mS/cm in 8 labs, two of them without stack pressure."""
    medium = fabricate(Fabrication("LPSCl", 370e6))
    sigma = 10 * medium.ionic_conductivity(State(T=298.15, p=np.array([0.0, 1e6, 5e6, 25e6])))
    assert np.all((sigma > 1.8 - 0.9) & (sigma < 1.8 + 0.9))
    assert sigma[-1] / sigma[0] < 1.2
    # Arrhenius form of sigma T, 0.39 eV; the activation volume adds to it.
    cold, warm = (medium.ionic_conductivity(State(T=T, p=100e6)) * T for T in (298.15, 333.15))
    slope = np.log(warm / cold) / (1 / 298.15 - 1 / 333.15) - 1.4e-6 * 100e6 / GAS_CONSTANT
    assert slope * 8.617333e-5 == pytest.approx(0.39, rel=1e-4)


@given(st.floats(0.0, 1e9), st.floats(1e3, 1e7), st.floats(1.1, 50.0))
def test_held_is_exact_inside_and_level_outside(p, low, factor):
    high = low * factor
    value = held(p, low, high)
    if low <= p <= high:
        assert value == p
    assert low / 2 * (1 - 1e-12) <= value <= 2 * high
    for end in (low, high):
        slopes = [(held(end * (1 + s), low, high) - held(end, low, high)) / (end * s)
                  for s in (-1e-6, 1e-6)]  # fmt: skip
        assert slopes == pytest.approx([1.0, 1.0], abs=1e-4)


def test_softened():
    assert softened(0.0, 1e-5) == 1e-5
    assert softened(1.0, 1e-5) == pytest.approx(1.0, rel=1e-9)


def test_kerrisk_and_heat_capacity():
    rho_c = thermal.volumetric_heat_capacity([0.8], [1860.0], [1020.0])
    assert rho_c == pytest.approx(0.8 * 1860 * 1020)
    assert thermal.diffusivity(0.3, rho_c) * rho_c == pytest.approx(0.3)


def test_volume_fractions_of_solids_and_total():
    shares = composition.solid_shares(
        {"active": 0.7, "electrolyte": 0.28, "additive": 0.02},
        {"active": 4650.0, "electrolyte": 1860.0, "additive": 2100.0},
    )
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["active"] / shares["electrolyte"] == pytest.approx(0.7 / 4650 / (0.28 / 1860))
    total = composition.volume_fractions(shares, 0.15)
    assert sum(total.values()) == pytest.approx(0.85)
    assert specific_area(0.4, 2.5e-6, 0.5) == pytest.approx(3 * 0.4 * 0.5 / 2.5e-6)


def test_law_names():
    assert resolve({"thermal_conductivity": "Hashin-Shtrikman Upper"}, None, "") == {
        "thermal_conductivity": "hashin-shtrikman upper"
    }
    for slot, laws in LAWS.items():
        for name, law in laws.items():
            assert law.equation
            assert resolve({slot: name}, None, "") == {slot: name}
    with pytest.raises(CaseError, match='did you mean "bruggeman"'):
        resolve({"thermal_conductivity": "brugeman"}, None, "materials.a")
    with pytest.raises(CaseError, match='did you mean "thermal_conductivity"'):
        resolve({"thermal_conductivty": "bruggeman"}, None, "materials.a")
