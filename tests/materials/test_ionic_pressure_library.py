"""Every electrolyte of the library under pressure: what holds for all, whatever its numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.laws.ionic_pressure import activation_volume_factor
from joulestack.laws.state import State
from joulestack.materials import library

MPA = 1e6


def electrolytes():
    """Material, class and how it is made where pressing alone does not say it."""
    for name in library.names():
        material = library.load(name)
        if material.kind != "solid electrolyte":
            continue
        for group in (None, *material.classes):
            own = material.of_class(group)
            if "ionic_conductivity" not in own:
                continue
            law = own.get("relative_density")
            pressed = law is not None and "highest_pressure" in law.form.variables
            yield pytest.param(name, group, pressed, id=f"{name}, {group or 'as it comes'}")


ALL = list(electrolytes())
CONTACTS = ("stack-pressure", "grains", "loading", "none")


def made(name, group, pressed, moulding, contact="stack-pressure", **more):
    """Pressed at a pressure [Pa]; of a given density where the library cannot say it."""
    how = {"moulding_pressure": moulding} if pressed else {"relative_density": 0.85}
    laws = {"ionic_contact": contact}
    needed = {"density": 3000.0, "specific_heat_capacity": 900.0, "dense_thermal_conductivity": 1.0}
    lacking = {k: v for k, v in needed.items() if k not in library.load(name).of_class(group)}
    overrides = lacking | more.pop("overrides", {})
    return fabricate(Fabrication(name, particle_class=group, laws=laws | more.pop("laws", {}),
                                 overrides=overrides, **how, **more))  # fmt: skip


def test_most_of_the_library_is_here():
    names = {p.values[0] for p in ALL}
    assert {"Li6PS5Cl", "Li7SiPS8", "LPS glass", "Li3PS4", "Li10GeP2S12", "Al-LLZO"} <= names
    assert len(names) >= 12
    assert sum(p.values[2] for p in ALL) >= 6


@pytest.mark.parametrize(("name", "group", "pressed"), ALL)
@pytest.mark.parametrize("contact", CONTACTS)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_does_not_fall_with_moulding_pressure(name, group, pressed, contact, data):
    """At any stack pressure from 0.1 to 500 MPa; beyond the data, too."""
    p = data.draw(st.floats(0.1, 500)) * MPA
    pair = sorted(data.draw(st.tuples(*[st.floats(0.2, 2000)] * 2)))
    low, high = (
        float(made(name, group, pressed, q * MPA, contact).ionic_conductivity(State(T=298.15, p=p)))
        for q in pair
    )
    assert 0 < low <= high * (1 + 1e-12)


@pytest.mark.parametrize(("name", "group", "pressed"), ALL)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_stack_pressure_closes_contacts(name, group, pressed, data):
    """What falls with the stack pressure is the squeezed lattice alone."""
    moulding = data.draw(st.floats(1, 1000)) * MPA
    p = np.sort(np.array(data.draw(st.lists(st.floats(0, 1), min_size=2, max_size=6)))) * moulding
    medium = made(name, group, pressed, moulding)
    sigma = medium.ionic_conductivity(State(T=298.15, p=p))
    dV = getattr(medium.ionic.form, "activation_volume", 0.0)
    sigma = sigma / activation_volume_factor(p, 298.15, dV)
    assert np.all(np.diff(np.broadcast_to(sigma, p.shape)) >= -1e-6 * np.max(sigma))


MEASURED_ON_RELEASE = [("Li6PS5Cl", "annealed"), ("Li6PS5Cl", "ball-milled"),
                       ("Li7SiPS8", "<50 um"), ("Li7SiPS8", ">50 um"),
                       ("Li10GeP2S12", None)]  # fmt: skip


@pytest.mark.parametrize(("name", "group"), MEASURED_ON_RELEASE)
@pytest.mark.parametrize("moulding", [97, 195, 370, 487])
def test_rises_with_stack_pressure_up_to_its_maximum(name, group, moulding):
    """Cronau 2021 and Schneider 2023 find the maximum on release at 100 MPa or more."""
    medium = made(name, group, name != "Li10GeP2S12", moulding * MPA)
    p = np.concatenate([np.linspace(0.1, 1, 10), np.linspace(1, 97, 97)]) * MPA
    assert np.all(np.diff(medium.ionic_conductivity(State(T=298.15, p=p))) >= 0)


@pytest.mark.parametrize(("name", "group", "pressed"), ALL)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_parts_are_shares_of_the_solid(name, group, pressed, data):
    q, p, T = data.draw(st.tuples(st.floats(0.2, 3000), st.floats(0, 3000), st.floats(250, 400)))
    medium = made(name, group, pressed, q * MPA)
    state = State(T=T, p=p * MPA)
    parts = {k: float(v) for k, v in medium.ionic_parts(state).items()}
    if not parts:
        assert medium.ionic.form.form_name == "value"
        return
    sigma = float(medium.ionic_conductivity(state))
    assert math.prod(parts.values()) == pytest.approx(sigma, rel=1e-9)
    # Boundaries are compared with those of the body measured, not with none.
    solid = parts.pop("solid") * parts.pop("grain boundaries against those measured", 1.0)
    assert all(0 < v <= 1 + 1e-12 for v in parts.values()), parts
    assert 0 < sigma <= solid * (1 + 1e-12)


@pytest.mark.parametrize(("name", "group", "pressed"), ALL)
def test_continuous_and_less_certain_beyond_the_data(name, group, pressed):
    """No step at an end of the range; the standard deviation grows beyond it."""
    ranges = library.load(name).of_class(group)["ionic_conductivity"].ranges
    highest = ranges.get("highest_pressure", (MPA, 1000 * MPA))
    for variable in {"p", "highest_pressure"} & ranges.keys():
        for end, further in zip(ranges[variable], (0.05, 4.0), strict=True):
            found = []
            for factor in (1 - 1e-7, 1 + 1e-7, further):
                at = end * factor
                q, p = (at, highest[0]) if variable == "highest_pressure" else (highest[1], at)
                medium = made(name, group, pressed, q)
                found.append(medium.values(State(T=298.15, p=p))["ionic_conductivity"])
            inside, beside, beyond = found
            assert beside.value == pytest.approx(inside.value, rel=1e-6)
            # Moulded harder, it is the density that is uncertain, with a range of its own.
            if variable == "p" and inside.uncertainty is not None:
                assert beyond.uncertainty / beyond.value >= beside.uncertainty / beside.value - 1e-6


def test_what_the_default_separator_does():
    """Low stack pressure: what moulding gains is held; bounded by what others measured there."""
    sigma = [
        10 * float(made("Li6PS5Cl", None, True, q * MPA).ionic_conductivity(State(298.15, 5 * MPA)))
        for q in (50, 100, 200, 370, 700)
    ]
    assert np.all(np.diff(sigma) > 0)
    assert 0.9 < sigma[0] < sigma[-1] < 2.7  # Ohno 2020, 8 laboratories: 1.8 +- 0.9 mS/cm


def test_springback_of_the_density_is_not_counted_again():
    """Cracks hold what release costs: the density that springs back does not move sigma."""
    state = State(298.15, 5 * MPA)
    plain, sprung = (
        made("Li6PS5Cl", None, True, 370 * MPA, laws={"springback": how})
        for how in ("none", "elastic")
    )
    assert sprung.relative_density(state) < plain.relative_density(state)
    assert sprung.ionic_conductivity(state) == plain.ionic_conductivity(state)


def test_pressings_without_effect_are_refused():
    from joulestack.errors import CaseError

    with pytest.raises(CaseError, match="pressings: has no effect"):
        made("Li6PS5Cl", None, True, 370 * MPA, pressings=2)  # nothing known of its electrodes
    with pytest.raises(CaseError, match="pressings: has no effect"):
        made("Li7SiPS8", None, True, 500 * MPA, "grains", pressings=2)
    with pytest.raises(CaseError, match="pressings: 0 is impossible"):
        made("Li7SiPS8", None, True, 500 * MPA, pressings=0)
    once, twice = (
        made("Li7SiPS8", None, True, 500 * MPA, pressings=n).ionic_conductivity(State(298.15, 1e7))
        for n in (1, 2)
    )
    assert once < twice


def test_electrodes_of_the_pellet_are_no_part_of_a_cell():
    """Beside other layers, whose contacts have resistances of their own, they would count twice."""
    from joulestack.case import Case

    def layer(*names):
        steel = {"material": "stainless steel", "thickness": 1e-3}
        pellet = {"material": "pressed", "thickness": 1e-3}
        layers = [{"name": n} | (pellet if n == "pellet" else steel) for n in names]
        recipe = {"material": "Li7SiPS8", "moulding_pressure": "500 MPa"}
        table = {"joulestack": 1, "materials": {"pressed": recipe}, "time": {"end": 1.0},
                 "cell": {"geometry": "line", "area": 1e-4, "layers": layers},
                 "thermal": {"faces": {}}}  # fmt: skip
        return Case.from_dict(table).media()["pellet"]

    state = State(298.15, 10 * MPA)
    alone, between = layer("pellet"), layer("lower", "pellet", "upper")
    share = alone.ionic_parts(state)["electrodes held by the stack"]
    assert share < 0.8
    assert alone.ionic_conductivity(state) == pytest.approx(
        share * between.ionic_conductivity(state)
    )
