"""What a case takes beyond the end of a material is said before it is run."""

from __future__ import annotations

from typing import Any

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.estimates import evaluate
from tests.case.samples import SAMPLES

AIR = {"kind": "convection", "coefficient": "10 W/(m^2 K)"}


def warned(text: str, sample: str = "pellet", **changes: Any) -> list[str]:
    made = Case.from_dict(SAMPLES[sample]()).replace(changes)
    return [w for w in evaluate(made).warnings if text in w]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"cell.start_temperature": "190 degC"}, "at the start"),
        (
            {
                "thermal.faces.top": {
                    "kind": "convection",
                    "coefficient": "10 W/(m^2 K)",
                    "ambient": "350 degC",
                }
            },
            "around top",
        ),
        (
            {"thermal.faces.top": {"kind": "fixed temperature", "temperature": "1200 degC"}},
            "held at top",
        ),
        ({"load": {"protocol": ["Rest for 1 h at 250oC"]}}, "around the cell in"),
    ],
)
def test_every_given_temperature_counts(changes: dict[str, Any], where: str) -> None:
    (message,) = warned("lithium melts at 180.5 degC", **changes)
    assert message.startswith("negative electrode: ")
    assert where in message
    assert "Chase1998" in message


def test_what_is_cold_says_nothing() -> None:
    assert not warned("no law here holds")


def test_heat_of_the_cell_counts() -> None:
    """1e6 W/m3 in 1 mm of copper against a cold plate: tenths of a kelvin; 1e12 melt it."""
    assert not warned("melts", "line")
    (copper,) = warned("copper melts", "line", **{"cell.layers.hot.heat_source": "1e12 W/m^3"})
    assert "estimated" in copper
    assert "1085 degC" in copper


def test_a_pair_ends_before_each_by_itself() -> None:
    """Charged NMC811 with Li6PS5Cl burns at 150 degC (Kim 2022), either alone does not."""
    at = {"cell.start_temperature": "160 degC"}
    nickel = at | {"materials.cathode.active": "NMC811"}
    (pair,) = warned("decomposes", **nickel)
    assert "NMC811/NMC83/NCA + Li6PS5Cl decomposes at 150 degC" in pair
    assert not warned("decomposes", **at)


def test_windows_of_electrolytes() -> None:
    (oxidised,) = warned("Li6PS5Cl is oxidised above 2.1 V")
    assert oxidised.startswith("cathode: ")
    assert "3.8 V" in oxidised
    own = {"materials.separator.overrides": {"reduction_potential": "1.71 V"}}
    (reduced,) = warned("is reduced", **own)
    assert reduced.startswith("separator: Li6PS5Cl is reduced below 1.71 V")
    assert "lithium beside it" in reduced


def test_a_case_may_set_them() -> None:
    own = {"materials.separator.overrides": {"decomposition_temperature": "60 degC"}}
    hot = {"cell.start_temperature": "70 degC"}
    first, second = warned("decomposes at 60 degC", **own, **hot)  # in the cathode it is the same
    assert first.startswith("separator")
    assert "given in the case" in second


def test_a_stop_without_effect_is_told() -> None:
    stop = {"time.stop": {"ceilings": ["crystallisation", "melting"]}}
    (message,) = warned("time.stop.ceilings", **stop)
    assert '"crystallisation" has no effect' in message
    with pytest.raises(CaseError, match="boiling"):
        warned("", **{"time.stop": {"ceilings": ["boiling"]}})


def test_laws_are_asked_at_every_given_temperature() -> None:
    """c_p of NMC622 is known from 173 to 373 K."""
    hot = {"load": {"protocol": ["Rest for 1 h at 120oC"]}}
    assert any("NMC622 specific_heat_capacity" in w for w in warned("temperature 393", **hot))


def test_an_activated_law_without_a_range_ends_too() -> None:
    """sigma of Li6PS5Cl was measured at room temperature and has an activation energy."""
    hot = {"cell.start_temperature": "130 degC"}
    told = [w for w in warned("no temperatures", **hot) if "Li6PS5Cl ionic_conductivity" in w]
    assert "above 373" in told[0]
    assert "assumed" in told[0]
    warm = {"cell.start_temperature": "90 degC"}
    assert not warned("no temperatures", **warm)
