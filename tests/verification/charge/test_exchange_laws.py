"""An exchange current as a law of x and T does what the built-in one does where both agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from joulestack.constants import GAS_CONSTANT, ROOM_TEMPERATURE
from joulestack.errors import CaseError
from joulestack.laws.forms import FORMS
from joulestack.laws.kinetics import ButlerVolmer, ExchangeCurrent
from tests.verification.procedures import follow

POINTS = [round(float(x), 6) for x in 0.5 * (1 - np.cos(np.pi * np.arange(1, 120) / 120))]
I0, ENERGY = 2.0, 30e3
SENTENCE = "Discharge at 1C for 60 s"
KEY = "materials__cathode__kinetics"


def rows(**kinetics: Any) -> list[Any]:
    own = {"materials.cathode.coating": None}  # what the case says itself
    own |= {"time.relative_tolerance": 1e-5, "time.lithiation_tolerance": 1e-5}
    return follow([SENTENCE], 0.6, **{KEY: kinetics}, **own).rows


def law(scale: float = 1.0, **more: Any) -> dict[str, Any]:
    values = [scale * 2 * I0 * float(np.sqrt(x * (1 - x))) for x in POINTS]
    return {"variable": "x", "points": POINTS, "values": values, **more}


def test_a_table_of_the_built_in_law() -> None:
    plain = rows(exchange_current_density=I0, activation_energy="30 kJ/mol")[-1]
    table = {"form": "table", "unit": "A/m^2", **law()}
    own = rows(exchange_current_density=table, activation_energy="30 kJ/mol")[-1]
    assert own["Voltage [V]"] == pytest.approx(plain["Voltage [V]"], abs=2e-6)
    twice = {"form": "table", "unit": "mA/cm^2", **law(0.2)}
    other = rows(exchange_current_density=twice, activation_energy="30 kJ/mol")[-1]
    assert other["Voltage [V]"] > plain["Voltage [V]"] + 1e-3
    number = rows(exchange_current_density=2 * I0, activation_energy="30 kJ/mol")[-1]
    assert other["Voltage [V]"] == pytest.approx(number["Voltage [V]"], abs=2e-6)


def test_a_law_of_x_and_temperature() -> None:
    """A logarithmic table with energies, against i0 and Ea by hand."""
    form = FORMS["logarithmic table"](
        variable="x", points=(0.2, 0.8), values=(1.0, 4.0), activation_energies=(ENERGY, ENERGY)
    )
    i0 = ExchangeCurrent.of(form)
    kinetics = ButlerVolmer(exchange_current_density=i0, activation_energy=0.0)
    warm = np.exp(ENERGY / GAS_CONSTANT * (1 / ROOM_TEMPERATURE - 1 / 330.0))
    assert kinetics.exchange_current(330.0, 0.5) == pytest.approx(2.0 * warm, rel=1e-6)
    assert kinetics.exchange_current(ROOM_TEMPERATURE, 0.2) == pytest.approx(1.0, rel=1e-5)


WRONG: list[tuple[Any, str]] = [
    ({"form": "tabel", "variable": "x"}, 'did you mean "table"'),
    ({"form": "table", "variable": "x", "points": [0, 1]}, "`values` is missing"),
    ({"form": "table", "variable": "p", "points": [0, 1], "values": [1, 2]}, "is no law of x or T"),
    ({"form": "value", "value": 3.0}, "is no law of x or T"),
    ({"form": "table", "variable": "x", "points": [0, 1], "values": [1, -2]}, "above 0 for all x"),
    (
        {"form": "table", "variable": "x", "points": [0, 1], "values": ["1 V", "2 V"]},
        "is a voltage",
    ),
]


@pytest.mark.parametrize(("table", "said"), WRONG)
def test_wrong_laws(table: Any, said: str) -> None:
    with pytest.raises(CaseError) as error:
        rows(exchange_current_density=table)
    assert said in str(error.value)


def test_temperature_is_said_once() -> None:
    table = {
        "form": "logarithmic table", "variable": "x", "points": [0.0, 1.0], "values": [1.0, 2.0],
        "activation_energies": ["30 kJ/mol", "30 kJ/mol"],
    }  # fmt: skip
    with pytest.raises(CaseError, match="says how it follows T"):
        rows(exchange_current_density=table, activation_energy="30 kJ/mol")
