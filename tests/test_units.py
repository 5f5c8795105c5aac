"""Units: the grammar, the messages, and agreement with pint."""

from __future__ import annotations

import contextlib
import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joulestack import units

READ = [
    ("370 MPa", "Pa", 370e6),
    ("2 mA/cm^2", "A/m^2", 20.0),
    ("25 degC", "K", 298.15),
    ("25 °C", "K", 298.15),
    ("77 degF", "K", 298.15),
    ("300 K", "K", 300.0),
    ("0.5 W/(m K)", "W/(m K)", 0.5),
    ("0.5 W/m/K", "W/(m K)", 0.5),
    ("0.5 W m^-1 K^-1", "W/(m K)", 0.5),
    ("0.5 W·m⁻¹·K⁻¹", "W/(m K)", 0.5),
    ("20 ohm cm^2", "ohm m^2", 20e-4),
    ("20 Ω*cm²", "ohm m^2", 20e-4),
    ("1e-5 m^2 K/W", "m^2 K/W", 1e-5),
    ("5 mAh", "C", 18.0),
    ("5 mA h", "C", 18.0),
    ("1.86 g/cm3", "kg/m^3", 1860.0),
    ("30 %", "1", 0.3),
    ("0.3", "1", 0.3),
    ("1 psi", "Pa", 6894.757293168),
    ("2 hours", "s", 7200.0),
    ("3e-3 1/K", "1/K", 3e-3),
    ("50um", "m", 50e-6),
    ("50 µm", "m", 50e-6),
    ("-.5 mV", "V", -0.5e-3),
    (5, "Pa", 5.0),
    (2.5, "m", 2.5),
]


@pytest.mark.parametrize(("text", "unit", "value"), READ)
def test_reads(text: object, unit: str, value: float) -> None:
    assert units.parse(text, unit) == pytest.approx(value, rel=1e-9)


REFUSED = [
    ("20 mm", "Pa", '"20 mm" is a length; write a pressure such as "50 MPa"'),
    ("20", "Pa", 'has no unit; write a pressure such as "50 MPa"'),
    ("5 mpa", "Pa", 'unknown unit "mpa"; did you mean "MPa"?'),
    ("5 C", "K", '"C" is the coulomb'),
    ("1 W/(m degC)", "W/(m K)", "has an offset"),
    ("1 (m", "m", "does not close"),
    ("5 mm/", "m", 'no unit after its "/"'),
    ("5 mm *", "m", 'no unit after its "*"'),
    ("5 mm//s", "m/s", 'no unit before its "/"'),
    ("5 W/(m K/)", "W/(m K)", 'no unit after its "/"'),
    ("1 m)", "m", "does not open"),
    ("thick", "m", "does not start with a number"),
    ("1 m 5", "m", "is not a unit"),
    ("1 m^99", "m", "out of reason"),
    ("1e999 m", "m", "not a finite number"),
    ("5 degC", "m", "is a temperature"),
    ("3 zorkmids", "Pa", 'unknown unit "zorkmids"'),
    (True, "m", "True is not a length"),
    (None, "m", "None is not a length"),
    (float("nan"), "m", "not a finite number"),
    ("__import__('os') m", "m", "does not start with a number"),
    ("1 m; import os", "m", "is not a unit"),
]


@pytest.mark.parametrize(("text", "unit", "message"), REFUSED)
def test_refuses(text: object, unit: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".+") as error:
        units.parse(text, unit)
    assert message in str(error.value)


def test_difference_refuses_absolute_temperature() -> None:
    assert units.parse("1 mK", "K", difference=True) == pytest.approx(1e-3)
    with pytest.raises(ValueError, match="temperature difference such as"):
        units.parse("1 degC", "K", difference=True)


PREFIX = st.sampled_from(["", "m", "u", "n", "k", "M", "G", "c"])
BASE = st.sampled_from(["m", "g", "s", "A", "K", "Pa", "W", "V", "J", "ohm", "S", "C", "Hz", "N"])
POWER = st.integers(min_value=-3, max_value=3).filter(bool)
FACTOR = st.tuples(PREFIX, BASE, POWER)


@settings(max_examples=60, deadline=None)
@given(st.lists(FACTOR, min_size=1, max_size=4))
def test_agrees_with_pint(factors: list[tuple[str, str, int]]) -> None:
    pint = pytest.importorskip("pint")
    text = " * ".join(f"{p}{b}**{n}" for p, b, n in factors)
    factor, dimension = units.unit_factor(text)
    quantity = pint.get_application_registry().Quantity(1.0, text).to_base_units()
    assert factor == pytest.approx(quantity.magnitude, rel=1e-9)
    order = ("[mass]", "[length]", "[time]", "[current]", "[temperature]", "[substance]")
    assert dimension == pytest.approx([quantity.dimensionality.get(n, 0) for n in order])


SIMPLE = st.sampled_from(["m", "Pa", "s", "A", "V", "W", "ohm m^2", "A/m^2", "S/m", "W/(m K)"])


@given(st.floats(min_value=1e-8, max_value=1e8), SIMPLE)
def test_format_is_read_back(value: float, unit: str) -> None:
    assert units.parse(units.format_quantity(value, unit, 12), unit) == pytest.approx(
        value, rel=1e-9
    )


@given(st.text(max_size=30))
def test_any_text_gives_a_number_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert math.isfinite(units.parse("1 " + text, "m"))


def test_usual_units_need_no_pint() -> None:
    code = (
        "import sys; from joulestack import units;"
        "[units.parse(t, u) for t, u in (('2 mA/cm^2', 'A/m^2'), ('25 degC', 'K'),"
        " ('1 W/(m^2 K)', 'W/(m^2 K)'), ('30 min', 's'), ('5 mA h', 'C'), ('3 g/cm^3', 'kg/m^3'))];"
        "assert 'pint' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("text", ["37629.28 J/mol", "37.62928 kJ/mol", "0.39 eV", "390 meV"])
def test_energies_per_mole_and_per_particle(text: str) -> None:
    assert units.parse(text, "J/mol") == pytest.approx(37629.28, rel=1e-6)


@pytest.mark.parametrize("text", ["6.2e-20 J", "40 kJ", "0.4 eV/K"])
def test_energies_of_nothing_said_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="per mole, or per particle in eV"):
        units.parse(text, "J/mol")


@pytest.mark.parametrize(
    ("text", "right"), [("2,5 V", "2.5 V"), ("1,000.5 V", "1000.5 V"), ("0,05 mV", "0.05 mV")]
)
def test_a_decimal_comma_is_named(text: str, right: str) -> None:
    with pytest.raises(ValueError, match=f'write a decimal point: "{right}"'):
        units.parse(text, "V")
