"""Reactions of a layer: kinetics of the case or the library, amounts from its composition."""

from __future__ import annotations

from typing import Any

import pytest

from joulestack.case import Case
from joulestack.case.layers.material import material
from joulestack.errors import CaseError
from joulestack.laws.state import ROOM
from joulestack.materials.citations import entries
from joulestack.materials.reactions import records

OWN = {"pre_exponential_factor": 1e10, "activation_energy": 1.2e5, "enthalpy": 2e5}


def cathode(reactions: dict[str, Any], **more: Any) -> Any:
    return material(
        active="LiCoO2",
        electrolyte={"material": "Li6PS5Cl", "moulding_pressure": "370 MPa"},
        mass_fractions={"active": 0.7, "electrolyte": 0.25, "additive": 0.05},
        additive="VGCF", porosity=0.15, state_of_charge=1.0, reactions=reactions, **more,
    )  # fmt: skip


def test_amounts_are_those_of_the_composition() -> None:
    parts = ("layer", "active", "electrolyte", "additive")
    own = {p: OWN | {"reactant": p, "fraction": 0.5} for p in parts}
    medium = cathode(own)
    found = {r.name: r.reactant for r in medium.reactions}
    whole = 2 * found["layer"]
    assert found["active"] == pytest.approx(0.35 * whole, rel=1e-12)
    assert found["electrolyte"] == pytest.approx(0.125 * whole, rel=1e-12)
    assert found["additive"] == pytest.approx(0.025 * whole, rel=1e-12)
    pressed = material("Li6PS5Cl", moulding_pressure="50 MPa", reactions={"own": OWN})
    harder = material("Li6PS5Cl", moulding_pressure="500 MPa", reactions={"own": OWN})
    ratio = harder.reactions[0].reactant / pressed.reactions[0].reactant  # type: ignore[attr-defined]
    # Nothing of a reaction follows the moulding pressure but how much there is in a volume.
    assert ratio == pytest.approx(harder.relative_density(ROOM) / pressed.relative_density(ROOM))
    assert harder.reactions[0].k == pressed.reactions[0].k


def test_records_of_the_library() -> None:
    """Every one has a source that can be cited, and kinetics or the reason why not."""
    for record in records().values():
        whole = {"pre_exponential_factor", "activation_energy", "enthalpy"} <= set(record.numbers)
        assert whole != bool(record.missing), record.name
        assert record.source in entries() or record.status == "unverified"
    (found,) = cathode({"oxygen": "LiCoO2"}).reactions
    assert (found.k.pre_exponential, found.k.energy) == (6.667e13, 139.6e3)
    assert (found.enthalpy, found.start, found.autocatalysis) == (314e3, 0.96, 1.0)
    changed = cathode({"oxygen": {"record": "LiCoO2", "enthalpy": "400 J/g"}})
    assert changed.reactions[0].enthalpy == 4e5
    lines = {(source, status) for label, source, status, _ in changed.sources() if "oxy" in label}
    assert lines == {("KimG2007", "secondary"), ("user", "user")}


@pytest.mark.parametrize(
    ("reactions", "said"),
    [
        ({"x": "LiCo2"}, "did you mean \"LiCoO2\""),
        ({"x": "NMC811_with_Li6PS5Cl"}, "is not known: the paper has an onset near 150 degC"),
        ({"x": OWN | {"autocatalysis": 1.0}}, "never begins"),
        ({"x": OWN | {"activation_energy": 3.0}}, "energies are per mole"),
        ({"x": OWN | {"order": -1.0}}, "at least 0"),
        ({"x": 3}, "neither the name of a reaction in the library nor a table"),
    ],
)  # fmt: skip
def test_what_is_refused(reactions: dict[str, Any], said: str) -> None:
    with pytest.raises(CaseError, match=said):
        cathode(reactions)


def test_a_part_that_is_not_there() -> None:
    with pytest.raises(CaseError, match="no part called active"):
        material("lithium", reactions={"x": OWN | {"reactant": "active"}})


def case(**changes: Any) -> Case:
    table: dict[str, Any] = {
        "joulestack": 1,
        "cell": {"geometry": "line", "area": "1 cm^2",
                 "layers": [{"name": "a", "thickness": "100 um", "material": "se"}]},
        "materials": {"se": {"material": "Li6PS5Cl", "moulding_pressure": "370 MPa"}},
        "thermal": {"faces": {}}, "time": {"end": "1 s"},
    }  # fmt: skip
    return Case.from_dict(table | changes)


def test_settings_without_effect_are_told() -> None:
    se = {"material": "Li6PS5Cl", "moulding_pressure": "370 MPa", "reactions": {"x": OWN}}
    used = case(materials={"se": se})
    assert Case.from_dict(used.resolved()).media()["a"] == used.media()["a"]
    with pytest.raises(CaseError, match=r"(?s)reactant_tolerance.*reactions. has no effect"):
        case(time={"end": "1 s", "reactant_tolerance": 1e-3}, outputs={"fields": ["reactions"]})
    with pytest.raises(CaseError, match="2 cannot carry reactions"):
        case(materials={"se": se}, mesh={"degree": 2})
