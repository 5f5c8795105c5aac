"""k of layered oxides against lithium and composition: the law, its bounds, and what it meets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.media import effective
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.lattice import (
    METALS,
    PointDefects,
    frame,
    parent,
    reduction,
    scattering,
    shares,
)
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.uncertainty import first_order

CATHODES = ("LiCoO2", "NMC111", "NMC532", "NMC622", "NMC811", "NMC83", "NCA")
LPSCL = Fabrication("Li6PS5Cl", moulding_pressure=370e6)
ROOM = State(T=298.15)
LAW = {"strength": 1.79, "glassy": 0.8, "strain": 39.0}

positive = st.floats(1e-3, 1e3)
unit = st.floats(0.0, 1.0)
four = st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4)


def k_of(name, x):
    own = library.load(name).properties
    k = own["dense_thermal_conductivity"](ROOM)
    return k * own["thermal_disorder"](State(T=298.15, x=x), k=k)


def formula(weights):
    whole = sum(weights)
    return "".join(f"{m}{w / whole:.12f}" for m, w in zip(METALS, weights, strict=True))


def by_hand(y, metals, strain=39.0):
    """Gamma from masses and radii written out once more."""
    mass = sum(c * {"Ni": 58.693, "Mn": 54.938, "Co": 58.933, "Al": 26.982}[m]
               for m, c in metals.items())  # fmt: skip
    mean = (y * 6.94 + mass + 2 * 15.999) / 4
    metal = sum(c * (METALS[m] - mass) ** 2 for m, c in metals.items())
    return (y * (1 - y) * (6.94 + 2 * mean) ** 2 + metal) / 4 / mean**2


@given(st.floats(0.0, 1e6))
def test_reduction_is_that_of_klemens(w):
    u = np.sqrt(w)
    expected = np.arctan(u) / u if u > 1e-3 else 1 - w / 3
    assert reduction(w) == pytest.approx(expected, rel=1e-9)


def test_reduction_is_smooth_where_its_branches_meet():
    w = np.array([1e-4 * (1 - 1e-9), 1e-4])
    assert np.diff(reduction(w))[0] == pytest.approx(-np.diff(w)[0] / 3, abs=1e-14)


@given(positive, st.floats(0.0, 1e3))
def test_the_parent_scattered_is_the_sample(k, disorder):
    ordered = parent(k, disorder)
    assert ordered >= k * (1 - 1e-9)
    assert ordered * reduction(disorder * ordered) == pytest.approx(k, rel=1e-9)


@given(unit, four, positive)
def test_k_stays_between_glass_and_ordered_parent(x, weights, k):
    law = PointDefects(formula(weights), **LAW)
    found = k * law(x=x, k=k)
    phonons = max(k - law.glassy, 0)
    ordered = k - phonons + parent(phonons, law.strength * law.lattice[-1])
    assert min(k, law.glassy) * (1 - 1e-9) <= found <= ordered * (1 + 1e-9)
    assert found > 0
    # The sample itself comes out as it was measured: nothing is counted twice.
    assert k * law(x=1.0, k=k) == pytest.approx(k, rel=1e-9)


@given(unit, four, unit)
def test_a_sample_may_be_measured_anywhere(x, weights, measured_x):
    """k of one composition from the k of another and back again."""
    there = PointDefects("Ni0.5Mn0.5", **LAW, measured_composition=formula(weights),
                         measured_x=measured_x)  # fmt: skip
    back = PointDefects(formula(weights), **LAW, measured_composition="Ni0.5Mn0.5", measured_x=x)
    k = 3.0 * there(x=x, k=3.0)
    assert k * back(x=measured_x, k=k) == pytest.approx(3.0, rel=1e-8)


@given(unit, four)
def test_scattering_is_the_variance_of_mass_and_bonds(y, weights):
    metals = shares(formula(weights))
    mass, spread, bonds = frame(metals, 39.0)
    assert scattering(y, mass, spread, 0.0) == pytest.approx(by_hand(y, metals), rel=1e-9)
    assert bonds >= 0


@given(unit)
def test_vacancies_and_lithium_count_alike(y):
    """x(1 - x) is symmetric; what is left is the mean mass, within 6 %."""
    own = frame({"Co": 1.0}, 39.0)
    assert scattering(y, *own) == pytest.approx(scattering(1 - y, *own), rel=0.06)


def test_pure_full_and_empty_crystals_are_in_order():
    for metal in METALS:
        own = frame(shares(metal), 39.0)
        assert scattering(0.0, *own) == scattering(1.0, *own) == 0.0
        law = PointDefects(metal, **LAW)
        assert law(x=np.array([0.0, 1.0]), k=5.0) == pytest.approx(1.0, abs=1e-12)
    mixed = frame(shares("Ni0.5Mn0.5"), 39.0)
    assert scattering(1.0, *mixed) > 0


def test_licoo2_as_measured():
    """Cho 2014: 5.4 and 3.7 W/(m K) at x = 1 and 0.6; Feng 2019: 40 to 70 % on delithiation."""
    assert k_of("LiCoO2", np.array([1.0, 0.6])) == pytest.approx([5.4, 3.7], abs=0.005)
    # Klemens' own strength, (6 pi^5 V^2)^(1/3)/(2 k_B v), for v = 4400 m/s: no fit at all.
    own = library.load("LiCoO2").properties["thermal_disorder"].form
    volume = 97.87e-3 / 6.02214e23 / 5060 / 4
    klemens = (6 * np.pi**5 * volume**2) ** (1 / 3) / (2 * 1.380649e-23 * 4400)
    assert klemens / own.strength == pytest.approx(2.3, abs=0.05)
    crystal = own.stronger(klemens / own.strength)
    assert 0.40 < 1 - float(crystal(x=0.5, k=6.0)) < 0.70


def test_what_docs_say_of_others():
    """The table of docs/materials.md: bands, what is not reached, and what is not in the law."""
    lco = library.load("LiCoO2").properties["thermal_disorder"].form
    nmc = library.load("NMC83").properties["thermal_disorder"].form
    for form, k, band in ((lco, 5.4, (4.68, 3.66, 2.68)), (nmc, 1.26, (1.26, 1.224, 1.036))):
        found = [k * float(form.stronger(2.3**z)(x=0.5, k=k)) for z in (-1, 0, 1)]
        assert found == pytest.approx(band, abs=0.006)
    # Cho 2014: k of a film annealed hotter falls more than 2.7 times.
    assert 1 / lco(x=0.6, k=5.4) == pytest.approx(1.46, abs=0.01)
    assert 1 / replace(lco, strength=4.07)(x=0.6, k=13.4) == pytest.approx(2.7, abs=0.02)
    cobalt = PointDefects("Co", **LAW, measured_composition="Ni0.83Mn0.05Co0.12")
    assert 1.26 * cobalt(x=1.0, k=1.26) == pytest.approx(1.26, abs=0.005)  # measured: 5.4


@pytest.mark.parametrize("name", CATHODES)
def test_k_of_every_cathode_falls_on_charge(name):
    x = np.linspace(0.55, 1.0, 200)
    k = k_of(name, x)
    assert np.all(np.diff(k) > 0)
    assert k[-1] == pytest.approx(5.4 if name == "LiCoO2" else 1.26, rel=0.01)
    assert k[0] > 0.8
    form = library.load(name).properties["thermal_disorder"].form
    assert {key: getattr(form, key) for key in LAW} == LAW, "one calibration for all"


def test_composition_is_highest_towards_its_corners():
    """Agne 2022: Ni-rich and Mn-rich conduct best; disorder says so, but only by a per cent."""
    names = ("NMC83", "NMC811", "NMC622", "NMC532", "NMC111")
    k = [float(k_of(n, 1.0)) for n in names]
    assert k == sorted(k, reverse=True)
    assert k[-1] > 0.99 * k[0]
    rich = PointDefects("Ni0.05Mn0.9Co0.05", **LAW, measured_composition="Ni0.83Mn0.05Co0.12")
    even = PointDefects("Ni0.333Mn0.333Co0.333", **LAW, measured_composition="Ni0.83Mn0.05Co0.12")
    assert rich(x=1.0, k=1.26) > even(x=1.0, k=1.26)


def test_band_opens_away_from_the_sample():
    """Uncertainty is a factor on the strength: none where k was measured, more where charged."""
    recipe = {"active": "NMC83", "electrolyte": LPSCL, "porosity": 0.15,
              "mass_fractions": {"active": 0.8, "electrolyte": 0.2}}  # fmt: skip
    spread = []
    for x in (1.0, 0.5):
        state = State(T=298.15, p=50e6, x=x)
        found = first_order(fabricate(Composite(**recipe)), state, effective(state))
        spread.append(found["thermal_conductivity"].shares.get("NMC83: thermal_disorder", 0.0))
    assert spread[0] < 1e-3
    assert spread[1] > 0.01


def test_what_is_not_measured_says_so():
    made = fabricate(Composite("NMC83", LPSCL, {"active": 0.7, "electrolyte": 0.3}, porosity=0.15))
    said = {name: (status, note) for name, _, status, note in made.sources()}
    assert said["NMC83: dense_thermal_conductivity"][0] == "secondary"
    assert said["NMC83: thermal_disorder"][0] == "unverified"
    assert "LiCoO2" in said["NMC83: thermal_disorder"][1]


@pytest.mark.parametrize(("text", "words"), [
    ("Ni0.7Mn0.15", "add up to 0.85, not 1: give the shares of all metals"),
    ("Ni0.7Mn0.15Fe0.15", "holds Fe; known metals: Ni, Mn, Co, Al"),
    ("NMC", "holds N"),
    ("0.7", "is no formula"),
    ("", "is no formula"),
    ("Ni0.8Mn0.1Co0.1!", "is no formula"),
    ("Ni-0.5Mn1.5", "is no formula"),
    (0.8, "is no formula"),
    ([0.8, 0.2], "is no formula"),
])  # fmt: skip
def test_impossible_compositions(text, words):
    with pytest.raises(ValueError, match=words):
        shares(text)


@pytest.mark.parametrize("change", [
    {"measured_x": 1.5}, {"exchangeable": -0.1}, {"strength": -1.0}, {"glassy": -1.0},
])  # fmt: skip
def test_impossible_numbers(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        PointDefects("Co", **{**LAW, **change})


OWN = """
[thermal_disorder]
form = "point defects"
composition = "{}"
measured_composition = "Ni0.83Mn0.05Co0.12"
strength = 1.79
glassy = 0.8
strain = 39
conditions = "law of Klemens 1960"
uncertainty = "factor 2.3"
range = "not stated"
source = ""
status = "unverified"
"""


def own_material(folder, composition):
    text = (library.LIBRARY / "NMC622.toml").read_text("utf-8").replace('"NMC622"', '"my NMC"', 1)
    start = text.index("[thermal_disorder]")
    rest = text[text.index("\n[", start) :]
    (folder / "mine.toml").write_text(text[:start] + OWN.format(composition) + rest)
    return library.load("my NMC", [folder])


def test_a_composition_of_ones_own(tmp_path):
    own = own_material(tmp_path, "Ni0.7Mn0.15Co0.15").properties
    k = own["dense_thermal_conductivity"](ROOM)
    found = float(k * own["thermal_disorder"](State(T=298.15, x=1.0), k=k))
    assert k_of("NMC622", 1.0) < found < k_of("NMC811", 1.0)


def test_k_of_ones_own_against_lithium(tmp_path):
    """A measured k(x) stands alone: with the law beside it lithium would count twice."""
    text = (library.LIBRARY / "NMC622.toml").read_text("utf-8").replace('"NMC622"', '"my NMC"', 1)
    measured = 'form = "table"\nvariable = "x"\npoints = [0.3, 1.0]\nvalues = [1.0, 2.0]'
    start = text.index("[dense_thermal_conductivity]")
    own = text[:start] + text[start:].replace("value = 1.26", measured, 1)
    (tmp_path / "mine.toml").write_text(own)
    with pytest.raises(CaseError, match="thermal_disorder: dense_thermal_conductivity depends"):
        library.load("my NMC", [tmp_path])
    law = own.index("[thermal_disorder]")
    (tmp_path / "mine.toml").write_text(own[:law] + own[own.index("\n[", law) :])
    recipe = Composite("my NMC", LPSCL, {"active": 0.7, "electrolyte": 0.3}, porosity=0.15)
    made = fabricate(recipe, [tmp_path])
    k = [made.phases["active"].thermal_conductivity(ROOM, {"x": x}) for x in (0.3, 1.0)]
    assert k == pytest.approx([1.0, 2.0])


def test_a_wrong_composition_names_itself(tmp_path):
    with pytest.raises(CaseError) as caught:
        own_material(tmp_path, "Ni0.7Mn0.15")
    (problem,) = caught.value.problems
    assert problem.where == "thermal_disorder"
    assert "give the shares of all metals" in str(caught.value)
