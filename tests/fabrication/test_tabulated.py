"""From powder and pressure to the conductivity of a layer."""

from __future__ import annotations

import json

import pytest

from joulestack.errors import CaseError
from joulestack.fabrication.layers import fabricate
from joulestack.fabrication.specification import Fabrication
from joulestack.fabrication.tabulated import KIND, read, scalings
from joulestack.laws.state import State

ROOM = State(T=298.15, p=200e6)


def row(name, phi, relative, axis="z", phases=("SE",)):
    return {
        "property": name, "axis": axis, "relative_density": phi, "relative": relative,
        "percolating": dict.fromkeys(phases, 1.0),
    }  # fmt: skip


def write(folder, rows, resistances=False, **changes):
    table = {"kind": KIND, "case": "x", "hash": "ab", "resistances": resistances, "rows": rows}
    (folder / "table.json").write_text(json.dumps(table | changes))


THERMAL = [row("thermal_conductivity", 0.52, 0.2), row("thermal_conductivity", 0.78, 0.56)]


def test_a_table_is_the_law_of_a_pellet(tmp_path):
    write(tmp_path, [*THERMAL, row("ionic_conductivity", 0.6, 0.3)])
    made = fabricate(Fabrication("LPS glass", relative_density=0.78, effective="table.json"),
                     [tmp_path])  # fmt: skip
    dense = made.solid_conductivity(ROOM)
    assert made.thermal_conductivity(ROOM) == pytest.approx(0.56 * dense)
    assert made.thermal_scaling.note.startswith("computed on the microstructure x (ab)")
    ratio = made.ionic_at(ROOM, 0.6) / made.ionic_at(ROOM, 1.0)
    assert ratio == pytest.approx(0.3)


def test_ends_are_exact_only_without_resistances(tmp_path):
    write(tmp_path, THERMAL)
    law = scalings(read("table.json", [tmp_path], ""), "SE", "")["thermal_conductivity"]
    assert [float(law(ROOM, phi=p)) for p in (0.0, 0.52, 0.78, 1.0)] == [0, 0.2, 0.56, 1]
    assert law.outside(ROOM, phi=0.9)
    write(tmp_path, THERMAL, resistances=True)
    law = scalings(read("table.json", [tmp_path], ""), "SE", "")["thermal_conductivity"]
    assert float(law(ROOM, phi=1.0)) == pytest.approx(0.56)


def test_through_plane_wins(tmp_path):
    write(tmp_path, [*THERMAL, row("thermal_conductivity", 0.52, 0.3, "x")])
    law = scalings(read("table.json", [tmp_path], ""), "SE", "")["thermal_conductivity"]
    assert float(law(ROOM, phi=0.52)) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("rows", "changes", "spec", "said"),
    [
        (THERMAL, {"kind": "?"}, {}, "no table of a microstructure"),
        ([], {}, {}, "holds neither"),
        ([row("thermal_conductivity", 0.5, 0.2, "z", ("a", "b"))], {}, {}, "several phases"),
        (THERMAL, {}, {"effective": "tabel.json"}, "did you mean"),
        (THERMAL, {}, {"laws": {"thermal_conductivity": "power"}}, "no effect beside effective"),
        (THERMAL, {}, {"material": "Cu", "relative_density": None}, "not made from powder"),
    ],
)
def test_senseless_tables_are_case_errors(tmp_path, rows, changes, spec, said):
    write(tmp_path, rows, **changes)
    given = {"material": "LPS glass", "relative_density": 0.7, "effective": "table.json"} | spec
    with pytest.raises(CaseError, match=said):
        fabricate(Fabrication(**given), [tmp_path], "materials.separator")


def test_in_a_case(tmp_path):
    from joulestack.case import Case

    write(tmp_path, [*THERMAL, row("ionic_conductivity", 0.6, 0.3)])
    table = {
        "joulestack": 1,
        "cell": {
            "geometry": "line", "area": "1 cm^2",
            "layers": [{"name": "separator", "material": "pressed", "thickness": "100 um"}],
        },
        "materials": {
            "pressed": {
                "material": "LPS glass", "moulding_pressure": "200 MPa",
                "effective": {"microstructure": "table.json"},
            }
        },
        "thermal": {"faces": {
            "bottom": {"kind": "fixed temperature", "temperature": "30 degC"},
            "top": {"kind": "heat flux", "flux": "10 W/m^2"},
        }},
        "time": {"steady": True},
    }  # fmt: skip
    medium = Case.from_dict(table, tmp_path).media()["separator"]
    phi = float(medium.relative_density(ROOM))
    assert phi == pytest.approx(0.777, rel=0.02)
    expected = medium.solid_conductivity(ROOM) * medium.thermal_scaling(ROOM, phi=phi)
    assert medium.thermal_conductivity(ROOM) == pytest.approx(expected)
    assert 0.5 < medium.thermal_scaling(ROOM, phi=phi) < 0.6


IONIC = [row("ionic_conductivity", phi, f) for phi, f in ((0.6, 0.3), (0.84, 0.65))]


def pellet(folder, **changes):
    given = {"material": "Li6PS5Cl", "moulding_pressure": 370e6, "effective": "table.json"}
    return fabricate(Fabrication(**(given | changes)), [folder], "materials.separator")


def test_contacts_are_counted_once(tmp_path):
    """Necks are in f(phi): contacts of loading go, those that open on release stay."""
    write(tmp_path, [*IONIC, *THERMAL])
    loaded, released = State(T=298.15, p=370e6), State(T=298.15, p=50e6)
    plain, made = pellet(tmp_path, effective=None), pellet(tmp_path)
    assert plain.ionic.form.unpressed < 1
    assert made.ionic.form.unpressed == 1
    assert made.ionic.form.cracks == plain.ionic.form.cracks > 0
    assert made.ionic.form.activation_volume == plain.ionic.form.activation_volume > 0
    # The measured value at the reference density stands; only the way to other densities changes.
    reference = plain.ionic.form.reference_density
    pressed = plain.ionic.form.shares(370e6, 370e6)["made by pressing"]
    assert made.ionic_at(loaded, reference) / plain.ionic_at(loaded, reference) == pytest.approx(
        1 / pressed, rel=1e-6
    )
    assert made.ionic_conductivity(released) < 0.85 * made.ionic_conductivity(loaded)
    none = pellet(tmp_path, laws={"ionic_contact": "none"})
    assert none.ionic.form.cracks == 0
    # The factor of unsintered grains on k was measured on pressed pellets: necks again.
    assert plain.grain_contact is not None
    assert made.grain_contact is None
    write(tmp_path, IONIC)
    assert pellet(tmp_path).grain_contact is not None


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"laws": {"ionic_contact": "stack-pressure"}}, "in the microstructure already"),
        ({"laws": {"ionic_contact": "loading"}}, "in the microstructure already"),
        ({"laws": {"ionic_contact": "grains"}}, "in the microstructure already"),
        ({"overrides": {"grain_contact_factor": 0.7}}, "in the microstructure already"),
        ({"overrides": {"ionic_conductivity": 0.1}}, "no effect beside effective"),
        ({"material": "Li7SiPS8"}, "pellets as pressed"),
    ],
)
def test_what_would_count_twice_is_refused(tmp_path, spec, said):
    write(tmp_path, [*IONIC, *THERMAL])
    with pytest.raises(CaseError, match=said):
        pellet(tmp_path, **spec)
