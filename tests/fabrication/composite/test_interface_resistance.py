"""Interface resistance to heat in composite electrodes: Nan 1997 through the laws of a case."""

from __future__ import annotations

import pytest

from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws import inclusions
from joulestack.laws.state import State

ROOM = State(T=298.15, p=50e6, x=1.0)


def electrode(R=None, law=None, radius=2.5e-6, **overrides):
    return fabricate(Composite(
        "NMC622", Fabrication("Li6PS5Cl", 370e6), {"active": 0.7, "electrolyte": 0.3},
        porosity=0.15, particle_radius=radius, open_circuit_voltage=3.8,
        overrides={**({} if R is None else {"interface_resistance": R}), **overrides},
        laws={} if law is None else {"thermal_conductivity": law},
    ))  # fmt: skip


def test_maxwell_of_dressed_grains_is_nan():
    R, a = 2e-6, 2.5e-6
    made = electrode(R, "maxwell")
    f = made.fractions(ROOM)
    k_m = float(made.electrolyte.solid_conductivity(ROOM))
    k_i = float(made.phases["active"].thermal_conductivity(ROOM, made.at(ROOM)))
    expected = inclusions.nan_spheres(
        (f["electrolyte"], f["active"], made.pores(ROOM)), (k_m, k_i, 0.0), [a, a], [R, 0.0]
    )
    assert made.thermal_conductivity(ROOM) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize("law", [None, "bruggeman", "maxwell"])
def test_resistance_and_small_grains_hinder_heat(law):
    k = [float(electrode(R, law).thermal_conductivity(ROOM)) for R in (None, 0.0, 1e-6, 1e-5)]
    assert k[0] == pytest.approx(k[1], rel=1e-12)
    assert k[1] > k[2] > k[3]
    small = electrode(1e-6, law, radius=0.25e-6).thermal_conductivity(ROOM)
    assert float(small) == pytest.approx(k[3], rel=1e-9)  # only R/a counts


def test_bad_input():
    with pytest.raises(CaseError, match="interface_resistance"):
        electrode(1e-6, thermal_conductivity=0.5)
    with pytest.raises(CaseError, match="is impossible"):
        electrode(-1e-6)


def fibres(R=None, law="nan spheroids", **overrides):
    return fabricate(Composite(
        "NMC622", Fabrication("Li6PS5Cl", 370e6),
        {"active": 0.7, "electrolyte": 0.28, "additive": 0.02}, "VGCF", porosity=0.15,
        particle_radius=2.5e-6, open_circuit_voltage=3.8,
        overrides={**({} if R is None else {"interface_resistance": R}), **overrides},
        laws={"thermal_conductivity": law},
    ))  # fmt: skip


def test_spheroids_in_a_case():
    round_ = electrode(2e-6, "nan spheroids")
    f = round_.shares
    k_m = float(round_.electrolyte.solid_conductivity(ROOM))
    k_i = float(round_.phases["active"].thermal_conductivity(ROOM, round_.at(ROOM)))
    grains = inclusions.nan_spheres((f["electrolyte"], f["active"]), (k_m, k_i), [2.5e-6], [2e-6])
    expected = round_.electrolyte.with_pores(ROOM, grains, 0.85)
    assert round_.thermal_conductivity(ROOM) == pytest.approx(float(expected), rel=1e-9)
    needles = electrode(None, "nan spheroids", aspect_ratio=10.0)
    spheres = electrode(None, "nan spheroids")
    assert needles.thermal_conductivity(ROOM) > spheres.thermal_conductivity(ROOM)


def test_fibres_help_less_behind_a_resistance():
    k = [float(fibres(R).thermal_conductivity(ROOM)) for R in (None, 1e-7, 2e-6, 1e-3)]
    assert k[0] > k[1] > k[2] > k[3]
    # Its length and width come from the library, unless the case says otherwise.
    own = fibres(2e-6, additive_aspect_ratio=75.0, additive_radius=1e-7)
    assert float(own.thermal_conductivity(ROOM)) == pytest.approx(k[2], rel=1e-12)
    assert fibres(2e-6, additive_aspect_ratio=2.0).thermal_conductivity(ROOM) < k[2]


def test_shapes_without_effect_are_refused():
    with pytest.raises(CaseError, match="aspect_ratio: has no effect"):
        fibres(law="maxwell", additive_aspect_ratio=20.0)


def test_an_override_goes_before_the_mixing_law_in_the_solver_too():
    """The law is then never evaluated: it has no shapes of grains."""
    made = fibres(thermal_conductivity=0.6)
    assert made.bind(lambda value: value).thermal_conductivity(ROOM) == 0.6
