"""Limits of lithium and figures of merit, against numbers of the papers and by hand."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from joulestack.case import Case
from joulestack.estimates import evaluate
from joulestack.laws import merit
from joulestack.materials.limits import limits_of
from joulestack.outputs import provenance
from tests.case.samples import SAMPLES


def warned(changes):
    case = Case.from_dict(SAMPLES["pellet"]()).replace(changes)
    return "\n".join(evaluate(case).limits)


def pellet(density, pressure):
    return warned({"load": {"current_density": density}, "cell.stack_pressure": pressure})


def test_stripping_of_kasemchainan():
    """Deysher 2022: 0.2 mA/cm2 at 3 MPa, 1.0 at 7 MPa; plating 2.0 at both."""
    assert "stripping" in pellet("0.3 mA/cm^2", "3 MPa")
    assert "stripping" not in pellet("0.19 mA/cm^2", "3 MPa")
    assert "1.2 mA/cm^2 of stripping is above" in pellet("1.2 mA/cm^2", "7 MPa")
    assert "stripping" not in pellet("0.9 mA/cm^2", "7 MPa")
    charge = pellet("-2.1 mA/cm^2", "7 MPa")
    assert "critical plating current of 2 mA/cm^2 at 7 MPa (Deysher2022, primary)" in charge
    assert "stripping" not in charge
    assert "plating" not in pellet("-0.5 mA/cm^2", "7 MPa")


def test_pressures_of_deysher_and_doux():
    high = pellet("0.1 mA/cm^2", "25 MPa")
    assert "above 5 MPa" in high
    assert "shorted after about 48 h" in high
    assert "at once" in pellet("0.1 mA/cm^2", "75 MPa")
    assert "measured at 5-75 MPa only" in pellet("0.1 mA/cm^2", "100 MPa")
    assert not pellet("0.1 mA/cm^2", "3 MPa")
    assert "below 1 MPa" in pellet("0.01 mA/cm^2", "0.5 MPa")


def test_grain_size_of_sharafi():
    changes = {
        "materials.separator": {"material": "Al-LLZO", "relative_density": 0.98,
                                "grain_size": "5 um"},
        "materials.cathode.electrolyte": "Li6PS5Cl",
        "materials.cathode.porosity": 0.15,
        "load": {"current_density": "-0.35 mA/cm^2"}, "cell.stack_pressure": "3 MPa",
        "interfaces": [{"between": ["negative electrode", "separator"],
                        "charge_transfer": "2 ohm cm^2"}],
    }  # fmt: skip
    small = warned(changes)
    assert "critical current density of 0.285 mA/cm^2 at grains of 5 um (Milan2023" in small
    large = warned(changes | {"materials.separator.grain_size": "600 um"})
    assert "critical current density" not in large


def test_limits_change_nothing_else():
    case = Case.from_dict(SAMPLES["pellet"]())
    figures = evaluate(case.replace({"load": {"current_density": "5 mA/cm^2"}}))
    assert set(figures.limits) <= set(figures.warnings)
    assert all(p.source for p in limits_of("lithium", "Li6PS5Cl"))
    assert not limits_of("copper", "Li6PS5Cl")


def test_limits_are_cited_with_the_run():
    case = Case.from_dict(SAMPLES["pellet"]())
    pairs = {"negative electrode | separator", "separator | negative electrode"}
    cited = {(s["property"], s["source"]) for s in provenance.sources(case) if s["where"] in pairs}
    assert ("critical_stripping_current", "Deysher2022") in cited
    assert ("time_to_short", "Doux2020") in cited


def test_self_heating_of_a_layer_by_hand():
    """i^2 L^2/(8 sigma k): 1 mm, 0.1 S/m, 0.5 W/(m K), 100 A/m2: 0.025 K."""
    L, sigma, k, i, T = 1e-3, 0.1, 0.5, 100.0, 300.0
    own = merit.self_heating(L / sigma, L, k)
    assert own * i**2 == pytest.approx(0.025)
    theta = merit.joule_over_conduction(i, own, T)
    volts = i * L / sigma / (8.617333262e-5 * T)
    assert theta == pytest.approx(volts**2 / (8 * merit.lorenz_ratio(k, sigma, T)))
    metal = merit.lorenz_ratio(merit.wiedemann_franz(1e7, T), 1e7, T)
    assert metal == pytest.approx(math.pi**2 / 3, rel=2e-3)


def test_figures_of_merit_of_a_cell():
    figures = evaluate(Case.from_dict(SAMPLES["pellet"]()))
    separator = next(la for la in figures.layers if la.name == "separator")
    expected = separator.resistance * separator.thickness / (8 * separator.thermal_conductivity)
    assert separator.self_heating == pytest.approx(expected)
    assert 1e4 < separator.lorenz_ratio < 1e7
    rise = figures.current_density**2 * figures.self_heating
    assert figures.heating_ratio == pytest.approx(rise / 298.15, rel=0.2)
    assert figures.leakage > 0


def test_limits_are_known_without_what_draws_tables() -> None:
    """A run asks for them too, and prints no table: rich takes longer to load than they do."""
    asked = "import sys, joulestack.estimates.limits; sys.exit('rich' in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], check=True)
