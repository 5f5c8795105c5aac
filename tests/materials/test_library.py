"""Every number of the library has a unit, conditions, uncertainty, range, source and status."""

from __future__ import annotations

import time
import tomllib

import pytest

from joulestack.errors import CaseError
from joulestack.laws.forms import FORMS
from joulestack.laws.state import State
from joulestack.materials import citations, library
from joulestack.materials.property import NOT_STATED, STATUSES, Uncertainty
from joulestack.materials.quantities import QUANTITIES
from joulestack.units import unit_factor

FILES = sorted(library.LIBRARY.glob("*.toml"))
KEYS = ("conditions", "uncertainty", "range", "source", "status", "records")


def tables_with_numbers(table, path=""):
    """Every table that holds a number, whatever it is called."""
    numbers = [
        k for k, v in table.items()
        if (isinstance(v, (int, float)) and not isinstance(v, bool))
        or (isinstance(v, list) and v and k != "records" and isinstance(v[0], (int, float)))
    ]  # fmt: skip
    if numbers:
        yield path, table
    for key, value in table.items():
        if isinstance(value, dict) and key != "range":
            yield from tables_with_numbers(value, f"{path}.{key}")
        if isinstance(value, list):
            for i, item in enumerate(value):
                if isinstance(item, dict):
                    yield from tables_with_numbers(item, f"{path}.{key}[{i}]")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_number_has_its_provenance(path):
    found = list(tables_with_numbers(tomllib.loads(path.read_text("utf-8"))))
    assert found
    for where, table in found:
        for key in KEYS:
            assert key in table, f"{path.name}{where}: {key}"
        assert table["conditions"], where
        assert table["status"] in STATUSES, where
        if table["status"] != "unverified":
            assert table["source"] or "exact" in table["note"], where
        if table["source"]:
            known = [citations.field(table["source"], f) for f in ("doi", "eprint", "url")]
            note = citations.field(table["source"], "note")
            assert any(known) or "DOI not known" in note, f"{where}: {table['source']}"
        if not table["records"]:
            assert table.get("note"), f"{where}: no record, so it must say why"
            read = table["note"].startswith("read in ")
            assert table["status"] == "unverified" or "exact" in table["note"] or read, where
        if table["status"] == "unverified":
            assert table.get("note"), f"{where}: unverified, so it must say why"
        if "unit" in table and table["unit"] != "1":
            unit_factor(table["unit"])


def test_every_material_loads_under_its_names_and_aliases():
    assert {"Li6PS5Cl", "LPS glass", "Li3PS4", "Li6.25Ga0.25La3Zr2O12", "NMC622", "NMC811",
            "LiCoO2", "VGCF", "Li10GeP2S12", "Al-LLZO", "Li6.4La3Zr1.4Ta0.6O12",
            "Li1.3Al0.3Ti1.7(PO4)3", "Li1.5Al0.5Ge1.5(PO4)3", "Li3InCl6", "Li3YCl6", "LiPON",
            "Na3PS4", "NMC111", "NMC532", "NMC83", "NCA", "lithium-indium", "lithium-indium powder",
            "graphite", "silicon",
            "carbon black", "alumina", "nitrogen",
            "lithium", "aluminium", "copper", "stainless steel", "titanium", "PEEK",
            "Li3ScCl6", "Li7P3S11", "LiFePO4", "Li4Ti5O12",
            "argon", "air", "Li7SiPS8"} == set(library.names())  # fmt: skip
    for name in library.names():
        material = library.load(name)
        for alias in (name, name.upper(), *material.aliases):
            assert library.load(alias) is material
    for alias, name in {"LPSCl": "Li6PS5Cl", "steel": "stainless steel", "Li": "lithium",
                        "Al": "aluminium", "Cu": "copper"}.items():  # fmt: skip
        assert library.load(alias).name == name


def test_units_are_converted():
    room = State(T=298.0, p=0.0, x=1.0)
    lpscl = library.load("LPSCl").properties
    assert lpscl["density"](room) == pytest.approx(1860.0)
    assert lpscl["specific_heat_capacity"](room) == pytest.approx(1020.0)
    assert lpscl["ionic_conductivity"].form.value == pytest.approx(0.4)
    assert lpscl["ionic_conductivity"].form.activation_volume == pytest.approx(1.4e-6)
    assert lpscl["relative_density"].ranges == {"highest_pressure": (15e6, 400e6)}
    assert library.load("LCO").properties["dense_thermal_conductivity"](room) == pytest.approx(5.4)
    # Ai 2020: x = 0.5 -> -0.21 mV/K.
    dUdT = library.load("LCO").properties["entropic_coefficient"](State(T=298.0, x=0.5))
    assert dUdT == pytest.approx(-0.21e-3, abs=0.005e-3)
    U = library.load("NMC811").properties["open_circuit_voltage"]
    assert 3.5 < U(State(T=298.0, x=0.9)) < U(State(T=298.0, x=0.3)) < 4.4


def test_every_quantity_and_form_is_used_with_a_known_unit():
    for quantity in QUANTITIES.values():
        if quantity.unit != "1":
            unit_factor(quantity.unit)
    assert {"value", "polynomial", "table", "two-stage", "heckel", "percolation"} <= set(FORMS)


def test_library_costs_little_more_than_its_toml():
    """35 ms on a machine to itself; side by side, since processors change their speed."""

    def load_all():
        library._read_file.cache_clear()
        library._head.cache_clear()
        library._library_files.cache_clear()
        # Time of this process: other work on the machine does not count.
        start = time.process_time()
        for name in library.names():
            library.load(name)
        return time.process_time() - start

    def parse_all():
        start = time.process_time()
        for file in library.LIBRARY.glob("*.toml"):
            tomllib.loads(file.read_text("utf-8"))
        return time.process_time() - start

    loaded, parsed = (
        min(c) for c in zip(*((load_all(), parse_all()) for _ in range(15)), strict=False)
    )
    assert loaded < 2.5 * parsed


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("LPSCI", '"LPSCl"'), ("stainles steel", '"stainless steel"'), ("NMC621", '"NMC622"'),
     ("aluminum foil", '"aluminum"'), ("xyzzy", "known: ")],
)  # fmt: skip
def test_unknown_materials_name_the_nearest(name, suggestion):
    with pytest.raises(CaseError) as caught:
        library.load(name, where="cell.layers[0].material")
    assert suggestion in str(caught.value)
    assert f'"{name}"' in str(caught.value)
    assert "cell.layers[0].material" in str(caught.value)


OWN = """
name = "mylene"
aliases = ["my polymer"]
kind = "insulator"
[density]
value = 1.1
unit = "g/cm^3"
conditions = "room temperature"
uncertainty = 0.1
range = { T = [280, 350] }
source = ""
status = "unverified"
records = []
[specific_heat_capacity]
value = "1.5 J/(g K)"
conditions = ""
uncertainty = "10 %"
range = "not stated"
source = ""
status = "unverified"
[thermal_conductivity]
form = "table"
variable = "T"
points = ["0 degC", "50 degC", "100 degC"]
values = [0.2, 0.25, 0.3]
conditions = ""
uncertainty = "factor 2"
range = "not stated"
source = ""
status = "unverified"
"""


def test_own_file_beside_the_case(tmp_path):
    (tmp_path / "mylene.toml").write_text(OWN)
    (tmp_path / "case.toml").write_text('joulestack = 1\n[cell]\ngeometry = "line"\n')
    for name in ("mylene", "my polymer", "mylene.toml"):
        material = library.load(name, [tmp_path])
        assert material.name == "mylene"
    assert material.properties["density"](State(T=300.0)) == pytest.approx(1100.0)
    assert material.properties["density"].uncertainty == Uncertainty("absolute", 100.0)
    k = material.properties["thermal_conductivity"]
    assert k(State(T=323.15)) == pytest.approx(0.25)
    assert "mylene" in library.names([tmp_path])
    assert "mylene" not in library.names()
    # A broken neighbour does not hide it, but says what is wrong when it is asked for.
    (tmp_path / "broken.toml").write_text('kind = "insulator"\n[densty]\nvalue = 1\n')
    assert library.load("my polymer", [tmp_path]).name == "mylene"
    with pytest.raises(CaseError, match="density"):
        library.load("broken", [tmp_path])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('unit = "g/cm^3"', 'unit = "g/cm^2"'), "not a unit of the dimension"),
        (('status = "unverified"', 'status = "guess"'), "unknown status"),
        (('status = "unverified"', 'status = "secondary"'), "without a source"),
        (("uncertainty = 0.1", 'uncertainty = "some"'), "is not an uncertainty"),
        (('conditions = "room temperature"\n', ""), "`conditions` is missing"),
        (("T = [280, 350]", "T = [350, 280]"), "runs backwards"),
        (("T = [280, 350]", "temp = [280, 350]"), "unknown variable"),
        (('form = "table"', 'form = "tabel"'), '"table"'),
        (('points = ["0 degC", "50 degC"', 'points = ["60 degC", "50 degC"'), "must increase"),
        (("values = [0.2, 0.25, 0.3]", "values = [0.2, 0.25]"), "as many values as points"),
        (("values = [0.2, 0.25, 0.3]\n", ""), "`values` is missing"),
        (('kind = "insulator"', 'kind = "isolator"'), '"insulator"'),
        (("value = 1.1\n", "valeu = 1.1\n"), '"value"'),
        (('"1.5 J/(g K)"', '"1.5 W/(m K)"'), "J/(kg K)|heat capacity"),
    ],
)
def test_broken_files_say_what_is_wrong(tmp_path, change, message):
    old, new = change
    assert old in OWN
    (tmp_path / "mylene.toml").write_text(OWN.replace(old, new, 1))
    with pytest.raises(CaseError, match=r"mylene\.toml") as caught:
        library.load("mylene", [tmp_path])
    assert any(part in str(caught.value) for part in message.split("|"))


def test_uncertainty_words():
    assert Uncertainty.parse("4 %", "W/(m K)", "W/(m K)").of(2.0) == pytest.approx(0.08)
    assert Uncertainty.parse("factor 2", "1", "1").of(3.0) == pytest.approx(3.0)
    assert Uncertainty.parse(0.1, "mS/cm", "S/m").of(7.0) == pytest.approx(0.01)
    assert Uncertainty.parse(NOT_STATED, "1", "1").of(7.0) is None
    assert Uncertainty.parse("not stated; 1-2", "1", "1").note == "1-2"


def test_bibtex_of_used_sources():
    text, missing = citations.bibliography(citations.entries(), ["Lee2026", "Cronau2021", "none"])
    assert text.count("@article") == 2
    assert missing == ["none"]
    assert "10.1016/j.est.2025.119926" in text
    assert citations.short("Lee2026") == "Lee2026, doi:10.1016/j.est.2025.119926"
