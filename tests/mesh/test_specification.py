"""A specification that cannot be meshed is refused with a message for each of its problems."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from math import nan

import pytest
from mpi4py import MPI

from joulestack.errors import MeshError
from joulestack.mesh import Geometry, LayerSpec, Line, Pellet, Pouch, RingSpec, TabSpec, build
from joulestack.mesh import estimate as size_of
from tests.mesh.measures import SPECS, TABS, UNIT_CELL
from tests.mpi import run_ranks

LAYER = LayerSpec("separator", 1e-3)
PELLET = Pellet((LAYER,), 5e-3)
POUCH: Pouch = SPECS["pouch"]


def tabs(*changes: dict[str, object]) -> tuple[TabSpec, ...]:
    return tuple(replace(TABS[0], **change) for change in changes)  # type: ignore[arg-type]


REFUSED: list[tuple[Geometry, str]] = [
    (Line(()), "layers: there is no layer"),
    (Line((replace(LAYER, thickness=0.0),)), "layer 'separator': thickness is 0"),
    (Line((replace(LAYER, thickness=nan),)), "layer 'separator': thickness is nan"),
    (Line((replace(LAYER, cells=0),)), "layer 'separator': 0 cells"),
    (Line((replace(LAYER, grading=0.5),)), "layer 'separator': grading 0.5"),
    (Line((replace(LAYER, name=" "),)), "the name is empty"),
    (Line((LAYER, LAYER)), "layer 'separator': 2 layers have this name"),
    (replace(PELLET, radius=-1.0), "pellet: radius is -1"),
    (replace(PELLET, radial_cells=0), "pellet, radial cells: 0 cells"),
    (replace(PELLET, radial_exponent=0.0), "pellet: radial exponent 0"),
    (replace(PELLET, rings=(RingSpec("die", 0.0),)), "ring 'die': thickness is 0"),
    (replace(PELLET, rings=(RingSpec("die", 1e-3, height=0.0),)), "ring 'die': height is 0"),
    (replace(PELLET, rings=(RingSpec("separator", 1e-3),)), "2 layers have this name"),
    (
        replace(PELLET, rings=(RingSpec("die", 1e-3, 1e-3, centre=4e-3),)),
        "ring 'die': it stands at z = 0.0035 to 0.0045 m beside what it should surround",
    ),
    (replace(POUCH, width=0.0), "pouch: width is 0"),
    (replace(POUCH, length=0.0), "pouch: length is 0"),
    (replace(POUCH, in_plane_size=0.0), "pouch: in-plane size is 0"),
    (replace(POUCH, unit_cells=0), "pouch: 0 unit cells"),
    (Pouch((LAYER,), 1.0, 1.0, unit_cells=2), "share their outermost layers"),
    (replace(POUCH, above=(UNIT_CELL[0],)), "layer 'Cu': 2 layers have this name"),
    (replace(POUCH, tabs=tabs({"layer": "Ni"})), "tab 1 (Ni on left): no layer 'Ni'"),
    (replace(POUCH, tabs=tabs({"edge": "top"})), "no edge 'top'"),
    (replace(POUCH, tabs=tabs({"width": 0.0})), "tab 1 (Cu on left): width is 0"),
    (replace(POUCH, tabs=tabs({"length": 0.0})), "tab 1 (Cu on left): length is 0"),
    (replace(POUCH, tabs=tabs({"busbar": 0.0})), "tab 1 (Cu on left): busbar is 0"),
    (
        replace(POUCH, tabs=tabs({"offset": 55e-3})),
        "tab 1 (Cu on left): it spans 0.055 to 0.065 m of an edge 0.06 m long",
    ),
    (
        replace(POUCH, tabs=tabs({}, {"layer": "Al"}, {"layer": "cathode"})),
        "tabs: they continue 3 layers: Al, Cu, cathode",
    ),
    (
        replace(POUCH, unit_cells=2, tabs=tabs({}, {"layer": "Al", "offset": 12e-3})),
        "tabs 1 and 2: both cover 0.012 to 0.015 m of the left edge",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "message"), REFUSED, ids=[m for _, m in REFUSED])
def test_refused(spec: Geometry, message: str) -> None:
    for attempt in (size_of, lambda s: build(s, MPI.COMM_SELF)):
        with pytest.raises(MeshError) as caught:
            attempt(spec)
        assert message in str(caught.value)
        assert all(p.remedy for p in caught.value.problems)


def test_all_problems_at_once() -> None:
    spec = replace(POUCH, width=-1.0, unit_cells=0, layers=(replace(LAYER, cells=0), LAYER))
    with pytest.raises(MeshError) as caught:
        size_of(spec)
    assert len(caught.value.problems) >= 5


def test_sizes_are_known_without_dolfinx() -> None:
    code = (
        "import sys; from joulestack.mesh import estimate, Line, LayerSpec;"
        "assert estimate(Line((LayerSpec('a', 1.0, 3),))).cells == 3;"
        "assert not {'dolfinx', 'mpi4py', 'petsc4py', 'gmsh', 'meshio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


SCRIPT = """
from mpi4py import MPI
from joulestack.errors import MeshError
from joulestack.mesh import LayerSpec, Line, build
from tests.mesh.measures import measures
tagged = build(Line((LayerSpec("a", 1.0, 3),)), MPI.COMM_WORLD)
assert abs(measures(tagged)["all cells"] - 1.0) < 1e-12
few = Line((LayerSpec("a", 1.0, 2),))
for spec, words in ((Line(()), "there is no layer"), (few, "2 cells cannot be shared by 3 ranks")):
    try:
        build(spec, MPI.COMM_WORLD)
    except MeshError as error:
        assert words in str(error) and len(error.problems) == 1
        print("refused", flush=True)
"""


@pytest.mark.mpi
def test_one_cell_a_rank_and_refusal_on_every_rank() -> None:
    assert run_ranks(3, SCRIPT).count("refused") == 6
