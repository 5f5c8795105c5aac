"""Where voids open although the case says nothing of them, and where it can be told not to."""

from __future__ import annotations

from typing import Any

import pytest

from joulestack.case import Case
from joulestack.case.interfaces.stripping import CHARGE, DISCHARGE, directions
from joulestack.case.load.load import Load
from joulestack.errors import CaseError
from joulestack.estimates import evaluate
from tests.case import samples

PAIR = ("negative electrode", "separator")


def case(load: Any, **more: Any) -> Case:
    table = samples.pellet() | {"load": load}
    return Case.from_dict(table).replace(more) if more else Case.from_dict(table)


@pytest.mark.parametrize(
    ("load", "ways"),
    [
        ({"current": "1 mA"}, {DISCHARGE}),
        ({"c_rate": "-C/2"}, {CHARGE}),
        ({"current_density": 0.0}, set()),
        ({"voltage": "3 V"}, {DISCHARGE, CHARGE}),
        ({"table": {"time": [0, 60], "current": ["1 mA", "2 mA"]}}, {DISCHARGE, CHARGE}),
        ({"steps": [{"c_rate": 1, "duration": "1 s"}, {"rest": True, "duration": "1 s"}]},
         {DISCHARGE}),
        ({"protocol": ["Charge at 1C until 4.2 V", "Hold at 4.2 V until C/10"]}, {CHARGE}),
        ({"protocol": ["Hold at 4 V for 1 h"]}, {DISCHARGE, CHARGE}),
        ({"protocol": ["Rest for 1 h"]}, set()),
        ({"protocol": [{"repeat": 2,
                        "steps": ["Charge at 1C for 1 h", "Discharge at 1C for 1 h"]}]},
         {DISCHARGE, CHARGE}),
    ],
)  # fmt: skip
def test_which_ways_current_may_flow(load: Any, ways: set[int]) -> None:
    assert directions(Load.model_validate(load)) == ways


def test_lithium_below_is_stripped_by_a_discharge_alone() -> None:
    assert case({"current": "1 mA"}).contacts()[PAIR].voids is not None
    assert case({"current": "-1 mA"}).contacts()[PAIR].voids is None


def test_it_is_the_law_that_the_case_can_name() -> None:
    unsaid = case({"current": "1 mA"})
    said = case({"current": "1 mA"}, interfaces=[{"between": list(PAIR), "voids": "default"}])
    assert unsaid.contacts()[PAIR].voids == said.contacts()[PAIR].voids


def test_none_keeps_the_contact() -> None:
    kept = case({"current": "1 mA"}, interfaces=[{"between": list(PAIR), "voids": "none"}])
    assert kept.contacts()[PAIR].voids is None


def test_quadratic_elements_do_without_and_a_word_is_refused() -> None:
    with pytest.raises(CaseError, match="no word for voids"):
        case({"current": "1 mA"}, interfaces=[{"between": list(PAIR), "voids": "no"}])


@pytest.mark.parametrize("metal", ["lithium-indium", "lithium"])
def test_only_where_the_library_has_the_numbers(metal: str) -> None:
    """It has void capacity and critical stripping of lithium on Li6PS5Cl alone."""
    table = samples.pellet() | {"load": {"current": "1 mA"}}
    table["cell"]["layers"][1]["material"] = metal
    if metal == "lithium":
        table["materials"]["separator"] = {"material": "Al-LLZO", "relative_density": 0.95}
    table["interfaces"] = [{"between": list(PAIR), "charge_transfer": "1 ohm cm^2"}]
    assert Case.from_dict(table).contacts()[PAIR].voids is None


def test_check_says_that_it_is_a_choice() -> None:
    told = " ".join(evaluate(case({"current": "1 mA"})).warnings)
    assert 'voids = "none" keeps the contact' in told
