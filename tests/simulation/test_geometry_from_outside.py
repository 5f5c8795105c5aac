"""A geometry that the package has never heard of, from its case file to ParaView, closed forms.

`tube.py` is the geometry. Heat and current through the walls of a cylinder follow logarithms of the
radii (Carslaw and Jaeger, Conduction of Heat in Solids, 2nd edition, section 7.2), through those of
a sphere their reciprocals (section 9.2).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

import joulestack as js
from joulestack.case import Case
from joulestack.errors import CaseError, MeshError
from joulestack.estimates.evaluate import evaluate
from joulestack.estimates.report import print_report
from joulestack.mesh import CoordinateSystem, LayerSpec, TaggedMesh, build, coordinates
from joulestack.simulation.setup import FaceCondition, Setup
from tests.media import filler
from tests.simulation.tube import Tube
from tests.verification.harness import Run

INNER, MIDDLE, OUTER, LENGTH = 5e-3, 9e-3, 15e-3, 80e-3
SOURCE, K_INNER, K_OUTER, CONTACT, H = 2e6, 2.0, 0.5, 1e-3, 30.0
START = 298.15


def wall(**changes: Any) -> dict[str, Any]:
    """Two walls with a contact between them, heated in the inner one."""
    return {
        "joulestack": 1,
        "cell": {
            "geometry": "tube",
            "inner_diameter": "10 mm",
            "length": "80 mm",
            "layers": [
                {
                    "name": "inner",
                    "material": "inner wall",
                    "thickness": "4 mm",
                    "heat_source": f"{SOURCE} W/m^3",
                },
                {"name": "outer", "material": "outer wall", "thickness": "6 mm"},
            ],
        },
        "materials": {
            name: {"material": material, "overrides": {"thermal_conductivity": f"{k} W/(m K)"}}
            for name, material, k in (
                ("inner wall", "copper", K_INNER),
                ("outer wall", "aluminium", K_OUTER),
            )
        },
        "interfaces": [
            {
                "between": ["inner", "outer"],
                "thermal": {"law": "constant", "resistance": f"{CONTACT} m^2 K/W"},
            }
        ],
        "thermal": {
            "faces": {
                "outside": {
                    "kind": "convection",
                    "coefficient": f"{H} W/(m^2 K)",
                    "ambient": "25 degC",
                }
            }
        },
        "time": {"steady": True},
        "probes": [
            {"name": "half", "layer": "outer", "position": 0.5},
            {"name": "edge", "point": ["5 mm"]},
        ],
        "mesh": {"cells_per_layer": 24},
        **changes,
    }


def last(result: Any) -> dict[str, float]:
    """The last line of the time series."""
    return {name: float(result[name].entries[-1]) for name in result.names}


POWER = SOURCE * math.pi * (MIDDLE**2 - INNER**2)
"""Heat per length [W/m]."""


def rise(r: Any) -> Any:
    """Steady temperature above the ambient [K]: no heat enters at the inside."""
    skin = POWER / (2 * math.pi * OUTER * H)
    there = np.maximum(r, MIDDLE)
    outside = skin + POWER / (2 * math.pi * K_OUTER) * np.log(OUTER / there)
    here = np.minimum(r, MIDDLE)
    inside = (
        SOURCE / (4 * K_INNER) * (MIDDLE**2 - here**2)
        - SOURCE * INNER**2 / (2 * K_INNER) * np.log(MIDDLE / here)
        + POWER * CONTACT / (2 * math.pi * MIDDLE)
    )
    return outside + np.where(r < MIDDLE, inside, 0.0)


def test_heat_through_the_wall(tmp_path: Path) -> None:
    result = js.run(Case.from_dict(wall()), tmp_path / "out", progress=False)
    row = last(result)
    assert row["Heat generated [W]"] == pytest.approx(POWER * LENGTH, rel=1e-12)
    assert row["Heat removed outside [W]"] == pytest.approx(POWER * LENGTH, rel=1e-9)
    assert row["half temperature [K]"] - START == pytest.approx(rise(12e-3), rel=3e-4)
    assert row["edge temperature [K]"] - START == pytest.approx(rise(INNER), rel=3e-4)
    jump = POWER * CONTACT / (2 * math.pi * MIDDLE)
    assert row["inner | outer temperature jump [K]"] == pytest.approx(jump, rel=1e-9)

    snapshot = result.snapshot()
    grid = snapshot.grid
    assert grid.coordinates == "cylindrical"
    assert grid.system.axes == ("r",)
    r = grid.points[:, 0]
    assert (r.min(), r.max()) == (INNER, pytest.approx(OUTER))
    inner = grid.node_region == 1
    exact = rise(np.where(inner & (r > MIDDLE - 1e-9), MIDDLE * (1 - 1e-12), r))
    found = snapshot.nodes["Temperature [K]"] - START
    assert found == pytest.approx(exact, rel=3e-4)
    assert (tmp_path / "out" / "temperature.png").is_file()
    assert (tmp_path / "out" / "profile.png").is_file()


def test_it_warms_by_its_own_volume(tmp_path: Path) -> None:
    table = wall(thermal={"faces": {}}, time={"end": "20 s"}, mesh={"cells_per_layer": 6})
    case = Case.from_dict(table)
    result = js.run(case, tmp_path / "out", progress=False)
    volumes = [math.pi * (b**2 - a**2) for a, b in ((INNER, MIDDLE), (MIDDLE, OUTER))]
    capacity = [la.heat_capacity for la in evaluate(case).layers]
    row = last(result)
    means = [row[f"{name} temperature mean [K]"] for name in ("inner", "outer")]
    stored = sum(c * v * (T - START) for c, v, T in zip(capacity, volumes, means, strict=True))
    # Heat capacities of the library depend on T by less than this over such a rise.
    assert stored == pytest.approx(POWER * 20.0, rel=2e-2)
    assert result.summary["energy_balance_relative"] < 1e-4


RADII = 2e-3, 3e-3, 5e-3
CURRENT, LONG, SIGMA, EXCHANGE, TRANSFER = 10e-3, 50e-3, 0.2, 10.0, 20e-4


def symmetric(cells: int) -> dict[str, Any]:
    """Lithium | electrolyte | lithium around each other, with kinetics at the inner interface."""
    return {
        "joulestack": 1,
        "cell": {
            "geometry": "tube",
            "inner_diameter": "4 mm",
            "length": "50 mm",
            "stack_pressure": "10 MPa",
            "layers": [
                {"name": "inner", "material": "lithium", "thickness": "1 mm"},
                {"name": "separator", "material": "electrolyte", "thickness": "2 mm"},
                {"name": "outer", "material": "lithium", "thickness": "1 mm"},
            ],
        },
        "materials": {
            "electrolyte": {
                "material": "Li6PS5Cl",
                "moulding_pressure": "370 MPa",
                "overrides": {"ionic_conductivity": f"{SIGMA} S/m"},
            }
        },
        "interfaces": [
            {
                "between": ["inner", "separator"],
                "kinetics": {"exchange_current_density": f"{EXCHANGE} A/m^2"},
            },
            {
                "between": ["separator", "outer"],
                "charge_transfer": {"law": "constant", "resistance": f"{TRANSFER} ohm m^2"},
            },
        ],
        "load": {"current": f"{CURRENT} A"},
        "thermal": {"faces": {"outside": {"kind": "fixed temperature", "temperature": "25 degC"}}},
        "time": {"steady": True},
        "mesh": {"cells_per_layer": cells, "grading": 1.0},
        "outputs": {"pictures": False},
    }


def losses() -> dict[str, float]:
    """Voltage lost in the electrolyte and at both metals together [V]."""
    _, inner, outer = RADII
    density = CURRENT / (2 * math.pi * inner * LONG)
    thermal = 8.31446261815324 * START / 96485.33212331001
    return {
        "Loss ionic separator [V]": CURRENT
        * math.log(outer / inner)
        / (2 * math.pi * SIGMA * LONG),
        "Loss metal interface [V]": 2 * thermal * math.asinh(density / (2 * EXCHANGE))
        + CURRENT * TRANSFER / (2 * math.pi * outer * LONG),
    }


def test_current_through_the_wall(tmp_path: Path) -> None:
    errors = []
    for cells in (6, 12):
        case = Case.from_dict(symmetric(cells))
        result = js.run(case, tmp_path / str(cells), progress=False)
        row = last(result)
        exact = losses()
        metal = "Loss metal interface [V]"
        # The density of the whole circumference: exact but for 4 mK of self-heating.
        assert row[metal] == pytest.approx(exact[metal], rel=1e-4)
        assert row["Heat generated [W]"] == pytest.approx(-CURRENT * row["Voltage [V]"], rel=1e-9)
        assert abs(row["Charge imbalance [A]"]) < 1e-12
        ionic = "Loss ionic separator [V]"
        errors.append(abs(row[ionic] - exact[ionic]))
    assert errors[1] < 1e-3 * exact[ionic]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.1)


def test_check_knows_what_it_holds() -> None:
    case = Case.from_dict(wall())
    figures = evaluate(case)
    volume = math.pi * (OUTER**2 - INNER**2) * LENGTH
    assert figures.volume == pytest.approx(volume, rel=1e-12)
    assert figures.area == pytest.approx(2 * math.pi * INNER * LENGTH, rel=1e-12)
    assert figures.cells == 48
    assert math.isnan(figures.steady_rise)  # no layer is flat, and none is taken to be
    assert figures.warnings[0].startswith("layers of a tube are not flat")
    print_report(case, figures)
    known = "inner | separator: a stack pressure"  # of lithium creep, whatever the shape
    table = symmetric(4)
    table["load"] = {"current": "12 mA"}
    # 1.9 mA/cm2 over the inside of the tube, 1.27 mA/cm2 where lithium meets the electrolyte.
    warnings = evaluate(Case.from_dict(table)).warnings
    assert any(w.startswith(known) for w in warnings)
    assert any(w.startswith("inner | separator: 1.27 mA/cm^2 of stripping") for w in warnings)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"cell.inner_diameter": None},
            'is missing for geometry = "tube"\n    -> give the inner diameter of the tube',
        ),
        ({"cell.inner_diameter": "5 kg"}, "cell.inner_diameter"),
        ({"cell.diameter": "5 mm"}, 'has no effect for geometry = "tube"'),
        ({"cell.geometry": "tub"}, 'did you mean "tube"?; one of: line, pellet, pouch, mesh, tube'),
        ({"cell.geometry": "line"}, "cell.inner_diameter: unknown key"),
        ({"mesh.in_plane": "1 mm"}, 'has no effect for geometry = "tube"'),
        ({"thermal.faces.bottom": {"kind": "adiabatic"}}, 'a tube has no face "bottom"'),
        ({"probes.edge.point": ["4 mm"]}, "stay within 5 and 15 mm"),
        ({"probes.half.at": ["4 mm"]}, "a tube has no in-plane position"),
        (
            {"cell.fixture": {"kind": "constant pressure"}},
            "presses on flat layers, and those of a tube are not",
        ),
        (
            {"cell.stack_pressure": {"r": [0, 1], "pressure": ["1 MPa", "2 MPa"]}},
            "a map over the face has no effect for a tube",
        ),
    ],
)
def test_wrong_cases_are_told(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(CaseError) as told:
        Case.from_dict(wall()).replace(changes)
    text = re.sub(r" *\n +", "\n    ", str(told.value))
    assert words in text


def test_its_keys_shape_the_results_and_are_read_again() -> None:
    case = Case.from_dict(wall())
    other = case.replace({"cell.inner_diameter": "9.5 mm"})
    assert case.digest() != other.digest()
    again = Case.from_dict(case.resolved())
    assert again.geometry == case.geometry
    assert isinstance(case.geometry, Tube)
    assert case.geometry.inner_radius == INNER


SPHERICAL = coordinates.register(
    CoordinateSystem(
        "spherical", ("r",), (1,), lambda x: 4 * math.pi * x[0] ** 2, degree=1, radial=True
    )
)


@dataclass(frozen=True)
class Shells(Tube):
    """Layers around a centre, for a script that needs no case file."""

    coordinates = SPHERICAL.name

    @property
    def face_area(self) -> float:
        """Of the inside."""
        return 4 * math.pi * self.inner_radius**2


def test_a_sphere_in_a_script() -> None:
    a, b, c = 10e-3, 12e-3, 20e-3
    spec = Shells((LayerSpec("core", b - a, 24), LayerSpec("shell", c - b, 24)), a)
    k = {"core": 3.0, "shell": 0.2}
    setup = Setup(
        build(spec, MPI.COMM_SELF),
        {name: filler(k=value) for name, value in k.items()},
        START,
        faces={
            "inside": [FaceCondition(inflow=500.0)],
            "outside": [FaceCondition(temperature=START)],
        },
    )
    run = Run(setup)
    row = run.steady()
    power = 500.0 * spec.face_area
    hot = power / (4 * math.pi) * ((1 / a - 1 / b) / k["core"] + (1 / b - 1 / c) / k["shell"])
    assert row["Temperature max [K]"] - START == pytest.approx(hot, rel=5e-4)
    assert row["Heat removed outside [W]"] == pytest.approx(power, rel=1e-9)


def test_coordinates_that_nobody_knows() -> None:
    tagged: TaggedMesh = build(Tube((LayerSpec("a", 1e-3, 2),), 1e-3), MPI.COMM_SELF)
    with pytest.raises(MeshError, match="there are none called") as told:
        _ = replace(tagged, coordinates="cylindric").system
    assert 'did you mean "cylindrical"?' in str(told.value)
    with pytest.raises(MeshError, match="inner radius is 0"):
        build(Tube((LayerSpec("a", 1e-3, 2),), 0.0), MPI.COMM_SELF)
