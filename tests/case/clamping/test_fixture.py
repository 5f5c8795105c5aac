"""[cell.fixture]: what it becomes, and what is told before the solve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.estimates import evaluate
from joulestack.estimates.clamping import fixture_warnings, reached, swings
from joulestack.estimates.limits import limits, pressure_range

CASES = Path(__file__).parents[3] / "cases" / "fixtures"
GAP = CASES / "fixed_gap.toml"
SPRING = CASES / "spring.toml"
PRESSURE = CASES / "constant_pressure.toml"
V_LI = 6.94e-3 / 534
"""Of lithium: molar mass over density [m3/mol]."""

BROKEN: list[tuple[Path, dict[str, Any], str, str]] = [
    (GAP, {"cell.fixture.youngs_modulus": None}, "youngs_modulus", "of cathode no modulus"),
    (
        SPRING,
        {"cell.stack_pressure": "0 MPa"},
        "cell.stack_pressure",
        "loses contact with the first lithium that is stripped",
    ),
    (SPRING, {"cell.fixture.springs": None}, "cell.fixture.springs", "is missing"),
    (
        SPRING,
        {"cell.fixture.frame_stiffness": "1e5 N/mm"},
        "cell.fixture.frame_stiffness",
        'has no effect for kind = "spring"',
    ),
    (GAP, {"cell.fixture.kind": "vice"}, "cell.fixture.kind", "fixed gap"),
    (GAP, {"cell.fixture.frame_stiffness": "3 MPa"}, "frame_stiffness", "is a pressure"),
    (
        GAP,
        {"cell.fixture.youngs_modulus": {"separater": "5 GPa"}},
        "youngs_modulus.separater",
        'did you mean "separator"?',
    ),
    (
        GAP,
        {"cell.stack_pressure": {"time": ["0 s", "1 h"], "pressure": ["5 MPa", "6 MPa"]}},
        "cell.stack_pressure",
        "a table in time has no effect",
    ),
    (
        SPRING,
        {"materials.cathode.state_of_charge": None, "materials.cathode.diffusivity": None}
        | {"materials.cathode.open_circuit_voltage": "3.8 V"},
        "cell.fixture",
        "no layer has any",
    ),
    (
        SPRING,
        {"cell.fixture.volume_change": {"NMC811": "-3 %"}},
        "volume_change.NMC811",
        'did you mean "NMC622"?',
    ),
    (
        CASES / "silicon_anode.toml",
        {"cell.fixture.molar_volume": "13 cm^3/mol"},
        "cell.fixture.molar_volume",
        "without a metal electrode",
    ),
    (SPRING, {"cell.fixture": 3}, "cell.fixture", "is not a table"),
    (SPRING, {"cell.fixture.springs": {"stiffness": "5 N/mm"}}, "springs", "is not a list"),
    (SPRING, {"cell.fixture.springs": [{"number": 4}]}, "springs[0].stiffness", "500 N/mm"),
    (SPRING, {"cell.fixture.stops": [{"travel": "1 um"}]}, "stops[0].stiffness", "is missing"),
    (
        SPRING,
        {"cell.fixture.thermal_expansion": {"separator": "2e-5"}},
        "thermal_expansion.separator",
        "2e-5 1/K",
    ),
    (SPRING, {"cell.fixture.molar_volume": "13 cm^3"}, "molar_volume", "13 cm^3/mol"),
    (SPRING, {"cell.fixture.balance": "plate"}, "balance", "a line has no face"),
    (SPRING, {"cell.fixture.frame": {"length": "10 cm"}}, "frame.thermal_expansion", "2e-5 1/K"),
    (
        CASES / "uneven_clamping.toml",
        {"cell.fixture.balance": "rigid"},
        "cell.fixture.balance",
        "tilting plate",
    ),
    (
        SPRING,
        {"load.protocol": [{"step": "Rest for 1 h", "stack_presure": "9 MPa"}]},
        "stack_presure",
        'did you mean "stack_pressure"?',
    ),
    (
        SPRING,
        {"load.protocol": [{"step": "Rest for 1 h", "stack_pressure": "0 MPa"}]},
        "stack_pressure",
        "the spring would be taken off",
    ),
]


@pytest.mark.parametrize(("path", "changes", "where", "message"), BROKEN)
def test_refused(path: Path, changes: dict[str, Any], where: str, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        Case.load(path, changes)
    text = str(caught.value)
    assert where in text
    assert message in text
    assert "\n    -> " in text


def test_spring_per_area_and_compliance() -> None:
    clamping = Case.load(SPRING).clamping
    assert clamping is not None
    assert clamping.fixture.stiffness == pytest.approx(4 * 5e5 / 1e-4)
    assert clamping.metals == {"lithium": pytest.approx(V_LI, rel=1e-5)}
    steel, lithium, separator = 10e-3 / 193e9, 40e-6 / 7.8e9, 100e-6 / 22.1e9
    assert clamping.fixture.compliance == pytest.approx(steel + lithium + separator)
    assert any("cathode: counted as rigid" in note for note in clamping.notes)
    assert Case.load(PRESSURE, {"cell.fixture": None}).clamping is None


def test_swing_is_lithium_and_oxide() -> None:
    """4.85 um per mAh/cm2 on lithium, less what NMC622 shrinks by: 3.5 % of its volume."""
    case = Case.load(PRESSURE)
    charged, discharged = swings(case)
    assert discharged.expansion == pytest.approx(0.0, abs=1e-12)
    charge = -charged.charge / 36000.0
    assert case.capacity is not None
    assert charge == pytest.approx(case.capacity / 3.6, rel=1e-6)
    (p,) = case.media()["cathode"].particles or ()
    shrunk = 0.035 * 90e-6 * p.fraction
    assert charged.expansion == pytest.approx(4.85e-6 * charge - shrunk, rel=3e-3)


def test_warned_of_the_pressure_to_come() -> None:
    case = Case.load(GAP)
    assert max(reached(case)) > 15e6
    assert pressure_range(case)[1] == max(reached(case))
    text = "\n".join(limits(case, case.media(), 0.0))
    assert "above 5 MPa" in text
    quiet = Case.load(PRESSURE)
    assert pressure_range(quiet) == (5e6, 5e6)


def test_warned_of_losing_contact() -> None:
    """Discharged from full charge, a rigid gap lets go; the charge until then is told."""
    changes = {"materials.cathode.state_of_charge": 1.0, "cell.fixture.frame_stiffness": None}
    case = Case.load(GAP, changes)
    assert case.clamping is not None
    (text,) = fixture_warnings(case)
    found = case.clamping.fixture
    assert "loses contact" in text
    assert "discharged cell" in text
    assert found.reserve(5e6) == pytest.approx(5e6 * found.compliance)
    assert list(fixture_warnings(Case.load(SPRING))) == []


FREE = CASES / "anode_free.toml"
UNPLATED: list[tuple[dict[str, Any], str, str]] = [
    ({"cell.layers.collector.plating": "lithum"}, "plating", 'did you mean "lithium"'),
    ({"cell.layers.collector.plating": "copper"}, "plating", "no potential against Li/Li+"),
    ({"cell.layers.collector.material": "lithium"}, "plating", "a metal electrode already"),
    ({"cell.layers.separator.plating": "lithium"}, "plating", "which is no metal"),
    ({"cell.layers.negative plunger.plating": "lithium"}, "plating", "does not touch a layer"),
    ({"cell.fixture": None}, "plating", "not counted without [cell.fixture]"),
]


@pytest.mark.parametrize(("changes", "where", "message"), UNPLATED)
def test_plating_refused(changes: dict[str, Any], where: str, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        Case.load(FREE, changes)
    text = str(caught.value)
    assert where in text
    assert message in text


def test_collector_reacts_as_the_metal_plated_on_it() -> None:
    """Potential, contact law, molar volume and limits are lithium's; heat is copper's."""
    free, foil = Case.load(FREE), Case.load(SPRING)
    assert free.media()["collector"].electrode_potential == 0.0
    assert free.media()["collector"].name == "copper"
    contact = free.contacts()["collector", "separator"].charge_transfer
    assert contact == foil.contacts()["lithium", "separator"].charge_transfer
    assert free.clamping is not None
    assert foil.clamping is not None
    assert free.clamping.stock == {"collector": 0.0}
    assert foil.clamping.stock == {"lithium": pytest.approx(40e-6 / V_LI, rel=1e-5)}
    text = "\n".join(limits(free, free.media(), 0.0))
    assert "critical stripping current" in text


def test_warned_of_too_little_lithium() -> None:
    """A charged cell on bare copper, and on a foil thinner than what the cathode takes."""
    for path, layer, changes in (
        (FREE, "collector", {"materials.cathode.stoichiometry": 0.4}),
        (
            SPRING,
            "lithium",
            {"materials.cathode.state_of_charge": 1.0, "cell.layers.lithium.thickness": "5 um"},
        ),
    ):
        told = [t for t in fixture_warnings(Case.load(path, changes)) if "no lithium is left" in t]
        assert len(told) == 1
        assert told[0].startswith(layer)


def test_contact_under_pressure_in_a_case() -> None:
    """Read, bound to the particles, told to be an assumption, refused without particles."""
    case = Case.load(CASES / "cathode_contact.toml")
    (p,) = case.media()["cathode"].particles or ()
    assert p.pressed is not None
    assert (p.pressed.half, p.pressed.least, p.pressed.kept) == (5e6, 0.2, 0.0)
    told = [w for w in evaluate(case).warnings if "contact_under_pressure (assumption)" in w]
    assert len(told) == 1
    changes = {"materials.cathode.open_circuit_voltage": "3.8 V", "cell.fixture": None}
    with pytest.raises(CaseError, match="there are no particles"):
        Case.load(CASES / "cathode_contact.toml", changes)
    with pytest.raises(CaseError, match="least"):
        Case.load(
            CASES / "cathode_contact.toml",
            {"materials.cathode.contact_under_pressure.least": 0},
        )
