"""[[interfaces]] voids: what it becomes, what is told before the solve, and what check says."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.estimates import evaluate
from joulestack.laws.solids import voids
from joulestack.laws.solids.voids import VoidLaw
from joulestack.laws.state import State
from joulestack.materials import library
from joulestack.materials.limits import limits_of
from joulestack.outputs import provenance

CASE = Path(__file__).parents[3] / "cases" / "fixtures" / "stripping_voids.toml"
PAIR = ("lower lithium", "separator")


def interfaces(given: Any, **more: Any) -> dict[str, Any]:
    """Changes of the case's lower interface."""
    return {"interfaces": [{"between": list(PAIR), "voids": given} | more]}


def law_of(given: Any, **changes: Any) -> VoidLaw:
    case = Case.load(CASE, interfaces(given) | changes)
    found = case.contacts()[PAIR].voids
    assert found is not None
    return found


def read_for(given: Any) -> set[str]:
    """Numbers of the library that went into the law."""
    return {p.name for p in Case.load(CASE, interfaces(given)).contacts()[PAIR].void_properties}


def test_defaults_are_the_measured_critical_currents() -> None:
    """Deysher 2022: half of the contact at 0.2 mA/cm2 under 3 MPa and 1.0 under 7."""
    law = law_of("default")
    for pressure, current in ((3e6, 2.0), (7e6, 10.0)):
        assert voids.critical_current(law, pressure) == pytest.approx(current, rel=1e-12)
    assert law.exponent == pytest.approx(math.log(5) / math.log(7 / 3))
    assert law.capacity == pytest.approx(0.069 * 36e3)  # Schlenker 2020
    assert law.activation_energy == pytest.approx(37e3)
    names = {"void_capacity", "creep_activation_energy", "critical_stripping_current"}
    assert read_for("default") == names


def test_what_is_stated_wins() -> None:
    given = {
        "capacity": "0.5 mAh/cm^2",
        "critical_current": "0.3 mA/cm^2",
        "reference_pressure": "4 MPa",
        "exponent": 3,
        "activation_energy": "50 kJ/mol",
    }
    law = law_of(given)
    assert voids.critical_current(law, 4e6) == pytest.approx(3.0)
    assert voids.critical_current(law, 8e6) == pytest.approx(24.0)
    assert (law.capacity, law.activation_energy) == pytest.approx((18e3, 50e3))
    assert read_for(given) == set()
    part = law_of({"exponent": 3})
    assert voids.critical_current(part, 3e6) == pytest.approx(2.0)
    assert voids.critical_current(part, 6e6) == pytest.approx(16.0)


def test_creep_of_the_library_s_lithium() -> None:
    law = law_of({"closing": "creep"})
    own = library.load("lithium").properties
    n, rate = (float(own[k](State(T=298.15))) for k in ("creep_exponent", "creep_rate"))
    expected = 1.5 * rate * (3 * 3e6 / (2 * n * 1e6)) ** n
    assert voids.closing_rate(law, 3e6, 298.15) == pytest.approx(expected)
    stated = law_of({"closing": "creep", "creep_rate": "0.1 1/s", "reference_pressure": "1 MPa"})
    expected = 1.5 * 0.1 * (3 * 3e6 / (2 * n * 1e6)) ** n
    assert voids.closing_rate(stated, 3e6, 298.15) == pytest.approx(expected)


BROKEN: list[tuple[dict[str, Any], str, str]] = [
    (interfaces("defualt"), "separator.voids", '"default"'),
    (interfaces({"capacity": "1 mA/cm^2"}), "voids.capacity", "C/m^2"),
    (interfaces({"capacity": "0 mAh/cm^2"}), "voids.capacity", "above"),
    (interfaces({"creep_rate": "1 1/s"}), "voids.creep_rate", "has no effect"),
    (interfaces({"closing": "creep", "critical_current": "1 mA/cm^2"}), "voids.critical_current",
     "has no effect"),
    (interfaces({"critical_current": "1 mA/cm^2"}), "voids.critical_current", "belong together"),
    (interfaces({"closing": "creep", "creep_rate": "1 1/s"}), "voids.creep_rate",
     "belong together"),
    (interfaces({"closing": "glue"}), "voids.closing", "creep"),
    (interfaces("default") | {"load": None, "time": {"steady": True}}, "separator.voids",
     "no effect without a current in time"),
    (interfaces("default") | {"mesh.degree": 2}, "mesh.degree", "cannot carry voids"),
    (interfaces("default", charge_transfer="3 ohm cm^2")
     | {"materials.separator": {"material": "LPS glass", "moulding_pressure": "370 MPa"}},
     "voids.critical_current", "no critical stripping current of lithium on LPS glass"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where", "says"), BROKEN)
def test_what_is_wrong_is_told(changes: dict[str, Any], where: str, says: str) -> None:
    with pytest.raises(CaseError) as caught:
        Case.load(CASE, changes)
    assert where in str(caught.value)
    assert says in str(caught.value)


def test_voids_open_under_metals_only() -> None:
    base = Path(__file__).parents[3] / "cases" / "fixtures" / "constant_pressure.toml"
    changes = {"interfaces": [{"between": ["separator", "cathode"], "voids": "default"}]}
    with pytest.raises(CaseError, match="voids open where lithium is stripped"):
        Case.load(base, changes)


def test_check_says_when_the_contact_goes() -> None:
    """Charge by the closed form; both sides of a symmetric cell, each while it strips."""
    figures = evaluate(Case.load(CASE))
    said = "\n".join(figures.limits)
    law = law_of("default")
    charge = voids.stripped_until(law, 5.0, 3e6) / 36e3
    assert math.isinf(charge)  # 0.5 mA/cm2 leaves 17.7 % in the long run
    assert "leaves a tenth" not in said
    fast = Case.load(CASE, {"load.protocol": ["Discharge at 1 mA/cm^2 for 3 hours"]})
    said = "\n".join(evaluate(fast).limits)
    charge = voids.stripped_until(law, 10.0, 3e6) / 36e3
    assert f"a tenth of the contact after {charge:.3g} mAh/cm^2, and 3.1 % in the long run" in said
    assert said.count("leaves a tenth") == 1  # the other side is plated
    assert "half of the contact where 0.2 mA/cm^2 strips" in "\n".join(figures.warnings)
    quiet = Case.load(CASE, {"load.protocol": ["Discharge at 0.1 mA/cm^2 for 3 hours"]})
    assert "leaves a tenth" not in "\n".join(evaluate(quiet).limits)


def test_numbers_are_cited_with_the_run() -> None:
    lines = provenance.sources(Case.load(CASE))
    cited = {s["property"]: s for s in lines if s["where"] == "lower lithium | separator: voids"}
    assert cited["critical_stripping_current"]["source"] == "Deysher2022"
    assert cited["void_capacity"]["source"] == "Schlenker2020"
    (limit,) = [
        p for p in limits_of("lithium", "Li6PS5Cl") if p.name == "critical_stripping_current"
    ]
    assert cited["critical_stripping_current"]["status"] == limit.status == "primary"
