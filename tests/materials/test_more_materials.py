"""Materials beyond the first ones: laws against their records, gaps that are said."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
from rich.console import Console

from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.merit import wiedemann_franz
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.missing_properties import WANTED, gaps
from joulestack.reports.material_tables import show_material

ROOM = State(T=298.15, p=50e6)


def properties(name):
    return library.load(name).properties


def test_open_circuit_voltages_fall_with_lithium():
    for name, low, high in (("NMC532", 3.4, 4.4), ("NMC811", 3.4, 4.4), ("graphite", 0.0, 1.0)):
        law = properties(name)["open_circuit_voltage"]
        x = np.linspace(0.27, 0.91, 200)
        U = law(State(T=298.15, x=x))
        assert np.all(np.diff(U) < 0), name
        assert low < U.min() < U.max() < high
    # Chen 2020 by hand at x = 0.5.
    by_hand = (
        1.9793 * np.exp(-39.3631 * 0.5)
        + 0.2482
        - 0.0909 * np.tanh(29.8538 * 0.3766)
        - 0.04478 * np.tanh(14.9159 * 0.2231)
        - 0.0205 * np.tanh(30.4444 * -0.1103)
    )
    assert properties("graphite")["open_circuit_voltage"](State(T=298.15, x=0.5)) == pytest.approx(
        by_hand
    )


def test_diffusivity_of_oregan():
    """O'Regan 2022 by hand."""
    x, T = 0.5, 310.0
    log = -13.96 - 0.9231 * np.exp(-((x - 0.3216) ** 2) / 0.002534)
    log += -0.4066 * np.exp(-((x - 0.4532) ** 2) / 0.003926)
    log += -0.993 * np.exp(-((x - 0.8098) ** 2) / 0.09924)
    by_hand = 2.7 * 10**log * np.exp(1449 * (1 / 298.15 - 1 / T))
    law = properties("NMC811")["diffusivity"]
    assert law(State(T=T, x=x)) == pytest.approx(by_hand, rel=1e-3)


def test_electronic_conductivity_against_delithiation():
    """Amin & Chiang 2016 [S/cm] at 30 degC; activation energies at the points."""
    law = properties("NMC111")["electronic_conductivity"]
    x = np.array([1.0, 0.9, 0.7, 0.5, 0.25])
    at = law(State(T=303.15, x=x)) / 100
    assert at == pytest.approx([5e-8, 2.1e-5, 6.1e-4, 1.6e-3, 7.9e-3])
    warm = law(State(T=323.15, x=1.0)) / law(State(T=303.15, x=1.0))
    assert np.log(warm) / (1 / 303.15 - 1 / 323.15) * 8.617333e-5 == pytest.approx(0.48)


def test_molar_volume_of_licoo2():
    """Ai 2020: expands on delithiation, +3.6 % per dx = 1."""
    law = properties("LiCoO2")["relative_volume"]
    assert law(State(T=298.15, x=1.0)) == pytest.approx(1.0)
    assert law(State(T=298.15, x=0.5)) == pytest.approx(1.0182, abs=2e-4)


def test_garnet_of_sharafi():
    """Milan 2023, Table 1: conductivity, limit and toughness against grain size."""
    grain = np.array([5, 40, 60, 80, 600]) * 1e-6
    own = properties("Al-LLZO")
    limit = own["critical_current_density"](ROOM, grain_size=grain) / 10
    assert limit == pytest.approx([0.3, 0.4, 0.4, 0.5, 0.6], abs=0.051)
    assert own["hardness"](ROOM, grain_size=5e-6) == pytest.approx(9.88e9)
    medium = fabricate(Fabrication("Al-LLZO", sintering_temperature=1523.15))
    assert medium.relative_density(ROOM) == pytest.approx(0.981)
    assert medium.grain_size == medium.boundaries.size == pytest.approx(60e-6)


@pytest.mark.parametrize(("grain", "sigma"), [(5, 0.46), (40, 0.52), (60, 0.54), (80, 0.56),
                                              (600, 0.57)])  # fmt: skip
def test_grain_size_is_a_choice(grain, sigma):
    """Milan 2023, Table 1 [mS/cm]; the density of the fit is that of the series."""
    spec = Fabrication("Al-LLZO", relative_density=0.981, grain_size=grain * 1e-6)
    assert 10 * fabricate(spec).ionic_conductivity(ROOM) == pytest.approx(sigma, rel=0.05)


def test_grain_size_where_it_means_nothing():
    with pytest.raises(CaseError, match="grain_size: has no effect"):
        fabricate(Fabrication("Li", grain_size=1e-5))
    with pytest.raises(CaseError, match='"40 um"'):
        fabricate(Fabrication("Al-LLZO", relative_density=0.98, grain_size=40.0))


def test_every_wanted_gap_is_said():
    out = io.StringIO()
    show_material("LiPON", None, ROOM, Console(file=out, width=240))
    assert "no number found" in out.getvalue()
    assert "dense_thermal_conductivity" in gaps(library.load("LiPON"))
    assert set(WANTED) == set(library.KINDS)


def test_electrons_carry_little_heat_in_composites():
    """Wiedemann-Franz: below 1 % of k, even with 4 wt% fibres."""
    made = fabricate(Composite(
        "NMC622", Fabrication("LPSCl", 370e6),
        {"active": 0.7, "electrolyte": 0.26, "additive": 0.04}, "VGCF", porosity=0.15,
    ))  # fmt: skip
    share = wiedemann_franz(made.electronic_conductivity(ROOM), 298.15)
    assert share < 0.01 * made.thermal_conductivity(ROOM)


@pytest.mark.parametrize("spec", [
    Fabrication("LGPS", relative_density=0.85),
    Fabrication("Al-LLZO", relative_density=0.98, grain_size=2e-5),
    Composite("NMC111", Fabrication("LPSCl", 370e6), {"active": 0.7, "electrolyte": 0.3},
              porosity=0.15),
], ids=["LGPS", "Al-LLZO", "NMC111"])  # fmt: skip
def test_a_million_states_cost_what_a_hundred_exponentials_do(spec):
    medium, n = fabricate(spec), 1_000_000
    state = State(T=np.linspace(280, 360, n), p=np.linspace(1e6, 1e8, n), x=np.linspace(0.3, 1, n))
    methods = ["thermal_conductivity", "volumetric_heat_capacity", "ionic_conductivity"]
    if medium.conducts_electrons:
        methods.append("electronic_conductivity")

    def cost(call):
        """Least CPU time of three calls: others use the machine too."""
        found = []
        for _ in range(3):
            start = time.process_time()
            call()
            found.append(time.process_time() - start)
        return min(found)

    exponential = cost(lambda: np.exp(1e-3 * state.T))
    for method in methods:
        assert cost(lambda m=method: getattr(medium, m)(state)) < 150 * exponential, method


def test_gaps_are_filled_by_overrides_only():
    with pytest.raises(CaseError, match=r"overrides\.specific_heat_capacity"):
        fabricate(Fabrication("LAGP", relative_density=0.9))
    given = {"specific_heat_capacity": 800.0}
    medium = fabricate(Fabrication("LAGP", relative_density=0.9, overrides=given))
    assert medium.volumetric_heat_capacity(ROOM) == pytest.approx(0.9 * 3414 * 800)
    film = fabricate(Fabrication("LiPON", overrides={
        "specific_heat_capacity": 800.0, "thermal_conductivity": 1.0
    }))  # fmt: skip
    assert film.ionic_conductivity(State(T=298.15)) == pytest.approx(1e-4)
    assert "indium" in fabricate(Fabrication("Li-In")).sources()[0][3]
    alloy = fabricate(Fabrication("Li-In", overrides={
        "density": 3000.0, "specific_heat_capacity": 600.0, "thermal_conductivity": 40.0,
        "electronic_conductivity": 1e6,
    }))  # fmt: skip
    assert alloy.electrode_potential == 0.62


@pytest.mark.parametrize("active", ["NMC111", "NMC532", "NMC83"])
def test_composites_of_the_other_oxides(active):
    made = fabricate(Composite(
        active, Fabrication("LPSCl", 370e6), {"active": 0.7, "electrolyte": 0.3}, porosity=0.15,
        stoichiometry=0.6,
    ))  # fmt: skip
    assert 0.2 < made.thermal_conductivity(ROOM) < 0.6
    assert made.electronic_conductivity(ROOM) > 0
