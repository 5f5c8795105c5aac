"""Volumes, areas, names and orientation of structured meshes against exact numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from math import isclose

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from joulestack.case import Case
from joulestack.errors import CaseError
from joulestack.mesh import LayerSpec, Line, Pellet, Pouch, RingSpec, TabSpec, build, estimate
from joulestack.mesh.grading import crowded, fit_stops, graded, through
from joulestack.mesh.pouch import repeated
from tests.case.samples import SAMPLES
from tests.mesh.measures import SPECS, TABS, UNIT_CELL, measures, sizes, total
from tests.mpi import run_ranks

W, L = 40e-3, 60e-3
CU, SE, CA, AL = 10e-6, 30e-6, 100e-6, 12e-6
CELL = CU + SE + CA + AL
# Between two collectors of the stack Cu | Al | Cu | Al.
PITCH = SE + CA
EXPECTED: dict[str, dict[str, float]] = {
    "line": {
        "region separator": 30e-6, "region cathode": 80e-6, "face bottom": 1.0, "face top": 1.0,
        "all cells": 110e-6,
    },
    "pellet": {
        "region lower plunger": 30e-6, "region separator": 5e-6, "region cathode": 1e-6,
        "region upper plunger": 25e-6, "region PEEK": 32e-6, "region steel": 84e-6,
        "face bottom": 5e-3, "face top": 5e-3,
        # Steel is higher than the stack (12.2 mm) by 0.9 mm at each end, PEEK lower by 2.1 mm:
        # outside of the steel, its ends and inner wall, ends of the PEEK, bare plungers.
        "face side": 14e-3 + 2 * 6e-3 + 2 * 3e-3 + 2 * 4e-3 + 2 * 2.1e-3,
        "all cells": 177e-6,
    },
    "pouch": {
        "region Cu": CU * W * L, "region separator": SE * W * L, "region cathode": CA * W * L,
        "region Al": AL * W * L, "region Cu tab": CU * 8e-3 * 10e-3,
        "region Al tab": AL * 7e-3 * 11e-3, "face bottom": W * L, "face top": W * L,
        "face left": CELL * L - CU * 10e-3, "face right": CELL * L, "face front": CELL * W,
        "face back": CELL * W - AL * 11e-3, "face tab_negative": CU * 10e-3,
        "face tab_positive": AL * 11e-3,
    },
    "stack": {
        **{f"region separator {i}": SE * W * L for i in (1, 2, 3)},
        **{f"region cathode {i}": CA * W * L for i in (1, 2, 3)},
        **{f"region Cu {i}": CU * W * L for i in (1, 2)},
        **{f"region Al {i}": AL * W * L for i in (1, 2)},
        **{f"region Cu tab {i}": CU * 8e-3 * 10e-3 for i in (1, 2)},
        **{f"region Al tab {i}": AL * 7e-3 * 11e-3 for i in (1, 2)},
        "region Cu busbar": (2 * CU + AL + 2 * PITCH) * 1e-3 * 10e-3,
        "region Al busbar": (2 * AL + CU + 2 * PITCH) * 2e-3 * 11e-3,
        "face tab_negative": (2 * CU + AL + 2 * PITCH) * 10e-3,
        "face tab_positive": (2 * AL + CU + 2 * PITCH) * 11e-3,
        "face bottom": W * L, "face top": W * L,
        "face left": (2 * CU + 2 * AL + 3 * PITCH) * L - 2 * CU * 10e-3,
        "face right": (2 * CU + 2 * AL + 3 * PITCH) * L,
        "face front": (2 * CU + 2 * AL + 3 * PITCH) * W,
        "face back": (2 * CU + 2 * AL + 3 * PITCH) * W - 2 * AL * 11e-3,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SPECS)
def test_measures_are_exact(name: str) -> None:
    tagged = build(SPECS[name], MPI.COMM_SELF)
    found = measures(tagged)
    for key, value in EXPECTED[name].items():
        assert isclose(found[key], value, rel_tol=1e-11), (key, found[key], value)
    known = {k for k in found if not k.startswith("all ")}
    assert known <= set(EXPECTED[name])
    assert [r.id for r in tagged.regions] == list(range(1, len(tagged.regions) + 1))


@pytest.mark.parametrize("name", SPECS)
def test_estimate_counts_what_build_makes(name: str) -> None:
    found, size = sizes(build(SPECS[name], MPI.COMM_SELF)), estimate(SPECS[name])
    assert (size.cells, size.vertices, size.exact) == (found["cells"], found["vertices"], True)
    assert size.memory() > 0


def test_number_of_cells() -> None:
    assert estimate(SPECS["line"]).cells == 12
    stack = SPECS["pellet"]
    # 25 rows through the stack, but 10 instead of 7 in each plunger that the PEEK ends in. Pieces
    # of 2.1 and 3.9 mm, cells of 6/7: sqrt(2 2.1 3) 7/6 = 4.1, sqrt(2 3.9 3) 7/6 = 5.6; of 2.1 and
    # 2.9 mm, cells of 5/7: sqrt(2 2.1 2.5) 7/5 = 4.5, sqrt(2 2.9 2.5) 7/5 = 5.3.
    assert estimate(stack).cells == 31 * 9 + sum_of_ring_cells(stack)
    assert estimate(SPECS["pouch"]).cells == 11 * len_x() * len_y() + 2 * 3 * 2 + 2 * 3 * 2


def sum_of_ring_cells(spec: Pellet) -> int:
    grid = build(spec, MPI.COMM_SELF)
    die = [r.id for r in grid.regions if r.kind == "die"]
    return int(np.isin(grid.cell_tags.values, die).sum())


def len_x() -> int:
    # 14.5, 11 and 14.5 mm in cells of 5 mm: 3 each; where cells shrink towards both ends, within a
    # fifth of 60 mm, sqrt(2 14.5 12)/5 = 3.7 and sqrt(2 11 12)/5 = 3.2.
    return 4 + 3 + 3


def len_y() -> int:
    # 5, 10 and 45 mm: sqrt(5 12)/5 = 1.5, sqrt(2 10 12)/5 = 3.1, 9.
    return 2 + 3 + 9


def test_size_of_an_absurd_grid_is_a_bound() -> None:
    size = estimate(Pouch(UNIT_CELL, 1.0, 1.0, in_plane_size=1e-5))
    assert not size.exact
    assert size.cells > 1e11


def test_layers_stand_in_order_from_the_bottom() -> None:
    for spec, middles in (
        (SPECS["pellet"], {"separator": 6.5e-3, "cathode": 7.1e-3, "upper plunger": 9.7e-3}),
        (SPECS["pouch"], {"Cu": 5e-6, "separator": 25e-6, "cathode": 90e-6, "Al": 146e-6}),
    ):
        tagged = build(spec, MPI.COMM_SELF)
        x = ufl.SpatialCoordinate(tagged.mesh)[tagged.stacking_axis]
        dx = ufl.Measure("dx", domain=tagged.mesh, subdomain_data=tagged.cell_tags)
        for region in tagged.regions:
            if region.name in middles:
                middle = total(tagged, x * dx(region.id)) / total(tagged, 1.0 * dx(region.id))
                assert isclose(middle, middles[region.name], rel_tol=1e-9)


@pytest.mark.parametrize("name", SPECS)
def test_faces_look_outwards_in_their_direction(name: str) -> None:
    tagged = build(SPECS[name], MPI.COMM_SELF)
    axis = tagged.stacking_axis
    directions = {"bottom": (axis, -1), "top": (axis, 1)}
    if tagged.coordinates == "cartesian":
        directions |= {"left": (0, -1), "right": (0, 1), "front": (1, -1), "back": (1, 1)}
        directions |= {"tab_negative": (0, -1), "tab_positive": (1, 1)}
    normal = ufl.FacetNormal(tagged.mesh)
    ds = ufl.Measure("ds", domain=tagged.mesh, subdomain_data=tagged.facet_tags)
    areas = measures(tagged)
    for face, (coordinate, sign) in directions.items():
        flux = total(tagged, sign * normal[coordinate] * ds(tagged.faces[face]))
        assert isclose(flux, areas[f"face {face}"], rel_tol=1e-9), face


def test_axis_of_a_pellet_has_no_face() -> None:
    tagged = build(SPECS["pellet"], MPI.COMM_SELF)
    found = measures(tagged)
    named = sum(v for k, v in found.items() if k.startswith("face "))
    assert isclose(found["all faces"] - named, 12.2e-3, rel_tol=1e-9)


def test_every_other_unit_cell_is_mirrored() -> None:
    assert repeated(4, 1) == [0, 1, 2, 3]
    assert repeated(4, 3) == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3]
    assert repeated(3, 4) == [0, 1, 2, 1, 0, 1, 2, 1, 0]


def test_two_cells_share_one_positive_collector_without_busbar() -> None:
    tagged = build(Pouch(UNIT_CELL, W, L, TABS, unit_cells=2, in_plane_size=10e-3), MPI.COMM_SELF)
    names = [r.name for r in tagged.regions]
    assert names == [
        "Cu 1", "Cu 2", "separator 1", "separator 2", "cathode 1", "cathode 2", "Al 1",
        "Cu tab 1", "Cu tab 2", "Cu busbar", "Al tab 1",
    ]  # fmt: skip
    assert [r.kind for r in tagged.regions[-4:]] == ["tab", "tab", "busbar", "tab"]
    assert {r.layer for r in tagged.regions[-4:-1]} == {"Cu"}
    found = measures(tagged)
    assert isclose(found["face tab_positive"], AL * 11e-3, rel_tol=1e-9)
    assert isclose(found["face tab_negative"], (2 * CU + AL + 2 * PITCH) * 10e-3, rel_tol=1e-9)


def test_tabs_share_an_edge_and_film_is_not_repeated() -> None:
    film = (LayerSpec("film below", 50e-6, 1),), (LayerSpec("film above", 60e-6, 1),)
    tabs = (TabSpec("right", "Al", 9e-3, 5e-3, 40e-3), TabSpec("right", "Cu", 9e-3, 6e-3, 2e-3))
    for cells in (1, 2):
        spec = Pouch(UNIT_CELL, W, L, tabs, cells, 10e-3, below=film[0], above=film[1])
        tagged = build(spec, MPI.COMM_SELF)
        found = measures(tagged)
        assert isclose(found["region film below"], 50e-6 * W * L, rel_tol=1e-9)
        assert isclose(found["region film above"], 60e-6 * W * L, rel_tol=1e-9)
        assert isclose(found["face tab_positive"], AL * 9e-3, rel_tol=1e-9)
        assert tagged.regions[0].name == "film below"


def test_pellet_without_die_and_die_shorter_than_one_thick_layer() -> None:
    bare = build(Pellet((LayerSpec("pellet", 1e-3),), 5e-3), MPI.COMM_SELF)
    assert isclose(measures(bare)["face side"], 1e-3, rel_tol=1e-12)
    ring = RingSpec("ring", 1e-3, height=0.3e-3, centre=0.4e-3)
    for cells in (1, 2, 3, 8):
        spec = Pellet((LayerSpec("pellet", 1e-3, cells),), 5e-3, (ring,))
        found = measures(build(spec, MPI.COMM_SELF))
        assert isclose(found["region ring"], 0.3e-6, rel_tol=1e-9)
        assert isclose(found["face side"], 1e-3 + 2e-3, rel_tol=1e-9)


def test_graded_breakpoints() -> None:
    points = graded(1.0, 7, 5.0)
    steps = np.diff(points)
    assert points[0] == 0.0
    assert points[-1] == 1.0
    assert np.allclose(steps, steps[::-1])
    assert isclose(steps.max() / steps.min(), 5.0)
    assert np.diff(graded(1.0, 5, 4.0, "end"))[0] > np.diff(graded(1.0, 5, 4.0, "end"))[-1]
    assert np.allclose(graded(2.0, 4, 1.0), [0, 0.5, 1, 1.5, 2])
    assert graded(1.0, 1, 9.0).tolist() == [0.0, 1.0]


def test_stops_become_breakpoints() -> None:
    points = graded(1.0, 6, 3.0)
    fitted = fit_stops(points, [0.31, 0.33, 0.9, 0.0, 1.0, 5.0])
    assert len(fitted) == 7
    assert {0.31, 0.33, 0.9} <= set(fitted.tolist())
    assert (np.diff(fitted) > 0).all()
    assert fit_stops(np.array([0.0, 1.0]), [0.2, 0.7]).tolist() == [0.0, 0.2, 0.7, 1.0]
    assert np.allclose(through([0.0, 1.0, 0.25, 0.25 + 1e-13], 0.25), [0, 0.25, 0.5, 0.75, 1])


def test_cells_crowd_towards_singular_places() -> None:
    """Squares from each end; as fine on both sides of a place; half the size, twice as many."""
    assert np.allclose(crowded(8.0, 4), [0, 1, 4, 7, 8])
    assert np.allclose(crowded(9.0, 3, end=False), [0, 1, 4, 9])
    assert np.allclose(crowded(9.0, 3, start=False), [0, 5, 8, 9])
    assert crowded(1.0, 1).tolist() == [0.0, 1.0]
    stops, places, size = [0.0, 8.0, 23.0, 60.0], [8.0, 23.0], 1.0
    axis = through(stops, size, places, reach=20.0)
    assert set(stops) <= set(axis.tolist())
    steps = np.diff(axis)
    assert (steps > 0).all()
    assert steps.max() < 2 * size
    for place in places:
        at = axis.tolist().index(place)
        assert steps[at - 1] == pytest.approx(steps[at], rel=1.0)
        assert steps[at] < size**2 / 10.0
    finer = through(stops, 0.5 * size, places, reach=20.0)
    assert len(finer) - 1 == pytest.approx(2 * (len(axis) - 1), abs=2)


def test_a_pellet_is_graded_to_a_depth_as_a_line_is() -> None:
    """Cells of the electrode start at the size asked for, at both its faces; others stay."""
    layers, finest = (LayerSpec("separator", 30e-6, 5), LayerSpec("cathode", 80e-6)), 10e-9
    line = Line(layers).refined({"cathode": finest}).layout().grid.axes[0]
    z = Pellet(layers, 5e-3).refined({"cathode": finest}).layout().grid.axes[1]
    assert np.array_equal(z, line)
    steps = np.diff(z)
    assert max(steps[5], steps[-1]) <= finest * (1 + 1e-9)
    assert np.array_equal(z[:6], Line(layers).layout().grid.axes[0][:6])


def test_layers_crowd_towards_the_end_of_a_die() -> None:
    """Its end is a breakpoint, with the finest cells of the layer on both sides of it."""
    layer = LayerSpec("plunger", 10e-3, 8)
    points = layer.breakpoints([2.8e-3])
    steps, at = np.diff(points), int(np.argmin(np.abs(points - 2.8e-3)))
    assert points[at] == pytest.approx(2.8e-3, rel=1e-12)
    assert max(steps[at - 1], steps[at]) < 0.6 * np.median(steps)
    assert len(steps) <= 1.5 * layer.cells


SCRIPT = """
import json
from dataclasses import replace
from mpi4py import MPI
from joulestack.mesh import build
from tests.case.samples import SAMPLES
from tests.mesh.measures import SPECS, measures, sizes
meshes = {name: build(spec, MPI.COMM_WORLD) for name, spec in SPECS.items()}
found = {name: measures(mesh) | sizes(mesh) for name, mesh in meshes.items()}
if MPI.COMM_WORLD.rank == 0:
    print(json.dumps(found))
"""


@pytest.mark.mpi
@pytest.mark.parametrize("ranks", [2, 3])
def test_ranks_change_nothing(ranks: int) -> None:
    parallel = json.loads(run_ranks(ranks, SCRIPT))
    for name, spec in SPECS.items():
        tagged = build(spec, MPI.COMM_SELF)
        serial = measures(tagged) | sizes(tagged)
        assert parallel[name].keys() == serial.keys()
        for key, value in serial.items():
            assert isclose(parallel[name][key], value, rel_tol=1e-11), (name, key)


def test_line_of_one_layer_with_one_cell() -> None:
    found = measures(build(Line((LayerSpec("only", 1e-6, 1),)), MPI.COMM_SELF))
    assert isclose(found["all cells"], 1e-6)


def test_ends_of_rings_by_their_own_names() -> None:
    """They leave the side by what they have: thicknesses 4 mm (PEEK) and 6 mm (steel)."""
    whole = EXPECTED["pellet"]["face side"]
    spec = replace(SPECS["pellet"], own_ends=("steel_top", "PEEK_bottom"))
    tagged = build(spec, MPI.COMM_SELF)
    found = measures(tagged)
    assert found["face steel_top"] == pytest.approx(6e-3)
    assert found["face PEEK_bottom"] == pytest.approx(4e-3)
    assert found["face side"] == pytest.approx(whole - 10e-3)
    assert "face steel_bottom" not in found


@pytest.mark.parametrize("face", ["die_top", "die_bottom"])
def test_a_ring_end_named_in_a_case_is_a_face(face: str) -> None:
    table = SAMPLES["pellet"]()
    ring = table["cell"]["die"][0]["name"]
    face = face.replace("die", ring)
    plain = Case.from_dict(table)
    assert plain.mesh_spec.own_ends == ()
    table["thermal"]["faces"][face] = {"kind": "adiabatic"}
    assert Case.from_dict(table).mesh_spec.own_ends == (face,)
    table["thermal"]["faces"][f"lid{face}"] = {"kind": "adiabatic"}
    with pytest.raises(CaseError, match=f'did you mean "{face}"'):
        Case.from_dict(table)
