"""`pressing = "contacts"` in a case: densities from pressures, and what it cannot do is told."""

from __future__ import annotations

import copy
import json

import pytest
from tomli_w import dumps as to_toml

from joulestack.case.microstructures.microstructure import MicrostructureCase
from joulestack.case.microstructures.microstructure_key import key_of
from joulestack.errors import CaseError
from joulestack.microstructure import run
from joulestack.microstructure.powder import pressed
from joulestack.microstructure.series import series

SMALL = {
    "joulestack": 1,
    "packing": {
        "width": "58 um", "particles": 150, "plates": False, "filled": 0.4, "friction": 0.3,
        "seed": 2, "species": [{"name": "Li6PS5Cl", "diameter": "12 um"}],
    },
    "compaction": {"pressing": "contacts", "pressure": ["20 MPa", "150 MPa"]},
    "image": {"voxel_size": "2 um"},
    "transport": [{"property": "ionic_conductivity", "conductivity": {"Li6PS5Cl": "4 mS/cm"}}],
}  # fmt: skip


def changed(path, value, tables=SMALL):
    tables = copy.deepcopy(tables)
    node = tables
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return tables


def load(folder, table=SMALL):
    (folder / "small.toml").write_text(to_toml(table))
    return MicrostructureCase.load(folder / "small.toml")


def test_pressures_make_densities_and_conductivities(tmp_path):
    cache = tmp_path / "cache"
    case = load(tmp_path)
    rows = run.conductivity(case, tmp_path / "out", cache=cache)
    low, high = rows
    assert [r.pressure for r in rows] == [2e7, 1.5e8]
    assert 0.55 < low.relative_density < high.relative_density < 0.8
    assert 0 < low.relative < 0.3 < high.relative < high.relative_density
    assert low.contact_factor < high.contact_factor < 1  # necks below the size of voxels
    assert high.value == pytest.approx(0.4 * high.relative)
    run.analyse(case, tmp_path / "out", cache=cache)
    counted = json.loads((tmp_path / "out" / "statistics.json").read_text())["images"]
    loose, dense = (c["packing"] for c in counted)
    assert loose["stress_of_contacts_Pa"][2] == pytest.approx(2e7, rel=0.03)
    assert dense["relative_density_released"] < high.relative_density
    assert loose["broken_particles"]["Li6PS5Cl"] <= dense["broken_particles"]["Li6PS5Cl"]

    # Released, the same packing conducts worse.
    open_ = load(tmp_path, changed(["compaction", "released"], "2 MPa"))
    said = []
    found = series(open_, cache, said.append).rows
    assert not any("pressed to" in line for line in said)  # from the cache
    assert [r.relative_density for r in found] == [r.relative_density for r in rows]
    for loaded, left in zip(rows, found, strict=True):
        assert 0 < left.relative < 0.9 * loaded.relative
    harder = load(tmp_path, changed(["packing", "species", 0, "hardness"], "2 GPa"))
    assert key_of(harder.file, tmp_path) != key_of(case.file, tmp_path)
    density = [s.packing.relative_density for s in pressed(harder, cache)]
    assert density[1] < high.relative_density - 0.01


PACKING, COMPACTION = ("packing",), ("compaction",)
SPECIES = ("packing", "species", 0)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ([*COMPACTION, "relative_density"], [0.7, 0.8], "2 ways to say how far"),
        ([*COMPACTION, "material"], "Li6PS5Cl", "2 ways to say how far"),
        ([*COMPACTION, "released"], "30 MPa", "more than the powder was pressed with"),
        ([*COMPACTION, "overlap"], "keep", "share the matter"),
        ([*COMPACTION], {"pressing": "contacts"}, "is missing"),
        ([*COMPACTION], {"relative_density": [0.7], "released": "1 MPa"}, "has no effect"),
        ([*COMPACTION, "pressing"], "springs", "contacts"),
        ([*PACKING, "cohesion"], 0.1, "friction, which holds loose powder"),
        ([*PACKING, "friction"], -0.1, "friction"),
        ([*SPECIES, "stiffness"], 10, "ratio of the hardnesses"),
        ([*SPECIES, "material"], "Li6PS5Clx", "unknown material"),
        ([*SPECIES, "hardness"], "-1 GPa", "hardness"),
        ([*SPECIES, "name"], "powder", "nobody knows the youngs modulus"),
        (["transport", 0, "conductivity"], {"pore": 1.0}, "knows|is not in the network"),
    ],
)
def test_what_cannot_be_is_told(tmp_path, path, value, said):
    with pytest.raises(CaseError, match=said):
        load(tmp_path, changed(path, value))


def test_mechanics_have_no_effect_on_assigned_densities(tmp_path):
    table = changed(["compaction"], {"relative_density": [0.7]})
    load(tmp_path, table)
    with pytest.raises(CaseError, match="has no effect on densities that are assigned"):
        load(tmp_path, changed([*SPECIES, "hardness"], "1 GPa", table))


def test_species_that_are_no_library_names_state_their_mechanics(tmp_path):
    own = {"name": "powder", "diameter": "12 um", "youngs_modulus": "20 GPa",
           "poisson_ratio": 0.3, "hardness": "1 GPa"}  # fmt: skip
    table = changed(["packing", "species"], [own])
    table["transport"][0]["conductivity"] = {"powder": "1 mS/cm"}
    load(tmp_path, table)
    as_library = {"name": "powder", "diameter": "12 um", "material": "LPS glass"}
    table["packing"]["species"] = [as_library]
    load(tmp_path, table)
