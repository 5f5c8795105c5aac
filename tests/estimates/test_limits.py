"""Limits of lithium and figures of merit, against numbers of the papers and by hand."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from joulestack.case import Case
from joulestack.estimates import evaluate
from joulestack.laws import merit
from joulestack.materials import library
from joulestack.materials.limits import bears, limits_of, named
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


def test_both_trends_against_grain_size_are_told():
    """Milan 2023, section 3.2: hot-pressed bodies rise (Sharafi), others fall (Cheng, Singh)."""
    limit = next(
        p for n, p in library.load("Al-LLZO").properties.items() if n == "critical_current_density"
    )
    told = named(limit, bears(limit, 298.15, 3e6, 5e-6), 298.15, 3e6, 5e-6)
    assert "0.285 mA/cm^2 at grains of 5 um" in told
    assert "falls with grain size in sintered bodies" in told
    assert "shorts the cell" in told
    assert "293" not in told
    assert "measured at 19.9 to 29.9 degC only" in named(limit, 3.0, 353.15, 3e6, 5e-6)


def test_stripping_of_spencer_jolly_is_predicted_within_a_factor_of_two():
    """doi:10.1021/acsami.1c06706, abstract: 1 MPa: fails at 0.25 mA/cm2 and 25 degC, lasts at 0.25
    and 60 degC and at 0.5 and 80 degC; 5 MPa and 80 degC: lasts at 2.5 mA/cm2. The law has two
    points at room temperature and the activation energy of creep."""
    limit = limits_of("lithium", "Li6PS5Cl")[0]

    def borne(celsius, megapascal):
        return bears(limit, celsius + 273.15, megapascal * 1e6) / 10

    assert borne(25, 1) < 0.25
    assert borne(60, 1) == pytest.approx(0.25, rel=0.55)
    assert borne(80, 1) == pytest.approx(0.5, rel=0.5)
    assert borne(80, 5) > 2.5
    # What is measured between 60 and 80 degC is 34 kJ/mol, creep has 37.
    slope = math.log(2) / (1 / 333.15 - 1 / 353.15) * 8.314462618
    assert limit.form.activation_energy == pytest.approx(slope, rel=0.1)


def test_limits_follow_the_temperature_and_pressure_of_a_case():
    """By hand: 0.2 mA/cm2 (5/3)^1.9 x exp(37 kJ/mol/R (1/298.15 - 1/T))."""

    def stripped(celsius, density="1 mA/cm^2"):
        return warned(
            {"load": {"current_density": density}, "cell.stack_pressure": "5 MPa",
             "cell.start_temperature": f"{celsius} degC"}
        )  # fmt: skip

    for celsius in (0, 25):
        by_hand = 0.2 * (5 / 3) ** 1.8995
        by_hand *= math.exp(37e3 / 8.314462618 * (1 / 298.15 - 1 / (celsius + 273.15)))
        assert f"current of {by_hand:.3g} mA/cm^2 at {celsius} degC and 5 MPa" in stripped(celsius)
    assert "stripping" not in stripped(60)
    # 25 degC at the start and 0 degC around a step: the colder counts.
    cold = warned({"load": {"protocol": ["Discharge at 1 mA/cm2 for 1 h at 0oC"]},
                   "cell.stack_pressure": "5 MPa"})  # fmt: skip
    assert "at 0 degC and 5 MPa" in cold
    # Softer, it bears less pressure: 5 MPa x exp(-5.64 kJ/mol/R (1/298.15 - 1/T)).
    assert "above" not in stripped(25, "0.01 mA/cm^2")
    soft = 5 * math.exp(-5640 / 8.314462618 * (1 / 298.15 - 1 / 353.15))
    assert f"5 MPa is above {soft:.3g} MPa at 80 degC" in stripped(80, "0.01 mA/cm^2")
    assert "measured at -25.1 to 125 degC only" in stripped(140, "0.01 mA/cm^2")
