"""Capacities computed beside measured: by hand, and from a case file to the lines on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.outputs.measured.steps import lines, table
from joulestack.outputs.plots import measured
from tests.case import samples

STEPS = [
    {"step": 1, "text": "Charge", "charge_mAh": -3.0},
    {"step": 2, "text": "Discharge", "charge_mAh": 2.0},
    {"step": 2, "text": "Discharge", "charge_mAh": 1.0},
]


def test_by_hand() -> None:
    """1.6 mAh measured, 2 computed; 20 mg of active material: 80 and 100 mAh/g."""
    found = table({2: 1.6 * 3.6, 3: 1.0}, STEPS, 20e-6, "a paper")
    (row,) = found["steps"]  # step 3 was not reached, of step 2 the first pass counts
    assert row["ratio"] == pytest.approx(1.25)
    assert (row["measured_mAh_per_g"], row["computed_mAh_per_g"]) == pytest.approx((80, 100))
    assert list(lines(found)) == ["Discharge: 100 mAh/g, measured 80 (a paper): +25 %"]


def test_of_a_charge_without_a_mass() -> None:
    found = table({1: 6.0 * 3.6}, STEPS)
    assert list(lines(found)) == ["Charge: 3 mAh, measured 6: -50 %"]
    assert table({4: 1.0}, STEPS) == {}


def test_a_picture(tmp_path: Path) -> None:
    """One bar a step, and a mark where the measurement is."""
    found = table({1: 6.0 * 3.6, 2: 1.6 * 3.6}, STEPS, 20e-6)
    axes = measured.draw(found, "title").axes[0]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([150, 100])
    assert axes.lines[0].get_xdata() == pytest.approx([300, 80])


def case(given: Any) -> Case:
    load = {"protocol": ["Discharge at 1C for 1 min", "Rest for 1 min"], "measured": given}
    return Case.from_dict(samples.pellet() | {"load": load})


def test_grams_are_those_of_the_positive_electrode() -> None:
    found = case({"specific_capacity": {"1": "100 mA h/g"}})
    given = found.file.load.measured  # type: ignore[union-attr]
    assert found.active_mass is not None
    assert given is not None
    assert given.charges(found.active_mass) == {1: pytest.approx(360e3 * found.active_mass)}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"capacity": {"3": "1 mA h"}}, "there is no step 3: the load has 2"),
        ({"capacity": {"1": "1 mA h"}, "specific_capacity": {"1": "9 mA h/g"}}, "already"),
        ({"source": "a paper"}, "holds no capacity"),
        ({"capacity": {"one": "1 mA h"}}, "one"),
        ({"capacity": {"1": "1 V"}}, "V"),
    ],
)
def test_what_does_not_fit_is_refused(given: Any, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        case(given)
