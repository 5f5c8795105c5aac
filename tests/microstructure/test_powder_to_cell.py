"""One case file from powder and pressure to layers of a cell."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path

import pytest

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.estimates import evaluate
from joulestack.laws.state import State
from joulestack.microstructure import supply

ROOM = State(T=298.15, p=5e6)
SE, CAM = "Li6PS5Cl", "NMC811"

POWDER = {
    "packing": {
        "width": "36 um", "particles": 60, "plates": False, "cohesion": 0.03, "filled": 0.5,
        "species": [{"name": SE, "diameter": "9 um"}],
    },
    "compaction": {"relative_density": [0.7, 0.85], "step": 0.1},
    "image": {"voxel_size": "1 um"},
}  # fmt: skip
MIXTURE = {
    "packing": {
        "width": "18 um", "thickness": "24 um", "filled": 0.5,
        "species": [
            {"name": CAM, "share": 0.55, "diameter": "6 um", "stiffness": 10, "rigid": True},
            {"name": "electrolyte", "share": 0.45, "diameter": "4 um"},
        ],
    },
    "image": {"voxel_size": "0.6 um"},
}  # fmt: skip


def table(separator=POWDER, cathode=MIXTURE, **composite):
    made = {"material": SE, "moulding_pressure": "370 MPa"}
    electrode = {
        "active": CAM, "electrolyte": "separator", "porosity": 0.15, "particle_radius": "3 um",
        "mass_fractions": {"active": 0.75, "electrolyte": 0.25}, "state_of_charge": 0.9,
        "kinetics": {"charge_transfer_resistance": "15 ohm cm^2"},
    } | composite  # fmt: skip
    if separator is not None:
        made["effective"] = {"microstructure": copy.deepcopy(separator)}
    if cathode is not None:
        electrode["effective"] = {"microstructure": copy.deepcopy(cathode)}
    layers = (("anode", "lithium"), ("separator", "separator"), ("cathode", "cathode"),
              ("collector", "aluminium"))  # fmt: skip
    return {
        "joulestack": 1,
        "cell": {
            "geometry": "line", "area": "1 cm^2", "stack_pressure": "5 MPa",
            "layers": [{"name": n, "material": m, "thickness": "50 um"} for n, m in layers],
        },
        "materials": {"separator": made, "cathode": electrode},
        "load": {"protocol": ["Discharge at C/2 for 1 minute"]},
        "thermal": {"faces": {"bottom": {"kind": "fixed temperature", "temperature": "25 degC"}}},
    }  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_powder_becomes_layers(here):
    cold = Case.from_dict(table(), here)
    said = [w for w in evaluate(cold).warnings if "not computed yet" in w]
    assert [w.partition(":")[0] for w in said] == ["materials.separator", "materials.cathode"]
    begin = time.perf_counter()
    Case.from_dict(table(), here)
    assert time.perf_counter() - begin < 1
    stand_in = cold.media()["cathode"]

    case = supply.supplied(cold)
    assert all(r.ready for r in case.microstructures)
    assert not [w for w in evaluate(case).warnings if "not computed yet" in w]
    separator, cathode = (case.media()[n] for n in ("separator", "cathode"))
    rows = {r["relative_density"]: r["relative"] for r in _table(case, 0)["rows"]}
    phi = float(separator.relative_density(ROOM))
    assert min(rows) < phi < max(rows)
    law = separator.thermal_scaling(ROOM, phi=phi)
    assert min(rows.values()) < law < max(rows.values())
    assert separator.thermal_conductivity(ROOM) == pytest.approx(
        separator.dense_conductivity(ROOM) * law
    )

    written = _table(case, 1)
    found = {r["property"]: r["relative"] for r in written["rows"]}
    assert [r["relative_density"] for r in written["rows"]] == pytest.approx([0.85] * 3)
    solids = cathode.phases["active"]
    assert cathode.thermal_conductivity(ROOM) == pytest.approx(
        found["thermal_conductivity"] * solids.thermal_conductivity(ROOM, cathode.at(ROOM))
    )
    assert cathode.electronic_conductivity(ROOM) == pytest.approx(
        found["electronic_conductivity"]
        * solids.electronic(ROOM, x=cathode.mixture.stoichiometry["active"])
    )
    assert cathode.ionic_conductivity(ROOM) == pytest.approx(
        found["ionic_conductivity"] * cathode.electrolyte.ionic_at(ROOM, 1.0)
    )
    assert cathode.electrolyte.ionic.form.unpressed == 1
    (reached,) = written["reached"]
    (particles,), (before,) = cathode.particles, stand_in.particles
    assert before.contact_fraction == 1
    assert particles.contact_fraction == pytest.approx(reached["contact"])
    # The stand-in asks a law what hangs together; the microstructure knows.
    whole = before.fraction / stand_in.losses.connected
    assert particles.fraction == pytest.approx(reached["utilisation"] * whole)
    assert 0.1 < reached["contact"] < 0.9
    assert any("takes part" in r for r in cathode.remarks)
    notes = [line[3] for medium in (separator, cathode) for line in medium.sources()]
    assert sum("computed on the microstructure" in n for n in notes) == 5
    assert supply.supplied(case) is case
    told = supply.told(case)
    assert [t["hash"] for t in told] == [_table(case, k)["hash"] for k in (0, 1)]

    # Another temperature scales by the best conductor, another pressure by the densification law.
    warm = State(T=330.0, p=5e6)
    ratio = cathode.ionic_conductivity(warm) / cathode.ionic_conductivity(ROOM)
    assert ratio == pytest.approx(
        cathode.electrolyte.ionic_at(warm, 1.0) / cathode.electrolyte.ionic_at(ROOM, 1.0)
    )
    softer = case.replace({"materials.separator.moulding_pressure": "200 MPa"})
    assert softer.microstructures[0].ready  # the same series
    k = softer.media()["separator"].thermal_conductivity(ROOM)
    assert k < separator.thermal_conductivity(ROOM)


def _table(case, number):
    return json.loads(case.microstructures[number].path.read_text())


def test_a_file_of_its_own_does_the_same(here):
    from tomli_w import dumps as to_toml

    (here / "powder.toml").write_text(to_toml({"joulestack": 1, "title": "powder", **POWDER}))
    named = Case.from_dict(table("powder.toml", None), here)
    embedded = Case.from_dict(table(POWDER, None), here)
    assert named.microstructures[0].path == embedded.microstructures[0].path
    harder = copy.deepcopy(POWDER)
    harder["image"]["voxel_size"] = "1.5 um"
    other = Case.from_dict(table(harder, None), here)
    assert other.microstructures[0].path != embedded.microstructures[0].path


def changed(path, value, tables=MIXTURE):
    tables = copy.deepcopy(tables)
    node = tables
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return tables


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (table("powdr.toml"), "there is no file"),
        (table("powder.json"), "there is no powder.json"),
        (table(cathode=changed(("packing", "species", 1, "name"), "glass")), '"glass" is none of'),
        (table(cathode=changed(("packing", "species", 0, "share"), 0.555)), "shares add up"),
        (
            table(cathode=changed(("packing", "species"), [
                {"name": CAM, "share": 0.8, "diameter": "6 um"},
                {"name": SE, "share": 0.2, "diameter": "4 um"},
            ])),
            "the electrode 0.5",
        ),
        (table(contact_fraction=0.5), "the microstructure says what electrolyte touches"),
        (table(overrides={"ionic_conductivity": "1 mS/cm"}), "no effect beside effective"),
        (table(laws={"thermal_conductivity": "maxwell"}), "no effect beside effective"),
        (table(changed(("image", "voxel_size"), "1 K", POWDER)), "voxel_size"),
        (table(changed(("compaction", "pressure"), ["1 MPa"], POWDER)), "1 beside 2 densities"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_message(here, given, said):
    with pytest.raises(CaseError, match=said) as error:
        Case.from_dict(given, here)
    assert len(error.value.problems) <= 2
    assert all("materials." in p.where for p in error.value.problems)


def test_nothing_is_solved_with_stand_ins(here):
    mpi = pytest.importorskip("mpi4py.MPI")
    bridge = pytest.importorskip("joulestack.simulation.case_to_setup")
    with pytest.raises(CaseError, match="not computed yet"):
        bridge.setup_of(Case.from_dict(table(), here), mpi.COMM_SELF)


SHIPPED = Path(__file__).parents[2] / "cases" / "papers" / "powder_to_temperature.toml"


def test_the_shipped_case_goes_from_powder_to_a_temperature_map(here):
    pytest.importorskip("dolfinx")
    from joulestack.simulation import run

    case = Case.load(SHIPPED)
    supply.supplied(Case.from_dict(table(), here))  # compiles kernels of both kinds
    begin = time.process_time()
    result = run.run(case, here / "out", progress=False)
    assert time.process_time() - begin < 40
    summary = result.summary
    assert abs(summary["energy_balance_relative"]) < 1e-2
    assert 0.02 < summary["temperature_rise_max_K"] < 0.2
    for source, joules in summary["heat_J"].items():
        places = summary["heat_by_layer_J"].values()
        assert sum(p.get(source, 0.0) for p in places) == pytest.approx(joules, rel=1e-9), source
    manifest = json.loads((here / "out" / "manifest.json").read_text())
    told = manifest["microstructures"]
    assert [t["where"] for t in told] == ["materials.separator", "materials.cathode"]
    log = next((here / "out").glob("*.log")).read_text()
    assert "its microstructure is computed, once" in log
    for entry in told:
        assert entry["hash"] in log
        assert (here / entry["table"]).is_file()
    rows = [r for r in _table(Case.load(SHIPPED), 1)["rows"] if r["pressure"] == 370e6]
    assert 0.78 < rows[0]["relative_density"] < 0.88  # the electrode's own is 0.85, given
    found = {r["property"]: r["relative"] for r in rows}
    assert found["ionic_conductivity"] == pytest.approx(0.083, rel=0.15)
    assert found["electronic_conductivity"] == pytest.approx(0.044, rel=0.2)
    assert found["thermal_conductivity"] == pytest.approx(0.432, rel=0.05)
    assert (here / "out" / "temperature.png").is_file()
    assert (here / "out" / "fields.pvd").is_file()
