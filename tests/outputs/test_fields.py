from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from joulestack.declarations import RISE
from joulestack.outputs.fields import FieldWriter
from joulestack.outputs.grid import PRESSURE
from joulestack.outputs.reading import FieldFile
from tests.mpi import run_ranks
from tests.outputs.stand_in import GRADIENT, START, fill, stand_in

TEMPERATURE = "Temperature [K]"
KINDS = ("line", "pellet", "pouch")
WRITE = """
import sys
from joulestack.outputs.fields import FieldWriter
from pathlib import Path
from tests.outputs.stand_in import fill, stand_in
model = stand_in(sys.argv[1])
writer = FieldWriter(model, Path(sys.argv[2]))
for step in range(2):
    fill(model, 1.0 + step)
    writer.write(10.0 * step, {"Heat source [W/m3]": [float(step)] * model.domain.owned_cells})
writer.close()
"""


def write(kind: str, path: Path, ranks: int) -> None:
    if ranks > 1:
        run_ranks(ranks, WRITE, kind, str(path))
        return
    model = stand_in(kind)
    writer = FieldWriter(model, path)
    for step in range(2):
        fill(model, 1.0 + step)
        cells = np.full(model.domain.owned_cells, float(step))
        writer.write(10.0 * step, {"Heat source [W/m3]": cells})
    writer.close()


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
@pytest.mark.parametrize("kind", KINDS)
def test_jump_survives_and_pyvista_reads_it(tmp_path: Path, kind: str, ranks: int) -> None:
    pyvista = pytest.importorskip("pyvista")
    write(kind, tmp_path / "fields.pvd", ranks)

    reader = pyvista.get_reader(str(tmp_path / "fields.pvd"))
    assert list(reader.time_values) == [0.0, 10.0]
    reader.set_active_time_value(10.0)
    mesh = reader.read()[0]
    names = [str(n) for n in mesh.field_data["Region names"]]
    region = np.asarray(mesh.point_data["Region"])
    T = np.asarray(mesh.point_data[TEMPERATURE])
    rise = 2.0 * (np.asarray(mesh.points, dtype=float) @ GRADIENT)
    upper = region == names.index("upper") + 1
    lower = region == names.index("lower") + 1
    assert np.abs(T[upper] - START - rise[upper] - 10.0).max() < 1e-9
    assert np.abs(T[lower] - START - rise[lower]).max() < 1e-9

    # Both values stand at the interface itself.
    axis = {"line": 0, "pellet": 1, "pouch": 2}[kind]
    height = mesh.points[upper, axis].min()
    at = np.isclose(mesh.points[:, axis], height, rtol=0, atol=1e-9)
    above, below = T[at & upper], T[at & lower]
    assert len(above) == len(below) > 0
    assert np.abs(above.mean() - below.mean() - 10.0) < 1e-9
    assert np.isnan(mesh.point_data["Electronic potential [V]"][lower]).all()
    assert np.isfinite(mesh.point_data["Ionic potential [V]"][lower | upper]).all()
    assert (np.asarray(mesh.cell_data["Heat source [W/m3]"]) == 1.0).all()
    assert set(mesh.cell_data["Region"]) == set(range(1, len(names) + 1))
    size = {"line": "Length", "pellet": "Area", "pouch": "Volume"}[kind]
    assert min(mesh.compute_cell_sizes().cell_data[size]) > 0


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
def test_own_reader_agrees_with_what_was_written(tmp_path: Path, ranks: int) -> None:
    write("pellet", tmp_path / "fields.pvd", ranks)
    file = FieldFile(tmp_path / "fields.pvd")
    assert file.times.tolist() == [0.0, 10.0]
    assert file.index(9.0) == 1
    now = file.snapshot(1)
    assert [r.name for r in now.grid.regions] == ["plunger-", "lower", "upper", "plunger+", "die"]
    assert now.grid.regions[-1].kind == "die"
    assert (now.grid.coordinates, now.grid.stacking_axis) == ("axisymmetric", 1)
    assert now.grid.shape == "quadrilateral"
    corners = now.grid.points[now.grid.cells]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 1]
    area = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()
    assert area == pytest.approx(5e-3 * 20.6e-3 + 5e-3 * 12e-3)
    lower = now.grid.node_region == 2
    rise = 2.0 * (now.grid.points[lower] @ GRADIENT)
    assert np.abs(now.nodes[RISE][lower] - rise).max() < 1e-12
    assert (now.cells["Heat source [W/m3]"] == 1.0).all()
    assert set(file.snapshot(0, only=[RISE]).nodes) == {RISE}


def test_an_interrupted_write_leaves_the_earlier_times(tmp_path: Path, monkeypatch) -> None:
    model = stand_in("line")
    fill(model)
    writer = FieldWriter(model, tmp_path / "fields.pvd")
    writer.write(0.0)
    monkeypatch.setattr("os.replace", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        writer.write(1.0)
    file = FieldFile(tmp_path / "fields.pvd")
    assert file.times.tolist() == [0.0]
    assert np.isfinite(file.snapshot().nodes[TEMPERATURE]).all()


def test_selection_pressure_map_and_legend(tmp_path: Path) -> None:
    from dolfinx import fem

    model = stand_in("pouch")
    fill(model)
    shape = fem.Function(fem.functionspace(model.domain.mesh, ("Lagrange", 1)))
    shape.interpolate(lambda x: 1.0 + x[0])
    model.pressure.shape = shape
    writer = FieldWriter(model, tmp_path / "fields.pvd", fields=["temperature", "stack_pressure"])
    writer.write(3)
    now = FieldFile(tmp_path / "fields.pvd").snapshot()
    assert set(now.nodes) == {TEMPERATURE, RISE, PRESSURE}
    assert np.abs(now.nodes[PRESSURE] - 20.0 * (1.0 + now.grid.points[:, 0])).max() < 1e-12
    legend = (tmp_path / "regions.csv").read_text().splitlines()
    assert legend[:2] == ["id,name,layer,kind", "1,Cu,Cu,layer"]


def test_writing_is_quick(tmp_path: Path) -> None:
    model = stand_in("pouch")
    writer = FieldWriter(model, tmp_path / "fields.pvd")
    writer.write(0.0)
    start = time.perf_counter()
    for step in range(5):
        writer.write(1.0 + step)
    assert time.perf_counter() - start < 1.0
