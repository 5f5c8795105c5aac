"""Fields on interfaces: written from one and two ranks, read back by others and by ourselves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import joulestack as js
from joulestack.outputs.fields import FieldWriter
from joulestack.outputs.plots import stack_pressure
from joulestack.outputs.reading import FieldFile
from joulestack.outputs.result import Result
from tests.mpi import run_ranks
from tests.outputs.stand_in import fill, stand_in

CASES = Path(__file__).parents[2] / "cases" / "fixtures"
KINDS = ("line", "pellet", "pouch")
PLACE, SECOND = "Place [m]", "Second [-]"


def middles(domain: Any, facets: Any) -> Any:
    """Middles of facets (cell, local facet, ...) by DOLFINx itself."""
    from dolfinx import mesh

    fdim = domain.tdim - 1
    table = domain.mesh.topology.connectivity(domain.tdim, fdim)
    own = table.array[table.offsets[facets[:, 0]] + facets[:, 1]]
    return mesh.compute_midpoints(domain.mesh, fdim, np.asarray(own, dtype=np.int32))


def write(kind: str, path: Path) -> None:
    """A place and a number at every facet; the number only on the second interface."""
    model = stand_in(kind)
    fill(model)
    interfaces = model.domain.interfaces
    writer = FieldWriter(model, path, interfaces=interfaces)
    for step in range(2):
        place = {n: middles(model.domain, i.facets) @ [1, 2, 3] for n, i in enumerate(interfaces)}
        last = len(interfaces) - 1
        second = {last: np.full(len(interfaces[last].facets), 7.0 + step)}
        warm = {n: 300.0 + values for n, values in place.items()}
        writer.write(10.0 * step, None, {PLACE: place, SECOND: second, "Temperature [K]": warm})
    writer.close()


@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
@pytest.mark.parametrize("kind", KINDS)
def test_facets_stand_where_they_are(tmp_path: Path, kind: str, ranks: int) -> None:
    pyvista = pytest.importorskip("pyvista")
    if ranks == 1:
        write(kind, tmp_path / "fields.pvd")
    else:
        run_ranks(ranks, Path(__file__), kind, str(tmp_path / "fields.pvd"))
    interfaces = stand_in(kind).domain.interfaces
    count = sum(len(i.facets) for i in interfaces)

    reader = pyvista.get_reader(str(tmp_path / "fields.pvd"))
    assert list(reader.time_values) == [0.0, 10.0]
    reader.set_active_time_value(10.0)
    cell, between = reader.read()
    assert "Region" in cell.cell_data
    assert between.n_cells == count
    assert [str(n) for n in between.field_data["Interface names"]] == [i.name for i in interfaces]
    place = np.asarray(between.cell_centers().points, dtype=float) @ [1, 2, 3]
    assert np.abs(between.cell_data[PLACE] - place).max() < 1e-8
    number = np.asarray(between.cell_data["Interface"])
    assert (np.isfinite(between.cell_data[SECOND]) == (number == len(interfaces))).all()
    sizes = {"line": "VertexCount", "pellet": "Length", "pouch": "Area"}
    measured = between.compute_cell_sizes(vertex_count=True).cell_data[sizes[kind]]
    assert min(measured) > 0
    low, high = between.cell_data[PLACE].min(), between.cell_data[PLACE].max()
    warm = between.point_data["Temperature [K]"] - 300
    assert low - 1e-9 <= warm.min() <= warm.max() <= high + 1e-9

    own = FieldFile(tmp_path / "fields.pvd").snapshot(1, interfaces=True)
    assert len(own.grid.cells) == count
    assert own.grid.tag == "Interface"
    corners = own.grid.points[own.grid.cells].mean(axis=1) @ [1, 2, 3]
    assert np.abs(own.cells[PLACE] - corners).max() < 1e-12
    assert len(np.unique(np.column_stack([own.grid.points, own.grid.node_region]), axis=0)) == len(
        own.grid.points
    )


RUN = """
import sys
import joulestack as js
from tests.outputs.test_interfaces import clamped
js.run(clamped(), output=sys.argv[1], progress=False)
"""


def clamped(**changes: Any) -> js.Case:
    """A flat cell pressed more at one edge, for a few minutes."""
    short = {
        "load.protocol": ["Charge at C/2 for 4 min"],
        "mesh": {"in_plane": "5 mm", "cells_per_layer": 2},
        "outputs": {"every": "4 min", "pictures": False},
    }
    return js.Case.load(CASES / "uneven_clamping.toml", short | changes)


def facets(result: Result) -> tuple[Any, dict[str, Any]]:
    """Middles of the facets in order, and what is known there at the end."""
    now = result._fields.snapshot(interfaces=True)
    at = now.grid.points[now.grid.cells].mean(axis=1)
    order = np.lexsort(np.rint(at * 1e9).T)
    return at[order], {label: values[order] for label, values in now.cells.items()}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return js.run(clamped(), output=tmp_path_factory.mktemp("one") / "run", progress=False)


def test_means_over_facets_are_those_of_the_time_series(one: Result) -> None:
    """Facets of one size: their plain mean is the mean over the interface."""
    _, values = facets(one)
    for label, column in {
        "Charge transfer resistance [ohm m2]": "charge transfer resistance [ohm m^2]",
        "Thermal contact resistance [m2 K/W]": "thermal resistance [m^2 K/W]",
        "Temperature jump [K]": "temperature jump [K]",
    }.items():
        found = one[f"lithium | separator {column}"].entries[-1]
        assert values[label].mean() == pytest.approx(found, rel=1e-9), label
    current = one["lithium | separator charge transfer metal current [A]"].entries[-1]
    density = values["Current density charge transfer metal [A/m2]"]
    assert density.mean() * 2e-4 == pytest.approx(current, rel=1e-9)
    heat = one["lithium | separator charge transfer metal heat [W]"].entries[-1]
    assert values["Contact heat [W/m2]"].mean() * 2e-4 == pytest.approx(heat, rel=1e-9)


def test_contacts_are_better_where_it_is_pressed(one: Result) -> None:
    at, values = facets(one)
    pressure, R = values["Stack pressure [MPa]"], values["Charge transfer resistance [ohm m2]"]
    assert np.corrcoef(at[:, 0], pressure)[0, 1] > 0.99
    assert R[np.argmax(pressure)] < 0.5 * R[np.argmin(pressure)]
    mesh = one.interfaces()
    assert set(np.unique(mesh.cell_data["Interface"])) == {1}
    assert np.nanmin(mesh.point_data["Temperature [K]"]) > 298
    layers = ("lithium", "separator", "cathode", "positive collector")
    sizes = dict(zip(layers, (40, 50, 70, 15), strict=True))
    for layer, size in sizes.items():
        change = one[f"{layer} thickness change [um]"].entries
        assert one[f"{layer} thickness [um]"].entries == pytest.approx(size + change)


@pytest.mark.mpi
def test_two_ranks_write_the_same(one: Result, tmp_path: Path) -> None:
    run_ranks(2, RUN, str(tmp_path / "two"))
    (here, a), (there, b) = facets(one), facets(Result(tmp_path / "two"))
    assert here == pytest.approx(there, abs=1e-12)
    assert a.keys() == b.keys()
    for label in a:
        assert b[label] == pytest.approx(a[label], rel=1e-5, abs=1e-9), label


def test_voids_are_seen_where_they_open(tmp_path: Path) -> None:
    """The best contact takes most of the current, and so its area is lost first.

    Before pressure has closed any: with the library's small capacity it would have by then.
    """
    slow = {"capacity": "1 mAh/cm^2"}
    case = clamped(interfaces=[{"between": ["lithium", "separator"], "voids": slow}]).replace(
        {"load.protocol": ["Discharge at 1C for 10 min"], "materials.cathode.state_of_charge": 0.9}
    )
    result = js.run(case, output=tmp_path / "voids", progress=False)
    _, values = facets(result)
    area, pressure = values["Contact area [-]"], values["Stack pressure [MPa]"]
    assert area.mean() == pytest.approx(result["lithium | separator contact area [-]"].entries[-1])
    assert np.corrcoef(pressure, area)[0, 1] < -0.9
    assert area.min() < 0.99
    assert (values["Contact resistance [ohm m2]"] > 0).all()
    labels = {a.get_ylabel() for a in stack_pressure.draw(result._table).axes}
    assert "contact area\n(share)" in labels


def test_only_where_something_presses_or_on_demand(tmp_path: Path) -> None:
    plain = js.Case.load(CASES / "constant_pressure.toml", {
        "cell.fixture": None, "load.protocol": ["Rest for 1 min"],
        "mesh": {"cells_per_layer": 2}, "outputs": {"every": "1 min", "pictures": False},
    })  # fmt: skip
    result = js.run(plain, output=tmp_path / "plain", progress=False)
    with pytest.raises(KeyError, match="interfaces"):
        result.interfaces()
    asked = plain.replace({"outputs.fields": ["temperature", "interfaces"]})
    found = js.run(asked, output=tmp_path / "asked", progress=False).interfaces()
    assert "Thermal contact resistance [m2 K/W]" in found.cell_data
    names = [str(n) for n in found.field_data["Interface names"]]
    assert "lithium | separator" in names


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]))
