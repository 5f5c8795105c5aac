"""Voltages against Li/Li+ count from the metal of the negative electrode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError

CASES = Path(__file__).parents[3] / "cases" / "validation"


def ends(name: str, *sentences: str) -> list[Any]:
    case = Case.load(CASES / f"{name}.toml", {"load.protocol": list(sentences)})
    return [end.value for step in case.protocol.steps for end in step.ends]


@pytest.mark.parametrize("said", ["vs Li/Li+", "vs. Li/Li+", "against Li|Li+", "versus Li/Li+"])
def test_in_li_stands_at_its_plateau(said: str) -> None:
    """4.30 V against Li/Li+ are 3.68 V against In/InLi, whose plateau is at 0.62 V."""
    charge = f"Charge at 20 mA/g until 4.30 V {said}"
    found = ends("minnmann2021_42", charge, "Discharge at 20 mA/g until 2 V")
    assert found == pytest.approx([3.68, 2.0])


def test_a_hold_too() -> None:
    changes = {"load.protocol": ["Hold at 4.3 V vs Li/Li+ until C/20 or until 45 degC"]}
    case = Case.load(CASES / "minnmann2021_42.toml", changes)
    assert case.protocol.steps[0].value.values == pytest.approx((3.68,))


def test_a_composite_has_no_potential_that_stays() -> None:
    with pytest.raises(CaseError, match="give the voltage of the cell"):
        ends("nam2018_thick", "Charge at 16 mA/g until 4.3 V vs Li/Li+")


def test_only_voltages_count_from_lithium() -> None:
    with pytest.raises(CaseError, match="not understood"):
        ends("minnmann2021_42", "Charge at 20 mA/g vs Li/Li+ for 1 h")
