"""Uncertainty: propagation against hand calculation and against sampling; the chart."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.media import effective
from joulestack.fabrication.specification import Composite, Fabrication
from joulestack.laws.state import State
from joulestack.materials.uncertainty import first_order, sampled
from joulestack.reports.chart import draw
from joulestack.reports.chart_report import show_chart
from joulestack.reports.spread_report import show_uncertainty

ROOM = State(T=298.15, p=50e6)
LPSCL = Fabrication("LPSCl", 370e6)
CATHODE = Composite("NMC622", LPSCL, {"active": 0.7, "electrolyte": 0.3}, moulding_pressure=370e6)


def spreads(spec):
    return first_order(fabricate(spec), ROOM, effective(ROOM))


def test_conductivity_of_a_pellet_by_hand():
    """k0 +- 0.06 of 0.65, contact 6 %, exponent +- 0.3, density 1.5 % through phi^2.9."""
    found = spreads(LPSCL)["thermal_conductivity"]
    phi = fabricate(LPSCL).relative_density(ROOM)
    parts = [0.06 / 0.65, 0.06, phi**0.3 - 1, 1.015**2.9 - 1]
    expected = np.sqrt(np.sum(np.square(parts)))
    assert found.deviation / found.value == pytest.approx(expected, rel=0.02)
    assert sum(found.shares.values()) == pytest.approx(1.0)
    assert next(iter(found.shares)) == "Li6PS5Cl: dense_thermal_conductivity"


@pytest.mark.parametrize("spec", [LPSCL, CATHODE])
def test_sampling_agrees_with_propagation(spec):
    first = spreads(spec)
    drawn = sampled(fabricate(spec), ROOM, effective(ROOM))
    for name in ("thermal_conductivity", "ionic_conductivity", "density"):
        low, middle, high = drawn[name]
        assert low < middle < high
        assert (high - low) / 2 == pytest.approx(first[name].deviation, rel=0.2), name


def test_mixtures_have_a_spread():
    line = fabricate(CATHODE).values(ROOM)["thermal_conductivity"]
    assert 0.02 < line.uncertainty / line.value < 0.3
    silent = fabricate(Fabrication("copper")).values(ROOM)["density"]
    assert silent.uncertainty is None


def test_the_same_number_moves_everywhere_at_once():
    """Diffusivity: phi in k and in rho c_p is one number."""
    found = spreads(Fabrication("LPSCl", 370e6))
    k, alpha = found["thermal_conductivity"], found["thermal_diffusivity"]
    share = alpha.shares["Li6PS5Cl: relative_density"] * (alpha.deviation / alpha.value) ** 2
    assert np.sqrt(share) == pytest.approx(1.015**1.9 - 1, rel=0.02)
    assert k.deviation > 0


def test_a_factor_stays_positive():
    spec = Composite("NMC622", LPSCL, {"active": 0.7, "electrolyte": 0.3}, porosity=0.15)
    low, middle, high = sampled(fabricate(spec), ROOM, effective(ROOM))["electronic_conductivity"]
    assert 0 < low < middle < high
    assert high / middle == pytest.approx(middle / low, rel=0.2)


def test_report():
    out = io.StringIO()
    show_uncertainty(CATHODE, ROOM, Console(file=out, width=200))
    for part in ("+-", "mostly from", "counted as exact", "16 % to 84 %"):
        assert part in out.getvalue()


def test_chart(tmp_path):
    out = io.StringIO()
    show_chart(tmp_path / "chart.png", ROOM, Console(file=out, width=200))
    assert (tmp_path / "chart.png").stat().st_size > 20_000
    _, points, left_out = draw(tmp_path / "again.png", ROOM)
    names = {p.name for p in points}
    assert {"Li6PS5Cl, annealed", "Al-LLZO", "Li10GeP2S12", "Li7SiPS8, <50 um"} <= names
    assert {"LiPON", "Na3PS4"} <= set(left_out)
    assert all(1e3 < p.lorenz < 1e9 for p in points)
