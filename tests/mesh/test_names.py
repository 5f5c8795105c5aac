"""Names of regions and faces in files of others: several of one entity, numbers under any key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest

from joulestack.errors import MeshError
from joulestack.mesh import raw_mesh
from tests.mesh.outside import LAYERS, Box, spec
from tests.mesh.test_files import volumes

NUMBERED = {"1": "separator", "2": "cathode"}
VOLUMES = {"separator": 8.0, "cathode": 8.0}


def by_layer(path: Path, **changes: Any) -> dict[str, float]:
    raw = raw_mesh(spec(path, **changes))
    found = volumes(raw)
    return {r.layer: found[r.name] for r in raw.regions}


def faces_of(box: Box) -> dict[str, str]:
    return {str(i): n for n, (i, dim) in box.names.items() if dim == 2}


def write(path: Path, box: Box, **options: Any) -> Path:
    blocks = [(shape, np.asarray(nodes)) for shape, nodes in box.blocks()]
    meshio.write(path, meshio.Mesh(box.points, blocks, **options))
    return path


GEO = """
SetFactory("Built-in");
Point(1) = {0, 0, 0, 1}; Point(2) = {1, 0, 0, 1}; Point(3) = {1, 1, 0, 1}; Point(4) = {0, 1, 0, 1};
Line(1) = {1, 2}; Line(2) = {2, 3}; Line(3) = {3, 4}; Line(4) = {4, 1};
Curve Loop(1) = {1, 2, 3, 4}; Plane Surface(1) = {1};
low[] = Extrude {0, 0, 2} { Surface{1}; Layers{2}; };
high[] = Extrude {0, 0, 2} { Surface{low[0]}; Layers{2}; };
Physical Volume("separator") = {low[1]}; Physical Volume("cathode") = {high[1]};
Physical Volume("all") = {low[1], high[1]};
Physical Surface("bottom") = {1}; Physical Surface("top") = {high[0]};
Physical Surface("outside") = {1, high[0]};
"""


@pytest.mark.parametrize("all_first", [False, True])
def test_entities_in_two_physical_groups(tmp_path: Path, all_first: bool) -> None:
    import gmsh

    name = "aa" if all_first else "zz"
    (tmp_path / "a.geo").write_text(GEO.replace('"all"', f'"{name}"'))
    gmsh.initialize(readConfigFiles=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.merge(str(tmp_path / "a.geo"))
        gmsh.model.mesh.generate(3)
        gmsh.write(str(tmp_path / "a.msh"))
    finally:
        gmsh.finalize()
    raw = raw_mesh(spec(tmp_path / "a.msh"))
    found = {r.layer: int((raw.cell_region == r.id).sum()) for r in raw.regions}
    assert set(found) == set(LAYERS)
    assert all(found.values())
    assert {"bottom", "top"} <= set(raw.faces)
    both = {name: "separator", "cathode": "cathode", "separator": "cathode"}
    with pytest.raises(MeshError, match="several names"):
        raw_mesh(spec(tmp_path / "a.msh", regions=both))


def test_cells_in_two_sets(tmp_path: Path) -> None:
    box = Box()
    none, cells, facets = (np.arange(k) for k in (0, len(box.cells), len(box.facets)))
    sets = {
        name: [np.flatnonzero((t == i) & (d == dim)) for t, d in ((box.region, 3), (box.face, 2))]
        for name, (i, dim) in box.names.items()
    }
    for first in "AZ":  # before and after the others
        sets |= {f"{first}all": [cells, none], f"{first}skin": [none, facets]}
    path = write(tmp_path / "a.inp", box, cell_sets=sets)
    assert by_layer(path) == pytest.approx(VOLUMES)
    with pytest.raises(MeshError, match="some cells are in both"):
        raw_mesh(spec(path, regions={"Zall": "separator"}))


@pytest.mark.parametrize("key", ["mat_id", "domain number", "region"])
@pytest.mark.parametrize("suffix", [".vtu", ".vtk"])
def test_numbers_under_any_key(tmp_path: Path, key: str, suffix: str) -> None:
    box = Box()
    key = key.replace(" ", "_") if suffix == ".vtk" else key
    tags = [box.region.astype(np.int32), box.face.astype(np.int32)]
    path = write(tmp_path / f"a{suffix}", box, cell_data={key: tags})
    assert by_layer(path, regions=NUMBERED, faces=faces_of(box)) == pytest.approx(VOLUMES)


def test_of_several_arrays_the_case_names_one(tmp_path: Path) -> None:
    box = Box()
    data = {
        "mat_id": [(box.region - 1).astype(float), box.face.astype(float)],  # from 0
        "part": [np.ones(len(box.cells), int), box.face],
        "quality": [np.full(len(box.cells), 0.5), np.full(len(box.facets), 0.5)],
    }
    path = write(tmp_path / "a.vtu", box, cell_data=data)
    regions = {"0": "separator", "1": "cathode"}
    given: dict[str, Any] = {"regions": regions, "faces": faces_of(box)}
    assert by_layer(path, region_array="mat_id", **given) == pytest.approx(VOLUMES)
    with pytest.raises(MeshError, match="the file has no cell data 'matid'") as caught:
        raw_mesh(spec(path, region_array="matid", **given))
    assert "'mat_id', 'part', 'quality'" in str(caught.value)
    with pytest.raises(MeshError, match="no whole numbers"):
        raw_mesh(spec(path, region_array="quality", **given))


def test_property_ids_of_nastran(tmp_path: Path) -> None:
    box = Box()
    box.tetrahedra()
    tags = [box.region.astype(np.int32), box.face.astype(np.int32)]
    path = write(tmp_path / "a.bdf", box, cell_data={"nastran:ref": tags})
    assert "CTETRA" in path.read_text()
    raw = raw_mesh(spec(path, regions=NUMBERED, faces=faces_of(box)))
    x = raw.points[raw.cells]
    volume = np.abs(np.linalg.det(x[:, 1:] - x[:, :1])) / 6
    found = {r.layer: volume[raw.cell_region == r.id].sum() for r in raw.regions}
    assert found == pytest.approx(VOLUMES)
    assert {"bottom", "top"} <= set(raw.faces)


SU2 = """% one tetrahedron, as SU2 writes it
NDIME= 3
NELEM= 1
10 0 1 2 3 0
NPOIN= 4
0.0 0.0 0.0 0
1.0 0.0 0.0 1
0.0 1.0 0.0 2
0.0 0.0 1.0 3
NMARK= 2
MARKER_TAG= bottom
MARKER_ELEMS= 1
5 0 1 2
MARKER_TAG= top
MARKER_ELEMS= 1
5 0 1 3
"""


def test_markers_of_su2(tmp_path: Path) -> None:
    (tmp_path / "a.su2").write_text(SU2)
    raw = raw_mesh(spec(tmp_path / "a.su2", layers=("separator",), regions={"0": "separator"}))
    assert [r.layer for r in raw.regions] == ["separator"]
    assert set(raw.faces) == {"bottom", "top"}
    low = raw.facets[raw.facet_face == raw.faces["bottom"]]
    assert (raw.points[low][..., 2] == 0).all()
