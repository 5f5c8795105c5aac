"""A fixture around a cell from a mesh file: thickness and columns are found in the mesh."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from joulestack.case import Case
from joulestack.constants import FARADAY
from joulestack.discretisation.domain import Domain
from joulestack.discretisation.levels import Levels
from joulestack.errors import CaseError
from joulestack.mesh import LayerSpec, Pouch, TabSpec, build
from joulestack.simulation.case_to_setup import setup_of
from joulestack.simulation.model import Model
from joulestack.simulation.observe import Row
from tests.mpi import run_ranks
from tests.verification.harness import Run

CASE = Path(__file__).parents[3] / "cases" / "imported_mesh.toml"
THICKNESS = {
    "negative collector": 10, "negative electrode": 20, "separator": 40, "cathode": 80,
    "positive collector": 15,
}  # fmt: skip
VOLUMES = ("Cu", "Li", "separator", "cathode", "Al")
SIDES = (2.0, 1.0)  # of the small box [mm]


def case_of(mesh: Path | None, balance: str, **changes: Any) -> Case:
    """The shipped L-shaped pouch with particles between springs; or the same layers in a box."""
    given: dict[str, Any] = {f"cell.layers.{k}.thickness": f"{v} um" for k, v in THICKNESS.items()}
    given["cell.fixture"] = {
        "kind": "spring",
        "springs": [{"stiffness": "40 kN/mm" if mesh is None else "40 N/mm"}],
        "balance": balance,
        "youngs_modulus": {n: "10 GPa" for n in THICKNESS if n != "separator"},
        "thermal_expansion": {"positive collector": "2.3e-5 1/K"},
    }
    given |= {
        "materials.cathode.open_circuit_voltage": None,
        "materials.cathode.diffusivity": "1e-14 m^2/s",
        "materials.cathode.state_of_charge": 0.2,
        "mesh.radial_modes": 3,  # thickness follows the mean alone
    }
    if mesh is not None:
        given |= {
            "mesh.file": str(mesh),
            "mesh.regions": dict(zip(VOLUMES, THICKNESS, strict=True)),
            "cell.terminals": {"negative": "bottom", "positive": "top"},
            "cell.area": f"{SIDES[0] * SIDES[1]} mm^2",
        }
    return Case.load(CASE, given | changes)


def slope(width: float, length: float) -> dict[str, Any]:
    """A pressure that rises from 3 to 7 MPa along x [mm]."""
    text = f"3 MPa + 4 MPa * x / {width} mm"
    return {"expression": text, "over": [["0 mm", f"{width} mm"], ["0 mm", f"{length} mm"]]}


def charged(case: Case, end: float, comm: Any = MPI.COMM_SELF) -> Row:
    """The last record of a charge with the current of the case."""
    setup, (step,) = setup_of(case, comm), case.protocol.steps
    assert setup.drive is not None
    run = Run(replace(setup, drive=replace(setup.drive, current=step.value.value)))
    run.advance(end)
    return run.row


def box(path: Path, extruded: bool) -> Path:
    """The layers over a rectangle, in columns of hexahedra or as free tetrahedra."""
    gmsh = pytest.importorskip("gmsh")
    gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.option.setNumber("Mesh.MeshSizeMax", 0.4 if extruded else 0.12)
        kernel, found, bottom = gmsh.model.occ, [], 0.0
        base = [(2, kernel.addRectangle(0, 0, 0, *SIDES))]
        for size in THICKNESS.values():
            height = 1e-3 * size
            if extruded:
                made = kernel.extrude(base, 0, 0, height, numElements=[2], recombine=True)
                base, volume = [made[0]], made[1]
            else:
                volume = (3, kernel.addBox(0, 0, bottom, *SIDES, height))
            found.append(volume)
            bottom += height
        if not extruded:
            found = kernel.fragment(found[:1], found[1:])[0]
        kernel.synchronize()
        for (_, tag), name in zip(found, VOLUMES, strict=True):
            gmsh.model.addPhysicalGroup(3, [tag], name=name)
        flat = {round(kernel.getCenterOfMass(2, t)[2], 6): t for _, t in gmsh.model.getEntities(2)
                if np.ptp([*gmsh.model.getBoundingBox(2, t)][2::3]) < 1e-4}  # fmt: skip
        gmsh.model.addPhysicalGroup(2, [flat[0.0]], name="bottom")
        gmsh.model.addPhysicalGroup(2, [flat[round(bottom, 6)]], name="top")
        if extruded:
            gmsh.option.setNumber("Mesh.RecombineAll", 1)
            gmsh.model.mesh.setTransfiniteAutomatic()
        gmsh.model.mesh.generate(3)
        gmsh.write(str(path))
    finally:
        gmsh.finalize()
    return path


def plated(density: float, time: float) -> float:
    """Lithium from a current density [A/m2] over a time [um]."""
    return 1e6 * density * time / FARADAY * 1.3e-5


@pytest.mark.slow
def test_columns_of_the_l_shaped_pouch_answer_for_themselves() -> None:
    """Tabs lie beside the face; the map of assembly stands over the L."""
    row = charged(case_of(None, "points", **{"cell.stack_pressure": slope(60, 50)}), 30.0)
    assert row["Stack pressure min [MPa]"] == pytest.approx(3.0, rel=0.05)
    assert row["Stack pressure max [MPa]"] == pytest.approx(7.0, rel=0.05)
    grown = row["negative electrode thickness change [um]"]
    assert grown == pytest.approx(plated(60.0, 30.0), rel=1e-2)
    assert row["cathode thickness change [um]"] < 0
    for layer, size in THICKNESS.items():
        change = row[f"{layer} thickness change [um]"]
        assert row[f"{layer} thickness [um]"] == pytest.approx(size + change)


def pressed(mesh: Path, balance: str, comm: Any = MPI.COMM_SELF) -> Row:
    case = case_of(mesh, balance, **{"cell.stack_pressure": slope(*SIDES)})
    return charged(case, 60.0, comm)


@pytest.mark.slow
@pytest.mark.parametrize("balance", ["mean", "points", "tilting plate"])
def test_balances_on_an_extruded_mesh(tmp_path: Path, balance: str) -> None:
    """The mean is that of the fixture in all of them."""
    mesh = box(tmp_path / "box.msh", extruded=True)
    row, case = pressed(mesh, balance), case_of(mesh, balance)
    assert case.clamping is not None
    assert row["Stack thickness change [um]"] > 0.1
    expected = case.clamping.fixture.pressure(1e-6 * row["Stack thickness change [um]"], 5e6)
    assert 1e6 * row["Stack pressure [MPa]"] == pytest.approx(expected, rel=1e-3)
    if balance == "points":
        for word, start in (("min", 3.0), ("max", 7.0)):
            found = row[f"Stack pressure {word} [MPa]"]
            assert found - start == pytest.approx(1e-6 * expected - 5.0, abs=0.02), word


@pytest.mark.slow
@pytest.mark.mpi
def test_two_ranks_answer_as_one(tmp_path: Path) -> None:
    mesh = box(tmp_path / "box.msh", extruded=True)
    one = pressed(mesh, "points")
    printed = run_ranks(2, Path(__file__), str(mesh)).splitlines()
    line = next(line for line in printed if line.startswith("RESULT"))
    two = json.loads(line.removeprefix("RESULT "))
    for key in ("Stack pressure min [MPa]", "Stack pressure max [MPa]", "Voltage [V]"):
        assert two[key] == pytest.approx(one[key], rel=1e-6), key


def refused(case: Case) -> str:
    with pytest.raises(CaseError) as caught:
        Model(setup_of(case, MPI.COMM_SELF)).finish()
    return str(caught.value)


def test_what_the_case_states_must_be_what_the_mesh_has(tmp_path: Path) -> None:
    mesh = box(tmp_path / "box.msh", extruded=True)
    text = refused(case_of(mesh, "mean", **{"cell.layers.separator.thickness": "43 um"}))
    assert "cell.layers.separator.thickness: is 43 um, but in the mesh 'separator' reaches" in text
    assert "40 um" in text
    text = refused(case_of(mesh, "mean", **{"cell.area": "2.5 mm^2"}))
    assert "is 0.025 cm^2, but the face of the mesh has 0.02 cm^2" in text


def test_free_tetrahedra_have_no_columns(tmp_path: Path) -> None:
    """Told what is needed; one pressure for the whole face needs no columns."""
    mesh = box(tmp_path / "free.msh", extruded=False)
    text = refused(case_of(mesh, "points"))
    assert "cell.fixture.balance" in text
    assert "do not pass from bottom to top" in text
    assert "Extrude with Layers" in text
    row = charged(case_of(mesh, "mean"), 30.0)
    grown = row["negative electrode thickness change [um]"]
    assert grown == pytest.approx(plated(60.0, 30.0), rel=1e-2)


def test_thickness_and_area_belong_to_a_fixture_on_a_mesh() -> None:
    fixture = {"kind": "spring", "springs": [{"stiffness": "40 kN/mm"}]}
    with pytest.raises(CaseError) as caught:
        Case.load(CASE, {"cell.fixture": fixture, "cell.area": None})
    text = str(caught.value)
    assert text.count("a fixture needs it, and the case does not read the mesh") == 5
    assert "the stiffness of the fixture is spread over it" in text
    with pytest.raises(CaseError, match="the mesh file has it"):
        Case.load(CASE, {"cell.layers.separator.thickness": "40 um"})


def test_a_tab_lies_beside_its_layer_and_repeats_lie_on_top() -> None:
    layers = (LayerSpec("Cu", 1e-5, 1), LayerSpec("SE", 1e-4, 1), LayerSpec("Al", 2e-5, 1))
    tabs = (TabSpec("back", "Cu", 4e-3, 2e-3, 1e-3), TabSpec("back", "Al", 4e-3, 2e-3, 9e-3))
    for cells, collectors in ((1, 1), (3, 2)):  # neighbours share them
        spec = Pouch(layers, 20e-3, 10e-3, tabs, cells, in_plane_size=5e-3)
        levels = Levels(Domain(build(spec, MPI.COMM_SELF)))
        assert [levels.repeats(n.name) for n in layers] == [collectors, cells, collectors]
        ends = np.array(list(levels.ends.values()))
        assert np.ptp(ends) == pytest.approx(cells * 1e-4 + collectors * 3e-5, rel=1e-9)


if __name__ == "__main__":
    found = pressed(Path(sys.argv[1]), "points", MPI.COMM_WORLD)
    if MPI.COMM_WORLD.rank == 0:
        print("RESULT", json.dumps(found), flush=True)
