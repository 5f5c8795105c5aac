"""Meshes from outside: same names and measures by every route; one message per thing broken."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from math import isclose, pi
from pathlib import Path

import meshio
import numpy as np
import pytest
from dolfinx.mesh import compute_midpoints
from mpi4py import MPI

from joulestack.case import Case
from joulestack.errors import EnvironmentMissing, MeshError
from joulestack.mesh import MeshFile, RawMesh, build, estimate, raw_mesh
from joulestack.mesh.quality import report
from joulestack.simulation.case_to_setup import setup_of
from tests.case.samples import line
from tests.mesh.measures import measures, sizes
from tests.mesh.outside import LAYERS, Box, spec
from tests.mpi import ROOT, run_ranks
from tests.verification.harness import Run

L_POUCH = MeshFile(
    ROOT / "meshes" / "l_pouch.msh",
    ("Cu", "Li", "separator", "cathode", "Al"),
    {"Cu tab": "Cu", "Al tab": "Al"},
    required_faces=("bottom", "top", "side", "tab_negative", "tab_positive"),
    scale=1e-3,
)


def test_l_pouch() -> None:
    tagged = build(L_POUCH, MPI.COMM_SELF)
    found = measures(tagged)
    # L of 60 x 50 mm less 25 x 25 mm, plus the corner of an 8 mm fillet (cut by chords).
    area = (60 * 50 - 25 * 25 + (1 - pi / 4) * 64) * 1e-6
    for name, thickness in zip(L_POUCH.layers, (10e-6, 20e-6, 40e-6, 80e-6, 15e-6), strict=True):
        assert isclose(found[f"region {name}"], area * thickness, rel_tol=1e-3)
    assert isclose(found["region Cu tab"], 8e-3 * 12e-3 * 10e-6, rel_tol=1e-9)
    assert isclose(found["region Al tab"], 8e-3 * 12e-3 * 15e-6, rel_tol=1e-9)
    assert isclose(found["face tab_negative"], 12e-3 * 10e-6, rel_tol=1e-9)
    assert isclose(found["face tab_positive"], 12e-3 * 15e-6, rel_tol=1e-9)
    assert isclose(found["face bottom"], found["face top"], rel_tol=1e-9)
    named = sum(v for k, v in found.items() if k.startswith("face "))
    assert isclose(named, found["all faces"], rel_tol=1e-12)
    assert [(r.name, r.layer) for r in tagged.regions] == [
        ("Cu", "Cu"), ("Cu tab", "Cu"), ("Li", "Li"), ("separator", "separator"),
        ("cathode", "cathode"), ("Al", "Al"), ("Al tab", "Al"),
    ]  # fmt: skip
    assert tagged.stacking_axis == 2
    assert estimate(L_POUCH).cells == sizes(tagged)["cells"]


def test_geo_file_is_meshed_like_the_committed_mesh(tmp_path: Path) -> None:
    geo = tmp_path / "l.geo"
    geo.write_text((ROOT / "meshes" / "l_pouch.geo").read_text(encoding="utf-8"), encoding="utf-8")
    direct = MeshFile(geo, L_POUCH.layers, L_POUCH.regions, scale=1e-3, allow_scripts=True)
    areas = volumes(raw_mesh(direct))
    for name, value in volumes(raw_mesh(L_POUCH)).items():
        assert isclose(areas[name], value, rel_tol=1e-3)


def volumes(raw: RawMesh) -> dict[str, float]:
    """Volume of each region of a mesh of upright prisms or boxes."""
    x = raw.points[raw.cells]
    edges = x[:, [1, 2, 4]] - x[:, :1]
    other = x[:, [1, 2, 7]] - x[:, 3:4]
    volume = 0.5 * (np.abs(np.linalg.det(edges)) + np.abs(np.linalg.det(other)))
    return {r.name: float(volume[raw.cell_region == r.id].sum()) for r in raw.regions}


def test_gmsh_and_meshio_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gmsh = raw_mesh(L_POUCH)
    monkeypatch.setitem(sys.modules, "gmsh", None)
    without = raw_mesh(L_POUCH)
    assert with_gmsh.regions == without.regions
    assert with_gmsh.faces.keys() == without.faces.keys()
    assert len(with_gmsh.cells) == len(without.cells)
    a, b = volumes(with_gmsh), volumes(without)
    assert all(isclose(a[n], b[n], rel_tol=1e-9) for n in a)
    for name in with_gmsh.faces:
        counts = [int((r.facet_face == r.faces[name]).sum()) for r in (with_gmsh, without)]
        assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("tets", [False, True])
@pytest.mark.parametrize("suffix", [".msh", ".inp", ".vtu", ".vtk"])
def test_formats(tmp_path: Path, suffix: str, tets: bool) -> None:
    box = Box()
    if tets:
        box.tetrahedra()
    path = box.write(tmp_path / f"box{suffix}")
    given = spec(path)
    if suffix not in (".msh", ".inp"):  # numbers only
        faces = {str(i): n for n, (i, dim) in box.names.items() if dim == 2}
        given = spec(path, regions={"1": "separator", "2": "cathode"}, faces=faces)
    tagged = build(given, MPI.COMM_SELF)
    found = measures(tagged)
    assert [r.layer for r in tagged.regions] == list(LAYERS)
    for key, value in {"bottom": 4.0, "top": 4.0, "left": 8.0, "right": 8.0, "front": 8.0}.items():
        assert isclose(found[f"face {key}"], value, rel_tol=1e-12)
    assert isclose(found["all cells"], 16.0, rel_tol=1e-12)
    lower = tagged.cell_tags.find(tagged.regions[0].id)
    middles = compute_midpoints(tagged.mesh, 3, lower)
    assert middles[:, 2].max() < 2.0


def test_axisymmetric_file_in_two_dimensions(tmp_path: Path) -> None:
    points = [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]]
    # The second triangle pair runs clockwise, as gmsh's surfaces sometimes do.
    triangles = [[0, 1, 4], [0, 4, 3], [1, 4, 2], [2, 4, 5]]
    data = {"gmsh:physical": [np.array([1, 1, 2, 2], np.int32), np.array([7, 7], np.int32)]}
    data["gmsh:geometrical"] = data["gmsh:physical"]
    names = {"pellet": np.array([1, 2]), "die": np.array([2, 2]), "bottom": np.array([7, 1])}
    mesh = meshio.Mesh(
        np.pad(np.array(points, float), ((0, 0), (0, 1))),
        [("triangle", triangles), ("line", [[0, 1], [1, 2]])],
        cell_data=data,
        field_data=names,
    )
    path = tmp_path / "pellet.msh"
    meshio.write(path, mesh, file_format="gmsh22", binary=False)
    tagged = build(
        MeshFile(path, ("pellet", "die"), coordinates="axisymmetric", dies=("die",)),
        MPI.COMM_SELF,
    )
    found = measures(tagged)
    assert tagged.mesh.geometry.dim == 2
    assert tagged.stacking_axis == 1
    assert [r.kind for r in tagged.regions] == ["layer", "die"]
    assert isclose(found["region die"], 1.0)
    assert isclose(found["face bottom"], 2.0)


def test_coordinates_that_do_not_fit_the_file(tmp_path: Path) -> None:
    box = Box()
    path = box.write(tmp_path / "box.msh")
    with pytest.raises(MeshError) as told:
        raw_mesh(spec(path, coordinates="axisymmetric"))
    assert "coordinates: are axisymmetric, (r, z), and the mesh has 3 of them" in str(told.value)
    with pytest.raises(MeshError, match="there are none called 'axissymmetric'"):
        raw_mesh(spec(path, coordinates="axissymmetric"))
    whole = meshio.Mesh(
        np.array([[-1.0, 0, 0], [1, 0, 0], [-1, 1, 0], [1, 1, 0]]),
        [("quad", [[0, 1, 3, 2]]), ("line", [[0, 1]])],
        cell_data={"region": [np.array([1], np.int32), np.array([7], np.int32)]},
    )
    meshio.write(tmp_path / "whole.vtu", whole)
    given = MeshFile(tmp_path / "whole.vtu", ("a",), {"1": "a"}, coordinates="axisymmetric")
    with pytest.raises(MeshError, match="r goes down to -1 m"):
        raw_mesh(given)


def test_a_line_in_a_file_stands_for_its_area(tmp_path: Path) -> None:
    """Two layers on a line: heat and area are those of the case, as for `geometry = "line"`."""
    points = np.pad(np.linspace(0.0, 2e-3, 5)[:, None], ((0, 0), (0, 2)))
    tags = [np.array([1, 1, 2, 2], np.int32), np.array([7], np.int32), np.array([8], np.int32)]
    cells = [("line", [[0, 1], [1, 2], [2, 3], [3, 4]]), ("vertex", [[0]]), ("vertex", [[4]])]
    meshio.write(tmp_path / "line.vtu", meshio.Mesh(points, cells, cell_data={"region": tags}))
    table = line()
    table["cell"]["geometry"] = "mesh"
    for layer in table["cell"]["layers"]:
        del layer["thickness"]
    table["mesh"] = {
        "file": "line.vtu",
        "coordinates": "line",
        "regions": {"1": "hot", "2": "cold"},
        "faces": {"7": "bottom", "8": "top"},
    }
    found = setup_of(Case.from_dict(table, tmp_path), MPI.COMM_SELF)
    assert found.tagged.mesh.geometry.dim == 1
    row = Run(found).steady()
    assert isclose(row["Heat given [W]"], 1e6 * 1e-3 * 1e-4, rel_tol=1e-12)


def unnamed(b: Box) -> None:
    del b.names["cathode"]
    b.region[b.region == 2] = 0


def misspelt(b: Box) -> None:
    b.names["cathod"] = b.names.pop("cathode")


def no_top(b: Box) -> None:
    b.facets, b.face = b.facets[b.face != b.names["top"][0]], b.face[b.face != b.names["top"][0]]
    del b.names["top"]


def inner_face(b: Box) -> None:
    """The interface between the layers is called top as well."""
    top = b.facets[b.face == b.names["top"][0]]
    below = [[b.vertex(*b.points[v][:2], 2.0) for v in facet] for facet in top]
    b.facets = np.concatenate([b.facets, below])
    b.face = np.append(b.face, np.full(len(below), b.names["top"][0]))


def tangled(b: Box) -> None:
    b.points[b.vertex(1, 1, 2)] = [1.0, 1.0, 3.4]


def inside_out(b: Box) -> None:
    b.tetrahedra()
    b.points[b.vertex(1, 1, 2)] = [1.0, 1.0, 3.4]


def flat(b: Box) -> None:
    b.tetrahedra()
    b.points[b.vertex(1, 1, 2)] = [1.0, 1.0, 3.0]


def apart(b: Box) -> None:
    """The layers touch without sharing vertices."""
    upper = b.region == 2
    interface = np.flatnonzero(np.isclose(b.points[:, 2], 2.0))
    copies = np.arange(len(b.points), len(b.points) + len(interface))
    swap = np.arange(len(b.points))
    swap[interface] = copies
    b.cells[upper] = swap[b.cells[upper]]
    top_half = (b.points[b.facets][..., 2] > 2.5).any(axis=1)
    b.facets[top_half] = swap[b.facets[top_half]]
    b.points = np.concatenate([b.points, b.points[interface]])


def twice(b: Box) -> None:
    b.cells, b.region = np.concatenate([b.cells, b.cells[:1]]), np.append(b.region, b.region[0])


def nothing(b: Box) -> None:
    pass


BROKEN: list[tuple[Callable[[Box], None], dict[str, object], tuple[str, ...]]] = [
    (unnamed, {}, ("8 cells have no name, from (0, 0, 2) m to (2, 2, 4) m", "layer 'cathode'")),
    (misspelt, {}, ("volume 'cathod' belongs to no layer of the case (nearest: 'cathode')",
                    "map it to one of 'cathode', 'separator' in mesh.regions",
                    "layer 'cathode': the mesh has no region for it (nearest: 'cathod')")),
    (nothing, {"layers": (*LAYERS, "Al")}, ("layer 'Al': the mesh has no region for it",)),
    (nothing, {"regions": {"seperator": "separator"}},
     ("mesh.regions.seperator: the file has no volume 'seperator' (nearest: 'separator')",)),
    (nothing, {"regions": {"cathode": "anode"}},
     ("volume 'cathode', which mesh.regions takes for 'anode', belongs to no layer",)),
    (no_top, {}, ("face 'top': the mesh has no face of this name",)),
    (nothing, {"required_faces": ("tab_negative",)}, ("face 'tab_negative'", "'left'")),
    (nothing, {"faces": {"botom": "cold"}}, ("mesh.faces.botom", "(nearest: 'bottom')")),
    (inner_face, {}, ("face 'top': 4 of its 8 facets do not lie on the outside",)),
    (tangled, {}, ("4 inverted (inside out at a corner): 'cathode' near",)),
    (inside_out, {}, ("inverted or folded over a neighbour", "'cathode' near (")),
    (flat, {}, ("degenerate (no volume at a corner)", "'cathode' near (")),
    (apart, {}, ("2 parts share no facet with each other: 8 cells of", "Coherence")),
    (twice, {}, ("facets belong to more than two cells", "remove duplicate cells")),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "changes", "messages"), BROKEN)
def test_broken_mesh_is_told(
    tmp_path: Path, damage: Callable[[Box], None], changes: dict, messages: tuple[str, ...]
) -> None:
    box = Box()
    damage(box)
    path = box.write(tmp_path / "broken.msh")
    with pytest.raises(MeshError) as caught:
        raw_mesh(spec(path, **changes))
    text = str(caught.value)
    assert text.startswith(str(path))
    for message in messages:
        assert message in text
    assert all(p.remedy for p in caught.value.problems)


def test_all_problems_of_a_file_at_once(tmp_path: Path) -> None:
    box = Box()
    for damage in (misspelt, no_top, tangled):
        damage(box)
    with pytest.raises(MeshError) as caught:
        raw_mesh(spec(box.write(tmp_path / "b.msh"), faces={"x": "y"}))
    assert len(caught.value.problems) == 5


def test_cells_that_dolfinx_cannot_take(tmp_path: Path) -> None:
    box = Box()
    wedge = [[0, 1, 2, 3, 4, 5]]
    path = box.write(tmp_path / "mixed.vtu", [("wedge", wedge, [1])])
    with pytest.raises(MeshError, match="cells of shape wedge"):
        raw_mesh(spec(path))
    path = box.write(tmp_path / "mixed2.vtu", [("tetra", [[0, 1, 2, 3]], [1])])
    with pytest.raises(MeshError, match="several shapes are mixed: hexahedron, tetrahedron"):
        raw_mesh(spec(path))


def test_unreadable_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MeshError, match="no such file"):
        raw_mesh(spec(tmp_path / "absent.msh"))
    whole = Box().write(tmp_path / "whole.msh").read_text(encoding="utf-8")
    (tmp_path / "cut.msh").write_text(whole[: len(whole) // 2], encoding="utf-8")
    (tmp_path / "noise.msh").write_text("not a mesh", encoding="utf-8")
    (tmp_path / "noise.vtu").write_text("not a mesh", encoding="utf-8")
    (tmp_path / "noise.abc").write_text("not a mesh", encoding="utf-8")
    (tmp_path / "noise.geo").write_text("Point(1) = ;", encoding="utf-8")
    (tmp_path / "empty.geo").write_text("Point(1) = {0, 0, 0};", encoding="utf-8")
    for name in ("cut.msh", "noise.msh", "noise.vtu", "noise.abc", "noise.geo", "empty.geo"):
        with pytest.raises(MeshError) as caught:
            raw_mesh(spec(tmp_path / name, allow_scripts=True))
        assert name in str(caught.value)
        assert caught.value.problems[0].remedy
    assert "Traceback" not in capfd.readouterr().err


def test_one_cell_in_two_sets(tmp_path: Path) -> None:
    box = Box()
    sets = {"separator": [np.arange(9)], "cathode": [np.arange(8, 16)]}
    box_cells = [box.blocks()[0]]
    path = tmp_path / "sets.inp"
    meshio.write(path, meshio.Mesh(box.points, box_cells, cell_sets=sets))
    with pytest.raises(MeshError, match="some cells are in both"):
        raw_mesh(spec(path, required_faces=()))


def test_missing_readers_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box().write(tmp_path / "box.vtu")
    (tmp_path / "a.geo").write_text("Point(1) = {0, 0, 0};", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "gmsh", None)
    with pytest.raises(EnvironmentMissing, match="python3-gmsh"):
        raw_mesh(spec(tmp_path / "a.geo", allow_scripts=True))
    monkeypatch.setitem(sys.modules, "meshio", None)
    with pytest.raises(EnvironmentMissing, match="python3-meshio"):
        raw_mesh(spec(box))


def test_report() -> None:
    found = report(raw_mesh(L_POUCH))
    assert found.cells == 2884
    assert 100 < found.median_aspect_ratio < found.largest_aspect_ratio < 2000
    assert 0 < found.smallest_corner <= 1


SCRIPT = """
import json, sys
from mpi4py import MPI
from joulestack.errors import MeshError
from joulestack.mesh import build
from tests.mesh.measures import measures, sizes
from tests.mesh.test_files import L_POUCH, spec
tagged = build(L_POUCH, MPI.COMM_WORLD)
found = measures(tagged) | sizes(tagged)
try:
    build(spec(__import__("pathlib").Path(sys.argv[1])), MPI.COMM_WORLD)
    told = ""
except MeshError as error:
    told = str(error)
everywhere = MPI.COMM_WORLD.gather(told)
if MPI.COMM_WORLD.rank == 0:
    print(json.dumps([found, everywhere]))
"""


@pytest.mark.mpi
def test_two_ranks_read_the_same_and_fail_together(tmp_path: Path) -> None:
    box = Box()
    apart(box)
    path = box.write(tmp_path / "apart.msh")
    parallel, told = json.loads(run_ranks(2, SCRIPT, str(path)))
    tagged = build(L_POUCH, MPI.COMM_SELF)
    for key, value in (measures(tagged) | sizes(tagged)).items():
        assert isclose(parallel[key], value, rel_tol=1e-11), key
    assert len(told) == 2
    assert told[0] == told[1]
    assert "2 parts share no facet" in told[0]
