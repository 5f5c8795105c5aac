"""Layers by their masses, rates by the mass of active material: as papers write cells down."""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.estimates import evaluate

CASES = Path(__file__).parents[3] / "cases" / "validation"


def load(name: str, **changes: Any) -> Case:
    return Case.load(CASES / f"{name}.toml").replace(changes)


def thickness(case: Case, layer: str) -> float:
    found = next(la.thickness for la in case.cell.layers if la.name == layer)
    assert found is not None
    return found


def test_150_mg_in_13_mm_are_730_um() -> None:
    """Nam 2018: mass, diameter and pressure are given, and the thickness was measured."""
    assert thickness(load("nam2018_thick"), "separator") == pytest.approx(730e-6, rel=0.02)


def test_masses_of_both_electrodes_balance_as_in_the_paper() -> None:
    """Nam 2018: N:P 1.1 from 14 and 23 mg/cm2, as designed; the library's are others'."""
    designed = load("nam2018_thick").replace({"materials.cathode.laws": {"formation": "all"}})
    assert evaluate(designed).balance == pytest.approx(1.1, abs=0.05)


def test_mass_is_kept() -> None:
    """What is weighed in is what the cell weighs: 12 and 60 mg, and the foil."""
    case = load("minnmann2021_42")
    foil = 7.31e3 * 100e-6 * case.area
    assert evaluate(case).mass == pytest.approx(72e-6 + foil, rel=2e-3)


def test_mass_of_a_layer_is_mass_over_its_area() -> None:
    case = load("minnmann2021_42")
    area = math.pi * 0.01**2 / 4
    by_area = case.replace(
        {"cell.layers.cathode.mass": None, "cell.layers.cathode.areal_mass": 12e-6 / area}
    )
    assert thickness(by_area, "cathode") == pytest.approx(thickness(case, "cathode"), rel=1e-12)
    assert case.area == pytest.approx(area)


def test_mass_and_thickness_say_the_density() -> None:
    case = load("minnmann2021_42")
    L, rho = 500e-6, 60e-6 / (500e-6 * case.area)
    changed = case.replace(
        {
            "cell.layers.separator.thickness": L,
            "materials.separator.moulding_pressure": None,
            "cell.moulding_pressure": None,
        }
    )
    medium: Any = changed.media()["separator"]
    solid = rho / medium.relative_density.__call__(_room())
    assert 1.6e3 < solid < 1.9e3  # Li6PS5Cl without pores, 1.64 to 1.86 g/cm3 in the literature
    again = changed.replace({"cell.layers.separator.mass": "66 mg"}).media()["separator"]
    assert again.relative_density(_room()) == pytest.approx(1.1 * medium.relative_density(_room()))


def _room() -> Any:
    from joulestack.laws.state import ROOM

    return ROOM


def test_mass_and_thickness_of_a_composite_say_its_porosity() -> None:
    """Three of mass, thickness, porosity, the fourth of them agrees with what it was made from."""
    case = load("nam2018_thick")
    porosity = 0.25
    by_porosity = case.replace({"materials.cathode.porosity": porosity})
    L = thickness(by_porosity, "cathode")
    again = case.replace({"cell.layers.cathode.thickness": L})
    medium: Any = again.media()["cathode"]
    assert medium.pores(_room()) == pytest.approx(porosity, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"cell.layers.separator.thickness": "0.5 mm"}, "moulding_pressure", "relative density"),
        (
            {
                "cell.layers.separator.thickness": "0.3 mm",
                "materials.separator.moulding_pressure": None,
            },
            "materials.separator",
            "denser than the solid",
        ),
        (
            {"cell.layers.cathode.thickness": "70 um", "materials.cathode.porosity": 0.3},
            "materials.cathode",
            "porosity",
        ),
        ({"materials.cathode.loading": "5 mg/cm^2"}, "cell.layers.cathode.mass", "says it already"),
        ({"cell.capacity": "1 mA h", "cell.specific_capacity": "1 mA h/g"}, "capacity", "already"),
        ({"cell.layers.cathode.mass": "12 kg"}, "mass", "makes a layer of"),
    ],
)
def test_contradictions_are_told(changes: dict[str, Any], where: str, what: str) -> None:
    table = copy.deepcopy(load("minnmann2021_42").to_dict())
    for path, value in changes.items():
        *head, key = path.split(".")
        node: Any = table
        for name in head:
            named = isinstance(node, list)
            node = next(e for e in node if e["name"] == name) if named else node[name]
        node.pop(key, None) if value is None else node.__setitem__(key, value)
    with pytest.raises(CaseError) as error:
        Case.from_dict(table)
    assert where in str(error.value)
    assert what in str(error.value)


def test_rates_per_gram_are_currents_of_the_active_mass() -> None:
    """20 mA/g is 0.1C where 1C is 200 mA/g, and both are 20 mA times the grams of NMC622."""
    case = load("minnmann2021_42")
    held = case.active_mass
    assert held is not None
    volume = thickness(case, "cathode") * case.area
    assert held == pytest.approx(4650 * 0.42 * volume)
    by_gram, by_rate = (
        case.replace({"load.protocol": [f"Discharge at {rate} until 2 V"]}).protocol.steps[0]
        for rate in ("20 mA/g", "C/10")
    )
    assert by_gram.value.values[0] == pytest.approx(20 * held, rel=1e-12)
    assert by_rate.value.values[0] == pytest.approx(20 * held, rel=1e-12)


def test_rates_per_gram_stand_in_load_and_limits() -> None:
    case = load("minnmann2021_42")
    held = case.active_mass
    assert held is not None
    drive = case.replace({"load.specific_current": "20 mA/g", "time.end": "1 h"})
    assert drive.protocol.steps[0].value.values[0] == pytest.approx(20 * held)
    limited = case.replace({"load.protocol": ["Charge at 1 mA/cm2 until 100 mAh/g"]})
    assert limited.protocol.steps[0].ends[0].value == pytest.approx(360e3 * held)


def test_a_rate_per_gram_needs_grams() -> None:
    table = load("minnmann2021_42").to_dict()
    table["materials"]["cathode"] = {"material": "lithium-indium"}
    table["cell"]["layers"][2] |= {"material": "lithium-indium"}
    del table["materials"]["cathode"], table["cell"]["specific_capacity"]
    del table["cell"]["state_of_charge"]
    table["interfaces"].append(
        {"between": ["separator", "cathode"], "charge_transfer": "1 ohm cm^2"}
    )
    with pytest.raises(CaseError, match="mass of active material"):
        Case.from_dict(table)
